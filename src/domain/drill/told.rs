//! Exercises told entry by entry, for tests of what a log shows: a dark region, declared, decided, promoted, recovered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::start_ex;
use crate::engine::{State, evolve, resolve_step};
use crate::execution::{AttemptOutcome, End, Part};
use crate::ident::{Hash, IncidentId, RunId};
use crate::log::{BootClock, EndEx, Entry, Event, Firing, Kind, Mode, Sev, StartEx};
use crate::objective::AtRisk;
use crate::people::{Actor, Role};
use crate::reading::Board;
use crate::scenario::names;
use crate::time::{Timestamp, at_offset};

/// Two regions, a service of each of two tiers, and their database; the objectives of the tiers, and what comes after.
macro_rules! orders_platform {
    ($first:literal, $second:literal, $rest:literal) => {
        concat!(
            r#"
name = "orders-platform"
[regions.us-east-1]
role = "primary"
[regions.us-west-2]
[tiers.1]
"#,
            $first,
            "[tiers.2]\n",
            $second,
            r#"[services.checkout]
tier = 1
databases = ["orders-db"]
health = { us-east-1 = "https://east.example/health", us-west-2 = "https://west.example/health" }
[services.reports]
tier = 2
databases = ["orders-db"]
health = { us-east-1 = "https://east.example/reports", us-west-2 = "https://west.example/reports" }
[databases.orders-db.servers]
us-east-1 = "host=east dbname=orders"
us-west-2 = "host=west dbname=orders"
"#,
            $rest
        )
    };
}
pub(crate) use orders_platform;

pub(crate) const ESTATE: &str = orders_platform!(
    "rto = \"15m\"\nrpo = \"1m\"\n",
    "rto = \"4h\"\nrpo = \"5m\"\n",
    "[tests.failover-drill]\nkind = \"drill\"\nevery = \"3mo\"\n"
);

pub(crate) const SCENARIO: &str = r#"
title = "Regional outage"
objectives = ["Fail over within the hour"]
counts_as = ["failover-drill"]
lasts = "60m"

[[inject]]
id = "hello"
type = "administrative"
at = "0s"
text = "The exercise begins"

[[inject]]
id = "dark"
at = "2m"
from = "monitoring"
channel = "pager"
text = "$FROM does not answer"
effect = ["down $FROM"]

[[inject.expect]]
text = "Declare an incident"
action = "declared"
within = "5m"

[[inject.expect]]
text = "Decide to fail over"
action = "decided to fail over"
within = "10m"

[[inject]]
id = "press"
at = "10m"
unless = "closed"
text = "The press calls"

[[inject.expect]]
text = "Tell the press"
action = "noted \"press\""
within = "10m"

[[wrong]]
text = "The old side was not isolated before the promotion"
action = "promoted"
unless_after = "fenced orders-db@$FROM"

[targets]
detection = "2m"
decision = "5m"
execution = "15m"
total = "30m"
loss = "1m"
objectives = true

[play]
declares = "inject dark fired"
decides = "to fail over"
"#;

const RUNBOOK: &str = r"---
runbook: 1
title: Regional failover
---
# Regional failover

## During failover

- [ ] Tell everybody <!-- id: tell -->

- [ ] Promote <!-- id: promote -->

  On: orders-db@$TO; Point of no return: yes; Undo: rebuild

  ```sql run
  select pg_promote()
  ```

- [ ] Switch traffic <!-- id: switch -->

  ```bash run idempotent
  switch
  ```
";

const RUN: RunId = RunId(ulid::Ulid(7));

/// A regional failover from us-east-1 to us-west-2.
pub(crate) fn run_started(run: RunId, runbook: &str) -> Event {
    Event::RunStarted {
        parent: None,
        run,
        runbook: runbook.to_owned(),
        runbook_name: "regional-failover".to_owned(),
        runbook_hash: Hash::of(runbook.as_bytes()),
        mode: Mode::Forced,
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
        values: BTreeMap::new(),
    }
}

