//! The lines of `world` blocks and of injects: what an exercise does to its simulated world. A small closed grammar over
//! the names of the estate.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::check_line::{at_region, significant, substitute};
use crate::diagnostic::did_you_mean;
use crate::ident::{BackupId, DatabaseId, RegionId};
use crate::reading::Health;
use crate::time::parse_duration;

/// One line of a `world` block. Each names what is meant as the estate does; [`fmt::Display`] writes it as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldLine {
    /// `promote DB@REGION`.
    Promote { database: DatabaseId, region: RegionId },
    /// `fence DB@REGION`: that server refuses writes from now on.
    Fence { database: DatabaseId, region: RegionId },
    /// `unfence DB@REGION`: it is what it was before it was fenced.
    Unfence { database: DatabaseId, region: RegionId },
    /// `serve NAME REGION`; NAME is a service, a database or `all`: every service.
    Serve { name: String, region: RegionId },
    /// `up NAME[@REGION]`, `down …`, `degrade …`; NAME is a region, a service, a database or a check.
    Health { name: String, region: Option<RegionId>, health: Health },
    /// `errors NAME[@REGION] 40%`: that share of requests fails.
    Errors { name: String, region: Option<RegionId>, percent: u32 },
    /// `flap NAME[@REGION] every 20s`: down for so long, up for so long, and so on.
    Flap { name: String, region: Option<RegionId>, every: Duration },
    /// `slow NAME[@REGION] 3s`: answers come that much later.
    Slow { name: String, region: Option<RegionId>, by: Duration },
    /// `lag DB@REGION 5s`.
    Lag { database: DatabaseId, region: RegionId, lag: Duration },
    /// `replication DB@REGION stops`, `starts`: that standby receives nothing, or again.
    Replication { database: DatabaseId, region: RegionId, runs: bool },
    /// `load NAME 300%`; NAME is a service or `all`: so much is asked of it, of the usual.
    Load { name: String, percent: u32 },
    /// `scale NAME[@REGION] 40%`; NAME is a region or a service: what it can carry there, of the usual load. It takes a
    /// while.
    Scale { name: String, region: Option<RegionId>, percent: u32 },
    /// `certificate NAME expires 2d`; NAME is a check or a service.
    Certificate { name: String, left: Duration },
    /// `corrupt DB`: its data is wrong from now on, on every side.
    Corrupt { database: DatabaseId },
    /// `recover DB`: its data is what it was before it was corrupted; what was written since then is lost.
    Recover { database: DatabaseId },
    /// `lose REGION`: it is down, and what was stored in it is gone: `up REGION` does not bring that back.
    Lose { region: RegionId },
    /// `dns fails [in REGION]`, `dns works …`, `credentials fail [in REGION]`, `credentials work …`.
    Control { of: Control, region: Option<RegionId>, works: bool },
    /// `backup NAME now`.
    Backup { name: BackupId },
    /// `backup NAME fails`: the newest attempt did, and so do those after it until `backup NAME now`.
    BackupFails { name: BackupId },
    /// `restored NAME now`: it was restored somewhere as a test, and is good.
    Restored { name: BackupId },
    /// `heal NAME[@REGION]`: whatever was wrong with it is not any more.
    Heal { name: String, region: Option<RegionId> },
}

/// What changes are made through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Where names are changed. What they say goes on being answered.
    Dns,
    /// Logins of the cloud, of clusters and of machines; databases have their own.
    Credentials,
}

/// The first words of lines.
const WORDS: [&str; 23] = [
    "promote",
    "fence",
    "unfence",
    "serve",
    "up",
    "down",
    "degrade",
    "errors",
    "flap",
    "slow",
    "lag",
    "replication",
    "load",
    "scale",
    "certificate",
    "corrupt",
    "recover",
    "lose",
    "dns",
    "credentials",
    "backup",
    "restored",
    "heal",
];

/// More than this is no load that a world could tell from another.
const MOST_PERCENT: u32 = 10_000;

/// Reads a `world` block with `$NAME` replaced by its value; comments (`#`) and blank lines are left out. A line that
/// cannot be read, or needs a value that is missing, is a sentence saying so.
#[must_use]
pub fn world_lines(text: &str, values: &BTreeMap<String, String>) -> Vec<Result<WorldLine, String>> {
    significant(text).map(|(_, line)| substitute(line, values).and_then(|line| world_line(&line))).collect()
}

