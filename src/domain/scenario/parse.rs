//! From the text of a scenario's file to what it says.

mod needs;
mod reader;
mod sound;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use toml::de::DeTable;

pub use self::needs::needs;
use self::reader::{Entry, Reader};
use super::bind::NAMES;
use super::keys::{ANSWER, EXPECT, FAULT, FILE, INJECT, PLAY, RUNBOOK, TARGETS, WRONG};
use super::{
    Answer, Brief, Choice, Expected, FaultKind, Inject, InjectKind, Mention, Mentioned, Milestone, Play, Scenario,
    StepFault, Targets, Trigger, Walked, Wrong,
};
use crate::diagnostic::{Diagnostic, Severity};
use crate::ident::{InjectId, TestId};
use crate::log::{Mode, Sev};
use crate::runbook::check_line::references;
use crate::runbook::world_lines;
use crate::time::human;
use crate::toml_text;

/// EndEx where the file names none.
const LASTS: Duration = Duration::from_secs(60 * 60);

/// Longer than that nobody plays.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A longer file is not read.
pub const LIMIT: usize = 256 * 1024;

/// More injects than players could read.
const MOST_INJECTS: usize = 500;

/// What came of reading a file: what is wrong is among the diagnostics, and left out of the scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    pub scenario: Scenario,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What it names, and where.
    pub mentions: Vec<Mention>,
}

/// Reads a scenario with the names of an estate; without any, they stay as they are written. Whatever the text is, this
/// ends with a scenario and with what is wrong with it.
#[must_use]
pub fn parse(text: &str, names: &BTreeMap<String, String>) -> Parsed {
    let mut parsed = Parsed::default();
    if text.len() > LIMIT {
        let found =
            Diagnostic::error("scenario::too-long", 0..0, format!("longer than {} KiB: not read", LIMIT / 1024));
        parsed.diagnostics.push(found.help("one scenario for one exercise: split it"));
        return parsed;
    }
    let (file, errors) = DeTable::parse_recoverable(text);
    let (syntax, broken) = toml_text::errors("scenario::syntax", text, &errors);
    let mut reader = Reader::new(names);
    let file = reader.open(&FILE, file.get_ref(), 0..0);
    parsed.scenario = reader.scenario(&file);
    // Whether it agrees with itself is judged once all of it can be read.
    if syntax.is_empty() && reader.diagnostics.iter().all(|found| found.severity != Severity::Error) {
        sound::check(&parsed.scenario, &mut reader);
    }
    // What the recovery made of a broken line is not what was written there.
    reader.diagnostics.retain(|found| !broken.iter().any(|line| line.contains(&found.span.start)));
    parsed.mentions = reader.mentions;
    parsed.diagnostics = syntax;
    parsed.diagnostics.append(&mut reader.diagnostics);
    parsed.diagnostics.sort_by_key(|found| (found.span.start, found.span.end));
    parsed.diagnostics.dedup();
    parsed.scenario.source = Arc::from(text);
    parsed
}

