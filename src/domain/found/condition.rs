//! Conditions of Gatus, `[STATUS] == 200`, as the keys of a check. What has no key is counted, never approximated: a check
//! that passes more than the old one did would be a lie.

use std::time::Duration;

use super::address::copied;
use crate::time::parse_duration;

const DAY: u64 = 86_400;

/// What all conditions of an endpoint ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) status: Vec<String>,
    pub(super) slow: Option<Duration>,
    pub(super) contains: Option<String>,
    pub(super) json: Option<(String, String)>,
    pub(super) cert_days: Option<u64>,
    pub(super) rcode: Option<String>,
    /// Conditions that were not taken over.
    pub(super) left: usize,
}

impl Wanted {
    pub(super) fn of<'c>(conditions: impl Iterator<Item = &'c str>) -> Self {
        let mut wanted = Self::default();
        for condition in conditions {
            if wanted.take(condition).is_none() {
                wanted.left += 1;
            }
        }
        wanted
    }

    fn take(&mut self, condition: &str) -> Option<()> {
        let (what, operator, value) = split(condition)?;
        match (what, operator) {
            ("[CONNECTED]", "==") if value == "true" => {}
            ("[STATUS]", "==") if self.status.is_empty() => self.status = statuses(value)?,
            ("[STATUS]", "<" | "<=") if self.status.is_empty() => {
                let limit: u16 = value.parse().ok()?;
                let last = if operator == "<" { limit.checked_sub(1)? } else { limit };
                (200..600).contains(&last).then(|| self.status = vec![format!("200-{last}")])?;
            }
            ("[RESPONSE_TIME]", "<" | "<=") => {
                self.slow = Some(value.parse().ok().filter(|ms| *ms > 0).map(Duration::from_millis)?);
            }
            ("[CERTIFICATE_EXPIRATION]", ">" | ">=") => {
                let days = parse_duration(value).ok()?.as_secs().div_ceil(DAY);
                self.cert_days = Some((1..=3650).contains(&days).then_some(days)?);
            }
            ("[DNS_RCODE]", "==") => {
                self.rcode = Some(
                    ["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"].into_iter().find(|code| *code == value)?.to_owned(),
                );
            }
            ("[BODY]", "==") if self.contains.is_none() => {
                let inner = value.strip_prefix("pat(*")?.strip_suffix("*)")?;
                (!inner.contains(['*', '?', '[', '\\'])).then_some(())?;
                self.contains = Some(copied(inner).ok()?.to_owned());
            }
            (body, "==") if self.json.is_none() => {
                let path = body.strip_prefix("[BODY].")?;
                let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                (path.chars().all(plain) && !value.contains('(')).then_some(())?;
                // A value that looks harmless under such a name is none.
                copied(&format!("{path}={value}")).ok()?;
                self.json = Some((copied(path).ok()?.to_owned(), copied(value).ok()?.to_owned()));
            }
            _ => return None,
        }
        Some(())
    }
}

fn split(condition: &str) -> Option<(&str, &str, &str)> {
    let mut words = condition.trim().splitn(3, ' ');
    let parts = (words.next()?, words.next()?, words.next()?.trim());
    (!parts.2.is_empty()).then_some(parts)
}

fn statuses(value: &str) -> Option<Vec<String>> {
    let inner = value.strip_prefix("any(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    let status = |text: &str| text.trim().parse::<u16>().ok().filter(|status| (100..600).contains(status));
    inner.split(',').map(|text| status(text).map(|status| status.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_that_have_a_key_are_taken_over() {
        let conditions = [
            "[STATUS] == any(200, 204)",
            "[RESPONSE_TIME] < 500",
            "[BODY].data.status == UP",
            "[BODY] == pat(*Welcome*)",
            "[CERTIFICATE_EXPIRATION] > 49h",
            "[CONNECTED] == true",
        ];
        let wanted = Wanted::of(conditions.into_iter());
        assert_eq!(
            wanted,
            Wanted {
                status: vec!["200".to_owned(), "204".to_owned()],
                slow: Some(Duration::from_millis(500)),
                contains: Some("Welcome".to_owned()),
                json: Some(("data.status".to_owned(), "UP".to_owned())),
                cert_days: Some(3),
                ..Wanted::default()
            }
        );
        assert_eq!(Wanted::of(["[STATUS] < 300"].into_iter()).status, ["200-299"]);
    }

    #[test]
    fn the_others_are_counted_and_not_approximated() {
        for condition in [
            "[STATUS] != 500",
            "[STATUS] == any(200, x)",
            "[STATUS] < 200",
            "[BODY] == plain",
            "[BODY] == pat(*a*b*)",
            "len([BODY].items) > 0",
            "[BODY].items[0] == 1",
            "[BODY].password == hunter2hunter2",
            "[DOMAIN_EXPIRATION] > 720h",
            "[RESPONSE_TIME] < soon",
            "",
        ] {
            assert_eq!(Wanted::of([condition].into_iter()), Wanted { left: 1, ..Wanted::default() }, "{condition}");
        }
    }
}
