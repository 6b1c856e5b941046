//! One plain sentence for each entry: the log panel, `log`, and every export say the same.

mod alert;
mod exercise;
mod lead;
mod message;
mod update;

use super::mark::Mark;
use super::size;
use crate::engine::State;
use crate::execution::{AttemptOutcome, End, Part};
use crate::ident::{RegionId, RunId, StepId};
use crate::log::{Approved, Entry, Event};
use crate::reading::Health;
use crate::time::{clock, human};

/// What happened, and beside it, more quietly, on what grounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub mark: Mark,
    pub text: String,
    pub detail: Option<String>,
}

impl Sentence {
    fn new(mark: Mark, text: impl Into<String>) -> Self {
        Self { mark, text: text.into(), detail: None }
    }

    /// An empty detail is none.
    fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|detail| !detail.trim().is_empty());
        self
    }
}

/// Both parts on one line.
impl std::fmt::Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        self.detail.as_ref().map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

/// Says what the entry records. `state` gives the titles of steps; without them, their ids stand there.
#[must_use]
pub fn entry_sentence(state: &State, entry: &Entry) -> Sentence {
    let title = |run: &RunId, step: &StepId| title(state, *run, step);
    match &entry.event {
        Event::StepIntended { resolved, authorised_by, out_of_order, .. } => {
            let verb = if resolved.part == Part::Rollback { "rolls back" } else { "executes" };
            let again = if resolved.attempt > 1 { format!(", attempt {}", resolved.attempt) } else { String::new() };
            let order = if *out_of_order { ", out of order" } else { "" };
            let on = resolved.target.as_ref().map(|target| format!("on {}", target.name)).unwrap_or_default();
            let by = authorised_by.as_ref().map(|by| format!("approved by {}", approved(by))).unwrap_or_default();
            let step = title(&resolved.run, &resolved.step);
            Sentence::new(Mark::Started, format!("{verb} {step}{again}{order}")).because(joined(&[on, by]))
        }
        Event::StepFinished { run, step, part, outcome, .. } => {
            let step = title(run, step);
            finished(&if *part == Part::Rollback { format!("rollback of {step}") } else { step }, outcome)
        }
        Event::StepVerified { run, step, result, .. } => {
            let (mark, said) = if result.passed { (Mark::Good, "verified") } else { (Mark::Bad, "not verified") };
            Sentence::new(mark, format!("{} {said}, {}", title(run, step), human(result.took)))
                .because(result.detail.clone())
        }
        Event::SubstepTicked { run, step, substep, done } => {
            let name = state
                .run(*run)
                .and_then(|run| run.runbook.step(step)?.substeps.get(*substep))
                .map_or_else(|| format!("part {}", substep + 1), |substep| substep.title.clone());
            Sentence::new(Mark::Plain, format!("{} {name}", if *done { "ticks" } else { "unticks" }))
                .because(title(run, step))
        }
        Event::StepDoneByHand { run, step, evidence, out_of_order } => {
            let order = if *out_of_order { ", out of order" } else { "" };
            Sentence::new(Mark::Good, format!("{} done by hand{order}", title(run, step))).because(evidence.clone())
        }
        Event::StepSkipped { run, step, reason } => {
            Sentence::new(Mark::Warning, format!("skips {}", title(run, step))).because(reason.clone())
        }
        Event::StepSettled { run, step, succeeded, evidence } => {
            let (mark, said) =
                if *succeeded { (Mark::Good, "took effect") } else { (Mark::Bad, "did not take effect") };
            Sentence::new(mark, format!("settles that {} {said}", title(run, step))).because(evidence.clone())
        }
        Event::HoldEnded { run, step, held, detail } => {
            let (mark, said) = if *held { (Mark::Good, "held") } else { (Mark::Bad, "did not hold") };
            Sentence::new(mark, format!("{} {said}", title(run, step))).because(detail.clone())
        }
        Event::ApprovalRequested { run, step, digest, seat, fallback, fallback_after, .. } => {
            let then = match (fallback, fallback_after) {
                (Some(other), Some(after)) => format!("{other} may after {}", human(*after)),
                (Some(other), None) => format!("or {other}"),
                _ => String::new(),
            };
            Sentence::new(Mark::Waiting, format!("asks {seat} to approve {}", title(run, step)))
                .because(joined(&[format!("text {}", digest.short()), then]))
        }
        Event::ApprovalGiven { run, step, approved: by, .. } => {
            Sentence::new(Mark::Good, format!("{} approved by {}", title(run, step), approved(by)))
        }
        Event::ApprovalDeclined { run, step, by, reason, .. } => {
            Sentence::new(Mark::Bad, format!("{} declined by {by}", title(run, step))).because(reason.clone())
        }
        Event::GuardOverridden { run, step, guard, seen, reason, authority } => {
            Sentence::new(Mark::Warning, format!("overrides `{guard}` of {}", title(run, step))).because(joined(&[
                format!("seen {seen}"),
                format!("on the authority of {authority}"),
                reason.clone(),
            ]))
        }
        Event::LossAccepted { database, region, at_risk, reason, .. } => {
            let interval = at_risk.as_ref().map_or_else(
                || "a loss nobody can bound".to_owned(),
                |at_risk| {
                    let bytes =
                        at_risk.bytes_at_least.map(|count| format!(" ({} at least)", size(count))).unwrap_or_default();
                    format!("loss of {}{bytes}", at_risk.interval())
                },
            );
            let basis = at_risk.as_ref().map(|at_risk| format!("basis {}", at_risk.basis)).unwrap_or_default();
            Sentence::new(Mark::Warning, format!("accepts {interval} on {database}@{region}"))
                .because(joined(&[basis, reason.clone()]))
        }
        other => {
            let about =
                incident_sentence(other).or_else(|| alert::sentence(other)).or_else(|| message::sentence(other));
            let about = about.or_else(|| lead::sentence(state, entry)).or_else(|| update::sentence(state, other));
            let about = about.or_else(|| exercise::sentence(state, other));
            about.or_else(|| run_sentence(state, other)).unwrap_or_else(|| console_sentence(other))
        }
    }
}

