//! A document of the runbook folders, as it is looked at: its text, its steps, what is wrong with it; and of one that is
//! no runbook of this console how sure each step is, and what it would be as a runbook.

mod diff;
mod proposal;
mod walk;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity, line_column};
use crate::estate::Estate;
use crate::ident::Hash;
use crate::runbook::{self, Confidence, Import, Runbook, Step};
use crate::untrusted::{sanitise, sanitise_line};

pub use diff::{Line, Sign};
pub use proposal::{FileName, FileNameError, Proposal};
pub use walk::{NoSteps, Walked, walk};

/// What a document is to this console.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// A runbook of this console: its blocks may run.
    #[default]
    Native,
    /// Any other: it is only read. So many steps were inferred.
    Foreign { steps: usize },
    /// It is there and cannot be read: why, and what to do about it.
    Unreadable { why: String },
}

impl Standing {
    /// Of the text of a document.
    #[must_use]
    pub fn of(runbook: &Runbook) -> Self {
        if runbook.native {
            return Self::Native;
        }
        Self::Foreign { steps: runbook::import(&runbook.source, None).steps.len() }
    }
}

/// See the module. All of its text is safe to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What the library calls it.
    pub name: String,
    /// Its file, as people write it; `None` for one that ships with the program.
    pub path: Option<String>,
    pub title: String,
    pub lines: Vec<String>,
    /// Of the bytes that were read.
    pub hash: Hash,
    pub standing: Standing,
    pub steps: Vec<Listed>,
    pub findings: Vec<Finding>,
    /// Of a foreign one: what was left out, and what would be written otherwise.
    pub notes: Vec<String>,
    /// Of a foreign one, where it may be adopted.
    pub proposal: Option<Proposal>,
}

/// A step of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub phase: String,
    pub title: String,
    /// Where it begins, from 1.
    pub line: usize,
    pub basis: Basis,
    /// What it runs, or tells to run.
    pub commands: Vec<String>,
}

/// Why it is a step, or how it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Inferred, from `how`.
    Inferred { confidence: Confidence, how: &'static str },
    /// Done by a person; with the reason where it was written to run.
    ByHand { because: Option<String> },
    /// Its block is in this language.
    Runs { language: &'static str },
}

/// Something that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    pub code: &'static str,
    pub line: usize,
    pub column: usize,
    pub message: String,
    pub help: Option<String>,
}

impl Document {
    /// Reads a text of the library. Nothing is proposed yet.
    #[must_use]
    pub fn read(name: &str, path: Option<String>, source: &Arc<str>, estate: &Estate) -> Self {
        let runbook = runbook::parse(Arc::clone(source), Some(estate));
        let import = (!runbook.native).then(|| runbook::import(source, None));
        let standing = match &import {
            Some(import) => Standing::Foreign { steps: import.steps.len() },
            None => Standing::Native,
        };
        Self {
            name: name.to_owned(),
            path,
            title: runbook.title.clone(),
            lines: sanitise(source.as_bytes()).lines().map(str::to_owned).collect(),
            hash: runbook.hash(),
            standing,
            steps: import.as_ref().map_or_else(|| own_steps(&runbook), |import| inferred(source, import)),
            findings: runbook.diagnostics.iter().map(|found| Finding::of(source, found)).collect(),
            notes: import.as_ref().map(notes).unwrap_or_default(),
            proposal: None,
        }
    }

    /// The same with what it would be as a runbook, in a file that is called `file` unless a person says otherwise. Of a
    /// runbook, and of a document without steps, nothing is proposed.
    #[must_use]
    pub fn proposing(self, source: &str, file: FileName) -> Self {
        let Standing::Foreign { steps: 1.. } = self.standing else { return self };
        Self { proposal: Some(Proposal::of(source, file)), ..self }
    }

    /// How many of its findings are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|found| found.severity == Severity::Error).count()
    }
}

impl Finding {
    fn of(source: &str, found: &Diagnostic) -> Self {
        let (line, column) = line_column(source, found.span.start);
        Self {
            severity: found.severity,
            code: found.code,
            line,
            column,
            message: found.message.clone(),
            help: found.help.clone(),
        }
    }
}

