//! The display on the wall.

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Wall {
    /// An id, the beginning of one, `last`, or a path to a log or a copy of one [default: whatever is open]
    pub(in crate::cli) incident: Option<String>,
    /// Call people by their names; otherwise by their roles
    #[arg(long)]
    pub(in crate::cli) names: bool,
}
