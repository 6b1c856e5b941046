//! A form's answers, as what is asked of the session.

use std::collections::BTreeMap;

use domain::console::{Declaration, Request};
use domain::document::FileName;
use domain::engine::{Command, ExerciseAct};
use domain::ident::{AlertKey, InjectId, PersonId};
use domain::log::Firing;
use domain::time::{at_offset, parse_duration};

use super::alerts::NOW;
use super::answers::{self, NONE};
use crate::model::{Form, Model, Purpose};

/// The field that is wrong, and how.
type Problem = (&'static str, String);

/// The request, and what to say when it is refused.
pub(super) fn request(model: &Model, form: &Form) -> Result<(Request, &'static str), Problem> {
    if let Some(empty) = form.fields.iter().find(|field| field.required && field.value.text().trim().is_empty()) {
        return Err((empty.label, format!("{} is needed", empty.label)));
    }
    let answer = |label| form.answer(label).to_owned();
    let act = |command| Request::Act(Box::new(command));
    Ok(match form.purpose.clone() {
        Purpose::Declare => (Request::Declare(Box::new(declaration(model, form)?)), "nothing was declared"),
        Purpose::StartRun => (start_run(form)?, "the runbook was not started"),
        Purpose::ContinueLogAt => (Request::ContinueLogAt { path: answer("path") }, "the log was not continued"),
        Purpose::Tick { run, step } | Purpose::DoneByHand { run, step } => {
            (act(Command::DoneByHand { run, step, evidence: answer("evidence") }), "it was not recorded as done")
        }
        Purpose::Skip { run, step } => {
            (act(Command::Skip { run, step, reason: answer("reason") }), "the step was not skipped")
        }
        Purpose::Settle { run, step, succeeded } => {
            (act(Command::Settle { run, step, succeeded, evidence: answer("evidence") }), "the step was not settled")
        }
        Purpose::Override { run, step, guards } => {
            let guard = answer("guard");
            let seen = guards.into_iter().find(|(name, _)| *name == guard).map_or_else(String::new, |(_, seen)| seen);
            let (reason, authority) = (answer("reason"), PersonId::new(answer("authority")));
            (act(Command::OverrideGuard { run, step, guard, seen, reason, authority }), "the guard was not overridden")
        }
        Purpose::AcceptLoss { run, step, database, region, at_risk } => {
            let reason = answer("reason");
            (act(Command::AcceptLoss { run, step, database, region, at_risk, reason }), "the loss was not accepted")
        }
        Purpose::StateFence { sides } => {
            let side = answer("side");
            let named = sides.into_iter().find(|(database, region)| format!("{database}@{region}") == side);
            let Some((database, region)) = named else { return Err(("side", format!("{side} is not a server"))) };
            let (how, by) = (answer("how"), PersonId::new(answer("by")));
            (act(Command::StateFence { database, region, how, by }), "the fence was not recorded")
        }
        Purpose::Approve { run, step, digest } => {
            let by = PersonId::new(answer("by"));
            let spoken = by != model.scene.actor.name;
            (act(Command::Approve { run, step, digest, by, spoken }), "it was not approved")
        }
        Purpose::Decline { run, step, digest } => {
            let (by, reason) = (PersonId::new(answer("by")), answer("reason"));
            (act(Command::Decline { run, step, digest, by, reason }), "it was not declined")
        }
        Purpose::ChangeMode { run, step } => {
            let Some(mode) = answers::mode(form.answer("mode")) else {
                return Err(("mode", "no such mode".to_owned()));
            };
            let step = (form.answer("for") == "this step").then_some(step);
            (act(Command::ChangeMode { run, step, mode, reason: answer("reason") }), "the mode was not changed")
        }
        Purpose::SetValue { run } => {
            (act(Command::SetValue { run, name: answer("name"), value: answer("value") }), "the variable was not set")
        }
        Purpose::Abort { run } => (act(Command::Abort { run, reason: answer("reason") }), "the run was not aborted"),
        Purpose::Severity => {
            let severity = severity(form)?;
            (act(Command::ChangeSeverity { severity, reason: answer("reason") }), "the severity was not changed")
        }
        Purpose::Impact => {
            let impact_at = answers::instant(form.answer("impact"), model.now.wall).map_err(|why| ("impact", why))?;
            (act(Command::CorrectImpact { impact_at, reason: answer("reason") }), "the impact was not corrected")
        }
        Purpose::Lead(about) => super::lead::request(model, form, about)?,
        Purpose::Correct { supersedes } => {
            (act(Command::Correct { supersedes, text: answer("correction") }), "the correction was not recorded")
        }
        Purpose::Adopt { name, source } => {
            let file = FileName::read(form.answer("file")).map_err(|why| ("file", why.to_string()))?;
            (Request::Adopt { name, file: file.as_str().to_owned(), source }, "nothing was written")
        }
        Purpose::Silence { key, rule } => (silence(model, form, key, rule)?, "it was not silenced"),
        Purpose::FireInject { injects } => {
            let fire = ExerciseAct::Fire { inject: inject(form, injects)?, by: Firing::Facilitator };
            (act(Command::Exercise(Box::new(fire))), "it was not fired")
        }
        Purpose::SkipInject { injects } => {
            let skip = ExerciseAct::SkipInject { inject: inject(form, injects)?, reason: answer("reason") };
            (act(Command::Exercise(Box::new(skip))), "it was not left out")
        }
        Purpose::Rate => {
            let rated = super::score::rating(form).ok_or_else(|| ("rating", "P, S, M or U".to_owned()))?;
            let (expected, rating, comment) = rated;
            (act(Command::Exercise(Box::new(ExerciseAct::Rate { expected, rating, comment }))), "it was not rated")
        }
        Purpose::Learn { kind } => {
            let lesson = super::score::learned(form, kind)?;
            (act(Command::Exercise(Box::new(ExerciseAct::Learn(lesson)))), "it was not recorded")
        }
        Purpose::LeaveExercise => {
            let why = super::exercise::leaving(form);
            let end = ExerciseAct::End { why, text: String::new() };
            (act(Command::Exercise(Box::new(end))), "the exercise was not ended")
        }
        Purpose::Close => (act(Command::Close { reason: answer("reason") }), "the incident was not closed"),
    })
}

fn inject(form: &Form, mut injects: Vec<InjectId>) -> Result<InjectId, Problem> {
    let chosen = form.chosen("inject").filter(|at| *at < injects.len());
    chosen.map(|at| injects.swap_remove(at)).ok_or_else(|| ("inject", "no such inject".to_owned()))
}

fn silence(model: &Model, form: &Form, key: AlertKey, rule: AlertKey) -> Result<Request, Problem> {
    let of = if form.answer("what") == "this alert" { key } else { rule };
    let reason = form.answer("reason").to_owned();
    if form.answer("for") == NOW {
        return Ok(Request::Silence { of, until: None, reason });
    }
    let span = parse_duration(form.answer("for")).map_err(|why| ("for", why))?;
    if reason.is_empty() {
        return Err(("reason", "a reason is needed: it stands beside the alert".to_owned()));
    }
    Ok(Request::Silence { of, until: Some(at_offset(model.now.wall, span)), reason })
}

fn severity(form: &Form) -> Result<domain::log::Sev, Problem> {
    answers::severity(form.answer("severity")).ok_or_else(|| ("severity", "SEV1 to SEV5".to_owned()))
}

fn declaration(model: &Model, form: &Form) -> Result<Declaration, Problem> {
    let impact_at = answers::instant(form.answer("impact"), model.now.wall).map_err(|why| ("impact", why))?;
    let mode = answers::mode(form.answer("mode")).ok_or_else(|| ("mode", "planned or forced".to_owned()))?;
    let (from, to) = sides(form)?;
    Ok(Declaration {
        severity: severity(form)?,
        title: form.answer("title").to_owned(),
        impact_at,
        impact_basis: form.answer("basis").to_owned(),
        from,
        to,
        runbook: Some(form.answer("runbook")).filter(|name| *name != NONE).map(str::to_owned),
        mode,
        values: std::collections::BTreeMap::new(),
    })
}

type Sides = (Option<domain::ident::RegionId>, Option<domain::ident::RegionId>);

fn sides(form: &Form) -> Result<Sides, Problem> {
    let (from, to) = (answers::region(form.answer("from")), answers::region(form.answer("to")));
    if from.is_some() && from == to {
        return Err(("to", "from and to are the same region".to_owned()));
    }
    Ok((from, to))
}

fn start_run(form: &Form) -> Result<Request, Problem> {
    let mode = answers::mode(form.answer("mode")).ok_or_else(|| ("mode", "planned or forced".to_owned()))?;
    let (from, to) = sides(form)?;
    let runbook = form.answer("runbook").to_owned();
    Ok(Request::StartRun { runbook, mode, from, to, values: BTreeMap::new(), parent: None })
}
