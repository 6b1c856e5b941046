//! The estate: what can fail, where it can go, and what was promised.
//!
//! `switchback.toml` is read by [`parse`] into the typed [`Estate`] of [`model`]; every error is a
//! [`crate::diagnostic::Diagnostic`] with its place in the file.

mod model;

pub use model::*;
