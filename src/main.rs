//! One of the thin ends: arguments to a command.

fn main() {}
