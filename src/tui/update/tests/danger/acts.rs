//! What happens to a console: hands, pens and cats on its keyboard, and everything else that comes in.

use proptest::prelude::*;

use crate::input::MouseKind;
use crate::keys::{Code, Key};

#[derive(Clone, Debug)]
pub(super) enum Act {
    Key(Key),
    /// A person types, so many milliseconds apart.
    Types(String, u64),
    Burst(String),
    Paste(String),
    /// A pen on the keyboard: from this key on to its neighbours, repeated.
    Pen(Vec<char>),
    Mouse(MouseKind, u16, u16),
    Resize(u16, u16),
    Attended(bool),
    /// Time in which the screen ticks.
    Wait(u64),
    /// Time in which it does not get to.
    Stall(u64),
    Tick,
    Draw,
    Told(Tells),
}

/// What the session tells.
#[derive(Clone, Debug)]
pub(super) enum Tells {
    Prepared {
        step: &'static str,
        pass: bool,
        text: &'static str,
        rollback: bool,
    },
    /// The same of the step under the cursor, as the session does it by itself.
    Resolved {
        pass: bool,
    },
    Attempted {
        step: &'static str,
        succeeded: bool,
    },
    Done(&'static str),
    Approved,
    RealWorld(bool),
    Inject(&'static str),
    EndEx,
}

pub(super) const STEPS: [&str; 5] = ["confirm", "tell", "stop", "promote", "move"];

fn step() -> impl Strategy<Value = &'static str> {
    prop::sample::select(STEPS.to_vec())
}

/// Every key there is, with every modifier; those that do something come more often.
fn key() -> impl Strategy<Value = Key> {
    let named = vec![
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Backspace,
        Code::Delete,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
    ];
    let printable: Vec<char> = (' '..='~').chain("éß…🜁".chars()).collect();
    let code = prop_oneof![
        2 => prop::sample::select(named).boxed(),
        3 => prop::sample::select(printable).prop_map(Code::Char).boxed(),
        3 => prop::sample::select("xxxyysonHRKLpid! ".chars().collect::<Vec<_>>()).prop_map(Code::Char).boxed(),
    ];
    let held = prop_oneof![8 => Just((false, false)), 1 => any::<(bool, bool)>()];
    (code, held).prop_map(|(code, (ctrl, alt))| Key { code, ctrl, alt })
}

/// How keys lie, and what a pen rolls over to from each.
const ROWS: [&str; 4] = ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'\n", " zxcvbnm,./ "];

fn neighbour(from: char, towards: (i32, i32)) -> char {
    let place = ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.chars().position(|key| key == from)?)));
    let Some((row, column)) = place else { return 'g' };
    let moved = |at: usize, by: i32, most: usize| at.saturating_add_signed(by as isize).min(most);
    let row = moved(row, towards.0, ROWS.len() - 1);
    ROWS[row].chars().nth(moved(column, towards.1, 11)).unwrap_or(from)
}

