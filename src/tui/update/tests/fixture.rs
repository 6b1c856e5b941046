//! A console with an incident, a runbook, and a clock that goes on when it is told to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::console::{Ask, Prepared, Request, RunbookEntry, Scene, Told};
use domain::engine::Command;
use domain::execution::{AttemptOutcome, End, GuardResult, GuardVerdict, Part, Resolved};
use domain::ident::{Hash, IncidentId, RunId, StepId};
use domain::log::{Approved, BootClock, Entry, Event, Kind, Mode, Parent, Sev};
use domain::people::{Actor, Seat};
use domain::runbook::{Lang, RunbookKind};
use domain::time::{Now, Timestamp};

use crate::input::{Input, Mouse, MouseKind};
use crate::keys::{Code, Key};
use crate::model::{Model, Overlay};
use crate::update::{BURST, update, wake_at};

pub(super) const RUN: RunId = RunId(ulid::Ulid::from_parts(1, 1));

pub(super) const ESTATE: &str = include_str!("estate.toml");
const RUNBOOK: &str = include_str!("runbook.md");

/// The screen under test.
pub(super) struct Console {
    pub model: Model,
    now: Duration,
    entries: u64,
    /// Everything that was asked, oldest first.
    pub asked: Vec<Request>,
}

impl Console {
    /// Nothing has happened yet.
    pub(super) fn calm() -> Self {
        let estate = domain::estate::parse(ESTATE).estate;
        let runbook = RunbookEntry {
            name: "regional-failover".to_owned(),
            title: "Regional failover".to_owned(),
            kind: RunbookKind::Failover,
            errors: 0,
            standing: domain::document::Standing::Native,
        };
        let scene = Scene {
            kind: Kind::Live,
            estate: Arc::new(estate),
            actor: Actor::claimed("mara", "bastion"),
            read_only: false,
            runbooks: vec![runbook],
            templates: Arc::default(),
        };
        let now = Duration::from_secs(1000);
        Self { model: Model::new(scene, at(now), 7), now, entries: 0, asked: Vec::new() }
    }

    /// An incident with one run, nothing of it done.
    pub(super) fn incident() -> Self {
        let mut console = Self::declared();
        console.started(RUN, "regional-failover", RUNBOOK, None);
        console.rest();
        console
    }

    /// Its step opens another runbook, and is the next.
    pub(super) fn linked() -> Self {
        let mut console = Self::declared();
        let step = "- [ ] [Restore the cache](cache-failure.md) <!-- id: cache -->\n";
        console.started(RUN, "regional-failover", &format!("---\nrunbook: 1\n---\n## A\n{step}"), None);
        console.rest();
        console
    }

    /// That runbook is walked now.
    pub(super) fn opened(&mut self, step: &str) -> RunId {
        let run = RunId(ulid::Ulid::from_parts(3, 3));
        let child = "---\nrunbook: 1\n---\n## A\n- [ ] Warm it\n";
        self.started(run, "cache-failure", child, Some(Parent { run: RUN, step: step.into() }));
        self.rest();
        run
    }

    /// A run begins.
    pub(super) fn started(&mut self, run: RunId, name: &str, text: &str, parent: Option<Parent>) {
        self.record(Event::RunStarted {
            run,
            runbook: text.to_owned(),
            runbook_name: name.to_owned(),
            runbook_hash: Hash::of(text.as_bytes()),
            mode: Mode::Forced,
            from: Some("us-east-1".into()),
            to: Some("us-west-2".into()),
            values: BTreeMap::new(),
            parent,
        });
    }

    /// An incident without a run.
    pub(super) fn declared() -> Self {
        let mut console = Self::calm();
        console.declare(Kind::Live);
        console
    }

    /// The same with its run, in a console that was there before.
    pub(super) fn declared_in(&mut self, kind: Kind) {
        self.declare(kind);
        self.started(RUN, "regional-failover", RUNBOOK, None);
        self.rest();
        self.asked.clear();
    }

    fn declare(&mut self, kind: Kind) {
        self.record(Event::IncidentOpened {
            incident: IncidentId(ulid::Ulid::from_parts(1, 0)),
            label: "INC-2026-0007".to_owned(),
            kind,
            severity: Sev(1),
            title: "us-east-1 is down".to_owned(),
            impact_at: wall(Duration::ZERO),
            impact_basis: "as declared".to_owned(),
            from: Some("us-east-1".into()),
            to: Some("us-west-2".into()),
            estate: ESTATE.to_owned(),
        });
    }

