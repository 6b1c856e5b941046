//! An exercise at the console: messages wait their turn, keys stay on the machine's clock, and what is real comes first.

use std::time::Duration;

use domain::console::{Question, Request};
use domain::engine::{Confirmation, ExerciseAct};
use domain::execution::Part;
use domain::ident::Hash;
use domain::log::{EndEx, Event, Firing, Lesson, LessonKind, Rating};
use domain::time::since;

use super::fixture::Console;
use crate::keys::{Code, Key};
use crate::model::{Exit, Overlay, Purpose, sentence};
use crate::update::wake_at;

fn open_message(console: &Console) -> Option<&str> {
    match console.model.overlay() {
        Some(Overlay::Delivered(message)) => Some(message.inject.as_str()),
        _ => None,
    }
}

#[test]
fn a_message_opens_above_the_bridge_and_one_key_acknowledges_it() {
    let mut console = Console::exercising();
    console.fired("silent");
    assert!(console.model.overlay().is_none(), "without a text nothing is delivered");
    console.fired("dark");
    assert_eq!(open_message(&console), Some("dark"));
    assert!(console.model.ui.bell);
    console.rest();
    console.char('a');
    assert_eq!(console.exercise_acts(), [&ExerciseAct::Acknowledge { inject: "dark".into() }]);
    assert!(console.model.overlay().is_none());
}

#[test]
fn a_key_that_was_meant_for_the_bridge_acknowledges_nothing() {
    let mut console = Console::exercising_at("promote");
    console.fired("dark");
    console.strike(Key::char('a'));
    console.rest();
    assert_eq!(open_message(&console), Some("dark"));
    console.burst("aa");
    assert!(console.exercise_acts().is_empty());
}

#[test]
fn the_facilitator_passes_an_open_message_and_other_keys_say_that_it_waits() {
    let mut console = Console::exercising();
    console.fired("dark");
    for key in ['i', 'd', 'x'] {
        console.char(key);
        assert_eq!(open_message(&console), Some("dark"));
        assert!(console.notice().contains("a acknowledges it"), "{key}: {}", console.notice());
    }
    console.char('P');
    assert!(matches!(console.exercise_acts()[..], [ExerciseAct::Pause { .. }]));
    console.char('E');
    assert!(matches!(console.model.overlay(), Some(Overlay::Facilitator(_))));
    assert_eq!(console.model.unread(), 1, "nobody has acknowledged it");
    console.char('m');
    console.enter();
    console.char('E');
    assert_eq!(console.model.ui.overlays.len(), 1, "one panel, not one above another");
    console.esc();
    assert!(console.model.overlay().is_none(), "put off, it stays out of the way");
}

#[test]
fn a_message_waits_while_something_is_written_or_confirmed() {
    let mut console = Console::exercising_at("stop");
    console.char('s');
    console.type_text("bec");
    console.fired("dark");
    console.fired("board");
    console.type_text("ause");
    assert_eq!(console.in_form().unwrap().answer("reason"), "because");
    assert_eq!(console.model.unread(), 2);
    console.esc();
    assert_eq!(open_message(&console), Some("dark"));
    console.rest();
    console.char('a');
    console.record(Event::InjectAcknowledged { inject: "dark".into() });
    assert_eq!(open_message(&console), Some("board"));
    console.esc();
    console.char('x');
    assert!(console.in_box().is_some(), "put off, it stays out of the way");
    assert_eq!(console.model.unread(), 1);
    console.esc();
    console.char('m');
    console.enter();
    assert_eq!(open_message(&console), Some("board"), "and is there to be read");
}

#[test]
fn the_scenarios_clock_is_shown_and_the_machines_counts_keys() {
    let mut console = Console::exercising_at("stop");
    let ahead = Duration::from_secs(7200);
    console.paced(ahead, 60);
    console.char('x');
    console.strike(Key::char('y'));
    assert!(console.executed().is_empty(), "60 times as fast, but the box has just opened");
    console.rest();
    console.rest();
    console.char('y');
    assert_eq!(console.executed(), [("stop".into(), Confirmation::Yes)]);
    let (now, real) = (console.model.now, console.model.real);
    assert!(since(now.wall, real.wall) > ahead + Duration::from_secs(60), "{now:?} {real:?}");
    assert!(wake_at(&console.model) <= real.boot + Duration::from_secs(1));
}

