//! Forms, filled in: what is known stands in them, so that Enter alone is usually enough.

use domain::console::RunbookEntry;
use domain::document::Standing;
use domain::engine::{APPROVAL_GUARD, ApprovalState, Run, RunState, StepState};
use domain::execution::{GuardVerdict, Part};
use domain::log::Mode;
use domain::objective::{Row, rows};
use domain::people::{Person, Seat};
use domain::runbook::{RunbookKind, Step};
use domain::time::clock;

use super::answers::{self, NONE};
use super::outlook::{Outlook, outage};
use crate::action::{Id, approval_missing};
use crate::model::{Editor, EditorFor, Form, FormField, Model, Purpose, loss_guard};

/// How an old side is isolated, as it is usually said.
const ISOLATED: [&str; 5] = [
    "instances stopped",
    "security group closed",
    "power off",
    "provider confirms the region is isolated",
    "database stopped and disabled",
];

/// The form an action opens; `None` when what it is about is gone.
pub(super) fn form(model: &Model, id: Id) -> Option<Form> {
    match id {
        Id::Declare => Some(declare(model)),
        Id::StartRun => Some(start_run(model)),
        Id::Severity => Some(severity(model)),
        Id::Impact => impact(model),
        Id::Propose | Id::AddTask | Id::Role | Id::Status | Id::LateNote | Id::HandOver => super::lead::form(model, id),
        Id::FireInject | Id::SkipInject => super::facilitator::form(model, id, None),
        Id::Rate | Id::AddStrength | Id::AddImprovement | Id::AddAction => super::score::form(model, id, None),
        Id::Quit => Some(super::exercise::leave()),
        Id::Close => Some(Form::new(Purpose::Close, still_open(model), vec![reason()])),
        Id::ContinueLog => {
            let path = FormField::text("path", "", true);
            Some(Form::new(Purpose::ContinueLogAt, Vec::new(), vec![path]))
        }
        Id::StateFence => fence(model),
        Id::Correct => correct(model),
        Id::SetValue => variable(model),
        Id::Abort => {
            let run = model.run()?;
            Some(Form::new(Purpose::Abort { run: run.id }, vec![run.runbook.title.clone()], vec![reason()]))
        }
        _ => of_step(model, id),
    }
}

/// What closing leaves behind: runs without an end, and tiers that nobody saw recover.
fn still_open(model: &Model) -> Vec<String> {
    let runs = model.state.runs.iter().filter(|run| run.ended_at.is_none()).map(|run| {
        let left = run.remaining().count();
        if run.state == RunState::WatchingHold {
            return format!(
                "{} is done, and still watched: closed now, nobody sees whether it holds.",
                run.runbook.title
            );
        }
        let steps = if left == 1 { "step is" } else { "steps are" };
        format!("{} is not ended: {left} {steps} left.", run.runbook.title)
    });
    let (Some(incident), Some(status)) = (&model.state.incident, &model.status) else { return runs.collect() };
    let targets = rows(&incident.estate, Some(&model.state), status, &model.learned, model.now.wall);
    let open = |target: &Row| target.tier.is_some() && target.clock.is_some_and(|clock| clock.stopped_at.is_none());
    let tiers: Vec<_> = targets.into_iter().filter(open).map(|target| target.name).collect();
    let verb = if tiers.len() == 1 { "has" } else { "have" };
    let unseen = format!("{} {verb} not been seen to recover: closed now, that stays unknown.", tiers.join(", "));
    runs.chain((!tiers.is_empty()).then_some(unseen)).collect()
}

fn reason() -> FormField {
    FormField::text("reason", "", true)
}

