//! An exercise around an incident: begun before anything is declared, stopped by anybody, over for good.

use super::*;
use crate::drill::{due, reached, start_ex};
use crate::log::{EndEx, Firing, StartEx};
use crate::scenario::{Milestone, names};

const SCENARIO: &str = "title = \"Dark\"\nlasts = \"30m\"\n[[inject]]\nid = \"dark\"\nat = \"2m\"\ntext = \"$FROM is dark\"\neffect = [\"down $FROM\"]\n[[inject]]\nid = \"hint\"\nafter = \"inject dark fired\"\nat = \"5m\"\nunless = \"declared\"\ntext = \"Look at the bridge\"\n[[inject]]\nid = \"spare\"\ntype = \"contingency\"\ntext = \"The carrier calls\"\n[[inject]]\nid = \"quiet\"\ntype = \"contingency\"\neffect = [\"down $FROM\"]\n";

fn begun() -> Bench {
    let estate = Arc::new(crate::estate::parse(ESTATE).estate);
    let now = Now { wall: Timestamp::from_second(1_790_000_000).unwrap(), boot: Duration::from_secs(1000) };
    let start = StartEx {
        incident: IncidentId(id(1)),
        label: "EX-2026-0001".to_owned(),
        ..start_ex("dark", SCENARIO, names(&estate, None, None), &estate)
    };
    let mut bench = Bench { state: State::default(), board: Board::new(estate), now, effects: Vec::new() };
    bench.must("mara", about(ExerciseAct::Start(Box::new(start))));
    bench
}

fn about(act: ExerciseAct) -> Command {
    Command::Exercise(Box::new(act))
}

fn fire(inject: &str) -> Command {
    about(ExerciseAct::Fire { inject: inject.into(), by: Firing::Schedule })
}

#[test]
fn injects_are_due_by_their_time_and_not_where_they_were_forestalled() {
    let mut bench = begun();
    assert_eq!(due(&bench.state, bench.now.wall), vec![]);
    bench.now = bench.now.after(Duration::from_secs(121));
    let acts = due(&bench.state, bench.now.wall);
    assert_eq!(acts, [ExerciseAct::Fire { inject: "dark".into(), by: Firing::Schedule }]);
    bench.must("switchback", fire("dark"));
    assert!(bench.effects.contains(&Effect::Affect(vec!["down us-east-1".to_owned()])));
    assert_eq!(bench.refused("mara", fire("dark")), Reason::Duplicate);
    let exercise = bench.state.exercise.as_deref().unwrap();
    assert_eq!(exercise.unread().len(), 1);
    assert_eq!(exercise.impact_at(), reached(&bench.state, &Milestone::Fired("dark".into())));
    bench.must("ana", about(ExerciseAct::Acknowledge { inject: "dark".into() }));
    assert!(bench.state.exercise.as_deref().unwrap().unread().is_empty());
    let opening = Opening {
        incident: IncidentId(id(1)),
        label: "EX-2026-0001".to_owned(),
        kind: Kind::Drill,
        severity: Sev(1),
        title: "dark".to_owned(),
        impact_at: bench.now.wall,
        impact_basis: "as declared".to_owned(),
        from: None,
        to: None,
        estate: Arc::from(ESTATE),
    };
    bench.must("ana", Command::Open(Box::new(opening)));
    bench.now = bench.now.after(Duration::from_secs(600));
    assert_eq!(
        due(&bench.state, bench.now.wall),
        vec![],
        "the hint was forestalled, the spare one is the facilitator's"
    );
    bench.now = bench.now.after(Duration::from_secs(1800));
    assert!(matches!(due(&bench.state, bench.now.wall).as_slice(), [ExerciseAct::End { why: EndEx::TimeOver, .. }]));
}

#[test]
fn the_bell_rings_for_what_is_delivered_and_does_not_give_away_the_rest() {
    let mut bench = begun();
    bench.must("mara", fire("spare"));
    assert!(bench.effects.contains(&Effect::Bell));
    bench.effects.clear();
    bench.must("mara", fire("quiet"));
    assert_eq!(bench.effects, [Effect::Affect(vec!["down us-east-1".to_owned()])]);
}

#[test]
fn on_paper_every_step_is_ticked() {
    let mut bench = Bench::opened();
    let tick = || Command::DoneByHand { run: RUN, step: "look".into(), evidence: String::new() };
    assert_eq!(bench.refused("mara", tick()), Reason::Confirmation, "what runs is not ticked for nothing");
    if let Some(incident) = &mut bench.state.incident {
        incident.kind = Kind::Paper;
    }
    bench.must("mara", tick());
    assert_eq!(bench.step("look"), StepState::DoneByHand);
}

#[test]
fn nothing_is_executed_while_it_is_paused_or_once_it_is_over() {
    let mut bench = Bench::before_promotion();
    let exercise = *begun().state.exercise.unwrap();
    bench.state.exercise = Some(Box::new(exercise));
    bench.must("ana", about(ExerciseAct::Pause { reason: String::new() }));
    assert!(bench.effects.contains(&Effect::Pace(PaceChange::Pause)));
    assert_eq!(bench.execute("look", Confirmation::Key).unwrap_err().reason, Reason::NotNow);
    let decide = || Command::Decide { text: "go".to_owned(), failover: true };
    let tick = || Command::DoneByHand { run: RUN, step: "look".into(), evidence: "looked".to_owned() };
    assert_eq!(bench.refused("mara", decide()), Reason::NotNow, "thinking while the clock stands is no quick decision");
    assert_eq!(bench.refused("mara", tick()), Reason::NotNow);
    bench.must("mara", about(ExerciseAct::Resume));
    bench.must("mara", about(ExerciseAct::End { why: EndEx::RealWorld, text: "us-east-1 is down".to_owned() }));
    assert!(bench.execute("look", Confirmation::Key).unwrap_err().message.contains("over"));
    assert_eq!(bench.refused("mara", fire("spare")), Reason::NotNow);
    assert_eq!(bench.refused("mara", decide()), Reason::NotNow);
    assert_eq!(bench.refused("mara", tick()), Reason::NotNow);
    bench.must("mara", Command::Note { text: "looking back".to_owned(), run: None, step: None, occurred_at: None });
    bench.must("mara", about(ExerciseAct::Note { text: "calm".to_owned(), inject: None }));
}
