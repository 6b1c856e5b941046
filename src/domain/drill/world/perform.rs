//! Attempts in the simulated world: what they do, how long they take, what they print.

use std::collections::BTreeMap;
use std::time::Duration;

use super::World;
use super::cluster::PROMOTION;
use super::control::Change;
use super::fault::FaultDoes;
use super::meaning::{Meaning, meaning, statements};
use crate::estate::{CheckKind, Route53Check, Route53Of};
use crate::execution::{End, Resolved, WriteAnswer};
use crate::ident::{DatabaseId, RegionId, ServiceId};
use crate::objective::Quantiles;
use crate::runbook::{Control, Lang, WorldLine, world_lines};
use crate::time::{Now, human};

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
        self.perform_within(block, self.usual(expected), now)
    }

    /// The same where it is known how long its like took: see [`World::with_spread`].
    pub fn perform_within(&mut self, block: &Resolved, takes: Quantiles, now: Now) -> Performance {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        // What a step takes is more than its block is given where people have a part in it.
        let drawn = self.drawn(takes, block).min(block.timeout.mul_f64(0.8));
        let mut planned = match block.lang {
            Lang::World => self.plan_world(block, drawn),
            Lang::Sql => self.plan_sql(block),
            Lang::Route53 => self.plan_route53(block, drawn),
            Lang::Bash | Lang::Sh | Lang::Http | Lang::Check | Lang::Text => Planned::shown_only(block, drawn),
        };
        self.go_wrong(block, &mut planned);
        // What takes its own time begins with the step; the step ends when it is there.
        let (at_once, at_end): (Vec<WorldLine>, Vec<WorldLine>) = planned
            .effects
            .into_iter()
            .partition(|line| matches!(line, WorldLine::Promote { .. } | WorldLine::Scale { .. }));
        let promotes = at_once.iter().any(|line| matches!(line, WorldLine::Promote { .. }));
        let takes = if promotes { planned.takes.max(PROMOTION) } else { planned.takes };
        for (lines, due) in [(at_once, now.boot), (at_end, now.boot + takes)] {
            if !lines.is_empty() {
                self.pending.push(Pending { ticket, due, lines });
            }
        }
        Performance { ticket, takes, end: planned.end, lines: planned.lines }
    }

    /// What a scenario says of such steps, and what changes are made through, may be in the way.
    fn go_wrong(&self, block: &Resolved, planned: &mut Planned) {
        if !matches!(planned.end, End::Succeeded { .. }) {
            return;
        }
        let change = Change {
            effects: &planned.effects,
            needs_login: matches!(block.lang, Lang::Bash | Lang::Sh | Lang::Http | Lang::Route53),
            moves_names: block.lang == Lang::Route53,
            region: block.target.as_ref().and_then(|target| target.region.as_ref()),
            text: &block.text,
        };
        let (fault, refusal) = (self.fault_of(block, &change).cloned(), self.controls.refusal(&change));
        match fault {
            Some(FaultDoes::Fails(why)) => *planned = Planned::failed(why, planned.takes),
            Some(FaultDoes::TimesOut) => {
                *planned = Planned { takes: block.timeout, end: End::TimedOut, ..Planned::default() };
            }
            Some(FaultDoes::Unknown) => {
                planned.end = End::Unknown { why: "the link was lost before it said how it ended".to_owned() };
                planned.lines.clear();
            }
            Some(FaultDoes::Slow(times)) if times.is_finite() => {
                planned.takes = planned.takes.mul_f64(times.clamp(0.01, 1000.0));
            }
            Some(FaultDoes::Slow(_)) => {}
            None => {
                if let Some(why) = refusal {
                    *planned = Planned::failed(why.to_owned(), QUICK.max(planned.takes / 4));
                }
            }
        }
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
                    WriteAnswer::Accepted => planned.lines.push("1 row".to_owned()),
                    WriteAnswer::Refused { error } => return Planned::failed(format!("ERROR: {error}"), QUICK),
                    WriteAnswer::NoAnswer { .. } => {
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
            let own = self.estate.checks.iter().filter(|check| {
                service.serving.as_ref() == Some(&check.id)
                    || check.region.is_none() && check.service.as_ref() == Some(&service.id)
            });
            own.filter_map(|check| name_of(&check.kind)).any(|name| !name.is_empty() && text.contains(name))
        });
        serving.map(|service| service.id.clone()).collect()
    }
}

/// The name that clients of what it looks at resolve.
fn name_of(kind: &CheckKind) -> Option<&str> {
    match kind {
        CheckKind::Http(http) => {
            let rest = http.url.split("://").nth(1).unwrap_or_default();
            rest.split(['/', ':', '?']).next()
        }
        CheckKind::Dns(dns) => Some(dns.query.trim_end_matches('.')),
        CheckKind::Route53(Route53Check { of: Route53Of::Records(records), .. }) => {
            Some(records.query.trim_end_matches('.'))
        }
        _ => None,
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
    let at = |name: &str, region: &Option<RegionId>| match region {
        Some(region) => format!("{name}@{region}"),
        None => name.to_owned(),
    };
    match line {
        WorldLine::Promote { database, region } => format!("{database}@{region} is promoted"),
        WorldLine::Fence { database, region } => format!("{database}@{region} refuses writes"),
        WorldLine::Unfence { database, region } => format!("{database}@{region} is not fenced any more"),
        WorldLine::Serve { name, region } => format!("{name} is moved to {region}"),
        WorldLine::Health { name, region, health } => format!("{} is {}", at(name, region), health.word()),
        WorldLine::Errors { name, region, percent } => format!("{percent}% of requests to {} fail", at(name, region)),
        WorldLine::Flap { name, region, every } => format!("{} flaps every {}", at(name, region), human(*every)),
        WorldLine::Slow { name, region, by } => format!("{} answers {} later", at(name, region), human(*by)),
        WorldLine::Lag { database, region, lag } => format!("{database}@{region} is {} behind", human(*lag)),
        WorldLine::Replication { database, region, runs: true } => format!("{database}@{region} is fed again"),
        WorldLine::Replication { database, region, runs: false } => format!("nothing feeds {database}@{region}"),
        WorldLine::Load { name, percent } => format!("{percent}% of the usual is asked of {name}"),
        WorldLine::Scale { name, region, percent } => {
            format!("{} is scaled to {percent}% of the usual", at(name, region))
        }
        WorldLine::Certificate { name, left } => format!("the certificate of {name} ends in {}", human(*left)),
        WorldLine::Corrupt { database } => format!("the data of {database} is wrong"),
        WorldLine::Recover { database } => format!("the data of {database} is what it was before it went wrong"),
        WorldLine::Lose { region } => format!("{region} is lost, with what was stored in it"),
        WorldLine::Control { of, works, .. } => {
            let of = match of {
                Control::Dns => "names",
                Control::Credentials => "what needs a login",
            };
            format!("{of} can{} be changed", if *works { "" } else { "not" })
        }
        WorldLine::Backup { name } => format!("a backup of {name} is made"),
        WorldLine::BackupFails { name } => format!("backups of {name} fail"),
        WorldLine::Restored { name } => format!("the backup of {name} was restored, and is good"),
        WorldLine::Heal { name, region } => format!("nothing is wrong with {} any more", at(name, region)),
    }
}
