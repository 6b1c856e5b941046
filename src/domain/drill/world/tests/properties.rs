//! What holds whatever is done to a world.

use proptest::prelude::*;

use super::*;
use crate::engine::{Fence, FenceStatement, State};
use crate::runbook::WorldLine;

/// A line that means something in the demonstration, or almost.
fn line() -> impl Strategy<Value = WorldLine> {
    let place = prop_oneof![
        Just("us-east-1"),
        Just("us-west-2"),
        Just("payments"),
        Just("orders@us-west-2"),
        Just("orders-db"),
        Just("orders-db@us-east-1"),
        Just("orders-db@us-west-2"),
        Just("orders-db@eu-west-1"),
        Just("cache@us-east-1"),
        Just("cluster"),
        Just("all"),
        Just("nothing@nowhere"),
    ];
    let word = 0_u8..24;
    (word, place, 0_u32..200, 1_u64..90).prop_filter_map("it can be read", |(word, place, share, seconds)| {
        let text = match word {
            0 => format!("promote {place}"),
            1 => format!("fence {place}"),
            2 => format!("unfence {place}"),
            3 => format!("serve {place} us-west-2"),
            4 => format!("serve all {}", if share % 2 == 0 { "us-east-1" } else { "eu-west-1" }),
            5 | 6 => format!("up {place}"),
            7 => format!("down {place}"),
            8 => format!("degrade {place}"),
            9 => format!("errors {place} {}%", share % 101),
            10 => format!("flap {place} every {seconds}s"),
            11 => format!("slow {place} {seconds}s"),
            12 => format!("lag {place} {seconds}s"),
            13 => format!("replication {place} {}", if share % 2 == 0 { "stops" } else { "starts" }),
            14 => format!("load {place} {share}%"),
            15 => format!("scale {place} {share}%"),
            16 => format!("certificate {place} expires {seconds}s"),
            17 => format!("corrupt {place}"),
            18 => format!("recover {place}"),
            19 => format!("lose {place}"),
            20 => format!("dns {}", if share % 2 == 0 { "fails" } else { "works" }),
            21 => "credentials fail in us-west-2".to_owned(),
            22 => format!("backup {place} fails"),
            _ => format!("heal {place}"),
        };
        world_lines(&text, &BTreeMap::new()).remove(0).ok()
    })
}

/// What is done, and how long after that the next thing is.
fn story() -> impl Strategy<Value = Vec<(WorldLine, u64)>> {
    proptest::collection::vec((line(), 0_u64..40_000), 0..14)
}

fn played(story: &[(WorldLine, u64)], seed: u64, pieces: u64) -> (World, Vec<crate::reading::Sample>) {
    let mut world = World::new(&demo_estate(), seed);
    let mut now = start();
    let mut samples = world.history(now, Duration::from_secs(60));
    for (line, millis) in story {
        let _ = world.apply(line);
        for _ in 0..pieces {
            now = now.after(Duration::from_micros(millis * 1000 / pieces));
            samples.extend(world.advance(now));
        }
    }
    (world, samples)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_same_story_gives_the_same_bytes_in_however_many_pieces(story in story(), seed in 0_u64..50) {
        // Pieces whose lengths add up to the same.
        let story: Vec<_> = story.into_iter().map(|(line, millis)| (line, millis / 12 * 12)).collect();
        let (world, samples) = played(&story, seed, 1);
        let (pieces, others) = played(&story, seed, 3);
        prop_assert_eq!(serde_json::to_string(&samples).unwrap(), serde_json::to_string(&others).unwrap());
        prop_assert_eq!(world.lost(&"orders-db".into()), pieces.lost(&"orders-db".into()));
    }

    #[test]
    fn nothing_is_received_that_was_not_written_nor_replayed_that_was_not_received(story in story()) {
        let mut world = World::new(&demo_estate(), 5);
        let mut now = start();
        world.history(now, Duration::from_secs(60));
        for (line, millis) in &story {
            let _ = world.apply(line);
            now = now.after(Duration::from_millis(*millis));
            for sample in world.advance(now) {
                prop_assert!(sample.boot <= now.boot);
            }
            let cluster = world.present(&"orders-db".into()).unwrap();
            let written = cluster.servers.iter().map(|server| server.end).max().unwrap();
            for server in &cluster.servers {
                prop_assert!(server.replayed <= server.end && server.end <= written, "{server:?}");
                if let Some(from) = server.streaming(now.boot) {
                    let primary = cluster.server(from).unwrap();
                    prop_assert!(server.timeline != primary.timeline || server.end <= primary.end, "{server:?} {primary:?}");
                }
            }
            for service in &demo_estate().services {
                prop_assert!((0.0..=1.0).contains(&world.failing(&service.id)));
            }
        }
    }

    #[test]
    fn the_loss_that_is_shown_holds_the_loss_that_comes(
        lag in 0_u64..45, load in 20_u32..400, seed in 0_u64..1000, dark in 20_u64..90,
    ) {
        let estate = demo_estate();
        let mut stage = Stage { world: World::new(&estate, seed), board: Board::new(estate), now: start() };
        for sample in stage.world.history(stage.now, Duration::from_secs(180)) {
            stage.board.observe(&sample);
        }
        stage.order(&format!("lag orders-db@us-west-2 {lag}s\nload all {load}%"));
        stage.pass(60 + seed % 13);
        stage.order("down us-east-1");
        let dark_at = stage.now.wall;
        stage.pass(dark);
        let statement = FenceStatement { how: "power off".to_owned(), by: "ana".into(), at: dark_at };
        let mut state = State::default();
        let place = ("orders-db".into(), "us-east-1".into());
        state.fences.insert(place, Fence { statement: Some(statement), ..Fence::default() });
        let rows = stage.board.status(&Context::within(Kind::Demo, &state), stage.now).replication;
        let row = rows.into_iter().find(|row| row.region.as_str() == "us-west-2").unwrap();
        let at_risk = row.at_risk.unwrap();
        stage.order("fence orders-db@us-east-1\npromote orders-db@us-west-2");
        stage.pass(3);
        let lost = stage.world.lost(&"orders-db".into());
        prop_assert!(at_risk.bytes_at_least.is_none_or(|least| least <= lost.bytes), "{at_risk:?} {lost:?}");
        prop_assert!(at_risk.at_least <= lost.span + Duration::from_millis(1), "{at_risk:?} {lost:?}");
        prop_assert!(at_risk.at_most.is_some_and(|most| lost.span <= most), "{at_risk:?} {lost:?}");
    }
}
