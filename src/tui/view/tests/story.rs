//! One incident, told entry by entry and folded by the engine: the story every picture shows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::console::{BannerAbout, OutputOf, RunbookEntry, Scene};
use domain::document::{Document, FileName, Standing};
use domain::engine::{State, evolve};
use domain::execution::{AttemptOutcome, End, Part, Resolved};
use domain::ident::{Hash, IncidentId, RunId, StepId};
use domain::log::{BootClock, Entry, Event, Kind, Mode, Sev};
use domain::people::{Actor, Role};
use domain::readiness::Area;
use domain::reading::Status;
use domain::runbook::{Lang, RunbookKind};
use domain::time::{Now, Timestamp};

use super::events::{approval_asked, approval_given, dns, finished, intended, prepared, resolved, verified};
use super::readings;
use crate::model::Model;

pub(super) const ESTATE: &str = include_str!("orders.toml");
pub(super) const RUNBOOK: &str = include_str!("regional-failover.md");
pub(super) const RUN: RunId = RunId(ulid::Ulid(7));

/// 20 November 2026, at `HH:MM:SS`.
pub(super) fn at(time: &str) -> Timestamp {
    format!("2026-11-20T{time}Z").parse().unwrap()
}

const UNREADABLE: &str = "runbooks/old-notes.md may be written by others, who could choose what is executed: run `chmod go-w \
                          runbooks/old-notes.md`";
const FOREIGN: &str = include_str!("foreign.md");
/// A runbook with a slip in it.
const SLIP: &str = "---\nrunbook: 1\ntitle: Restore orders from backup\ntype: restore\n---\n\n## Restore\n\n\
                    - [ ] **Stop the writers**\n\n  ```bash rum\n  systemctl stop orders\n  ```\n\n- [ ] **Ask the owner of the data**\n";

/// The document of this name, as the session reads it.
pub(super) fn document(name: &str) -> Document {
    let (source, path) = match name {
        "dr-plan" => (FOREIGN, "runbooks/dr-plan.md"),
        "restore-orders" => (SLIP, "runbooks/restore-orders.md"),
        other => panic!("no document is called {other}"),
    };
    let estate = domain::estate::parse(ESTATE).estate;
    let document = Document::read(name, Some(path.to_owned()), &source.into(), &estate);
    document.proposing(source, FileName::beside(name))
}

fn scene(kind: Kind) -> Scene {
    let estate = domain::estate::parse(ESTATE);
    assert!(estate.ok(), "{:?}", estate.diagnostics);
    let runbook = domain::runbook::parse(RUNBOOK.into(), Some(&estate.estate));
    assert_eq!(runbook.diagnostics, [], "the story's runbook");
    let entry = |name: &str, title: &str, standing| RunbookEntry {
        name: name.to_owned(),
        title: title.to_owned(),
        kind: RunbookKind::Failover,
        errors: 0,
        standing,
    };
    let runbook = |name: &str, title: &str, kind, errors| RunbookEntry {
        name: name.to_owned(),
        title: title.to_owned(),
        kind,
        errors,
        standing: Standing::Native,
    };
    Scene {
        kind,
        estate: Arc::new(estate.estate),
        actor: Actor::claimed("ana", "bastion-2"),
        read_only: false,
        runbooks: vec![
            runbook("regional-failover", "Regional failover", RunbookKind::Failover, 0),
            runbook("database-failover", "Database failover", RunbookKind::Failover, 0),
            runbook("restore-orders", "Restore orders from backup", RunbookKind::Restore, 1),
            entry("dr-plan", "DR plan: orders platform", Standing::Foreign { steps: 4 }),
            entry("old-notes", "old-notes", Standing::Unreadable { why: UNREADABLE.to_owned() }),
        ],
        templates: Arc::default(),
    }
}

fn model(now: &str) -> Model {
    let now = Now { wall: at(now), boot: Duration::from_secs(90_000) };
    Model::new(scene(Kind::Live), now, 1)
}

