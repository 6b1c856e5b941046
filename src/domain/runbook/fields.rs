//! Field lines: what people need to know about a step, as visible `Key: value; Key: value` text.

use std::time::Duration;

use super::model::{Condition, Expected};
use crate::time::parse_duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Owner,
    On,
    Duration,
    Confirm,
    Approval,
    Undo,
    Hold,
    When,
    After,
    PointOfNoReturn,
}

/// Every accepted spelling, lower case; the first of each key is the one to write.
const SPELLINGS: [(&str, Key); 22] = [
    ("owner", Key::Owner),
    ("assigned to", Key::Owner),
    ("role", Key::Owner),
    ("who", Key::Owner),
    ("responsible", Key::Owner),
    ("on", Key::On),
    ("target", Key::On),
    ("duration", Key::Duration),
    ("estimated time", Key::Duration),
    ("expected duration", Key::Duration),
    ("eta", Key::Duration),
    ("confirm", Key::Confirm),
    ("approval", Key::Approval),
    ("approved by", Key::Approval),
    ("sign-off", Key::Approval),
    ("undo", Key::Undo),
    ("hold", Key::Hold),
    ("monitor for", Key::Hold),
    ("when", Key::When),
    ("only if", Key::When),
    ("after", Key::After),
    ("point of no return", Key::PointOfNoReturn),
];

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Prose,
    Fields(Vec<(Key, String)>),
    /// Only some segments are fields: it stays prose. The segment that is none.
    Mixed(String),
    /// Every segment has the shape of a field, and this key is a slip. With the nearest key.
    Misspelt(String, String),
}

/// Reads one line of text.
pub(super) fn read(line: &str) -> Line {
    if !line.contains(':') {
        return Line::Prose;
    }
    let segments: Vec<&str> = line.split(';').map(str::trim).filter(|segment| !segment.is_empty()).collect();
    let pairs: Vec<Option<(String, String)>> = segments.iter().map(|segment| pair(segment)).collect();
    let known = |name: &str| {
        let name = name.to_lowercase();
        SPELLINGS.iter().find(|(spelling, _)| *spelling == name).map(|(_, key)| *key)
    };
    let keys: Vec<Option<Key>> = pairs.iter().map(|pair| pair.as_ref().and_then(|(name, _)| known(name))).collect();
    if segments.is_empty() {
        return Line::Prose;
    }
    if keys.iter().all(Option::is_some) {
        let fields = keys.into_iter().zip(pairs).filter_map(|(key, pair)| Some((key?, pair?.1)));
        return Line::Fields(fields.collect());
    }
    let first_unknown = keys.iter().position(Option::is_none).unwrap_or_default();
    if pairs.iter().all(Option::is_some)
        && let Some((name, _)) = &pairs[first_unknown]
        && let Some(spelling) = slip(name)
    {
        return Line::Misspelt(name.clone(), format!("did you mean `{spelling}`?"));
    }
    if keys.iter().any(Option::is_some) { Line::Mixed(segments[first_unknown].to_owned()) } else { Line::Prose }
}

/// The key that a word is a slip of. Short words are too near to everything: `In:` is not a slip of `On:`.
fn slip(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    SPELLINGS
        .iter()
        .map(|(spelling, _)| *spelling)
        .filter(|spelling| spelling.len() > 4 && spelling.len().abs_diff(name.len()) <= 4)
        .find(|spelling| strsim::damerau_levenshtein(spelling, &name) <= if spelling.len() < 8 { 1 } else { 2 })
}

