//! Sign, word and colour of every state, together in one place: none of the three ever stands for itself.

use domain::engine::StepState;
use domain::execution::GuardVerdict;
use domain::identity::Standing;
use domain::readiness;
use domain::reading::{AlertSeverity, BackupHealth, Health, Verdict};
use domain::report::Mark;

use crate::theme::{Role, Symbols};

/// A sign and the role that colours it and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub sign: &'static str,
    pub role: Role,
}

const fn look(sign: &'static str, role: Role) -> Look {
    Look { sign, role }
}

pub(super) const fn health(symbols: &Symbols, health: Health) -> Look {
    match health {
        Health::Ok => look(symbols.ok, Role::Ok),
        Health::Degraded => look(symbols.warning, Role::Warning),
        Health::Down => look(symbols.down, Role::Down),
        Health::Stale | Health::Unknown => look(symbols.unknown, Role::Unknown),
    }
}

/// What an entry's author can be believed to be; its words say the rest.
pub(super) const fn standing(standing: &Standing) -> Role {
    match standing {
        Standing::Verified(_) => Role::Ok,
        Standing::Claimed | Standing::NotProved | Standing::WrittenBy(_) => Role::Text,
        Standing::NotVerified | Standing::Forged(_) => Role::Down,
    }
}

/// Worst first; unknown is worse than degraded, because it may be down.
pub(super) const fn badness(health: Health) -> u8 {
    match health {
        Health::Down => 0,
        Health::Unknown => 1,
        Health::Stale => 2,
        Health::Degraded => 3,
        Health::Ok => 4,
    }
}

pub(super) const fn backup(symbols: &Symbols, health: BackupHealth) -> Look {
    match health {
        BackupHealth::Ok => look(symbols.ok, Role::Ok),
        BackupHealth::Late => look(symbols.warning, Role::Warning),
        BackupHealth::Failed => look(symbols.down, Role::Down),
        BackupHealth::Unknown => look(symbols.unknown, Role::Unknown),
    }
}

pub(super) const fn verdict(symbols: &Symbols, verdict: Verdict) -> Look {
    match verdict {
        Verdict::Ok => look(symbols.ok, Role::Ok),
        Verdict::AtRisk => look(symbols.warning, Role::Warning),
        Verdict::Missed => look(symbols.down, Role::Down),
        Verdict::Unknown => look(symbols.unknown, Role::Unknown),
        Verdict::NotApplicable => look(symbols.not_applicable, Role::Muted),
    }
}

pub(super) const fn readiness(symbols: &Symbols, verdict: readiness::Verdict) -> Look {
    match verdict {
        readiness::Verdict::Failing => look(symbols.down, Role::Down),
        readiness::Verdict::Overdue | readiness::Verdict::NeedsVerification | readiness::Verdict::Due => {
            look(symbols.warning, Role::Warning)
        }
        readiness::Verdict::Unknown => look(symbols.unknown, Role::Unknown),
        readiness::Verdict::Ready => look(symbols.ok, Role::Ok),
    }
}

pub(super) const fn severity(symbols: &Symbols, severity: AlertSeverity) -> Look {
    match severity {
        AlertSeverity::Critical => look(symbols.down, Role::Down),
        AlertSeverity::Warning => look(symbols.warning, Role::Warning),
        AlertSeverity::Info => look(symbols.dot, Role::Accent),
    }
}

pub(super) const fn guard(symbols: &Symbols, verdict: GuardVerdict) -> Look {
    match verdict {
        GuardVerdict::Pass => look(symbols.ok, Role::Ok),
        GuardVerdict::Fail => look(symbols.down, Role::Down),
        GuardVerdict::Unknown => look(symbols.unknown, Role::Unknown),
        GuardVerdict::Ask | GuardVerdict::Overridden => look(symbols.warning, Role::Warning),
        GuardVerdict::Skip => look(symbols.skipped, Role::Muted),
    }
}

/// What a guard's verdict is called beside its sign; nothing for what simply holds.
pub(super) const fn guard_word(verdict: GuardVerdict) -> &'static str {
    match verdict {
        GuardVerdict::Pass => "",
        GuardVerdict::Fail => "does not hold",
        GuardVerdict::Unknown => "unknown",
        GuardVerdict::Ask => "a person has to accept it",
        GuardVerdict::Skip => "skips the step",
        GuardVerdict::Overridden => "overridden",
    }
}

pub(super) const fn step(symbols: &Symbols, state: StepState) -> Look {
    match state {
        StepState::Pending => look(symbols.pending, Role::Muted),
        StepState::Ready => look(symbols.next, Role::Accent),
        StepState::Blocked => look(symbols.next, Role::Down),
        StepState::AwaitingApproval => look(symbols.awaiting, Role::Warning),
        StepState::Running | StepState::Verifying => look(symbols.running, Role::Warning),
        StepState::Succeeded | StepState::DoneByHand => look(symbols.ok, Role::Ok),
        StepState::Failed => look(symbols.down, Role::Down),
        StepState::Unknown => look(symbols.unknown, Role::Unknown),
        StepState::Skipped => look(symbols.skipped, Role::Warning),
        StepState::Cancelled => look(symbols.down, Role::Warning),
        StepState::Undone => look(symbols.undone, Role::Warning),
        StepState::NotApplicable => look(symbols.not_applicable, Role::Muted),
    }
}

/// The word of a state in the narrow column of the checklist; empty where duration and name say enough.
pub(super) const fn step_word(state: StepState) -> &'static str {
    match state {
        StepState::Pending | StepState::Ready | StepState::Succeeded => "",
        StepState::AwaitingApproval => "approval",
        StepState::DoneByHand => "by hand",
        StepState::NotApplicable => "n/a",
        other => other.word(),
    }
}

pub(super) const fn mark(symbols: &Symbols, mark: Mark) -> Look {
    match mark {
        Mark::Plain => look(symbols.dot, Role::Muted),
        Mark::Good => look(symbols.ok, Role::Ok),
        Mark::Started => look(symbols.next, Role::Accent),
        Mark::Warning => look(symbols.warning, Role::Warning),
        Mark::Bad => look(symbols.down, Role::Down),
        Mark::Unknown => look(symbols.unknown, Role::Unknown),
        Mark::Waiting => look(symbols.awaiting, Role::Warning),
    }
}
