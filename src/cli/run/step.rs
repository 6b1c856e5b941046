//! One step: ticked, or looked at, given what only the command line can give, and executed.

use std::sync::Arc;

use domain::automatic::wants_a_person;
use domain::console::{Prepared, Request};
use domain::engine::{Command, Confirmation, Run, lines_of};
use domain::execution::{Danger, GuardResult, GuardVerdict, Part};
use domain::ident::{DatabaseId, Hash, PersonId, RegionId, StepId};
use domain::log::Mode;
use domain::runbook::{CheckLine, Step};
use domain::time::{human, since};

use super::super::typed::place;
use super::again::{Amend, HOW, WHY};
use super::driver::Driver;
use super::stop::Stop;
use crate::runtime::clock;

/// How long a guard on the console's own readings is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);
/// What a guard saw that nothing here can make up for once the primary is gone, and what helps.
const NEVER_SEEN: &str = "the primary was never seen from here";
const HAVE_SEEN: &str = ". Whether the standby belongs to it cannot be known now: keep `switchback status --watch` \
                         running here before an outage; or a person decides it, and overrides the guard in the \
                         console (`switchback`) with `o`";

impl Driver {
    /// A manual step has nobody to do it: `--yes` is what the log says of it. One that was meant to execute is not said
    /// to be done.
    pub(super) fn tick(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        if let Some(why) = &step.manual_because {
            return Err(Stop::refused(format!(
                "`{}` cannot run here: {why}; `switchback lint` says where",
                step.title
            )));
        }
        let Some(prepared) = self.looked_at(run, step) else { return Ok(()) };
        if let Some(guard) = prepared.guards.iter().find(|guard| !guard.verdict.lets_through()) {
            return self.answer_guard(run, step, &prepared, guard);
        }
        let approved = self.named_approval(step)?.map(|by| format!("; approved by {by}, as --approve says"));
        let evidence = self.args.reason.clone().unwrap_or_else(|| "unattended: nobody looked".to_owned());
        let evidence = evidence + &approved.unwrap_or_default();
        let ticked = |index: &usize| run.record(&step.id).ticks.get(index).copied().unwrap_or(false);
        let open = (0..step.substeps.len()).find(|index| !ticked(index));
        let (run, step) = (run.id, step.id.clone());
        self.request(Request::Act(Box::new(match open {
            Some(substep) => Command::TickSubstep { run, step, substep, done: true },
            None => Command::DoneByHand { run, step, evidence },
        })));
        Ok(())
    }

    /// What its guards say now; they are asked first.
    fn looked_at(&mut self, run: &Run, step: &Step) -> Option<Arc<Prepared>> {
        let known = self.prepared.clone().filter(|prepared| prepared.run == run.id && prepared.step == step.id);
        if known.is_none() {
            self.request(Request::Watch { run: run.id, step: step.id.clone(), part: Part::Run });
        }
        known.filter(|prepared| !prepared.asking)
    }

    /// Who approved a step that runs nothing of its own, and so has no text to be asked about, as the command line says.
    pub(super) fn named_approval(&self, step: &Step) -> Result<Option<&PersonId>, Stop> {
        let Some(approval) = &step.approval else { return Ok(None) };
        let named = self.approvals.iter().find(|(id, _)| *id == step.id).map(|(_, name)| name);
        named.map(Some).ok_or_else(|| {
            let why = format!("{}: {} has to approve it: --approve {}=NAME", step.title, approval.by, step.id);
            Stop::lacks(why, Amend::Approval(step.id.clone()))
        })
    }