fn incident_sentence(event: &Event) -> Option<Sentence> {
    Some(match event {
        Event::IncidentOpened { label, severity, title, impact_at, impact_basis, from, to, .. } => {
            let way = match (from, to) {
                (Some(from), Some(to)) => format!("{from} to {to}"),
                (Some(from), None) => format!("from {from}"),
                _ => String::new(),
            };
            let impact = format!("impact since {} ({impact_basis})", clock(*impact_at));
            Sentence::new(Mark::Bad, format!("declares {label} {severity}: {title}")).because(joined(&[way, impact]))
        }
        Event::ImpactCorrected { impact_at, reason } => {
            Sentence::new(Mark::Plain, format!("corrects the start of impact to {}", clock(*impact_at)))
                .because(reason.clone())
        }
        Event::SeverityChanged { severity, reason } => {
            Sentence::new(Mark::Warning, format!("changes the severity to {severity}")).because(reason.clone())
        }
        Event::DecisionRecorded { text, failover, proposal: None } => {
            let what = if *failover { "decides to fail over" } else { "decides" };
            Sentence::new(Mark::Warning, what).because(text.clone())
        }
        Event::NoteAdded { text, .. } => Sentence::new(Mark::Plain, text.clone()),
        Event::Correction { supersedes, text } => {
            Sentence::new(Mark::Plain, format!("corrects entry {supersedes}")).because(text.clone())
        }
        Event::IncidentClosed { reason } => Sentence::new(Mark::Good, "closes the incident").because(reason.clone()),
        Event::Observation { text, subject } => {
            Sentence::new(Mark::Plain, text.clone()).because(subject.clone().unwrap_or_default())
        }
        Event::RegionChanged { region, from, to, because } => {
            Sentence::new(health_mark(*to), format!("{region} is {}, was {}", to.word(), from.word()))
                .because(because.clone())
        }
        Event::ServingChanged { subject, from, to } => {
            let name = |region: &Option<RegionId>| region.as_ref().map_or("nowhere".to_owned(), ToString::to_string);
            let mark = if to.is_some() { Mark::Good } else { Mark::Bad };
            Sentence::new(mark, format!("{subject} is served by {}, was {}", name(to), name(from)))
        }
        Event::TierRecovered { tier, recovered_at } => {
            Sentence::new(Mark::Good, format!("tier {tier} recovered at {}", clock(*recovered_at)))
        }
        Event::TierRelapsed { tier } => Sentence::new(Mark::Bad, format!("tier {tier} broke again: its clock goes on")),
        Event::FenceStated { database, region, how, by } => {
            Sentence::new(Mark::Warning, format!("{database}@{region} is fenced, by statement of {by}"))
                .because(how.clone())
        }
        Event::FenceObserved { database, region, evidence, vantages, zero_loss } => {
            let seen = match vantages {
                0 | 1 => String::new(),
                vantages => format!("seen from {vantages} places"),
            };
            let lossless = if *zero_loss { "stopped cleanly: nothing can be lost" } else { "" };
            Sentence::new(Mark::Good, format!("{database}@{region} is fenced")).because(joined(&[
                evidence.clone(),
                seen,
                lossless.to_owned(),
            ]))
        }
        Event::FenceRevoked { database, region, evidence } => {
            Sentence::new(Mark::Bad, format!("{database}@{region} is NOT fenced: a write was accepted"))
                .because(evidence.clone())
        }
        _ => return None,
    })
}

