//! What templates know: taken from the incident's state and the readings, nothing else.

use std::collections::BTreeMap;
use std::time::Duration;

use minijinja::Value;

use super::Audience;
use crate::diagnostic::did_you_mean;
use crate::engine::{Incident, State};
use crate::estate::{Estate, Objective, OutletKind};
use crate::ident::RegionId;
use crate::log::{Event, IncidentStatus};
use crate::objective::{Learned, remaining, rows};
use crate::reading::Status;
use crate::time::{Timestamp, at_offset, human, since};
use crate::untrusted::sanitise_line;

/// A name that templates may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    pub about: &'static str,
    /// Known in templates of internal audiences only.
    pub internal: bool,
}

const fn outside(name: &'static str, about: &'static str) -> Variable {
    Variable { name, about, internal: false }
}

const fn inside(name: &'static str, about: &'static str) -> Variable {
    Variable { name, about, internal: true }
}

/// Every one of them, in the order of the documents.
pub const VARIABLES: &[Variable] = &[
    outside("estate", "What the estate is called."),
    outside("label", "What the incident is called: `INC-2026-0007`."),
    outside("title", "The incident in a few words, as it was declared."),
    outside("severity", "`SEV1` to `SEV5`."),
    outside("status", "`investigating`, `identified`, `failing over`, `monitoring`, `resolved`: that of this update."),
    outside("audience", "Who is told."),
    outside("exercise", "Whether this is one; its texts are marked by themselves."),
    outside("now", "The time of this update: `02:14 UTC`."),
    outside("date", "Its day: `20 November 2026`."),
    outside("impact", "When the impact began."),
    outside("declared", "When the incident was declared."),
    outside("elapsed", "Since the impact: `41 minutes`."),
    outside("decided", "When the failover was decided; none before."),
    outside("activated", "When the point of no return was crossed; none before."),
    outside("from", "The region that is left, by its title; none where it is not said."),
    outside("to", "The region that takes over, by its title; none where it is not said."),
    outside("services", "Names of the services placed in the region that is left."),
    outside("tiers", "Names of their tiers."),
    outside("every", "How often this audience is told: `20 minutes`."),
    outside("next_update", "By when it is told again; none when it is resolved."),
    outside("recovery", "When the service is expected back; none while that is not known."),
    outside("recovery_word", "How sure that is: `estimated`, `from earlier runs`, `unknown`."),
    outside("status_page", "`public_url` of the estate's status page, or none."),
    outside("notes", "The last three notes that begin with `public:`, each with `at` and `text`."),
    inside("commander", "Who commands; none while nobody does."),
    inside(
        "objectives",
        "The tiers' objectives: each with `name`, `rto`, `rto_verdict`, `elapsed`, `rpo`, `rpo_verdict`, `loss`.",
    ),
];

/// How many notes are passed on.
const NOTES: usize = 3;

/// A note that begins so may be passed on to audiences.
const PUBLIC: &str = "public:";

/// What a text is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub state: &'a State,
    /// `None` where nobody has looked.
    pub reading: Option<&'a Status>,
    pub learned: &'a Learned,
    pub now: Timestamp,
}

