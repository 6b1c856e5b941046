//! One value after the other out of the file's tables, and what is wrong with each.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::bind::NAMES;
use super::super::keys::Section;
use super::super::{Mention, Mentioned, Milestone};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::people::Role;
use crate::runbook::check_line::references;
use crate::time::parse_duration;
use crate::toml_text;
use crate::untrusted::sanitise;

/// A table, and where it stands.
#[derive(Clone)]
pub(super) struct Entry<'t, 'i> {
    table: &'t DeTable<'i>,
    pub(super) span: Range<usize>,
}

type Value<'t, 'i> = &'t Spanned<DeValue<'i>>;

pub(super) struct Reader<'n> {
    names: &'n BTreeMap<String, String>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) mentions: Vec<Mention>,
}

impl<'n> Reader<'n> {
    pub(super) const fn new(names: &'n BTreeMap<String, String>) -> Self {
        Self { names, diagnostics: Vec::new(), mentions: Vec::new() }
    }

    pub(super) fn error(&mut self, code: &'static str, span: Range<usize>, message: String, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, span, message).help(help));
    }

    pub(super) fn warning(&mut self, code: &'static str, span: Range<usize>, message: String, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(code, span, message).help(help));
    }

    /// A table of the file against what is known of it.
    pub(super) fn open<'t, 'i>(
        &mut self,
        section: &Section,
        table: &'t DeTable<'i>,
        span: Range<usize>,
    ) -> Entry<'t, 'i> {
        let place = if section.heading.is_empty() { "a scenario" } else { section.heading };
        for (name, _) in table {
            let word = name.get_ref().as_ref();
            if section.keys.iter().all(|key| key.name != word) {
                let known = section.keys.iter().map(|key| key.name);
                let help = did_you_mean(word, known.clone())
                    .unwrap_or_else(|| format!("its keys are {}", known.collect::<Vec<_>>().join(", ")));
                self.error("scenario::unknown-key", name.span(), format!("{place} has no key `{word}`"), help);
            }
        }
        for key in section.keys.iter().filter(|key| key.default.is_none() && !table.contains_key(key.name)) {
            let help = format!("add `{} = …`: {}", key.name, key.value);
            self.error("scenario::missing-key", span.clone(), format!("{place} needs `{}`", key.name), help);
        }
        Entry { table, span }
    }

    /// The table under a key.
    pub(super) fn sub<'t, 'i>(&mut self, of: &Entry<'t, 'i>, section: &Section, key: &str) -> Option<Entry<'t, 'i>> {
        let value = of.table.get(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(self.open(section, table, value.span())),
            None => {
                self.not(value, "a table", &format!("write `{}` on a line of its own", section.heading));
                None
            }
        }
    }

