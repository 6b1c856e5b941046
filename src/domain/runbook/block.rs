//! What may not stand in a block that runs, whatever its language; and the names of the estate in it.

use std::ops::Range;

use super::check_line::{check_line, references, significant};
use super::front_matter::Findings;
use super::model::{Block, CheckLine, Lang, Runbook, Target, Variable, VariableKind};
use super::outline::Fence;
use super::world_line::world_line;
use super::{WorldLine, leftover, script, unicode, variables};
use crate::diagnostic::did_you_mean;
use crate::estate::Estate;
use crate::ident::{BackupId, CheckId, DatabaseId, RegionId, ServiceId};

type Wrong = (String, Option<String>);

/// Checks the text of a block that is not merely expected output.
pub(super) fn check(
    block: &Block,
    fence: &Fence,
    place: &Range<usize>,
    on: Option<&Target>,
    runbook: &Runbook,
    findings: &mut Findings<'_>,
) {
    let (vars, pass_env) = (runbook.vars.as_slice(), runbook.pass_env.as_slice());
    if block.text.trim().is_empty() {
        findings.error("runbook::empty-block", place, "this block is empty", None);
    }
    if let Some(name) = &block.out
        && !vars.iter().any(|var| var.name == *name && !matches!(var.kind, VariableKind::Secret { .. }))
    {
        let message = format!("`out={name}` names no variable that can be filled");
        findings.error("runbook::undeclared", place, message, variables::nearest(name, vars));
    }
    if block.lang == Lang::Sql && on.is_none() {
        let help = "add `On: DATABASE@$TO` to the step, above the block".to_owned();
        findings.error(
            "runbook::no-target",
            place,
            "an sql block needs to know where: its step has no `On`",
            Some(help),
        );
    }
    invisible(fence, findings);
    leftover::check(block.lang, fence, findings);
    match block.lang {
        Lang::Check | Lang::World => lines(block, fence, vars, findings),
        Lang::Bash | Lang::Sh => script::shell(fence, vars, pass_env, findings),
        Lang::Sql => script::sql(fence, vars, findings),
        Lang::Http => script::http(fence, vars, findings),
        Lang::Route53 => script::route53(fence, vars, findings),
        Lang::Text => {}
    }
}

/// What is read here has to be what runs.
fn invisible(fence: &Fence, findings: &mut Findings<'_>) {
    let hidden = |(_, c): &(usize, char)| *c == '\r' || unicode::hidden(*c);
    for (at, c) in fence.text.char_indices().filter(hidden) {
        if findings.full() {
            return;
        }
        let place = fence.source(at..at + c.len_utf8());
        unicode::report_hidden(c, &place, "what is read here is not what would run", findings);
    }
}

/// Lines of `check` and `world` blocks.
fn lines(block: &Block, fence: &Fence, vars: &[Variable], findings: &mut Findings<'_>) {
    let mut said = false;
    for (at, line) in significant(&block.text) {
        said = true;
        if findings.full() {
            return;
        }
        let place = fence.source(at..at + line.len());
        let mut shown = String::new();
        let mut from = 0;
        for (start, len, name) in references(line) {
            if findings.full() {
                return;
            }
            if !variables::known(name, vars) {
                let message = format!("`${name}` is not declared");
                findings.error("runbook::undeclared", &place, message, variables::nearest(name, vars));
            }
            shown.push_str(&line[from..start]);
            shown.push_str(&stand_in(name, line[start + len..].starts_with('@'), vars));
            from = start + len;
        }
        shown.push_str(&line[from..]);
        let problem = if block.lang == Lang::Check {
            check_line(&shown).map_err(|why| (why, None)).and_then(|line| check_names(&line, findings.estate))
        } else {
            world_line(&shown).map_err(|why| (why, None)).and_then(|line| world_names(&line, findings.estate))
        };
        if let Err((message, help)) = problem {
            let code = if help.is_some() { "runbook::unknown-name" } else { "runbook::check-line" };
            findings.error(code, &place, message, help);
        }
    }
    if !said && !block.text.trim().is_empty() {
        findings.error("runbook::empty-block", &fence.source(0..1), "this block says nothing", None);
    }
}

/// A text of the right shape for a variable whose value is not known yet; the `$` in it says that it is one.
fn stand_in(name: &str, region_follows: bool, vars: &[Variable]) -> String {
    match vars.iter().find(|var| var.name == name).map(|var| &var.kind) {
        Some(VariableKind::Duration) => "1s".to_owned(),
        Some(VariableKind::Db) if !region_follows => format!("${name}@${name}"),
        _ => format!("${name}"),
    }
}

fn check_names(line: &CheckLine, estate: Option<&Estate>) -> Result<(), Wrong> {
    let Some(estate) = estate else { return Ok(()) };
    match line {
        CheckLine::Is { name, .. } => entity(name, estate),
        CheckLine::Lag { database, region, .. }
        | CheckLine::Loss { database, region, .. }
        | CheckLine::Fenced { database, region } => server(database, region, estate),
        CheckLine::Backup { name, .. } => backup(name, estate),
        CheckLine::Serving { name, region: at } if name == "all" => region(at, estate),
        CheckLine::Serving { name, region: at } => entity(name, estate).and_then(|()| region(at, estate)),
    }
}

impl WorldLine {
    /// Whether everything that it names is in the estate.
    ///
    /// # Errors
    /// What is not, with what may have been meant.
    pub fn names_in(&self, estate: &Estate) -> Result<(), String> {
        world_names(self, Some(estate)).map_err(|(why, help)| match help {
            Some(help) => format!("{why}: {help}"),
            None => why,
        })
    }
}

