//! What the incident log promises, on real files and on a disk that can be made to fail.

mod opened;
mod shared;