fn inferred(source: &str, import: &Import) -> Vec<Listed> {
    let steps = import.steps.iter().map(|step| Listed {
        phase: sanitise_line(&step.phase),
        title: sanitise_line(&step.title),
        line: line_column(source, step.span.start).0,
        basis: Basis::Inferred { confidence: step.confidence, how: step.how },
        commands: step.commands.iter().map(sanitise).collect(),
    });
    steps.collect()
}

fn notes(import: &Import) -> Vec<String> {
    let notes = import.inferences.iter().filter(|found| found.confidence.is_none());
    notes.map(|found| sanitise_line(&found.text)).collect()
}

fn own_steps(runbook: &Runbook) -> Vec<Listed> {
    let phases = runbook.phases.iter();
    let steps =
        phases.flat_map(|phase| phase.groups.iter().flat_map(|group| &group.steps).map(move |step| (phase, step)));
    steps
        .map(|(phase, step)| Listed {
            phase: phase.title.clone(),
            title: step.title.clone(),
            line: line_column(&runbook.source, step.span.start).0,
            basis: carried_out(step),
            commands: step.run.iter().map(|block| sanitise(&block.text)).collect(),
        })
        .collect()
}

fn carried_out(step: &Step) -> Basis {
    match &step.run {
        Some(block) => Basis::Runs { language: block.lang.name() },
        None => Basis::ByHand { because: step.manual_because.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOREIGN: &str = "# Failover\n\n## Steps\n\n1. Stop writes (5m)\n\n   ```bash\n   $ systemctl stop app\n   ```\n\n2. Promote <db>\n";

    fn read(text: &str) -> Document {
        Document::read("plan", Some("runbooks/plan.md".to_owned()), &text.into(), &Estate::default())
    }

    #[test]
    fn a_foreign_document_tells_its_steps_and_how_sure_each_is() {
        let document = read(FOREIGN);
        assert_eq!(document.standing, Standing::Foreign { steps: 2 });
        let basis = Basis::Inferred { confidence: Confidence::Medium, how: "a numbered list" };
        let first = &document.steps[0];
        assert_eq!((first.title.as_str(), first.line, &first.basis), ("Stop writes", 5, &basis));
        assert_eq!(first.commands, ["systemctl stop app"]);
        assert_eq!(document.lines.len(), FOREIGN.lines().count());
        assert!(document.findings.is_empty() && document.proposal.is_none());
    }

    #[test]
    fn a_runbook_tells_its_steps_and_what_is_wrong_with_it() {
        let document = read("---\nrunbook: 1\n---\n## A\n- [ ] B\n\n  ```bash rum\n  true\n  ```\n- [ ] C\n");
        assert_eq!((&document.standing, document.errors()), (&Standing::Native, 1));
        let found = &document.findings[0];
        assert_eq!((found.code, found.line, found.column), ("runbook::role", 7, 3));
        assert_eq!(found.help.as_deref(), Some("did you mean `run`?"));
        assert!(matches!(&document.steps[0].basis, Basis::ByHand { because: Some(_) }), "{:?}", document.steps[0]);
        assert_eq!(document.steps[1].basis, Basis::ByHand { because: None });
    }

    #[test]
    fn only_what_is_foreign_and_has_steps_is_proposed_to_be_adopted() {
        let file = || FileName::beside("plan");
        assert!(read(FOREIGN).proposing(FOREIGN, file()).proposal.is_some());
        for text in ["---\nrunbook: 1\n---\n## A\n- [ ] B\n", "# Only prose\n\nand more.\n"] {
            assert!(read(text).proposing(text, file()).proposal.is_none(), "{text}");
        }
    }

    #[test]
    fn nothing_of_a_document_steers_a_terminal() {
        let text = "# A\u{1b}[31m\n\n## Steps\n\n1. do\u{202e} `ls \u{1b}]52;c;eA==\u{7}x`\n";
        let document = read(text).proposing(text, FileName::beside("plan"));
        let proposal = document.proposal.as_ref().unwrap();
        let shown = document.lines.iter().chain(proposal.lines.iter().map(|line| &line.text));
        let titles = document.steps.iter().flat_map(|step| step.commands.iter().chain([&step.title]));
        for text in shown.chain(titles).chain([&document.title]) {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
        }
    }
}
