//! What a front end asks of a session, and what it is told. The screen, `run`, the wall and scripted commanders speak
//! only this; none of them touches the log or a process itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::alert::Which;
use crate::comms::Templates;
use crate::document::{Document, Standing};
use crate::engine::{Command, Confirmation, Opening, Refusal, State};
use crate::estate::{DesktopSequence, Estate};
use crate::execution::{GuardResult, Part, Resolved, ResolvedBlock};
use crate::ident::{AlertKey, CaptureId, DatabaseId, Hash, IncidentId, RegionId, RunId, StepId};
use crate::log::{Entry, Kind, Mode, Parent, Sev};
use crate::objective::{AtRisk, Learned};
use crate::people::Actor;
use crate::readiness::Readiness;
use crate::reading::Status;
use crate::route53::Planned;
use crate::runbook::RunbookKind;
use crate::scenario::Pace;
use crate::time::{Now, Timestamp};

/// What a front end is given before anything else: enough for its first frame.
#[derive(Clone, Debug)]
pub struct Scene {
    pub kind: Kind,
    pub estate: Arc<Estate>,
    pub actor: Actor,
    /// Nothing may be appended or executed: `--read-only`.
    pub read_only: bool,
    pub runbooks: Vec<RunbookEntry>,
    /// What updates to audiences are made from.
    pub templates: Arc<Templates>,
}

/// A runbook that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookEntry {
    /// What `run` and the declare form call it: the file's name without its ending.
    pub name: String,
    pub title: String,
    pub kind: RunbookKind,
    /// Errors found in it: the steps concerned are manual.
    pub errors: usize,
    pub standing: Standing,
}

/// Asked of the session. `Ask::number` comes back in [`Told::Done`] or [`Told::Refused`].
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub number: u64,
    pub request: Request,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A command that needs nothing but the log.
    Act(Box<Command>),
    /// Open an incident, take command, and start its runbook.
    Declare(Box<Declaration>),
    StartRun {
        runbook: String,
        mode: Mode,
        from: Option<RegionId>,
        to: Option<RegionId>,
        values: BTreeMap<String, String>,
        /// The step in whose place it is walked: then mode and sides are those of its run.
        parent: Option<Parent>,
    },
    /// This step is in focus: resolve it, ask its guards in the background, tell [`Told::Prepared`] when that changes.
    Watch {
        run: RunId,
        step: StepId,
        part: Part,
    },
    Unwatch,
    /// Run it, if it still is what was shown: guards are asked again first.
    Execute {
        run: RunId,
        step: StepId,
        part: Part,
        digest: Hash,
        confirmation: Confirmation,
    },
    /// Ask for the approval the step needs, for the text as it is now resolved.
    AskApproval {
        run: RunId,
        step: StepId,
    },
    /// End the running attempt: TERM, then KILL.
    CancelStep {
        run: RunId,
        step: StepId,
    },
    /// A one-off shell command, captured to the log.
    Capture {
        capture: CaptureId,
        text: String,
        confirmation: Confirmation,
    },
    CancelCapture {
        capture: CaptureId,
    },
    /// Continue the log at another path, chained to its last good entry.
    ContinueLogAt {
        path: String,
    },
    /// Tell [`Told::Document`]: a runbook, or another document of the runbook folders, to be looked at.
    ReadDocument {
        name: String,
    },
    /// Write what was proposed for a document that is no runbook of this console, as `file` beside it.
    Adopt {
        name: String,
        file: String,
        /// Of the document that the proposal was made for.
        source: Hash,
    },
    /// Take on what fires: nobody is reminded of it any more.
    Acknowledge(Which),
    /// Tell nobody that it fires before `until`; `None` ends that. `of` is the key of an alert, or a rule.
    Silence {
        of: AlertKey,
        until: Option<Timestamp>,
        reason: String,
    },
    /// Demonstration only: the primary region fails now.
    FailPrimary,
    Quit,
}

/// The answers of the declare form.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    pub severity: Sev,
    pub title: String,
    pub impact_at: Timestamp,
    pub impact_basis: String,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub runbook: Option<String>,
    pub mode: Mode,
    /// Values of the runbook's variables that are given at the start.
    pub values: BTreeMap<String, String>,
}

