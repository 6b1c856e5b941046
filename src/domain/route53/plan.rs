//! From what stands and what is wanted to what will be sent; and back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::batch::{Batch, Change, Wanted};
use super::record::{RecordSet, ResourceRecord, shown_name};

/// One set before and after. Route 53 gives a fresh set by `after`, takes one away by `before`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// `None`: there was none.
    pub before: Option<RecordSet>,
    /// `None`: it is taken away.
    pub after: Option<RecordSet>,
}

impl Planned {
    /// Something becomes different.
    #[must_use]
    pub fn changes(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => !before.same_as(after),
            (None, None) => false,
            _ => true,
        }
    }

    /// Either side; one of them is there.
    fn either(&self) -> Option<&RecordSet> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// `payments.example.com`.
    #[must_use]
    pub fn name(&self) -> String {
        self.either().map(|set| shown_name(&set.name)).unwrap_or_default()
    }

    /// Whether `standing` holds this set as it is after the change.
    #[must_use]
    pub fn stands_in(&self, standing: &[RecordSet]) -> bool {
        self.found(standing, self.after.as_ref())
    }

    /// Whether `standing` holds this set as it was before the change.
    #[must_use]
    pub fn untouched_in(&self, standing: &[RecordSet]) -> bool {
        self.found(standing, self.before.as_ref())
    }

    fn found(&self, standing: &[RecordSet], wanted: Option<&RecordSet>) -> bool {
        let Some(set) = self.either() else { return true };
        let now = standing.iter().find(|other| other.is_set(&set.name, &set.kind, set.set_identifier.as_deref()));
        match (now, wanted) {
            (Some(now), Some(wanted)) => now.same_as(wanted),
            (None, None) => true,
            _ => false,
        }
    }

    /// How long resolvers may go on with the old answer. An alias has the time of its target, 60 s for a load balancer.
    #[must_use]
    pub fn old_answer_lives(&self) -> Option<Duration> {
        let before = self.before.as_ref()?;
        let ttl = before.ttl.or_else(|| before.alias_target.as_ref().map(|_| 60))?;
        Some(Duration::from_secs(ttl.unsigned_abs()))
    }
}

/// What becomes of each set, given the sets of the same names that stand.
///
/// # Errors
/// A sentence: which set is meant cannot be told, there is none to take away, it would not be a whole record.
pub fn plan(batch: &Batch, standing: &[RecordSet]) -> Result<Vec<Planned>, String> {
    let mut planned: Vec<Planned> = Vec::new();
    for change in &batch.changes {
        let one = plan_one(change, standing)?;
        let twice = one.either().is_some_and(|set| {
            let same = |other: &RecordSet| other.is_set(&set.name, &set.kind, set.set_identifier.as_deref());
            planned.iter().any(|other| other.either().is_some_and(same))
        });
        if twice {
            return Err(format!("`{}` is changed twice: one change a record set", one.name()));
        }
        planned.push(one);
    }
    Ok(planned)
}

fn plan_one(change: &Change, standing: &[RecordSet]) -> Result<Planned, String> {
    let (name, kind, set) = change.about();
    if let Change::Put(complete) = change {
        let before = standing.iter().find(|other| other.is_set(name, kind, set)).cloned();
        return Ok(Planned { before, after: Some((**complete).clone()) });
    }
    let before = meant(name, kind, set, standing)?;
    let after = match change {
        Change::Delete { .. } if before.is_none() => {
            return Err(format!("there is no {kind} record `{name}` to delete"));
        }
        Change::Delete { .. } => None,
        Change::Create(_) if before.is_some() => return Err(format!("there is a {kind} record `{name}` already")),
        Change::Upsert(wanted) | Change::Create(wanted) => Some(laid_over(wanted, before.as_ref())?),
        Change::Put(_) => None,
    };
    if before.as_ref().is_some_and(|before| before.traffic_policy_instance_id.is_some()) {
        return Err(format!("`{name}` belongs to a traffic policy: change the policy instead"));
    }
    Ok(Planned { before, after })
}

/// The set that is meant: without an identifier, the only one there is.
fn meant(name: &str, kind: &str, set: Option<&str>, standing: &[RecordSet]) -> Result<Option<RecordSet>, String> {
    if set.is_some() {
        return Ok(standing.iter().find(|other| other.is_set(name, kind, set)).cloned());
    }
    let same: Vec<&RecordSet> =
        standing.iter().filter(|other| super::same_name(&other.name, name) && other.kind == kind).collect();
    match same.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some((*only).clone())),
        several => {
            let sets: Vec<&str> = several.iter().filter_map(|set| set.set_identifier.as_deref()).collect();
            let sets = crate::untrusted::sanitise_line(&sets.join(", "));
            Err(format!("`{name}` has several {kind} records: say which by `set_identifier`, one of {sets}"))
        }
    }
}

/// What is written over what stands: routing policy and health check stay unless written.
fn laid_over(wanted: &Wanted, before: Option<&RecordSet>) -> Result<RecordSet, String> {
    let mut set = before.cloned().unwrap_or_else(|| RecordSet {
        name: wanted.name.clone(),
        kind: wanted.kind.clone(),
        set_identifier: wanted.set_identifier.clone(),
        ..RecordSet::default()
    });
    if let Some(values) = &wanted.values {
        set.resource_records = values.iter().map(|value| ResourceRecord { value: value.clone() }).collect();
        set.alias_target = None;
    }
    if let Some(alias) = &wanted.alias {
        set.alias_target = Some(alias.clone());
        set.resource_records.clear();
        set.ttl = None;
    }
    set.ttl = wanted.ttl.or(set.ttl);
    set.weight = wanted.weight.or(set.weight);
    set.failover = wanted.failover.clone().or(set.failover);
    set.health_check_id = wanted.health_check.clone().or(set.health_check_id);
    let name = &wanted.name;
    match (&set.alias_target, set.ttl) {
        (Some(_), Some(_)) => Err(format!("`{name}` is an alias: it has the TTL of its target")),
        (None, None) => Err(format!("`{name}` has no `ttl`")),
        (None, Some(_)) if set.resource_records.is_empty() => Err(format!("`{name}` has neither `values` nor `alias`")),
        _ if set.routed() && set.set_identifier.is_none() => {
            Err(format!("`{name}` has a routing policy: it needs a `set_identifier`"))
        }
        _ => Ok(set),
    }
}

/// The batch that puts back what stood before; `None` when nothing was changed.
#[must_use]
pub fn undo(zone: &str, planned: &[Planned]) -> Option<Batch> {
    let back = |planned: &Planned| match (&planned.before, &planned.after) {
        (Some(before), _) => Some(Change::Put(Box::new(before.clone()))),
        (None, Some(after)) => Some(Change::Delete {
            name: after.name.clone(),
            kind: after.kind.clone(),
            set_identifier: after.set_identifier.clone(),
        }),
        (None, None) => None,
    };
    let changes: Vec<Change> = planned.iter().filter(|planned| planned.changes()).filter_map(back).collect();
    (!changes.is_empty()).then(|| Batch { zone: zone.to_owned(), changes })
}

/// `20 %` of the RTO, when there is one.
#[must_use]
pub fn share_of_rto(ttl: Duration, rto: Option<Duration>) -> Option<String> {
    let rto = rto.filter(|rto| !rto.is_zero())?;
    Some(format!("{:.0} % of the RTO of {}", 100.0 * ttl.as_secs_f64() / rto.as_secs_f64(), crate::time::human(rto)))
}
