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

/// `printed` is what it wrote to its standard output, `Some(None)` when that was too long to be a value; `None` of a block
/// that did not succeed, whose output is not what was asked for.
pub(crate) fn read(folder: &Path, resolved: &Resolved, printed: Option<Option<&str>>, redactor: &Redactor) -> Passed {
    let mut text = Vec::new();
    if let Ok(file) = File::open(folder.join(VALUES)) {
        let _ = file.take(LARGEST_FILE).read_to_end(&mut text);
    }
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), Some(value)));
    let out = resolved.out.as_deref().zip(printed);
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

#[cfg(test)]
mod tests {
    use domain::ident::CaptureId;

    use super::*;

    #[test]
    fn what_a_block_wrote_down_before_it_failed_is_known_to_its_undo() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(VALUES), "SNAP=snap-1\n").unwrap();
        let resolved = Resolved {
            out: Some("WHERE".to_owned()),
            may_set: vec!["SNAP".to_owned()],
            ..Resolved::captured(CaptureId(1.into()), String::new())
        };
        let taken = |printed| {
            let passed = read(folder.path(), &resolved, printed, &Redactor::new(Vec::<String>::new()));
            assert_eq!(passed.refused, Vec::<String>::new());
            passed.values.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
        };
        assert_eq!(taken(Some(Some("west"))), ["SNAP=snap-1", "WHERE=west"]);
        assert_eq!(taken(None), ["SNAP=snap-1"], "what a failure printed is not what was asked for");
    }
}
