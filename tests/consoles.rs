//! Two consoles of one machine share an incident: what one leaves behind, the other goes on with.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use domain::console::{Ask, Declaration, Request, Scene, Told};
use domain::drill::demo_estate;
use domain::engine::{Command, Confirmation, Reason, State, evolve};
use domain::execution::{End, Part};
use domain::ident::{Hash, RunId};
use domain::log::{Event, Kind, Mode, Sev};
use domain::people::Actor;
use domain::time::Timestamp;
use switchback::runtime::capability::Capability;
use switchback::runtime::clock::{self, Clock};
use switchback::runtime::library::Library;
use switchback::runtime::paths::Paths;
use switchback::runtime::session::{Incident, Parts, build};
use switchback::runtime::sim::SimExec;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::support::log::paths;

const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Slow <!-- id: slow -->\n\n  Duration: 1h\n\n  \
                       ```bash run readonly timeout=2h\n  slow\n  ```\n";
const FENCED: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Promote <!-- id: promote -->\n\n  \
                      ```check guard\n  fenced orders-db@us-east-1\n  ```\n\n  ```bash run\n  promote\n  ```\n";
const PATIENCE: Duration = Duration::from_secs(60);

/// A console in this process: what it is told, and the state that makes.
struct Console {
    session: JoinHandle<()>,
    asks: mpsc::Sender<Ask>,
    told: Receiver<Told>,
    state: State,
    number: u64,
}

impl Console {
    fn open(paths: &Paths, name: &str, incident: Incident) -> Self {
        let estate = demo_estate();
        let (exec, history) = SimExec::new(&estate, 7, None);
        let actor = Actor::claimed(name, "bastion");
        let scene = Scene {
            kind: Kind::Lab,
            estate,
            actor,
            read_only: false,
            runbooks: Vec::new(),
            templates: std::sync::Arc::default(),
        };
        let (tell, told) = sync_channel(4096);
        let parts = Parts {
            scene,
            paths: paths.clone(),
            library: Library::default(),
            capability: Capability::Simulated(exec),
            probes: None,
            ring: None,
            looker: None,
            notify: None,
            prover: None,
            history,
            clock: Clock::machine(),
            real_world: None,
            incident,
        };
        let (asks, asked) = mpsc::channel(16);
        let (session, inputs) = build(parts, tell);
        let (_, samples) = mpsc::channel(1);
        let session = tokio::spawn(session.run(asked, samples, inputs));
        Self { session, asks, told, state: State::default(), number: 0 }
    }

