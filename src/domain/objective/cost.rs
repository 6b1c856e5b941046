//! What failing over to a region would cost: how each recovery point objective would stand.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rows::{databases_of, databases_of_target};
use super::rpo;
use crate::estate::{Estate, Objective};
use crate::ident::{DatabaseId, RegionId};
use crate::reading::{ReplicationStatus, Verdict};
use crate::time::Timestamp;

/// Names of objectives, as the rows of the panel have them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub kept: Vec<String>,
    /// Not known to be kept: the old side may have written more than is known.
    pub at_risk: Vec<String>,
    /// More is lost already than was promised.
    pub missed: Vec<String>,
    pub unknown: Vec<String>,
}

impl Cost {
    /// Of every objective that promises a figure for a database.
    pub(crate) fn of(region: &RegionId, estate: &Estate, replication: &[ReplicationStatus], now: Timestamp) -> Self {
        let tiers =
            estate.tiers.iter().map(|tier| (format!("Tier {}", tier.id), tier.rpo, databases_of(estate, &tier.id)));
        let targets =
            estate.targets.iter().map(|target| (target.name.clone(), target.rpo, databases_of_target(estate, target)));
        let mut cost = Self::default();
        for (name, rpo, databases) in tiers.chain(targets) {
            let Objective::Within(rpo) = rpo else { continue };
            let each = databases.iter().map(|database| takeover(database, region, rpo, replication, now));
            match each.max_by_key(|verdict| rpo::badness(*verdict)) {
                Some(Verdict::Ok) => cost.kept.push(name),
                Some(Verdict::AtRisk) => cost.at_risk.push(name),
                Some(Verdict::Missed) => cost.missed.push(name),
                Some(Verdict::Unknown) => cost.unknown.push(name),
                Some(Verdict::NotApplicable) | None => {}
            }
        }
        cost
    }

    /// `inside every RPO except that of Tier 1`; `None` where nothing was promised.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let outside: Vec<&str> = self.missed.iter().chain(&self.at_risk).map(String::as_str).collect();
        let known = match (self.kept.is_empty(), outside.is_empty()) {
            (false, true) if self.unknown.is_empty() => Some("inside every RPO".to_owned()),
            (false, true) => Some(format!("inside the RPO of {}", self.kept.join(", "))),
            (false, false) if self.unknown.is_empty() => {
                Some(format!("inside every RPO except that of {}", outside.join(", ")))
            }
            (false, false) => {
                Some(format!("inside the RPO of {}, not of {}", self.kept.join(", "), outside.join(", ")))
            }
            (true, false) => Some(format!("outside the RPO of {}", outside.join(", "))),
            (true, true) => None,
        };
        let unknown = (!self.unknown.is_empty())
            .then(|| format!("not known whether inside the RPO of {}", self.unknown.join(", ")));
        let parts: Vec<String> = known.into_iter().chain(unknown).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// What the database's server in `region` would make of the objective by taking over.
fn takeover(
    database: &DatabaseId,
    region: &RegionId,
    rpo: Duration,
    replication: &[ReplicationStatus],
    now: Timestamp,
) -> Verdict {
    // Of several that tell of the same copy, the server's own word counts first.
    let told = replication.iter().filter(|row| row.database == *database && row.region == *region);
    let row = told.min_by_key(|row| row.source);
    match row {
        Some(row) if row.role == "standby" => {
            let lost = row.at_risk.as_ref().map(|at_risk| rpo::of_recovery_point(at_risk, rpo));
            if lost == Some(Verdict::Missed) { Verdict::Missed } else { rpo::of_standby(row, rpo, now) }
        }
        // It accepts writes already: nothing is left behind.
        Some(row) if row.role == "primary" => Verdict::Ok,
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_reads_as_a_sentence() {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let cost = |kept: &[&str], at_risk: &[&str], missed: &[&str], unknown: &[&str]| {
            Cost { kept: named(kept), at_risk: named(at_risk), missed: named(missed), unknown: named(unknown) }
                .sentence()
                .unwrap_or_default()
        };
        assert_eq!(cost(&["Tier 2"], &[], &[], &[]), "inside every RPO");
        assert_eq!(cost(&["Tier 2", "Tier 3"], &[], &["Tier 1"], &[]), "inside every RPO except that of Tier 1");
        assert_eq!(cost(&[], &["Tier 2"], &["Tier 1"], &[]), "outside the RPO of Tier 1, Tier 2");
        assert_eq!(
            cost(&["Tier 3"], &[], &["Tier 1"], &["Tier 2"]),
            "inside the RPO of Tier 3, not of Tier 1, not known whether inside the RPO of Tier 2"
        );
        assert_eq!(cost(&[], &[], &[], &[]), "");
    }
}
