//! Scenarios: read with the names of the estate, and held against its runbooks.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use domain::diagnostic::Diagnostic;
use domain::drill::{Shelf, fits};
use domain::estate::Estate;
use domain::runbook::{Runbook, parse as parse_runbook};
use domain::scenario::{LIMIT, names, parse};

use super::{Looked, counted, read};
use crate::cli::exit::plain;
use crate::runtime::library::Library;

/// A scenario is TOML, and nothing else that is linted is.
pub(super) fn is_scenario(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml")
}

pub(super) fn look(path: &Path, estate: Option<&Estate>, library: &Library) -> Looked {
    let text = match read(path, LIMIT) {
        Ok(text) => text,
        Err(why) => return Looked::unreadable("scenario::unreadable", &why),
    };
    let estate = estate.map(|estate| Arc::new(estate.clone()));
    let bound = estate.as_ref().map(|estate| names(estate, None, None));
    let mut parsed = parse(&text, bound.as_ref().map_or(&BTreeMap::new(), |bound| &bound.values));
    parsed.diagnostics.extend(fits(&parsed, estate.as_ref(), &Runbooks { library, estate: estate.as_deref() }));
    for lack in bound.iter().flat_map(|bound| bound.lacking(&text)) {
        let at = text.find(&format!("${}", lack.name)).unwrap_or_default();
        let message = format!("it cannot be played on this estate: {}", lack.why);
        let found = Diagnostic::warning("scenario::lacks", at..(at + lack.name.len() + 1).min(text.len()), message);
        parsed.diagnostics.push(found.help(lack.remedy.clone()));
    }
    parsed.diagnostics.sort_by_key(|found| found.span.start);
    let scenario = &parsed.scenario;
    let (injects, expected) = (scenario.injects.len(), scenario.expected.len());
    let told = format!("{}, {} expected", counted(injects, "inject"), counted(expected, "action"));
    Looked { source: text, diagnostics: parsed.diagnostics, told }
}

struct Runbooks<'l> {
    library: &'l Library,
    estate: Option<&'l Estate>,
}

impl Shelf for Runbooks<'_> {
    fn runbook(&self, name: &str) -> Option<Runbook> {
        self.library.read(name).ok().map(|text| parse_runbook(text, self.estate))
    }

    fn names(&self) -> Vec<String> {
        self.library.names()
    }
}

impl Looked {
    fn unreadable(code: &'static str, why: &io::Error) -> Self {
        let found = Diagnostic::error(code, 0..0, format!("cannot be read: {}", plain(why)));
        Self { source: Arc::from(""), diagnostics: vec![found], told: "nothing of it is known".to_owned() }
    }
}
