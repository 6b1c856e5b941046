//! What the incident log promises, on real files and on a disk that can be made to fail.

mod elsewhere;
mod failing_disk;
mod full;
mod killed;
mod opened;
mod power_cut;
mod shared;
mod verified;