fn of_step(model: &Model, id: Id) -> Option<Form> {
    let (run, step) = model.step()?;
    let (run_id, step_id) = (run.id, step.id.clone());
    let about = vec![step.title.clone()];
    let evidence = |required| vec![FormField::text("evidence", "", required)];
    Some(match id {
        Id::Tick => Form::new(Purpose::Tick { run: run_id, step: step_id }, about, evidence(false)),
        Id::Skip => Form::new(Purpose::Skip { run: run_id, step: step_id }, about, vec![reason()]),
        Id::DoneByHand => Form::new(Purpose::DoneByHand { run: run_id, step: step_id }, about, evidence(true)),
        Id::SettleSucceeded | Id::SettleFailed => {
            let succeeded = id == Id::SettleSucceeded;
            Form::new(Purpose::Settle { run: run_id, step: step_id, succeeded }, about, evidence(true))
        }
        Id::Decline => {
            let digest = run.record(&step.id).approval.as_ref()?.digest;
            Form::new(Purpose::Decline { run: run_id, step: step_id, digest }, about, vec![by(model), reason()])
        }
        Id::Mode => mode(run, step),
        Id::Override => override_guard(model, run, step)?,
        Id::AcceptLoss => accept_loss(model, run, step)?,
        _ => return None,
    })
}

/// Who says so: oneself, or somebody whose word is being written down.
fn by(model: &Model) -> FormField {
    let me = model.scene.actor.name.to_string();
    let others = model.scene.estate.people.iter().map(|person| person.name.to_string());
    let mut names = vec![me.clone()];
    names.extend(others.filter(|name| *name != me));
    FormField::suggest("by", me, names)
}

/// Answered by oneself, unless oneself asked: a second name is needed then, first those who hold the seat.
pub(super) fn approval(model: &Model, purpose: Purpose, about: Vec<String>, asked: &ApprovalState) -> Form {
    let me = &model.scene.actor.name;
    let holds = |person: &&Person| match &asked.seat {
        Seat::Role(role) => person.roles.contains(role),
        Seat::Person(name) => person.name == *name,
    };
    let people = || model.scene.estate.people.iter();
    let mut names: Vec<String> = people().filter(holds).map(|person| person.name.to_string()).collect();
    names.extend(people().filter(|person| !holds(person)).map(|person| person.name.to_string()));
    if !names.contains(&me.to_string()) {
        names.insert(0, me.to_string());
    }
    names.retain(|name| *name != asked.asked_by.as_str());
    let first = if asked.asked_by == *me { names.first().cloned().unwrap_or_default() } else { me.to_string() };
    Form::new(purpose, about, vec![FormField::suggest("by", first, names)])
}

fn override_guard(model: &Model, run: &Run, step: &Step) -> Option<Form> {
    let prepared = model.prepared_for(run.id, &step.id, Part::Run)?;
    let in_the_way = prepared.guards.iter().filter(|guard| !guard.verdict.lets_through());
    let mut guards: Vec<_> = in_the_way.map(|guard| (guard.name.clone(), guard.seen.clone())).collect();
    if approval_missing(model, run, step) {
        guards.push((APPROVAL_GUARD.to_owned(), "not given".to_owned()));
    }
    let names: Vec<_> = guards.iter().map(|(name, _)| name.clone()).collect();
    let mut about = vec![step.title.clone()];
    about.extend(guards.iter().map(|(name, seen)| format!("{name}: {seen}")));
    let guard = FormField::choice("guard", names.first()?.clone(), names);
    let authority = FormField { label: "authority", ..by(model) };
    let purpose = Purpose::Override { run: run.id, step: step.id.clone(), guards };
    let mut form = Form::new(purpose, about, vec![guard, reason(), authority]);
    form.focus = 1;
    Some(form)
}

fn accept_loss(model: &Model, run: &Run, step: &Step) -> Option<Form> {
    let prepared = model.prepared_for(run.id, &step.id, Part::Run)?;
    let asking = prepared.guards.iter().filter(|guard| guard.verdict == GuardVerdict::Ask);
    let (guard, (database, region)) = asking.filter_map(|guard| Some((guard, loss_guard(guard)?))).next()?;
    let at_risk = prepared.at_risk.get(&database).cloned();
    let mut about = vec![step.title.clone(), format!("{}: {}", guard.name, guard.seen)];
    about.extend(at_risk.as_ref().map(|at_risk| format!("{} — {}", at_risk.interval(), at_risk.basis)));
    let purpose = Purpose::AcceptLoss { run: run.id, step: step.id.clone(), database, region, at_risk };
    Some(Form::new(purpose, about, vec![reason()]))
}

