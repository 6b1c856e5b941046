//! Which parts of a section are steps: task items, numbered headings, `Step 2:` in a block, numbered lists, tables, and
//! the comments of scripts, in this order of trust.

use std::sync::LazyLock;

use regex::Regex;

use super::commands;
use super::document::{Code, Document, Item, Piece, Section};
use super::infer::Step;
use super::{Confidence, sections};
use crate::untrusted::sanitise_line;

/// Steps and blocks of one section that are compared with each other.
const COMPARED: usize = 100;

/// A heading such as `Step 2: Promote (30s)`, with what stands under it.
pub(super) fn by_heading(section: &Section) -> Option<Step> {
    let named = sections::numbered(&section.title).filter(|_| section.level > 1)?;
    let (title, duration) = sections::timed(&named);
    let mut step = Step { title, duration, span: section.span.clone(), ..Step::default() };
    step.takes(&section.pieces);
    Some(step)
}

/// The steps of one section, how sure they are, and what they were made of.
pub(super) fn of_section(document: &Document, at: usize) -> Option<(Vec<Step>, Confidence, &'static str)> {
    let section = &document.sections[at];
    let procedural = sections::procedural(document, at);
    let found = if let Some(steps) = tasks(section) {
        (steps, Confidence::High, "a task item")
    } else if let Some(steps) = codes(section).find_map(written_out) {
        return Some((steps, Confidence::Medium, "a numbered line in a block"));
    } else if let Some(steps) = numbered_list(section).filter(|_| procedural) {
        (steps, Confidence::Medium, "a numbered list")
    } else if let Some(steps) = table(section) {
        (steps, Confidence::Medium, "a row of a table")
    } else {
        let steps: Vec<Step> = codes(section).filter(|_| procedural).flat_map(of_script).collect();
        return (!steps.is_empty()).then_some((steps, Confidence::Low, "a comment in a script"));
    };
    let (mut steps, confidence, how) = found;
    for code in codes(section).take(COMPARED) {
        attach(&mut steps, code);
    }
    Some((steps, confidence, how))
}

fn codes(section: &Section) -> impl Iterator<Item = &Code> {
    section.pieces.iter().filter_map(|piece| match piece {
        Piece::Code(code) => Some(code),
        Piece::Text(_) | Piece::List { .. } | Piece::Table { .. } => None,
    })
}

fn tasks(section: &Section) -> Option<Vec<Step>> {
    let items = section.pieces.iter().flat_map(|piece| match piece {
        Piece::List { items, .. } => items.as_slice(),
        Piece::Text(_) | Piece::Code(_) | Piece::Table { .. } => &[],
    });
    some(items.filter(|item| item.task).map(of_item).collect())
}

fn numbered_list(section: &Section) -> Option<Vec<Step>> {
    let items = section.pieces.iter().flat_map(|piece| match piece {
        Piece::List { ordered: true, items } if !items.iter().all(|item| item.only_link) => items.as_slice(),
        _ => &[],
    });
    some(items.map(of_item).collect())
}

fn some(steps: Vec<Step>) -> Option<Vec<Step>> {
    (!steps.is_empty()).then_some(steps)
}

fn of_item(item: &Item) -> Step {
    let (first, rest) = item.text.split_once('\n').unwrap_or((&item.text, ""));
    let (title, duration) = sections::timed(first);
    let mut step = Step { title, duration, span: item.span.clone(), ..Step::default() };
    if !rest.trim().is_empty() {
        step.prose.push(rest.trim().to_owned());
    }
    for code in &item.codes {
        step.command(code);
    }
    step.takes(&item.pieces);
    step
}

/// Columns by their names: what to do, how, how long, who.
fn table(section: &Section) -> Option<Vec<Step>> {
    section.pieces.iter().find_map(|piece| {
        let Piece::Table { header, rows, span } = piece else { return None };
        let column = |names: &[&str]| {
            header.iter().position(|cell| {
                let cell = cell.to_lowercase();
                names.iter().any(|name| cell == *name || cell.split_whitespace().any(|word| word == *name))
            })
        };
        let title = column(&["step", "action", "task", "activity"])?;
        // A column of numbers called *Step*: what is done stands in the next one.
        let numbers = rows.iter().all(|row| row.get(title).is_none_or(|cell| cell.parse::<f64>().is_ok()));
        let title =
            if numbers { column(&["action", "task", "activity", "description"]).unwrap_or(title + 1) } else { title };
        let (how, long) = (column(&["command", "commands"]), column(&["time", "duration", "eta"]));
        let who = column(&["owner", "who", "role", "responsible"]);
        let cell =
            |row: &[String], at: Option<usize>| at.and_then(|at| row.get(at)).cloned().filter(|cell| !cell.is_empty());
        some(
            rows.iter()
                .filter_map(|row| {
                    let (title, timed) = sections::timed(&cell(row, Some(title))?);
                    let duration = cell(row, long).and_then(|text| sections::duration(&text)).or(timed);
                    let mut step =
                        Step { title, duration, owner: cell(row, who), span: span.clone(), ..Step::default() };
                    if let Some(command) = cell(row, how) {
                        step.command(command.trim_matches('`'));
                    }
                    Some(step)
                })
                .collect(),
        )
    })
}

