//! What is walked when a document of the library is started: a runbook as it is written, any other as a list of steps
//! that people do by hand.

use std::sync::Arc;

use crate::runbook::{Confidence, Found, import, parse};

/// The text that goes into the log, and is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    pub text: Arc<str>,
    /// Of a foreign document: that its steps were inferred, and how sure they are; for the log.
    pub inferred: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no runbook of this console, and no steps were found in it: nothing can be walked")]
pub struct NoSteps(String);

/// # Errors
/// `name` is foreign, and no steps were found in it.
pub fn walk(name: &str, source: &Arc<str>) -> Result<Walked, NoSteps> {
    if parse(Arc::clone(source), None).native {
        return Ok(Walked { text: Arc::clone(source), inferred: None });
    }
    let import = import(source, None);
    if import.steps.is_empty() {
        return Err(NoSteps(name.to_owned()));
    }
    let inferred = format!(
        "{name} is a foreign document, no runbook of this console: its steps were inferred ({}), and all of them are done \
         by hand",
        sureness(&import.steps)
    );
    Ok(Walked { text: import.text.into(), inferred: Some(inferred) })
}

/// `2 with high confidence, 1 with low`.
fn sureness(steps: &[Found]) -> String {
    let counted = [Confidence::High, Confidence::Medium, Confidence::Low].map(|confidence| {
        let count = steps.iter().filter(|step| step.confidence == confidence).count();
        (count > 0).then(|| format!("{count} with {} confidence", confidence.word()))
    });
    counted.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_document_is_walked_by_hand_and_says_so() {
        let source: Arc<str> =
            "# Plan\n\n- [ ] Stop\n\n  ```bash run\n  rm -rf /\n  ```\n\n## Failover\n\n1. Promote\n".into();
        let walked = walk("plan", &source).unwrap();
        let runbook = parse(walked.text, None);
        assert!(runbook.steps().count() > 0 && runbook.steps().all(crate::runbook::Step::manual));
        let said = walked.inferred.unwrap();
        assert!(said.starts_with("plan is a foreign document") && said.contains("1 with medium confidence"), "{said}");
    }

    #[test]
    fn a_runbook_is_walked_as_it_stands_and_prose_not_at_all() {
        let native: Arc<str> = "---\nrunbook: 1\n---\n## A\n- [ ] B\n".into();
        assert_eq!(walk("a", &native), Ok(Walked { text: Arc::clone(&native), inferred: None }));
        assert!(walk("b", &"# Only prose\n".into()).is_err());
    }
}