#[test]
fn a_pause_stops_the_clock_and_what_executes() {
    let mut console = Console::exercising_at("confirm");
    let pace = console.paced(Duration::ZERO, 10);
    console.char('P');
    assert!(matches!(console.exercise_acts()[..], [ExerciseAct::Pause { .. }]));
    console.told(domain::console::Told::Pace(pace.pause(console.model.real)));
    console.record(Event::ExercisePaused { reason: String::new() });
    let stood = console.model.now;
    console.rest();
    assert_eq!(console.model.now, stood);
    console.char('x');
    assert!(console.executed().is_empty() && console.notice().contains("paused"), "{}", console.notice());
    console.char('P');
    assert_eq!(console.exercise_acts().last(), Some(&&ExerciseAct::Resume));
}

#[test]
fn what_is_real_ends_the_exercise_from_anywhere_but_a_text() {
    let mut console = Console::exercising_at("stop");
    console.real_world(true);
    console.char('s');
    console.char('W');
    assert_eq!(console.in_form().unwrap().answer("reason"), "W");
    console.esc();
    console.char('A');
    console.char('W');
    assert!(console.in_box().is_some());
    console.rest();
    console.enter();
    assert!(console.exercise_acts().is_empty());
    console.rest();
    console.char('y');
    let [ExerciseAct::End { why: EndEx::RealWorld, text }] = console.exercise_acts()[..] else {
        panic!("{:?}", console.asked)
    };
    assert_eq!(text, "us-east-1 is DOWN");
}

#[test]
fn leaving_a_running_exercise_asks_and_afterwards_it_does_not() {
    let mut console = Console::exercising();
    console.char('q');
    assert!(console.in_form().is_some_and(|form| form.purpose == Purpose::LeaveExercise));
    console.press(Key::of(Code::Down));
    console.enter();
    assert!(matches!(console.exercise_acts()[..], [ExerciseAct::End { why: EndEx::Abandoned, .. }]));
    assert_eq!(console.asked.last(), Some(&Request::Quit));
    assert_eq!(console.model.ui.exit, Some(Exit::Quit));

    let mut console = Console::exercising();
    console.char('q');
    console.enter();
    assert!(matches!(console.exercise_acts()[..], [ExerciseAct::End { why: EndEx::Finished, .. }]));
    assert_eq!(console.model.ui.exit, None, "the score is looked at first");
    console.end_exercise();
    while console.model.overlay().is_some() {
        console.esc();
    }
    console.char('q');
    assert_eq!(console.model.ui.exit, Some(Exit::Quit));
}

#[test]
fn after_endex_nothing_is_done_any_more() {
    let mut console = Console::exercising_at("confirm");
    console.end_exercise();
    while console.model.overlay().is_some() {
        console.esc();
    }
    for key in ['x', 's', 'd', 'P'] {
        console.char(key);
        assert!(console.notice().contains("over"), "{key}: {}", console.notice());
    }
    assert!(console.acted().is_empty());
}

#[test]
fn on_paper_the_space_bar_ticks_every_step() {
    let mut console = Console::calm();
    console.start_ex(true);
    console.told(domain::console::Told::Status(std::sync::Arc::default()));
    assert!(console.model.status.is_none(), "no panel looks broken");
    console.declared_in(domain::log::Kind::Paper);
    console.prepare("confirm", Part::Run, &[]);
    console.char('x');
    assert!(console.executed().is_empty() && console.notice().contains("space"), "{}", console.notice());
    console.char(' ');
    console.enter();
    assert!(matches!(console.commands()[..], [domain::engine::Command::DoneByHand { .. }]));
}

#[test]
fn the_facilitator_fires_leaves_out_notes_and_sets_the_pace() {
    let mut console = Console::exercising();
    console.paced(Duration::ZERO, 1);
    console.char('E');
    console.char('f');
    let next = console.in_form().map(|form| form.answer("inject").to_owned()).unwrap_or_default();
    assert!(next.starts_with("dark: "), "opened on what comes next, not on StartEx that was: {next}");
    console.esc();
    console.char('G');
    console.char('f');
    assert_eq!(
        console.in_form().map(|form| form.answer("inject").to_owned()).as_deref(),
        Some("board: When are we back?")
    );
    console.enter();
    console.fired("board");
    assert!(matches!(console.model.overlay(), Some(Overlay::Facilitator(_))), "no message opens above the panel");
    console.char('f');
    assert!(console.notice().contains("already"), "{}", console.notice());
    console.char('g');
    console.char('s');
    console.enter();
    assert!(console.in_form().unwrap().problem.is_some(), "with a reason");
    console.type_text("too early");
    console.enter();
    console.char('e');
    console.type_text("calm");
    console.enter();
    console.char('+');
    console.char('-');
    assert!(console.notice().contains("wall"), "{}", console.notice());
    assert_eq!(
        console.exercise_acts(),
        [
            &ExerciseAct::Fire { inject: "board".into(), by: Firing::Facilitator },
            &ExerciseAct::SkipInject { inject: "dark".into(), reason: "too early".to_owned() },
            &ExerciseAct::Note { text: "calm".to_owned(), inject: Some("dark".into()) },
            &ExerciseAct::SetSpeed { speed: 2 },
        ]
    );
    console.char('X');
    console.rest();
    console.char('y');
    assert!(matches!(console.exercise_acts().last(), Some(ExerciseAct::End { why: EndEx::Finished, .. })));
}

