//! A failover told entry by entry, chained and sealed as the journal does it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::drill::told::{orders_platform, run_started};
use crate::engine::{State, evolve, resolve_step};
use crate::execution::{AttemptOutcome, End, GuardResult, GuardVerdict, OutputRef, Part, Resolved, VerifyResult};
use crate::ident::{DatabaseId, Hash, IncidentId, RunId, StepId};
use crate::log::{Approved, BootClock, Draft, Event, Kind, Sev, Stamp, encode};
use crate::objective::AtRisk;
use crate::people::{Actor, Role, Seat};
use crate::reading::{Board, Health};
use crate::time::{Timestamp, at_offset};

pub(crate) const ESTATE: &str = orders_platform!(
    "rto = \"5m\"\nrpo = 0\n",
    "rto = \"30m\"\nrpo = \"5m\"\n",
    "[people.raj]\nroles = [\"data-owner\"]\n"
);

pub(crate) const RUNBOOK: &str = r#"---
runbook: 1
title: Regional failover
---
# Regional failover

## Pre-failover

- [ ] Tell everybody <!-- id: tell -->

- [ ] Wait for the region <!-- id: wait -->

  ```bash verify
  region-is-down
  ```

- [ ] Stop writes <!-- id: stop -->

  On: orders-db@$FROM

  ```sql run
  alter system set default_transaction_read_only = on
  ```

- [ ] Only when planned <!-- id: planned -->

  When: MODE = planned

  ```bash run
  true
  ```

## During failover

- [ ] Promote <!-- id: promote -->

  On: orders-db@$TO; Point of no return: yes; Undo: rebuild; Approval: data-owner or commander after 2m

  ```check guard
  fenced orders-db@$FROM
  ```

  ```sql run
  select pg_promote()
  ```

- [ ] Switch traffic <!-- id: switch -->

  ```bash run idempotent
  switch-traffic "$TO"
  ```

  ```bash verify
  serves "$TO"
  ```

- [ ] Scale up <!-- id: scale -->

  ```bash run
  scale
  ```

## Recovery to primary

- [ ] Rebuild the old side <!-- id: rebuild -->
"#;

pub(crate) const RUN: RunId = RunId(ulid::Ulid(7));

/// What is told, with a clock of its own.
pub(crate) struct Story {
    pub(crate) state: State,
    board: Board,
    start: Timestamp,
    head: Hash,
    kind: Kind,
}

