//! Exercises.

use clap::Args as ClapArgs;

use super::between;

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Drill {
    /// A name of the list, or a scenario's file; without one, the list
    #[arg(value_name = "SCENARIO")]
    pub(in crate::cli) scenario: Option<String>,
    /// The scenarios there are, and whether they fit this estate
    #[arg(long, conflicts_with_all = ["scenario", "seed", "speed", "auto", "region", "paper"])]
    pub(in crate::cli) list: bool,
    /// What chance begins with: the same seed gives the same exercise [default: the time of StartEx]
    #[arg(long, value_name = "N", requires = "scenario")]
    pub(in crate::cli) seed: Option<u64>,
    /// So many times as fast as the clock on the wall; the facilitator can change it
    #[arg(long, value_name = "X", default_value_t = 1, value_parser = between(1_u32, 60), conflicts_with = "auto")]
    pub(in crate::cli) speed: u32,
    /// It plays itself, as the scenario expects it to be played; exit code 0 when the targets were met, 1 when not
    #[arg(long, requires = "scenario")]
    pub(in crate::cli) auto: bool,
    /// So many times, each with chances of its own: how the recovery time is spread
    #[arg(long, value_name = "N", requires = "auto", value_parser = between(1_u32, 10_000))]
    pub(in crate::cli) runs: Option<u32>,
    /// The region that is hit [default: the estate's primary]
    #[arg(long, value_name = "REGION", requires = "scenario")]
    pub(in crate::cli) region: Option<String>,
    /// Nothing is simulated: injects come by the clock, people talk and tick, and the times are recorded
    #[arg(long, requires = "scenario", conflicts_with = "auto")]
    pub(in crate::cli) paper: bool,
    /// One JSON document: the list, or what an exercise that plays itself came to
    #[arg(long, conflicts_with = "paper")]
    pub(in crate::cli) json: bool,
}