/// For the step when it is open, else for the run; the other mode stands in it.
fn mode(run: &Run, step: &Step) -> Form {
    let other = if run.mode_of(&step.id) == Mode::Forced { Mode::Planned } else { Mode::Forced };
    let scopes = vec!["the run".to_owned(), "this step".to_owned()];
    let held = matches!(run.step_state(&step.id), StepState::Failed | StepState::Unknown);
    let scope = scopes[usize::from(held)].clone();
    let fields = vec![
        FormField::choice("mode", other.word(), answers::modes()),
        FormField::choice("for", scope, scopes),
        FormField::text("reason", "", false),
    ];
    let about = vec![format!("{}: {} now", run.runbook.title, run.mode.word()), step.title.clone()];
    let mut form = Form::new(Purpose::ChangeMode { run: run.id, step: step.id.clone() }, about, fields);
    form.focus = 2;
    form
}

fn severity(model: &Model) -> Form {
    let now = model.state.open().map_or_else(String::new, |incident| incident.severity.to_string());
    Form::new(Purpose::Severity, Vec::new(), vec![FormField::choice("severity", now, answers::severities()), reason()])
}

fn impact(model: &Model) -> Option<Form> {
    let incident = model.state.open()?;
    let at = FormField::text("impact", format!("{:.0}", incident.impact_at), true);
    let about = vec![format!("now {} ({})", clock(incident.impact_at), incident.impact_basis)];
    Some(Form::new(Purpose::Impact, about, vec![at, reason()]))
}

fn correct(model: &Model) -> Option<Form> {
    let rows = model.ui.log.rows(&model.state);
    let seq = rows.get(model.ui.log.position(&rows))?.seq;
    let text = FormField::text("correction", "", true);
    Some(Form::new(Purpose::Correct { supersedes: seq }, vec![format!("entry {seq}")], vec![text]))
}

fn variable(model: &Model) -> Option<Form> {
    let run = model.run()?;
    let secret = |kind: &domain::runbook::VariableKind| matches!(kind, domain::runbook::VariableKind::Secret { .. });
    let vars = run.runbook.vars.iter().filter(|var| !secret(&var.kind));
    let names: Vec<String> = vars.map(|var| var.name.clone()).collect();
    // The one whose missing value keeps the step in focus from being resolved, if that is why.
    let missing = model.prepared.as_ref().and_then(|prepared| prepared.resolved.as_ref().err());
    let wanted = names.iter().find(|name| missing.is_some_and(|why| why.contains(name.as_str())));
    let first = wanted.or_else(|| names.first())?.clone();
    let about = names.iter().map(|name| format!("{name} = {}", run.values.get(name).map_or("", String::as_str)));
    let fields = vec![FormField::choice("name", first, names.clone()), FormField::text("value", "", false)];
    let mut form = Form::new(Purpose::SetValue { run: run.id }, about.collect(), fields);
    form.focus = 1;
    Some(form)
}

/// Sides that may have to be isolated: where the incident fails over from first.
fn fence(model: &Model) -> Option<Form> {
    let from = model.run().and_then(|run| run.from.clone()).or_else(|| model.state.open()?.from.clone());
    let databases = model.scene.estate.databases.iter();
    let mut sides: Vec<_> =
        databases.flat_map(|db| db.servers.keys().map(|region| (db.id.clone(), region.clone()))).collect();
    sides.sort_by_key(|(_, region)| Some(region) != from.as_ref());
    let names: Vec<String> = sides.iter().map(|(database, region)| format!("{database}@{region}")).collect();
    let fields = vec![
        FormField::choice("side", names.first()?.clone(), names),
        FormField::suggest("how", "", ISOLATED.map(str::to_owned).to_vec()),
        by(model),
    ];
    let mut form = Form::new(Purpose::StateFence { sides }, Vec::new(), fields);
    form.focus = 1;
    Some(form)
}