impl Reader<'_> {
    fn scenario(&mut self, file: &Entry<'_, '_>) -> Scenario {
        let (injects, of_injects) = self.injects(file);
        let expected = self.list(file, &EXPECT, "expect");
        let expected = expected.iter().filter_map(|entry| self.expected(entry, &Milestone::StartEx));
        let mut expected: Vec<Expected> = expected.collect();
        expected.extend(of_injects);
        Scenario {
            source: Arc::default(),
            title: self.said(file, "title"),
            summary: self.said(file, "summary"),
            objectives: self.texts(file, "objectives").into_iter().map(|text| text.said).collect(),
            roles: self.briefs(file),
            preconditions: self.texts(file, "preconditions").into_iter().map(|text| text.said).collect(),
            counts_as: self.tests(file),
            lasts: self.lasts(file),
            injects,
            faults: self.list(file, &FAULT, "fault").iter().filter_map(|entry| self.fault(entry)).collect(),
            answers: self.list(file, &ANSWER, "answer").iter().filter_map(|entry| self.answer(entry)).collect(),
            expected,
            wrong: self.list(file, &WRONG, "wrong").iter().filter_map(|entry| self.wrong(entry)).collect(),
            targets: self.sub(file, &TARGETS, "targets").map(|entry| self.targets(&entry)).unwrap_or_default(),
            play: self.sub(file, &PLAY, "play").map(|entry| self.play(&entry)).unwrap_or_default(),
        }
    }

    fn lasts(&mut self, file: &Entry<'_, '_>) -> Duration {
        let lasts = self.some_time(file, "lasts").unwrap_or(LASTS);
        if lasts > LONGEST {
            let place = self.text(file, "lasts").map_or(0..0, |text| text.span);
            let message = format!("an exercise lasts at most {}", human(LONGEST));
            self.error("scenario::too-long", place, message, "split the exercise");
        }
        lasts.min(LONGEST)
    }

    fn briefs(&mut self, file: &Entry<'_, '_>) -> Vec<Brief> {
        let roles = self.texts_by_name(file, "roles");
        let brief = |(role, place, text): (String, Range<usize>, reader::Text)| {
            Some(Brief { role: self.role(&role, place)?, text: self.bound(&text) })
        };
        roles.into_iter().filter_map(brief).collect()
    }

    fn tests(&mut self, file: &Entry<'_, '_>) -> Vec<TestId> {
        let named = self.texts(file, "counts_as");
        let test = |text: reader::Text| {
            let test = TestId::new(text.said);
            self.mention(text.span, Mentioned::Test(test.clone()));
            test
        };
        named.into_iter().map(test).collect()
    }

    fn injects(&mut self, file: &Entry<'_, '_>) -> (Vec<Inject>, Vec<Expected>) {
        let entries = self.list(file, &INJECT, "inject");
        if let Some(one_more) = entries.get(MOST_INJECTS) {
            let message = format!("there are more than {MOST_INJECTS} injects: those from here on are not read");
            self.error("scenario::too-many", one_more.span.clone(), message, "split the exercise");
        }
        let (mut injects, mut expected): (Vec<Inject>, Vec<Expected>) = (Vec::new(), Vec::new());
        for entry in entries.iter().take(MOST_INJECTS) {
            let Some(id) = self.inject_id(entry, &injects) else { continue };
            let inject = self.inject(entry, id.clone());
            let fired = Milestone::Fired(id);
            let own = self.list(entry, &EXPECT, "expect");
            expected.extend(own.iter().filter_map(|expect| self.expected(expect, &fired)));
            injects.push(inject);
        }
        (injects, expected)
    }

    fn inject_id(&mut self, entry: &Entry<'_, '_>, before: &[Inject]) -> Option<InjectId> {
        let text = self.text(entry, "id")?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if !text.said.chars().all(plain) || text.said.len() > 64 {
            let help = "use letters, digits, `-`, `_` and `.`, at most 64";
            self.error("scenario::id", text.span, format!("`{}` cannot be an id", text.said), help);
            return None;
        }
        let id = InjectId::new(text.said);
        if before.iter().any(|inject| inject.id == id) {
            let help = "each id stands once: triggers and expected actions have to know which is meant";
            self.error("scenario::duplicate", text.span, format!("there is an inject `{id}` already"), help);
            return None;
        }
        self.mention(entry.span.clone(), Mentioned::Inject(id.clone()));
        Some(id)
    }

    fn inject(&mut self, entry: &Entry<'_, '_>, id: InjectId) -> Inject {
        let words = InjectKind::ALL.map(InjectKind::word);
        let kind = self.word(entry, "type", &words).and_then(|at| InjectKind::ALL.get(at).copied());
        let (after, at) = (self.milestone(entry, "after"), self.span(entry, "at"));
        let unless = self.milestone(entry, "unless");
        if at.is_none() && after.is_none() && unless.is_some() {
            let help = "add `at` or `after`, or leave `unless` out";
            let message = "`unless` holds back nothing: the facilitator fires this inject".to_owned();
            self.warning("scenario::unless", entry.span.clone(), message, help);
        }
        let when = (after.is_some() || at.is_some()).then(|| Trigger {
            after: after.unwrap_or_default(),
            plus: at.unwrap_or_default(),
            unless,
        });
        let to = self.text(entry, "to").and_then(|text| self.role(&text.said, text.span));
        Inject {
            id,
            kind: kind.unwrap_or_default(),
            when,
            from: self.said(entry, "from"),
            to: to.unwrap_or(crate::people::Role::Commander),
            channel: self.said(entry, "channel"),
            text: self.said(entry, "text"),
            effect: self.effect(entry),
            notes: self.said(entry, "notes"),
        }
    }

    /// Lines that cannot be read are left out.
    fn effect(&mut self, entry: &Entry<'_, '_>) -> Vec<String> {
        // A name that stands for nothing here stands for itself: it reads as well as what it stands for elsewhere.
        let itself = NAMES.iter().map(|(name, _)| ((*name).to_owned(), format!("${name}"))).collect();
        let mut lines = Vec::new();
        for text in self.texts(entry, "effect") {
            match world_lines(&text.said, &itself).into_iter().collect::<Result<Vec<_>, _>>() {
                Ok(read) => {
                    if references(&text.said).is_empty() {
                        self.mention(text.span, Mentioned::Effect(read));
                    }
                    lines.push(text.said);
                }
                Err(why) => {
                    let (message, help) =
                        why.split_once("; ").unwrap_or((&why, "the lines are those of `world` blocks"));
                    self.error("scenario::effect", text.span, message.to_owned(), help);
                }
            }
        }
        lines
    }

    fn fault(&mut self, entry: &Entry<'_, '_>) -> Option<StepFault> {
        const KINDS: [FaultKind; 4] = [FaultKind::Fails, FaultKind::TimesOut, FaultKind::Unknown, FaultKind::Slow];
        let on = self.text(entry, "on")?;
        let does = self.word(entry, "does", &["fails", "times-out", "unknown", "slow"]);
        let fault = StepFault {
            on: on.said,
            does: *KINDS.get(does?)?,
            text: self.said(entry, "text"),
            times: self.count(entry, "times", 1000),
            until: self.milestone(entry, "until"),
        };
        self.mention(on.span, Mentioned::Fault(fault.clone()));
        Some(fault)
    }

    fn answer(&mut self, entry: &Entry<'_, '_>) -> Option<Answer> {
        let asked = self.said(entry, "asked");
        let holds = self.flag(entry, "holds")?;
        (!asked.is_empty()).then_some(Answer { asked, holds })
    }

    fn expected(&mut self, entry: &Entry<'_, '_>, after: &Milestone) -> Option<Expected> {
        let (text, within) = (self.said(entry, "text"), self.some_time(entry, "within"));
        let own = self.milestone(entry, "after");
        let action = self.milestone(entry, "action")?;
        Some(Expected { text, action, after: own.unwrap_or_else(|| after.clone()), within })
    }

    fn wrong(&mut self, entry: &Entry<'_, '_>) -> Option<Wrong> {
        let (text, unless_after) = (self.said(entry, "text"), self.milestone(entry, "unless_after"));
        Some(Wrong { text, action: self.milestone(entry, "action")?, unless_after })
    }

    fn targets(&mut self, entry: &Entry<'_, '_>) -> Targets {
        Targets {
            detection: self.some_time(entry, "detection"),
            decision: self.some_time(entry, "decision"),
            execution: self.some_time(entry, "execution"),
            total: self.some_time(entry, "total"),
            loss: self.some_time(entry, "loss"),
            objectives: self.flag(entry, "objectives").unwrap_or_default(),
        }
    }

    fn play(&mut self, entry: &Entry<'_, '_>) -> Play {
        const CHOICES: [Choice; 2] = [Choice::FailOver, Choice::Stay];
        let decides = self.word(entry, "decides", &CHOICES.map(Choice::word));
        let severity = self.count(entry, "severity", 5).and_then(|number| u8::try_from(number).ok());
        Play {
            declares: self.milestone(entry, "declares"),
            severity: severity.map(Sev),
            decides: decides.and_then(|at| CHOICES.get(at).copied()),
            because: self.said(entry, "because"),
            fence: self.said(entry, "fence"),
            runbooks: self.list(entry, &RUNBOOK, "runbook").iter().filter_map(|walked| self.walked(walked)).collect(),
        }
    }

    fn walked(&mut self, entry: &Entry<'_, '_>) -> Option<Walked> {
        let runbook = self.text(entry, "runbook")?;
        self.mention(runbook.span, Mentioned::Walked(runbook.said.clone()));
        let mut values = BTreeMap::new();
        for (name, place, text) in self.texts_by_name(entry, "values") {
            if !self.is_lacking(&text) {
                let value = self.bound(&text);
                self.mention(
                    place,
                    Mentioned::Value { runbook: runbook.said.clone(), name: name.clone(), value: value.clone() },
                );
                values.insert(name, value);
            }
        }
        let planned = self.word(entry, "mode", &["planned", "forced"]) == Some(0);
        Some(Walked {
            runbook: runbook.said,
            mode: if planned { Mode::Planned } else { Mode::Forced },
            back: self.flag(entry, "back").unwrap_or_default(),
            after: self.milestone(entry, "after"),
            values,
        })
    }
}
