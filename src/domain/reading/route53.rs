//! What Route 53 says: of a health check, and of the records of a name.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Outcome, Payload};
use crate::estate::{NameRecords, plain_record};
use crate::ident::RegionId;
use crate::route53::RecordSet;
use crate::time::{Timestamp, human, since};

/// Above this share of its checkers Route 53 takes a health check for healthy.
const HEALTHY_ABOVE: f64 = 0.18;
/// What a checker saw longer ago than this is no longer counted.
const FRESH: Duration = Duration::from_secs(300);

/// What one of Route 53's checkers saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// `Success: HTTP Status Code 200, OK`.
    pub status: String,
    pub checked_at: Option<Timestamp>,
}

/// How a health check is configured, as far as it decides what its checkers mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HealthCheckConfig {
    /// `HTTP`, `CALCULATED`, `CLOUDWATCH_METRIC`, …
    pub kind: String,
    pub inverted: bool,
    pub disabled: bool,
}

/// The outcome, and when the newest of it was seen.
#[must_use]
pub fn judge_health_check(
    config: &HealthCheckConfig,
    seen: &[Observation],
    now: Timestamp,
) -> (Outcome, Option<Timestamp>) {
    let unknown = |why: String| (Outcome::Unknown { why }, None);
    if config.disabled {
        let why = "disabled: Route 53 takes it for healthy, whatever is true".to_owned();
        return (Outcome::Soft { why, payload: Payload::Nothing }, None);
    }
    if matches!(config.kind.as_str(), "CALCULATED" | "CLOUDWATCH_METRIC" | "RECOVERY_CONTROL") {
        let kind = config.kind.to_lowercase().replace('_', " ");
        return unknown(format!("a {kind} check has no checkers: read `HealthCheckStatus` by a cloudwatch check"));
    }
    let newest = seen.iter().filter_map(|one| one.checked_at).max();
    let fresh: Vec<&Observation> =
        seen.iter().filter(|one| one.checked_at.is_some_and(|at| since(now, at) <= FRESH)).collect();
    if fresh.is_empty() {
        let last = newest.map(|at| format!(": the last looked {} ago", human(since(now, at))));
        return unknown(format!("no checker has looked for {}{}", human(FRESH), last.unwrap_or_default()));
    }
    let well = fresh.iter().filter(|one| one.status.starts_with("Success")).count();
    #[allow(clippy::cast_precision_loss)]
    let share = well as f64 / fresh.len() as f64;
    let inverted = if config.inverted { ", inverted" } else { "" };
    let said = format!("{well} of {} checkers find it healthy, {:.0} %{inverted}", fresh.len(), share * 100.0);
    let outcome = if (share > HEALTHY_ABOVE) != config.inverted {
        Outcome::Good { payload: Payload::Text { text: said } }
    } else {
        Outcome::Bad { why: said, payload: Payload::Nothing }
    };
    (outcome, newest)
}

/// Health of the health checks that record sets name, as far as it is known.
pub type Healths = BTreeMap<String, bool>;

impl NameRecords {
    /// What the record sets of the name mean. `sets` are all that stand under it.
    #[must_use]
    pub fn judge(&self, sets: &[RecordSet], healths: &Healths) -> Outcome {
        let sets: Vec<&RecordSet> = sets.iter().filter(|set| set.kind == self.record).collect();
        if sets.is_empty() {
            let why = format!("zone {} has no {} record `{}`", self.zone, self.record, self.query);
            return Outcome::Bad { why, payload: Payload::Nothing };
        }
        let text = sets.iter().map(|set| set.line()).collect::<Vec<_>>().join("; ");
        let answered = answered(&sets, healths);
        let payload = match answered.as_deref().map(|answered| self.region(answered)) {
            Some(Some(region)) => Payload::Serving { region: region.clone() },
            _ => Payload::Text { text },
        };
        let ttl = sets.iter().filter_map(|set| set.ttl).max().map(|ttl| Duration::from_secs(ttl.unsigned_abs()));
        match (ttl, self.ttl_max) {
            (Some(ttl), Some(most)) if ttl > most => {
                Outcome::Soft { why: format!("its TTL is {}, above {}", human(ttl), human(most)), payload }
            }
            _ => Outcome::Good { payload },
        }
    }