/// `Key: value`, `**Key:** value`, `**Key**: value`.
fn pair(segment: &str) -> Option<(String, String)> {
    let segment = segment.trim_start_matches(['*', '_']);
    let (name, value) = segment.split_once(':')?;
    let name = name.trim().trim_end_matches(['*', '_']).trim();
    let value = value.trim_start_matches(['*', '_']).trim().trim_matches('`').trim();
    let words = name.split(' ').count();
    let plain = name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (plain && !name.is_empty() && words <= 4 && !value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

/// `5m`, `5-10m`, `~10 min`, `2–3 hours`, `about 1h 30m`.
pub(super) fn expected(text: &str) -> Option<Expected> {
    let text = text.trim().to_lowercase();
    let text = ["about ", "approx. ", "up to ", "~", "≈", "<", "≤"]
        .iter()
        .fold(text.as_str(), |text, prefix| text.strip_prefix(prefix).unwrap_or(text).trim());
    if let Some(span) = span(text) {
        return Some(Expected { low: span, high: span });
    }
    let (low, high) = text.split_once(['-', '–', '—']).or_else(|| text.split_once(" to "))?;
    let high_span = span(high)?;
    let unit: String = high.trim().chars().skip_while(|c| c.is_ascii_digit() || *c == ' ').collect();
    let low = span(low).or_else(|| span(&format!("{}{unit}", low.trim())))?;
    (low <= high_span).then_some(Expected { low, high: high_span })
}

/// A duration with its units spelt out or not, and spaces or not.
pub(super) fn span(text: &str) -> Option<Duration> {
    let mut compact = String::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let unit = match unit {
            "ms" => "ms",
            "s" | "sec" | "secs" | "second" | "seconds" => "s",
            "m" | "min" | "mins" | "minute" | "minutes" => "m",
            "h" | "hr" | "hrs" | "hour" | "hours" => "h",
            "d" | "day" | "days" => "d",
            _ => return None,
        };
        compact.push_str(number);
        compact.push_str(unit);
        rest = tail.trim_start_matches(['.', ' ']);
    }
    parse_duration(&compact).ok().filter(|span| !span.is_zero())
}

/// `yes` or `no`.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// `MODE = forced and TO != us-east-1`.
pub(super) fn conditions(text: &str) -> Result<Vec<Condition>, String> {
    let mut conditions = Vec::new();
    let mut rest = text;
    loop {
        let next = find_and(rest);
        let part = next.map_or(rest, |at| &rest[..at]);
        conditions.push(condition(part.trim())?);
        match next {
            Some(at) => rest = &rest[at + " and ".len()..],
            None => return Ok(conditions),
        }
    }
}

fn find_and(text: &str) -> Option<usize> {
    text.as_bytes().windows(5).position(|window| window.eq_ignore_ascii_case(b" and "))
}

fn condition(text: &str) -> Result<Condition, String> {
    let wrong = || format!("`{text}` is not a condition");
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let (name, rest) = (name.to_owned(), rest.trim());
    let list = |text: &str| -> Vec<String> { text.split(',').map(unquote).filter(|value| !value.is_empty()).collect() };
    if name.is_empty() {
        return Err(wrong());
    }
    if rest.eq_ignore_ascii_case("set") {
        return Ok(Condition::Set(name));
    }
    if rest.eq_ignore_ascii_case("unset") {
        return Ok(Condition::Unset(name));
    }
    let (make, value): (fn(String, String) -> Condition, &str) = if let Some(value) = rest.strip_prefix("!=") {
        (Condition::IsNot, value)
    } else if let Some(value) = rest.strip_prefix('=') {
        (Condition::Is, value)
    } else if let Some((word, value)) = rest.split_once(' ')
        && word.eq_ignore_ascii_case("in")
    {
        let values = list(value);
        return if values.is_empty() { Err(wrong()) } else { Ok(Condition::In(name, values)) };
    } else {
        return Err(wrong());
    };
    let value = unquote(value);
    let lone = !value.is_empty() && !value.contains(['=', ',']) && !value.contains(" or ");
    if lone { Ok(make(name, value)) } else { Err(wrong()) }
}

fn unquote(text: &str) -> String {
    text.trim().trim_matches(['"', '\'', '`']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_and_dress_of_a_field_is_accepted() {
        for line in [
            "Owner: dba",
            "**Owner:** dba",
            "**Owner**: dba",
            "owner: `dba`",
            "Assigned to: dba",
            "ROLE: dba",
            "Who: dba;",
            "Responsible:dba",
        ] {
            assert_eq!(read(line), Line::Fields(vec![(Key::Owner, "dba".to_owned())]), "{line}");
        }
        let Line::Fields(fields) = read("On: orders-db@$TO; Duration: 30s; Point of no return: yes;") else { panic!() };
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[2], (Key::PointOfNoReturn, "yes".to_owned()));
    }

    #[test]
    fn prose_stays_prose_and_slips_are_named() {
        for line in
            ["Note: read this", "See https://x: there", "In: the room", "Other: x", "Rule: y", "a; b", "No: never"]
        {
            assert_eq!(read(line), Line::Prose, "{line}");
        }
        assert_eq!(read("Owner: x; and then wait"), Line::Mixed("and then wait".to_owned()));
        assert_eq!(read("Onwer: x; On: y"), Line::Misspelt("Onwer".to_owned(), "did you mean `owner`?".to_owned()));
    }

    #[test]
    fn durations_are_read_as_authors_write_them() {
        let minutes = |low: u64, high: u64| {
            Some(Expected { low: Duration::from_secs(low * 60), high: Duration::from_secs(high * 60) })
        };
        for (text, wanted) in [
            ("5m", minutes(5, 5)),
            ("5-10m", minutes(5, 10)),
            ("~10 min", minutes(10, 10)),
            ("15 minutes", minutes(15, 15)),
            ("2–3 hours", minutes(120, 180)),
            ("1h 30m", minutes(90, 90)),
            ("1h30m - 2h", minutes(90, 120)),
            ("10-5m", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(expected(text), wanted, "{text}");
        }
    }

    #[test]
    fn conditions_are_joined_by_and() {
        let is = |name: &str, value: &str| Condition::Is(name.to_owned(), value.to_owned());
        assert_eq!(conditions("MODE = forced"), Ok(vec![is("MODE", "forced")]));
        assert_eq!(
            conditions("MODE=planned and TO != 'a b' AND X in a, b and Y set and Z unset"),
            Ok(vec![
                is("MODE", "planned"),
                Condition::IsNot("TO".to_owned(), "a b".to_owned()),
                Condition::In("X".to_owned(), vec!["a".to_owned(), "b".to_owned()]),
                Condition::Set("Y".to_owned()),
                Condition::Unset("Z".to_owned()),
            ])
        );
        for wrong in ["", "MODE", "MODE == forced", "MODE = a or b", "not X set", "X in", "X = "] {
            assert!(conditions(wrong).is_err(), "{wrong}");
        }
    }
}
