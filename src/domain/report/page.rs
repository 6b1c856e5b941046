//! The exported page: what happened, measured, beside what was planned, with the whole timeline and the means to check
//! it. The same log gives the same bytes.

use std::fmt::Write;

use super::exceptions::{exceptions, left_open};
use super::metrics::{Metrics, Point, TierResult, metrics, verdict_word};
use super::plan;
use super::sentence::entry_sentence;
use super::text::{Text, digest, utc, utc_or};
use super::timeline;
use crate::engine::{Incident, State};
use crate::estate::{ClockStart, Objective};
use crate::log::{Event, Kind};
use crate::time::human;

/// Figures and the two points each lies between.
const SPANS: [(&str, Point, Point); 6] = [
    ("Time to detect", Point::Impact, Point::Detected),
    ("Time to declare", Point::Detected, Point::Declared),
    ("Time to decide", Point::Declared, Point::Decided),
    ("Recovery time, execution", Point::Decided, Point::Recovered),
    ("Recovery time, total", Point::Impact, Point::Recovered),
    ("Time to move traffic", Point::Decided, Point::TrafficMoved),
];

/// The page under construction: its text, and the watermark under every heading.
pub(super) struct Page<'a> {
    pub(super) state: &'a State,
    pub(super) text: Text,
    pub(super) out: String,
    mark: Option<&'static str>,
}

/// The whole incident as Markdown. `damage` says where its log stops verifying, if it does.
#[must_use]
pub fn markdown(state: &State, damage: Option<&str>) -> String {
    let mark = state.incident.as_ref().and_then(|incident| watermark(incident.kind));
    let mut page = Page { state, text: Text::new(), out: String::new(), mark };
    page.first(damage);
    plan::write(&mut page);
    timeline::write(&mut page);
    page.decisions();
    page.integrity(damage);
    page.out
}

const fn watermark(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Live => None,
        Kind::Drill => Some("EXERCISE EXERCISE EXERCISE"),
        Kind::Lab => Some("LAB: a practice estate that nobody depends on"),
        Kind::Demo => Some("SIMULATED: the demonstration estate"),
        Kind::Paper => Some("PAPER: nothing was executed"),
    }
}