    /// Looks at the step, brings what only the command line can bring, and executes it.
    pub(super) fn execute(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        let Some(prepared) = self.looked_at(run, step) else { return Ok(()) };
        let resolved = prepared.resolved.as_ref().map_err(|why| Stop::refused(format!("{}: {why}", step.title)))?;
        let unmet = prepared.guards.iter().find(|guard| !guard.verdict.lets_through());
        if let Some(guard) = unmet {
            return self.answer_guard(run, step, &prepared, guard);
        }
        if let Some(request) = self.approval(run, step, resolved.digest())? {
            self.request(request);
            return Ok(());
        }
        if self.waits_for_approval(run, step) {
            return Ok(());
        }
        if let Some(why) = self.due.as_ref().and_then(|_| wants_a_person(&self.state, run, step)) {
            return Err(Stop::refused(format!("{}: stops before it: {why}", step.title)));
        }
        let danger = Danger::of(step, &run.values_for(&step.id));
        if let Danger::Typed(text) = &danger
            && self.args.to.as_deref() != Some(text.as_str())
        {
            let why = format!("{}: a point of no return wants its target named: --to {text}", step.title);
            return Err(Stop::lacks(why, Amend::With("--to", Some(text.clone()))));
        }
        let confirmation = self.confirmation(run, step, &danger);
        self.once_more = false;
        let (run, step, digest) = (run.id, step.id.clone(), resolved.digest());
        self.request(Request::Execute { run, step, part: Part::Run, digest, confirmation });
        Ok(())
    }

    /// To run again what is not marked idempotent, its id is typed (`--again`), or at a point of no return its target.
    fn confirmation(&self, run: &Run, step: &Step, danger: &Danger) -> Confirmation {
        let again =
            run.attempts(&step.id, Part::Run).next().is_some() && self.args.again.as_deref() == Some(step.id.as_str());
        match danger {
            Danger::Typed(text) if again => Confirmation::Typed(text.clone()),
            Danger::Changes | Danger::ReadOnly if again => Confirmation::Typed(step.id.to_string()),
            Danger::Typed(_) | Danger::Changes | Danger::ReadOnly => Confirmation::Unattended,
        }
    }

    fn answer_guard(&mut self, run: &Run, step: &Step, prepared: &Prepared, guard: &GuardResult) -> Result<(), Stop> {
        if guard.verdict == GuardVerdict::Skip {
            let reason = format!("`{}` says that it is not needed: {}", guard.name, guard.seen);
            let (run, step) = (run.id, step.id.clone());
            self.request(Request::Act(Box::new(Command::Skip { run, step, reason })));
            return Ok(());
        }
        let remedy = if guard.seen.contains(NEVER_SEEN) { HAVE_SEEN } else { "" };
        let unmet = || format!("{}: `{}` is not met: {}{remedy}", step.title, guard.name, guard.seen);
        let line = lines_of(run, &step.id, &step.guards).find(|line| line.to_string() == guard.name);
        let stated = matches!(line, Some(CheckLine::Fenced { .. })) && self.args.fenced_by.is_some();
        let accepted = guard.verdict == GuardVerdict::Ask && self.args.accept_loss;
        let forced = run.mode_of(&step.id) == Mode::Forced;
        if line.is_some() && !accepted && !(stated && forced) && self.waits_for_readings(&step.id) {
            return Ok(());
        }
        match line {
            Some(CheckLine::Fenced { database, region }) => self.fence(database, region, &unmet()),
            Some(CheckLine::Loss { database, region, .. }) if guard.verdict == GuardVerdict::Ask => {
                if !self.args.accept_loss {
                    let how = if self.due.is_some() { "a person has to accept it" } else { "--accept-loss accepts it" };
                    return Err(Stop::Lacks(format!("{}; {how}", unmet()), self.accepting()));
                }
                self.accept(run, step, prepared, database, region);
                Ok(())
            }
            _ => Err(Stop::Refused(unmet())),
        }
    }

    /// A loss is accepted with a reason.
    fn accepting(&self) -> Vec<Amend> {
        let reason = self.args.reason.is_none().then(|| Amend::With("--reason", Some(WHY.to_owned())));
        [Some(Amend::With("--accept-loss", None)), reason].into_iter().flatten().collect()
    }

    fn fence(&mut self, database: DatabaseId, region: RegionId, unmet: &str) -> Result<(), Stop> {
        let fence = self.state.fences.get(&(database.clone(), region.clone()));
        if fence.is_some_and(|fence| fence.revoked.is_some()) {
            // What `--fenced-by` said has been seen to be untrue: a person has to look.
            return Err(Stop::lacks(unmet, Amend::Without("--fenced-by")));
        }
        let how = self.args.fenced_by.clone();
        let how = how.ok_or_else(|| {
            let person = if self.due.is_some() { "a person has to say how" } else { "--fenced-by says how" };
            Stop::lacks(format!("{unmet}; {person}"), Amend::With("--fenced-by", Some(HOW.to_owned())))
        })?;
        let by = self.scene.actor.name.clone();
        self.request(Request::Act(Box::new(Command::StateFence { database, region, how, by })));
        Ok(())
    }

