//! A console of an exercise in this process: what it is told, the state that makes, and what it asks for.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use domain::console::{Ask, Declaration, Question, Request, Scene, Told};
use domain::drill::{World, demo_estate, start_ex};
use domain::engine::{Command, Confirmation, Exercise, ExerciseAct, State, StepState, evolve};
use domain::execution::Part;
use domain::ident::{IncidentId, RunId};
use domain::log::{EndEx, Event, Kind, Mode, Sev, StartEx};
use domain::people::Actor;
use domain::reading::Status;
use domain::scenario::{Pace, names};
use switchback::runtime::capability::Capability;
use switchback::runtime::clock::Clock;
use switchback::runtime::library::Library;
use switchback::runtime::paths::Paths;
use switchback::runtime::questions::Questions;
use switchback::runtime::real_world::RealWorld;
use switchback::runtime::session::{Incident, Parts, build};
use switchback::runtime::sim::SimExec;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Player {
    pub(super) session: JoinHandle<()>,
    pub(super) clock: Clock,
    pub(super) state: State,
    pub(super) pace: Option<Pace>,
    pub(super) questions: Vec<Question>,
    pub(super) red: Option<String>,
    pub(super) status: Option<std::sync::Arc<Status>>,
    asks: mpsc::Sender<Ask>,
    told: Receiver<Told>,
    number: u64,
}

impl Player {
    /// StartEx on the demonstration's estate.
    pub(super) fn begins(paths: &Paths, scenario: &str, speed: u32) -> Self {
        Self::on(paths, scenario, speed, Kind::Drill, None)
    }

    pub(super) fn on_paper(paths: &Paths, scenario: &str, speed: u32) -> Self {
        Self::on(paths, scenario, speed, Kind::Paper, None)
    }

    pub(super) fn on(paths: &Paths, scenario: &str, speed: u32, kind: Kind, real_world: Option<RealWorld>) -> Self {
        let estate = demo_estate();
        let (clock, questions) = (Clock::of_exercise(speed), Questions::default());
        let (send, samples) = mpsc::channel(512);
        let mut history = Vec::new();
        let capability = if kind == Kind::Paper {
            Capability::Paper(questions)
        } else {
            let (exec, past) = SimExec::exercise(World::new(&estate, 7), clock.clone(), questions);
            history = past;
            tokio::spawn(exec.clone().drive(send));
            Capability::Simulated(exec)
        };
        let start = StartEx {
            incident: IncidentId(ulid::Ulid::generate()),
            seed: 7,
            speed,
            paper: kind == Kind::Paper,
            ..start_ex("test", scenario, names(&estate, None, None), &estate)
        };
        let actor = Actor::claimed("mara", "bastion");
        let (tell, told) = sync_channel(1 << 16);
        let parts = Parts {
            scene: Scene {
                kind,
                estate,
                actor,
                read_only: false,
                runbooks: Vec::new(),
                templates: std::sync::Arc::default(),
            },
            paths: paths.clone(),
            library: Library::default(),
            capability,
            probes: None,
            ring: None,
            looker: None,
            notify: None,
            prover: None,
            history,
            clock: clock.clone(),
            real_world,
            incident: Incident::StartEx(Box::new(start)),
        };
        let (asks, asked) = mpsc::channel(16);
        let (session, inputs) = build(parts, tell);
        let session = tokio::spawn(session.run(asked, samples, inputs));
        Self {
            session,
            clock,
            state: State::default(),
            pace: None,
            questions: Vec::new(),
            red: None,
            status: None,
            asks,
            told,
            number: 0,
        }
    }

