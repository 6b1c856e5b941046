//! Nothing executes without what it takes, whatever happens to the keyboard: hundreds of thousands of inputs, with the
//! frames drawn that the mouse points into, judged by an oracle of its own. `scripts/danger` runs ten million.

mod acts;
mod oracle;

use std::cell::Cell;
use std::ops::Add;
use std::time::Duration;

use domain::console::{Request, Told};
use domain::engine::Confirmation;
use domain::execution::{End, GuardVerdict, Part};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::chords::with_keys;
use super::fixture::Console;
use crate::input::{Input, Mouse};
use crate::keys::{Code, Key};
use crate::update::wake_at;
use crate::view::{Hits, render};
use acts::{Act, STEPS, Tells, act, pen, way};
use oracle::Oracle;

/// Of runs of a thousand inputs or so; `PROPTEST_CASES` asks for more.
const CASES: u32 = 200;
/// Between two signs of a key that is held down.
const REPEAT: Duration = Duration::from_millis(33);

fn cases(fewest: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse::<u32>().ok());
    let cases = asked.map_or(fewest, |asked| asked.saturating_mul(fewest) / CASES);
    ProptestConfig { cases, max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() }
}

/// A console with everything that can happen to it.
struct Trial {
    console: Console,
    oracle: Oracle,
    hits: Hits,
    inputs: usize,
    frames: usize,
}

/// How much was tried, and what was executed by the rules.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    inputs: usize,
    frames: usize,
    by_key: usize,
    by_yes: usize,
    by_text: usize,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            inputs: self.inputs + other.inputs,
            frames: self.frames + other.frames,
            by_key: self.by_key + other.by_key,
            by_yes: self.by_yes + other.by_yes,
            by_text: self.by_text + other.by_text,
        }
    }
}

impl Trial {
    fn of(console: Console) -> Self {
        Self { console, oracle: Oracle::default(), hits: Hits::default(), inputs: 0, frames: 0 }
    }

    /// One input at this moment; what it asks for is judged.
    fn input(&mut self, input: &Input) -> Result<(), String> {
        self.inputs += 1;
        self.oracle.sees(input);
        let before = self.console.asked.len();
        self.console.input(input.clone());
        let asked = &self.console.asked[before..];
        self.oracle.judges(input, asked, self.console.now(), self.console.in_box())
    }

    fn ticks(&mut self, span: Duration) -> Result<(), String> {
        let end = self.console.now() + span;
        while self.console.comes_to_its_tick(end) {
            self.input(&Input::Tick)?;
            let settled = wake_at(&self.console.model) > self.console.now();
            settled.then_some(()).ok_or("a tick that settles nothing")?;
        }
        self.console.stall(end.saturating_sub(self.console.now()));
        Ok(())
    }

    fn strikes(&mut self, key: Key) -> Result<(), String> {
        let at = self.console.now();
        self.input(&Input::Key { key, at })
    }

    fn draw(&mut self) {
        self.frames += 1;
        let (columns, rows) = self.console.model.ui.size;
        let area = Rect::new(0, 0, columns, rows);
        self.hits = render(&self.console.model, area, &mut Buffer::empty(area));
    }

    fn perform(&mut self, act: &Act) -> Result<(), String> {
        match act {
            Act::Key(key) => {
                self.ticks(Duration::from_millis(30))?;
                self.strikes(*key)
            }
            Act::Types(text, pace) => text.chars().try_for_each(|c| {
                self.ticks(Duration::from_millis(*pace))?;
                self.strikes(Key::char(c))
            }),
            Act::Burst(text) => {
                self.ticks(Duration::from_millis(30))?;
                text.chars().try_for_each(|c| {
                    self.console.stall(Duration::from_micros(200));
                    self.strikes(of(c))
                })
            }
            Act::Pen(keys) => keys.iter().try_for_each(|c| {
                self.ticks(REPEAT)?;
                self.strikes(of(*c))
            }),
            Act::Paste(text) => self.input(&Input::Paste(text.clone())),
            Act::Mouse(kind, column, row) => {
                self.draw();
                let hit = self.hits.at(*column, *row).cloned();
                self.input(&Input::Mouse(Mouse { kind: *kind, column: *column, row: *row, hit }))
            }
            Act::Resize(columns, rows) => {
                self.input(&Input::Resize(*columns, *rows))?;
                self.draw();
                Ok(())
            }
            Act::Attended(attended) => self.input(&Input::Attended(*attended)),
            Act::Wait(millis) => self.ticks(Duration::from_millis(*millis)),
            Act::Stall(millis) => {
                self.console.stall(Duration::from_millis(*millis));
                Ok(())
            }
            Act::Tick => self.input(&Input::Tick),
            Act::Draw => {
                self.draw();
                Ok(())
            }
            Act::Told(tells) => self.told(tells),
        }
    }

