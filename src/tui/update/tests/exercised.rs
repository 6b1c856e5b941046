//! A console in an exercise.

use std::time::Duration;

use domain::console::Told;
use domain::drill::start_ex;
use domain::engine::{Command, ExerciseAct};
use domain::execution::Part;
use domain::ident::IncidentId;
use domain::log::{EndEx, Event, Firing, Kind, StartEx};
use domain::scenario::{Pace, names};
use domain::time::Now;

use super::fixture::{Console, ESTATE, wall};

const SCENARIO: &str = r#"
title = "$FROM is dark"
lasts = "60m"

[[inject]]
id = "dark"
at = "2m"
from = "monitoring"
channel = "pager"
text = "$FROM does not answer"
effect = ["down $FROM"]
notes = "Watch who declares."

[[inject.expect]]
text = "The incident is declared"
action = "declared"
within = "5m"

[[inject]]
id = "silent"
at = "3m"
effect = ["degrade checkout"]

[[inject]]
id = "board"
type = "contingency"
from = "CEO"
text = "When are we back?"
"#;

impl Console {
    /// StartEx, and nothing else.
    pub(super) fn exercising() -> Self {
        let mut console = Self::calm();
        console.start_ex(false);
        console
    }

    /// An incident declared in it, with the step called `step` in focus and resolved.
    pub(super) fn exercising_at(step: &str) -> Self {
        let mut console = Self::at_step(step);
        console.start_ex(false);
        console.prepare(step, Part::Run, &[]);
        console.rest();
        console.asked.clear();
        console
    }

    pub(super) fn start_ex(&mut self, paper: bool) {
        self.model.scene.kind = if paper { Kind::Paper } else { Kind::Drill };
        let estate = domain::estate::parse(ESTATE).estate;
        let exercise = StartEx {
            incident: IncidentId(ulid::Ulid::from_parts(1, 0)),
            label: "EX-2026-0001".to_owned(),
            paper,
            ..start_ex("dark", SCENARIO, names(&estate, None, None), &estate)
        };
        self.record(Event::ExerciseStarted { exercise: Box::new(exercise) });
    }

    pub(super) fn fired(&mut self, inject: &str) {
        self.record(Event::InjectFired { inject: inject.into(), by: Firing::Schedule, effect: Vec::new() });
    }

    pub(super) fn end_exercise(&mut self) {
        self.record(Event::ExerciseEnded { why: EndEx::Finished, text: String::new() });
    }

    pub(super) fn real_world(&mut self, red: bool) {
        self.told(Told::RealWorld(red.then(|| "us-east-1 is DOWN".to_owned())));
    }

    /// The scenario's clock is `ahead` of the machine's, and goes `speed` times as fast from here.
    pub(super) fn paced(&mut self, ahead: Duration, speed: u32) -> Pace {
        let real = self.model.real;
        let pace = Pace::start(Now { wall: wall(real.boot + ahead), boot: real.boot + ahead }, real, speed);
        self.told(Told::Pace(pace));
        pace
    }

    /// What was asked about the exercise.
    pub(super) fn exercise_acts(&self) -> Vec<&ExerciseAct> {
        fn act(command: &Command) -> Option<&ExerciseAct> {
            if let Command::Exercise(act) = command { Some(act) } else { None }
        }
        self.commands().into_iter().filter_map(act).collect()
    }
}
