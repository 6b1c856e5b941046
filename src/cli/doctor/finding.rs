//! One line of the doctor: what was looked at, how it is, and what mends it.

use domain::readiness::Verdict;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) what: String,
    pub(super) verdict: Verdict,
    pub(super) because: String,
    pub(super) remedy: Option<String>,
}

impl Finding {
    pub(super) fn new(what: &str, verdict: Verdict, because: impl Into<String>) -> Self {
        Self { what: what.to_owned(), verdict, because: because.into(), remedy: None }
    }

    pub(super) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}