    /// Takes what it is told until `wanted` says that this is it.
    #[track_caller]
    fn until<T>(&mut self, wanted: impl Fn(&State, &Told) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            let told = self.told.recv_timeout(PATIENCE).unwrap();
            assert!(started.elapsed() < PATIENCE, "it was never told");
            match &told {
                Told::Incident(state) => self.state = state.clone().map(|state| *state).unwrap_or_default(),
                Told::Entry(entry) => evolve(&mut self.state, entry),
                _ => {}
            }
            if let Some(found) = wanted(&self.state, &told) {
                return found;
            }
        }
    }

    fn send(&mut self, request: Request) -> u64 {
        self.number += 1;
        self.asks.try_send(Ask { number: self.number, request }).unwrap();
        self.number
    }

    /// Opens an incident and starts the runbook of this file in it.
    fn declares(&mut self, runbook: &std::path::Path) {
        self.declares_since(runbook, clock::now().wall);
    }

    fn declares_since(&mut self, runbook: &std::path::Path, impact_at: Timestamp) {
        self.asks(Request::Declare(Box::new(Declaration {
            severity: Sev(1),
            title: "us-east-1 is down".to_owned(),
            impact_at,
            impact_basis: "as declared".to_owned(),
            from: None,
            to: None,
            runbook: Some(runbook.display().to_string()),
            mode: Mode::Forced,
            values: BTreeMap::new(),
        })));
    }

    /// Looks at a step until what would run is told.
    fn looks_at(&mut self, run: RunId, step: &str) -> Hash {
        self.send(Request::Watch { run, step: step.into(), part: Part::Run });
        self.until(|_, told| match told {
            Told::Prepared(prepared) => prepared.resolved.as_ref().ok().map(|resolved| resolved.digest()),
            _ => None,
        })
    }

    fn asks(&mut self, request: Request) {
        let number = self.send(request);
        self.until(|_, told| match told {
            Told::Done { number: done } if *done == number => Some(()),
            Told::Refused { refusal, .. } => panic!("{refusal}"),
            _ => None,
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_console_that_is_gone_was_running_is_settled_by_the_one_that_stays() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let runbook = home.path().join("walk.md");
    std::fs::write(&runbook, RUNBOOK).unwrap();
    let mut stays = Console::open(&paths, "mara", Incident::Fresh);
    stays.declares(&runbook);
    let mut goes = Console::open(&paths, "ana", Incident::NewestOpen);
    let run = goes.until(|state, _| state.runs.first().map(|run| run.id));
    stays.until(|_, told| matches!(told, Told::Consoles(2)).then_some(()));
    let digest = goes.looks_at(run, "slow");
    let (step, confirmation) = ("slow".into(), Confirmation::Key);
    goes.asks(Request::Execute { run, step, part: Part::Run, digest, confirmation });
    goes.session.abort();
    let end = stays.until(|_, told| match told {
        Told::Entry(entry) => match &entry.event {
            Event::StepFinished { outcome, .. } => Some(outcome.end.clone()),
            _ => None,
        },
        _ => None,
    });
    assert!(matches!(end, End::Unknown { .. }), "{end:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_console_declares_another_that_was_open_before_joins() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let runbook = home.path().join("walk.md");
    std::fs::write(&runbook, RUNBOOK).unwrap();
    let mut waits = Console::open(&paths, "mara", Incident::NewestOpen);
    waits.until(|_, told| matches!(told, Told::Incident(None)).then_some(()));
    let mut declares = Console::open(&paths, "ana", Incident::Fresh);
    declares.declares(&runbook);
    let run = waits.until(|state, _| state.runs.first().map(|run| run.id));
    waits.until(|_, told| matches!(told, Told::Bell).then_some(()));
    let pause = Command::Pause { run, reason: "wait for me".to_owned() };
    waits.asks(Request::Act(Box::new(pause)));
    let paused = |state: &State| matches!(&state.runs[0].state, domain::engine::RunState::Paused { by, .. } if by.as_str() == "mara");
    declares.until(|state, _| (!state.runs.is_empty() && paused(state)).then_some(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stated_fence_does_not_outlive_a_write_that_is_accepted_at_the_instant_of_execution() {
    let home = tempfile::tempdir().unwrap();
    let runbook = home.path().join("walk.md");
    std::fs::write(&runbook, FENCED).unwrap();
    let mut console = Console::open(&paths(&home), "mara", Incident::Fresh);
    console.declares(&runbook);
    let run = console.state.runs[0].id;
    let digest = console.looks_at(run, "promote");
    let (how, by) = ("instances stopped".to_owned(), "ana".into());
    let (database, region) = ("orders-db".into(), "us-east-1".into());
    console.asks(Request::Act(Box::new(Command::StateFence { database, region, how, by })));
    let (step, confirmation) = ("promote".into(), Confirmation::Yes);
    let number = console.send(Request::Execute { run, step, part: Part::Run, digest, confirmation });
    let reason = console.until(|_, told| match told {
        Told::Refused { number: refused, refusal } if *refused == number => Some(refusal.reason),
        Told::Done { number: done } if *done == number => panic!("it was executed"),
        _ => None,
    });
    assert_eq!(reason, Reason::Guard);
    let revoked = |entry: &std::sync::Arc<domain::log::Entry>| matches!(entry.event, Event::FenceRevoked { .. });
    assert!(console.state.entries.iter().any(revoked));
}

/// What was written down of things that healed themselves.
fn healings(state: &State) -> Vec<String> {
    let text = |entry: &std::sync::Arc<domain::log::Entry>| match &entry.event {
        Event::Observation { text, subject } if subject.as_deref() == Some("pods") => Some(text.clone()),
        _ => None,
    };
    state.entries.iter().filter_map(text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_healed_itself_since_the_impact_is_written_down_once_whoever_records() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(&home);
    let runbook = home.path().join("walk.md");
    std::fs::write(&runbook, RUNBOOK).unwrap();
    let mut first = Console::open(&paths, "mara", Incident::Fresh);
    let began = clock::now().wall.checked_sub(Duration::from_secs(3600)).unwrap();
    first.declares_since(&runbook, began);
    let told = first.until(|state, _| healings(state).first().cloned());
    assert!(
        told.starts_with("pods: us-east-1 serves again at ") && told.contains("inside its promise of 2m"),
        "{told}"
    );
    let mut second = Console::open(&paths, "ana", Incident::NewestOpen);
    second.until(|state, _| (healings(state).len() == 1).then_some(()));
    first.session.abort();
    // It records now: whatever else it would write down of the pods stands before this note.
    second.until(|_, told| matches!(told, Told::Consoles(1)).then_some(()));
    let statuses = std::cell::Cell::new(0);
    second.until(|_, told| {
        statuses.set(statuses.get() + u32::from(matches!(told, Told::Status(_))));
        (statuses.get() > 3).then_some(())
    });
    assert_eq!(healings(&second.state), [told]);
}
