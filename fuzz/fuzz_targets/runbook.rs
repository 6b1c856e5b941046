//! Whatever a runbook's text is: reading it ends, its findings stand inside it, and of no other document anything runs.

#![no_main]

use std::sync::LazyLock;

use domain::estate::Estate;
use domain::runbook::parse;
use libfuzzer_sys::fuzz_target;

static ESTATE: LazyLock<std::sync::Arc<Estate>> = LazyLock::new(domain::drill::demo_estate);

fuzz_target!(|text: &str| {
    let runbook = parse(text.into(), Some(&ESTATE));
    for found in &runbook.diagnostics {
        assert!(found.span.start <= found.span.end && found.span.end <= text.len(), "{found:?}");
    }
    assert!(runbook.native || runbook.steps().all(|step| step.run.is_none() && step.child.is_none()));
    assert!(runbook.steps().all(|step| !(step.run.is_some() && step.manual_because.is_some())));
});