pub(super) fn world_line(line: &str) -> Result<WorldLine, String> {
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
            Ok(WorldLine::Errors { name, region, percent: percent(share, 100, "errors NAME[@REGION] 40%")? })
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
            let percent = percent(share, MOST_PERCENT, "load NAME 300%")?;
            Ok(WorldLine::Load { name: (*name).to_owned(), percent })
        }
        ["scale", place, share @ ..] => {
            let (name, region) = anywhere(place);
            Ok(WorldLine::Scale { name, region, percent: percent(share, MOST_PERCENT, "scale NAME[@REGION] 40%")? })
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
        [first, ..] if WORDS.contains(first) => Err(shape(first)),
        [first, ..] => {
            let help = did_you_mean(first, WORDS).unwrap_or_else(|| format!("a line begins with {}", WORDS.join(", ")));
            Err(format!("`{line}` does nothing to the simulated world; {help}"))
        }
        [] => Err("an empty line does nothing to the simulated world".to_owned()),
    }
}

/// How a line that begins with `word` is written.
fn shape(word: &str) -> String {
    let form = match word {
        "promote" | "fence" | "unfence" => return format!("write `{word} DATABASE@REGION`"),
        "serve" => "serve NAME REGION",
        "errors" => "errors NAME[@REGION] 40%",
        "flap" => "flap NAME[@REGION] every 20s",
        "slow" => "slow NAME[@REGION] 3s",
        "lag" => "lag DATABASE@REGION 5s",
        "replication" => "replication DATABASE@REGION stops` or `… starts",
        "load" => "load NAME 300%",
        "scale" => "scale NAME[@REGION] 40%",
        "certificate" => "certificate NAME expires 2d",
        "corrupt" | "recover" => return format!("write `{word} DATABASE`"),
        "lose" => "lose REGION",
        "dns" => "dns fails` or `dns works`, with `in REGION` where it is so in one only; not `dns REGION",
        "credentials" => {
            "credentials fail` or `credentials work`, with `in REGION` where it is so in one only; not `credentials REGION"
        }
        "backup" => "backup NAME now` or `backup NAME fails",
        "restored" => "restored NAME now",
        _ => return format!("write `{word} NAME` or `{word} NAME@REGION`"),
    };
    format!("write `{form}`")
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
fn percent(words: &[&str], most: u32, form: &str) -> Result<u32, String> {
    let number = match words {
        [number] => number.strip_suffix('%'),
        [number, "%"] => Some(*number),
        _ => None,
    };
    let number = number.ok_or_else(|| format!("write `{form}`"))?;
    let number: u32 = number.parse().map_err(|_| format!("`{number}` is no whole number: write `{form}`"))?;
    if number > most { Err(format!("{number}% is more than {most}%: write `{form}`")) } else { Ok(number) }
}

impl fmt::Display for WorldLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Promote { database, region } => write!(f, "promote {database}@{region}"),
            Self::Fence { database, region } => write!(f, "fence {database}@{region}"),
            Self::Unfence { database, region } => write!(f, "unfence {database}@{region}"),
            Self::Serve { name, region } => write!(f, "serve {name} {region}"),
            Self::Health { name, region, health } => {
                let word = match health {
                    Health::Ok => "up",
                    Health::Degraded => "degrade",
                    Health::Down | Health::Stale | Health::Unknown => "down",
                };
                write!(f, "{word} {}", At(name, region.as_ref()))
            }
            Self::Errors { name, region, percent } => write!(f, "errors {} {percent}%", At(name, region.as_ref())),
            Self::Flap { name, region, every } => {
                write!(f, "flap {} every {}", At(name, region.as_ref()), written(*every))
            }
            Self::Slow { name, region, by } => write!(f, "slow {} {}", At(name, region.as_ref()), written(*by)),
            Self::Lag { database, region, lag } => write!(f, "lag {database}@{region} {}", written(*lag)),
            Self::Replication { database, region, runs } => {
                write!(f, "replication {database}@{region} {}", if *runs { "starts" } else { "stops" })
            }
            Self::Load { name, percent } => write!(f, "load {name} {percent}%"),
            Self::Scale { name, region, percent } => write!(f, "scale {} {percent}%", At(name, region.as_ref())),
            Self::Certificate { name, left } => write!(f, "certificate {name} expires {}", written(*left)),
            Self::Corrupt { database } => write!(f, "corrupt {database}"),
            Self::Recover { database } => write!(f, "recover {database}"),
            Self::Lose { region } => write!(f, "lose {region}"),
            Self::Control { of, region, works } => {
                f.write_str(match (of, works) {
                    (Control::Dns, true) => "dns works",
                    (Control::Dns, false) => "dns fails",
                    (Control::Credentials, true) => "credentials work",
                    (Control::Credentials, false) => "credentials fail",
                })?;
                region.iter().try_for_each(|region| write!(f, " in {region}"))
            }
            Self::Backup { name } => write!(f, "backup {name} now"),
            Self::BackupFails { name } => write!(f, "backup {name} fails"),
            Self::Restored { name } => write!(f, "restored {name} now"),
            Self::Heal { name, region } => write!(f, "heal {}", At(name, region.as_ref())),
        }
    }
}

