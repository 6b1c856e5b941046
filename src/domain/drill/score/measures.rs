//! What was measured, beside the targets of the scenario and the objectives of the estate.

use std::time::Duration;

use super::instants::{Instant, Instants};
use super::{Measure, Score, is_to_recover};
use crate::engine::{Exercise, Incident, State};
use crate::estate::{ClockStart, Objective, Tier};
use crate::ident::DatabaseId;
use crate::log::Counted;
use crate::objective::{AtRisk, of_recovery_point};
use crate::reading::Verdict;
use crate::report::{Loss, metrics, still_broken};
use crate::time::{Timestamp, human, since};
use crate::untrusted::sanitise_line;

/// Those that have a target or were measured.
pub(super) fn of(state: &State, exercise: &Exercise, instants: &Instants) -> Vec<Measure> {
    let targets = &exercise.scenario.targets;
    let Instants { impact, detected, decided, recovered, .. } = instants;
    let measure = |name: &str, from: &Option<Instant>, to: &Option<Instant>, target| {
        instants.measure(name, from.as_ref(), to.as_ref(), target)
    };
    let mut measures = vec![
        measure("Detection", impact, detected, targets.detection),
        measure("Decision", detected, decided, targets.decision),
        execution(instants, targets.execution),
        measure(Score::RTO, impact, recovered, targets.total),
    ];
    if targets.objectives {
        measures.extend(tiers(state, exercise, instants));
    }
    measures.extend(losses(state, exercise));
    measures.retain(|measure| measure.target.is_some() || measure.measured.is_some());
    measures
}

/// What was back before it was decided to bring it back took no execution, and shows nothing of one.
fn execution(instants: &Instants, target: Option<Duration>) -> Measure {
    let Instants { executing, recovered, .. } = instants;
    let before = executing.as_ref().zip(recovered.as_ref()).is_some_and(|(from, to)| to.at < from.at);
    let measure = instants.measure(Score::EXECUTION, executing.as_ref(), recovered.as_ref(), target);
    if !before {
        return measure;
    }
    let basis = "everything was back before it was decided".to_owned();
    Measure { measured: None, span: None, verdict: Verdict::NotApplicable, basis, ..measure }
}

impl Instants {
    fn measure(&self, name: &str, from: Option<&Instant>, to: Option<&Instant>, target: Option<Duration>) -> Measure {
        let span = from.zip(to).map(|(from, to)| since(to.at, from.at));
        let verdict = match (target, span, from) {
            (None, ..) => Verdict::NotApplicable,
            (Some(target), Some(span), _) if span <= target => Verdict::Ok,
            (Some(_), Some(_), _) => Verdict::Missed,
            // What has not come by now can only take longer.
            (Some(target), None, Some(from)) if since(self.end, from.at) > target => Verdict::Missed,
            (Some(_), None, _) => Verdict::Unknown,
        };
        let until = if self.over { "not before EndEx" } else { "not yet" };
        let basis = match (from, to) {
            (Some(from), Some(to)) => format!("{} … {}", from.basis, to.basis),
            (Some(from), None) => format!("{} … {until}", from.basis),
            (None, _) => "what it counts from did not come".to_owned(),
        };
        Measure {
            name: sanitise_line(name),
            measured: span.map(human),
            span,
            lost: None,
            target,
            verdict,
            basis: sanitise_line(&basis),
        }
    }
}

/// Each tier that was hit, as far as the log tells. Where nothing recovered nobody can say which were, and none did.
fn tiers(state: &State, exercise: &Exercise, instants: &Instants) -> Vec<Measure> {
    let incident = state.incident.as_ref();
    let none_recovered = incident.is_none_or(|incident| incident.recovered.is_empty());
    let hit = |tier: &Tier| match incident {
        _ if none_recovered && is_to_recover(exercise) => true,
        Some(incident) => incident.recovered.contains_key(&tier.id) || still_broken(state, incident, &tier.id),
        None => false,
    };
    let tier = |tier: &Tier| {
        let Objective::Within(rto) = tier.rto else { return None };
        let from = starts(tier.from, incident, instants);
        let to = incident.and_then(|incident| incident.recovered.get(&tier.id));
        let to = to.map(|at| Instant { at: *at, basis: format!("tier {} held ok", tier.id) });
        Some(instants.measure(&format!("RTO tier {}", tier.id), from.as_ref(), to.as_ref(), Some(rto)))
    };
    exercise.estate.tiers.iter().filter(|tier| hit(tier)).filter_map(tier).collect()
}

