//! Keys that no person pressed: pastes that do not say so, cats, and everything else at random.

use domain::engine::{Confirmation, ExerciseAct};
use domain::execution::{GuardVerdict, Part};
use domain::log::EndEx;
use proptest::prelude::*;

use super::fixture::Console;
use crate::input::{Input, Mouse, MouseKind};
use crate::keys::{Code, Key};
use crate::model::{Hit, Panel};

#[test]
fn a_burst_outside_a_text_does_nothing() {
    let mut console = Console::at_step("confirm");
    console.burst("x");
    assert_eq!(console.executed().len(), 1, "one key is no burst");
    let mut console = Console::at_step("confirm");
    console.burst("xx");
    console.burst("snoxn");
    assert!(console.acted().is_empty() && console.model.overlay().is_none());
    console.burst("the next step\nx");
    assert!(console.acted().is_empty() && console.in_box().is_none());
}

#[test]
fn a_y_in_a_burst_does_not_confirm() {
    for burst in ["yy", "y\n", "by", "yes"] {
        let mut console = Console::at_step("stop");
        console.char('x');
        console.rest();
        console.burst(burst);
        console.rest();
        assert!(console.executed().is_empty(), "{burst}");
    }
}

#[test]
fn a_burst_inside_a_text_is_text() {
    let mut console = Console::at_step("stop");
    console.char('s');
    console.burst("because\nof this\n");
    assert!(console.commands().is_empty());
    assert_eq!(console.in_form().unwrap().answer("reason"), "because of this");
    console.rest();
    console.enter();
    assert_eq!(console.commands().len(), 1);
}

#[test]
fn a_burst_may_type_the_region_but_not_confirm_it() {
    let mut console = Console::at_step("promote");
    console.char('x');
    console.rest();
    console.burst("us-west-2\n");
    assert!(console.executed().is_empty());
    console.rest();
    console.enter();
    assert_eq!(console.executed().len(), 1);
}