#[test]
fn the_facilitator_answers_the_question_under_the_cursor_and_no_other() {
    let mut console = Console::exercising();
    let asked = |text: &str| Question { id: Hash::of(text.as_bytes()), text: text.to_owned(), target: None };
    console.char('E');
    console.told(domain::console::Told::Questions(vec![asked("smoke"), asked("login")]));
    console.char('y');
    assert!(console.exercise_acts().is_empty() && console.notice().contains("choose"), "asked while it was open");
    console.char('g');
    console.char('j');
    console.char('n');
    let answer = ExerciseAct::Answer { question: Hash::of(b"login"), text: "login".to_owned(), holds: false };
    assert_eq!(console.exercise_acts(), [&answer]);
    console.record(Event::QuestionAnswered { question: Hash::of(b"login"), text: "login".to_owned(), holds: false });
    assert_eq!(console.model.questions().count(), 1);
    console.char('y');
    assert_eq!(console.exercise_acts(), [&answer], "it has moved to another question: look first");
    console.char('y');
    assert!(matches!(console.exercise_acts().last(), Some(ExerciseAct::Answer { holds: true, .. })));
    console.told(domain::console::Told::Questions(vec![asked("login")]));
    assert_eq!(console.model.questions().count(), 1, "what did not hold is asked again");
}

#[test]
fn at_endex_the_score_opens_once_nothing_is_written_and_the_hotwash_is_recorded() {
    let mut console = Console::exercising();
    console.char('=');
    assert!(console.model.overlay().is_none() && console.notice().contains("EndEx"), "{}", console.notice());
    console.char('E');
    console.char('S');
    assert!(matches!(console.model.overlay(), Some(Overlay::Score(_))), "the facilitator sees it before");
    console.esc();
    console.char('e');
    console.type_text("calm");
    console.end_exercise();
    assert!(matches!(console.model.overlay(), Some(Overlay::Editor(_))), "what is being written is not covered");
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::Score(_))));
    assert!(console.model.conduct.scored.is_some());
    console.asked.clear();
    console.press(Key::of(Code::Tab));
    console.char('r');
    console.press(Key::of(Code::Down));
    console.press(Key::of(Code::Tab));
    console.type_text("late");
    console.enter();
    console.char('+');
    console.type_text("Short messages");
    console.enter();
    console.char('a');
    console.type_text("Name a spokesperson");
    console.press(Key::of(Code::Tab));
    console.type_text("mara");
    console.press(Key::of(Code::Tab));
    console.press(Key::ctrl('u'));
    console.type_text("soon");
    console.enter();
    assert!(console.in_form().unwrap().problem.as_ref().unwrap().contains("2026-12-20"));
    console.press(Key::ctrl('u'));
    console.type_text("2026-12-24");
    console.enter();
    let lesson = |kind, text: &str| Lesson { kind, text: text.to_owned(), owner: None, due: None };
    let item = Lesson {
        owner: Some("mara".into()),
        due: "2026-12-24T00:00:00Z".parse().ok(),
        ..lesson(LessonKind::Action, "Name a spokesperson")
    };
    assert_eq!(
        console.exercise_acts(),
        [
            &ExerciseAct::Rate { expected: 0, rating: Rating::S, comment: "late".to_owned() },
            &ExerciseAct::Learn(lesson(LessonKind::Strength, "Short messages")),
            &ExerciseAct::Learn(item),
        ]
    );
}

#[test]
fn players_read_of_the_scenario_only_what_they_are_told() {
    let mut console = Console::exercising();
    console.fired("dark");
    console.fired("silent");
    console.record(Event::EvaluatorNoted { text: "slow".to_owned(), inject: None });
    let read = |console: &Console| -> Vec<String> {
        let state = &console.model.state;
        state.entries.iter().map(|entry| sentence(state, entry).to_string()).collect()
    };
    let all = read(&console);
    assert_eq!(all[1], "message from monitoring to commander: us-east-1 does not answer");
    assert_eq!(all[2..], ["the scenario goes on", "evaluator's note"]);
    console.model.ui.log.filter = crate::model::Filter::of("slow");
    assert!(console.model.ui.log.rows(&console.model.state).is_empty());
    console.end_exercise();
    let all = read(&console);
    assert!(all[2].contains("silent") && all[3] == "evaluator's note", "{all:?}");
}
