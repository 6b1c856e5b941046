//! One file per subcommand; wires the wings.

pub mod config;
pub mod diagnostics;
pub mod status;