    /// The tables of `[[key]]`.
    pub(super) fn list<'t, 'i>(&mut self, of: &Entry<'t, 'i>, section: &Section, key: &str) -> Vec<Entry<'t, 'i>> {
        let Some(value) = of.table.get(key) else { return Vec::new() };
        let help = format!("write `{}` on a line of its own, for each one", section.heading);
        let Some(items) = value.get_ref().as_array() else {
            self.not(value, "a list of tables", &help);
            return Vec::new();
        };
        let mut entries = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(table) => entries.push(self.open(section, table, item.span())),
                None => self.not(item, "a table", &help),
            }
        }
        entries
    }

    /// Names and texts, in the order of the file.
    pub(super) fn texts_by_name(&mut self, of: &Entry<'_, '_>, key: &str) -> Vec<(String, Range<usize>, Text)> {
        let Some(value) = of.table.get(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            self.not(value, "names and texts", &format!("write `{key}` as a table: NAME = \"…\""));
            return Vec::new();
        };
        let mut found: Vec<_> = Vec::new();
        for (name, value) in table {
            if let Some(text) = self.raw(value) {
                found.push((name.get_ref().to_string(), name.span(), text));
            }
        }
        found.sort_by_key(|(_, span, _)| span.start);
        found
    }

    /// With the names of the estate in the place of `$FROM` and the others.
    pub(super) fn text(&mut self, of: &Entry<'_, '_>, key: &str) -> Option<Text> {
        let text = self.raw(of.table.get(key)?)?;
        Some(Text { said: self.bound(&text), span: text.span })
    }

    pub(super) fn said(&mut self, of: &Entry<'_, '_>, key: &str) -> String {
        self.text(of, key).map(|text| text.said).unwrap_or_default()
    }

    pub(super) fn texts(&mut self, of: &Entry<'_, '_>, key: &str) -> Vec<Text> {
        let Some(value) = of.table.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.not(value, "a list of texts", &format!("write `{key} = [\"…\"]`"));
            return Vec::new();
        };
        let raw: Vec<Text> = items.iter().filter_map(|item| self.raw(item)).collect();
        raw.into_iter().map(|text| Text { said: self.bound(&text), span: text.span }).collect()
    }

    pub(super) fn flag(&mut self, of: &Entry<'_, '_>, key: &str) -> Option<bool> {
        let value = of.table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.not(value, "true or false", "without quotes");
        }
        flag
    }

    pub(super) fn count(&mut self, of: &Entry<'_, '_>, key: &str, most: u32) -> Option<u32> {
        let value = of.table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.to_string().parse::<u32>().ok(),
            _ => None,
        };
        let number = number.filter(|number| (1..=most).contains(number));
        if number.is_none() {
            self.not(value, &format!("a whole number from 1 to {most}"), "without quotes");
        }
        number
    }

    /// One of some words, by its place among them.
    pub(super) fn word(&mut self, of: &Entry<'_, '_>, key: &str, words: &[&str]) -> Option<usize> {
        let text = self.raw(of.table.get(key)?)?;
        let found = words.iter().position(|word| *word == text.said);
        if found.is_none() {
            let help = did_you_mean(&text.said, words.iter().copied())
                .unwrap_or_else(|| format!("write one of {}", words.join(", ")));
            self.error("scenario::word", text.span, format!("`{key}` cannot be `{}`", text.said), help);
        }
        found
    }

    pub(super) fn role(&mut self, word: &str, span: Range<usize>) -> Option<Role> {
        let role = Role::parse(word);
        if role.is_none() {
            let known = Role::ALL.into_iter().map(Role::name);
            let help = did_you_mean(word, known.clone())
                .unwrap_or_else(|| format!("roles are {}", known.collect::<Vec<_>>().join(", ")));
            self.error("scenario::role", span, format!("there is no role `{word}`"), help);
        }
        role
    }

    pub(super) fn milestone(&mut self, of: &Entry<'_, '_>, key: &str) -> Option<Milestone> {
        let text = self.text(of, key)?;
        match Milestone::parse(&text.said) {
            Ok(milestone) => {
                self.mention(text.span, Mentioned::Milestone(milestone.clone()));
                Some(milestone)
            }
            Err(why) => {
                let (message, help) = why.split_once(": ").unwrap_or((&why, "see the list of milestones"));
                self.error("scenario::milestone", text.span, message.to_owned(), help);
                None
            }
        }
    }

    pub(super) fn mention(&mut self, span: Range<usize>, what: Mentioned) {
        self.mentions.push(Mention { span, what });
    }

    /// `T+5m` is as good as `5m`.
    pub(super) fn span(&mut self, of: &Entry<'_, '_>, key: &str) -> Option<Duration> {
        let text = self.raw(of.table.get(key)?)?;
        let written = text.said.strip_prefix("T+").unwrap_or(&text.said);
        match parse_duration(written) {
            Ok(span) => Some(span),
            Err(why) => {
                self.error("scenario::duration", text.span, why, "times are written 90s, 5m, 1h30m; an offset T+5m");
                None
            }
        }
    }

    /// A time that is more than nothing.
    pub(super) fn some_time(&mut self, of: &Entry<'_, '_>, key: &str) -> Option<Duration> {
        let span = self.span(of, key)?;
        if span.is_zero() {
            let place = of.table.get(key).map_or(0..0, Spanned::span);
            let help = "nobody can meet it: write a time, or leave the key out so that it is not judged";
            self.error("scenario::zero", place, format!("`{key}` is no time at all"), help);
            return None;
        }
        Some(span)
    }

    fn raw(&mut self, value: Value<'_, '_>) -> Option<Text> {
        let Some(text) = value.get_ref().as_str() else {
            self.not(value, "text", "text stands in quotes: \"…\"");
            return None;
        };
        let said = sanitise(text.trim());
        if said.is_empty() {
            let help = "write it, or leave the key out";
            self.error("scenario::empty", value.span(), "there is nothing in it".to_owned(), help);
            return None;
        }
        Some(Text { said, span: value.span() })
    }

    /// A name of a scenario that stands for nothing is left as it is written.
    pub(super) fn bound(&mut self, text: &Text) -> String {
        let mut out = String::with_capacity(text.said.len());
        let mut from = 0;
        for (at, len, name) in references(&text.said) {
            match self.names.get(name) {
                Some(value) => {
                    out.push_str(&text.said[from..at]);
                    out.push_str(&sanitise(value));
                    from = at + len;
                }
                None if NAMES.iter().any(|(known, _)| *known == name) => {}
                None => {
                    let known = NAMES.iter().map(|(known, _)| *known);
                    let help = did_you_mean(name, known.clone())
                        .unwrap_or_else(|| format!("names are ${}", known.collect::<Vec<_>>().join(", $")));
                    self.error("scenario::name", text.span.clone(), format!("`${name}` stands for nothing"), help);
                }
            }
        }
        out.push_str(&text.said[from..]);
        out
    }

    /// A value that is nothing but a name without a value here.
    pub(super) fn is_lacking(&self, text: &Text) -> bool {
        matches!(references(&text.said).as_slice(), [(0, len, name)]
            if *len == text.said.len() && !self.names.is_empty() && !self.names.contains_key(*name)
                && NAMES.iter().any(|(known, _)| known == name))
    }

    fn not(&mut self, value: Value<'_, '_>, expected: &str, help: &str) {
        let found = toml_text::word(value.get_ref());
        self.error("scenario::type", value.span(), format!("this is {found}, and {expected} is expected"), help);
    }
}

/// What is written, made safe to show, and where.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) said: String,
    pub(super) span: Range<usize>,
}
