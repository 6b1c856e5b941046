//! What the fields of a step say, and whether it can be so.

use std::ops::Range;

use super::Reader;
use crate::diagnostic::did_you_mean;
use crate::estate::Estate;
use crate::ident::{PersonId, StepId};
use crate::people::Seat;
use crate::runbook::check_line::references;
use crate::runbook::fields::{self, Key};
use crate::runbook::model::{Approval, Condition, Confirm, Target, VariableKind};
use crate::runbook::{block, variables};
use crate::untrusted::sanitise_line;

impl Reader<'_, '_, '_> {
    pub(super) fn field(&mut self, key: Key, value: &str, at: &Range<usize>) {
        let value = sanitise_line(value);
        let value = value.as_str();
        if self.seen.contains(&key) {
            return self.error("runbook::field-twice", at, format!("this field is given twice (`{value}`)"), None);
        }
        self.seen.push(key);
        let wrong = |help: &str| (format!("`{value}` is not a value of this field"), Some(help.to_owned()));
        let problem = match key {
            Key::Owner => {
                self.step.owner = Some(Seat::parse(value));
                self.seat(value, at);
                None
            }
            Key::On => {
                self.step.on = Some(Target(value.to_owned()));
                self.target(value, at);
                None
            }
            Key::Duration => {
                self.step.expected = fields::expected(value);
                self.step.expected.is_none().then(|| wrong("write 5m, 5-10m or ~10 min"))
            }
            Key::Hold => {
                self.step.hold = fields::expected(value).map(|expected| expected.high);
                self.step.hold.is_none().then(|| wrong("write how long: 1h or 24h"))
            }
            Key::Undo => {
                self.step.undo = Some(value.to_owned());
                None
            }
            Key::PointOfNoReturn => {
                self.step.point_of_no_return = fields::yes_no(value).unwrap_or(true);
                fields::yes_no(value).is_none().then(|| wrong("write yes or no"))
            }
            Key::Confirm => self.confirm(value, at).then(|| wrong("write yes, `type TEXT`, or no on a readonly block")),
            Key::Approval => {
                self.approval(value, at).then(|| wrong("write `data-owner` or `data-owner or commander after 2m`"))
            }
            Key::When => match fields::conditions(value) {
                Ok(conditions) => {
                    self.conditions(&conditions, at);
                    self.step.when = conditions;
                    None
                }
                Err(why) => Some((
                    why,
                    Some(
                        "write `NAME = v`, `NAME != v`, `NAME in a, b`, `NAME set` or `NAME unset`, joined by `and`"
                            .to_owned(),
                    ),
                )),
            },
            Key::After => {
                self.step.after = value.split(',').map(|id| StepId::new(id.trim().trim_matches('`'))).collect();
                None
            }
        };
        if let Some((message, help)) = problem {
            self.error("runbook::field-value", at, message, help);
        }
    }

    /// `true` when the value is wrong.
    fn confirm(&mut self, value: &str, at: &Range<usize>) -> bool {
        let lower = value.to_lowercase();
        self.step.confirm = match lower.as_str() {
            "yes" => Confirm::Usual,
            "no" => Confirm::No,
            _ if lower.starts_with("type ") => {
                let text = value["type ".len()..].trim().to_owned();
                self.declared(&text, at);
                Confirm::Type(text)
            }
            _ => return true,
        };
        false
    }

    /// `true` when the value is wrong.
    fn approval(&mut self, value: &str, at: &Range<usize>) -> bool {
        let (by, fallback) = value.split_once(" or ").map_or((value, None), |(by, rest)| (by, Some(rest)));
        let fallback = match fallback.map(|rest| rest.split_once(" after ")) {
            None => None,
            Some(None) => return true,
            Some(Some((seat, span))) => match fields::span(span) {
                Some(span) => Some((seat.trim(), span)),
                None => return true,
            },
        };
        self.seat(by, at);
        if let Some((seat, _)) = fallback {
            self.seat(seat, at);
        }
        self.step.approval =
            Some(Approval { by: Seat::parse(by), fallback: fallback.map(|(seat, span)| (Seat::parse(seat), span)) });
        false
    }

    /// A seat must be one of the runbook's roles, a role of the incident, or a person of the estate.
    fn seat(&mut self, name: &str, at: &Range<usize>) {
        let name = name.trim();
        let people = self.findings.estate.map(|estate| estate.people.as_slice()).unwrap_or_default();
        let listed = self.runbook.roles.iter().any(|role| role.eq_ignore_ascii_case(name));
        let person = people.iter().any(|person| person.name == PersonId::new(name));
        let strict = !self.runbook.roles.is_empty() || !people.is_empty();
        let role = matches!(Seat::parse(name), Seat::Role(_));
        if listed || person || role || !strict {
            return;
        }
        let roles = crate::people::Role::ALL.iter().map(|role| role.name());
        let known = self.runbook.roles.iter().map(String::as_str).chain(roles);
        let help = did_you_mean(name, known.chain(people.iter().map(|person| person.name.as_str())))
            .or_else(|| Some("add it to `roles:` in the front matter".to_owned()));
        self.error("runbook::owner", at, format!("`{name}` is neither a role nor a person"), help);
    }

    fn declared(&mut self, text: &str, at: &Range<usize>) {
        for (_, _, name) in references(text) {
            if !variables::known(name, &self.runbook.vars) {
                let help = variables::nearest(name, &self.runbook.vars);
                self.error("runbook::undeclared", at, format!("`${name}` is not declared"), help);
            }
        }
    }

    fn target(&mut self, value: &str, at: &Range<usize>) {
        self.declared(value, at);
        if let Some(estate) = self.findings.estate
            && let Err((message, help)) = block::entity(value, estate)
        {
            self.error("runbook::unknown-name", at, message, help);
        }
    }

    fn conditions(&mut self, conditions: &[Condition], at: &Range<usize>) {
        for condition in conditions {
            let (name, values) = match condition {
                Condition::Is(name, value) | Condition::IsNot(name, value) => (name, std::slice::from_ref(value)),
                Condition::In(name, values) => (name, values.as_slice()),
                Condition::Set(name) | Condition::Unset(name) => (name, [].as_slice()),
            };
            if !variables::known(name, &self.runbook.vars) {
                let help = variables::nearest(name, &self.runbook.vars);
                self.error("runbook::undeclared", at, format!("`{name}` is not declared"), help);
                continue;
            }
            let estate = self.findings.estate;
            let choices: Vec<&str> = match self.runbook.vars.iter().find(|var| var.name == *name).map(|var| &var.kind) {
                Some(VariableKind::Choice { of }) => of.iter().map(String::as_str).collect(),
                Some(VariableKind::Bool) => vec!["true", "false"],
                None if name == "MODE" => vec!["planned", "forced"],
                Some(VariableKind::Region) => regions(estate),
                None if matches!(name.as_str(), "FROM" | "TO") => regions(estate),
                _ => continue,
            };
            for value in values.iter().filter(|value| !choices.is_empty() && !choices.contains(&value.as_str())) {
                let help = did_you_mean(value, choices.iter().copied())
                    .or_else(|| Some(format!("it is one of {}", choices.join(", "))));
                self.error("runbook::field-value", at, format!("`{name}` is never `{value}`"), help);
            }
        }
    }
}

/// What a region may be called; nothing is known of that without an estate.
fn regions(estate: Option<&Estate>) -> Vec<&str> {
    estate.iter().flat_map(|estate| &estate.regions).map(|region| region.id.as_str()).collect()
}
