//! The commands by what they are wanted for.

/// Commands that are looked for together.
#[derive(Debug)]
pub(in crate::cli) struct Group {
    pub(in crate::cli) title: &'static str,
    pub(in crate::cli) commands: &'static [&'static str],
}

pub(in crate::cli) const GROUPS: &[Group] = &[
    Group { title: "The screen", commands: &["demo", "drill", "lab", "wall"] },
    Group { title: "How it stands", commands: &["status", "alerts", "ack", "silence", "check"] },
    Group {
        title: "During an incident, without the screen",
        commands: &["declare", "run", "note", "done", "settle", "approve", "update", "correct", "close"],
    },
    Group {
        title: "Command and decisions",
        commands: &[
            "brief",
            "forgotten",
            "role",
            "solo",
            "handoff",
            "accept",
            "propose",
            "object",
            "decide",
            "task",
            "severity",
        ],
    },
    Group { title: "The record", commands: &["incidents", "log", "export", "verify", "history", "adopt"] },
    Group { title: "Runbooks", commands: &["lint", "import", "print"] },
    Group { title: "For jobs and schedules", commands: &["beat", "restored", "tested", "notify"] },
    Group { title: "This machine", commands: &["config", "doctor", "whoami", "completions", "man"] },
];
