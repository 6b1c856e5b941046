//! How long people take: to read, to decide, to type; drawn from the seed.

use std::time::Duration;

use super::Manner;
use super::intent::Intent;
use crate::drill::rehearsal::Seen;

/// Seconds, from and to.
type Span = (u64, u64);

/// After what did not work, somebody looks what is wrong.
const AGAIN: Span = (12, 30);

const fn first(intent: &Intent) -> Span {
    match intent {
        Intent::Acknowledge(_) => (8, 35),
        Intent::Declare => (20, 55),
        Intent::Decide => (30, 80),
        Intent::Start(_) | Intent::Open(..) => (8, 20),
        Intent::Tick(..) | Intent::Skip(..) => (4, 12),
        Intent::ByHand(..) => (0, 0),
        Intent::Execute(..) => (4, 14),
        Intent::Approve(..) => (15, 60),
        Intent::Settle(..) => (20, 45),
        Intent::Write(_) => (20, 60),
        Intent::Close => (25, 60),
        Intent::Finish => (10, 20),
    }
}

pub(super) fn reaction(seen: &Seen<'_>, manner: Manner, intent: &Intent, tries: u32) -> Duration {
    let at = intent.step().and_then(|(run, step)| seen.step(run, step));
    let (low, high) = if tries == 0 { first(intent) } else { AGAIN };
    let seconds = |seconds: u64| Duration::from_secs(seconds);
    let name = intent.name(at.map_or("", |(run, _)| run.name.as_str()));
    let reaction = seen.chance().between(&name, tries, seconds(low), seconds(high));
    let hasty = manner == Manner::Wrong;
    match (intent, at) {
        (Intent::ByHand(..), Some((run, step))) if tries == 0 && !hasty => seen.by_hand(run, step),
        _ if hasty => reaction / 2,
        _ => reaction,
    }
}
