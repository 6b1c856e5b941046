//! The lines of `check` blocks: a small closed grammar over the names of the estate.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::model::CheckLine;
use crate::diagnostic::did_you_mean;
use crate::ident::{BackupId, DatabaseId, RegionId};
use crate::reading::Health;
use crate::time::{human, parse_duration};

/// Reads a `check` block with `$NAME` replaced by its value; comments (`#`) and blank lines are left out.
/// A line that cannot be read, or needs a value that is missing, is a sentence saying so.
#[must_use]
pub fn check_lines(text: &str, values: &BTreeMap<String, String>) -> Vec<Result<CheckLine, String>> {
    significant(text).map(|(_, line)| substitute(line, values).and_then(|line| check_line(&line))).collect()
}

/// Lines that say something, with their offset.
pub(crate) fn significant(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split('\n').filter_map(move |line| {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len() + 1;
        let said = line.trim();
        (!said.is_empty() && !said.starts_with('#')).then_some((at, said))
    })
}

/// `$NAME` and `${NAME}` in text, as offset, length and name.
pub(crate) fn references(text: &str) -> Vec<(usize, usize, &str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('$') {
        let rest = &text[at + 1..];
        let (open, body) = rest.strip_prefix('{').map_or((0, rest), |body| (1, body));
        let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(body.len());
        let name = &body[..end];
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if starts_well && (open == 0 || body[end..].starts_with('}')) {
            found.push((at, 1 + open + end + open, name));
        }
    }
    found
}

/// Replaces every `$NAME` by its value.
///
/// # Errors
/// Names the first variable without a value.
pub fn substitute(text: &str, values: &BTreeMap<String, String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, len, name) in references(text) {
        let value = values.get(name).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| format!("${name} has no value yet"))?;
        out.push_str(&text[from..at]);
        out.push_str(value);
        from = at + len;
    }
    out.push_str(&text[from..]);
    Ok(out)
}

pub(super) fn at_region(text: &str) -> Result<(DatabaseId, RegionId), String> {
    match text.split_once('@') {
        Some((database, region)) if !database.is_empty() && !region.is_empty() && !region.contains('@') => {
            Ok((DatabaseId::new(database), RegionId::new(region)))
        }
        _ => Err(format!("`{text}` must be DATABASE@REGION")),
    }
}

fn below(text: &str) -> Result<Duration, String> {
    parse_duration(text)
}

pub(crate) fn check_line(line: &str) -> Result<CheckLine, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["lag", place, "<", span] => {
            let (database, region) = at_region(place)?;
            Ok(CheckLine::Lag { database, region, below: below(span)? })
        }
        ["loss", place, "<=", span] => {
            let (database, region) = at_region(place)?;
            Ok(CheckLine::Loss { database, region, at_most: below(span)? })
        }
        ["fenced", place] => {
            let (database, region) = at_region(place)?;
            Ok(CheckLine::Fenced { database, region })
        }
        ["backup", name, "<", span] => Ok(CheckLine::Backup { name: BackupId::new(*name), below: below(span)? }),
        ["serving", name, region] => {
            Ok(CheckLine::Serving { name: (*name).to_owned(), region: RegionId::new(*region) })
        }
        ["lag", ..] => Err("write `lag DATABASE@REGION < 30s`".to_owned()),
        ["loss", ..] => Err("write `loss DATABASE@REGION <= 5m`".to_owned()),
        ["fenced", ..] => Err("write `fenced DATABASE@REGION`".to_owned()),
        ["backup", ..] => Err("write `backup NAME < 1h`".to_owned()),
        ["serving", ..] => Err("write `serving NAME REGION`".to_owned()),
        [name, word] => Ok(CheckLine::Is { name: (*name).to_owned(), health: health(word)?, held: None }),
        [name, word, "for", span] => {
            Ok(CheckLine::Is { name: (*name).to_owned(), health: health(word)?, held: Some(below(span)?) })
        }
        [first, ..] => {
            let help = did_you_mean(first, ["lag", "loss", "fenced", "backup", "serving"]).unwrap_or_else(|| {
                "a line is `NAME ok|down|degraded [for 2m]`, `lag`, `loss`, `fenced`, `backup` or `serving`".to_owned()
            });
            Err(format!("`{line}` is not a check; {help}"))
        }
        [] => Err("an empty line".to_owned()),
    }
}

fn health(word: &str) -> Result<Health, String> {
    match word {
        "ok" => Ok(Health::Ok),
        "down" => Ok(Health::Down),
        "degraded" => Ok(Health::Degraded),
        "unknown" | "stale" => Err(format!("nothing can be required to be {word}: write ok, degraded or down")),
        _ => Err(match did_you_mean(word, ["ok", "down", "degraded"]) {
            Some(help) => format!("`{word}` is not a state; {help}"),
            None => format!("`{word}` is not a state: write ok, degraded or down"),
        }),
    }
}

impl fmt::Display for CheckLine {
    /// As it is written in a block: also the stable name of the guard.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is { name, health, held: None } => write!(f, "{name} {}", health.word()),
            Self::Is { name, health, held: Some(held) } => write!(f, "{name} {} for {}", health.word(), human(*held)),
            Self::Lag { database, region, below } => write!(f, "lag {database}@{region} < {}", human(*below)),
            Self::Loss { database, region, at_most } => write!(f, "loss {database}@{region} <= {}", human(*at_most)),
            Self::Fenced { database, region } => write!(f, "fenced {database}@{region}"),
            Self::Backup { name, below } => write!(f, "backup {name} < {}", human(*below)),
            Self::Serving { name, region } => write!(f, "serving {name} {region}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> BTreeMap<String, String> {
        BTreeMap::from([("TO".to_owned(), "us-west-2".to_owned())])
    }

    #[test]
    fn every_form_of_a_check_is_read_and_shown_as_it_was_written() {
        let block = "
            # comments and blank lines say nothing
            api ok
            api@us-west-2 degraded for 2m
            lag orders-db@$TO < 30s
            loss orders-db@${TO} <= 5m
            fenced orders-db@us-east-1
            backup orders-db < 1h
            serving orders us-west-2
        ";
        let read: Vec<String> =
            check_lines(block, &values()).into_iter().map(|line| line.unwrap().to_string()).collect();
        assert_eq!(
            read,
            [
                "api ok",
                "api@us-west-2 degraded for 2m",
                "lag orders-db@us-west-2 < 30s",
                "loss orders-db@us-west-2 <= 5m",
                "fenced orders-db@us-east-1",
                "backup orders-db < 1h",
                "serving orders us-west-2",
            ]
        );
    }

    #[test]
    fn a_check_that_cannot_be_read_says_what_to_write() {
        for (line, help) in [
            ("lag orders-db < 30s", "must be DATABASE@REGION"),
            ("lag orders-db@x <= 30s", "write `lag DATABASE@REGION < 30s`"),
            ("loss orders-db@x < 30s", "write `loss"),
            ("lag orders-db@x < 30", "has no unit"),
            ("api okay", "not a state"),
            ("api unknown", "nothing can be required"),
            ("fence orders-db@x now please", "did you mean `fenced`?"),
            ("lag orders-db@$NEW < 1s", "$NEW has no value yet"),
        ] {
            let said = check_lines(line, &values()).remove(0).unwrap_err();
            assert!(said.contains(help), "{line}: {said}");
        }
    }
}
