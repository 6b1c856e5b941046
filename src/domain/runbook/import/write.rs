//! The native runbook that is written: what was inferred, in the format's own words, with nothing marked to run.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::fields::{self, Key, Line};
use super::document::Document;
use super::infer::{Inferred, Phase, Step};
use super::modernise::modernise;
use super::placeholders::Declared;
use super::{Inference, sections};

/// What is gathered while the steps are written.
#[derive(Default)]
struct Written {
    body: String,
    declared: Declared,
    ids: BTreeMap<String, usize>,
    notes: Vec<Inference>,
    /// Where each step begins in `body`.
    places: Vec<usize>,
}

/// Writes it, and tells where each step begins in it. What is changed on the way is added to the notes.
pub(super) fn write(document: &Document, inferred: &mut Inferred) -> (String, Vec<usize>) {
    let mut written = Written::default();
    for phase in &inferred.phases {
        write_phase(phase, &mut written);
    }
    let Written { body, declared, mut notes, places, .. } = written;
    inferred.notes.append(&mut notes);
    let title = document.title.as_deref().unwrap_or("Imported runbook");
    let mut text = format!("---\nrunbook: 1\ntitle: {}\ntype: {}\n", quoted(title), kind(document, inferred));
    if !declared.0.is_empty() {
        text.push_str("vars:\n");
        for (name, was) in &declared.0 {
            let _ = writeln!(text, "  {name}: {{type: string, prompt: {}}}", quoted(&format!("{was} in the document")));
        }
    }
    let _ = write!(text, "---\n\n# {}\n\n", escaped(title));
    text.push_str(
        "Imported: read every step against the document it came from. Nothing here is marked to run: a block runs once its\n\
         fence says so, such as `bash run` or `sql run`; give each one a target, a guard before and a verify after.\n",
    );
    for prose in &inferred.preamble {
        let _ = write!(text, "\n{}\n", paragraph(prose, ""));
    }
    let places = places.into_iter().map(|place| text.len() + place).collect();
    text.push_str(&body);
    (text, places)
}

fn kind(document: &Document, inferred: &Inferred) -> &'static str {
    let has = |words: &[&str]| {
        let titles = inferred.phases.iter().map(|phase| phase.title.as_str()).chain(document.title.as_deref());
        titles.map(str::to_lowercase).any(|title| words.iter().any(|word| title.contains(word)))
    };
    if has(&["failover", "fail over", "disaster"]) {
        "failover"
    } else if has(&["restore", "backup"]) {
        "restore"
    } else {
        "incident"
    }
}

fn write_phase(phase: &Phase, written: &mut Written) {
    let body = &mut written.body;
    let _ = write!(body, "\n## {}\n", escaped(&phase.title));
    for prose in &phase.prose {
        let _ = write!(body, "\n{}\n", paragraph(prose, ""));
    }
    for step in &phase.steps {
        write_step(step, written);
    }
}

fn write_step(step: &Step, written: &mut Written) {
    let Written { body, declared, ids, notes, places } = written;
    body.push('\n');
    places.push(body.len());
    let _ = writeln!(body, "- [ ] **{}** <!-- id: {} -->", escaped(&step.title), id(&step.title, ids));
    let (step, prose) = with_fields(step);
    let mut fields = Vec::new();
    fields.extend(step.owner.as_ref().map(|owner| format!("Owner: {}", escaped(owner))));
    fields.extend(step.duration.as_ref().map(|duration| format!("Duration: {duration}")));
    if !fields.is_empty() {
        let _ = write!(body, "\n  {}\n", fields.join("; "));
    }
    for prose in &prose {
        let _ = write!(body, "\n{}\n", paragraph(prose, "  "));
    }
    if !step.substeps.is_empty() {
        body.push('\n');
    }
    for substep in &step.substeps {
        let _ = writeln!(body, "  - [ ] {}", escaped(substep));
    }
    for command in &step.commands {
        let (text, changed) = if matches!(command.lang.as_str(), "bash" | "sql") {
            modernise(&declared.take(&command.lang, &command.text))
        } else {
            (command.text.clone(), Vec::new())
        };
        fence(body, &command.lang, &text);
        if let Some(expected) = &command.expected {
            fence(body, "text expect", expected);
        }
        for note in changed {
            let _ = write!(body, "\n{}\n", paragraph(&format!("Import: {note}."), "  "));
            let text = format!("“{}”: {note}", step.title);
            notes.push(Inference { span: step.span.clone(), confidence: None, text });
        }
    }
}

/// The step with the owner and the duration that its prose names, and the prose without them. Other lines that have the
/// shape of a field are put in brackets: what they mean here is for a person to say.
fn with_fields(step: &Step) -> (Step, Vec<String>) {
    let mut step = step.clone();
    let mut prose = Vec::new();
    for paragraph in std::mem::take(&mut step.prose) {
        let mut lines = Vec::new();
        for line in paragraph.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match fields::read(line) {
                Line::Prose => lines.push(line.to_owned()),
                Line::Fields(found) if found.iter().all(|(key, value)| step.takes_field(*key, value)) => {}
                Line::Fields(_) | Line::Mixed(_) | Line::Misspelt(..) => lines.push(format!("({line})")),
            }
        }
        if !lines.is_empty() {
            prose.push(lines.join("\n"));
        }
    }
    (step, prose)
}

impl Step {
    /// Whether the field says who or how long, once.
    fn takes_field(&mut self, key: Key, value: &str) -> bool {
        let place = match key {
            Key::Owner => &mut self.owner,
            Key::Duration => &mut self.duration,
            _ => return false,
        };
        let value = if key == Key::Duration { sections::duration(value) } else { Some(value.to_owned()) };
        match (place.is_none(), value) {
            (true, Some(value)) => {
                *place = Some(value);
                true
            }
            _ => false,
        }
    }
}

/// Inside a step; longer than any run of backquotes in it.
fn fence(body: &mut String, info: &str, text: &str) {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let marks = "`".repeat((longest + 1).max(3));
    let _ = write!(body, "\n  {marks}{info}\n");
    for line in text.lines() {
        let _ = writeln!(body, "{}", format!("  {line}").trim_end());
    }
    let _ = writeln!(body, "  {marks}");
}

/// Letters and digits of the title, once each.
fn id(title: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let mut slug = String::new();
    for c in title.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= 40 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    let slug = if slug.is_empty() { "step" } else { slug };
    let mut name = slug.to_owned();
    let mut number = taken.get(slug).copied().unwrap_or(1);
    while taken.contains_key(&name) {
        number += 1;
        name = format!("{slug}-{number}");
    }
    taken.insert(slug.to_owned(), number);
    taken.insert(name.clone(), 1);
    name
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Text that Markdown leaves as it is.
fn escaped(text: &str) -> String {
    let text = crate::untrusted::sanitise_line(text);
    let mut escaped = String::new();
    let (mut code, mut before) = (false, ' ');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        code ^= c == '`';
        // Inside a word an underscore is one.
        let inside = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        if !code && (matches!(c, '*' | '[' | ']' | '<' | '\\') || c == '_' && !inside) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

/// Lines of prose, none of which Markdown would read as something else.
fn paragraph(text: &str, indent: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let line = escaped(line);
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = digits.len() < line.len() && digits.starts_with(['.', ')']);
        let marked = line.starts_with(['#', '-', '+', '>', '=', '~', '|', '`']);
        match () {
            () if numbered => {
                let number = &line[..line.len() - digits.len()];
                format!("{indent}{number}\\{digits}")
            }
            () if marked => format!("{indent}\\{line}"),
            () => format!("{indent}{line}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
