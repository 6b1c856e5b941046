//! Which parts of a section are steps: task items, numbered headings, `Step 2:` in a block, numbered lists, tables, and
//! the comments of scripts, in this order of trust.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::commands;
use super::document::{Code, Document, Item, Piece, Section};
use super::infer::{Basis, Step};
use super::{Confidence, sections};
use crate::untrusted::sanitise_line;

const HEADING: Basis = Basis { confidence: Confidence::High, how: "a numbered heading" };
const TASK: Basis = Basis { confidence: Confidence::High, how: "a task item" };
const LINE: Basis = Basis { confidence: Confidence::Medium, how: "a numbered line in a block" };
const NUMBERED: Basis = Basis { confidence: Confidence::Medium, how: "a numbered list" };
const ROW: Basis = Basis { confidence: Confidence::Medium, how: "a row of a table" };
const COMMENT: Basis = Basis { confidence: Confidence::Low, how: "a comment in a script" };

/// Steps and blocks of one section that are compared with each other.
const COMPARED: usize = 100;

/// A heading such as `Step 2: Promote (30s)`, with what stands under it.
pub(super) fn by_heading(section: &Section) -> Option<Step> {
    let named = sections::numbered(&section.title).filter(|_| section.level > 1)?;
    let (title, duration) = sections::timed(&named);
    let mut step = Step { title, duration, span: section.span.clone(), basis: HEADING, ..Step::default() };
    step.takes(&section.pieces);
    Some(step)
}

/// The steps of one section, with what makes each of them one: what its lists and tables name, else what its blocks do.
pub(super) fn of_section(document: &Document, at: usize) -> Option<Vec<Step>> {
    let section = &document.sections[at];
    let procedural = sections::procedural(document, at);
    let tasks = section.pieces.iter().any(|piece| matches!(piece, Piece::List { items, .. } if any_task(items)));
    if !tasks && let Some(steps) = codes(section).find_map(written_out) {
        return Some(steps);
    }
    let mut steps: Vec<Step> = section.pieces.iter().flat_map(|piece| named(piece, tasks || procedural)).collect();
    if steps.is_empty() {
        return some(codes(section).filter(|_| procedural).flat_map(of_script).collect());
    }
    for code in codes(section).take(COMPARED) {
        attach(&mut steps, code);
    }
    Some(steps)
}

/// Steps that a list or a table names, in its order. `numbered`: the items of a numbered list are some.
fn named(piece: &Piece, numbered: bool) -> Vec<Step> {
    match piece {
        Piece::List { ordered, items } => {
            let counts = *ordered && numbered && !items.iter().all(|item| item.only_link);
            items.iter().filter(|item| item.task || counts).map(of_item).collect()
        }
        Piece::Table { header, rows, span } => of_table(header, rows, span),
        Piece::Text(_) | Piece::Code(_) => Vec::new(),
    }
}

/// How many lists and tables of a section name no step, where others of it do: what they say is not in the runbook.
pub(super) fn unread(document: &Document, at: usize) -> Vec<(Range<usize>, &'static str)> {
    let section = &document.sections[at];
    let procedural = sections::procedural(document, at);
    let tasks = section.pieces.iter().any(|piece| matches!(piece, Piece::List { items, .. } if any_task(items)));
    let left_out = section.pieces.iter().filter_map(|piece| match piece {
        Piece::List { items, .. } if named(piece, tasks || procedural).len() < items.len() => {
            Some((items.first()?.span.clone(), "a list, or some of its items"))
        }
        Piece::Table { span, .. } if named(piece, true).is_empty() => Some((span.clone(), "a table")),
        _ => None,
    });
    left_out.collect()
}

fn any_task(items: &[Item]) -> bool {
    items.iter().any(|item| item.task)
}

fn codes(section: &Section) -> impl Iterator<Item = &Code> {
    section.pieces.iter().filter_map(|piece| match piece {
        Piece::Code(code) => Some(code),
        Piece::Text(_) | Piece::List { .. } | Piece::Table { .. } => None,
    })
}

fn some(steps: Vec<Step>) -> Option<Vec<Step>> {
    (!steps.is_empty()).then_some(steps)
}

fn of_item(item: &Item) -> Step {
    let (first, rest) = item.text.split_once('\n').unwrap_or((&item.text, ""));
    let (title, duration) = sections::timed(first);
    let basis = if item.task { TASK } else { NUMBERED };
    let mut step = Step { title, duration, span: item.span.clone(), basis, ..Step::default() };
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
fn of_table(header: &[String], rows: &[Vec<String>], span: &Range<usize>) -> Vec<Step> {
    let column = |names: &[&str]| {
        header.iter().position(|cell| {
            let cell = cell.to_lowercase();
            names.iter().any(|name| cell == *name || cell.split_whitespace().any(|word| word == *name))
        })
    };
    let Some(title) = column(&["step", "action", "task", "activity"]) else { return Vec::new() };
    // A column of numbers called *Step*: what is done stands in the next one.
    let numbers = rows.iter().all(|row| row.get(title).is_none_or(|cell| cell.parse::<f64>().is_ok()));
    let title =
        if numbers { column(&["action", "task", "activity", "description"]).unwrap_or(title + 1) } else { title };
    let (how, long) = (column(&["command", "commands"]), column(&["time", "duration", "eta"]));
    let who = column(&["owner", "who", "role", "responsible"]);
    let cell =
        |row: &[String], at: Option<usize>| at.and_then(|at| row.get(at)).cloned().filter(|cell| !cell.is_empty());
    let step = |row: &Vec<String>| {
        let (title, timed) = sections::timed(&cell(row, Some(title))?);
        let duration = cell(row, long).and_then(|text| sections::duration(&text)).or(timed);
        let owner = cell(row, who);
        let mut step = Step { title, duration, owner, span: span.clone(), basis: ROW, ..Step::default() };
        if let Some(command) = cell(row, how) {
            step.command(command.trim_matches('`'));
        }
        Some(step)
    };
    rows.iter().filter_map(step).collect()
}

/// A block whose lines are `Step 1: Stop writes (30s)`, with `- command` bullets below.
fn written_out(code: &Code) -> Option<Vec<Step>> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)^\s*step\s+\d+\s*[:.)–-]\s*(.+)$").ok());
    let form = FORM.as_ref()?;
    let mut steps: Vec<Step> = Vec::new();
    for line in code.text.lines() {
        if let Some(named) = form.captures(line).and_then(|found| found.get(1)) {
            let (title, duration) = sections::timed(named.as_str());
            steps.push(Step { title, duration, span: code.span.clone(), basis: LINE, ..Step::default() });
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
        let mut step = Step { title, duration, span: code.span.clone(), basis: COMMENT, ..Step::default() };
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
