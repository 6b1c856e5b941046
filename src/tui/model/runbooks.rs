//! The runbooks and documents there are, and one of them being looked at.

use std::sync::Arc;

use domain::console::RunbookEntry;
use domain::document::{Document, Standing};

use super::{Filter, Model, Narrowed};

/// Where the person stands in the list; `None`: on the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookList {
    pub cursor: Option<String>,
    pub filter: Filter,
}

impl RunbookList {
    /// Those that pass its filter, and what is left out.
    #[must_use]
    pub fn narrowed<'a>(&self, runbooks: &'a [RunbookEntry]) -> Narrowed<&'a RunbookEntry> {
        let terms = self.filter.terms(&[]);
        let says = |runbook: &RunbookEntry| format!("{} {}", runbook.name, runbook.title);
        let unreadable = |runbook: &RunbookEntry| matches!(runbook.standing, Standing::Unreadable { .. });
        Narrowed::new(runbooks, |runbook| terms.pass_text(&says(runbook)), |runbook| unreadable(runbook))
    }

    #[must_use]
    pub fn position(&self, runbooks: &[&RunbookEntry]) -> usize {
        let here = |name: &String| runbooks.iter().position(|runbook| runbook.name == *name);
        self.cursor.as_ref().and_then(here).unwrap_or(0)
    }
}

/// What is shown of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// What is wrong with it.
    Findings,
    Steps,
    Text,
    /// What it would be as a runbook, against what it is.
    Proposal,
}

/// A document being looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentView {
    pub document: Arc<Document>,
    pub page: Page,
    /// The step under the cursor.
    pub step: usize,
    /// First line shown of the other pages.
    pub scroll: usize,
}

impl DocumentView {
    /// What is wrong with it first, if it is serious.
    #[must_use]
    pub fn new(document: Arc<Document>) -> Self {
        let page = match () {
            () if document.errors() > 0 => Page::Findings,
            () if document.steps.is_empty() => Page::Text,
            () => Page::Steps,
        };
        Self { document, page, step: 0, scroll: 0 }
    }

    /// Those that have something on them.
    #[must_use]
    pub fn pages(&self) -> Vec<Page> {
        let document = &self.document;
        let all = [
            (Page::Findings, !document.findings.is_empty()),
            (Page::Steps, !document.steps.is_empty()),
            (Page::Text, true),
            (Page::Proposal, document.proposal.is_some()),
        ];
        all.into_iter().filter_map(|(page, there)| there.then_some(page)).collect()
    }

    pub(crate) fn turn(&mut self, forward: bool) {
        let pages = self.pages();
        let at = pages.iter().position(|page| *page == self.page).unwrap_or(0);
        self.show(pages[(at + if forward { 1 } else { pages.len() - 1 }) % pages.len()]);
    }

    pub(crate) fn show(&mut self, page: Page) {
        if self.page != page {
            self.page = page;
            self.scroll = 0;
        }
    }

    pub(crate) fn move_by(&mut self, by: isize) {
        match self.page {
            Page::Steps => {
                self.step = self.step.saturating_add_signed(by).min(self.document.steps.len().saturating_sub(1));
            }
            Page::Findings | Page::Text | Page::Proposal => {
                self.scroll = self.scroll.saturating_add_signed(by).min(usize::from(u16::MAX));
            }
        }
    }
}

/// What should be seen before it is started: its errors, that its steps were inferred, that it cannot be read.
#[must_use]
pub fn needs_a_look(runbook: &RunbookEntry) -> bool {
    runbook.errors > 0 || runbook.standing != Standing::Native
}

impl Model {
    #[must_use]
    pub fn runbook(&self, name: &str) -> Option<&RunbookEntry> {
        self.scene.runbooks.iter().find(|runbook| runbook.name == name)
    }
}
