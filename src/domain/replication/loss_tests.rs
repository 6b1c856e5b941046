//! The interval of possible loss against a simulated pair whose truth is known.

use std::time::Duration;

use proptest::prelude::*;

use super::cluster::{Cluster, Server};
use super::loss::Isolation;
use super::{Lsn, Receiver, ServerReading};
use crate::ident::{DatabaseId, RegionId};
use crate::time::{Now, Timestamp};

const EAST: &str = "east";
const WEST: &str = "west";

/// Milliseconds of true time since the beginning.
type Ms = u64;

#[derive(Clone, Copy, Debug)]
struct Write {
    at: Ms,
    end: u64,
}

/// One look: asked at `began`, the server read its position at `read`, answered at `ended`.
#[derive(Clone, Copy, Debug)]
struct Look {
    began: Ms,
    read: Ms,
    ended: Ms,
    /// Whether the sample carries the time it was asked or answered.
    stamped_at_end: bool,
}

#[derive(Clone, Debug)]
struct World {
    writes: Vec<Write>,
    looks_east: Vec<Look>,
    looks_west: Vec<Look>,
    delay: Ms,
    cut: Ms,
    /// No write is accepted from here on.
    fenced: Ms,
    /// The primary answers nothing from here on; not later than `fenced` when it died.
    dark: Ms,
    east_clock_ahead_ms: i64,
}

impl World {
    fn primary_end(&self, at: Ms) -> u64 {
        self.writes.iter().rev().find(|write| write.at <= at).map_or(0, |write| write.end)
    }

    /// Streams with a fixed delay until the cut; what was under way then still arrives.
    fn standby_holds(&self, at: Ms) -> u64 {
        self.primary_end(at.saturating_sub(self.delay).min(self.cut))
    }

    fn last_commit_held(&self, holds: u64) -> Option<Ms> {
        self.writes.iter().rev().find(|write| write.end <= holds).map(|write| write.at)
    }
}

fn instant(at: Ms) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + i64::try_from(at).unwrap()).unwrap()
}

fn moment(at: Ms) -> Now {
    Now { wall: instant(at), boot: Duration::from_millis(at + 1_000_000) }
}

impl Look {
    fn stamp(self) -> (Now, Option<Duration>) {
        let at = if self.stamped_at_end { self.ended } else { self.began };
        (moment(at), Some(Duration::from_millis(self.ended - self.began)))
    }
}

fn looks() -> impl Strategy<Value = Vec<Look>> {
    prop::collection::vec((200_u64..6000, 0_u64..300, 0_u64..300, any::<bool>()), 1..25).prop_map(|gaps| {
        let mut at = 0;
        gaps.into_iter()
            .map(|(gap, before, after, stamped_at_end)| {
                let began = at + gap;
                at = began + before + after;
                Look { began, read: began + before, ended: at, stamped_at_end }
            })
            .collect()
    })
}

fn world() -> impl Strategy<Value = World> {
    (
        prop::collection::vec((1_u64..4000, 1_u64..5000), 0..120),
        looks(),
        looks(),
        0_u64..2500,
        0_u64..80_000,
        0_u64..80_000,
        0_u64..20_000,
        -30_000_i64..30_000,
    )
        .prop_map(|(gaps, looks_east, looks_west, delay, cut, fenced, dark_before, east_clock_ahead_ms)| {
            let (mut at, mut end) = (0, 0);
            let writes = gaps
                .into_iter()
                .map(|(gap, bytes)| {
                    at += gap;
                    end += bytes;
                    Write { at, end }
                })
                .filter(|write| write.at <= fenced)
                .collect();
            let dark = fenced.saturating_sub(dark_before);
            World { writes, looks_east, looks_west, delay, cut, fenced, dark, east_clock_ahead_ms }
        })
}

fn primary_says(world: &World, look: Look) -> ServerReading {
    let theirs = i64::try_from(look.read).unwrap() + world.east_clock_ahead_ms;
    ServerReading {
        system_id: Some("7".to_owned()),
        server_now: Timestamp::from_millisecond(1_700_000_000_000 + theirs).ok(),
        current: Some(Lsn(world.primary_end(look.read))),
        ..ServerReading::default()
    }
}

fn standby_says(world: &World, look: Look) -> ServerReading {
    let holds = world.standby_holds(look.read);
    let stamped = |at: Ms| {
        let theirs = i64::try_from(at).unwrap() + world.east_clock_ahead_ms;
        Timestamp::from_millisecond(1_700_000_000_000 + theirs).ok()
    };
    let connected = look.read < world.cut;
    ServerReading {
        in_recovery: true,
        system_id: Some("7".to_owned()),
        server_now: Some(instant(look.read)),
        have: Some(Lsn(holds)),
        replayed: Some(Lsn(holds)),
        last_commit_replayed: world.last_commit_held(holds).and_then(stamped),
        receiver: connected.then(|| Receiver {
            status: Some("streaming".to_owned()),
            latest_end: Some(Lsn(holds)),
            last_message_at: Some(instant(look.read)),
            ..Receiver::default()
        }),
        ..ServerReading::default()
    }
}

