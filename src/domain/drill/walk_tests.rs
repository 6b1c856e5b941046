//! The shipped runbook, walked on the demonstration estate from the first box to the last.

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
    fn start(mode: Mode) -> Self {
        let estate = demo_estate();
        let now = Now { wall: Timestamp::from_second(1_795_000_000).unwrap(), boot: Duration::from_secs(86_400) };
        let mut world = World::new(&estate, 7);
        let mut board = Board::new(Arc::clone(&estate));
        for sample in world.history(now, Duration::from_secs(120)) {
            board.observe(&sample);
        }
        let runbook = parse(Arc::from(FAILOVER), Some(&estate));
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

    fn walk(&mut self) {
        let main = self.runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
        let steps: Vec<Step> = main.flat_map(|phase| &phase.groups).flat_map(|group| group.steps.clone()).collect();
        for step in &steps {
            let known = known_values(&self.runbook, &self.context(), &self.estate);
            if !step.when.iter().all(|condition| condition.holds(&known)) {
                continue;
            }
            assert_eq!(step.manual_because, None, "{}", step.title);
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
fn the_shipped_failover_fits_the_demonstration() {
    let runbook = parse(Arc::from(FAILOVER), Some(&demo_estate()));
    let errors: Vec<_> =
        runbook.diagnostics.iter().filter(|found| found.severity == crate::diagnostic::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_forced_failover_is_walked_to_its_end() {
    let mut walk = Walk::start(Mode::Forced);
    let down = crate::runbook::world_lines("down us-east-1", &BTreeMap::new()).remove(0).unwrap();
    walk.world.apply(&down).unwrap();
    walk.pass(Duration::from_secs(30));
    walk.walk();
    assert_eq!(walk.serving(), Some(&walk.to));
}

#[test]
fn a_switchover_is_walked_to_its_end() {
    let mut walk = Walk::start(Mode::Planned);
    walk.walk();
    assert_eq!(walk.serving(), Some(&walk.to));
    let status = walk.board.status(&crate::reading::Context::calm(Kind::Demo), walk.now);
    assert!(!status.replication.iter().any(|row| row.split_brain), "the old side is fenced");
}
