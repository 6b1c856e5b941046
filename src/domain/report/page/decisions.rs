//! What was decided, by whom.

use super::timeline::who;
use super::{Block, Section, Source, Table};
use crate::log::Event;
use crate::report::entry_sentence;

pub(super) fn section(source: &Source<'_>) -> Section {
    let mut section = Section::new("Decisions");
    let mut table = Table::new("Decisions", &[]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Who", "Decision"]);
    for entry in source.state.entries.iter().filter(|entry| is_decision(&entry.event)) {
        let mut cells = source.times(Some(entry.occurred_at));
        cells.push(who(source, entry));
        cells.push(source.said(&entry_sentence(source.state, entry).to_string()));
        table.row(cells);
    }
    if table.rows.is_empty() {
        section.say("None was recorded.");
    } else {
        section.blocks.push(Block::Table(table));
    }
    section
}

const fn is_decision(event: &Event) -> bool {
    matches!(
        event,
        Event::DecisionRecorded { .. }
            | Event::ModeChanged { .. }
            | Event::SeverityChanged { .. }
            | Event::ImpactCorrected { .. }
            | Event::CommandTaken { .. }
            | Event::RoleReleased { .. }
            | Event::SoloBegun { .. }
            | Event::HandoffOffered { .. }
            | Event::HandoffAccepted { .. }
            | Event::HandoffDeclined { .. }
            | Event::DecisionProposed { .. }
            | Event::ObjectionRaised { .. }
            | Event::ProposalDropped { .. }
            | Event::LossAccepted { .. }
            | Event::GuardOverridden { .. }
            | Event::FenceStated { .. }
            | Event::ApprovalGiven { .. }
            | Event::ApprovalDeclined { .. }
            | Event::RunAborted { .. }
            | Event::IncidentClosed { .. }
    )
}
