//! The log of an open incident says what people were told, also where a watcher without a screen told them.

use std::path::Path;
use std::sync::Arc;

use domain::alert::Delivery;
use domain::engine::{Act, Command, decide, evolve, replay};
use domain::log::Draft;
use domain::people::Actor;
use domain::reading::Board;

use crate::runtime::clock;
use crate::runtime::journal::{AppendError, Journal};

/// Appends it to the log in `dir`. Waits for the disk.
///
/// # Errors
/// Why it is not recorded, for people.
pub fn record(dir: &Path, delivery: Delivery) -> Result<(), String> {
    let (journal, entries, opened) = Journal::open(dir).map_err(|error| error.to_string())?;
    if let Some(reason) = opened.read_only_reason {
        return Err(reason);
    }
    let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
    let mut state = replay(&entries);
    let estate = state.incident.as_ref().map(|incident| Arc::clone(&incident.estate)).unwrap_or_default();
    let (board, kind) = (Board::new(estate), journal.header().kind);
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let act = Act { actor: Actor::claimed("switchback", &host), command: Command::RecordMessage(delivery) };
    loop {
        let now = clock::now();
        let decision = decide(&state, &board, &act, now).map_err(|refusal| refusal.message)?;
        let occurred_at = decision.occurred_at.unwrap_or(now.wall);
        let draft = |event| Draft { occurred_at, kind, actor: act.actor.clone(), event };
        match journal.append_blocking(state.head, decision.events.into_iter().map(draft).collect()) {
            Ok(_) => return Ok(()),
            Err(AppendError::Conflict { newer }) => {
                newer.into_iter().for_each(|entry| evolve(&mut state, &Arc::new(entry)));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}
