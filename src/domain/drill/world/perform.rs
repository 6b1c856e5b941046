//! Attempts in the simulated world: what they do, how long they take, what they print.

use std::collections::BTreeMap;
use std::time::Duration;

use super::World;
use super::answer::Write;
use super::cluster::PROMOTION;
use super::meaning::{Meaning, meaning, statements};
use crate::execution::{End, Resolved};
use crate::ident::{DatabaseId, RegionId, ServiceId};
use crate::runbook::{Lang, WorldLine, world_lines};
use crate::time::Now;

/// Names one attempt, so that it can be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// How an attempt goes. Its effects come by themselves, at its end at the latest, unless it is cancelled before.
#[derive(Clone, Debug, PartialEq)]
pub struct Performance {
    pub ticket: Ticket,
    pub takes: Duration,
    pub end: End,
    /// What it prints, in order, spread over its time.
    pub lines: Vec<String>,
}

/// Effects that are to come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pending {
    ticket: Ticket,
    due: Duration,
    lines: Vec<WorldLine>,
}

/// What a statement or a request takes where nothing slow happens.
const QUICK: Duration = Duration::from_millis(400);

/// What connecting to a dark side takes.
const DARK: Duration = Duration::from_secs(5);

/// At most so many lines of a script are shown as having run.
const SHOWN: usize = 8;

impl World {
    /// Performs a block that changes something. `expected` is how long a step of its kind takes where the world itself
    /// has no figure.
    pub fn perform(&mut self, block: &Resolved, expected: Duration, now: Now) -> Performance {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        let planned = match block.lang {
            Lang::World => self.plan_world(block, expected),
            Lang::Sql => self.plan_sql(block),
            Lang::Route53 => self.plan_route53(block, expected),
            Lang::Bash | Lang::Sh | Lang::Http | Lang::Check | Lang::Text => Planned::shown_only(block, expected),
        };
        let (at_once, at_end): (Vec<WorldLine>, Vec<WorldLine>) =
            planned.effects.into_iter().partition(|line| matches!(line, WorldLine::Promote { .. }));
        let takes = if at_once.is_empty() { planned.takes } else { planned.takes.max(PROMOTION) };
        for (lines, due) in [(at_once, now.boot), (at_end, now.boot + takes)] {
            if !lines.is_empty() {
                self.pending.push(Pending { ticket, due, lines });
            }
        }
        Performance { ticket, takes, end: planned.end, lines: planned.lines }
    }

    /// Takes back the effects that are still to come.
    pub fn cancel(&mut self, ticket: Ticket) {
        self.pending.retain(|pending| pending.ticket != ticket);
    }

    pub(super) fn next_pending(&self) -> Option<Duration> {
        self.pending.iter().map(|pending| pending.due).min()
    }

    pub(super) fn carry_out_due(&mut self) {
        let now = self.at;
        let (mut due, later): (Vec<Pending>, Vec<Pending>) =
            std::mem::take(&mut self.pending).into_iter().partition(|pending| pending.due <= now);
        self.pending = later;
        due.sort_by_key(|pending| (pending.due, pending.ticket));
        for line in due.iter().flat_map(|pending| &pending.lines) {
            // It was possible when it was planned; a side that went dark since then does not follow any more.
            let _ = self.apply(line);
        }
    }

    fn plan_world(&self, block: &Resolved, expected: Duration) -> Planned {
        let mut planned = Planned { takes: expected, ..Planned::default() };
        // Tried on a copy: whether each line has an effect is known before anything is announced.
        let mut trial = self.clone();
        for line in world_lines(&block.text, &BTreeMap::new()) {
            match line.and_then(|line| trial.apply(&line).map(|()| line)) {
                Ok(line) => {
                    planned.lines.push(said(&line));
                    planned.effects.push(line);
                }
                Err(why) => return Planned::failed(why, QUICK),
            }
        }
        planned
    }