fn regions(model: &Model) -> Vec<String> {
    let mut names: Vec<String> = model.scene.estate.regions.iter().map(|region| region.id.to_string()).collect();
    names.push(NONE.to_owned());
    names
}

fn region_field(label: &'static str, region: Option<String>, model: &Model) -> FormField {
    FormField::choice(label, region.unwrap_or_else(|| NONE.to_owned()), regions(model))
}

fn runbook_field(model: &Model, wanted: RunbookKind, none: bool) -> FormField {
    let all = &model.scene.runbooks;
    let regional = |runbook: &&RunbookEntry| runbook.title.to_lowercase().contains("region");
    let of_kind = || all.iter().filter(|runbook| runbook.kind == wanted && runbook.standing == Standing::Native);
    // What is left is a region: a runbook that says so comes before one about a database.
    let first = of_kind().find(regional).or_else(|| of_kind().next()).or_else(|| all.first());
    let mut names: Vec<String> = all.iter().map(|runbook| runbook.name.clone()).collect();
    if none {
        names.push(NONE.to_owned());
    }
    let name = first.map_or_else(|| NONE.to_owned(), |runbook| runbook.name.clone());
    FormField::choice("runbook", name, names)
}

pub(super) fn declare(model: &Model) -> Form {
    let outlook = Outlook::of(model);
    let down = outlook.down();
    let (impact, basis) = down
        .and_then(outage)
        .map_or_else(|| ("now".to_owned(), "as declared".to_owned()), |(at, basis)| (format!("{at:.0}"), basis));
    let title = down.map_or_else(|| "Regional failover".to_owned(), |from| format!("{} is down", from.name));
    let mode = if outlook.answers() { Mode::Planned } else { Mode::Forced };
    let fields = vec![
        FormField::choice("severity", if down.is_some() { "SEV1" } else { "SEV2" }, answers::severities()),
        FormField::text("title", title, true),
        FormField::text("impact", impact, true),
        FormField::text("basis", basis, true),
        region_field("from", outlook.from.map(|from| from.to_string()), model),
        region_field("to", outlook.to.map(|to| to.to_string()), model),
        runbook_field(model, RunbookKind::Failover, true),
        FormField::choice("mode", mode.word(), answers::modes()),
    ];
    Form::new(Purpose::Declare, outlook.because, fields)
}

fn start_run(model: &Model) -> Form {
    let incident = model.state.open();
    let from = incident.and_then(|incident| incident.from.as_ref()).map(ToString::to_string);
    let to = incident.and_then(|incident| incident.to.as_ref()).map(ToString::to_string);
    let fields = vec![
        runbook_field(model, RunbookKind::Failover, false),
        region_field("from", from, model),
        region_field("to", to, model),
        FormField::choice("mode", Mode::Forced.word(), answers::modes()),
    ];
    Form::new(Purpose::StartRun, Vec::new(), fields)
}

/// The recommendation as a decision's text.
pub(super) fn decision(model: &Model) -> Editor {
    let outlook = Outlook::of(model);
    let incident = model.state.open();
    let from = incident.and_then(|incident| incident.from.clone()).or(outlook.from);
    let to = incident.and_then(|incident| incident.to.clone()).or(outlook.to);
    let (text, failover) = match (from, to) {
        (Some(from), Some(to)) if incident.is_some_and(|incident| incident.decided_at.is_none()) => {
            // Reasons not to fail over are none for doing it.
            let recommended = model.status.as_ref().is_some_and(|status| status.recommendation.failover);
            let because = if recommended { format!(": {}", outlook.because.join("; ")) } else { String::new() };
            (format!("Fail over from {from} to {to}{because}"), true)
        }
        _ => (String::new(), false),
    };
    Editor::new(EditorFor::Decide { failover }, &text)
}
