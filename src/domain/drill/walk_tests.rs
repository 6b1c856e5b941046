//! The shipped failover runbooks, walked on the demonstration estate from the first box to the last.

mod restores;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{World, demo_estate};
use crate::engine::State;
use crate::estate::Estate;
use crate::execution::{End, Part, RunContext, known_values, resolve, resolve_block};
use crate::ident::{RegionId, RunId};
use crate::log::{Kind, Mode};
use crate::reading::{Board, evaluate};
use crate::runbook::{Block, Lang, PhaseKind, Runbook, Step, check_lines, parse};
use crate::time::{Now, Timestamp};

const FAILOVER: &str = include_str!("../../../runbooks/regional-failover.md");
const DATABASE: &str = include_str!("../../../runbooks/database-failover.md");
const APPLICATION: &str = include_str!("../../../runbooks/application-failover.md");
const NETWORK: &str = include_str!("../../../runbooks/network-outage.md");
const FAILBACK: &str = include_str!("../../../runbooks/failback.md");

struct Walk {
    estate: Arc<Estate>,
    runbook: Runbook,
    world: World,
    board: Board,
    now: Now,
    mode: Mode,
    values: BTreeMap<String, String>,
    from: RegionId,
    to: RegionId,
}

impl Walk {
    fn start(text: &str, mode: Mode) -> Self {
        let estate = demo_estate();
        let now = Now { wall: Timestamp::from_second(1_795_000_000).unwrap(), boot: Duration::from_secs(86_400) };
        let mut world = World::new(&estate, 7);
        let mut board = Board::new(Arc::clone(&estate));
        for sample in world.history(now, Duration::from_secs(120)) {
            board.observe(&sample);
        }
        let runbook = parse(Arc::from(text), Some(&estate));
        let (from, to) = ("us-east-1".into(), "us-west-2".into());
        Self { estate, runbook, world, board, now, mode, values: BTreeMap::new(), from, to }
    }

    fn context(&self) -> RunContext<'_> {
        RunContext {
            run: RunId(ulid::Ulid::from_parts(1, 1)),
            incident: "INC-2026-0001",
            kind: Kind::Demo,
            mode: self.mode,
            from: Some(&self.from),
            to: Some(&self.to),
            values: &self.values,
            undo: None,
        }
    }

    fn pass(&mut self, span: Duration) {
        self.now = self.now.after(span);
        for sample in self.world.advance(self.now) {
            self.board.observe(&sample);
        }
    }

    /// Something happens, and half a minute passes.
    fn after(mut self, line: &str) -> Self {
        self.happens(line);
        self
    }

    fn happens(&mut self, line: &str) {
        let line = crate::runbook::world_lines(line, &BTreeMap::new()).remove(0).unwrap();
        self.world.apply(&line).unwrap();
        self.pass(Duration::from_secs(30));
    }

    /// Another runbook in the world as it is now, the other way round.
    fn back(&mut self, text: &str) {
        self.runbook = parse(Arc::from(text), Some(&self.estate));
        std::mem::swap(&mut self.from, &mut self.to);
        self.mode = Mode::Planned;
    }

    fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// A line of a `check` block, now.
    fn says(&self, line: &str) -> bool {
        let line = check_lines(line, &BTreeMap::new()).remove(0).unwrap();
        evaluate(&line, &self.board, &State::default(), None, self.now).verdict.lets_through()
    }

    fn walk(&mut self) {
        self.walk_with(|_, _| {});
    }

    /// `before` each step.
    fn walk_with(&mut self, before: impl Fn(&mut Self, &str)) {
        let main = self.runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
        let steps: Vec<Step> = main.flat_map(|phase| &phase.groups).flat_map(|group| group.steps.clone()).collect();
        for step in &steps {
            let known = known_values(&self.runbook, &self.context(), &self.estate);
            if !step.when.iter().all(|condition| condition.holds(&known)) {
                continue;
            }
            assert_eq!(step.manual_because, None, "{}", step.title);
            before(self, step.id.as_str());
            if step.run.is_some() {
                let resolved = resolve(&self.runbook, &self.context(), &step.id, Part::Run, 1, &self.estate).unwrap();
                let performed = self.world.perform(&resolved, Duration::from_secs(2), self.now);
                assert_eq!(performed.end, End::Succeeded { exit: Some(0) }, "{}", step.title);
                self.pass(performed.takes);
            }
            for verify in step.verifies.iter().filter(|block| !block.text.contains("fenced")) {
                self.poll(step, verify);
            }
        }
    }

    fn poll(&mut self, step: &Step, verify: &Block) {
        let mut waited = Duration::ZERO;
        while !self.holds(step, verify) {
            assert!(waited < verify.within, "{}: {} does not hold", step.title, verify.text);
            self.pass(Duration::from_secs(1));
            waited += Duration::from_secs(1);
        }
    }

    fn holds(&self, step: &Step, block: &Block) -> bool {
        if block.lang == Lang::Check {
            let known = known_values(&self.runbook, &self.context(), &self.estate);
            let state = State::default();
            let said = check_lines(&block.text, &known);
            return said
                .into_iter()
                .all(|line| evaluate(&line.unwrap(), &self.board, &state, None, self.now).verdict.lets_through());
        }
        let asked = resolve_block(&self.runbook, &self.context(), step, block, &self.estate).unwrap();
        self.world.answer(&asked).passed == Some(true)
    }

    fn serving(&self) -> Option<&RegionId> {
        self.world.serving_region()
    }
}