fn starts(clock: ClockStart, incident: Option<&Incident>, instants: &Instants) -> Option<Instant> {
    let at = |at: Timestamp, basis: &str| Instant { at, basis: basis.to_owned() };
    match clock {
        ClockStart::Impact => instants.impact.clone(),
        ClockStart::Declared => Some(at(incident?.opened_at, "declared")),
        ClockStart::Decided => instants.executing.clone(),
    }
}

/// Each database against the scenario's limit, and, where the estate's objectives count, those of its tiers. Where no
/// point of no return was crossed, nothing was given up.
fn losses(state: &State, exercise: &Exercise) -> Vec<Measure> {
    let targets = &exercise.scenario.targets;
    let losses = metrics(state).map_or_else(|| undeclared(exercise), |all| all.losses);
    let crossed = state.incident.as_ref().is_some_and(|incident| incident.no_return_at.is_some());
    let gone = exercise.counted.values().any(|counted| counted.lost_writes > 0);
    if !crossed && !gone {
        let calm =
            !is_to_recover(exercise) || state.incident.as_ref().is_some_and(|incident| !incident.recovered.is_empty());
        return targets.loss.map(|target| not_crossed(target, calm)).into_iter().collect();
    }
    let truth = |loss: &Loss| exercise.counted.get(&loss.database).copied();
    let known = |loss: &&Loss| loss.lost.is_some() || truth(loss).is_some_and(|counted| counted.lost_writes > 0);
    let some_known = losses.iter().any(|loss| known(&loss));
    let mut measures = Vec::new();
    let mut seen = Vec::new();
    for loss in losses.iter().filter(|loss| known(loss) || !some_known) {
        if !seen.contains(&&loss.database) {
            seen.push(&loss.database);
            measures.push(of_loss(loss, truth(loss), loss.database.as_str(), targets.loss));
        }
        if let (true, Some(tier), Objective::Within(rpo)) = (targets.objectives, &loss.tier, loss.rpo) {
            measures.push(of_loss(loss, truth(loss), &format!("{}, tier {tier}", loss.database), Some(rpo)));
        }
    }
    measures
}

/// Where nobody declared, nothing was shown, and what is gone is gone.
fn undeclared(exercise: &Exercise) -> Vec<Loss> {
    let gone = exercise.counted.iter().filter(|(_, counted)| counted.lost_writes > 0);
    let loss = |(database, _): (&DatabaseId, &Counted)| Loss {
        database: database.clone(),
        tier: None,
        rpo: Objective::NotApplicable,
        lost: None,
        verdict: Verdict::NotApplicable,
    };
    gone.map(loss).collect()
}

/// What the simulated world counted, where it did: the interval that players saw has to hold it. Else that interval.
fn of_loss(loss: &Loss, truth: Option<Counted>, name: &str, target: Option<Duration>) -> Measure {
    let seen = loss.lost.as_ref();
    let lost = match truth {
        Some(counted) => Some(counted_loss(counted, seen)),
        None => seen.cloned(),
    };
    let verdict = match (target, &lost) {
        (None, _) => Verdict::NotApplicable,
        (Some(_), None) => Verdict::Unknown,
        (Some(target), Some(lost)) => of_recovery_point(lost, target),
    };
    let basis = lost.as_ref().map_or("no cost was shown at the point of no return", |lost| lost.basis.as_str());
    Measure {
        name: sanitise_line(&format!("RPO {name}")),
        measured: lost.as_ref().map(AtRisk::interval),
        span: truth.map(|counted| counted.lost),
        target,
        verdict,
        basis: sanitise_line(basis),
        lost,
    }
}

fn counted_loss(counted: Counted, seen: Option<&AtRisk>) -> AtRisk {
    let seen_as = seen.map(|seen| format!("; the screen said {}", seen.interval())).unwrap_or_default();
    AtRisk {
        bytes_at_least: Some(counted.lost_bytes),
        at_least: counted.lost,
        at_most: Some(counted.lost),
        basis: format!("counted in the simulated world: {} writes{seen_as}", counted.lost_writes),
        as_of: seen.map_or(Timestamp::UNIX_EPOCH, |seen| seen.as_of),
    }
}

fn not_crossed(target: Duration, calm: bool) -> Measure {
    let (verdict, basis) = if calm {
        (Verdict::NotApplicable, "no point of no return was crossed: nothing was given up")
    } else {
        (Verdict::Unknown, "nothing was recovered")
    };
    Measure {
        name: "RPO".to_owned(),
        measured: None,
        span: None,
        lost: None,
        target: Some(target),
        verdict,
        basis: basis.to_owned(),
    }
}