    fn plan_sql(&self, block: &Resolved) -> Planned {
        let target = block.target.as_ref().and_then(|target| target.database.clone().zip(target.region.clone()));
        let Some((database, region)) = target else {
            return Planned::failed("the block names no database server".to_owned(), QUICK);
        };
        if !self.server_is_reachable(&database, &region) {
            return Planned::failed("could not connect: timed out".to_owned(), DARK.min(block.timeout));
        }
        let mut planned = Planned { takes: QUICK, ..Planned::default() };
        for statement in statements(&block.text) {
            match meaning(&statement) {
                Some(Meaning::Promote) => {
                    let line = WorldLine::Promote { database: database.clone(), region: region.clone() };
                    if let Err(why) = self.clone().apply(&line) {
                        return Planned::failed(why, QUICK);
                    }
                    planned.effects.push(line);
                    planned.lines.push("pg_promote: t".to_owned());
                }
                Some(Meaning::Write) => match self.try_write(&database, &region) {
                    Write::Accepted => planned.lines.push("1 row".to_owned()),
                    Write::Refused(why) => return Planned::failed(format!("ERROR: {why}"), QUICK),
                    Write::NoAnswer => {
                        return Planned::failed("could not connect: connection refused".to_owned(), QUICK);
                    }
                },
                Some(Meaning::InRecovery { wanted }) => planned.lines.push(self.recovery(&database, &region, wanted)),
                Some(
                    Meaning::LagBelow(_)
                    | Meaning::Replayed
                    | Meaning::Streaming
                    | Meaning::Archiving
                    | Meaning::Anything,
                )
                | None => {
                    planned.lines.push("ok".to_owned());
                }
            }
        }
        planned
    }

    fn recovery(&self, database: &DatabaseId, region: &RegionId, wanted: bool) -> String {
        let writable =
            self.clusters.get(database).is_some_and(|cluster| cluster.writable().any(|place| place == region));
        let value = if writable != wanted { "t" } else { "f" };
        format!("pg_is_in_recovery: {value}")
    }

    /// A change of names that the serving side of a service depends on moves that service.
    fn plan_route53(&self, block: &Resolved, expected: Duration) -> Planned {
        let named = |region: &&RegionId| block.text.contains(region.as_str());
        let to = block.target.as_ref().and_then(|target| target.region.clone());
        let to = to.or_else(|| block.env.get("TO").map(|to| RegionId::new(to.as_str())));
        let to = to.or_else(|| self.estate.regions.iter().map(|region| &region.id).find(named).cloned());
        let Some(to) = to else { return Planned::shown_only(block, expected) };
        let moved: Vec<ServiceId> = self.services_behind(&block.text);
        let effects = moved.iter().map(|service| WorldLine::Serve { name: service.to_string(), region: to.clone() });
        let mut planned = Planned { takes: expected, effects: effects.collect(), ..Planned::default() };
        planned.lines = vec!["change batch accepted: PENDING".to_owned(), "INSYNC".to_owned()];
        planned
    }

    /// Services whose serving address stands in the text.
    fn services_behind(&self, text: &str) -> Vec<ServiceId> {
        let serving = self.estate.services.iter().filter(|service| {
            let check = service.serving.as_ref().and_then(|check| self.estate.check(check));
            check.is_some_and(|check| match &check.kind {
                crate::estate::CheckKind::Http(http) => {
                    let rest = http.url.split("://").nth(1).unwrap_or_default();
                    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
                    !host.is_empty() && text.contains(host)
                }
                _ => false,
            })
        });
        serving.map(|service| service.id.clone()).collect()
    }
}

struct Planned {
    takes: Duration,
    end: End,
    lines: Vec<String>,
    effects: Vec<WorldLine>,
}

impl Default for Planned {
    fn default() -> Self {
        Self { takes: QUICK, end: End::Succeeded { exit: Some(0) }, lines: Vec::new(), effects: Vec::new() }
    }
}

impl Planned {
    fn failed(why: String, takes: Duration) -> Self {
        Self { takes, end: End::Failed { exit: Some(1), why: why.clone() }, lines: vec![why], effects: Vec::new() }
    }

    /// The world knows nothing of it: it takes its time, succeeds, and says that nothing ran.
    fn shown_only(block: &Resolved, expected: Duration) -> Self {
        let commands = block.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut lines: Vec<String> = commands.clone().take(SHOWN).map(|line| format!("+ {line}")).collect();
        let more = commands.count().saturating_sub(SHOWN);
        if more > 0 {
            lines.push(format!("+ … {more} more"));
        }
        lines.push("simulated: nothing ran".to_owned());
        Self { takes: expected, lines, ..Self::default() }
    }
}

fn said(line: &WorldLine) -> String {
    match line {
        WorldLine::Promote { database, region } => format!("{database}@{region} is promoted"),
        WorldLine::Fence { database, region } => format!("{database}@{region} refuses writes"),
        WorldLine::Serve { name, region } => format!("{name} is moved to {region}"),
        WorldLine::Health { name, region, health } => {
            let at = region.as_ref().map(|region| format!("@{region}")).unwrap_or_default();
            format!("{name}{at} is {}", health.word())
        }
        WorldLine::Lag { database, region, lag } => {
            format!("{database}@{region} is {} behind", crate::time::human(*lag))
        }
        WorldLine::Backup { name } => format!("a backup of {name} is made"),
        WorldLine::Restored { name } => format!("the backup of {name} was restored, and is good"),
    }
}
