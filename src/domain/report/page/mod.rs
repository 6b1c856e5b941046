//! The exported record as data: sections of tables, lists and a chart, made once of the folded log and written by each
//! renderer. Its texts are clean (no control sequence, no secret, one line) and not escaped: that is the renderer's.

mod actions;
mod attempt;
mod decisions;
mod departures;
mod evidence;
mod first;
mod integrity;
mod measures;
mod messages;
mod people;
mod phase;
mod plan;
mod source;
mod timeline;

use crate::ident::{Hash, IncidentId};
use crate::log::Kind;
use crate::reading::Verdict;
use crate::time::Timestamp;

use super::Mark;
use super::chart::Chart;
use super::verdict_word;

pub use source::Source;
pub(super) use source::standings;
pub use timeline::{marks, signed_sentence};

/// The record of one incident. Other reports are made of the same parts: sections may be added before it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// `None` for a log without an incident.
    pub incident: Option<IncidentId>,
    pub title: String,
    /// What every page says of an incident that was none: `EXERCISE EXERCISE EXERCISE`.
    pub watermark: Option<&'static str>,
    /// What must not be overlooked before anything else is read.
    pub warnings: Vec<String>,
    /// What was left out, and for whom.
    pub notice: Option<&'static str>,
    /// Of the last entry; stands at the foot of printed pages.
    pub head: Option<Hash>,
    pub sections: Vec<Section>,
}

/// A part of the page under a heading of its own. The first has none: it follows the title.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub title: &'static str,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Below the section's own heading; 3 or 4.
    Heading(u8, String),
    Paragraph(String),
    /// The few figures that are read first.
    Figures(Vec<Figure>),
    /// Names and values.
    Facts(Vec<(&'static str, Cell)>),
    Table(Table),
    List(Vec<Item>),
    /// What ran, as it stands.
    Code {
        language: &'static str,
        text: String,
    },
    Chart(Chart),
}

/// One figure beside what was promised.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    pub value: String,
    pub beside: String,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it shows, for those who do not see where it stands.
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Cells(Vec<Cell>),
    /// A heading over the rows that follow.
    Group(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    /// In UTC, with its date.
    Time(Timestamp),
    Number(u64),
    Hash(Hash),
    Id(IncidentId),
    /// A word with a meaning: shown by more than colour.
    Word(Mark, &'static str),
    /// What an entry says, behind the sign of its mark.
    Said(Mark, String),
}

impl Cell {
    pub const EMPTY: Self = Self::Text(String::new());

    /// A fixed word, or none.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    #[must_use]
    pub const fn verdict(verdict: Verdict) -> Self {
        Self::Word(verdict_mark(verdict), verdict_word(verdict))
    }

    #[must_use]
    pub fn time_or(at: Option<Timestamp>, otherwise: &str) -> Self {
        at.map_or_else(|| Self::text(otherwise), Self::Time)
    }
}

/// One point of a list: `Output attempts/1/output, 16 bytes, SHA-256 …`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// What it is about.
    pub lead: &'static str,
    pub text: String,
    pub hash: Option<Hash>,
    pub under: Vec<Item>,
}

impl Item {
    #[must_use]
    pub fn new(lead: &'static str, text: impl Into<String>) -> Self {
        Self { lead, text: text.into(), hash: None, under: Vec::new() }
    }

    /// Between what it is about and what is said.
    pub(super) const fn gap(&self) -> &'static str {
        if self.lead.is_empty() { "" } else { " " }
    }
}

impl Page {
    #[must_use]
    pub fn of(source: &Source<'_>) -> Self {
        let state = source.state;
        let incident = state.incident.as_ref();
        let mut sections = vec![first::section(source)];
        sections.extend(measures::section(source));
        sections.extend([
            departures::section(source),
            plan::section(source),
            timeline::section(source),
            people::section(source),
            decisions::section(source),
            messages::section(source),
            evidence::section(source),
            actions::section(source),
            integrity::section(source),
        ]);
        Self {
            incident: incident.map(|incident| incident.id),
            title: first::title(source),
            watermark: incident.and_then(|incident| watermark(incident.kind)),
            warnings: source.warnings(),
            notice: source.notice(),
            head: state.entries.last().map(|entry| entry.hash),
            sections,
        }
    }
}

impl Section {
    #[must_use]
    pub const fn new(title: &'static str) -> Self {
        Self { title, blocks: Vec::new() }
    }

    pub fn say(&mut self, paragraph: impl Into<String>) {
        self.blocks.push(Block::Paragraph(paragraph.into()));
    }
}

impl Table {
    #[must_use]
    pub fn new(name: &'static str, columns: &[&'static str]) -> Self {
        Self { name, columns: columns.to_vec(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(Row::Cells(cells.into()));
    }
}

/// What stands on every page of what was no incident.
#[must_use]
pub const fn watermark(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Live => None,
        Kind::Drill => Some("EXERCISE EXERCISE EXERCISE"),
        Kind::Lab => Some("LAB: a practice estate that nobody depends on"),
        Kind::Demo => Some("SIMULATED: the demonstration estate"),
        Kind::Paper => Some("PAPER: nothing was executed"),
    }
}

pub(in crate::report) const fn verdict_mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Ok => Mark::Good,
        Verdict::Missed => Mark::Bad,
        Verdict::AtRisk | Verdict::Unknown => Mark::Unknown,
        Verdict::NotApplicable => Mark::Plain,
    }
}
