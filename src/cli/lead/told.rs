//! What an incident's log says of those who lead it: the brief, what waits for a person, open tasks.

use std::sync::Arc;

use domain::drill::scenario_at;
use domain::engine::{State, replay};
use domain::forgotten::{Forgotten, Seen, Urgency, When, forgotten as waiting};
use domain::log::Kind;
use domain::objective::Learned;
use domain::reading::Status;
use domain::report::Brief;
use domain::time::{Timestamp, clock, human, rfc3339, since};
use domain::untrusted::sanitise_line;
use serde::Serialize;

use super::super::args::{self, Global};
use super::super::incidents::find;
use super::super::stdout::{print, print_json};
use super::super::{Exit, Failure};
use crate::runtime::journal::ReadLog;
use crate::runtime::learned::learned;
use crate::runtime::paths::Paths;
use crate::runtime::{clock as machine, readings};

/// An incident as it is now.
struct Looked {
    state: State,
    status: Option<Status>,
    learned: Learned,
    now: Timestamp,
}

impl Looked {
    fn at(global: &Global, name: &str) -> Result<Self, Failure> {
        let (log, entries) = ReadLog::open(&find(global, name)?)?;
        let kind = log.header().kind;
        let state = replay(&entries.into_iter().map(Arc::new).collect::<Vec<_>>());
        let paths = Paths::from_environment(global.state.as_deref());
        // Of a simulated world nothing but its log is outside the console that plays it.
        let real = matches!(kind, Kind::Live | Kind::Lab);
        let estate = state.estate().filter(|_| real && !state.over());
        let wall = machine::now().wall;
        let status = estate.and_then(|estate| readings::fresh(&paths.estate(&estate.name), wall));
        let running = scenario_at(&state, wall).unwrap_or(wall);
        let now = if state.over() { state.told_until().unwrap_or(running) } else { running };
        Ok(Self { state, status, learned: learned(&paths, kind), now })
    }

    fn seen(&self) -> Seen<'_> {
        Seen { state: &self.state, status: self.status.as_ref(), learned: &self.learned, now: self.now }
    }
}

/// # Errors
/// There is no such incident, its log cannot be read, or nothing was declared in it.
pub(in crate::cli) fn brief(global: &Global, args: &args::Brief) -> Result<Exit, Failure> {
    let looked = Looked::at(global, &args.incident)?;
    let Some(brief) = Brief::of(&looked.seen()) else {
        return Err(Failure::new(Exit::No, "nothing was declared in it yet"));
    };
    print(|out| out.write_all(brief.text().as_bytes()))?;
    Ok(Exit::Yes)
}

/// `forgotten --json`.
#[derive(Debug, Serialize)]
struct Waiting {
    /// `now`, `soon`, `thought`.
    urgency: &'static str,
    text: String,
    /// Since when it waits; `null` while there is time.
    since: Option<String>,
    /// Until when there is time.
    until: Option<String>,
}

impl Waiting {
    fn of(one: &Forgotten) -> Self {
        let (since, until) = match one.when {
            When::Since(at) => (Some(rfc3339(at)), None),
            When::Until(at) => (None, Some(rfc3339(at))),
        };
        Self { urgency: word(one.urgency), text: sanitise_line(&one.text), since, until }
    }
}

const fn word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Now => "now",
        Urgency::Soon => "soon",
        Urgency::Thought => "thought",
    }
}

/// What waits for a person; exit code 1 when something does that is more than a thought.
///
/// # Errors
/// There is no such incident, or its log cannot be read.
pub(in crate::cli) fn forgotten(global: &Global, args: &args::Forgotten) -> Result<Exit, Failure> {
    let looked = Looked::at(global, &args.incident)?;
    let all = waiting(&looked.seen());
    if args.json {
        print_json(&all.iter().map(Waiting::of).collect::<Vec<_>>())?;
    } else {
        print(|out| {
            if all.is_empty() {
                writeln!(out, "Nothing waits for anybody.")?;
            }
            for one in &all {
                let when = match one.when {
                    When::Since(at) => format!("since {}, {}", clock(at), human(since(looked.now, at))),
                    When::Until(at) => format!("until {}", clock(at)),
                };
                writeln!(out, "{:<8}{}  ({when})", word(one.urgency), sanitise_line(&one.text))?;
            }
            Ok(())
        })?;
    }
    let urgent = all.iter().any(|one| one.urgency < Urgency::Thought);
    Ok(if urgent { Exit::No } else { Exit::Yes })
}

/// # Errors
/// As [`brief`].
pub(in crate::cli) fn tasks(global: &Global, incident: &str) -> Result<Exit, Failure> {
    let looked = Looked::at(global, incident)?;
    print(|out| {
        if looked.state.lead.open_tasks().next().is_none() {
            writeln!(out, "No task is open.")?;
        }
        for (seq, task) in looked.state.lead.open_tasks() {
            let owner = task.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
            let due = task.due.map(|due| format!("  due {}", clock(due))).unwrap_or_default();
            writeln!(out, "{seq:<6}{:<12}{}{due}", sanitise_line(&owner), sanitise_line(&task.text))?;
        }
        Ok(())
    })?;
    Ok(Exit::Yes)
}
