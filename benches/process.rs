//! What processes cost, as the kernel counts it.

use std::time::{Duration, Instant};

/// The counters of some processes together at one moment.
pub(crate) struct Process {
    at: Instant,
    cpu: Duration,
    resident: u64,
    proportional: u64,
}

/// What they cost between two moments, and hold at the second.
pub(crate) struct Cost {
    /// Of one core.
    pub(crate) percent: f64,
    /// MiB, pages shared with others counted whole.
    pub(crate) resident: f64,
    /// MiB, pages shared with others counted by share.
    pub(crate) proportional: f64,
}

impl Process {
    pub(crate) fn of(ids: &[u32]) -> Self {
        let memory = |field| ids.iter().map(|id| kilobytes(*id, field)).sum();
        Self {
            at: Instant::now(),
            cpu: ids.iter().map(|id| cpu(*id)).sum(),
            resident: memory("Rss:"),
            proportional: memory("Pss:"),
        }
    }

    pub(crate) fn since(&self, before: &Self) -> Cost {
        let took = (self.at - before.at).as_secs_f64();
        Cost {
            percent: (self.cpu - before.cpu).as_secs_f64() / took * 100.0,
            resident: self.resident as f64 / 1024.0,
            proportional: self.proportional as f64 / 1024.0,
        }
    }
}

/// The processor time of all its threads since it began, to the hundredth of a second.
pub(crate) fn cpu(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let ticks = stat[stat.rfind(')').unwrap() + 1..].split_ascii_whitespace().skip(11).take(2);
    Duration::from_millis(ticks.map(|ticks| ticks.parse::<u64>().unwrap()).sum::<u64>() * 10)
}

fn kilobytes(id: u32, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
