//! Templates of updates: whether each gives a text at every status, on the estate where there is one.

use std::path::Path;
use std::sync::Arc;

use domain::comms::{LONGEST, Templates, check};
use domain::diagnostic::Diagnostic;
use domain::estate::{Estate, parse};

use super::{Looked, counted, read};
use crate::cli::exit::plain;
use crate::runtime::templates::{ENDING, load};

/// Where no estate is in reach.
const ANY: &str = "name = \"any\"\n[regions.a]\nrole = \"primary\"\n[regions.b]\n";

pub(super) fn is_template(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

/// Among its neighbours, which it may include.
pub(super) fn look(path: &Path, estate: Option<&Estate>) -> Looked {
    let source: Arc<str> = match read(path, LONGEST) {
        Ok(source) => source,
        Err(why) => {
            let diagnostics =
                vec![Diagnostic::error("template::unreadable", 0..0, format!("cannot be read: {}", plain(&why)))];
            return Looked { source: "".into(), diagnostics, told: "nothing".to_owned() };
        }
    };
    let estate = estate.cloned().unwrap_or_else(|| parse(ANY).estate);
    let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let (beside, _) = load(&Estate { templates: vec![folder], ..Estate::default() }, Some(Path::new("")));
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let templates: Templates = beside.with(name, source.as_ref());
    let found = check(&templates, &estate).into_iter().filter(|found| found.template.as_deref() == Some(name));
    let told = counted(source.lines().count(), "line");
    Looked { diagnostics: found.map(|found| found.diagnostic).collect(), source, told }
}
