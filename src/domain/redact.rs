//! Secrets kept out of the screen, the log and exports.
