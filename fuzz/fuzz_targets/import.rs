//! Whatever a document is: what import makes of it is a runbook, and nothing of that runs.

#![no_main]

use domain::runbook::{import, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let imported = import(text, None);
    let runbook = parse(imported.text.as_str().into(), None);
    assert!(runbook.native && runbook.steps().all(|step| step.run.is_none()));
});
