//! The engine driven by hand: acts in, entries out, as a console with a perfect disk would.

mod doubt;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::execution::{AttemptOutcome, End, Part, Resolved, VerifyResult};
use crate::ident::{DatabaseId, Hash, IncidentId, RegionId, RunId, StepId};
use crate::log::{BootClock, Entry, Event, Kind, Mode, Sev};
use crate::people::{Actor, Role};
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
        bench.must("mara", Command::TakeCommand { role: Role::Commander });
        let start = Start {
            run: RUN,
            runbook: Arc::from(runbook),
            runbook_name: "regional-failover".to_owned(),
            mode: Mode::Forced,
            from: Some(RegionId::from("us-east-1")),
            to: Some(RegionId::from("us-west-2")),
            values: BTreeMap::new(),
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
    }
}

#[test]
fn an_intent_is_recorded_and_only_then_executed() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    assert!(bench.effects.is_empty());
    bench.execute("look", Confirmation::Key).unwrap();
    assert!(matches!(bench.state.entries.last().unwrap().event, Event::StepIntended { .. }));
    assert!(matches!(bench.effects.as_slice(), [Effect::Execute(resolved)] if resolved.text.trim() == "true"));
    assert_eq!(bench.step("look"), StepState::Running);
}

#[test]
fn replaying_a_log_gives_the_same_incident_and_executes_nothing() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    let replayed = replay(&bench.state.entries);
    assert_eq!(format!("{:?}", replayed.runs), format!("{:?}", bench.state.runs));
    assert_eq!(replayed.head, bench.state.head);
}

#[test]
fn one_key_is_not_enough_for_what_changes_something() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.execute("stop", Confirmation::Key).unwrap_err().reason, Reason::Confirmation);
    bench.execute("stop", Confirmation::Yes).unwrap();
}

#[test]
fn guards_protect_the_promotion_not_order() {
    let mut bench = Bench::before_promotion();
    let typed = Confirmation::Typed("us-west-2".to_owned());
    let refusal = bench.execute("promote", typed.clone()).unwrap_err();
    assert_eq!(refusal.reason, Reason::Guard);
    assert!(refusal.message.contains("fenced"), "{}", refusal.message);
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

#[test]
fn a_promotion_needs_its_approval_its_typing_and_freezes_the_recovery_point() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    break_every_glass(&mut bench);
    let typed = Confirmation::Typed("us-west-2".to_owned());
    assert_eq!(bench.execute("promote", typed.clone()).unwrap_err().reason, Reason::Approval);
    let resolved = bench.resolved("promote", Part::Run);
    let digest = resolved.digest();
    let step = StepId::from("promote");
    bench.must("ana", Command::RequestApproval { run: RUN, step: step.clone(), resolved: Box::new(resolved) });
    assert_eq!(bench.step("promote"), StepState::AwaitingApproval);
    let approve = |by: &str| Command::Approve { run: RUN, step: step.clone(), digest, by: by.into(), spoken: false };
    assert_eq!(bench.refused("ana", approve("ana")), Reason::Approval, "a second name is needed");
    assert_eq!(bench.refused("mara", approve("mara")), Reason::Approval, "the fallback has to wait");
    bench.must("raj", approve("raj"));
    assert_eq!(bench.execute("promote", Confirmation::Yes).unwrap_err().reason, Reason::Confirmation);
    bench.execute("promote", typed).unwrap();
    bench.finish("promote", 1, End::Succeeded { exit: Some(0) }).unwrap();
    assert!(bench.state.incident.as_ref().unwrap().no_return_at.is_some());
    assert!(!bench.run().rollback_offered(&StepId::from("stop")), "undo of earlier steps is no longer offered");
}

#[test]
fn an_accepted_write_revokes_every_fence() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    let (database, region) = (DatabaseId::from("orders-db"), RegionId::from("us-east-1"));
    let evidence = "a write was accepted".to_owned();
    bench.must("ana", Command::RevokeFence { database: database.clone(), region: region.clone(), evidence });
    let fence = &bench.state.fences[&(database, region)];
    assert!(fence.statement.is_none() && fence.revoked.is_some());
    assert_eq!(
        bench.execute("promote", Confirmation::Typed("us-west-2".to_owned())).unwrap_err().reason,
        Reason::Guard
    );
}

