//! Processes and what descends from them, read from `/proc`.

use std::collections::HashMap;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// When the process began, in clock ticks since boot. A pid alone may name another process later.
pub(crate) fn start_time(pid: Pid) -> Option<u64> {
    stat(pid)?.started
}

/// Every process that descends from `root`, the nearest first; without `root` itself.
pub(crate) fn descendants(root: Pid) -> Vec<Pid> {
    let mut children: HashMap<Pid, Vec<Pid>> = HashMap::new();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter_map(Pid::from_raw) {
        if let Some(parent) = stat(pid).and_then(|stat| stat.parent) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(parent) = next.pop() {
        let born = children.remove(&parent).unwrap_or_default();
        found.extend(&born);
        next.extend(born);
    }
    found
}

/// Ends a process, its group and all that descends from it when dropped, also those who left the group; what was given
/// away to another parent before is out of reach.
pub(crate) struct Tree(Option<Pid>);

impl Tree {
    /// Of a child that leads a group of its own.
    pub(crate) fn of(child: &tokio::process::Child) -> Self {
        Self(child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let Some(root) = self.0 else { return };
        let born = descendants(root);
        let _ = kill_process_group(root, Signal::KILL);
        for pid in born {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

struct Stat {
    parent: Option<Pid>,
    started: Option<u64>,
}

fn stat(pid: Pid) -> Option<Stat> {
    let text = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let text = String::from_utf8_lossy(&text);
    // The name in brackets may hold anything, brackets and spaces too.
    let fields: Vec<&str> = text[text.rfind(')')? + 1..].split_ascii_whitespace().collect();
    let parent = fields.get(1)?.parse().ok().and_then(Pid::from_raw);
    Some(Stat { parent, started: fields.get(19)?.parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_among_the_descendants_of_its_parent() {
        let mut child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let pid = Pid::from_child(&child);
        assert!(descendants(rustix::process::getpid()).contains(&pid));
        assert!(start_time(pid) >= start_time(rustix::process::getpid()));
        drop(child.stdin.take());
        child.wait().unwrap();
    }
}
