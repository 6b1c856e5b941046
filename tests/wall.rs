//! The wall shows what others do, and does nothing itself.

mod follows;
mod harmless;

use std::ffi::OsString;
use std::path::Path;

use crate::support::estate::Estate;
use crate::support::pty::Pty;

const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Ring the bell <!-- id: bell -->\n\n  \
                       Duration: 5m\n\n- [ ] Count heads <!-- id: heads -->\n\n  Duration: 5m\n";

fn estate(dir: &Path) -> Estate {
    Estate::bare(dir, dir.join("state"), RUNBOOK)
}

/// The words of a wall on this estate.
fn words(estate: &Estate, more: &[&str]) -> Vec<OsString> {
    let mut words = vec![crate::support::attempts::SWITCHBACK.into(), "wall".into()];
    words.extend(more.iter().map(OsString::from));
    words.extend(["--config".into(), estate.file.clone().into(), "--state".into(), estate.state.clone().into()]);
    words
}

fn wall(estate: &Estate, more: &[&str]) -> Pty {
    Pty::run(&words(estate, more), &[])
}

fn declare(estate: &Estate, title: &str) {
    estate.login("mara", &["declare", title, "--runbook", "walk"]);
}