#[test]
fn a_lost_step_is_unknown_until_a_person_settles_it_and_nothing_goes_past_it() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    bench.execute("stop", Confirmation::Yes).unwrap();
    bench.finish("stop", 1, End::TimedOut).unwrap();
    assert_eq!(bench.step("stop"), StepState::Unknown);
    assert_eq!(bench.run().state, RunState::HeldByFailure { step: StepId::from("stop") });
    assert_eq!(bench.execute("switch", Confirmation::Yes).unwrap_err().reason, Reason::NotNow);
    let settle = |evidence: &str| Command::Settle {
        run: RUN,
        step: StepId::from("stop"),
        succeeded: true,
        evidence: evidence.to_owned(),
    };
    assert_eq!(bench.refused("ana", settle(" ")), Reason::Confirmation);
    bench.must("ana", settle("no writes in the access log since 02:13Z"));
    assert_eq!(bench.step("stop"), StepState::Succeeded);
    assert_eq!(bench.run().state, RunState::Running);
}

#[test]
fn a_timeout_of_an_idempotent_block_is_a_failed_attempt_and_its_author_may_allow_another() {
    let mut bench = Bench::before_promotion();
    bench.must(
        "mara",
        Command::Skip { run: RUN, step: StepId::from("promote"), reason: "promoted by Patroni".to_owned() },
    );
    bench.execute("switch", Confirmation::Yes).unwrap();
    bench.effects.clear();
    bench.finish("switch", 1, End::TimedOut).unwrap();
    assert_eq!(bench.step("switch"), StepState::Failed);
    assert!(matches!(bench.effects.as_slice(), [Effect::Retry { .. }]));
    bench.execute("switch", Confirmation::Retry).unwrap();
    bench.finish("switch", 2, End::Failed { exit: Some(1), why: "exit 1".to_owned() }).unwrap();
    assert_eq!(bench.execute("switch", Confirmation::Retry).unwrap_err().reason, Reason::NotNow);
}

#[test]
fn what_is_not_idempotent_is_run_again_only_by_typing_its_name() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    bench.execute("stop", Confirmation::Yes).unwrap();
    bench.finish("stop", 1, End::Failed { exit: Some(1), why: "exit 1".to_owned() }).unwrap();
    assert_eq!(bench.execute("stop", Confirmation::Yes).unwrap_err().reason, Reason::Confirmation);
    bench.execute("stop", Confirmation::Typed("stop".to_owned())).unwrap();
}

#[test]
fn what_is_typed_every_time_is_run_again_by_typing_it_again() {
    let typed = RUNBOOK.replace(
        "- [ ] Stop writes <!-- id: stop -->\n",
        "- [ ] Stop writes <!-- id: stop -->\n\n  Confirm: type $FROM\n",
    );
    let mut bench = Bench::opened_with(&typed);
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    let from = || Confirmation::Typed("us-east-1".to_owned());
    bench.execute("stop", from()).unwrap();
    bench.finish("stop", 1, End::Failed { exit: Some(1), why: "exit 1".to_owned() }).unwrap();
    assert_eq!(bench.execute("stop", Confirmation::Yes).unwrap_err().reason, Reason::Confirmation);
    bench.execute("stop", from()).unwrap();
}

#[test]
fn an_outcome_is_recorded_once() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.finish("look", 1, End::TimedOut).unwrap_err().reason, Reason::Duplicate);
    assert_eq!(bench.finish("look", 9, End::TimedOut).unwrap_err().reason, Reason::NoSuchThing);
}

#[test]
fn what_changed_since_it_was_shown_does_not_run() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    let mut resolved = bench.resolved("look", Part::Run);
    resolved.text.push_str("rm -rf /");
    assert_eq!(bench.refused("ana", execution(resolved, Confirmation::Key)), Reason::Changed);
}

#[test]
fn a_step_that_does_not_apply_is_no_obstacle_and_a_mode_change_brings_it_back() {
    let mut bench = Bench::before_promotion();
    assert_eq!(bench.step("planned"), StepState::NotApplicable);
    assert_eq!(bench.run().next(), [StepId::from("promote")]);
    let reason = "the old side is reachable after all".to_owned();
    bench.must("mara", Command::ChangeMode { run: RUN, step: None, mode: Mode::Planned, reason });
    assert_eq!(bench.run().next(), [StepId::from("planned")]);
}

#[test]
fn an_open_manual_step_does_not_hold_up_the_next_but_is_noted() {
    let mut bench = Bench::opened();
    bench.execute("look", Confirmation::Key).unwrap();
    assert!(bench.run().record(&StepId::from("look")).out_of_order);
    assert_eq!(bench.execute("switch", Confirmation::Yes).unwrap_err().reason, Reason::NotNow);
}

