//! What is lost, what diverged: the truth that a score holds the console's figures against.

use super::*;

const EAST: &str = "us-east-1";
const WEST: &str = "us-west-2";

impl Stage {
    fn lost(&self) -> Lost {
        self.world.lost(&"orders-db".into())
    }

    fn diverged(&self) -> Option<Diverged> {
        self.world.diverged(&"orders-db".into())
    }
}

#[test]
fn what_a_promotion_leaves_behind_is_lost() {
    let mut stage = Stage::healthy();
    stage.order("lag orders-db@us-west-2 20s");
    stage.pass(30);
    stage.order("down us-east-1");
    stage.pass(60);
    let behind = stage.end(EAST) - stage.end(WEST);
    assert_eq!(stage.lost(), Lost::default(), "as long as it is only dark, nothing is lost");
    stage.order("promote orders-db@us-west-2");
    stage.pass(5);
    let lost = stage.lost();
    assert_eq!((lost.bytes, lost.writes), (behind, behind.div_ceil(400)));
    assert!((18..23).contains(&lost.span.as_secs()), "{lost:?}");
    stage.pass(60);
    assert_eq!(stage.lost(), lost, "and nothing more");
    assert_eq!(stage.diverged(), None);
}

#[test]
fn a_switchover_loses_nothing() {
    let mut stage = Stage::healthy();
    stage.order("fence orders-db@us-east-1");
    stage.pass(5);
    stage.order("promote orders-db@us-west-2");
    stage.pass(60);
    assert_eq!((stage.lost(), stage.diverged()), (Lost::default(), None));
}

#[test]
fn two_that_take_writes_diverge_and_what_one_of_them_had_is_lost_when_it_is_made_a_copy() {
    let mut stage = Stage::healthy();
    stage.order("down us-east-1\npromote orders-db@us-west-2");
    stage.pass(10);
    let before = stage.lost();
    stage.order("serve all us-west-2");
    stage.pass(20);
    stage.order("up us-east-1");
    stage.pass(60);
    let diverged = stage.diverged().unwrap();
    assert!(diverged.goes_on && diverged.since > start().boot, "{diverged:?}");
    assert!(diverged.sides.iter().all(|side| side.bytes > 0 && side.writes > 0), "{diverged:?}");
    let east = diverged.sides.iter().find(|side| side.region.as_str() == EAST).unwrap().clone();
    assert_eq!((diverged.bytes, diverged.writes), (east.bytes, east.writes), "users are on the other side");
    stage.pass(60);
    let more = stage.diverged().unwrap();
    assert!(more.bytes > diverged.bytes && more.since == diverged.since, "{more:?}");
    assert_eq!(stage.lost(), before, "somebody may still merge it");
    stage.order("fence orders-db@us-east-1");
    stage.pass(10);
    let fenced = stage.diverged().unwrap();
    assert!(!fenced.goes_on);
    stage.order("up orders-db@us-east-1");
    stage.pass(20);
    assert_eq!(stage.lost().bytes, before.bytes + fenced.bytes);
    assert!((118..=122).contains(&stage.lost().span.as_secs()), "as long as both took writes: {:?}", stage.lost());
}

#[test]
fn users_who_stay_on_the_old_side_write_there() {
    let on_east = |serve: &str| {
        let mut stage = Stage::healthy();
        stage.order("promote orders-db@us-west-2");
        stage.order(serve);
        stage.pass(60);
        let diverged = stage.diverged().unwrap();
        diverged.sides.into_iter().find(|side| side.region.as_str() == EAST).unwrap().bytes
    };
    assert!(on_east("") > 20 * on_east("serve all us-west-2"), "{} {}", on_east(""), on_east("serve all us-west-2"));
}

#[test]
fn lines_of_checks_are_held_against_the_world_itself() {
    let mut stage = Stage::healthy();
    let holds = |stage: &Stage, line: &str| {
        let line = crate::runbook::check_lines(line, &BTreeMap::new()).remove(0).unwrap();
        stage.world.holds(&line)
    };
    for line in [
        "us-east-1 ok",
        "payments ok",
        "payments@us-west-2 ok",
        "orders-db@us-west-2 ok",
        "cache@us-east-1 ok",
        "lag orders-db@us-west-2 < 5s",
        "loss orders-db@us-west-2 <= 0",
        "backup orders-db < 1h",
        "serving all us-east-1",
        "serving orders-db us-east-1",
    ] {
        assert!(holds(&stage, line), "{line}");
    }
    assert!(!holds(&stage, "fenced orders-db@us-east-1") && !holds(&stage, "nothing ok"));
    // No probe has seen it yet.
    stage.order("down us-east-1\nfence orders-db@us-east-1");
    for line in ["us-east-1 down", "payments down", "orders-db@us-east-1 down", "fenced orders-db@us-east-1"] {
        assert!(holds(&stage, line), "{line}");
    }
    assert!(!holds(&stage, "serving orders-db us-east-1"));
    stage.order("promote orders-db@us-west-2\nserve orders us-west-2");
    stage.pass(12);
    assert!(holds(&stage, "serving orders us-west-2") && !holds(&stage, "serving all us-west-2"));
    assert!(!holds(&stage, "loss orders-db@us-west-2 <= 0"), "{:?}", stage.lost());
}