/// A block whose lines are `Step 1: Stop writes (30s)`, with `- command` bullets below.
fn written_out(code: &Code) -> Option<Vec<Step>> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)^\s*step\s+\d+\s*[:.)–-]\s*(.+)$").ok());
    let form = FORM.as_ref()?;
    let mut steps: Vec<Step> = Vec::new();
    for line in code.text.lines() {
        if let Some(named) = form.captures(line).and_then(|found| found.get(1)) {
            let (title, duration) = sections::timed(named.as_str());
            steps.push(Step { title, duration, span: code.span.clone(), ..Step::default() });
        } else if let Some(step) = steps.last_mut() {
            let said = line.trim();
            let bullet = said.strip_prefix(['-', '*', '•']).map(str::trim);
            match bullet {
                Some(said) => step.says(said),
                // What stands at the margin after the steps is about all of them.
                None if line.starts_with([' ', '\t']) && !said.is_empty() => step.says(said),
                None => {}
            }
        }
    }
    (steps.len() > 1).then_some(steps)
}

/// A script with a comment before each thing that it does.
fn of_script(code: &Code) -> Vec<Step> {
    let lang = commands::language(&code.lang, &code.text);
    let mark = match lang.as_str() {
        "bash" => "#",
        "sql" => "--",
        _ => return Vec::new(),
    };
    let text = leveled(&code.text, mark);
    let parts = commands::by_comments(&text, mark);
    let mut steps: Vec<Step> = Vec::new();
    // What stands before the first comment prepares the rest: it is shown, not made a step.
    for (words, text) in parts {
        let Some(words) = words.filter(|words| words.chars().any(char::is_alphabetic)) else { continue };
        if text.trim().is_empty() {
            continue;
        }
        let words = sections::numbered(&words).unwrap_or(words);
        if script_name(&words) {
            continue;
        }
        let (title, duration) = sections::timed(&words);
        let mut step = Step { title, duration, span: code.span.clone(), ..Step::default() };
        step.commands.push(commands::clean(&lang, &text));
        steps.push(step);
    }
    steps
}

/// A comment that only names the file.
fn script_name(words: &str) -> bool {
    !words.contains(' ') && (words.contains('/') || words.contains('.'))
}

/// Numbered comments inside an `if` or a function count as those at the margin: the script as a whole is taken to the left.
fn leveled(text: &str, mark: &str) -> String {
    let numbered = |line: &str| {
        let said = line.trim_start();
        said.strip_prefix(mark).is_some_and(|said| said.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    };
    let Some(indent) = text.lines().find(|line| numbered(line)).map(|line| line.len() - line.trim_start().len()) else {
        return text.to_owned();
    };
    let taken = text.lines().map(|line| match line.get(indent..) {
        Some(rest) if line[..indent].trim().is_empty() => rest,
        _ => line,
    });
    taken.collect::<Vec<_>>().join("\n")
}

/// Gives a block that stands beside the steps to the step its comments speak of, else to the last.
fn attach(steps: &mut [Step], code: &Code) {
    let lang = commands::language(&code.lang, &code.text);
    if !matches!(lang.as_str(), "bash" | "sql") {
        return;
    }
    let mark = if lang == "sql" { "--" } else { "#" };
    let titles: Vec<Vec<String>> = steps.iter().take(COMPARED).map(|step| sections::words(&step.title)).collect();
    for (words, text) in commands::by_comments(&code.text, mark) {
        if text.trim().is_empty() {
            continue;
        }
        let said = sections::words(words.as_deref().unwrap_or_default());
        let alike = |at: usize| titles[at].iter().filter(|word| said.contains(word)).count();
        let best = (0..titles.len()).max_by_key(|at| (alike(*at), std::cmp::Reverse(*at)));
        let at = best.filter(|at| alike(*at) > 0).unwrap_or(steps.len() - 1);
        steps[at].commands.push(commands::clean(&lang, &text));
    }
}

impl Step {
    /// A line of its own under the step: a command, or something to tick.
    fn says(&mut self, line: &str) {
        if !self.command(line) {
            self.substeps.push(sanitise_line(line));
        }
    }

    /// Takes the line as a command if it is one.
    fn command(&mut self, line: &str) -> bool {
        let Some(lang) = commands::language_of(line) else { return false };
        let cleaned = commands::clean(lang, line);
        match self.commands.last_mut().filter(|last| last.lang == lang && last.expected.is_none()) {
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(&cleaned.text);
            }
            None => self.commands.push(cleaned),
        }
        true
    }

    fn takes(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.prose.push(text.clone()),
                Piece::Code(code) => {
                    let lang = commands::language(&code.lang, &code.text);
                    self.commands.push(commands::clean(&lang, &code.text));
                }
                Piece::List { items, .. } => {
                    for item in items {
                        let line = item.text.lines().next().unwrap_or_default();
                        if item.codes.is_empty() {
                            self.says(line);
                        } else {
                            self.substeps.push(sanitise_line(line));
                            for code in &item.codes {
                                self.command(code);
                            }
                        }
                        self.takes(&item.pieces);
                    }
                }
                Piece::Table { header, rows, .. } => {
                    let line = |cells: &Vec<String>| cells.join(" | ");
                    self.prose.push(std::iter::once(header).chain(rows).map(line).collect::<Vec<_>>().join("\n"));
                }
            }
        }
    }
}
