//! What a person can do here: one table, from which keys, hint line, help and palette are made.

mod id;

pub use id::Id;
