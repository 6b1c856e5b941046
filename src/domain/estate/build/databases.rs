//! Databases: a server per region, and how a fence is proved.

use std::time::Duration;

use toml::de::DeValue;

use super::super::fields::Fields;
use super::super::model::{Database, WriteTest, WriteTestHow};
use super::super::value;
use crate::diagnostic::Diagnostic;
use crate::ident::RegionId;

pub(super) fn databases(file: &Fields<'_, '_>, regions: &[RegionId], report: &mut Vec<Diagnostic>) -> Vec<Database> {
    let mut databases = Vec::new();
    let (usual_warning, usual_critical) = super::alerts::lag_marks(file);
    for (name, fields) in file.named("databases") {
        let warning = fields.take("lag_warning", value::duration).unwrap_or(usual_warning);
        let critical = fields.take("lag_critical", value::duration).unwrap_or(usual_critical);
        if warning > critical {
            report.push(
                Diagnostic::error(
                    "estate::lag",
                    fields.span_of("lag_warning"),
                    format!("the warning of `{name}` comes after its critical lag"),
                )
                .help("lag_warning is 1m and lag_critical 5m unless they, or [alerts.replication-lag], say otherwise"),
            );
        }
        let servers = per_region(&fields, "servers", regions, value::dsn);
        if fields.sub("servers").is_some_and(|servers| servers.table.is_empty()) {
            report.push(
                Diagnostic::error("estate::servers", fields.span_of("servers"), format!("`{name}` has no server"))
                    .help("add one line per region: us-east-1 = \"service=orders-east\""),
            );
        }
        databases.push(Database {
            id: name.into(),
            servers: servers.into_iter().collect(),
            write_test: fields
                .sub("write_test")
                .map(|tests| {
                    let tests = tests.table.keys().map(|key| key.get_ref().to_string()).filter_map(|region| {
                        let region = regions.iter().find(|known| known.as_str() == region)?.clone();
                        let test = write_test(&tests.sub(region.as_str())?, report)?;
                        Some((region, test))
                    });
                    tests.collect()
                })
                .unwrap_or_default(),
            control_data: per_region(&fields, "control_data", regions, value::argv).into_iter().collect(),
            lag_warning: warning,
            lag_critical: critical,
        });
    }
    databases
}

/// The values under `key` whose region exists.
fn per_region<T>(
    fields: &Fields<'_, '_>,
    key: &str,
    regions: &[RegionId],
    read: impl Fn(&DeValue<'_>) -> Result<T, value::Problem>,
) -> Vec<(RegionId, T)> {
    let known = |name: &str| regions.iter().find(|region| region.as_str() == name).cloned();
    let entries = fields.per_name(key).into_iter();
    entries.filter_map(|(name, value)| Some((known(name)?, read(value.get_ref()).ok()?))).collect()
}

fn write_test(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<WriteTest> {
    let mut error = |message: &str, help: &str| {
        report.push(Diagnostic::error("estate::write-test", fields.span.clone(), message).help(help));
    };
    let timeout = fields.take("timeout", value::duration).unwrap_or(Duration::from_secs(5));
    let how = match (fields.has("url"), fields.has("dsn")) {
        (true, false) => WriteTestHow::Http {
            method: fields.word("method", &["POST", "PUT", "PATCH", "DELETE"]).unwrap_or("POST").to_owned(),
            url: fields.take("url", value::url)?,
            refused_status: fields.take("refused_status", value::numbers).map_or_else(
                || vec![503],
                |numbers| numbers.into_iter().filter_map(|number| u16::try_from(number).ok()).collect(),
            ),
            refused_body: fields.text("refused_body"),
        },
        (false, true) => {
            if !fields.has("statement") {
                error("this write test has no `statement`", "add statement = \"INSERT …\"");
            }
            let usual = || ["25006", "28000", "42501", "55000"].map(str::to_owned).to_vec();
            WriteTestHow::Sql {
                dsn: fields.take("dsn", value::dsn)?,
                statement: fields.text("statement")?,
                refused_states: fields.texts("refused_states").unwrap_or_else(usual),
            }
        }
        (true, true) => {
            error("a write test goes by `url` or by `dsn`, not by both", "remove one of them");
            return None;
        }
        (false, false) => {
            error("this write test says neither `url` nor `dsn`", "add url = \"https://…\", or dsn and statement");
            return None;
        }
    };
    Some(WriteTest { how, timeout })
}