    /// Takes what it is told until `wanted` is so.
    #[track_caller]
    pub(super) fn until<T>(&mut self, what: &str, wanted: impl Fn(&Self) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = wanted(self) {
                return found;
            }
            assert!(started.elapsed() < PATIENCE, "never: {what}");
            if let Ok(told) = self.told.recv_timeout(Duration::from_millis(200)) {
                self.hear(told);
            }
        }
    }

    #[track_caller]
    pub(super) fn until_so(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        self.until(what, |player| so(player).then_some(()));
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Incident(state) => self.state = state.map(|state| *state).unwrap_or_default(),
            Told::Entry(entry) => evolve(&mut self.state, &entry),
            Told::Pace(pace) => self.pace = Some(pace),
            Told::Questions(questions) => self.questions = questions,
            Told::RealWorld(red) => self.red = red,
            Told::Status(status) => self.status = Some(status),
            _ => {}
        }
    }

    /// What comes of a request: done, or why not.
    #[track_caller]
    pub(super) fn asks(&mut self, request: Request) -> Result<(), String> {
        self.number += 1;
        let number = self.number;
        self.asks.try_send(Ask { number, request }).unwrap();
        let started = Instant::now();
        loop {
            assert!(started.elapsed() < PATIENCE, "no answer");
            let Ok(told) = self.told.recv_timeout(Duration::from_millis(200)) else { continue };
            match told {
                Told::Done { number: done } if done == number => return Ok(()),
                Told::Refused { number: refused, refusal } if refused == number => return Err(refusal.message),
                told => self.hear(told),
            }
        }
    }

    #[track_caller]
    pub(super) fn acts(&mut self, act: ExerciseAct) {
        self.asks(Request::Act(Box::new(Command::Exercise(Box::new(act))))).unwrap();
    }

    #[track_caller]
    pub(super) fn ends(&mut self) {
        self.acts(ExerciseAct::End { why: EndEx::Finished, text: String::new() });
    }

    #[track_caller]
    pub(super) fn declares(&mut self, runbook: Option<String>) {
        let declaration = Declaration {
            severity: Sev(1),
            title: "us-east-1 is down".to_owned(),
            impact_at: self.clock.now().wall,
            impact_basis: "as declared".to_owned(),
            from: None,
            to: None,
            runbook,
            mode: Mode::Forced,
            values: BTreeMap::new(),
        };
        self.asks(Request::Declare(Box::new(declaration))).unwrap();
        self.until_so("the incident is open", |player| player.state.open().is_some());
    }

    /// The facilitator says whether what is asked so holds.
    #[track_caller]
    pub(super) fn answers(&mut self, text: &str, holds: bool) {
        let asked = |player: &Self| player.questions.iter().find(|asked| asked.text.contains(text)).cloned();
        let Question { id: question, text, .. } = self.until("it is asked", asked);
        self.acts(ExerciseAct::Answer { question, text, holds });
    }

    /// Leaves the console, and hears what it says last.
    pub(super) async fn leaves(&mut self) {
        self.number += 1;
        self.asks.send(Ask { number: self.number, request: Request::Quit }).await.unwrap();
        self.until_so("it ends", |player| player.session.is_finished());
        while let Ok(told) = self.told.try_recv() {
            self.hear(told);
        }
    }

    pub(super) fn exercise(&self) -> &Exercise {
        self.state.exercise.as_deref().unwrap()
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &Event> {
        self.state.entries.iter().map(|entry| &entry.event)
    }

    pub(super) fn run(&self) -> RunId {
        self.state.runs[0].id
    }

    /// Looks at a step until what would run is told, or why nothing would, and confirms that.
    #[track_caller]
    pub(super) fn executes(&mut self, step: &str, confirmation: Confirmation) -> Result<(), String> {
        let run = self.run();
        self.number += 1;
        let request = Request::Watch { run, step: step.into(), part: Part::Run };
        self.asks.try_send(Ask { number: self.number, request }).unwrap();
        let digest = loop {
            match self.told.recv_timeout(PATIENCE).unwrap() {
                Told::Prepared(prepared) if prepared.step.as_str() == step => match &prepared.resolved {
                    Ok(resolved) => break resolved.digest(),
                    Err(why) => return Err(why.clone()),
                },
                told => self.hear(told),
            }
        };
        self.asks(Request::Execute { run, step: step.into(), part: Part::Run, digest, confirmation })
    }

    pub(super) fn step(&self, step: &str) -> StepState {
        self.state.runs[0].step_state(&step.into())
    }
}