fn world_names(line: &WorldLine, estate: Option<&Estate>) -> Result<(), Wrong> {
    let Some(estate) = estate else { return Ok(()) };
    match line {
        WorldLine::Promote { database, region }
        | WorldLine::Fence { database, region }
        | WorldLine::Unfence { database, region }
        | WorldLine::Replication { database, region, .. }
        | WorldLine::Lag { database, region, .. } => server(database, region, estate),
        WorldLine::Corrupt { database: of } | WorldLine::Recover { database: of } => database(of, estate),
        WorldLine::Serve { name, region: at } if name == "all" => region(at, estate),
        WorldLine::Serve { name, region: at } => entity(name, estate).and_then(|()| region(at, estate)),
        WorldLine::Load { name, .. } | WorldLine::Heal { name, region: None } if name == "all" => Ok(()),
        WorldLine::Load { name, .. } | WorldLine::Certificate { name, .. } => entity(name, estate),
        WorldLine::Heal { name, region: None } if backup(&BackupId::new(name.as_str()), estate).is_ok() => Ok(()),
        WorldLine::Health { name, region: at, .. }
        | WorldLine::Errors { name, region: at, .. }
        | WorldLine::Flap { name, region: at, .. }
        | WorldLine::Slow { name, region: at, .. }
        | WorldLine::Scale { name, region: at, .. }
        | WorldLine::Heal { name, region: at } => {
            let whole = at.as_ref().map_or_else(|| name.clone(), |at| format!("{name}@{at}"));
            entity(&whole, estate)
        }
        WorldLine::Lose { region: at } => region(at, estate),
        WorldLine::Control { region: at, .. } => at.as_ref().map_or(Ok(()), |at| region(at, estate)),
        WorldLine::Backup { name } | WorldLine::BackupFails { name } | WorldLine::Restored { name } => {
            backup(name, estate)
        }
    }
}

/// A name as it stands in `On:` and in check lines: a region, service, database or check, or one of these `@REGION`.
pub(super) fn entity(text: &str, estate: &Estate) -> Result<(), Wrong> {
    if text.contains('$') && !text.contains('@') || estate.check(&CheckId::new(text)).is_some() {
        return Ok(());
    }
    let (name, at) = text.split_once('@').map_or((text, None), |(name, at)| (name, Some(RegionId::new(at))));
    if let Some(database) = estate.database(&DatabaseId::new(name)) {
        return at.map_or(Ok(()), |at| server(&database.id, &at, estate));
    }
    let checks_there = estate.checks.iter().any(|check| check.id.as_str().split('@').next() == Some(name));
    let known = name.contains('$')
        || estate.aws_account(name).is_some()
        || estate.service(&ServiceId::new(name)).is_some()
        || estate.region(&RegionId::new(name)).is_some()
        || checks_there;
    if known {
        return at.map_or(Ok(()), |at| region(&at, estate));
    }
    let regions = estate.regions.iter().map(|region| region.id.as_str());
    let services = estate.services.iter().map(|service| service.id.as_str());
    let databases = estate.databases.iter().map(|database| database.id.as_str());
    let checks = estate.checks.iter().map(|check| check.id.as_str());
    let accounts = estate.aws.iter().map(|account| account.name.as_str());
    let help = did_you_mean(name, regions.chain(services).chain(databases).chain(checks).chain(accounts));
    Err((format!("`{name}` is nothing of the estate"), help.or_else(|| Some(only(estate)))))
}

fn only(estate: &Estate) -> String {
    let names: Vec<&str> = estate
        .services
        .iter()
        .map(|service| service.id.as_str())
        .chain(estate.databases.iter().map(|database| database.id.as_str()))
        .chain(estate.regions.iter().map(|region| region.id.as_str()))
        .take(12)
        .collect();
    format!("it has {}", names.join(", "))
}

fn region(at: &RegionId, estate: &Estate) -> Result<(), Wrong> {
    if at.as_str().contains('$') || estate.region(at).is_some() {
        return Ok(());
    }
    let regions: Vec<&str> = estate.regions.iter().map(|region| region.id.as_str()).collect();
    let help =
        did_you_mean(at.as_str(), regions.iter().copied()).unwrap_or_else(|| format!("it has {}", regions.join(", ")));
    Err((format!("the estate has no region `{at}`"), Some(help)))
}

fn server(database: &DatabaseId, at: &RegionId, estate: &Estate) -> Result<(), Wrong> {
    if database.as_str().contains('$') {
        return region(at, estate);
    }
    let Some(known) = estate.database(database) else { return self::database(database, estate) };
    region(at, estate)?;
    if at.as_str().contains('$') || known.servers.contains_key(at) {
        return Ok(());
    }
    let places: Vec<&str> = known.servers.keys().map(RegionId::as_str).collect();
    Err((format!("`{database}` has no server in `{at}`"), Some(format!("it has one in {}", places.join(", ")))))
}

fn database(name: &DatabaseId, estate: &Estate) -> Result<(), Wrong> {
    if name.as_str().contains('$') || estate.database(name).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = estate.databases.iter().map(|database| database.id.as_str()).collect();
    let help =
        did_you_mean(name.as_str(), names.iter().copied()).unwrap_or_else(|| format!("it has {}", names.join(", ")));
    Err((format!("the estate has no database `{name}`"), Some(help)))
}

fn backup(name: &BackupId, estate: &Estate) -> Result<(), Wrong> {
    if name.as_str().contains('$') || estate.backups.iter().any(|backup| backup.id == *name) {
        return Ok(());
    }
    let names: Vec<&str> = estate.backups.iter().map(|backup| backup.id.as_str()).collect();
    let help =
        did_you_mean(name.as_str(), names.iter().copied()).unwrap_or_else(|| format!("it has {}", names.join(", ")));
    Err((format!("the estate has no backup `{name}`"), Some(help)))
}
