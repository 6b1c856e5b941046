//! From the text of a scenario's file to what it says.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{
    Answer, Brief, Choice, Expected, FaultKind, Inject, InjectKind, Milestone, Play, Scenario, StepFault, Targets,
    Trigger, Walked, Wrong,
};
use crate::diagnostic::Diagnostic;
use crate::ident::{InjectId, TestId};
use crate::log::{Mode, Sev};
use crate::people::Role;
use crate::runbook::substitute;
use crate::time::parse_duration;

/// EndEx where the file names none.
const LASTS: Duration = Duration::from_secs(60 * 60);

/// What came of reading a file: what is wrong is among the diagnostics, and left out of the scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    pub scenario: Scenario,
    pub diagnostics: Vec<Diagnostic>,
}

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Text,
    #[serde(default)]
    summary: Option<Text>,
    #[serde(default)]
    objectives: Vec<Text>,
    #[serde(default)]
    preconditions: Vec<Text>,
    #[serde(default)]
    counts_as: Vec<String>,
    lasts: Option<Text>,
    #[serde(default)]
    roles: BTreeMap<Text, Text>,
    #[serde(default, rename = "inject")]
    injects: Vec<InjectEntry>,
    #[serde(default, rename = "fault")]
    faults: Vec<FaultEntry>,
    #[serde(default, rename = "answer")]
    answers: Vec<AnswerEntry>,
    #[serde(default, rename = "expect")]
    expected: Vec<ExpectEntry>,
    #[serde(default)]
    wrong: Vec<WrongEntry>,
    #[serde(default)]
    targets: TargetsEntry,
    #[serde(default)]
    play: PlayEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InjectEntry {
    id: Text,
    #[serde(default, rename = "type")]
    kind: InjectKind,
    at: Option<Text>,
    after: Option<Text>,
    unless: Option<Text>,
    #[serde(default)]
    from: Option<Text>,
    to: Option<Text>,
    channel: Option<Text>,
    text: Option<Text>,
    #[serde(default)]
    effect: Vec<Text>,
    notes: Option<Text>,
    #[serde(default, rename = "expect")]
    expected: Vec<ExpectEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultEntry {
    on: Text,
    does: FaultKind,
    text: Option<Text>,
    times: Option<u32>,
    until: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerEntry {
    asked: Text,
    holds: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectEntry {
    text: Text,
    action: Text,
    after: Option<Text>,
    within: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrongEntry {
    text: Text,
    action: Text,
    unless_after: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsEntry {
    detection: Option<Text>,
    decision: Option<Text>,
    execution: Option<Text>,
    total: Option<Text>,
    loss: Option<Text>,
    #[serde(default)]
    objectives: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlayEntry {
    declares: Option<Text>,
    severity: Option<u8>,
    decides: Option<Text>,
    because: Option<Text>,
    fence: Option<Text>,
    #[serde(default, rename = "runbook")]
    runbooks: Vec<WalkedEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WalkedEntry {
    runbook: Text,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    back: bool,
    after: Option<Text>,
    #[serde(default)]
    values: BTreeMap<String, Text>,
}

/// Reads a scenario with the names of an estate. Whatever the text is, this ends with a scenario and with what is wrong
/// with it, in the order of the text.
#[must_use]
pub fn parse(text: &str, names: &BTreeMap<String, String>) -> Parsed {
    let mut reader = Reader { names, diagnostics: Vec::new() };
    let scenario = match toml::from_str::<File>(text) {
        Ok(file) => reader.scenario(file),
        Err(error) => {
            reader.error("scenario::syntax", error.span().unwrap_or(0..0), error.message().to_owned());
            Scenario::default()
        }
    };
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|found| found.span.start);
    Parsed { scenario: Scenario { source: Arc::from(text), ..scenario }, diagnostics }
}

struct Reader<'n> {
    names: &'n BTreeMap<String, String>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, span: Range<usize>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, span, message));
    }

    fn scenario(&mut self, file: File) -> Scenario {
        let mut expected: Vec<Expected> =
            file.expected.into_iter().filter_map(|entry| self.expected(&entry, &Milestone::StartEx)).collect();
        let mut injects = Vec::new();
        for entry in file.injects {
            let (inject, of_inject) = self.inject(entry);
            expected.extend(of_inject);
            injects.push(inject);
        }
        Scenario {
            source: Arc::default(),
            title: self.text(&file.title),
            summary: self.optional(file.summary.as_ref()),
            objectives: file.objectives.iter().map(|text| self.text(text)).collect(),
            roles: file.roles.iter().filter_map(|(role, text)| self.brief(role, text)).collect(),
            preconditions: file.preconditions.iter().map(|text| self.text(text)).collect(),
            counts_as: file.counts_as.into_iter().map(TestId::new).collect(),
            lasts: self.span(file.lasts.as_ref()).unwrap_or(LASTS),
            injects,
            faults: file.faults.into_iter().map(|entry| self.fault(&entry)).collect(),
            answers: file
                .answers
                .into_iter()
                .map(|entry| Answer { asked: self.text(&entry.asked), holds: entry.holds })
                .collect(),
            expected,
            wrong: file.wrong.into_iter().filter_map(|entry| self.wrong(&entry)).collect(),
            targets: self.targets(&file.targets),
            play: self.play(file.play),
        }
    }

    fn inject(&mut self, entry: InjectEntry) -> (Inject, Vec<Expected>) {
        let id = InjectId::new(entry.id.get_ref().as_str());
        let after = self.milestone(entry.after.as_ref());
        let at = self.span(entry.at.as_ref());
        let when = (after.is_some() || at.is_some()).then(|| Trigger {
            after: after.unwrap_or_default(),
            plus: at.unwrap_or_default(),
            unless: self.milestone(entry.unless.as_ref()),
        });
        let fired = Milestone::Fired(id.clone());
        let expected = entry.expected.into_iter().filter_map(|expect| self.expected(&expect, &fired)).collect();
        let inject = Inject {
            kind: entry.kind,
            when,
            from: self.optional(entry.from.as_ref()),
            to: entry.to.as_ref().and_then(|role| self.role(role)).unwrap_or(Role::Commander),
            channel: self.optional(entry.channel.as_ref()),
            text: self.optional(entry.text.as_ref()),
            effect: entry.effect.iter().map(|line| self.text(line)).collect(),
            notes: self.optional(entry.notes.as_ref()),
            id,
        };
        (inject, expected)
    }

    fn fault(&mut self, entry: &FaultEntry) -> StepFault {
        StepFault {
            on: self.text(&entry.on),
            does: entry.does,
            text: self.optional(entry.text.as_ref()),
            times: entry.times,
            until: self.milestone(entry.until.as_ref()),
        }
    }

    fn expected(&mut self, entry: &ExpectEntry, after: &Milestone) -> Option<Expected> {
        Some(Expected {
            text: self.text(&entry.text),
            action: self.milestone(Some(&entry.action))?,
            after: self.milestone(entry.after.as_ref()).unwrap_or_else(|| after.clone()),
            within: self.span(entry.within.as_ref()),
        })
    }

    fn wrong(&mut self, entry: &WrongEntry) -> Option<Wrong> {
        Some(Wrong {
            text: self.text(&entry.text),
            action: self.milestone(Some(&entry.action))?,
            unless_after: self.milestone(entry.unless_after.as_ref()),
        })
    }

    fn targets(&mut self, entry: &TargetsEntry) -> Targets {
        Targets {
            detection: self.span(entry.detection.as_ref()),
            decision: self.span(entry.decision.as_ref()),
            execution: self.span(entry.execution.as_ref()),
            total: self.span(entry.total.as_ref()),
            loss: self.span(entry.loss.as_ref()),
            objectives: entry.objectives,
        }
    }

    fn play(&mut self, entry: PlayEntry) -> Play {
        let decides = entry.decides.as_ref().and_then(|text| {
            let choice = [Choice::FailOver, Choice::Stay].into_iter().find(|choice| choice.word() == text.get_ref());
            if choice.is_none() {
                self.error("scenario::decides", text.span(), "a decision is `to fail over` or `to stay`");
            }
            choice
        });
        Play {
            declares: self.milestone(entry.declares.as_ref()),
            severity: entry.severity.map(Sev),
            decides,
            because: self.optional(entry.because.as_ref()),
            fence: self.optional(entry.fence.as_ref()),
            runbooks: entry.runbooks.into_iter().map(|walked| self.walked(walked)).collect(),
        }
    }

    fn walked(&mut self, entry: WalkedEntry) -> Walked {
        Walked {
            runbook: self.text(&entry.runbook),
            mode: entry.mode,
            back: entry.back,
            after: self.milestone(entry.after.as_ref()),
            values: entry.values.into_iter().map(|(name, value)| (name, self.text(&value))).collect(),
        }
    }

    fn brief(&mut self, role: &Text, text: &Text) -> Option<Brief> {
        Some(Brief { role: self.role(role)?, text: self.text(text) })
    }

    fn role(&mut self, text: &Text) -> Option<Role> {
        let role = Role::parse(text.get_ref());
        if role.is_none() {
            let known: Vec<&str> = Role::ALL.into_iter().map(Role::name).collect();
            self.error("scenario::role", text.span(), format!("no role `{}`: {}", text.get_ref(), known.join(", ")));
        }
        role
    }

    fn milestone(&mut self, text: Option<&Text>) -> Option<Milestone> {
        let text = text?;
        match Milestone::parse(&self.text(text)) {
            Ok(milestone) => Some(milestone),
            Err(why) => {
                self.error("scenario::milestone", text.span(), why);
                None
            }
        }
    }

    /// `T+5m` is as good as `5m`.
    fn span(&mut self, text: Option<&Text>) -> Option<Duration> {
        let text = text?;
        let written = text.get_ref().trim();
        match parse_duration(written.strip_prefix("T+").unwrap_or(written)) {
            Ok(span) => Some(span),
            Err(why) => {
                self.error("scenario::duration", text.span(), why);
                None
            }
        }
    }

    fn optional(&mut self, text: Option<&Text>) -> String {
        text.map(|text| self.text(text)).unwrap_or_default()
    }

    /// With the names of the estate in the place of `$FROM` and the others.
    fn text(&mut self, text: &Text) -> String {
        match substitute(text.get_ref().trim(), self.names) {
            Ok(text) => text,
            Err(why) => {
                self.error("scenario::name", text.span(), why);
                text.get_ref().clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_read_with_the_names_of_an_estate() {
        let names = BTreeMap::from([("FROM".to_owned(), "east".to_owned())]);
        let text = "title = \"$FROM is dark\"\nlasts = \"30m\"\n\n[[inject]]\nid = \"dark\"\nat = \"T+2m\"\nto = \"operator\"\ntext = \"$FROM does not answer\"\neffect = [\"down $FROM\"]\n\n[[inject.expect]]\ntext = \"Declare\"\naction = \"declared\"\nwithin = \"2m\"\n";
        let read = parse(text, &names);
        assert_eq!(read.diagnostics, vec![]);
        let scenario = read.scenario;
        assert_eq!(scenario.title, "east is dark");
        let inject = &scenario.injects[0];
        assert_eq!(inject.effect, ["down east"]);
        assert_eq!(inject.when.as_ref().unwrap().plus, Duration::from_secs(120));
        assert_eq!(scenario.expected[0].after, Milestone::Fired("dark".into()));
    }

    #[test]
    fn what_is_wrong_is_said_where_it_stands() {
        let text = "title = \"x\"\nlasts = \"soon\"\n\n[[inject]]\nid = \"a\"\nafter = \"doomsday\"\n";
        let codes: Vec<_> = parse(text, &BTreeMap::new()).diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(codes, ["scenario::duration", "scenario::milestone"]);
        assert_eq!(parse("title = [", &BTreeMap::new()).diagnostics[0].code, "scenario::syntax");
    }
}
