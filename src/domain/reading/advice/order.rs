//! What makes one region a better place to fail over to than another.

use std::cmp::Reverse;
use std::time::Duration;

use crate::ident::RegionId;

/// Compared field by field: the smaller is the better place. Places that are alike in all of it stand in the order of
/// their names, so that the order of the file decides nothing but a priority that is not written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    pub(super) health: HealthClass,
    pub(super) lag: LagClass,
    pub(super) priority: u32,
    /// Thousandths.
    pub(super) weight: Reverse<u32>,
    pub(super) latency: LatencyClass,
    pub(super) name: RegionId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HealthClass {
    Well,
    Flapping,
    Degraded,
}

/// Milliseconds of difference decide nothing; crossing the database's own marks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LagClass {
    Within,
    OverWarning,
    OverCritical,
    Unknown,
}

/// Twice as long is another class: what differs by less would change places at every look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LatencyClass {
    Doublings(u32),
    Unknown,
}

impl LatencyClass {
    pub(super) fn of(latency: Option<Duration>) -> Self {
        latency.map_or(Self::Unknown, |latency| Self::Doublings(latency.as_millis().max(1).ilog2()))
    }
}

/// The share of traffic a region can carry, in thousandths.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn thousandths(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn order()(
            health in 0..3_usize,
            lag in 0..4_usize,
            priority in 1..4_u32,
            weight in 0..3_u32,
            latency in prop::option::of(0..2000_u64),
            name in "[a-d]",
        ) -> Order {
            use {HealthClass::*, LagClass::*};
            Order {
                health: [Well, Flapping, Degraded][health],
                lag: [Within, OverWarning, OverCritical, LagClass::Unknown][lag],
                priority,
                weight: Reverse(thousandths(f64::from(weight) / 2.0)),
                latency: LatencyClass::of(latency.map(Duration::from_millis)),
                name: RegionId::new(name),
            }
        }
    }

    /// At least as good in everything, and better in something.
    fn dominates(one: &Order, other: &Order) -> bool {
        let merits = |order: &Order| (order.health, order.lag, order.priority, order.weight, order.latency);
        let (a, b) = (merits(one), merits(other));
        a.0 <= b.0 && a.1 <= b.1 && a.2 <= b.2 && a.3 <= b.3 && a.4 <= b.4 && a != b
    }

    proptest! {
        #[test]
        fn a_worse_place_never_outranks_a_better_one(mut places in prop::collection::vec(order(), 2..8)) {
            places.sort();
            for (at, place) in places.iter().enumerate() {
                for after in &places[at + 1..] {
                    prop_assert!(!dominates(after, place), "{after:?} stands after {place:?}");
                }
            }
        }

        #[test]
        fn the_order_does_not_depend_on_where_one_begins(places in prop::collection::vec(order(), 2..8), by in 0..8_usize) {
            let mut one = places.clone();
            one.sort();
            let mut other = places;
            let by = by % other.len();
            other.rotate_left(by);
            other.sort();
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn a_better_answer_time_counts_when_it_is_twice_as_good() {
        let of = |ms| LatencyClass::of(Some(Duration::from_millis(ms)));
        assert_eq!(of(40), of(60));
        assert!(of(20) < of(60) && of(5000) < LatencyClass::of(None));
    }
}