    /// The same, with the step called `step` in focus and resolved.
    pub(super) fn at_step(step: &str) -> Self {
        let mut console = Self::incident();
        for earlier in ["confirm", "tell", "gather", "stop", "promote", "move"].into_iter().take_while(|id| *id != step)
        {
            console.done(earlier);
        }
        if step == "promote" {
            console.approved(step);
        }
        console.prepare(step, Part::Run, &[]);
        console.rest();
        console.asked.clear();
        console
    }

    pub(super) fn ticked(&mut self, step: &str, substep: usize) {
        self.record(Event::SubstepTicked { run: RUN, step: step.into(), substep, done: true });
    }

    pub(super) fn done(&mut self, step: &str) {
        let evidence = "seen".to_owned();
        self.record(Event::StepDoneByHand { run: RUN, step: step.into(), evidence, out_of_order: false });
    }

    pub(super) fn asked_for_approval(&mut self, step: &str, digest: Hash) {
        self.record(Event::ApprovalRequested {
            run: RUN,
            step: step.into(),
            digest,
            seat: Seat::parse("data-owner"),
            fallback: None,
            fallback_after: None,
            text: "text".to_owned(),
        });
    }

    /// By another, for the text that the fixture resolves.
    pub(super) fn approved(&mut self, step: &str) {
        let digest = resolved(step, Part::Run).digest();
        self.asked_for_approval(step, digest);
        let at = wall(self.now);
        let approved = Approved { by: "raj".into(), seat: None, spoken: true, at };
        self.record(Event::ApprovalGiven { run: RUN, step: step.into(), digest, approved });
    }

    /// An attempt was intended, and ended so.
    pub(super) fn attempted(&mut self, step: &str, end: Option<End>) {
        self.attempt(step, end);
        self.rest();
    }

    /// The same, at this very instant.
    pub(super) fn attempt(&mut self, step: &str, end: Option<End>) {
        let resolved = Box::new(resolved(step, Part::Run));
        let confirmed_by = self.model.scene.actor.name.clone();
        self.record(Event::StepIntended {
            resolved,
            confirmed_by,
            authorised_by: None,
            guards: Vec::new(),
            at_risk: BTreeMap::new(),
            out_of_order: false,
        });
        if let Some(end) = end {
            let outcome = AttemptOutcome {
                end,
                started_at: wall(self.now),
                ended_at: wall(self.now),
                duration: Duration::ZERO,
                values: BTreeMap::new(),
                output: None,
                summary: String::new(),
                undo: None,
            };
            self.record(Event::StepFinished { run: RUN, step: step.into(), part: Part::Run, attempt: 1, outcome });
        }
    }

    pub(super) fn record(&mut self, event: Event) {
        self.entries += 1;
        let entry = Entry {
            seq: self.entries,
            occurred_at: wall(self.now),
            recorded_at: wall(self.now),
            clock: BootClock { id: "boot".to_owned(), at: self.now },
            kind: Kind::Live,
            actor: self.model.scene.actor.clone(),
            event,
            prev: Hash::ZERO,
            signature: None,
            hash: Hash::of(&self.entries.to_le_bytes()),
        };
        self.told(Told::Entry(Arc::new(entry)));
    }

    pub(super) fn prepare(&mut self, step: &str, part: Part, guards: &[(&str, GuardVerdict)]) {
        self.prepare_text(step, part, guards, "text");
    }

    pub(super) fn prepare_text(&mut self, step: &str, part: Part, guards: &[(&str, GuardVerdict)], text: &str) {
        let guards = guards.iter().map(|(name, verdict)| GuardResult {
            name: (*name).to_owned(),
            verdict: *verdict,
            seen: "seen".to_owned(),
            evaluated_at: wall(self.now),
            measured_at: None,
        });
        let prepared = Prepared {
            run: RUN,
            step: step.into(),
            part,
            resolved: Ok(Box::new(Resolved { text: text.to_owned(), ..resolved(step, part) })),
            guards: guards.collect(),
            asking: false,
            at_risk: BTreeMap::new(),
            records: None,
            at: at(self.now),
        };
        self.told(Told::Prepared(Arc::new(prepared)));
    }

    pub(super) fn told(&mut self, told: Told) {
        self.input(Input::Told(told));
    }

    pub(super) fn input(&mut self, input: Input) {
        let asks = update(&mut self.model, input, at(self.now));
        self.asked.extend(asks.into_iter().map(|Ask { request, .. }| request));
    }

    /// Since boot.
    pub(super) const fn now(&self) -> Duration {
        self.now
    }

    /// Time goes on, and the screen does not get to its ticks.
    pub(super) fn stall(&mut self, span: Duration) {
        self.now += span;
    }