#[test]
fn a_forced_failover_is_walked_to_its_end_and_back() {
    let mut walk = Walk::start(FAILOVER, Mode::Forced).after("down us-east-1");
    walk.walk();
    assert_eq!(walk.serving(), Some(&walk.to));
    // As the step that isolates it asked for: else there would be two primaries, and nothing goes on.
    walk.happens("fence orders-db@us-east-1");
    walk.happens("up us-east-1");
    walk.back(FAILBACK);
    walk.walk();
    assert_eq!(walk.serving(), Some(&"us-east-1".into()));
    let status = walk.board.status(&crate::reading::Context::calm(Kind::Demo), walk.now);
    assert!(!status.replication.iter().any(|row| row.split_brain), "the side that was left follows");
}

#[test]
fn a_switchover_is_walked_to_its_end() {
    let mut walk = Walk::start(FAILOVER, Mode::Planned);
    walk.walk();
    assert_eq!(walk.serving(), Some(&walk.to));
    let status = walk.board.status(&crate::reading::Context::calm(Kind::Demo), walk.now);
    assert!(!status.replication.iter().any(|row| row.split_brain), "the old side is fenced");
}

#[test]
fn every_way_to_promote_and_to_move_traffic_is_walked_to_its_end() {
    for (engine, dns) in [("patroni", "health-check"), ("rds", "edge"), ("postgresql", "route53")] {
        for mode in [Mode::Planned, Mode::Forced] {
            let mut walk = Walk::start(FAILOVER, mode);
            for (name, value) in [
                ("ENGINE", engine),
                ("DNS", dns),
                ("RDS_FENCE", "sg-1"),
                ("SWITCH_BUCKET", "switch"),
                ("ZONE", "Z1"),
                ("RECORD", "payments.example.com"),
                ("RECORD_TO", "payments.us-west-2.example.com"),
            ] {
                walk.set(name, value);
            }
            if mode == Mode::Forced {
                walk.happens("down us-east-1");
            }
            walk.walk();
            assert_eq!(walk.serving(), Some(&walk.to), "{engine} {dns} {mode:?}");
        }
    }
}

#[test]
fn a_database_is_failed_over_to_its_standby() {
    let mut forced = Walk::start(DATABASE, Mode::Forced).after("down orders-db@us-east-1");
    forced.walk();
    let mut planned = Walk::start(DATABASE, Mode::Planned);
    planned.walk();
    for walk in [forced, planned] {
        assert!(walk.says("serving orders-db us-west-2"), "{:?}", walk.mode);
    }
}

#[test]
fn an_application_is_brought_back_where_it_is() {
    for fix in ["restart", "undo", "scale"] {
        let mut walk = Walk::start(APPLICATION, Mode::Forced).after("down orders@us-east-1");
        walk.set("FIX", fix);
        walk.walk();
        assert!(walk.says("orders ok"), "{fix}");
    }
}

#[test]
fn a_region_that_is_cut_off_is_carried_by_the_backup_network_or_failed_over() {
    let mut carried = Walk::start(NETWORK, Mode::Forced).after("down us-east-1");
    carried.set("THEN", "stay");
    carried.set("BACKUP_NETWORK", "/srv/network/second-carrier");
    carried.walk_with(|walk, step| {
        if step == "stay" {
            walk.happens("up us-east-1");
        }
    });
    assert_eq!(carried.serving(), Some(&carried.from));
    let mut moved = Walk::start(NETWORK, Mode::Forced).after("down us-east-1");
    moved.walk_with(|walk, step| {
        if step == "fail-over" {
            let network = std::mem::replace(&mut walk.runbook, parse(Arc::from(FAILOVER), Some(&walk.estate)));
            walk.walk();
            walk.runbook = network;
        }
    });
    assert_eq!(moved.serving(), Some(&moved.to));
}

#[test]
fn a_side_that_is_too_small_is_scaled_by_the_failover() {
    let mut walk = Walk::start(FAILOVER, Mode::Forced).after("scale us-west-2 40%").after("down us-east-1");
    walk.walk();
    assert_eq!(walk.serving(), Some(&walk.to));
    assert!(walk.world.failing(&"payments".into()) < 1e-9);
}
