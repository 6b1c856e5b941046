//! Attempts for the tests of execution: an incident's folder, and blocks to run in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use domain::execution::{AttemptOutcome, Part, Resolved, ResolvedTarget};
use domain::ident::{Hash, RunId, StepId};
use domain::runbook::Lang;
use switchback::runtime::exec::{AttemptId, LiveExec, Running, Secrets};

/// The program under test.
pub(crate) const SWITCHBACK: &str = env!("CARGO_BIN_EXE_switchback");

pub(crate) fn block(text: &str) -> Resolved {
    Resolved {
        run: RunId(1.into()),
        step: StepId::from("promote"),
        part: Part::Run,
        attempt: 1,
        lang: Lang::Bash,
        text: text.to_owned(),
        target: None,
        env: BTreeMap::new(),
        secrets: BTreeMap::new(),
        timeout: Duration::from_secs(30),
        exit: vec![0],
        out: None,
        may_set: Vec::new(),
        pass_env: Vec::new(),
        idempotent: false,
        readonly: false,
        runbook: Hash::of(b"runbook"),
    }
}

pub(crate) fn database(dsn: String) -> ResolvedTarget {
    let name = "orders-db@us-west-2".to_owned();
    ResolvedTarget { name, region: None, database: None, dsn: Some(dsn), address: None, aws: None }
}

pub(crate) fn live(incident: &Path) -> LiveExec {
    LiveExec::new(incident).supervised_by(SWITCHBACK)
}

pub(crate) fn start(incident: &Path, resolved: &Resolved) -> Running {
    live(incident).start(&AttemptId::of(resolved), resolved, &Secrets::default()).unwrap()
}

pub(crate) fn perform(incident: &Path, resolved: &Resolved) -> AttemptOutcome {
    start(incident, resolved).wait()
}
