//! What comes back to the session from the tasks it started.

use domain::alert::Delivery;
use domain::document::Document;
use domain::engine::Became;
use domain::execution::{AttemptOutcome, GuardResult, Part, VerifyResult, WriteAnswer};
use domain::ident::{CaptureId, DatabaseId, IncidentId, RegionId, RunId, StepId};
use domain::identity::Vouching;
use domain::log::{Entry, Way};
use domain::route53::Planned;

use crate::runtime::identity::Unproven;

/// One thing that happened outside. Every variant is handled in one place, `Session::take`.
#[derive(Debug)]
pub(super) enum Input {
    /// Appended by another console, to the log of this incident.
    Followed {
        incident: IncidentId,
        entries: Vec<Entry>,
    },
    AttemptEnded {
        run: RunId,
        step: StepId,
        part: Part,
        attempt: u32,
        outcome: AttemptOutcome,
    },
    CaptureEnded {
        capture: CaptureId,
        outcome: AttemptOutcome,
    },
    Verified {
        run: RunId,
        step: StepId,
        attempt: u32,
        result: VerifyResult,
    },
    /// Answers of the guards that had to be run, for what `Asking` says.
    Guards {
        asking: Asking,
        results: Vec<GuardResult>,
    },
    /// What the record sets that a block with this text changes are, and would be.
    Records {
        run: RunId,
        step: StepId,
        part: Part,
        text: String,
        looked: Result<Vec<Planned>, String>,
    },
    /// A write through the application's own path was tried on a side that should be fenced.
    WriteTried {
        database: DatabaseId,
        region: RegionId,
        answer: WriteAnswer,
    },
    /// What a stopped server's control data says, and what it was compared with.
    CleanStop {
        database: DatabaseId,
        region: RegionId,
        checkpoint: Result<domain::replication::Lsn, String>,
    },
    /// A document of the library, for the request of this number.
    DocumentRead {
        number: u64,
        read: Result<Box<Document>, String>,
    },
    /// What came of asking the person's key to vouch for this console.
    Vouched {
        incident: IncidentId,
        vouched: Result<Box<Vouching>, Unproven>,
    },
    /// What came of telling people.
    Delivered(Delivery),
    /// What came of an update on one way.
    Updated {
        incident: Option<IncidentId>,
        update: u64,
        way: Way,
        became: Became,
    },
    RetryDue {
        run: RunId,
        step: StepId,
        part: Part,
    },
    HoldEnded {
        run: RunId,
        step: StepId,
        held: bool,
        detail: String,
    },
}

/// Why guards are being asked.
#[derive(Clone, Debug)]
pub(super) enum Asking {
    /// The step is in focus.
    Look { run: RunId, step: StepId, part: Part },
    /// A person confirmed it: these answers decide.
    Execute(Box<Confirmed>),
}

/// A confirmed execution, waiting for its guards.
#[derive(Clone, Debug)]
pub(super) struct Confirmed {
    /// Of the request, for its answer; `None` for a retry.
    pub number: Option<u64>,
    pub resolved: domain::execution::Resolved,
    pub confirmation: domain::engine::Confirmation,
    pub actor: domain::people::Actor,
}