fn run_sentence(state: &State, event: &Event) -> Option<Sentence> {
    let name = |run: &RunId| state.run(*run).map_or_else(|| "the run".to_owned(), |run| run.runbook.title.clone());
    Some(match event {
        Event::RunStarted { runbook_name, runbook_hash, mode, from, to, parent, .. } => {
            let way = match (from, to) {
                (Some(from), Some(to)) => format!("{from} to {to}"),
                _ => String::new(),
            };
            let part = parent.as_ref().map(|of| format!("for {}", title(state, of.run, &of.step))).unwrap_or_default();
            Sentence::new(Mark::Started, format!("starts runbook {runbook_name}, {}", mode.word())).because(joined(&[
                part,
                way,
                format!("text {}", runbook_hash.short()),
            ]))
        }
        Event::ModeChanged { run, step, mode, reason } => {
            let of = step.as_ref().map_or_else(|| name(run), |step| title(state, *run, step));
            Sentence::new(Mark::Warning, format!("changes the mode of {of} to {}", mode.word())).because(reason.clone())
        }
        Event::RunPaused { run, reason } => {
            Sentence::new(Mark::Waiting, format!("pauses {}", name(run))).because(reason.clone())
        }
        Event::RunResumed { run } => Sentence::new(Mark::Started, format!("resumes {}", name(run))),
        Event::RunAborted { run, reason } => {
            Sentence::new(Mark::Bad, format!("aborts {}", name(run))).because(reason.clone())
        }
        Event::RunFinished { run, exceptions } if exceptions.is_empty() => {
            Sentence::new(Mark::Good, format!("{} is completed", name(run)))
        }
        Event::RunFinished { run, exceptions } => {
            Sentence::new(Mark::Warning, format!("{} is completed with exceptions", name(run)))
                .because(exceptions.join("; "))
        }
        Event::ValueSet { run, name: variable, value } => {
            Sentence::new(Mark::Plain, format!("sets {variable} = {value}")).because(name(run))
        }
        Event::CaptureIntended { resolved, .. } => {
            Sentence::new(Mark::Started, format!("runs `{}`", first_line(&resolved.text)))
        }
        Event::CaptureFinished { capture, outcome } => {
            let text = state
                .captures
                .iter()
                .find(|known| known.id == *capture)
                .map_or_else(|| "the command".to_owned(), |known| format!("`{}`", first_line(&known.resolved.text)));
            finished(&text, outcome)
        }
        _ => return None,
    })
}

fn console_sentence(event: &Event) -> Sentence {
    match event {
        Event::ConsoleAttached { version, read_only } => {
            let how = if *read_only { ", read-only" } else { "" };
            Sentence::new(Mark::Plain, format!("a console joins{how}")).because(format!("version {version}"))
        }
        Event::ConsoleDetached { reason } => Sentence::new(Mark::Plain, "a console leaves").because(reason.clone()),
        Event::IdentityVerified(vouching) => {
            Sentence::new(Mark::Plain, format!("{} signs from here on", vouching.statement.person))
                .because(format!("with {}", vouching.key.fingerprint()))
        }
        Event::LogRepaired { cut_bytes, kept_as } => {
            Sentence::new(Mark::Warning, format!("an unfinished line of {cut_bytes} bytes was cut from the log"))
                .because(format!("kept as {kept_as}"))
        }
        Event::LogAdopted { from, head, seq } => {
            Sentence::new(Mark::Warning, format!("continues the log of {from} after entry {seq}"))
                .because(format!("head {}", head.short()))
        }
        Event::NotWatched { from, to } => {
            Sentence::new(Mark::Unknown, format!("nothing was watched from {} to {}", clock(*from), clock(*to)))
        }
        Event::Newer(value) => {
            let kind = value.get("type").and_then(serde_json::Value::as_str).unwrap_or("an entry without a type");
            Sentence::new(Mark::Unknown, format!("{kind}, written by a newer version"))
        }
        _ => Sentence::new(Mark::Unknown, "an entry that this version has no words for".to_owned()),
    }
}

