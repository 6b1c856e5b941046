//! What runs inside a supervisor: one file per language.
