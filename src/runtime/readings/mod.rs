//! Samples that outlive the console: the ring on disk and live.json.
