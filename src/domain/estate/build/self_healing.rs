//! What fails over by itself, and the promises that were made for it.

use std::time::Duration;

use super::super::check::CheckKind;
use super::super::fields::Fields;
use super::super::model::{Estate, SelfHealing};
use super::super::value;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::ident::CheckId;

/// `estate` has its checks.
pub(super) fn self_healing(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) -> Vec<SelfHealing> {
    let mut all: Vec<SelfHealing> = Vec::new();
    for fields in file.list("self_healing") {
        let (Some(name), Some(written)) = (fields.text("name"), fields.texts("watches")) else { continue };
        if all.iter().any(|known| known.name == name) {
            let message = format!("there are two [[self_healing]] `{name}`");
            report.push(
                Diagnostic::error("estate::duplicate", fields.span_of("name"), message)
                    .help("give one of them another name"),
            );
            continue;
        }
        for unknown in written.iter().filter(|check| estate.check(&CheckId::from(check.as_str())).is_none()) {
            let known = estate.checks.iter().map(|check| check.id.as_str());
            let help = did_you_mean(unknown, known)
                .unwrap_or_else(|| "write the name of a check, such as `orders-db@us-east-1`".to_owned());
            let message = format!("there is no check `{unknown}`");
            report.push(Diagnostic::error("estate::unknown-name", fields.span_of("watches"), message).help(help));
        }
        let watches: Vec<CheckId> = written.iter().map(|check| CheckId::from(check.as_str())).collect();
        let promise = fields.take("promise", value::duration).unwrap_or_else(|| usual(&watches, estate));
        all.push(SelfHealing { name, watches, promise });
    }
    all
}

/// What load balancers, pods and databases are commonly trusted to do.
fn usual(watches: &[CheckId], estate: &Estate) -> Duration {
    let kinds = watches.iter().filter_map(|check| estate.check(check)).map(|check| match check.kind {
        CheckKind::Postgres(_) | CheckKind::Patroni(_) | CheckKind::Redis(_) => 300,
        CheckKind::Kubernetes(_) => 120,
        _ => 30,
    });
    Duration::from_secs(kinds.max().unwrap_or(30))
}