#[derive(Clone, Debug)]
enum Act {
    Key(Key),
    Burst(String),
    Paste(String),
    Click(Hit),
    Wheel(bool),
    Wait(u64),
    Prepared(&'static str, bool),
    Done(&'static str),
    Inject(&'static str),
    RealWorld(bool),
    End,
}

fn any_key(without: &'static str) -> impl Strategy<Value = Key> {
    let plain = prop::sample::select(
        "abcdefghijklmnopqrstuvwxzHKLMRSVFGEPW!:/?[]+_-=123456 xxxsn2".chars().collect::<Vec<_>>(),
    )
    .prop_filter("left out", move |c| !without.contains(*c))
    .prop_map(Key::char);
    let named = prop::sample::select(vec![
        Code::Enter,
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::Up,
        Code::Down,
        Code::Backspace,
        Code::PageDown,
    ])
    .prop_map(Key::of);
    prop_oneof![3 => plain, 1 => named]
}

fn any_act(without: &'static str) -> impl Strategy<Value = Act> {
    let step = || prop::sample::select(vec!["confirm", "tell", "stop", "promote", "move"]);
    let hit = prop_oneof![
        prop::sample::select(Panel::ALL.to_vec()).prop_map(Hit::Panel),
        step().prop_map(|step| Hit::Step(step.into())),
        Just(Hit::Overlay),
    ];
    prop_oneof![
        12 => any_key(without).prop_map(Act::Key),
        2 => "[xy\nsn]{2,12}".prop_map(Act::Burst),
        1 => "(us-west-2|y|\n|x){1,3}".prop_map(Act::Paste),
        1 => hit.prop_map(Act::Click),
        1 => any::<bool>().prop_map(Act::Wheel),
        2 => (0u64..1500).prop_map(Act::Wait),
        2 => (step(), any::<bool>()).prop_map(|(step, pass)| Act::Prepared(step, pass)),
        1 => step().prop_map(Act::Done),
        1 => prop::sample::select(vec!["dark", "board"]).prop_map(Act::Inject),
        1 => any::<bool>().prop_map(Act::RealWorld),
        1 => Just(Act::End),
    ]
}

fn perform(console: &mut Console, act: &Act) {
    match act {
        Act::Key(key) => console.press(*key),
        Act::Burst(text) => console.burst(text),
        Act::Paste(text) => console.paste(text),
        Act::Click(hit) => console.click(hit.clone()),
        Act::Wheel(up) => {
            let kind = if *up { MouseKind::WheelUp } else { MouseKind::WheelDown };
            console.input(Input::Mouse(Mouse { kind, column: 0, row: 0, hit: Some(Hit::Panel(Panel::Checklist)) }));
        }
        Act::Wait(millis) => console.wait(std::time::Duration::from_millis(*millis)),
        Act::Prepared(step, pass) => {
            let verdict = if *pass { GuardVerdict::Pass } else { GuardVerdict::Fail };
            console.prepare(step, Part::Run, &[("loss orders-db@us-west-2 <= 5m", verdict)]);
        }
        Act::Done(step) => console.done(step),
        Act::Inject(inject) => console.fired(inject),
        Act::RealWorld(red) => console.real_world(*red),
        Act::End => console.end_exercise(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Whatever is pressed, pasted or clicked, without a `y` pressed alone and without the region typed key by key,
    /// nothing that changes the world is started.
    #[test]
    fn nothing_changes_the_world_without_its_y_or_its_text(acts in prop::collection::vec(any_act("y2"), 1..120)) {
        let mut console = Console::at_step("stop");
        for act in &acts {
            perform(&mut console, act);
        }
        for (step, confirmation) in console.executed() {
            prop_assert_eq!((step.as_str(), confirmation), ("confirm", Confirmation::Key));
        }
        let captured = console.asked.iter().any(|request| matches!(request, domain::console::Request::Capture { .. }));
        prop_assert!(!captured);
    }

    /// With a `y` among them, each start of a changing step follows a box that stood open for that step.
    #[test]
    fn every_change_was_confirmed_in_its_box(acts in prop::collection::vec(any_act(""), 1..120)) {
        let mut console = Console::at_step("stop");
        for act in &acts {
            let acts = if let Act::Wait(_) = act { vec![act.clone()] } else { vec![act.clone(), Act::Key(Key::char('y'))] };
            for act in &acts {
                let boxed = console.in_box().and_then(|shown| shown.step().map(|(_, step, _)| step.clone()));
                let before = console.executed().len();
                perform(&mut console, act);
                for (step, confirmation) in &console.executed()[before..] {
                    match confirmation {
                        Confirmation::Key => prop_assert_eq!(step.as_str(), "confirm"),
                        Confirmation::Yes => {
                            prop_assert!(matches!(act, Act::Key(key) if *key == Key::char('y')));
                            prop_assert_eq!(boxed.as_ref(), Some(step));
                            prop_assert_ne!(step.as_str(), "promote");
                        }
                        Confirmation::Typed(text) => {
                            prop_assert_eq!((step.as_str(), text.as_str()), ("promote", "us-west-2"));
                            prop_assert!(matches!(act, Act::Key(key) if *key == Key::of(Code::Enter)));
                        }
                        other => prop_assert!(false, "never {:?}", other),
                    }
                }
            }
        }
    }

    /// The same in an exercise, whatever is delivered and asked meanwhile; and it does not end by itself.
    #[test]
    fn an_exercise_executes_and_ends_nothing_by_itself(acts in prop::collection::vec(any_act("y2"), 1..120)) {
        let mut console = Console::exercising_at("stop");
        for act in &acts {
            perform(&mut console, act);
        }
        for (step, confirmation) in console.executed() {
            prop_assert_eq!((step.as_str(), confirmation), ("confirm", Confirmation::Key));
        }
        let ended = console.exercise_acts().into_iter().any(|act| {
            matches!(act, ExerciseAct::End { why: EndEx::RealWorld | EndEx::TimeOver, .. })
        });
        prop_assert!(!ended);
    }

    /// No sequence of inputs makes the machine panic or ask for a tick in the past.
    #[test]
    fn a_calm_console_takes_anything(acts in prop::collection::vec(any_act(""), 1..80)) {
        let mut console = Console::calm();
        for act in &acts {
            perform(&mut console, act);
        }
        prop_assert!(console.executed().is_empty());
    }
}