/// Long repeats of keys that lie side by side.
pub(super) fn pen() -> impl Strategy<Value = Vec<char>> {
    let roll = ((-1..=1i32), (-1..=1i32), 1..60usize);
    (prop::sample::select("xxsgyh n".chars().collect::<Vec<_>>()), prop::collection::vec(roll, 1..30)).prop_map(
        |(first, rolls)| {
            let (mut at, mut keys) = (first, vec![first; 5]);
            for (down, right, repeats) in rolls {
                at = neighbour(at, (down, right));
                keys.extend(std::iter::repeat_n(at, repeats));
            }
            keys
        },
    )
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    let told = prop_oneof![
        4 => (step(), any::<bool>(), prop::sample::select(vec!["text", "text", "other"]), any::<bool>())
            .prop_map(|(step, pass, text, rollback)| Tells::Prepared { step, pass, text, rollback }),
        2 => (step(), any::<bool>()).prop_map(|(step, succeeded)| Tells::Attempted { step, succeeded }),
        1 => step().prop_map(Tells::Done),
        1 => Just(Tells::Approved),
        1 => any::<bool>().prop_map(Tells::RealWorld),
        1 => prop::sample::select(vec!["dark", "board"]).prop_map(Tells::Inject),
        1 => Just(Tells::EndEx),
    ];
    let typed = prop::sample::select(vec!["us-west-2", "us-west-2", "stop", "because", "us-east-1", "raj", "x", "y"]);
    let mouse = prop::sample::select(vec![MouseKind::Click, MouseKind::WheelUp, MouseKind::WheelDown]);
    let size = prop_oneof![3 => Just((80u16, 24u16)), 1 => (1..=250u16, 1..=80u16)];
    prop_oneof![
        400 => key().prop_map(Act::Key),
        30 => (typed, 11..200u64).prop_map(|(text, pace)| Act::Types(text.to_owned(), pace)),
        20 => "[xy\nsn]{2,12}".prop_map(Act::Burst),
        15 => "(us-west-2|y|\n|x){1,3}".prop_map(Act::Paste),
        2 => pen().prop_map(Act::Pen),
        15 => (mouse, 0..250u16, 0..80u16).prop_map(|(kind, column, row)| Act::Mouse(kind, column, row)),
        4 => size.prop_map(|(columns, rows)| Act::Resize(columns, rows)),
        10 => any::<bool>().prop_map(Act::Attended),
        120 => (0..1500u64).prop_map(Act::Wait),
        10 => (0..400u64).prop_map(Act::Stall),
        20 => Just(Act::Tick),
        4 => Just(Act::Draw),
        120 => told.prop_map(Act::Told),
    ]
}

/// The way from a step to its execution, as a person goes it, with whatever else is in between.
pub(super) fn way() -> impl Strategy<Value = Vec<Act>> {
    let then = prop_oneof![
        Just(vec![Act::Key(Key::char('y'))]),
        (11..120u64).prop_map(|pace| vec![Act::Types("us-west-2".to_owned(), pace), Act::Wait(700), enter()]),
        (11..120u64, 0..700u64).prop_map(|(pace, wait)| vec![
            Act::Types("us-west-2".to_owned(), pace),
            Act::Wait(wait),
            enter()
        ]),
        (11..120u64).prop_map(|pace| vec![Act::Types("stop".to_owned(), pace), Act::Wait(700), enter()]),
    ];
    let between = prop::collection::vec(act(), 0..3);
    (any::<bool>(), begin(), 0..800u64, between, then).prop_map(|(pass, begin, wait, between, then)| {
        let esc = || Act::Key(Key::of(Code::Esc));
        let resolved = Act::Told(Tells::Resolved { pass });
        let start = [esc(), esc(), esc(), Act::Key(Key::char('5')), resolved, Act::Wait(400)];
        [start.to_vec(), begin, vec![Act::Wait(wait)], between, then].concat()
    })
}

/// A step is begun with its key, with a chord of one's own, or in the palette, where lines may have arguments and come back.
fn begin() -> impl Strategy<Value = Vec<Act>> {
    let lines = ["execute", "retry", "rollback", "skip because", "abort because", "capture reboot", "override l", "e"];
    let line = (prop::sample::select(lines.to_vec()), 11..80u64, 1..3usize).prop_map(|(line, pace, enters)| {
        let typed = vec![Act::Key(Key::char(':')), Act::Types(line.to_owned(), pace), Act::Wait(50)];
        [typed, vec![enter(); enters]].concat()
    });
    prop_oneof![
        2 => Just(vec![Act::Key(Key::char('x'))]),
        1 => (11..80u64).prop_map(|pace| vec![Act::Types("zz".to_owned(), pace)]),
        2 => line,
        1 => (0..3usize).prop_map(|back| {
            let earlier = vec![Act::Key(Key::of(Code::Up)); back];
            [vec![Act::Key(Key::char(':'))], earlier, vec![enter()]].concat()
        }),
    ]
}

const fn enter() -> Act {
    Act::Key(Key::of(Code::Enter))
}