    /// Time goes on, with the ticks the screen asks for.
    pub(super) fn wait(&mut self, span: Duration) {
        let end = self.now + span;
        while self.comes_to_its_tick(end) {
            self.input(Input::Tick);
            assert!(wake_at(&self.model) > self.now, "a tick that settles nothing");
        }
        self.now = end;
    }

    /// Whether the screen asks for a tick until `end`; then that is the time.
    pub(super) fn comes_to_its_tick(&mut self, end: Duration) -> bool {
        let due = wake_at(&self.model).max(self.now);
        if due <= end {
            self.now = due;
        }
        due <= end
    }

    /// Long enough for nothing to be a burst or too early.
    pub(super) fn rest(&mut self) {
        self.wait(Duration::from_secs(1));
    }

    /// A key at this very instant.
    pub(super) fn strike(&mut self, key: Key) {
        self.input(Input::Key { key, at: self.now });
    }

    /// A key, pressed by a person: nothing came just before, nothing comes just after.
    pub(super) fn press(&mut self, key: Key) {
        self.wait(BURST * 3);
        self.strike(key);
        self.wait(BURST * 3);
    }

    pub(super) fn char(&mut self, c: char) {
        self.press(Key::char(c));
    }

    pub(super) fn enter(&mut self) {
        self.press(Key::of(Code::Enter));
    }

    pub(super) fn esc(&mut self) {
        self.press(Key::of(Code::Esc));
    }

    pub(super) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.char(c);
        }
    }

    /// All at once, as a paste that does not say so.
    pub(super) fn burst(&mut self, text: &str) {
        self.wait(BURST * 3);
        for c in text.chars() {
            let code = if c == '\n' { Code::Enter } else { Code::Char(c) };
            self.strike(Key::of(code));
            self.now += Duration::from_micros(200);
        }
        self.wait(BURST * 3);
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input(Input::Paste(text.to_owned()));
        self.wait(BURST * 3);
    }

    pub(super) fn click(&mut self, hit: crate::model::Hit) {
        self.input(Input::Mouse(Mouse { kind: MouseKind::Click, column: 1, row: 1, hit: Some(hit) }));
        self.wait(BURST * 3);
    }

    /// What was asked to be executed.
    pub(super) fn executed(&self) -> Vec<(StepId, domain::engine::Confirmation)> {
        let executed = |request: &Request| match request {
            Request::Execute { step, confirmation, .. } => Some((step.clone(), confirmation.clone())),
            _ => None,
        };
        self.asked.iter().filter_map(executed).collect()
    }

    /// Commands that were asked to be recorded.
    pub(super) fn commands(&self) -> Vec<&Command> {
        fn command(request: &Request) -> Option<&Command> {
            if let Request::Act(command) = request { Some(command) } else { None }
        }
        self.asked.iter().filter_map(command).collect()
    }

    /// What the session was asked for besides what to watch.
    pub(super) fn acted(&self) -> Vec<&Request> {
        self.asked.iter().filter(|request| !matches!(request, Request::Watch { .. } | Request::Unwatch)).collect()
    }

    pub(super) fn notice(&self) -> &str {
        self.model.ui.notice.as_ref().map_or("", |notice| &notice.text)
    }

    pub(super) fn in_form(&self) -> Option<&crate::model::Form> {
        match self.model.overlay() {
            Some(Overlay::Form(form)) => Some(form),
            _ => None,
        }
    }

    pub(super) fn in_box(&self) -> Option<&crate::model::ConfirmBox> {
        match self.model.overlay() {
            Some(Overlay::Confirm(confirm)) => Some(confirm),
            _ => None,
        }
    }
}

pub(super) fn wall(boot: Duration) -> Timestamp {
    let base: Timestamp = "2026-11-20T02:00:00Z".parse().unwrap();
    base + boot
}

fn at(boot: Duration) -> Now {
    Now { wall: wall(boot), boot }
}

pub(super) fn resolved(step: &str, part: Part) -> Resolved {
    Resolved {
        run: RUN,
        step: step.into(),
        part,
        attempt: 1,
        lang: Lang::Bash,
        text: "text".to_owned(),
        target: None,
        env: BTreeMap::new(),
        secrets: BTreeMap::new(),
        timeout: Duration::from_secs(60),
        exit: vec![0],
        out: None,
        may_set: Vec::new(),
        pass_env: Vec::new(),
        idempotent: step == "move",
        readonly: step == "confirm",
        runbook: Hash::of(RUNBOOK.as_bytes()),
    }
}