impl Declaration {
    /// What opens the incident; `estate` is its text.
    #[must_use]
    pub fn opening(&self, incident: IncidentId, label: &str, kind: Kind, estate: &str) -> Opening {
        Opening {
            incident,
            label: label.to_owned(),
            kind,
            severity: self.severity,
            title: self.title.clone(),
            impact_at: self.impact_at,
            impact_basis: self.impact_basis.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            estate: Arc::from(estate),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Told {
    /// The incident this console shows from now on, replayed from its log; `None`: no incident is open.
    Incident(Option<Box<State>>),
    /// Appended, by this console or another, and on disk. Fold it with [`crate::engine::evolve`].
    Entry(Arc<Entry>),
    Status(Arc<Status>),
    Prepared(Arc<Prepared>),
    /// Output of a running step or capture, already sanitised and redacted, newest last.
    Output {
        of: OutputOf,
        text: String,
    },
    Done {
        number: u64,
    },
    Refused {
        number: u64,
        refusal: Refusal,
    },
    Runbooks(Vec<RunbookEntry>),
    /// What could be relied on now.
    Readiness(Arc<Readiness>),
    Document(Box<Document>),
    /// What steps took in earlier runs of this kind.
    Learned(Arc<Learned>),
    /// How the exercise's clock goes with this machine's: every time of the log and of readings is on the former.
    Pace(Pace),
    /// What the simulated world does not know, and the facilitator is to answer: all that is open.
    Questions(Vec<Question>),
    /// What is red in the live estate while an exercise goes on; `None`: nothing, any more.
    RealWorld(Option<String>),
    /// How many consoles have this incident open.
    Consoles(usize),
    Banner(Banner),
    /// Of a display: where what it shows comes from.
    Feed(Feed),
    /// Something needs a person.
    Bell,
    /// The same, by a notification of the desktop.
    Desktop {
        sequence: DesktopSequence,
        text: String,
    },
    /// The session is over; the front end leaves.
    Ended {
        reason: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputOf {
    Step { run: RunId, step: StepId, attempt: u32 },
    Capture(CaptureId),
}

/// A guard or a verify of which the simulated world knows nothing. Answered by `Command::Exercise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub id: Hash,
    /// What is asked, as the runbook writes it.
    pub text: String,
    /// Of which server or address.
    pub target: Option<String>,
}

impl Question {
    /// What the block asks. The same text, asked of the same place, is the same question.
    #[must_use]
    pub fn of(block: &ResolvedBlock) -> Self {
        let target = block.target.as_ref().map(|target| target.name.clone());
        let asked = [block.lang.name(), &block.text, target.as_deref().unwrap_or_default()].join("\0");
        Self { id: Hash::of(asked.as_bytes()), text: block.text.clone(), target }
    }
}

/// How fresh what a display shows is. Its times are the machine's, whatever clock an incident goes by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// When the log and the readings were looked for last.
    pub looked_at: Timestamp,
    /// What keeps the log from being followed.
    pub log: Option<String>,
    /// `None`: no console wrote readings for what is shown.
    pub readings: Option<Written>,
    /// The incident was asked for by name: no other takes its place.
    pub pinned: bool,
}

/// When readings were written, and for how long they can be believed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub at: Timestamp,
    pub good_for: Duration,
}

/// Something that stays on screen until it is no longer so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    pub about: BannerAbout,
    /// `None` takes it down.
    pub text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BannerAbout {
    /// The log cannot be written: nothing executes.
    Log,
    /// The estate's file has errors: this is the last one that loaded.
    Estate,
    Runbook,
    Mirror,
    /// What people answered to alerts was lost.
    Alerts,
    /// Who acts here could not be proved.
    Identity,
    /// What this person set for their consoles has mistakes in it.
    Console,
}

/// A step, ready to be looked at: what would run, what its guards say, what it would cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    pub run: RunId,
    pub step: StepId,
    pub part: Part,
    /// Or why it cannot be resolved: a variable without a value, a target that does not exist.
    pub resolved: Result<Box<Resolved>, String>,
    pub guards: Vec<GuardResult>,
    /// Guards are being asked right now.
    pub asking: bool,
    pub at_risk: BTreeMap<DatabaseId, AtRisk>,
    /// Of a block that changes names: what it changes. `None` where it changes none.
    pub records: Option<Records>,
    pub at: Now,
}

/// The record sets that a block changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Records {
    Asking,
    /// As they stood `at` that moment, and as they will.
    Seen {
        planned: Vec<Planned>,
        at: Timestamp,
    },
    Unknown {
        why: String,
    },
}

impl Records {
    /// All of it but the time at which it was read.
    pub fn planned(&self) -> Result<&[Planned], Option<&str>> {
        match self {
            Self::Asking => Err(None),
            Self::Seen { planned, .. } => Ok(planned),
            Self::Unknown { why } => Err(Some(why)),
        }
    }
}
