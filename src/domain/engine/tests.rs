//! The engine driven by hand: acts in, entries out, as a console with a perfect disk would.

mod alerts;
mod attempts;
mod children;
mod crossing;
mod doubt;
mod exercise;
mod incident;
mod lead;
mod tell;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::execution::{AttemptOutcome, End, Part, Resolved, VerifyResult};
use crate::ident::{DatabaseId, Hash, IncidentId, RegionId, RunId, StepId};
use crate::log::{BootClock, Entry, Event, Kind, Mode, Sev};
use crate::people::Actor;
use crate::reading::Board;
use crate::time::{Now, Timestamp};

const ESTATE: &str = r#"
name = "orders-platform"
[regions.us-east-1]
role = "primary"
[regions.us-west-2]
[databases.orders-db]
[databases.orders-db.servers]
us-east-1 = "host=east dbname=orders"
us-west-2 = "host=west dbname=orders"
[people.raj]
roles = ["data-owner"]
"#;

const RUNBOOK: &str = r#"---
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

- [ ] Look at it <!-- id: look -->

  ```bash run readonly
  true
  ```

- [ ] Stop writes <!-- id: stop -->

  ```bash run
  stop-writes
  ```

  ```bash rollback
  start-writes
  ```

- [ ] Only when planned <!-- id: planned -->

  When: MODE = planned

  ```bash run
  true
  ```

- [ ] Promote <!-- id: promote -->

  On: orders-db@$TO; Point of no return: yes; Undo: rebuild; Approval: data-owner or commander after 2m

  ```check guard
  fenced orders-db@$FROM
  ```

  ```bash run
  promote
  ```

- [ ] Switch traffic <!-- id: switch -->

  ```bash run idempotent retry=1
  switch
  ```

  ```bash verify
  serves
  ```
"#;

/// A console with a perfect disk and a clock of its own.
struct Bench {
    state: State,
    board: Board,
    now: Now,
    effects: Vec<Effect>,
}

fn actor(name: &str) -> Actor {
    Actor::claimed(name, "bastion")
}

fn id(number: u128) -> ulid::Ulid {
    ulid::Ulid::from(number)
}

const RUN: RunId = RunId(ulid::Ulid(7));

impl Bench {
    fn opened() -> Self {
        Self::opened_with(RUNBOOK)
    }

    fn opened_with(runbook: &str) -> Self {
        let estate = Arc::new(crate::estate::parse(ESTATE).estate);
        let now = Now { wall: Timestamp::from_second(1_790_000_000).unwrap(), boot: Duration::from_secs(1000) };
        let mut bench = Self { state: State::default(), board: Board::new(estate), now, effects: Vec::new() };
        let opening = Opening {
            incident: IncidentId(id(1)),
            label: "INC-2026-0001".to_owned(),
            kind: Kind::Live,
            severity: Sev(1),
            title: "us-east-1 is down".to_owned(),
            impact_at: now.wall,
            impact_basis: "as declared".to_owned(),
            from: Some(RegionId::from("us-east-1")),
            to: Some(RegionId::from("us-west-2")),
            estate: Arc::from(ESTATE),
        };
        bench.must("mara", Command::Open(Box::new(opening)));
        bench.must("mara", Command::take_command(&"mara".into()));
        let start = Start {
            run: RUN,
            runbook: Arc::from(runbook),
            runbook_name: "regional-failover".to_owned(),
            mode: Mode::Forced,
            from: Some(RegionId::from("us-east-1")),
            to: Some(RegionId::from("us-west-2")),
            values: BTreeMap::new(),
            parent: None,
        };
        bench.must("mara", Command::StartRun(Box::new(start)));
        bench
    }

    fn act(&mut self, who: &str, command: Command) -> Result<(), Refusal> {
        self.now = self.now.after(Duration::from_millis(100));
        let decision = decide(&self.state, &self.board, &Act { actor: actor(who), command }, self.now)?;
        for event in decision.events {
            let seq = self.state.entries.len() as u64 + 1;
            let entry = Arc::new(Entry {
                seq,
                occurred_at: decision.occurred_at.unwrap_or(self.now.wall),
                recorded_at: self.now.wall,
                clock: BootClock { id: "boot".to_owned(), at: self.now.boot },
                kind: Kind::Live,
                actor: actor(who),
                event,
                prev: self.state.head(),
                signature: None,
                hash: Hash::of(&seq.to_be_bytes()),
            });
            evolve(&mut self.state, &entry);
            self.effects.extend(react(&self.state, &entry));
        }
        Ok(())
    }

