//! A real two-region estate on loopback.
