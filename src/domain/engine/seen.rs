//! What a console writes down of what it saw by itself.

use super::Command;
use crate::execution::WriteAnswer;
use crate::ident::{DatabaseId, RegionId};
use crate::reading::Change;

impl Command {
    /// What a recorder writes down of a change that was seen; of a check alone nothing.
    #[must_use]
    pub fn of_change(change: Change) -> Option<Self> {
        Some(match change {
            Change::Region { region, from, to, because, at } => Self::RegionChange { region, from, to, because, at },
            Change::Serving { subject, from, to, at } => Self::ServingChange { subject, from, to, at },
            Change::SplitBrain { database, regions, .. } => {
                let regions: Vec<_> = regions.iter().map(RegionId::as_str).collect();
                let text = format!("SPLIT BRAIN: {database} accepts writes in {}", regions.join(" and "));
                Self::Observe { text, subject: Some(database.to_string()) }
            }
            Change::Blind { blind: true, .. } => {
                Self::Observe { text: "this console lost its own network".to_owned(), subject: None }
            }
            Change::Blind { blind: false, .. } => {
                Self::Observe { text: "this console has its network again".to_owned(), subject: None }
            }
            Change::Check { .. } => return None,
        })
    }

    /// What a write proves that was tried through the application's own path on a side that should be fenced. A refusal
    /// is evidence, and a write that was accepted revokes all there was; no answer tells nothing.
    #[must_use]
    pub fn of_write(database: DatabaseId, region: RegionId, answer: WriteAnswer) -> Option<Self> {
        match answer {
            WriteAnswer::Refused { error } => Some(Self::ObserveFence {
                database,
                region,
                evidence: format!("write refused: {error}"),
                vantages: 1,
                zero_loss: false,
            }),
            WriteAnswer::Accepted => Some(Self::RevokeFence {
                database,
                region,
                evidence: "a write was accepted through the application's path".to_owned(),
            }),
            WriteAnswer::NoAnswer { .. } => None,
        }
    }
}