    fn told(&mut self, tells: &Tells) -> Result<(), String> {
        self.inputs += 1;
        let before = self.console.asked.len();
        let console = &mut self.console;
        match tells {
            Tells::Prepared { step, pass, text, rollback } => {
                let verdict = if *pass { GuardVerdict::Pass } else { GuardVerdict::Fail };
                let part = if *rollback && *step == "move" { Part::Rollback } else { Part::Run };
                console.prepare_text(step, part, &[("loss orders-db@us-west-2 <= 5m", verdict)], text);
            }
            Tells::Resolved { pass } => {
                let verdict = if *pass { GuardVerdict::Pass } else { GuardVerdict::Fail };
                if let Some(step) = console.model.step().map(|(_, step)| step.id.clone()) {
                    console.prepare(step.as_str(), Part::Run, &[("loss orders-db@us-west-2 <= 5m", verdict)]);
                }
            }
            Tells::Attempted { step, succeeded } => {
                self.oracle.attempted(step);
                let failed = End::Failed { exit: Some(1), why: "exit 1".to_owned() };
                console.attempt(step, Some(if *succeeded { End::Succeeded { exit: Some(0) } } else { failed }));
            }
            Tells::Done(step) => console.done(step),
            Tells::Approved => console.approved("promote"),
            Tells::RealWorld(red) => console.real_world(*red),
            Tells::Inject(_) | Tells::EndEx if console.model.exercise().is_none() => {}
            Tells::Inject(inject) => console.fired(inject),
            Tells::EndEx => console.end_exercise(),
        }
        // Whatever it was, it came from the session.
        let told = Input::Told(Told::Bell);
        let asked = &self.console.asked[before..];
        self.oracle.judges(&told, asked, self.console.now(), self.console.in_box())
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally { inputs: self.inputs, frames: self.frames, ..Tally::default() };
        for (_, confirmation) in self.console.executed() {
            match confirmation {
                Confirmation::Key => tally.by_key += 1,
                Confirmation::Yes => tally.by_yes += 1,
                Confirmation::Typed(_) => tally.by_text += 1,
                _ => {}
            }
        }
        tally
    }

    /// All of it, until the screen is left.
    fn takes(&mut self, acts: &[Act]) -> Result<(), String> {
        for act in acts {
            self.perform(act)?;
            if self.console.model.ui.exit.is_some() {
                break;
            }
        }
        self.draw();
        self.ticks(Duration::from_secs(3))
    }
}

/// As a keyboard has it.
fn of(c: char) -> Key {
    Key::of(if c == '\n' { Code::Enter } else { Code::Char(c) })
}

/// Somewhere in an incident, in an exercise, or before any.
const STARTS: [fn() -> Console; 11] = [
    || Console::at_step("confirm"),
    || Console::at_step("stop"),
    || Console::at_step("stop"),
    || Console::at_step("promote"),
    || Console::at_step("promote"),
    || Console::at_step("move"),
    || Console::exercising_at("stop"),
    Console::linked,
    Console::calm,
    || with_keys(Console::at_step("stop"), OWN_KEYS),
    || with_keys(Console::at_step("promote"), OWN_KEYS),
];

fn anywhere() -> impl Strategy<Value = fn() -> Console> {
    prop::sample::select(STARTS.to_vec())
}

/// What a person may set that comes as near to danger as a keymap lets it.
const OWN_KEYS: &str = r#"
[keys.everywhere]
g = "capture"
e = "cancel-step"
enter = "palette"
p = false
"p p" = "pause"
[keys.checklist]
t = "execute"
u = "rollback"
space = "retry"
"z z" = "execute"
"z x z x" = "retry"
x = "down"
"#;

