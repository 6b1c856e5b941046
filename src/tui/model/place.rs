//! Where the person stands, from the panel in focus inwards: each esc goes one of these back.

use domain::engine::Run;

use super::{EditorFor, LeadView, Model, Overlay, Panel};

impl Model {
    /// The panel, the runs that lie around the one in front, what narrows it, and what lies over it. Empty while one esc,
    /// or none, leads back to the bridge as it was: nobody is lost there.
    #[must_use]
    pub fn crumbs(&self) -> Vec<String> {
        let ui = &self.ui;
        let panel = match ui.focus {
            // It stands where the checklist will be.
            Panel::Checklist if self.run().is_none() => "Readiness",
            panel => panel.title(),
        };
        let mut crumbs = vec![panel.to_owned()];
        if ui.focus == Panel::Checklist {
            crumbs.extend(self.runs_around().into_iter().map(|run| run.runbook.title.clone()));
        }
        let filter = match ui.focus {
            Panel::Checklist => ui.checklist.text(),
            Panel::Log => ui.log.filter.text(),
            _ => "",
        };
        crumbs.extend(Some(filter).filter(|text| !text.is_empty()).map(|text| format!("/ {text}")));
        let over = ui.overlays.iter().map(Overlay::name);
        crumbs.extend(over);
        let nested = crumbs.len() > 2 || (crumbs.len() == 2 && ui.zoomed);
        if nested { crumbs } else { Vec::new() }
    }

    /// The run in front and those it is a part of, the outermost first; empty when it is a part of none.
    #[must_use]
    pub fn runs_around(&self) -> Vec<&Run> {
        let mut runs: Vec<&Run> = self.run().into_iter().collect();
        while let Some((parent, _)) = runs.last().and_then(|run| self.state.parent_of(run)) {
            runs.push(parent);
        }
        if runs.len() < 2 {
            return Vec::new();
        }
        runs.reverse();
        runs
    }
}

impl Overlay {
    /// What it is called where only its name has room.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Form(form) => form.purpose.title(),
            Self::Editor(editor) => match editor.purpose {
                EditorFor::Note { .. } => "Note",
                EditorFor::Decide { .. } => "Decide",
                EditorFor::EvaluatorNote { .. } => "Evaluator's note",
                EditorFor::Capture => "One-off command",
            },
            Self::Confirm(_) => "Confirm",
            Self::StepMenu(menu) => return menu.title.clone(),
            Self::Palette(_) => "Palette",
            Self::Alerts(_) => "Alerts",
            Self::AlertDetail(detail) => return detail.of.to_string(),
            Self::Lead(LeadView::Brief { .. }) => "Brief",
            Self::Lead(LeadView::Waiting(_)) => "Waiting",
            Self::Lead(LeadView::Proposals(_)) => "Proposals",
            Self::Lead(LeadView::Tasks(_)) => "Tasks",
            Self::Lead(LeadView::Offered(_)) => "Command",
            Self::Comms(_) => "Comms",
            Self::UpdateHistory(told) => return told.of.to_string(),
            Self::Drafting(_) => "Update",
            Self::Outbox(_) => "Updates",
            Self::Runbooks(_) => "Runbooks",
            Self::Document(view) => return view.document.name.clone(),
            Self::Readiness(_) => "Readiness",
            Self::ReadinessDetail(row) => return row.of.name.clone(),
            Self::Delivered(_) => "Message",
            Self::Messages(_) => "Messages",
            Self::Facilitator(_) => "Facilitator",
            Self::FacilitatorDetail(_) => "Details",
            Self::Score(_) => "Score",
            Self::Help(_) => "Help",
            Self::EntryDetail(entry) => return format!("entry {}", entry.of),
            Self::StepDetail(detail) => return detail.of.1.to_string(),
            Self::Message(message) => return message.of.title.clone(),
        }
        .to_owned()
    }
}