    /// What the console itself reads may come true in a moment: evidence of a fence, a standby that has caught up.
    fn waits_for_readings(&mut self, step: &StepId) -> bool {
        let now = clock::boottime();
        match &self.patience {
            Some((waiting, until)) if waiting == step => now < *until,
            _ => {
                self.patience = Some((step.clone(), now + PATIENCE));
                true
            }
        }
    }

    fn accept(&mut self, run: &Run, step: &Step, prepared: &Prepared, database: DatabaseId, region: RegionId) {
        let at_risk = prepared.at_risk.get(&database).cloned();
        // Without a reason the command line was refused.
        let reason = self.args.reason.clone().unwrap_or_default();
        let (run, step) = (run.id, step.id.clone());
        self.request(Request::Act(Box::new(Command::AcceptLoss { run, step, database, region, at_risk, reason })));
    }

    /// The approval the step still needs: asked for first, then given in the name that `--approve` says, by now or once
    /// its fallback's time has come.
    fn approval(&mut self, run: &Run, step: &Step, digest: Hash) -> Result<Option<Request>, Stop> {
        let Some(approval) = &step.approval else { return Ok(None) };
        let asked = run.record(&step.id).approval.as_ref().filter(|asked| asked.digest == digest);
        if asked.is_some_and(|asked| asked.given.is_some()) {
            return Ok(None);
        }
        if let Some((by, reason)) = asked.and_then(|asked| asked.declined.as_ref()) {
            // What somebody declined meanwhile is not approved by a word that was said before.
            let how = format!("`switchback approve {}{}` once that has changed", step.id, place());
            let why = format!("{}: {by} declined: {reason}; {how}", step.title);
            return Err(Stop::lacks(why, Amend::WithoutApproval(step.id.clone())));
        }
        let by = self.approvals.iter().find(|(id, _)| *id == step.id).map(|(_, name)| name.clone());
        let by = by.ok_or_else(|| {
            // Nobody is there to say who approved what is done without a person.
            let how = if self.due.is_some() { String::new() } else { format!(": --approve {}=NAME", step.id) };
            let why = format!("{}: {} has to approve it{how}", step.title, approval.by);
            Stop::lacks(why, Amend::Approval(step.id.clone()))
        })?;
        if asked.is_some() && self.waits_for_approval(run, step) {
            return Ok(None);
        }
        let asked = asked.is_some();
        let (run, step) = (run.id, step.id.clone());
        Ok(Some(if asked {
            Request::Act(Box::new(Command::Approve { run, step, digest, by, spoken: true }))
        } else {
            Request::AskApproval { run, step }
        }))
    }

    /// An approval was asked for and not given, and the one who is named may only give it once somebody else had their
    /// time to answer.
    fn waits_for_approval(&mut self, run: &Run, step: &Step) -> bool {
        let Some(asked) = &run.record(&step.id).approval else { return false };
        let Some((seat, after)) = &asked.fallback else { return false };
        let Some((_, name)) = self.approvals.iter().find(|(id, _)| *id == step.id) else { return false };
        let open = asked.given.is_none() && asked.declined.is_none();
        let others = !self.holds(&asked.seat, name) && self.holds(seat, name);
        let waited = since(clock::now().wall, asked.asked_at);
        if !open || !others || waited >= *after {
            return false;
        }
        if self.approval_of.as_ref() != Some(&step.id) {
            let left = human(*after - waited);
            self.progress.note(&format!("{}: {} is asked first; {name} may approve in {left}", step.title, asked.seat));
            self.approval_of = Some(step.id.clone());
        }
        true
    }

    /// As the estate's list of people says; where it names nobody for a role, anybody holds it.
    fn holds(&self, seat: &domain::people::Seat, name: &domain::ident::PersonId) -> bool {
        match seat {
            domain::people::Seat::Person(person) => person == name,
            domain::people::Seat::Role(role) => {
                let mut holders =
                    self.scene.estate.people.iter().filter(|person| person.roles.contains(role)).peekable();
                holders.peek().is_none() || holders.any(|person| person.name == *name)
            }
        }
    }
}
