//! What a person can do here: one table, from which keys, hint line, help and palette are made.

mod argument;
mod exercise;
mod id;
mod incident;
mod lead;
mod next;
mod step;
mod table;

pub use argument::{Argument, argument, needs_argument};
pub use id::Id;
pub use next::{Next, next};
pub(crate) use step::{approval_missing, open_substep, ticked_substep};
pub use table::{Action, Acts, Hint, PREFIXES, Scope, TABLE, for_key, hints, works_here};

use crate::model::Model;

/// The table's row of `id`.
#[must_use]
pub fn row(id: Id) -> &'static Action {
    // Every id has its row: a test walks them all.
    TABLE.iter().find(|action| action.id == id).unwrap_or(&TABLE[0])
}

/// Whether `id` can be taken now.
///
/// # Errors
/// Why not, in words for the person who pressed its key.
pub fn enabled(model: &Model, id: Id) -> Result<(), String> {
    let action = row(id);
    if action.acts != Acts::Looks {
        incident::may_write(model)?;
        exercise::allows(model, action)?;
    }
    (action.enabled)(model)
}
