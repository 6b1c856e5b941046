//! The events of the story that take more than a line.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::console::Prepared;
use domain::execution::{AttemptOutcome, End, GuardResult, GuardVerdict, Part, Resolved, ResolvedTarget, VerifyResult};
use domain::ident::Hash;
use domain::log::{Approved, Event};
use domain::objective::AtRisk;
use domain::people::{Role, Seat};
use domain::runbook::Lang;
use domain::time::Now;

use super::readings;
use super::story::{RUN, RUNBOOK, at};

pub(super) fn dns() -> Resolved {
    Resolved {
        step: "dns".into(),
        lang: Lang::Bash,
        text: "./dns switch --to \"$TO\"".to_owned(),
        target: None,
        timeout: Duration::from_secs(120),
        ..resolved()
    }
}

pub(super) fn resolved() -> Resolved {
    Resolved {
        run: RUN,
        step: "promote".into(),
        part: Part::Run,
        attempt: 1,
        lang: Lang::Sql,
        text: "SELECT pg_promote(true, 60);".to_owned(),
        target: Some(ResolvedTarget {
            name: "orders-db@us-west-2".to_owned(),
            region: Some("us-west-2".into()),
            database: Some("orders-db".into()),
            dsn: Some("service=orders-west".to_owned()),
            address: Some("switchback@db.west:5432/orders".to_owned()),
            aws: None,
        }),
        env: BTreeMap::new(),
        secrets: BTreeMap::new(),
        timeout: Duration::from_secs(90),
        exit: vec![0],
        out: None,
        may_set: Vec::new(),
        pass_env: Vec::new(),
        idempotent: false,
        readonly: false,
        runbook: Hash::of(RUNBOOK.as_bytes()),
    }
}

pub(super) fn prepared() -> Prepared {
    let guard = |name: &str, verdict, seen: &str, measured: &str| GuardResult {
        name: name.to_owned(),
        verdict,
        seen: seen.to_owned(),
        evaluated_at: at("02:14:36"),
        measured_at: Some(at(measured)),
    };
    Prepared {
        run: RUN,
        step: "promote".into(),
        part: Part::Run,
        resolved: Ok(Box::new(resolved())),
        guards: vec![
            guard("fenced orders-db@us-east-1", GuardVerdict::Pass, "by statement: ana, instances stopped", "02:13:50"),
            guard("loss orders-db@us-west-2 <= 5m", GuardVerdict::Pass, "1.2s … 41s: accepted by mara", "02:14:12"),
        ],
        asking: false,
        at_risk: BTreeMap::from([("orders-db".into(), readings::at_risk())]),
        records: None,
        at: Now { wall: at("02:14:36"), boot: Duration::from_secs(90_000) },
    }
}

pub(super) fn approval_asked() -> Event {
    Event::ApprovalRequested {
        run: RUN,
        step: "promote".into(),
        digest: resolved().digest(),
        seat: Seat::Role(Role::DataOwner),
        fallback: Some(Seat::Role(Role::Commander)),
        fallback_after: Some(Duration::from_secs(120)),
        text: "SELECT pg_promote(true, 60);".to_owned(),
    }
}

pub(super) fn approval_given() -> Event {
    let approved =
        Approved { by: "raj".into(), seat: Some(Seat::Role(Role::DataOwner)), spoken: true, at: at("02:15:02") };
    Event::ApprovalGiven { run: RUN, step: "promote".into(), digest: resolved().digest(), approved }
}

pub(super) fn intended(resolved: Resolved, crossing: bool) -> Event {
    let at_risk: BTreeMap<_, AtRisk> =
        if crossing { BTreeMap::from([("orders-db".into(), readings::at_risk())]) } else { BTreeMap::new() };
    Event::StepIntended {
        resolved: Box::new(resolved),
        confirmed_by: "ana".into(),
        authorised_by: None,
        guards: Vec::new(),
        at_risk,
        out_of_order: false,
    }
}

pub(super) fn finished(resolved: &Resolved, from: &str, to: &str, summary: &str) -> Event {
    let (started_at, ended_at) = (at(from), at(to));
    let outcome = AttemptOutcome {
        end: End::Succeeded { exit: Some(0) },
        started_at,
        ended_at,
        duration: domain::time::since(ended_at, started_at),
        values: BTreeMap::new(),
        output: None,
        summary: summary.to_owned(),
        undo: None,
    };
    Event::StepFinished { run: RUN, step: resolved.step.clone(), part: Part::Run, attempt: 1, outcome }
}

pub(super) fn verified(step: &str, detail: &str) -> Event {
    let result = VerifyResult { passed: true, tries: 2, detail: detail.to_owned(), took: Duration::from_secs(2) };
    Event::StepVerified { run: RUN, step: step.into(), attempt: 1, result }
}
