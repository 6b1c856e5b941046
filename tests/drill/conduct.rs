//! From StartEx to EndEx by the session's channel.

use std::time::Duration;

use domain::engine::{Confirmation, ExerciseAct, InjectState, StepState};
use domain::log::{EndEx, Event, Firing, Kind};
use domain::reading::Health;
use domain::time::since;
use switchback::runtime::journal::{ReadLog, incidents, newest_open};

use super::player::Player;
use crate::support::log::paths;

const DARK: &str = "title = \"Dark\"\nlasts = \"2h\"\n[[inject]]\nid = \"dark\"\nat = \"2m\"\ntext = \"$FROM is dark\"\neffect = [\"down $FROM\"]\n[[inject]]\nid = \"spare\"\ntype = \"contingency\"\ntext = \"The carrier calls\"\n";
const CALM: &str =
    "title = \"Calm\"\nlasts = \"2h\"\n[[inject]]\nid = \"late\"\nat = \"1h\"\ntext = \"An hour is over\"\n";

fn runbook(home: &tempfile::TempDir, steps: &str) -> String {
    let path = home.path().join("walk.md");
    std::fs::write(&path, format!("---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n{steps}")).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exercise_goes_from_startex_to_endex_in_a_log_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let mut player = Player::begins(&paths, DARK, 60);
    player.until_so("the pace is told", |player| player.pace.is_some());
    assert_eq!(player.exercise().start.label.split('-').next(), Some("EX"));
    let fired = player.until("the inject fires by itself", |player| match player.exercise().injects.get("dark")? {
        InjectState::Fired { at, by, .. } => Some((*at, *by)),
        InjectState::Skipped { .. } => None,
    });
    assert_eq!(fired.1, Firing::Schedule);
    assert!(since(fired.0, player.exercise().started_at) >= Duration::from_secs(120));
    player.until_so("the region is seen down", |player| {
        let status = player.status.as_ref();
        status.is_some_and(|status| status.regions.iter().any(|region| region.status == Health::Down))
    });
    player.acts(ExerciseAct::Acknowledge { inject: "dark".into() });
    player.acts(ExerciseAct::Fire { inject: "spare".into(), by: Firing::Facilitator });
    player.declares(None);
    let incident = player.state.incident.clone().unwrap();
    assert_eq!(incident.label, player.exercise().start.label, "players' incident is part of the exercise");
    assert_eq!((incident.id, incident.kind), (player.exercise().start.incident, Kind::Drill));
    assert!(newest_open(&paths, Kind::Live, &player.exercise().estate.name).is_none());
    player.ends();
    assert!(player.clock.pace().unwrap().paused(), "after EndEx the scenario stands still");
    player.acts(ExerciseAct::Note { text: "well done".to_owned(), inject: None });
    player.leaves().await;
    let listed = incidents(&paths).unwrap();
    let (log, entries) = ReadLog::open(listed[0].place.dir()).unwrap();
    assert!(log.problem().is_none());
    assert!(matches!(entries[0].event, Event::ExerciseStarted { .. }));
    let told: Vec<_> = player.state.entries.iter().map(|entry| entry.hash).collect();
    assert_eq!(entries.iter().map(|entry| entry.hash).collect::<Vec<_>>(), told);
    let ended = player.exercise().ended.clone().unwrap();
    assert_eq!(ended.why, EndEx::Finished);
    let end = entries.iter().find(|entry| matches!(entry.event, Event::ExerciseEnded { .. })).unwrap();
    let real = since(end.recorded_at, entries[0].recorded_at);
    assert!(
        since(ended.at, player.exercise().started_at) > real * 10,
        "scenario's time in the log, the wall's beside it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_paused_nothing_moves_and_nothing_is_executed() {
    let home = tempfile::tempdir().unwrap();
    let slow = runbook(
        &home,
        "- [ ] Slow <!-- id: slow -->\n\n  Duration: 1h\n\n  ```bash run readonly timeout=2h\n  slow\n  ```\n\n- [ ] Next <!-- id: next -->\n\n  Duration: 1m\n\n  ```bash run readonly\n  next\n  ```\n",
    );
    let mut player = Player::begins(&paths(&home), CALM, 60);
    player.declares(Some(slow));
    player.executes("slow", Confirmation::Key).unwrap();
    player.until_so("it runs", |player| player.step("slow") == StepState::Running);
    player.acts(ExerciseAct::Pause { reason: "a question".to_owned() });
    let stood = player.clock.now();
    let refused = player.executes("next", Confirmation::Key).unwrap_err();
    assert!(refused.contains("paused"), "{refused}");
    assert_eq!((player.clock.now(), player.step("slow")), (stood, StepState::Running));
    player.acts(ExerciseAct::SetSpeed { speed: 3600 });
    player.acts(ExerciseAct::Resume);
    assert_eq!(player.pace.map(|pace| (pace.speed(), pace.paused())), Some((3600, false)));
    player.until_so("an hour is over", |player| player.step("slow") == StepState::Succeeded);
    let run = &player.state.runs[0];
    let attempt = run.attempts(&"slow".into(), domain::execution::Part::Run).last().unwrap();
    let took = attempt.outcome.as_ref().unwrap().duration;
    assert!(took >= Duration::from_secs(3600), "{took:?}: a step takes its own time on the scenario's clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_world_does_not_know_is_asked_and_never_passed_silently() {
    let home = tempfile::tempdir().unwrap();
    let asks = runbook(
        &home,
        "- [ ] Warm up <!-- id: warm -->\n\n  Duration: 1s\n\n  ```bash guard\n  ./is-cold\n  ```\n\n  ```bash run\n  ./warm\n  ```\n\n  ```bash verify every=1s within=30m\n  ./is-warm\n  ```\n",
    );
    let mut player = Player::begins(&paths(&home), CALM, 10);
    player.declares(Some(asks));
    let refused = player.executes("warm", Confirmation::Yes).unwrap_err();
    assert!(refused.contains("the facilitator is asked"), "{refused}");
    let asked = player.until("the guard is asked", |player| player.questions.first().cloned());
    assert_eq!(asked.text.trim(), "./is-cold");
    player.answers("./is-cold", false);
    assert!(player.executes("warm", Confirmation::Yes).unwrap_err().contains("does not hold"));
    player.acts(ExerciseAct::Answer { question: asked.id, text: asked.text, holds: true });
    player.executes("warm", Confirmation::Yes).unwrap();
    player.until_so("the verify is asked", |player| {
        player.questions.iter().any(|asked| asked.text.contains("./is-warm"))
    });
    assert_eq!(player.step("warm"), StepState::Verifying);
    player.answers("./is-warm", true);
    player.until_so("it is verified", |player| player.step("warm") == StepState::Succeeded);
    let answers: Vec<_> = player
        .events()
        .filter_map(|event| match event {
            Event::QuestionAnswered { text, holds, .. } => Some((text.trim().to_owned(), *holds)),
            _ => None,
        })
        .collect();
    let cold = "./is-cold".to_owned();
    assert_eq!(answers, [(cold.clone(), false), (cold, true), ("./is-warm".to_owned(), true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_abandons_it_and_the_next_begins_anew() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let mut first = Player::begins(&paths, CALM, 1);
    first.until_so("it began", |player| player.state.exercise.is_some());
    let mut second = Player::begins(&paths, CALM, 1);
    second.until_so("it began", |player| player.state.exercise.is_some());
    let labels = [&first, &second].map(|player| player.exercise().start.label.clone());
    assert_ne!(labels[0], labels[1], "two exercises at once have nothing in common");
    first.leaves().await;
    let ended = first.exercise().ended.clone().unwrap();
    assert_eq!((ended.why, ended.text.as_str()), (EndEx::Abandoned, "its console was left"));
    assert!(second.exercise().running());
    second.ends();
    let mut third = Player::begins(&paths, CALM, 1);
    third.until_so("it began", |player| player.state.exercise.is_some());
    assert_eq!(incidents(&paths).unwrap().len(), 3);
}
