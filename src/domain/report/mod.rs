//! The record people ask for afterwards: timeline, metrics, exports.
