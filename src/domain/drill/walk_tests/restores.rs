//! The shipped runbooks about backups, restores, degraded services and drills. What they open is walked by itself.

use super::*;

const BACKUP: &str = include_str!("../../../../runbooks/backup-full.md");
const VERIFICATION: &str = include_str!("../../../../runbooks/backup-verification.md");
const POINT_IN_TIME: &str = include_str!("../../../../runbooks/point-in-time-recovery.md");
const CORRUPTION: &str = include_str!("../../../../runbooks/data-corruption.md");
const LOSS: &str = include_str!("../../../../runbooks/complete-data-loss.md");
const CACHE: &str = include_str!("../../../../runbooks/cache-failure.md");
const API: &str = include_str!("../../../../runbooks/api-degradation.md");
const MONTHLY: &str = include_str!("../../../../runbooks/monthly-drill.md");
const QUARTERLY: &str = include_str!("../../../../runbooks/quarterly-dr-test.md");

impl Walk {
    fn given(mut self, values: &[(&str, &str)]) -> Self {
        for (name, value) in values {
            self.set(name, value);
        }
        self
    }

    /// Nothing is moved: the region that serves is where it happens.
    fn in_place(mut self) -> Self {
        self.to = self.from.clone();
        self
    }
}

/// What the data owner says of the damage.
const DAMAGE: [(&str, &str); 4] = [
    ("TARGET_TIME", "2026-11-20T02:14:37Z"),
    ("GONE", "SELECT count(*) > 0 FROM orders"),
    ("KEPT", "SELECT max(id) > 0 FROM orders"),
    ("TABLES", "public.orders"),
];

#[test]
fn a_backup_is_made_and_one_is_restored() {
    for task in ["full", "incremental", "verify", "info", "expire"] {
        let mut walk = Walk::start(BACKUP, Mode::Planned).given(&[("TASK", task)]);
        walk.walk();
        let made = task == "full" || task == "incremental";
        assert!(!made || walk.says("backup orders-db < 2m"), "{task}");
    }
    let mut walk = Walk::start(VERIFICATION, Mode::Planned);
    let tested = |walk: &Walk| {
        let status = walk.board.status(&crate::reading::Context::calm(Kind::Demo), walk.now);
        let backup = status.backups.iter().find(|backup| backup.name.as_str() == "orders-db");
        crate::time::since(walk.now.wall, backup.unwrap().restore_tested.unwrap())
    };
    assert!(tested(&walk) > Duration::from_secs(86_400));
    walk.walk();
    walk.pass(Duration::from_secs(70));
    assert!(tested(&walk) < Duration::from_secs(180), "the panel says that it was restored just now");
}

#[test]
fn what_was_damaged_or_lost_is_brought_back() {
    for way in ["tables", "cluster", "nothing"] {
        let mut walk = Walk::start(POINT_IN_TIME, Mode::Forced).given(&DAMAGE).given(&[("BRING_BACK", way)]);
        walk.walk();
        assert!(walk.says("orders-db@us-east-1 ok"), "{way}");
    }
    Walk::start(CORRUPTION, Mode::Forced).given(&DAMAGE).walk();
    for way in ["argocd", "velero", "kubectl", "none"] {
        let walk = Walk::start(LOSS, Mode::Forced).in_place().given(&[("RESYNC", way)]);
        let mut walk = walk.after("down orders-db@us-east-1");
        walk.walk();
        assert!(walk.says("orders-db@us-east-1 ok") && walk.says("backup orders-db < 10m"), "{way}");
    }
}

#[test]
fn a_degraded_service_is_well_again() {
    let caches = [("OLD_CACHE", "cache.us-east-1.example.com"), ("NEW_CACHE", "cache.us-west-2.example.com")];
    for sentinel in [None, Some(("SENTINEL", "sentinel.example.com"))] {
        let walk = Walk::start(CACHE, Mode::Forced).given(&caches).given(sentinel.as_slice());
        walk.after("down cache@us-east-1").walk();
    }
    for roll_back in ["yes", "no"] {
        let api = [("API_URL", "https://orders.example.com/"), ("ROLL_BACK", roll_back)];
        Walk::start(API, Mode::Forced).given(&api).walk();
    }
}

#[test]
fn drills_are_walked_with_the_failover_and_the_way_back_that_they_open() {
    Walk::start(MONTHLY, Mode::Planned).walk();
    let mut walk = Walk::start(QUARTERLY, Mode::Planned);
    walk.walk_with(|walk, step| {
        let test = walk.runbook.clone();
        match step {
            "fail-over" => {
                walk.runbook = parse(Arc::from(FAILOVER), Some(&walk.estate));
                walk.walk();
            }
            "fail-back" => {
                walk.back(FAILBACK);
                walk.walk();
                std::mem::swap(&mut walk.from, &mut walk.to);
            }
            _ => {}
        }
        walk.runbook = test;
    });
    assert_eq!(walk.serving(), Some(&walk.from));
}

#[test]
fn data_that_was_wrong_is_right_again_and_what_that_costs_is_counted() {
    for way in ["tables", "cluster"] {
        let walk = Walk::start(POINT_IN_TIME, Mode::Forced).given(&DAMAGE).given(&[("BRING_BACK", way)]);
        let mut walk = walk.after("corrupt orders-db");
        walk.walk();
        let database = "orders-db".into();
        assert_eq!(walk.world.corrupt_since(&database), None, "{way}");
        let all_of_it = walk.world.lost(&database).bytes > 0;
        assert_eq!(all_of_it, way == "cluster", "{way}");
    }
}

#[test]
fn a_service_that_sheds_requests_is_brought_back_by_what_fits_its_trouble() {
    for (trouble, roll_back) in [("load orders 300%", "no"), ("errors orders@us-east-1 40%", "yes")] {
        let api = [("API_URL", "https://orders.example.com/"), ("ROLL_BACK", roll_back)];
        let mut walk = Walk::start(API, Mode::Forced).given(&api).after(trouble);
        assert!(walk.world.failing(&"orders".into()) > 0.3, "{trouble}");
        walk.walk();
        assert!(walk.world.failing(&"orders".into()) < 1e-9, "{trouble}");
    }
}
