//! A line as it is written.

use std::fmt;
use std::time::Duration;

use super::{Control, WorldLine};
use crate::ident::RegionId;
use crate::reading::Health;

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
    use crate::time::parse_duration;

    proptest! {
        #[test]
        fn no_time_is_written_as_another(millis in 0_u64..10_000_000_000) {
            let span = Duration::from_millis(millis);
            prop_assert_eq!(parse_duration(&written(span)), Ok(span));
        }
    }
}