struct At<'a>(&'a str, Option<&'a RegionId>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        self.1.iter().try_for_each(|region| write!(f, "@{region}"))
    }
}

/// All of it, so that it is read back as what it was: `1m30s`.
fn written(span: Duration) -> String {
    let mut left = span.as_millis();
    let mut text = String::new();
    for (unit, millis) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        if left >= millis {
            text.push_str(&format!("{}{unit}", left / millis));
            left %= millis;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(line: &str) -> Result<WorldLine, String> {
        let values = BTreeMap::from([("TO".to_owned(), "us-west-2".to_owned())]);
        world_lines(line, &values).remove(0)
    }

    #[test]
    fn every_line_is_read_and_written_as_it_was() {
        for line in [
            "promote db@us-west-2",
            "fence db@us-east-1",
            "unfence db@us-east-1",
            "serve all us-west-2",
            "up us-west-2",
            "down cache@us-east-1",
            "degrade api@us-west-2",
            "errors api@us-west-2 40%",
            "flap us-east-1 every 20s",
            "slow api 1m30s",
            "lag db@us-west-2 1s500ms",
            "replication db@us-west-2 stops",
            "replication db@us-west-2 starts",
            "load all 300%",
            "scale api@us-west-2 40%",
            "certificate www expires 2d",
            "corrupt db",
            "recover db",
            "lose us-east-1",
            "dns fails",
            "dns works in us-east-1",
            "credentials fail in us-east-1",
            "credentials work",
            "backup b now",
            "backup b fails",
            "restored b now",
            "heal db@us-west-2",
            "heal all",
        ] {
            assert_eq!(read(line).unwrap().to_string(), line);
        }
        assert_eq!(read("promote db@$TO"), read("promote db@us-west-2"));
        assert_eq!(read("errors api 40 %"), read("errors api 40%"));
    }

    #[test]
    fn a_line_that_cannot_be_read_says_what_to_write() {
        for (line, says) in [
            ("promot db@x", "did you mean `promote`?"),
            ("explode db", "a line begins with promote, fence"),
            ("backup b later", "write `backup NAME now` or `backup NAME fails`"),
            ("unfence db", "must be DATABASE@REGION"),
            ("errors api", "write `errors NAME[@REGION] 40%`"),
            ("errors api 0.4", "write `errors NAME[@REGION] 40%`"),
            ("errors api half%", "`half` is no whole number"),
            ("errors api 140%", "140% is more than 100%"),
            ("flap api 20s", "write `flap NAME[@REGION] every 20s`"),
            ("flap api every 0s", "is no time at all"),
            ("slow api 3", "`3` has no unit"),
            ("certificate www 2d", "write `certificate NAME expires 2d`"),
            ("corrupt db@us-east-1", "the same on every side: write `corrupt DATABASE`"),
            ("lose api@us-east-1", "write `lose REGION`"),
            ("dns us-east-1 fails", "write `dns fails` or `dns works`"),
            ("credentials fail at us-east-1", "with `in REGION`"),
            ("replication db@x halts", "write `replication DATABASE@REGION stops` or `… starts`"),
            ("up", "write `up NAME` or `up NAME@REGION`"),
            ("promote db@$NEW", "$NEW has no value yet"),
        ] {
            let said = read(line).unwrap_err();
            assert!(said.contains(says), "{line}: {said}");
        }
    }

    proptest! {
        #[test]
        fn no_time_is_written_as_another(millis in 0_u64..10_000_000_000) {
            let span = Duration::from_millis(millis);
            prop_assert_eq!(parse_duration(&written(span)), Ok(span));
        }
    }
}