    /// The region that all of these point to.
    fn region(&self, sets: &[&RecordSet]) -> Option<&RegionId> {
        let mut regions = sets.iter().map(|set| self.region_of(set));
        let first = regions.next()??;
        regions.all(|region| region == Some(first)).then_some(first)
    }

    fn region_of(&self, set: &RecordSet) -> Option<&RegionId> {
        let alias = set.alias_target.as_ref().map(|alias| alias.dns_name.as_str());
        let words = set.set_identifier.as_deref().into_iter().chain(set.values()).chain(alias).map(plain_record);
        let words: Vec<String> = words.collect();
        let belongs = |(_, theirs): &&(RegionId, Vec<String>)| theirs.iter().any(|one| words.contains(one));
        self.regions.iter().find(belongs).map(|(region, _)| region)
    }
}

/// The sets that Route 53 answers with; `None` where that depends on a health that is not known.
fn answered<'a>(sets: &[&'a RecordSet], healths: &Healths) -> Option<Vec<&'a RecordSet>> {
    let health = |set: &RecordSet| match &set.health_check_id {
        Some(id) => healths.get(id).copied(),
        // A target whose own health counts is known to Route 53 alone.
        None if set.alias_target.as_ref().is_some_and(|alias| alias.evaluate_target_health) => None,
        None => Some(true),
    };
    let of = |role: &str| sets.iter().copied().find(|set| set.failover.as_deref() == Some(role));
    if let Some(primary) = of("PRIMARY") {
        let secondary = of("SECONDARY");
        return Some(vec![match (health(primary)?, secondary) {
            (false, Some(secondary)) if health(secondary)? => secondary,
            _ => primary,
        }]);
    }
    if sets.iter().any(|set| set.weight.is_some()) {
        // All of them at zero is as all of them at the same.
        let heavy: Vec<&RecordSet> = sets.iter().copied().filter(|set| set.weight != Some(0)).collect();
        let turned = if heavy.is_empty() { sets.to_vec() } else { heavy };
        let healths: Vec<Option<bool>> = turned.iter().map(|set| health(set)).collect();
        if healths.contains(&None) && turned.len() > 1 {
            return None;
        }
        let well = turned.iter().zip(&healths).filter(|(_, health)| **health == Some(true)).map(|(set, _)| *set);
        let well: Vec<&RecordSet> = well.collect();
        return Some(if well.is_empty() { turned } else { well });
    }
    Some(sets.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-20T{time}Z").parse().unwrap()
    }

    fn seen(well: usize, of: usize, time: &str) -> Vec<Observation> {
        let status =
            |well: bool| if well { "Success: HTTP Status Code 200, OK" } else { "Failure: Connection timed out" };
        (0..of).map(|n| Observation { status: status(n < well).to_owned(), checked_at: Some(at(time)) }).collect()
    }

    fn health(config: &HealthCheckConfig, seen: &[Observation]) -> (char, String) {
        match judge_health_check(config, seen, at("02:14:00")).0 {
            Outcome::Good { payload: Payload::Text { text } } => ('+', text),
            Outcome::Soft { why, .. } => ('~', why),
            Outcome::Bad { why, .. } => ('-', why),
            Outcome::Unknown { why } => ('?', why),
            other @ Outcome::Good { .. } => panic!("{other:?}"),
        }
    }

    #[test]
    fn more_than_eighteen_percent_of_the_checkers_make_it_healthy() {
        let usual = HealthCheckConfig { kind: "HTTPS".to_owned(), ..HealthCheckConfig::default() };
        let inverted = HealthCheckConfig { inverted: true, ..usual.clone() };
        let fresh = "02:13:40";
        assert_eq!(health(&usual, &seen(3, 16, fresh)), ('+', "3 of 16 checkers find it healthy, 19 %".to_owned()));
        assert_eq!(health(&usual, &seen(9, 50, fresh)).0, '-', "18 % is not above 18 %");
        assert_eq!(health(&inverted, &seen(16, 16, fresh)).0, '-');
        assert_eq!(
            health(&inverted, &seen(0, 16, fresh)),
            ('+', "0 of 16 checkers find it healthy, 0 %, inverted".to_owned())
        );
        assert_eq!(health(&usual, &seen(16, 16, "02:00:00")).0, '?');
        assert!(health(&usual, &[]).1.contains("no checker has looked for 5m"));
        assert_eq!(health(&HealthCheckConfig { disabled: true, ..usual.clone() }, &seen(0, 3, fresh)).0, '~');
        assert_eq!(health(&HealthCheckConfig { kind: "CALCULATED".to_owned(), ..usual.clone() }, &[]).0, '?');
        assert_eq!(judge_health_check(&usual, &seen(1, 1, fresh), at("02:14:00")).1, Some(at(fresh)));
    }

    fn name() -> NameRecords {
        NameRecords {
            zone: "Z1".to_owned(),
            query: "pay.example.com".to_owned(),
            record: "CNAME".to_owned(),
            ttl_max: Some(Duration::from_secs(60)),
            regions: vec![
                ("east".into(), vec!["pay.east.example.com".to_owned()]),
                ("west".into(), vec!["w".to_owned()]),
            ],
        }
    }

    /// Two sets of one name: what is put between the braces of each.
    fn pair(east: &str, west: &str) -> Vec<RecordSet> {
        let set = |set: &str, value: &str, more: &str| {
            let text = format!(
                r#"{{"Name": "pay.example.com.", "Type": "CNAME", "SetIdentifier": "{set}", "TTL": 60, "ResourceRecords": [{{"Value": "{value}"}}], {more}}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        vec![set("e", "pay.EAST.example.com.", east), set("w", "pay.west.example.com", west)]
    }

    fn serving(sets: &[RecordSet], healths: &[(&str, bool)]) -> Option<String> {
        let healths = healths.iter().map(|(id, well)| ((*id).to_owned(), *well)).collect();
        match name().judge(sets, &healths) {
            Outcome::Good { payload: Payload::Serving { region } } => Some(region.to_string()),
            Outcome::Good { .. } => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn records_tell_the_side_that_serves_where_they_can() {
        let east = Some("east".to_owned());
        let west = Some("west".to_owned());
        let weighted = |e: u8, w: u8| pair(&format!("\"Weight\": {e}"), &format!("\"Weight\": {w}"));
        assert_eq!(serving(&weighted(100, 0), &[]), east);
        assert_eq!(serving(&weighted(0, 1), &[]), west);
        assert_eq!(serving(&weighted(1, 1), &[]), None, "both");
        assert_eq!(serving(&weighted(0, 0), &[]), None, "all at zero is all alike");
        let checked = "\"Weight\": 1, \"HealthCheckId\": \"h\"";
        let one = pair(checked, "\"Weight\": 1");
        assert_eq!((serving(&one, &[("h", false)]), serving(&one, &[])), (west.clone(), None));
        let failover = pair("\"Failover\": \"PRIMARY\", \"HealthCheckId\": \"h\"", "\"Failover\": \"SECONDARY\"");
        assert_eq!(serving(&failover, &[("h", true)]), east);
        assert_eq!(serving(&failover, &[("h", false)]), west);
        assert_eq!(serving(&failover, &[]), None, "what is not known is not guessed");
        assert_eq!(serving(&failover[..1], &[("h", false)]), east, "nothing else is there to be answered");
    }

    #[test]
    fn a_long_ttl_and_a_name_that_is_not_there_are_said() {
        let mut sets = pair("\"Weight\": 1", "\"Weight\": 0");
        sets[1].ttl = Some(300);
        let soft = name().judge(&sets, &Healths::new());
        assert!(
            matches!(&soft, Outcome::Soft { why, payload: Payload::Serving { .. } } if why == "its TTL is 5m, above 1m"),
            "{soft:?}"
        );
        let bad = name().judge(&[], &Healths::new());
        assert!(
            matches!(&bad, Outcome::Bad { why, .. } if why.contains("no CNAME record `pay.example.com`")),
            "{bad:?}"
        );
    }
}
