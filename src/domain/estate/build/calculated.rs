//! Calculated checks, once every check is known: what they name exists, and none depends on itself.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::check::CheckKind;
use super::super::fields::Fields;
use super::super::model::Check;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::ident::CheckId;

/// Leaves out, with a finding, what cannot be calculated; gives the others the pace of what they are made of.
pub(super) fn calculated(file: &Fields<'_, '_>, checks: &mut Vec<Check>, report: &mut Vec<Diagnostic>) {
    let mut error = |id: &CheckId, message: String, help: String| {
        let written =
            file.list("checks").into_iter().find(|fields| fields.text("name").as_deref() == Some(id.as_str()));
        let span = written.map_or(0..0, |fields| fields.span_of("of"));
        report.push(Diagnostic::error("estate::check", span, message).help(help));
    };
    let names: BTreeSet<CheckId> = checks.iter().map(|check| check.id.clone()).collect();
    // What is written and wrong has an error of its own.
    let wrong: BTreeSet<String> = file.list("checks").iter().filter_map(|fields| fields.text("name")).collect();
    for check in checks.iter() {
        let CheckKind::Calculated(calculated) = &check.kind else { continue };
        let unknown = |name: &&CheckId| !names.contains(*name) && !wrong.contains(name.as_str());
        for missing in calculated.of.iter().filter(unknown) {
            let help = did_you_mean(missing.as_str(), names.iter().map(CheckId::as_str));
            let help =
                help.unwrap_or_else(|| "name checks as `status` shows them, such as checkout@us-east-1".to_owned());
            error(&check.id, format!("there is no check `{missing}`"), help);
        }
    }
    // What can be told from checks that are settled is settled; what is left depends on itself, or on what is missing.
    let mut settled: BTreeSet<CheckId> = BTreeSet::new();
    loop {
        let ready: Vec<(usize, Duration, Duration)> = checks
            .iter()
            .enumerate()
            .filter(|(_, check)| !settled.contains(&check.id))
            .filter_map(|(at, check)| {
                let CheckKind::Calculated(calculated) = &check.kind else {
                    return Some((at, check.interval, check.timeout));
                };
                let of: Option<Vec<&Check>> = calculated.of.iter().map(|name| one(checks, &settled, name)).collect();
                let of = of?;
                let slowest = |pace: fn(&Check) -> Duration| of.iter().map(|check| pace(check)).max();
                Some((at, slowest(|check| check.interval)?, slowest(|check| check.timeout)?))
            })
            .collect();
        if ready.is_empty() {
            break;
        }
        for (at, interval, timeout) in ready {
            checks[at].interval = interval;
            checks[at].timeout = timeout;
            settled.insert(checks[at].id.clone());
        }
    }
    let lost: BTreeSet<CheckId> = checks.iter().map(|it| it.id.clone()).filter(|id| !settled.contains(id)).collect();
    for check in checks.iter().filter(|check| lost.contains(&check.id)) {
        if let Some(through) = check.kind.made_of().iter().find(|of| depends(checks, of, &check.id)) {
            let help = format!("`{through}` is made of it: remove one of the two");
            error(&check.id, format!("`{}` depends on itself", check.id), help);
        }
    }
    checks.retain(|check| !lost.contains(&check.id));
}

/// `from` is `on`, or is made of it, directly or not.
fn depends(checks: &[Check], from: &CheckId, on: &CheckId) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(name) = open.pop() {
        if name == on {
            return true;
        }
        if seen.insert(name) {
            open.extend(
                checks.iter().find(|check| check.id == *name).map(|check| check.kind.made_of()).unwrap_or_default(),
            );
        }
    }
    false
}

fn one<'c>(checks: &'c [Check], settled: &BTreeSet<CheckId>, name: &CheckId) -> Option<&'c Check> {
    checks.iter().find(|check| check.id == *name && settled.contains(name))
}
