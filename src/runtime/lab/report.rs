//! The true RTO and RPO, from the customer's own record: what was acknowledged, and what of it survives.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use domain::time::{Timestamp, human, millis, rfc3339, rfc3339_ms, since};
use serde::Serialize;

use super::LabError;
use super::client::Tried;
use super::cluster::ADMIN;
use super::plan::Lab;
use crate::runtime::postgres::{Dsn, connect};

const DEADLINE: Duration = Duration::from_secs(5);

/// Targets of the lab's estate.
const RTO_TARGET: Duration = Duration::from_secs(300);
const RPO_TARGET: Duration = Duration::from_secs(300);

/// What a customer would say afterwards.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub acknowledged: usize,
    /// The longest time without an acknowledged write: its ends, and how long it was.
    #[serde(with = "rfc3339_ms::option")]
    pub last_before: Option<Timestamp>,
    #[serde(with = "rfc3339_ms::option")]
    pub first_after: Option<Timestamp>,
    #[serde(rename = "rto_ms", with = "millis::option")]
    pub rto: Option<Duration>,
    /// Acknowledged writes that the serving side does not have.
    pub lost: usize,
    /// From the last acknowledged write that survived to the last one that was lost; `None` when no side serves.
    #[serde(rename = "rpo_ms", with = "millis::option")]
    pub rpo: Option<Duration>,
    pub serving: Option<&'static str>,
    #[serde(rename = "rto_target_ms", with = "millis")]
    pub rto_target: Duration,
    #[serde(rename = "rpo_target_ms", with = "millis")]
    pub rpo_target: Duration,
}

impl Lab {
    /// Measures, by asking the side that serves which orders it has.
    ///
    /// # Errors
    /// When the side that serves cannot be asked.
    pub async fn report(&self) -> Result<Report, LabError> {
        let tried = read(&self.acknowledged());
        let survivors = match self.primary() {
            None => None,
            Some(side) => {
                let failed = |error: &dyn std::fmt::Display| LabError::Other(format!("{}: {error}", side.region()));
                let dsn = Dsn::resolve(&self.dsn(side, ADMIN)).map_err(|error| failed(&error))?;
                let client = connect(&dsn, DEADLINE).await.map_err(|error| failed(&error))?;
                let rows = client.query("SELECT id FROM orders").await.map_err(|error| failed(&error))?;
                let ids = rows.iter().filter_map(|row| row.first()?.as_ref()?.parse::<i64>().ok());
                Some((side.region(), ids.collect::<BTreeSet<_>>()))
            }
        };
        Ok(measure(&tried, survivors.as_ref().map(|(region, ids)| (*region, ids))))
    }
}

fn measure(tried: &[Tried], survivors: Option<(&'static str, &BTreeSet<i64>)>) -> Report {
    let acknowledged: Vec<(i64, Timestamp)> =
        tried.iter().filter_map(|tried| Some((tried.id, tried.acknowledged?))).collect();
    let gap = acknowledged
        .windows(2)
        .max_by_key(|pair| since(pair[1].1, pair[0].1))
        .filter(|pair| since(pair[1].1, pair[0].1) > Duration::from_secs(1));
    let lost: Vec<_> =
        acknowledged.iter().filter(|(id, _)| survivors.is_some_and(|(_, ids)| !ids.contains(id))).collect();
    let rpo = survivors.map(|(_, ids)| match (lost.first(), lost.last()) {
        (Some((first, _)), Some((_, last_at))) => {
            let survived = acknowledged.iter().rev().find(|(id, _)| id < first && ids.contains(id));
            survived.map_or(Duration::ZERO, |(_, at)| since(*last_at, *at))
        }
        _ => Duration::ZERO,
    });
    Report {
        acknowledged: acknowledged.len(),
        last_before: gap.map(|pair| pair[0].1),
        first_after: gap.map(|pair| pair[1].1),
        rto: gap.map(|pair| since(pair[1].1, pair[0].1)),
        lost: lost.len(),
        rpo,
        serving: survivors.map(|(region, _)| region),
        rto_target: RTO_TARGET,
        rpo_target: RPO_TARGET,
    }
}

/// What the client wrote so far; a line that is still being written is not read.
pub(super) fn read(path: &Path) -> Vec<Tried> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} writes were acknowledged; {} serves", self.acknowledged, self.serving.unwrap_or("no side"))?;
        match (self.last_before, self.first_after, self.rto) {
            (Some(before), Some(after), Some(rto)) => {
                writeln!(f, "last acknowledged before  {}", rfc3339(before))?;
                writeln!(f, "first acknowledged after  {}", rfc3339(after))?;
                writeln!(
                    f,
                    "{} RTO  {} (target {})",
                    mark(rto <= self.rto_target),
                    human(rto),
                    human(self.rto_target)
                )?;
            }
            _ => writeln!(f, "writes were never interrupted for more than a second")?,
        }
        match self.rpo {
            Some(rpo) => write!(
                f,
                "{} RPO  {} (target {}): {} acknowledged writes lost",
                mark(rpo <= self.rpo_target),
                human(rpo),
                human(self.rpo_target),
                self.lost
            ),
            None => write!(f, "? RPO  unknown: no side serves"),
        }
    }
}

const fn mark(met: bool) -> char {
    if met { '✓' } else { '✗' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: i64, second: i64, acknowledged: bool) -> Tried {
        let sent = Timestamp::from_second(second).unwrap();
        Tried { id, sent, acknowledged: acknowledged.then_some(sent), region: None }
    }

    #[test]
    fn what_was_acknowledged_and_is_missing_was_lost() {
        let tried = [order(1, 0, true), order(2, 1, true), order(3, 2, true), order(4, 3, false), order(5, 42, true)];
        let report = measure(&tried, Some(("us-west-2", &BTreeSet::from([1, 5]))));
        assert_eq!((report.lost, report.rpo), (2, Some(Duration::from_secs(2))));
        assert_eq!(report.rto, Some(Duration::from_secs(40)));
    }

    #[test]
    fn without_a_serving_side_the_loss_is_unknown() {
        let report = measure(&[order(1, 0, true)], None);
        assert_eq!((report.rpo, report.rto, report.lost), (None, None, 0));
    }
}