fn finished(what: &str, outcome: &AttemptOutcome) -> Sentence {
    let took = human(outcome.duration);
    match &outcome.end {
        End::Succeeded { .. } => Sentence::new(Mark::Good, format!("{what}  {took}")).because(outcome.summary.clone()),
        End::Failed { exit, .. } => {
            let exit = exit.map(|code| format!(" with exit code {code}")).unwrap_or_default();
            Sentence::new(Mark::Bad, format!("{what} failed{exit}  {took}")).because(outcome.said().to_owned())
        }
        End::NotStarted { why } => Sentence::new(Mark::Bad, format!("{what} was not started")).because(why.clone()),
        End::TimedOut => Sentence::new(Mark::Bad, format!("{what} timed out  {took}")).because(outcome.summary.clone()),
        End::Cancelled => Sentence::new(Mark::Warning, format!("{what} was stopped  {took}")),
        End::Unknown { why } => Sentence::new(Mark::Unknown, format!("{what}: outcome unknown")).because(why.clone()),
    }
}

pub(super) fn title(state: &State, run: RunId, step: &StepId) -> String {
    let step_of = state.run(run).and_then(|run| run.runbook.step(step));
    step_of.map_or_else(|| format!("step {step}"), |step| step.title.clone())
}

fn approved(by: &Approved) -> String {
    let seat = by.seat.as_ref().map(|seat| format!(" ({seat})")).unwrap_or_default();
    let how = if by.spoken { ", as spoken" } else { "" };
    format!("{}{seat}{how}", by.by)
}

fn joined(parts: &[String]) -> String {
    parts.iter().map(String::as_str).filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("; ")
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}

const fn health_mark(health: Health) -> Mark {
    match health {
        Health::Ok => Mark::Good,
        Health::Degraded => Mark::Warning,
        Health::Down => Mark::Bad,
        Health::Stale | Health::Unknown => Mark::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ident::Hash;
    use crate::log::{BootClock, Kind};
    use crate::people::Actor;
    use crate::time::Timestamp;

    fn said(event: Event) -> Sentence {
        let entry = Entry {
            seq: 1,
            occurred_at: Timestamp::UNIX_EPOCH,
            recorded_at: Timestamp::UNIX_EPOCH,
            clock: BootClock { id: "b".to_owned(), at: Duration::ZERO },
            kind: Kind::Demo,
            actor: Actor::claimed("ana", "bastion"),
            event,
            prev: Hash::ZERO,
            signature: None,
            hash: Hash::ZERO,
        };
        entry_sentence(&State::default(), &entry)
    }

    #[test]
    fn an_entry_reads_as_a_sentence_even_when_its_run_is_not_known() {
        let skipped = said(Event::StepSkipped {
            run: RunId(ulid::Ulid::nil()),
            step: StepId::new("dns"),
            reason: "done by the provider".to_owned(),
        });
        assert_eq!(skipped.to_string(), "skips step dns: done by the provider");
        assert_eq!(skipped.mark, Mark::Warning);
    }

    #[test]
    fn a_revoked_fence_is_loud() {
        let revoked = said(Event::FenceRevoked {
            database: "orders-db".into(),
            region: "us-east-1".into(),
            evidence: "a test write returned 201".to_owned(),
        });
        assert_eq!(revoked.mark, Mark::Bad);
        assert!(revoked.text.contains("NOT fenced"));
    }

    #[test]
    fn what_a_newer_version_wrote_is_named_and_not_hidden() {
        let newer = said(Event::Newer(serde_json::json!({"type": "handoff_offered"})));
        assert_eq!((newer.mark, newer.text.as_str()), (Mark::Unknown, "handoff_offered, written by a newer version"));
    }
}
