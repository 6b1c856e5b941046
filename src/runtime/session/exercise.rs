//! An exercise as the session conducts it: StartEx, injects when they are due, the pace of its clock, what the facilitator
//! is asked, the real world beyond it, EndEx.

use std::time::Duration;

use domain::console::{Question, Told};
use domain::drill::{due, faults_over};
use domain::engine::{Command, ExerciseAct, PaceChange, Refusal};
use domain::ident::Hash;
use domain::log::{EndEx, Firing, StartEx};
use tokio::sync::{mpsc, watch};

use super::Session;
use crate::runtime::clock::Clock;
use crate::runtime::questions::Questions;
use crate::runtime::real_world;

/// On the scenario's clock, things that are due are looked for this often; of a fast exercise, as often as the machine
/// does it with ease.
const BEAT: Duration = Duration::from_secs(1);
const SHORTEST_BEAT: Duration = Duration::from_millis(50);

/// Done by the exercise's own clock, not by the person in front of the screen.
pub(super) const fn by_itself(act: &ExerciseAct) -> bool {
    matches!(
        act,
        ExerciseAct::Fire { by: Firing::Schedule, .. }
            | ExerciseAct::End { why: EndEx::TimeOver | EndEx::Abandoned, .. }
    )
}

/// What comes to the session of an exercise; nothing, ever, where none is conducted.
#[derive(Debug)]
pub(super) struct Stage {
    beats: mpsc::Receiver<()>,
    questions: Option<watch::Receiver<Vec<Question>>>,
    real_world: Option<watch::Receiver<Option<String>>>,
}

#[derive(Debug)]
pub(super) enum Cue {
    Beat,
    Questions(Vec<Question>),
    RealWorld(Option<String>),
}

impl Stage {
    pub(super) async fn cue(&mut self) -> Cue {
        let Self { beats, questions, real_world } = self;
        tokio::select! {
            Some(()) = beats.recv() => Cue::Beat,
            questions = newest(questions) => Cue::Questions(questions),
            red = newest(real_world) => Cue::RealWorld(red),
            else => std::future::pending().await,
        }
    }
}

async fn newest<T: Clone>(receiver: &mut Option<watch::Receiver<T>>) -> T {
    if let Some(changes) = receiver
        && changes.changed().await.is_ok()
    {
        return changes.borrow_and_update().clone();
    }
    std::future::pending().await
}

/// Beats of the scenario's clock, none of the machine's.
fn beats(clock: Clock) -> mpsc::Receiver<()> {
    let (beat, beats) = mpsc::channel(1);
    if clock.pace().is_some() {
        tokio::spawn(async move {
            while beat.send(()).await.is_ok() {
                tokio::join!(clock.sleep(BEAT), tokio::time::sleep(SHORTEST_BEAT));
            }
        });
    }
    beats
}

impl Session {
    pub(super) fn stage(&mut self) -> Stage {
        Stage {
            beats: beats(self.clock.clone()),
            questions: self.capability.questions().map(Questions::open),
            real_world: self.real_world.take().map(real_world::follow),
        }
    }

    pub(super) async fn take_cue(&mut self, cue: Cue) {
        match cue {
            Cue::Beat => self.beat().await,
            Cue::Questions(questions) => self.tell(Told::Questions(questions)),
            Cue::RealWorld(red) => self.tell(Told::RealWorld(red)),
        }
    }

    /// StartEx. Without a log there is no exercise.
    pub(super) async fn start_exercise(&mut self, start: Box<StartEx>) {
        if let Err(refusal) = self.begin(start).await {
            self.tell(Told::Ended { reason: Some(format!("the exercise does not begin: {refusal}")) });
            return;
        }
        self.tell_pace();
    }

    async fn begin(&mut self, mut start: Box<StartEx>) -> Result<(), Refusal> {
        start.label = self.new_log(start.incident)?;
        self.act(Command::Exercise(Box::new(ExerciseAct::Start(start)))).await
    }

    /// What is due is done, and what holds for a while is looked at, as often as time passes in the scenario.
    async fn beat(&mut self) {
        for act in due(&self.state, self.clock.now().wall) {
            self.record(Command::Exercise(Box::new(act))).await;
        }
        self.capability.end_faults(faults_over(&self.state));
        self.watch_tiers().await;
        self.watch_self_healing().await;
        self.look_for_verified_fences();
    }

    /// The simulated world changes as an inject says. An effect that is none is noted, for whoever evaluates.
    pub(super) fn affect(&mut self, lines: &[String]) {
        for why in self.capability.affect(lines) {
            let text = format!("the simulated world did not take an effect: {why}");
            self.keep_unrecorded(Command::Exercise(Box::new(ExerciseAct::Note { text, inject: None })));
        }
    }

    /// What became of writes is known where the simulated world is, and told once it is over.
    pub(super) fn count_writes(&mut self) {
        if let Some(count) = self.capability.count_writes() {
            self.keep_unrecorded(Command::Exercise(Box::new(count)));
        }
    }

    pub(super) fn change_pace(&mut self, change: PaceChange) {
        self.clock.change(|pace, now| match change {
            PaceChange::Pause => pace.pause(now),
            PaceChange::Resume => pace.resume(now),
            PaceChange::Speed(speed) => pace.at_speed(speed, now),
        });
        self.tell_pace();
        self.dirty = true;
        if let Some(questions) = self.capability.questions().filter(|_| !self.exercising()) {
            questions.close();
        }
    }

    fn tell_pace(&self) {
        if let Some(pace) = self.clock.pace() {
            self.tell(Told::Pace(pace));
        }
    }

    pub(super) fn answered_by_facilitator(&mut self, question: Hash, holds: bool) {
        if let Some(questions) = self.capability.questions() {
            questions.answered(question, holds);
        }
        if let Some(watched) = &mut self.watched {
            watched.ask_again();
        }
        self.refresh_prepared();
    }

    /// Nobody is left to conduct it, and the simulated world goes with this console.
    pub(super) async fn abandon_exercise(&mut self) {
        if self.exercising() {
            let text = "its console was left".to_owned();
            self.record(Command::Exercise(Box::new(ExerciseAct::End { why: EndEx::Abandoned, text }))).await;
        }
    }

    fn exercising(&self) -> bool {
        self.state.exercise.as_deref().is_some_and(domain::engine::Exercise::running)
    }
}
