//! On paper: people talk, tick, and say what guards say; the times are recorded.

use domain::console::Request;
use domain::engine::{Command, Confirmation, ExerciseAct, StepState};
use domain::ident::RegionId;
use domain::log::{EndEx, Event, Kind};

use super::player::Player;
use crate::support::log::paths;

const TALK: &str = "title = \"Talk\"\nlasts = \"10h\"\n[[inject]]\nid = \"dark\"\nat = \"1m\"\ntext = \"$FROM is dark\"\neffect = [\"down $FROM\"]\n";
const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Promote <!-- id: promote -->\n\n  ```check guard\n  $TO ok\n  ```\n\n  ```bash run\n  promote\n  ```\n\n  ```bash verify\n  look\n  ```\n";

#[tokio::test(flavor = "multi_thread")]
async fn people_talk_and_tick_and_nothing_is_executed_or_pretended() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let path = home.path().join("walk.md");
    std::fs::write(&path, RUNBOOK).unwrap();
    let mut player = Player::on_paper(&paths, TALK, 60);
    player.until_so("the inject comes by the clock", |player| {
        player.state.exercise.is_some() && player.exercise().injects.contains_key("dark")
    });
    player.acts(ExerciseAct::Acknowledge { inject: "dark".into() });
    player.declares(Some(path.display().to_string()));
    let incident = player.state.incident.as_ref().unwrap();
    assert_eq!((incident.kind, incident.to.as_ref().map(RegionId::as_str)), (Kind::Paper, Some("us-west-2")));
    let status = player.until("a status", |player| player.status.clone());
    assert!(status.regions.iter().flat_map(|region| &region.checks).all(|check| check.value.is_none()));
    let run = player.run();
    let refused = player.executes("promote", Confirmation::Yes).unwrap_err();
    assert!(refused.contains("by hand"), "{refused}");
    player.answers("us-west-2 ok", true);
    let evidence = "ana would promote; took her two minutes to find the runbook".to_owned();
    let tick = Command::DoneByHand { run, step: "promote".into(), evidence };
    player.asks(Request::Act(Box::new(tick))).unwrap();
    player.until_so("it is done, with nothing polled", |player| player.step("promote") == StepState::DoneByHand);
    assert!(player.state.runs[0].ended_at.is_some());
    let executed = player.events().any(|event| matches!(event, Event::StepIntended { .. }));
    assert!(!executed);
    player.acts(ExerciseAct::End { why: EndEx::Finished, text: String::new() });
}