/// Nothing is wrong.
pub(super) fn healthy() -> Model {
    let mut model = model("01:30:04");
    model.status = Some(Arc::new(readings::healthy(at("01:30:01"))));
    model.readiness = Some(Arc::new(super::rated::readiness()));
    model
}

/// An estate that says nothing of tests, and has no runbook of its own.
pub(super) fn unready() -> Model {
    let mut model = healthy();
    let mut bare = super::rated::readiness();
    bare.rows.retain(|row| row.area == Area::Disk);
    model.readiness = Some(Arc::new(bare));
    model
}

/// us-east-1 went dark; nobody has declared anything yet.
pub(super) fn dark() -> Model {
    let mut model = model("02:10:55");
    model.status = Some(Arc::new(readings::failed(at("02:10:55"))));
    model
}

/// The same, with its alerts.
pub(super) fn alerted() -> Model {
    let mut model = dark();
    model.status = Some(Arc::new(Status { alerts: readings::alerts(), ..readings::failed(at("02:10:55")) }));
    model
}

/// The bridge of the drawing: writes are stopped, the promotion waits for its approval.
pub(super) fn incident() -> Model {
    let mut told = Told::new("02:14:37");
    told.until_fenced();
    told.say("ana", "02:14:20", approval_asked());
    let mut model = told.model;
    model.consoles = 2;
    model.prepared = Some(Arc::new(prepared()));
    model
}

/// Somebody closed it although nothing is served yet.
pub(super) fn closed_early() -> Model {
    let mut told = Told { model: incident() };
    told.say("mara", "02:14:30", Event::IncidentClosed { reason: "by mistake".to_owned() });
    told.model
}

/// Approved, and the box is open.
pub(super) fn approved() -> Model {
    let mut told = Told::new("02:15:20");
    told.until_fenced();
    told.say("ana", "02:14:20", approval_asked());
    told.say("mara", "02:15:02", approval_given());
    let mut model = told.model;
    model.consoles = 2;
    model.prepared = Some(Arc::new(prepared()));
    model
}

/// Promoted, and it takes writes.
pub(super) fn promoted(now: &str) -> Model {
    let mut told = Told::new(now);
    told.until_fenced();
    told.say("ana", "02:14:20", approval_asked());
    told.say("mara", "02:15:02", approval_given());
    let promote = resolved();
    told.say("ana", "02:15:41", intended(promote.clone(), true));
    told.say("ana", "02:16:03", finished(&promote, "02:15:41", "02:16:03", "t"));
    told.say("ana", "02:16:05", verified("promote", "not in recovery"));
    let mut model = told.model;
    model.consoles = 2;
    model.status = Some(Arc::new(readings::promoted(at(now).checked_sub(Duration::from_secs(1)).unwrap())));
    model
}

/// The name is being switched, and prints what it does.
pub(super) fn running() -> Model {
    let mut told = Told { model: promoted("02:16:31") };
    told.say("ana", "02:16:12", intended(dns(), false));
    let mut model = told.model;
    let of = OutputOf::Step { run: RUN, step: "dns".into(), attempt: 1 };
    for line in [
        "zone Z08812213 orders.example.com",
        "api       60  A     203.0.113.10 -> 198.51.100.20",
        "checkout  60  CNAME east.orders.example.com -> west.orders.example.com",
        "change C2682N5HXP0BZ4 submitted, PENDING",
        "waiting for INSYNC (19s)",
    ] {
        model.ui.outputs.push(of.clone(), &format!("{line}\n"));
    }
    model
}

fn dns_ends(end: End, summary: &str) -> Model {
    let mut told = Told { model: running() };
    let outcome = AttemptOutcome {
        end,
        started_at: at("02:16:12"),
        ended_at: at("02:16:44"),
        duration: Duration::from_secs(32),
        values: BTreeMap::new(),
        output: None,
        summary: summary.to_owned(),
        undo: None,
    };
    told.say(
        "ana",
        "02:16:44",
        Event::StepFinished { run: RUN, step: "dns".into(), part: Part::Run, attempt: 1, outcome },
    );
    let mut model = told.model;
    later(&mut model, "02:16:50");
    model
}

