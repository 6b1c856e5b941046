//! A line as it is read.

use std::time::Duration;

use super::super::check_line::at_region;
use super::{Control, WorldLine};
use crate::diagnostic::did_you_mean;
use crate::ident::{BackupId, DatabaseId, RegionId};
use crate::reading::Health;
use crate::time::parse_duration;

/// The first words of lines, and how such a line is written.
const FORMS: [(&str, &str); 23] = [
    ("promote", "promote DATABASE@REGION"),
    ("fence", "fence DATABASE@REGION"),
    ("unfence", "unfence DATABASE@REGION"),
    ("serve", "serve NAME REGION"),
    ("up", "up NAME` or `up NAME@REGION"),
    ("down", "down NAME` or `down NAME@REGION"),
    ("degrade", "degrade NAME` or `degrade NAME@REGION"),
    ("errors", "errors NAME[@REGION] 40%"),
    ("flap", "flap NAME[@REGION] every 20s"),
    ("slow", "slow NAME[@REGION] 3s"),
    ("lag", "lag DATABASE@REGION 5s"),
    ("replication", "replication DATABASE@REGION stops` or `… starts"),
    ("load", "load NAME 300%"),
    ("scale", "scale NAME[@REGION] 40%"),
    ("certificate", "certificate NAME expires 2d"),
    ("corrupt", "corrupt DATABASE"),
    ("recover", "recover DATABASE"),
    ("lose", "lose REGION"),
    ("dns", "dns fails` or `dns works`, with `in REGION` where it is so in one only; not `dns REGION"),
    (
        "credentials",
        "credentials fail` or `credentials work`, with `in REGION` where it is so in one only; not `credentials REGION",
    ),
    ("backup", "backup NAME now` or `backup NAME fails"),
    ("restored", "restored NAME now"),
    ("heal", "heal NAME` or `heal NAME@REGION"),
];

/// How a line that begins with `word` is written.
fn shape(word: &str) -> String {
    let form = FORMS.iter().find(|(known, _)| *known == word).map_or(word, |(_, form)| form);
    format!("write `{form}`")
}

/// More than this is no load that a world could tell from another.
const MOST_PERCENT: u32 = 10_000;

pub(in crate::runbook) fn world_line(line: &str) -> Result<WorldLine, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [word @ ("promote" | "fence" | "unfence"), place] => {
            let (database, region) = at_region(place)?;
            Ok(match *word {
                "promote" => WorldLine::Promote { database, region },
                "fence" => WorldLine::Fence { database, region },
                _ => WorldLine::Unfence { database, region },
            })
        }
        ["serve", name, region] => Ok(WorldLine::Serve { name: (*name).to_owned(), region: RegionId::new(*region) }),
        [word @ ("up" | "down" | "degrade" | "heal"), place] => {
            let (name, region) = anywhere(place);
            Ok(match *word {
                "up" => WorldLine::Health { name, region, health: Health::Ok },
                "down" => WorldLine::Health { name, region, health: Health::Down },
                "degrade" => WorldLine::Health { name, region, health: Health::Degraded },
                _ => WorldLine::Heal { name, region },
            })
        }
        ["errors", place, share @ ..] => {
            let (name, region) = anywhere(place);
            Ok(WorldLine::Errors { name, region, percent: percent(share, 100, "errors")? })
        }
        ["flap", place, "every", span] => {
            let (name, region) = anywhere(place);
            Ok(WorldLine::Flap { name, region, every: some_time(span)? })
        }
        ["slow", place, span] => {
            let (name, region) = anywhere(place);
            Ok(WorldLine::Slow { name, region, by: some_time(span)? })
        }
        ["lag", place, span] => {
            let (database, region) = at_region(place)?;
            Ok(WorldLine::Lag { database, region, lag: parse_duration(span)? })
        }
        ["replication", place, word @ ("stops" | "starts")] => {
            let (database, region) = at_region(place)?;
            Ok(WorldLine::Replication { database, region, runs: *word == "starts" })
        }
        ["load", name, share @ ..] => {
            let percent = percent(share, MOST_PERCENT, "load")?;
            Ok(WorldLine::Load { name: (*name).to_owned(), percent })
        }
        ["scale", place, share @ ..] => {
            let (name, region) = anywhere(place);
            Ok(WorldLine::Scale { name, region, percent: percent(share, MOST_PERCENT, "scale")? })
        }
        ["certificate", name, "expires", span] => {
            Ok(WorldLine::Certificate { name: (*name).to_owned(), left: parse_duration(span)? })
        }
        ["corrupt", name] => Ok(WorldLine::Corrupt { database: whole("corrupt", name)? }),
        ["recover", name] => Ok(WorldLine::Recover { database: whole("recover", name)? }),
        ["lose", region] if !region.contains('@') => Ok(WorldLine::Lose { region: RegionId::new(*region) }),
        ["dns", word @ ("fails" | "works"), rest @ ..] => {
            control(Control::Dns, *word == "works", rest).ok_or_else(|| shape("dns"))
        }
        ["credentials", word @ ("fail" | "work"), rest @ ..] => {
            control(Control::Credentials, *word == "work", rest).ok_or_else(|| shape("credentials"))
        }
        ["backup", name, "now"] => Ok(WorldLine::Backup { name: BackupId::new(*name) }),
        ["backup", name, "fails"] => Ok(WorldLine::BackupFails { name: BackupId::new(*name) }),
        ["restored", name, "now"] => Ok(WorldLine::Restored { name: BackupId::new(*name) }),
        [first, ..] if FORMS.iter().any(|(word, _)| word == first) => Err(shape(first)),
        [first, ..] => {
            let words = FORMS.map(|(word, _)| word);
            let help = did_you_mean(first, words).unwrap_or_else(|| format!("a line begins with {}", words.join(", ")));
            Err(format!("`{line}` does nothing to the simulated world; {help}"))
        }
        [] => Err("an empty line does nothing to the simulated world".to_owned()),
    }
}

fn control(of: Control, works: bool, rest: &[&str]) -> Option<WorldLine> {
    let region = match rest {
        [] => None,
        ["in", region] => Some(RegionId::new(*region)),
        _ => return None,
    };
    Some(WorldLine::Control { of, region, works })
}

fn anywhere(place: &str) -> (String, Option<RegionId>) {
    place.split_once('@').map_or((place.to_owned(), None), |(name, at)| (name.to_owned(), Some(RegionId::new(at))))
}

fn whole(word: &str, name: &str) -> Result<DatabaseId, String> {
    if name.contains('@') {
        return Err(format!("its data is the same on every side: write `{word} DATABASE`"));
    }
    Ok(DatabaseId::new(name))
}

fn some_time(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text)?;
    if span.is_zero() { Err(format!("`{text}` is no time at all: `heal NAME` ends it")) } else { Ok(span) }
}

/// `40%`, `40 %`.
fn percent(words: &[&str], most: u32, of: &str) -> Result<u32, String> {
    let number = match words {
        [number] => number.strip_suffix('%'),
        [number, "%"] => Some(*number),
        _ => None,
    };
    let number = number.ok_or_else(|| shape(of))?;
    let number: u32 = number.parse().map_err(|_| format!("`{number}` is no whole number: {}", shape(of)))?;
    if number > most { Err(format!("{number}% is more than {most}%: {}", shape(of))) } else { Ok(number) }
}
