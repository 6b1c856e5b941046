use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::drill::{World, demo_estate};
use crate::estate::Estate;
use crate::ident::IncidentId;
use crate::people::Actor;
use crate::reading::Board;
use crate::time::{Now, Timestamp};

const PROMOTE: &str = "- [ ] **Promote** <!-- id: promote -->

  On: orders-db@$TO; Approval: data-owner; Point of no return: yes; Undo: rebuild the old one

  ```check guard
  fenced orders-db@$FROM
  loss orders-db@$TO <= 5m
  ```

  ```sql run timeout=90s
  SELECT pg_promote(true, 60);
  ```

  ```sql verify
  SELECT NOT pg_is_in_recovery();
  ```
";

struct Scene {
    estate: Arc<Estate>,
    board: Board,
    now: Now,
}

impl Scene {
    fn new() -> Self {
        let estate = demo_estate();
        let now = Now { wall: Timestamp::from_second(1_795_000_000).unwrap(), boot: Duration::from_secs(86_400) };
        let mut board = Board::new(Arc::clone(&estate));
        for sample in World::new(&estate, 7).history(now, Duration::from_secs(120)) {
            board.observe(&sample);
        }
        Self { estate, board, now }
    }

    fn looked(&self, runbook: &str, given: &Given) -> (DryRun, Vec<Question>) {
        let actor = Actor::claimed("cron", "ops-1");
        let state =
            unopened(IncidentId(ulid::Ulid::from_parts(1, 1)), "INC-2026-0001", &self.estate, Kind::Live, self.now);
        let start = start_east_to_west(runbook);
        let (state, run) = begin(state, start, &self.board, &actor, self.now).unwrap();
        let state = as_given(state, run, &self.board, given, &actor, self.now);
        look(&state, &self.board, state.run(run).unwrap(), given, self.now)
    }

    /// Every question is answered so.
    fn concluded(&self, steps: &str, given: &Given, passed: bool) -> DryRun {
        let (mut dry, questions) = self.looked(&native(steps), given);
        for question in &questions {
            dry.answered(question, Some(passed), "seen");
        }
        dry.conclude(given);
        dry
    }
}

fn native(steps: &str) -> String {
    format!("---\nrunbook: 1\nvars:\n  CHANGE: {{type: string, from: step}}\n---\n\n# Walk\n\n## Do\n\n{steps}")
}

const CHANGE: &str = "- [ ] **Change** <!-- id: change -->\n\n  ```bash run\n  touch it\n  ```\n\n";
const GUARDED: &str = "- [ ] **Guarded** <!-- id: guarded -->\n\n  ```bash guard\n  test -e it\n  ```\n\n  ```bash run\n  echo \"$TO\"\n  ```\n\n";

#[test]
fn a_step_that_opens_a_runbook_says_which() {
    let dry = Scene::new().concluded("- [ ] [The cache](cache-failure.md)\n", &Given::default(), true);
    assert_eq!(dry.steps[0].does, Does::Opens { runbook: "cache-failure".to_owned() });
    assert_eq!(dry.in_the_way, Vec::<String>::new());
}

#[test]
fn a_guard_that_does_not_hold_is_in_the_way_unless_something_changes_before_it() {
    let (scene, given) = (Scene::new(), Given::default());
    let first = scene.concluded(GUARDED, &given, false);
    assert_eq!(first.in_the_way, ["Guarded: `bash 1: test -e it` is not met: seen"]);
    let after = scene.concluded(&format!("{CHANGE}{GUARDED}"), &given, false);
    assert_eq!(after.in_the_way, Vec::<String>::new());
    assert_eq!((after.steps[1].guards[0].answer, after.steps[1].after_changes), (Answer::NotMet, true));
    assert!(scene.concluded(GUARDED, &given, true).in_the_way.is_empty());
}

#[test]
fn a_step_that_only_looks_has_to_see_it_and_one_that_changes_has_not_run_yet() {
    let (scene, given) = (Scene::new(), Given::default());
    let look = "- [ ] **Look** <!-- id: look -->\n\n  ```check verify\n  us-east-1 down\n  ```\n\n";
    assert_eq!(scene.concluded(look, &given, true).in_the_way, ["Look: `us-east-1 down` is not met: ok"]);
    let change =
        format!("{}  ```check verify\n  us-east-1 down\n  ```\n", CHANGE.trim_end_matches('\n').to_owned() + "\n\n");
    let dry = scene.concluded(&change, &given, true);
    assert_eq!((dry.steps[0].verifies[0].answer, dry.in_the_way.len()), (Answer::NotMet, 0));
}