pub(crate) struct Told {
    pub(crate) state: State,
    board: Board,
    started: Timestamp,
    /// The machine's clock at `StartEx`; it goes `speed` times slower than the scenario's.
    pub(crate) wall: Timestamp,
    speed: u32,
}

impl Told {
    pub(crate) fn begun() -> Self {
        Self::begun_with(SCENARIO, |_| {})
    }

    pub(crate) fn begun_with(scenario: &str, change: impl FnOnce(&mut StartEx)) -> Self {
        Self::begun_at("2026-11-20T09:00:00Z".parse().unwrap(), scenario, change)
    }

    fn begun_at(started: Timestamp, scenario: &str, change: impl FnOnce(&mut StartEx)) -> Self {
        let estate = crate::estate::parse(ESTATE).estate;
        let mut start = StartEx {
            incident: IncidentId(ulid::Ulid(1)),
            label: "EX-2026-0003".to_owned(),
            seed: 1_795_165_200_000,
            ..start_ex("regional-outage", scenario, names(&estate, None, None), &estate)
        };
        change(&mut start);
        let board = Board::new(Arc::new(estate));
        let speed = start.speed;
        let mut told = Self { state: State::default(), board, started, wall: started, speed };
        told.tell(0, "frieda", Event::ExerciseStarted { exercise: Box::new(start) });
        told
    }

    /// One that played itself to its end, at the time that a seed stands for.
    pub(crate) fn of_seed(seed: i64) -> Self {
        let change = |start: &mut StartEx| {
            start.automatic = true;
            start.seed = u64::try_from(seed).unwrap();
        };
        let start = Timestamp::from_millisecond(seed).unwrap();
        let mut told = Self::begun_at(start, SCENARIO, change);
        told.play();
        told.end(1800, EndEx::Finished);
        told
    }

    pub(crate) fn at(&self, second: u64) -> Timestamp {
        at_offset(self.started, Duration::from_secs(second))
    }

    pub(crate) fn tell(&mut self, second: u64, who: &str, event: Event) {
        let seq = self.state.entries.len() as u64 + 1;
        let passed = Duration::from_secs(second);
        let entry = Entry {
            seq,
            occurred_at: at_offset(self.started, passed),
            recorded_at: at_offset(self.wall, passed / self.speed),
            clock: BootClock { id: "boot".to_owned(), at: passed },
            kind: Kind::Drill,
            actor: Actor::claimed(who, "bastion"),
            event,
            prev: self.state.head(),
            signature: None,
            hash: Hash::of(&seq.to_be_bytes()),
        };
        evolve(&mut self.state, &Arc::new(entry));
    }

    pub(crate) fn fire(&mut self, second: u64, inject: &str) {
        let effect = self.state.exercise.as_ref().and_then(|exercise| exercise.scenario.inject(&inject.into()));
        let effect = effect.map(|inject| inject.effect.clone()).unwrap_or_default();
        self.tell(second, "switchback", Event::InjectFired { inject: inject.into(), by: Firing::Schedule, effect });
    }

    pub(crate) fn acknowledge(&mut self, second: u64, inject: &str) {
        self.tell(second, "ana", Event::InjectAcknowledged { inject: inject.into() });
    }

    pub(crate) fn note(&mut self, second: u64, text: &str) {
        self.tell(second, "ana", Event::NoteAdded { text: text.to_owned(), run: None, step: None });
    }

    pub(crate) fn declare(&mut self, second: u64) {
        let opened = Event::IncidentOpened {
            incident: IncidentId(ulid::Ulid(1)),
            label: "EX-2026-0003".to_owned(),
            kind: Kind::Drill,
            severity: Sev(1),
            title: "us-east-1 is down".to_owned(),
            impact_at: self.at(second),
            impact_basis: "as declared".to_owned(),
            from: Some("us-east-1".into()),
            to: Some("us-west-2".into()),
            estate: ESTATE.to_owned(),
        };
        self.tell(second, "mara", opened);
        self.tell(second, "mara", Event::CommandTaken { by: "mara".into(), role: Role::Commander, reason: None });
    }

