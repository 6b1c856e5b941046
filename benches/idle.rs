//! What a console costs that somebody leaves open: processor time and bytes to the terminal.

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

struct Cost {
    percent: f64,
    bytes: f64,
}

pub(crate) fn measure() -> Vec<Row> {
    let estate = Estate::healthy();
    let console = Pty::switchback(&estate.arguments(), &estate.state, COMMON);
    console.until(FRAME);
    let top = Pty::start(&["top"], &[], COMMON).map(|top| watch(&top, SETTLING, WATCHED));
    let idle = watch(&console, Duration::ZERO, WATCHED);
    drop(console);
    let demo = watch(&Pty::switchback(&["demo"], &estate.state, COMMON), DEMO_SETTLING, DEMO_WATCHED);
    let rows = |what: &str, cost: &Cost| {
        let (percent, bytes) = (top.as_ref().map(|top| top.percent), top.as_ref().map(|top| top.bytes));
        [
            Row::one(format!("idle processor time, {what}"), Unit::Percent, cost.percent)
                .beside_figure("of a core, top", percent)
                .aiming_at(Aim::AtMost(0.2)),
            Row::one(format!("idle bytes written, {what}"), Unit::BytesPerSecond, cost.bytes)
                .beside_figure("top", bytes)
                .aiming_at(Aim::AtMost(500.0)),
        ]
    };
    rows("ten checks", &idle).into_iter().chain(rows("demonstration", &demo)).collect()
}

fn watch(pty: &Pty, settling: Duration, watched: Duration) -> Cost {
    pty.writes_in(settling);
    let (before, began) = (pty.cpu(), Instant::now());
    let bytes = pty.writes_in(watched);
    let took = began.elapsed().as_secs_f64();
    Cost { percent: (pty.cpu() - before).as_secs_f64() / took * 100.0, bytes: bytes as f64 / took }
}