impl Page<'_> {
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        self.out.push_str(line.as_ref());
        self.out.push('\n');
    }

    pub(super) fn heading(&mut self, title: &str) {
        self.line(format!("\n## {title}\n"));
        if let Some(mark) = self.mark {
            self.line(format!("**{mark}**\n"));
        }
    }

    pub(super) fn table(&mut self, columns: &[&str]) {
        self.line(format!("| {} |", columns.join(" | ")));
        self.line(format!("|{}", " --- |".repeat(columns.len())));
    }

    pub(super) fn row(&mut self, cells: &[String]) {
        self.line(format!("| {} |", cells.join(" | ")));
    }

    fn first(&mut self, damage: Option<&str>) {
        let Some(incident) = &self.state.incident else {
            self.line("# A log without an incident");
            return;
        };
        let title = format!("# {}: {}\n", self.text.line(&incident.label), self.text.line(&incident.title));
        self.line(title);
        if let Some(mark) = self.mark {
            self.line(format!("**{mark}**\n"));
        }
        if let Some(damage) = damage {
            let damage = self.text.line(damage);
            self.line(format!("**THE LOG IS DAMAGED: {damage}. What follows comes from the entries before that.**\n"));
        }
        self.facts(incident);
        if let Some(metrics) = metrics(self.state) {
            self.points(&metrics);
            self.spans(&metrics);
            self.tiers(&metrics);
            self.losses(&metrics);
        }
        self.exceptions();
    }

    fn facts(&mut self, incident: &Incident) {
        let region = |region: &Option<crate::ident::RegionId>| {
            region.as_ref().map_or_else(|| "not given".to_owned(), |region| self.text.line(region.as_str()))
        };
        let way = format!("{} ▸ {}", region(&incident.from), region(&incident.to));
        let mut modes: Vec<_> = self.state.runs.iter().map(|run| run.mode.word()).collect();
        modes.dedup();
        let mode = if modes.is_empty() { "no runbook was started".to_owned() } else { modes.join(", then ") };
        let as_of = self.state.entries.last().map(|entry| utc(entry.recorded_at)).unwrap_or_default();
        let standing = match incident.closed_at {
            Some(at) => format!("closed {}", utc(at)),
            None => format!("open, as of {as_of}"),
        };
        let commander = incident.commander.as_ref().map_or("nobody", |person| person.as_str());
        let commander = self.text.line(commander);
        let estate = self.text.line(&incident.estate.name);
        self.table(&["Incident", &self.text.line(&incident.label)]);
        self.row(&["Kind".to_owned(), incident.kind.word().to_owned()]);
        self.row(&["Severity".to_owned(), incident.severity.to_string()]);
        self.row(&["Estate".to_owned(), estate]);
        self.row(&["From ▸ to".to_owned(), way]);
        self.row(&["Mode".to_owned(), mode]);
        self.row(&["Commander".to_owned(), commander]);
        self.row(&["State".to_owned(), standing]);
        self.row(&["Id".to_owned(), incident.id.to_string()]);
    }

    fn points(&mut self, metrics: &Metrics) {
        self.heading("Metrics");
        self.table(&["Point", "UTC", "How it is known"]);
        for point in Point::ALL {
            let (at, basis) = match metrics.point(point) {
                Some(endpoint) => (utc(endpoint.at), self.text.line(&endpoint.basis)),
                None if point == Point::Recovered => ("unknown".to_owned(), self.no_recovery().to_owned()),
                None => ("unknown".to_owned(), "not recorded".to_owned()),
            };
            self.row(&[point.name().to_owned(), at, basis]);
        }
    }

    /// What is said in the place of a recovery that nobody saw.
    fn no_recovery(&self) -> &'static str {
        let closed = self.state.incident.as_ref().is_some_and(|incident| incident.closed_at.is_some());
        if closed { "none seen before it was closed" } else { "not recorded" }
    }

    fn spans(&mut self, metrics: &Metrics) {
        self.line("");
        self.table(&["Figure", "Took", "From", "To"]);
        for (name, from, to) in SPANS {
            let took = metrics.between(from, to).map_or_else(|| "unknown".to_owned(), human);
            self.row(&[name.to_owned(), took, from.name().to_owned(), to.name().to_owned()]);
        }
        let waited = human(metrics.approvals_took);
        self.row(&["Waited for approvals".to_owned(), waited, "asked".to_owned(), "answered".to_owned()]);
    }

    fn tiers(&mut self, metrics: &Metrics) {
        if metrics.tiers.is_empty() {
            return;
        }
        self.line("\n### Recovery time by tier\n");
        self.table(&["Tier", "Recovered", "Execution", "Total", "Objective", "Counted", "Verdict"]);
        for tier in &metrics.tiers {
            let took = |took: Option<std::time::Duration>| took.map_or_else(|| "unknown".to_owned(), human);
            let verdict = verdict_word(tier.verdict).to_owned();
            self.row(&[
                self.text.line(tier.tier.as_str()),
                utc_or(tier.recovered_at, self.no_recovery()),
                took(tier.execution),
                took(tier.total),
                objective(tier),
                took(tier.counted),
                verdict,
            ]);
        }
    }

    fn losses(&mut self, metrics: &Metrics) {
        if metrics.losses.is_empty() {
            return;
        }
        self.line("\n### Recovery point by database\n");
        self.table(&["Database", "Tier", "Lost", "Objective", "Verdict", "As of", "Basis"]);
        for loss in &metrics.losses {
            let (lost, as_of, basis) = match &loss.lost {
                Some(lost) => {
                    let bytes = lost.bytes_at_least.map(|bytes| format!(", {bytes} bytes at least"));
                    let interval = format!("{}{}", lost.interval(), bytes.unwrap_or_default());
                    (self.text.line(&interval), utc(lost.as_of), self.text.line(&lost.basis))
                }
                None => ("unknown".to_owned(), String::new(), "no point of no return froze it".to_owned()),
            };
            let rpo = match (&loss.tier, loss.rpo) {
                (None, _) => "none".to_owned(),
                (Some(_), Objective::NotApplicable) => "n/a".to_owned(),
                (Some(_), Objective::Within(rpo)) => human(rpo),
            };
            let tier = loss.tier.as_ref().map(|tier| self.text.line(tier.as_str())).unwrap_or_default();
            let database = self.text.line(loss.database.as_str());
            self.row(&[database, tier, lost, rpo, verdict_word(loss.verdict).to_owned(), as_of, basis]);
        }
    }

    fn exceptions(&mut self) {
        self.heading("Exceptions");
        let (found, open) = (exceptions(self.state), left_open(self.state));
        if found.is_empty() && open.is_empty() {
            let over = self.state.incident.as_ref().is_some_and(|incident| incident.closed_at.is_some());
            self.line(if over { "None: everything went by the plan." } else { "None so far." });
            return;
        }
        self.table(&["UTC", "Exception", "Who", "What"]);
        for exception in found {
            let entry = exception.entry;
            let what = self.text.line(&entry_sentence(self.state, entry).to_string());
            let who = self.text.line(entry.actor.name.as_str());
            self.row(&[utc(entry.occurred_at), exception.word.to_owned(), who, what]);
        }
        for open in open {
            let what = self.text.line(&open);
            self.row(&[String::new(), "left open".to_owned(), String::new(), what]);
        }
    }

    fn decisions(&mut self) {
        self.heading("Decisions");
        let decisions: Vec<_> = self.state.entries.iter().filter(|entry| is_decision(&entry.event)).collect();
        if decisions.is_empty() {
            self.line("None was recorded.");
            return;
        }
        self.table(&["UTC", "Who", "Decision"]);
        for entry in decisions {
            let (who, what) = timeline::who_and_what(self, entry);
            self.row(&[utc(entry.occurred_at), who, what]);
        }
    }

    fn integrity(&mut self, damage: Option<&str>) {
        self.heading("Integrity");
        let entries = &self.state.entries;
        let first = entries.first().map(|entry| digest(&entry.prev)).unwrap_or_default();
        let last = entries.last().map(|entry| digest(&entry.hash)).unwrap_or_default();
        self.table(&["Log", "SHA-256 chain"]);
        self.row(&["Entries".to_owned(), entries.len().to_string()]);
        self.row(&["First hash (the log's first line)".to_owned(), first]);
        self.row(&["Last hash".to_owned(), last]);
        let verdict = match damage {
            Some(damage) => format!("NOT WHOLE: {}", self.text.line(damage)),
            None => "whole when this page was written".to_owned(),
        };
        self.row(&["Chain".to_owned(), verdict]);
        let label = self.state.incident.as_ref().map_or("last", |incident| incident.label.as_str());
        let block = self.text.block("", &format!("switchback verify {label}"));
        let _ = write!(self.out, "\nTo check it, beside the log; it must name the same last hash:\n\n{block}");
    }
}

fn objective(tier: &TierResult) -> String {
    let from = match tier.clock {
        ClockStart::Impact => "impact",
        ClockStart::Declared => "declaration",
        ClockStart::Decided => "decision",
    };
    match tier.rto {
        Objective::Within(rto) => format!("{} from {from}", human(rto)),
        Objective::NotApplicable => "n/a".to_owned(),
    }
}

const fn is_decision(event: &Event) -> bool {
    matches!(
        event,
        Event::DecisionRecorded { .. }
            | Event::ModeChanged { .. }
            | Event::SeverityChanged { .. }
            | Event::ImpactCorrected { .. }
            | Event::CommandTaken { .. }
            | Event::LossAccepted { .. }
            | Event::GuardOverridden { .. }
            | Event::FenceStated { .. }
            | Event::ApprovalGiven { .. }
            | Event::ApprovalDeclined { .. }
            | Event::RunAborted { .. }
            | Event::IncidentClosed { .. }
    )
}