fn many() -> impl Strategy<Value = Vec<Act>> {
    let some = prop_oneof![6 => act().prop_map(|act| vec![act]), 1 => way()];
    prop::collection::vec(some, 200..600).prop_map(|acts| acts.concat())
}

/// Whatever is tried on whatever starts; the tally of it.
fn tried<S: Strategy>(strategy: &S, fewest: u32, trial: impl Fn(S::Value) -> Result<Tally, String>) -> Tally {
    let tally = Cell::new(Tally::default());
    let tried = TestRunner::new(cases(fewest)).run(strategy, |value| {
        tally.set(tally.get() + trial(value).map_err(TestCaseError::fail)?);
        Ok(())
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
    println!("{:?}", tally.get());
    tally.get()
}

/// Keys, texts, bursts, pastes, the mouse in what is drawn, resizes, stalls and everything the session may tell: a step
/// runs only after what it demands, pressed and typed by hand, at the pace of a person who looks.
#[test]
fn nothing_executes_without_what_it_takes() {
    let tally = tried(&(anywhere(), many()), CASES, |(start, acts)| {
        let mut trial = Trial::of(start());
        trial.takes(&acts)?;
        Ok(trial.tally())
    });
    assert!(tally.inputs >= 200_000, "{tally:?}");
    assert!(tally.by_key > 0 && tally.by_yes > 0 && tally.by_text > 0, "it never got to what it is about: {tally:?}");
}

/// A key that is held down repeats after a while, and then quickly: it never says yes to what it has opened itself.
#[test]
fn no_key_that_is_held_down_changes_anything() {
    for start in STARTS {
        for key in (' '..='~').map(Key::char).chain([Key::of(Code::Enter)]) {
            let mut trial = Trial::of(start());
            for delay in [Duration::from_millis(500), REPEAT, REPEAT, REPEAT] {
                trial.perform(&Act::Key(key)).unwrap();
                trial.ticks(delay).unwrap();
            }
            let tally = trial.tally();
            assert_eq!(tally.by_yes + tally.by_text, 0, "{key} held down");
        }
    }
}

/// A pen that lies on the keyboard and rolls, at the speed at which a held key repeats, changes nothing in the world.
#[test]
fn a_pen_on_the_keyboard_executes_nothing() {
    tried(&(anywhere(), prop::collection::vec(pen(), 1..3)), CASES, |(start, keys)| {
        let mut trial = Trial::of(start());
        for keys in keys {
            trial.perform(&Act::Pen(keys))?;
        }
        let ends = |request: &&Request| {
            matches!(request, Request::Capture { .. } | Request::CancelStep { .. } | Request::CancelCapture { .. })
        };
        let (tally, ended) = (trial.tally(), trial.console.asked.iter().find(ends));
        match ended {
            None if tally.by_yes + tally.by_text == 0 => Ok(tally),
            _ => Err(format!("{tally:?} {ended:?}")),
        }
    });
}

/// The oracle would be worth nothing if no way led through it.
#[test]
fn what_a_person_does_by_the_rules_is_executed() {
    let yes = || vec![Act::Wait(400), Act::Key(Key::char('y'))];
    let text = vec![Act::Types("us-west-2".to_owned(), 40), Act::Wait(600), Act::Key(Key::of(Code::Enter))];
    let demands = [
        ("confirm", vec![], Confirmation::Key),
        ("stop", yes(), Confirmation::Yes),
        ("promote", text, Confirmation::Typed("us-west-2".to_owned())),
        ("move", yes(), Confirmation::Yes),
    ];
    for (step, then, confirmation) in demands {
        assert!(STEPS.contains(&step));
        for (own, begin) in [(false, "x"), (false, ":execute\n"), (true, "t"), (true, "zz"), (true, "\nexecute\n")] {
            let console = Console::at_step(step);
            let mut trial = Trial::of(if own { with_keys(console, OWN_KEYS) } else { console });
            let begin: Vec<Act> = begin.chars().map(|key| Act::Key(of(key))).collect();
            trial.takes(&[begin, then.clone()].concat()).unwrap();
            assert_eq!(trial.console.executed(), [(step.into(), confirmation.clone())], "{own} {step}");
        }
    }
}