    pub(crate) fn decide(&mut self, second: u64, failover: bool) {
        self.tell(
            second,
            "mara",
            Event::DecisionRecorded { text: "nothing answers".to_owned(), failover, proposal: None },
        );
    }

    pub(crate) fn fence(&mut self, second: u64) {
        let (database, region) = ("orders-db".into(), "us-east-1".into());
        let how = "stopped in the console".to_owned();
        self.tell(second, "ana", Event::FenceStated { database, region, how, by: "ana".into() });
    }

    pub(crate) fn start_run(&mut self, second: u64) {
        self.tell(second, "mara", run_started(RUN, RUNBOOK));
    }

    pub(crate) fn by_hand(&mut self, second: u64, step: &str) {
        let evidence = "done".to_owned();
        let done = Event::StepDoneByHand { run: RUN, step: step.into(), evidence, out_of_order: false };
        self.tell(second, "ana", done);
    }

    /// It takes `seconds`; at the point of no return up to `at_most` was at risk.
    pub(crate) fn execute(&mut self, second: u64, step: &str, seconds: u64, at_most: Option<u64>) {
        let run = self.state.run(RUN).unwrap();
        let resolved = resolve_step(&self.board, run, &step.into(), Part::Run).unwrap();
        let at_risk = AtRisk {
            bytes_at_least: None,
            at_least: Duration::from_secs(2),
            at_most: at_most.map(Duration::from_secs),
            basis: "primary position 0/62BC9F0, standby has 0/62A83A8".to_owned(),
            as_of: self.at(second),
        };
        let crosses = step == "promote";
        let intended = Event::StepIntended {
            resolved: Box::new(resolved),
            confirmed_by: "ana".into(),
            authorised_by: None,
            guards: Vec::new(),
            at_risk: crosses.then(|| ("orders-db".into(), at_risk)).into_iter().collect(),
            out_of_order: false,
        };
        self.tell(second, "ana", intended);
        let outcome = AttemptOutcome {
            end: End::Succeeded { exit: Some(0) },
            started_at: self.at(second),
            ended_at: self.at(second + seconds),
            duration: Duration::from_secs(seconds),
            values: BTreeMap::new(),
            output: None,
            summary: String::new(),
            undo: None,
        };
        let finished = Event::StepFinished { run: RUN, step: step.into(), part: Part::Run, attempt: 1, outcome };
        self.tell(second + seconds, "ana", finished);
    }

    pub(crate) fn finish_run(&mut self, second: u64) {
        self.tell(second, "ana", Event::RunFinished { run: RUN, exceptions: Vec::new() });
    }

    pub(crate) fn recover(&mut self, second: u64, tier: &str) {
        let recovered_at = self.at(second);
        self.tell(second, "switchback", Event::TierRecovered { tier: tier.into(), recovered_at });
    }

    pub(crate) fn end(&mut self, second: u64, why: EndEx) {
        self.tell(second, "frieda", Event::ExerciseEnded { why, text: String::new() });
    }

    /// Everything right, up to just before the end.
    pub(crate) fn played() -> Self {
        let mut told = Self::begun();
        told.fire(0, "hello");
        told.acknowledge(5, "hello");
        told.play();
        told
    }

    pub(crate) fn play(&mut self) {
        self.fire(120, "dark");
        self.acknowledge(190, "dark");
        self.declare(200);
        self.decide(260, true);
        self.start_run(270);
        self.by_hand(275, "tell");
        self.fence(280);
        self.execute(300, "promote", 5, Some(41));
        self.execute(310, "switch", 10, None);
        self.finish_run(321);
        self.recover(400, "1");
        self.recover(410, "2");
        self.fire(600, "press");
        self.acknowledge(610, "press");
        self.note(640, "Told the press that it is over");
    }
}
