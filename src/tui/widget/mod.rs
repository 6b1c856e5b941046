//! What panels are made of: rows of columns, bars, sparklines, frames, boxes, lists that scroll and count what they hide.

mod bar;
mod big;
mod dialog;
mod frame;
mod list;
mod row;
mod text;

pub use bar::{bar, spark};
pub use big::{big, largest};
pub use dialog::{dialog, placed};
pub use frame::{Frame, over, padded};
pub use list::{Item, List, window};
pub use row::Row;
pub use text::{ellipsis, flow, fold, width, wrap};
