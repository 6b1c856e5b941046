//! What a scenario asks of the estate that it is played on.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::LIMIT;
use crate::runbook::check_line::references;

/// The names that a scenario cannot be played without: those that stand in it, but for values that may be left out.
#[must_use]
pub fn needs(text: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    if text.len() <= LIMIT {
        let (file, _) = DeTable::parse_recoverable(text);
        for (_, value) in file.get_ref() {
            walk(value.get_ref(), false, &mut needed);
        }
    }
    needed
}

/// A value of a runbook's variable is left out where it is nothing but a name that the estate has nothing for.
fn walk(value: &DeValue<'_>, optional: bool, into: &mut BTreeSet<String>) {
    match value {
        DeValue::String(text) => {
            let found = references(text);
            let alone = matches!(found.as_slice(), [(0, len, _)] if *len == text.len());
            if !(alone && optional) {
                into.extend(found.into_iter().map(|(_, _, name)| name.to_owned()));
            }
        }
        DeValue::Array(items) => items.iter().for_each(|item| walk(item.get_ref(), optional, into)),
        DeValue::Table(table) => {
            for (key, value) in table {
                walk(value.get_ref(), optional || key.get_ref() == "values", into);
            }
        }
        _ => {}
    }
}