/// The name could not be switched: the run is held.
pub(super) fn failed() -> Model {
    let why = "change rejected: the zone is locked by deploy-7".to_owned();
    dns_ends(End::Failed { exit: Some(2), why }, "")
}

/// Nobody saw how it ended.
pub(super) fn unknown() -> Model {
    dns_ends(End::Unknown { why: "its supervisor is gone".to_owned() }, "")
}

/// Everything that can be wrong with a console, at once.
pub(super) fn broken() -> Model {
    let mut model = incident();
    let mut banner = |about, text: &str| model.banners.insert(about, text.to_owned());
    banner(BannerAbout::Log, "the log cannot be written (no space left): nothing executes");
    banner(BannerAbout::Estate, "switchback.toml has 2 errors: this is the last estate that loaded");
    let mut status = Status::clone(model.status.as_deref().unwrap());
    status.blind = true;
    status.clock_skew_ms = Some(-3200);
    status.clock_skew_of = Some("orders-db@us-east-1".into());
    status.replication[0].split_brain = true;
    model.status = Some(Arc::new(status));
    model
}

/// The name points to the other side.
pub(super) fn switched() -> Model {
    let mut told = Told { model: dns_ends(End::Succeeded { exit: Some(0) }, "INSYNC") };
    told.say("ana", "02:16:46", verified("dns", "serving checkout us-west-2"));
    told.model
}

/// Service is back, one step was skipped.
pub(super) fn restored() -> Model {
    let mut told = Told { model: switched() };
    let reason = "capacity was raised by the autoscaler".to_owned();
    told.say("ana", "02:16:50", Event::StepSkipped { run: RUN, step: "scale".into(), reason });
    for tier in ["1", "2", "3", "4"] {
        told.say("mara", "02:17:50", Event::TierRecovered { tier: tier.into(), recovered_at: at("02:16:48") });
    }
    let mut model = told.model;
    later(&mut model, "02:18:10");
    model
}

/// Much is known of its backups.
pub(super) fn backed_up() -> Model {
    let mut model = incident();
    model.status = Some(Arc::new(super::backed_up::backed_up(at("02:10:55"))));
    model
}

/// Copies that others than a server's SQL tell of, and what failed over by itself.
pub(super) fn copies() -> Model {
    let mut model = healthy();
    let mut status = Status::clone(model.status.as_deref().unwrap());
    status.replication.extend(readings::copies());
    status.automatic = readings::automatic();
    model.status = Some(Arc::new(status));
    model
}

/// No configuration in reach.
pub(super) fn demonstration() -> Model {
    let mut model = healthy();
    model.scene.kind = Kind::Demo;
    model
}

/// Time has passed.
pub(super) fn later(model: &mut Model, now: &str) {
    model.now.wall = at(now);
    model.real.wall = at(now);
}

/// Entries as they come, folded.
pub(super) struct Told {
    pub(super) model: Model,
}

impl Told {
    pub(super) fn new(now: &str) -> Self {
        let mut model = model(now);
        model.status = Some(Arc::new(readings::failed(at(now))));
        Self { model }
    }

    pub(super) fn say(&mut self, actor: &str, when: &str, event: Event) {
        let state: &mut State = &mut self.model.state;
        let seq = state.entries.len() as u64 + 1;
        let entry = Entry {
            seq,
            occurred_at: at(when),
            recorded_at: at(when),
            clock: BootClock { id: "boot".to_owned(), at: Duration::from_secs(seq) },
            kind: self.model.scene.kind,
            actor: Actor::claimed(actor, "bastion-2"),
            event,
            prev: state.head.unwrap_or(Hash::ZERO),
            signature: None,
            hash: Hash::of(format!("{seq} {when}").as_bytes()),
        };
        evolve(state, &Arc::new(entry));
    }