#[test]
fn a_run_ends_with_its_exceptions_named() {
    let mut bench = Bench::before_promotion();
    bench.must("mara", Command::Skip { run: RUN, step: StepId::from("promote"), reason: "done by Patroni".to_owned() });
    bench.done("switch", Confirmation::Yes);
    assert_eq!(bench.step("switch"), StepState::Verifying);
    bench.verified("switch", 1, true);
    let RunState::CompletedWithExceptions { exceptions } = &bench.run().state else {
        panic!("{:?}", bench.run().state)
    };
    assert_eq!(exceptions.as_slice(), ["Promote: skipped (done by Patroni)"]);
}

#[test]
fn a_paused_run_starts_nothing() {
    let mut bench = Bench::opened();
    bench.must("mara", Command::Pause { run: RUN, reason: "waiting for the provider".to_owned() });
    assert_eq!(bench.execute("look", Confirmation::Key).unwrap_err().reason, Reason::NotNow);
    bench.must("mara", Command::Resume { run: RUN });
    bench.execute("look", Confirmation::Key).unwrap();
}

#[test]
fn an_incident_is_not_closed_over_a_running_step_or_an_old_side_nobody_watches() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.execute("look", Confirmation::Key).unwrap();
    let close = || Command::Close { reason: "over".to_owned() };
    assert_eq!(bench.refused("mara", close()), Reason::NotNow);
    bench.finish("look", 1, End::Succeeded { exit: Some(0) }).unwrap();
    bench.must("mara", close());
    assert_eq!(
        bench.refused("mara", Command::Note { text: "late".into(), run: None, step: None, occurred_at: None }),
        Reason::NoIncident
    );
}

#[test]
fn the_first_changing_step_is_the_decision_when_none_was_recorded() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.state.incident.as_ref().unwrap().decided_at, None);
    bench.execute("stop", Confirmation::Yes).unwrap();
    assert!(bench.state.incident.as_ref().unwrap().decided_at.is_some());
}

#[test]
fn an_entry_of_a_newer_version_makes_the_log_read_only() {
    let mut bench = Bench::opened();
    let mut entry = Entry::clone(bench.state.entries.last().unwrap());
    entry.event = serde_json::from_str(r#"{"type": "moon_landed", "at": 1}"#).unwrap();
    evolve(&mut bench.state, &Arc::new(entry));
    assert_eq!(bench.refused("mara", Command::TakeCommand { role: Role::Commander }), Reason::ReadOnly);
}

#[test]
fn the_verify_blocks_of_a_manual_step_have_their_say() {
    let mut bench = Bench::opened();
    bench.tick("wait");
    assert_eq!(bench.step("wait"), StepState::Verifying);
    assert!(matches!(bench.effects.as_slice(), [Effect::Verify { attempt: 0, .. }]));
    bench.verified("wait", 0, false);
    assert_eq!(bench.step("wait"), StepState::Failed);
    let by_hand =
        |evidence: &str| Command::DoneByHand { run: RUN, step: StepId::from("wait"), evidence: evidence.into() };
    assert_eq!(bench.refused("ana", by_hand("")), Reason::Confirmation);
    bench.must("ana", by_hand("the provider confirms the outage"));
    assert_eq!(bench.step("wait"), StepState::DoneByHand);
}

#[test]
fn a_value_is_taken_as_its_declaration_says_and_a_secret_never() {
    let vars =
        "---\nrunbook: 1\nvars:\n  COUNT: {type: int, min: 1}\n  TOKEN: {type: secret, from: \"env:TOKEN\"}\n---\n";
    let mut bench = Bench::opened_with(&RUNBOOK.replacen("---\nrunbook: 1\ntitle: Regional failover\n---\n", vars, 1));
    let set = |name: &str, value: &str| Command::SetValue { run: RUN, name: name.to_owned(), value: value.to_owned() };
    bench.must("mara", set("COUNT", " 07 "));
    assert_eq!(bench.run().values["COUNT"], "7");
    assert_eq!(bench.refused("mara", set("COUNT", "0")), Reason::NotNow);
    assert_eq!(bench.refused("mara", set("TOKEN", "hunter2")), Reason::NotNow);
    assert_eq!(bench.refused("mara", set("NOTHING", "1")), Reason::NoSuchThing);
}
