//! The simulated world alone: how long an exercise's worth of it takes, without the console that looks at it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::drill::{World, demo_estate};
use domain::estate::{Estate, parse};
use domain::runbook::world_lines;
use domain::time::{Now, Timestamp};

use super::report::{Aim, Row};

const TIMES: u64 = 15;
const HALF_AN_HOUR: u64 = 30 * 60;

pub(crate) fn measure() -> Vec<Row> {
    let ours = thirty_checks();
    [("30 checks at 10 s", &ours), ("demonstration", &demo_estate())]
        .into_iter()
        .flat_map(|(name, estate)| {
            let half = timed(|seed| live(estate, seed, HALF_AN_HOUR));
            let whole = timed(|seed| live(estate, seed, 2 * HALF_AN_HOUR));
            [
                Row::times(format!("{name}: 30 minutes of the simulated world"), &half).aiming_at(Aim::AtMost(3.0)),
                Row::times(format!("{name}: an hour of it"), &whole).aiming_at(Aim::AtMost(6.0)),
            ]
        })
        .collect()
}

/// Second by second, with an outage in it.
fn live(estate: &Arc<Estate>, seed: u64, seconds: u64) {
    let start = Now { wall: Timestamp::UNIX_EPOCH, boot: Duration::from_secs(86_400) };
    let mut world = World::new(estate, seed);
    world.advance(start);
    for second in 1..=seconds {
        world.advance(start.after(Duration::from_secs(second)));
        if second == seconds / 3 {
            for line in world_lines("down us-east-1\npromote orders-db@us-west-2\nserve all us-west-2", &[].into()) {
                world.apply(&line.unwrap()).unwrap();
            }
        }
    }
}

fn timed(live: impl Fn(u64)) -> Vec<Duration> {
    let once = |seed| {
        let began = Instant::now();
        live(seed);
        began.elapsed()
    };
    (0..TIMES).map(once).collect()
}

/// Fourteen services in two regions, and the database under them.
fn thirty_checks() -> Arc<Estate> {
    let mut text = "name = \"bench\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n\
        [databases.orders-db.servers]\nus-east-1 = \"host=east dbname=orders\"\nus-west-2 = \"host=west dbname=orders\"\n"
        .to_owned();
    for service in 0..14 {
        text.push_str(&format!("[services.s{service}]\ndatabases = [\"orders-db\"]\n[services.s{service}.health]\n"));
        for region in ["us-east-1", "us-west-2"] {
            text.push_str(&format!("{region} = \"https://s{service}.{region}.example.com/health\"\n"));
        }
    }
    let read = parse(&text);
    assert!(read.diagnostics.is_empty() && read.estate.checks.len() == 30, "{:?}", read.diagnostics);
    Arc::new(read.estate)
}
