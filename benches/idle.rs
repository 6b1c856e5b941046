//! What a console costs that somebody leaves open: processor time and bytes to the terminal.

use std::thread;
use std::time::{Duration, Instant};

use super::estate::Estate;
use super::pty::{COMMON, FRAME, Pty};
use super::report::{Aim, Row, Unit};

/// Until every check has its first verdicts.
const SETTLING: Duration = Duration::from_secs(25);
const WATCHED: Duration = Duration::from_secs(30);
/// The demonstration's primary fails twenty seconds in.
const DEMO_SETTLING: Duration = Duration::from_secs(3);
const DEMO_WATCHED: Duration = Duration::from_secs(15);

/// From Debian's packages; one that is not there is left out.
const PEERS: [&str; 3] = ["top", "htop", "btop"];

struct Cost {
    percent: f64,
    bytes: f64,
}

pub(crate) fn measure() -> Vec<Row> {
    let estate = Estate::healthy();
    let console = Pty::switchback(&estate.arguments(), &estate.state, COMMON);
    console.until(FRAME);
    // All at the same time: what else the machine does falls on each.
    let peers = PEERS.map(|peer| Pty::start(&[peer], &[], COMMON).map(|pty| (peer, pty)));
    let peers: Vec<(&str, Pty)> = peers.into_iter().flatten().collect();
    let watched: Vec<&Pty> = std::iter::once(&console).chain(peers.iter().map(|(_, pty)| pty)).collect();
    let costs = watch(&watched, SETTLING, WATCHED);
    drop(console);
    let costs: Vec<(&str, Cost)> =
        std::iter::once("ten checks").chain(peers.iter().map(|(name, _)| *name)).zip(costs).collect();
    drop(peers);
    let demo = Pty::switchback(&["demo"], &estate.state, COMMON);
    let demo = watch(&[&demo], DEMO_SETTLING, DEMO_WATCHED).remove(0);
    let (idle, peers) = costs.split_first().unwrap();
    rows("ten checks", &idle.1, peers).into_iter().chain(rows("demonstration", &demo, peers)).collect()
}

/// The figure of `top` stands beside it, those of the others in rows of their own.
fn rows(what: &str, cost: &Cost, peers: &[(&str, Cost)]) -> Vec<Row> {
    let top = peers.iter().find(|(name, _)| *name == "top").map(|(_, cost)| cost);
    let of = |what: &str, cost: &Cost| {
        [
            Row::one(format!("idle processor time, {what}"), Unit::Percent, cost.percent)
                .beside_figure("of a core, top", top.map(|top| top.percent))
                .aiming_at(Aim::AtMost(0.2)),
            Row::one(format!("idle bytes written, {what}"), Unit::BytesPerSecond, cost.bytes)
                .beside_figure("top", top.map(|top| top.bytes))
                .aiming_at(Aim::AtMost(500.0)),
        ]
    };
    let own = of(what, cost).into_iter();
    if what == "demonstration" {
        return own.collect();
    }
    let others = peers.iter().filter(|(name, _)| *name != "top");
    own.chain(others.flat_map(|(name, cost)| of(name, cost).map(|row| row.aiming_at(Aim::None)))).collect()
}

/// What each costs in the same span.
fn watch(ptys: &[&Pty], settling: Duration, watched: Duration) -> Vec<Cost> {
    thread::sleep(settling);
    let before: Vec<Duration> = ptys.iter().map(|pty| pty.cpu()).collect();
    for pty in ptys {
        pty.written();
    }
    let began = Instant::now();
    thread::sleep(watched);
    let took = began.elapsed().as_secs_f64();
    let cost = |(pty, before): (&&Pty, Duration)| Cost {
        percent: (pty.cpu() - before).as_secs_f64() / took * 100.0,
        bytes: pty.written() as f64 / took,
    };
    ptys.iter().zip(before).map(cost).collect()
}