impl Story {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            state: State::default(),
            board: Board::new(Arc::new(crate::estate::parse(ESTATE).estate)),
            start: "2026-11-20T02:06:55Z".parse().unwrap(),
            head: Hash::of(b"header"),
            kind,
        }
    }

    pub(crate) fn at(&self, second: u64) -> Timestamp {
        at_offset(self.start, Duration::from_secs(second))
    }

    /// Records at `second` what happened then.
    pub(crate) fn tell(&mut self, second: u64, who: &str, event: Event) {
        self.tell_late(second, second, who, event);
    }

    pub(crate) fn tell_late(&mut self, occurred: u64, recorded: u64, who: &str, event: Event) {
        let actor = Actor::claimed(who, "bastion");
        let draft = Draft { occurred_at: self.at(occurred), kind: self.kind, actor, event };
        let clock = BootClock { id: "boot".to_owned(), at: Duration::from_secs(recorded) };
        let stamp = Stamp { recorded_at: self.at(recorded), clock };
        let seq = self.state.entries.len() as u64 + 1;
        let (_, entry) = encode(&draft, seq, self.head, &stamp).unwrap();
        self.head = entry.hash;
        evolve(&mut self.state, &Arc::new(entry));
    }

    pub(crate) fn note(&mut self, second: u64, text: &str) {
        self.tell(second, "mara", Event::NoteAdded { text: text.to_owned(), run: None, step: None });
    }

    pub(crate) fn open(&mut self, title: &str) {
        let opened = Event::IncidentOpened {
            incident: IncidentId(ulid::Ulid(1)),
            label: "INC-2026-0007".to_owned(),
            kind: self.kind,
            severity: Sev(1),
            title: title.to_owned(),
            impact_at: self.at(0),
            impact_basis: "last good sample of us-east-1".to_owned(),
            from: Some("us-east-1".into()),
            to: Some("us-west-2".into()),
            estate: ESTATE.to_owned(),
        };
        self.tell(62, "mara", opened);
        self.tell(62, "mara", Event::CommandTaken { by: "mara".into(), role: Role::Commander, reason: None });
    }

    pub(crate) fn start(&mut self, second: u64, runbook: &str) {
        self.tell(second, "mara", run_started(RUN, runbook));
    }

    pub(crate) fn resolved(&self, step: &str) -> Resolved {
        resolve_step(&self.board, self.state.run(RUN).unwrap(), &StepId::from(step), Part::Run).unwrap()
    }

    pub(crate) fn intend(&mut self, second: u64, step: &str) {
        let intended = Event::StepIntended {
            resolved: Box::new(self.resolved(step)),
            confirmed_by: "ana".into(),
            authorised_by: None,
            guards: Vec::new(),
            at_risk: BTreeMap::new(),
            out_of_order: false,
        };
        self.tell(second, "ana", intended);
    }

    pub(crate) fn finish(&mut self, second: u64, step: &str, attempt: u32, end: End) {
        let output = format!("output of {step} {attempt}");
        let outcome = AttemptOutcome {
            end,
            started_at: self.at(second - 2),
            ended_at: self.at(second),
            duration: Duration::from_secs(2),
            values: BTreeMap::new(),
            output: Some(OutputRef {
                path: format!("attempts/{step}-{attempt}/output"),
                bytes: output.len() as u64,
                sha256: Hash::of(output.as_bytes()),
                cut: false,
            }),
            summary: output,
            undo: None,
        };
        let finished = Event::StepFinished { run: RUN, step: step.into(), part: Part::Run, attempt, outcome };
        self.tell(second, "ana", finished);
    }

    pub(crate) fn verified(&mut self, second: u64, step: &str, attempt: u32, passed: bool) {
        let result = VerifyResult { passed, tries: 2, detail: "exit 0".to_owned(), took: Duration::from_millis(1200) };
        self.tell(second, "ana", Event::StepVerified { run: RUN, step: step.into(), attempt, result });
    }

    pub(crate) fn by_hand(&mut self, second: u64, step: &str, evidence: &str) {
        let done =
            Event::StepDoneByHand { run: RUN, step: step.into(), evidence: evidence.to_owned(), out_of_order: false };
        self.tell(second, "ana", done);
    }

    fn fence_and_promote(&mut self) {
        let how = "instances stopped in the console".to_owned();
        let fenced =
            Event::FenceStated { database: "orders-db".into(), region: "us-east-1".into(), how, by: "ana".into() };
        self.tell(150, "ana", fenced);
        let (resolved, raj) = (self.resolved("promote"), Seat::Role(Role::DataOwner));
        let asked = Event::ApprovalRequested {
            run: RUN,
            step: "promote".into(),
            digest: resolved.digest(),
            seat: raj.clone(),
            fallback: Some(Seat::Role(Role::Commander)),
            fallback_after: Some(Duration::from_secs(120)),
            text: resolved.text.clone(),
        };
        self.tell(152, "ana", asked);
        let approved = Approved { by: "raj".into(), seat: Some(raj), spoken: true, at: self.at(170) };
        let (step, digest) = (StepId::from("promote"), resolved.digest());
        self.tell(170, "mara", Event::ApprovalGiven { run: RUN, step, digest, approved: approved.clone() });
        let at_risk = AtRisk {
            bytes_at_least: Some(16_384),
            at_least: Duration::from_millis(1200),
            at_most: Some(Duration::from_secs(41)),
            basis: "primary position 0/62BC9F0, standby has 0/62A83A8".to_owned(),
            as_of: self.at(160),
        };
        let guard = GuardResult {
            name: "fenced orders-db@us-east-1".to_owned(),
            verdict: GuardVerdict::Pass,
            seen: "by statement: ana, instances stopped in the console".to_owned(),
            evaluated_at: self.at(175),
            measured_at: Some(self.at(150)),
        };
        let intended = Event::StepIntended {
            resolved: Box::new(resolved),
            confirmed_by: "ana".into(),
            authorised_by: Some(approved),
            guards: vec![guard],
            at_risk: BTreeMap::from([(DatabaseId::from("orders-db"), at_risk)]),
            out_of_order: false,
        };
        self.tell(175, "ana", intended);
        self.finish(178, "promote", 1, End::Succeeded { exit: None });
    }

    fn serve(&mut self, second: u64, service: &str) {
        let (from, to) = (Some("us-east-1".into()), Some("us-west-2".into()));
        self.tell(second, "mara", Event::ServingChanged { subject: service.to_owned(), from, to });
    }

    /// A regional failover with most of what can go wrong on the way.
    pub(crate) fn failover(kind: Kind) -> Self {
        let mut story = Self::new(kind);
        story.open("us-east-1 is down");
        let down = Event::RegionChanged {
            region: "us-east-1".into(),
            from: Health::Ok,
            to: Health::Down,
            because: "every critical check is down".to_owned(),
        };
        story.tell_late(31, 63, "mara", down);
        story.start(64, RUNBOOK);
        story.tell(
            90,
            "mara",
            Event::DecisionRecorded { text: "nothing answers in us-east-1".to_owned(), failover: true, proposal: None },
        );
        story.by_hand(95, "tell", "posted in #incidents");
        story.by_hand(100, "wait", "");
        story.verified(102, "wait", 0, true);
        story.intend(110, "stop");
        story.finish(130, "stop", 1, End::TimedOut);
        let evidence = "no writes in the access log since 02:07Z".to_owned();
        story.tell(140, "ana", Event::StepSettled { run: RUN, step: "stop".into(), succeeded: true, evidence });
        story.fence_and_promote();
        story.intend(180, "switch");
        story.finish(183, "switch", 1, End::Failed { exit: Some(7), why: "the edge did not answer".to_owned() });
        story.intend(190, "switch");
        story.finish(192, "switch", 2, End::Succeeded { exit: Some(0) });
        story.serve(193, "checkout");
        story.serve(194, "reports");
        story.verified(195, "switch", 2, true);
        let reason = "capacity is enough".to_owned();
        story.tell(200, "mara", Event::StepSkipped { run: RUN, step: "scale".into(), reason });
        let exceptions = story.state.run(RUN).unwrap().exceptions();
        story.tell(200, "mara", Event::RunFinished { run: RUN, exceptions });
        story.tell_late(45, 210, "mara", Event::NoteAdded { text: "first page".to_owned(), run: None, step: None });
        let recovered = Event::TierRecovered { tier: "1".into(), recovered_at: story.at(195) };
        story.tell_late(255, 255, "mara", recovered);
        story.note(256, "customers confirm");
        let supersedes = story.state.entries.len() as u64;
        let text = "two customers confirm, one does not".to_owned();
        story.tell(270, "mara", Event::Correction { supersedes, text });
        story.tell(
            300,
            "mara",
            Event::IncidentClosed { reason: "served by us-west-2, the old side is fenced".to_owned() },
        );
        story
    }
}
