//! One file per subcommand; wires the wings.