    #[track_caller]
    fn must(&mut self, who: &str, command: Command) {
        self.act(who, command).unwrap();
    }

    #[track_caller]
    fn refused(&mut self, who: &str, command: Command) -> Reason {
        let entries = self.state.entries.len();
        let refusal = self.act(who, command).unwrap_err();
        assert_eq!(self.state.entries.len(), entries, "a refusal records nothing");
        refusal.reason
    }

    fn run(&self) -> &Run {
        self.state.run(RUN).unwrap()
    }

    fn step(&self, step: &str) -> StepState {
        self.run().step_state(&StepId::from(step))
    }

    fn resolved(&self, step: &str, part: Part) -> Resolved {
        resolve_step(&self.board, self.run(), &StepId::from(step), part).unwrap()
    }

    fn execute(&mut self, step: &str, confirmation: Confirmation) -> Result<(), Refusal> {
        let resolved = self.resolved(step, Part::Run);
        self.act("ana", execution(resolved, confirmation))
    }

    fn finish(&mut self, step: &str, attempt: u32, end: End) -> Result<(), Refusal> {
        let (run, step) = (RUN, StepId::from(step));
        let outcome = outcome(end, self.now.wall);
        self.act("ana", Command::FinishStep { run, step, part: Part::Run, attempt, outcome })
    }

    fn tick(&mut self, step: &str) {
        self.must("ana", Command::DoneByHand { run: RUN, step: StepId::from(step), evidence: String::new() });
    }

    fn done(&mut self, step: &str, confirmation: Confirmation) {
        self.execute(step, confirmation).unwrap();
        self.finish(step, 1, End::Succeeded { exit: Some(0) }).unwrap();
    }

    fn verified(&mut self, step: &str, attempt: u32, passed: bool) {
        let result = VerifyResult { passed, tries: 1, detail: "looked".to_owned(), took: Duration::ZERO };
        self.must("ana", Command::VerifyStep { run: RUN, step: StepId::from(step), attempt, result });
    }

    /// Everything before the promotion is done.
    fn before_promotion() -> Self {
        let mut bench = Self::opened();
        bench.tick("tell");
        bench.tick("wait");
        bench.verified("wait", 0, true);
        bench.done("look", Confirmation::Key);
        bench.done("stop", Confirmation::Yes);
        bench
    }

    fn state_fence(&mut self) {
        let (database, region) = (DatabaseId::from("orders-db"), RegionId::from("us-east-1"));
        let how = "instances stopped".to_owned();
        self.must("ana", Command::StateFence { database, region, how, by: "ana".into() });
    }
}

fn execution(resolved: Resolved, confirmation: Confirmation) -> Command {
    Command::Execute(Box::new(Execution { resolved, guards: Vec::new(), confirmation, at_risk: BTreeMap::new() }))
}

fn outcome(end: End, at: Timestamp) -> AttemptOutcome {
    AttemptOutcome {
        end,
        started_at: at,
        ended_at: at,
        duration: Duration::from_millis(5),
        values: BTreeMap::new(),
        output: None,
        summary: String::new(),
        undo: None,
    }
}

/// Overrides by name every guard that is not met, as a commander without any reading would have to.
fn break_every_glass(bench: &mut Bench) {
    let run = bench.run();
    let step = run.step(&StepId::from("promote")).unwrap().clone();
    let unmet: Vec<_> = own_guards(&bench.state, &bench.board, run, &step, bench.now)
        .into_iter()
        .filter(|guard| !guard.verdict.lets_through())
        .collect();
    for guard in unmet {
        let (step, reason) = (step.id.clone(), "nothing can be read".to_owned());
        bench.must(
            "mara",
            Command::OverrideGuard {
                run: RUN,
                step,
                guard: guard.name,
                seen: guard.seen,
                reason,
                authority: "mara".into(),
            },
        );
    }
}
