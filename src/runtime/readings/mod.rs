//! Readings outlive the console: consoles are opened after the outage begins, and without history there is no last
//! primary position, no impact time, no lag curve.
//!
//! Per estate a folder holds a bounded ring of samples and `live.json`, the newest status. One console at a time
//! writes them; all others read.

mod live;
mod recorder;
mod segment;
mod thinning;

use std::path::Path;

use domain::reading::Sample;

pub use live::{file as live_file, fresh, load as live};
pub use recorder::Recorder;

use segment::Ring;

/// Every sample that is kept, oldest first. Those of an earlier boot are marked so; what cannot be read is left out.
#[must_use]
pub fn load(folder: &Path) -> Vec<Sample> {
    let boot = crate::runtime::clock::boot_id();
    let mut samples: Vec<Sample> = Ring::ALL.iter().flat_map(|ring| segment::read(folder, ring, &boot)).collect();
    samples.sort_by(|a, b| (a.at, &a.source).cmp(&(b.at, &b.source)));
    samples.dedup_by(|a, b| a.at == b.at && a.source == b.source);
    samples
}
