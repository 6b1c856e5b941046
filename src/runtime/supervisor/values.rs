//! The values a block passes on: its trimmed output for `out=`, and `NAME=value` lines in `$SWITCHBACK_OUT`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::execution::Resolved;
use domain::redact::Redactor;
use domain::untrusted::sanitise;

pub(crate) const VALUES: &str = "values";
const LARGEST_FILE: u64 = 256 * 1024;
const LARGEST_VALUE: usize = 4096;

/// Values that were taken, and what was not taken with the reason.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) refused: Vec<String>,
}

/// `stdout` is `None` when it was too long to be a value.
pub(crate) fn read(folder: &Path, resolved: &Resolved, stdout: Option<&str>, redactor: &Redactor) -> Passed {
    let mut text = Vec::new();
    if let Ok(file) = File::open(folder.join(VALUES)) {
        let _ = file.take(LARGEST_FILE).read_to_end(&mut text);
    }
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), Some(value)));
    let out = resolved.out.as_deref().map(|name| (name, stdout));
    let mut passed = Passed::default();
    for (name, value) in lines.chain(out) {
        passed.take(name, value, resolved, redactor);
    }
    passed
}

impl Passed {
    fn take(&mut self, name: &str, value: Option<&str>, resolved: &Resolved, redactor: &Redactor) {
        let declared = resolved.may_set.iter().any(|may| may == name) || resolved.out.as_deref() == Some(name);
        let refusal = match value {
            _ if !declared => "is not declared in the runbook",
            Some(value) if redactor.reveals(value) => "holds a secret",
            Some(value) if value.len() <= LARGEST_VALUE => {
                self.values.insert(name.to_owned(), sanitise(value));
                return;
            }
            _ => "is too long to be a value",
        };
        self.refused.push(format!("{} {refusal}", sanitise(name)));
    }
}