    pub(super) fn until_fenced(&mut self) {
        self.until_declared();
        self.decides();
        self.fences();
    }

    pub(super) fn until_declared(&mut self) {
        let exercised = self.model.exercise().map(|exercise| exercise.start.label.clone());
        let label = exercised.unwrap_or_else(|| "INC-2026-0007".to_owned());
        let east = || Some("us-east-1".into());
        let west = || Some("us-west-2".into());
        self.say(
            "mara",
            "02:11:02",
            Event::IncidentOpened {
                incident: IncidentId(ulid::Ulid(1)),
                label,
                kind: self.model.scene.kind,
                severity: Sev(1),
                title: "Regional failover".to_owned(),
                impact_at: at("02:06:56"),
                impact_basis: "last good sample of us-east-1".to_owned(),
                from: east(),
                to: west(),
                estate: ESTATE.to_owned(),
            },
        );
        self.say("mara", "02:11:02", Event::CommandTaken { by: "mara".into(), role: Role::Commander, reason: None });
        self.say(
            "mara",
            "02:11:03",
            Event::RunStarted {
                parent: None,
                run: RUN,
                runbook: RUNBOOK.to_owned(),
                runbook_name: "regional-failover".to_owned(),
                runbook_hash: Hash::of(RUNBOOK.as_bytes()),
                mode: Mode::Forced,
                from: east(),
                to: west(),
                values: BTreeMap::new(),
            },
        );
    }

    pub(super) fn decides(&mut self) {
        self.by_hand("mara", "confirm", "02:11:10", "AWS confirms: us-east-1 is gone");
        self.say("mara", "02:11:52", verified("confirm", "checkout@us-east-1 down for 4m56s"));
        self.say(
            "mara",
            "02:11:58",
            Event::DecisionRecorded {
                text: "us-east-1 is dark from all vantage points, AWS confirms: fail over to us-west-2".to_owned(),
                failover: true,
                proposal: None,
            },
        );
    }

    /// And the loss is accepted.
    pub(super) fn fences(&mut self) {
        self.by_hand("mara", "notify", "02:12:18", "status page, bridge call, executives by phone");
        self.by_hand("ana", "verify-dr", "02:12:30", "looked at it");
        self.say("ana", "02:12:35", verified("verify-dr", "checkout@us-west-2 ok"));
        self.by_hand("ana", "backups", "02:12:40", "looked at it");
        self.say("ana", "02:12:43", verified("backups", "orders-db 14m old"));
        let stop = Resolved {
            step: "fence".into(),
            lang: Lang::Bash,
            text: "aws ec2 stop-instances --region \"$FROM\" --instance-ids i-0a1b2c3d".to_owned(),
            target: None,
            ..resolved()
        };
        self.say("ana", "02:13:19", intended(stop.clone(), false));
        self.say("ana", "02:13:50", finished(&stop, "02:13:19", "02:13:50", "i-0a1b2c3d stopping -> stopped"));
        self.say("ana", "02:13:52", verified("fence", "i-0a1b2c3d is stopped"));
        self.say(
            "ana",
            "02:13:50",
            Event::FenceStated {
                database: "orders-db".into(),
                region: "us-east-1".into(),
                how: "instances stopped".to_owned(),
                by: "ana".into(),
            },
        );
        self.say(
            "mara",
            "02:14:12",
            Event::LossAccepted {
                run: RUN,
                step: "promote".into(),
                database: "orders-db".into(),
                region: "us-west-2".into(),
                at_risk: Some(readings::at_risk()),
                reason: "payments can be replayed from the provider".to_owned(),
            },
        );
    }

    pub(super) fn by_hand(&mut self, by: &str, step: &str, when: &str, evidence: &str) {
        let (step, evidence) = (StepId::from(step), evidence.to_owned());
        self.say(by, when, Event::StepDoneByHand { run: RUN, step, evidence, out_of_order: false });
    }
}