#[test]
fn what_the_command_line_says_is_taken_as_said_and_what_it_leaves_out_is_named() {
    let scene = Scene::new();
    let (mut dry, _) = scene.looked(&native(PROMOTE), &Given::default());
    dry.conclude(&Given::default());
    let needs: Vec<_> = dry.needs.iter().map(|need| need.split(' ').next().unwrap()).collect();
    assert_eq!(needs, ["--fenced-by", "--accept-loss", "--approve", "--to"]);
    assert!(dry.in_the_way.iter().any(|found| found.contains("fenced orders-db@us-east-1")));

    let given = Given {
        fenced_by: Some("instances stopped".to_owned()),
        accept_loss: true,
        approvals: vec![("promote".into(), PersonId::new("raj"))],
        to: Some("us-west-2".to_owned()),
        ..Given::default()
    };
    let (mut dry, _) = scene.looked(&native(PROMOTE), &given);
    dry.conclude(&given);
    assert_eq!(dry.needs, Vec::<String>::new());
    let promote = dry.steps.iter().find(|step| step.id.as_str() == "promote").unwrap();
    let fenced = promote.guards.iter().find(|guard| guard.asks.starts_with("fenced")).unwrap();
    assert_eq!(fenced.answer, Answer::Met, "{}", fenced.seen);
    assert!(fenced.seen.contains("instances stopped"), "{}", fenced.seen);
    assert!(promote.guards.iter().all(|guard| guard.answer == Answer::Met), "{:?}", promote.guards);
}

#[test]
fn values_that_a_step_passes_on_are_no_obstacle_and_others_are() {
    let scene = Scene::new();
    let later = "- [ ] **Use** <!-- id: use -->\n\n  ```bash run\n  echo \"$CHANGE\"\n  ```\n";
    let dry = scene.concluded(later, &Given::default(), true);
    assert!(matches!(&dry.steps[0].does, Does::Open { later: true, .. }), "{:?}", dry.steps[0].does);
    assert_eq!(dry.in_the_way, Vec::<String>::new());
    let nowhere = "- [ ] **Use** <!-- id: use -->\n\n  On: orders-db@eu-north-1\n\n  ```sql run\n  SELECT 1;\n  ```\n";
    let dry = scene.concluded(nowhere, &Given::default(), true);
    assert_eq!(dry.in_the_way.len(), 1, "{:?}", dry.steps[0].does);
}

#[test]
fn steps_that_do_not_apply_or_are_left_out_say_so_and_ask_nothing() {
    let scene = Scene::new();
    let planned = GUARDED
        .replace("-->\n", "-->\n\n  When: MODE = planned\n")
        .replace("Guarded", "Planned")
        .replace("guarded", "planned");
    let given = Given { start_at: Some("guarded".into()), ..Given::default() };
    let (dry, questions) = scene.looked(&native(&format!("{CHANGE}{planned}{GUARDED}")), &given);
    let standing: Vec<_> = dry.steps.iter().map(|step| step.standing.clone()).collect();
    assert_eq!(standing, [Standing::LeftOut, Standing::LeftOut, Standing::ToDo]);
    assert_eq!(questions.len(), 1);
    let (dry, _) = scene.looked(&native(&planned), &Given::default());
    let because = "only when MODE = planned; MODE is forced".to_owned();
    assert_eq!(dry.steps[0].standing, Standing::NotApplicable { because });
    // What was left out changes nothing, so that the guard counts.
    let dry = scene.concluded(&format!("{CHANGE}{GUARDED}"), &given, false);
    assert_eq!(dry.in_the_way.len(), 1);
}

#[test]
fn what_runs_or_takes_back_is_never_a_question() {
    let scene = Scene::new();
    let given = Given { on_demand: true, ..Given::default() };
    let taken_back = "  ```bash rollback\n  rm it\n  ```\n\n";
    let back = format!("## Rollback\n\n{}", CHANGE.replace("change -->", "again -->"));
    let (dry, questions) = scene.looked(&native(&format!("{GUARDED}{taken_back}{PROMOTE}\n{back}")), &given);
    let asked: Vec<_> = questions.iter().map(|question| question.block().text.trim()).collect();
    assert_eq!(asked, ["test -e it", "SELECT NOT pg_is_in_recovery();"]);
    assert!(dry.steps.iter().any(|step| !step.main), "phases on demand were looked at");
}

#[test]
fn a_block_is_shown_with_the_values_it_names_and_no_others() {
    let scene = Scene::new();
    let (dry, _) = scene.looked(&native(GUARDED), &Given::default());
    let Does::Runs(shown) = &dry.steps[0].does else { panic!("{:?}", dry.steps[0].does) };
    assert_eq!(shown.argv, ["bash", "-euo", "pipefail"]);
    assert_eq!(shown.env, BTreeMap::from([("TO".to_owned(), "us-west-2".to_owned())]));
    assert_eq!(shown.text, "echo \"$TO\"\n");
}