impl Facts<'_> {
    /// Every variable that this audience's templates may use, with its value; empty without an incident.
    pub(super) fn values(&self, audience: &Audience, status: IncidentStatus) -> BTreeMap<&'static str, Value> {
        let Some(incident) = self.state.incident.as_ref() else { return BTreeMap::new() };
        let estate = &incident.estate;
        let time = |at| time(at, self.now);
        let mut values = BTreeMap::from([
            ("estate", Value::from(&estate.name)),
            ("label", Value::from(&incident.label)),
            ("title", Value::from(sanitise_line(&incident.title))),
            ("severity", Value::from(incident.severity.to_string())),
            ("status", Value::from(status.word())),
            ("audience", Value::from(audience.id.as_str())),
            ("exercise", Value::from(!incident.kind.executes())),
            ("now", Value::from(time(self.now))),
            ("date", Value::from(self.now.strftime("%-d %B %Y").to_string())),
            ("impact", Value::from(time(incident.impact_at))),
            ("declared", Value::from(time(incident.opened_at))),
            ("elapsed", Value::from(words(since(self.now, incident.impact_at)))),
            ("decided", option(incident.decided_at.map(time))),
            ("activated", option(incident.no_return_at.map(time))),
            ("from", option(incident.from.as_ref().map(|region| title(estate, region)))),
            ("to", option(incident.to.as_ref().map(|region| title(estate, region)))),
            ("every", Value::from(each(audience.every))),
            ("status_page", option(page(estate))),
            ("notes", Value::from(self.notes())),
        ]);
        let next = (status != IncidentStatus::Resolved).then(|| time(at_offset(self.now, audience.every)));
        values.insert("next_update", option(next));
        let (services, tiers) = affected(incident);
        values.insert("services", Value::from(services));
        values.insert("tiers", Value::from(tiers));
        let left = remaining(self.state, self.learned, self.now);
        values.insert("recovery", option(left.map(|left| time(at_offset(self.now, left.p90)))));
        let word = left.map_or("unknown", |left| if left.estimated { "estimated" } else { "from earlier runs" });
        values.insert("recovery_word", Value::from(word));
        if audience.internal {
            values.insert("commander", option(incident.commander.as_ref().map(ToString::to_string)));
            values.insert("objectives", Value::from(self.objectives(incident)));
        }
        values
    }

    fn notes(&self) -> Vec<Value> {
        let public = self.state.entries.iter().rev().filter_map(|entry| {
            let Event::NoteAdded { text, .. } = &entry.event else { return None };
            let shown = !self.state.superseded.contains_key(&entry.seq);
            let text = text
                .get(..PUBLIC.len())
                .filter(|start| start.eq_ignore_ascii_case(PUBLIC) && shown)
                .map(|_| sanitise_line(text[PUBLIC.len()..].trim()))?;
            Some(Value::from(BTreeMap::from([("at", time(entry.occurred_at, self.now)), ("text", text)])))
        });
        let mut notes: Vec<_> = public.take(NOTES).collect();
        notes.reverse();
        notes
    }

    fn objectives(&self, incident: &Incident) -> Vec<Value> {
        let Some(reading) = self.reading else { return Vec::new() };
        let rows = rows(&incident.estate, Some(self.state), reading, self.learned, self.now);
        let figure = |objective| match objective {
            Objective::Within(span) => human(span),
            Objective::NotApplicable => "n/a".to_owned(),
        };
        let row = rows.into_iter().filter(|row| row.tier.is_some()).map(|row| {
            Value::from(BTreeMap::from([
                ("name", row.name),
                ("rto", figure(row.rto)),
                ("rto_verdict", row.rto_verdict.word().to_owned()),
                ("elapsed", row.clock.map_or_else(|| "none".to_owned(), |clock| human(clock.elapsed))),
                ("rpo", figure(row.rpo)),
                ("rpo_verdict", row.rpo_verdict.word().to_owned()),
                ("loss", row.at_risk.map_or_else(|| "unknown".to_owned(), |risk| risk.interval())),
            ]))
        });
        row.collect()
    }
}

/// A remedy for a name that is not known: what may have been meant, or why it is not there.
pub(super) fn variable_like(word: &str) -> String {
    let known = VARIABLES.iter().map(|variable| variable.name);
    match VARIABLES.iter().find(|variable| variable.name == word) {
        Some(variable) if variable.internal => "only templates of audiences with `internal = true` know it".to_owned(),
        _ => did_you_mean(word, known.clone())
            .unwrap_or_else(|| format!("known are {}", known.collect::<Vec<_>>().join(", "))),
    }
}

fn option(text: Option<String>) -> Value {
    text.map_or_else(|| Value::from(()), Value::from)
}

/// With its day where that is another than the day of the update: after midnight `23:50 UTC` alone lies ahead.
fn time(at: Timestamp, now: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%F").to_string();
    let form = if day(at) == day(now) { "%H:%M UTC" } else { "%H:%M UTC on %-d %B" };
    at.strftime(form).to_string()
}

/// As people who know no abbreviations read it: `41 minutes`, `2 hours 5 minutes`.
fn words(span: Duration) -> String {
    let count = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let minutes = span.as_secs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, minutes) => count(minutes, "minute"),
        (hours, 0) => count(hours, "hour"),
        (hours, minutes) => format!("{} {}", count(hours, "hour"), count(minutes, "minute")),
    }
}

/// Behind `every`: `20 minutes`, `hour`.
fn each(span: Duration) -> String {
    let words = words(span);
    words.strip_prefix("1 ").filter(|one| !one.contains(' ')).map(str::to_owned).unwrap_or(words)
}

fn title(estate: &Estate, region: &RegionId) -> String {
    estate.region(region).and_then(|region| region.title.clone()).unwrap_or_else(|| region.to_string())
}

fn page(estate: &Estate) -> Option<String> {
    estate.outlets.iter().find_map(|outlet| match &outlet.kind {
        OutletKind::Statuspage(page) => page.public_url.clone(),
        _ => None,
    })
}

/// Services of the region that is left, all of them where none is named, and their tiers.
fn affected(incident: &Incident) -> (Vec<String>, Vec<String>) {
    let here = incident
        .estate
        .services
        .iter()
        .filter(|service| incident.from.as_ref().is_none_or(|from| service.regions.contains(from)));
    let mut tiers: Vec<_> = here.clone().filter_map(|service| service.tier.as_ref()).map(ToString::to_string).collect();
    tiers.sort();
    tiers.dedup();
    (here.map(|service| service.id.to_string()).collect(), tiers)
}