fn pair() -> Cluster {
    let server = || Server::new(Duration::from_secs(30), 3);
    let servers = [EAST, WEST].into_iter().map(|region| (RegionId::from(region), server())).collect();
    Cluster::new(DatabaseId::from("orders-db"), servers, false)
}

/// Bytes and time truly lost, were the standby promoted as it stood at `at`: from the first lost write to the last.
fn truth(world: &World, at: Ms) -> (u64, Ms) {
    let holds = world.standby_holds(at);
    let lost: Vec<&Write> = world.writes.iter().filter(|write| write.end > holds).collect();
    let bytes = world.writes.last().map_or(0, |write| write.end).saturating_sub(holds);
    match (lost.first(), lost.last()) {
        (Some(first), Some(last)) => (bytes, last.at - first.at),
        _ => (bytes, 0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_truth_always_lies_inside_the_interval(world in world()) {
        let mut cluster = pair();
        let mut looks: Vec<(bool, Look)> = world.looks_east.iter().map(|look| (true, *look))
            .chain(world.looks_west.iter().map(|look| (false, *look))).collect();
        looks.sort_by_key(|(_, look)| look.ended);
        for (of_east, look) in looks {
            let (measured, took) = look.stamp();
            let says = match of_east {
                true => (look.read < world.dark).then(|| primary_says(&world, look)),
                false => Some(standby_says(&world, look)),
            };
            let region = RegionId::from(if of_east { EAST } else { WEST });
            cluster.observe(&region, says.as_ref(), measured, took);
            if of_east {
                continue;
            }
            let (bytes, time) = truth(&world, look.read);
            let fenced = if look.ended >= world.fenced { Isolation::Since(instant(world.fenced)) } else { Isolation::Open };
            for isolation in [Isolation::Open, fenced] {
                let Some(exposure) = cluster.exposure(&RegionId::from(WEST), isolation, moment(look.ended)) else { continue };
                let at_risk = exposure.at_risk;
                prop_assert!(at_risk.bytes_at_least.unwrap_or(0) <= bytes, "{at_risk:?} but {bytes} bytes lost");
                prop_assert!(at_risk.at_least <= Duration::from_millis(time), "{at_risk:?} but {time} ms lost");
                prop_assert!(
                    at_risk.at_most.is_none_or(|most| most >= Duration::from_millis(time)),
                    "{at_risk:?} but {time} ms lost"
                );
                prop_assert!(isolation != Isolation::Open || at_risk.at_most.is_none());
            }
        }
    }
}

#[test]
fn a_long_cut_is_bounded_from_below_by_what_was_polled() {
    let mut cluster = pair();
    let (east, west) = (RegionId::from(EAST), RegionId::from(WEST));
    let reading = |end: u64| ServerReading { current: Some(Lsn(end)), ..ServerReading::default() };
    for second in 0..20 {
        cluster.observe(&east, Some(&reading(second * 100)), moment(second * 1000), None);
    }
    let standby = ServerReading { in_recovery: true, have: Some(Lsn(450)), ..ServerReading::default() };
    cluster.observe(&west, Some(&standby), moment(21_000), None);
    let open = cluster.exposure(&west, Isolation::Open, moment(21_000)).unwrap().at_risk;
    assert_eq!(open.bytes_at_least, Some(1450));
    assert_eq!((open.at_least, open.at_most), (Duration::from_secs(13), None));
    let fenced = cluster.exposure(&west, Isolation::Since(instant(30_000)), moment(21_000)).unwrap().at_risk;
    assert_eq!(fenced.at_most, Some(Duration::from_secs(26)), "held through the poll at 4 s, fenced at 30 s");
    assert!(fenced.basis.starts_with("primary position 0/76C seen"), "{}", fenced.basis);
}

#[test]
fn a_clean_stop_loses_nothing_and_is_believed_only_while_no_position_denies_it() {
    let mut cluster = pair();
    let (east, west) = (RegionId::from(EAST), RegionId::from(WEST));
    let primary = ServerReading { current: Some(Lsn(500)), ..ServerReading::default() };
    cluster.observe(&east, Some(&primary), moment(0), None);
    for (have, nothing) in [(620, true), (400, false)] {
        let standby = ServerReading { in_recovery: true, have: Some(Lsn(have)), ..ServerReading::default() };
        cluster.observe(&west, Some(&standby), moment(5000), None);
        let at_risk = cluster.exposure(&west, Isolation::Clean(instant(3000)), moment(5000)).unwrap().at_risk;
        assert_eq!(at_risk.at_most == Some(Duration::ZERO), nothing, "{at_risk:?}");
    }
}

#[test]
fn without_history_the_upper_bound_is_unknown_even_when_fenced() {
    let mut cluster = pair();
    let standby = ServerReading { in_recovery: true, have: Some(Lsn(1)), ..ServerReading::default() };
    cluster.observe(&RegionId::from(WEST), Some(&standby), moment(0), None);
    let at_risk = cluster.exposure(&RegionId::from(WEST), Isolation::Since(instant(0)), moment(0)).unwrap().at_risk;
    assert_eq!((at_risk.bytes_at_least, at_risk.at_most), (None, None));
}
