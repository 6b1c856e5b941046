//! Something real goes on while people practise: they are told, and nothing of the live estate is touched.

use std::sync::Arc;

use domain::drill::demo_estate;
use domain::engine::ExerciseAct;
use domain::ident::IncidentId;
use domain::log::{Draft, EndEx, Event, Header, Kind, LOG_VERSION, Sev};
use domain::reading::{Board, Context, Health};
use switchback::runtime::clock;
use switchback::runtime::journal::Journal;
use switchback::runtime::paths::Paths;
use switchback::runtime::readings::Recorder;
use switchback::runtime::real_world::RealWorld;

use super::player::Player;
use crate::support::log::{note, paths};

const CALM: &str = "title = \"Calm\"\nlasts = \"2h\"\n";

/// What a live console leaves.
fn live(recorder: &Recorder, status: Health) {
    let mut seen = Board::new(demo_estate()).status(&Context::calm(Kind::Live), clock::now());
    seen.alerts.clear();
    seen.regions[0].status = status;
    recorder.publish(&Arc::new(seen));
}

async fn declared(paths: &Paths) {
    let incident = IncidentId(ulid::Ulid::generate());
    let header = Header {
        version: LOG_VERSION,
        incident,
        label: "INC-2026-0044".to_owned(),
        kind: Kind::Live,
        created_at: clock::now().wall,
        created_by: "switchback".to_owned(),
    };
    let journal = Journal::create(paths, header).unwrap();
    let opened = Event::IncidentOpened {
        incident,
        label: "INC-2026-0044".to_owned(),
        kind: Kind::Live,
        severity: Sev(1),
        title: "orders fail".to_owned(),
        impact_at: clock::now().wall,
        impact_basis: String::new(),
        from: None,
        to: None,
        estate: demo_estate().source.clone(),
    };
    journal.append(None, vec![Draft { event: opened, ..note("") }]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_red_in_the_live_estate_is_told_at_once_and_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let estate = demo_estate();
    let recorder = Recorder::start(&paths.estate(&estate.name)).unwrap().unwrap();
    live(&recorder, Health::Ok);
    let watch = RealWorld::new(paths.clone(), &estate.name, Kind::Live);
    let mut player = Player::on(&paths, CALM, 1, Kind::Drill, Some(watch));
    player.until_so("it began", |player| player.state.exercise.is_some());
    assert_eq!(player.red, None);
    live(&recorder, Health::Down);
    let red = player.until("it is told", |player| player.red.clone());
    assert_eq!(red, "us-east-1 is down");
    live(&recorder, Health::Ok);
    player.until_so("it is taken back", |player| player.red.is_none());
    declared(&paths).await;
    let red = player.until("the incident is told of", |player| player.red.clone());
    assert_eq!(red, "INC-2026-0044 was declared: orders fail");
    player.acts(ExerciseAct::End { why: EndEx::RealWorld, text: red });
    assert_eq!(player.exercise().ended.as_ref().map(|ended| ended.why), Some(EndEx::RealWorld));
}
