//! Pieces of the file, and how they become one that passes its own check: a piece that the check refuses is commented out
//! whole, with the reason above it.

use std::collections::BTreeMap;

use super::super::parse;
use crate::diagnostic::line_column;
use crate::untrusted::sanitise_line;

/// Lines that belong together: a table with its comments.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    lines: Vec<String>,
}

impl Block {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A comment of its own line, or several.
    pub(super) fn say(mut self, text: &str) -> Self {
        self.lines.extend(wrapped(&sanitise_line(text)).into_iter().map(|line| format!("# {line}")));
        self
    }

    /// A line as it is: a table's heading, or an empty one.
    pub(super) fn line(mut self, text: impl Into<String>) -> Self {
        self.lines.push(text.into());
        self
    }

    /// `key = value  # why`.
    pub(super) fn key(self, key: &str, value: &str, why: &str) -> Self {
        let line = format!("{key} = {value}");
        self.line(if why.is_empty() { line } else { format!("{line:<46} # {}", sanitise_line(why)) })
    }

    /// The same for what is not known: there to be filled in.
    pub(super) fn open(self, key: &str, value: &str, why: &str) -> Self {
        let line = format!("# {key} = {value}");
        self.line(if why.is_empty() { line } else { format!("{line:<46} # {}", sanitise_line(why)) })
    }

    fn refused(&mut self, why: &str) {
        for line in &mut self.lines {
            if !line.is_empty() && !line.starts_with('#') {
                line.insert_str(0, "# ");
            }
        }
        let why = wrapped(&format!("Not in use: {}", sanitise_line(why)));
        self.lines.splice(0..0, why.into_iter().map(|line| format!("# {line}")));
    }
}

/// Text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(sanitise_line(text)).to_string()
}

pub(super) fn assemble(mut blocks: Vec<Block>) -> String {
    // Each round comments at least one piece out, so there are no more rounds than pieces.
    for _ in 0..=blocks.len() {
        let text = text(&blocks);
        let parsed = parse(&text);
        let wrong: BTreeMap<usize, &str> = parsed
            .errors()
            .map(|error| (line_column(&text, error.span.start).0, error.message.as_str()))
            .filter_map(|(line, why)| Some((holding(&blocks, line)?, why)))
            .collect();
        if wrong.is_empty() {
            return text;
        }
        for (at, why) in wrong {
            blocks[at].refused(why);
        }
    }
    text(&blocks)
}

/// The piece that a line of the text is of; lines count from 1.
fn holding(blocks: &[Block], line: usize) -> Option<usize> {
    let mut end = 0;
    blocks.iter().position(|block| {
        end += block.lines.len() + 1;
        line <= end
    })
}

fn text(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        for line in &block.lines {
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Lines of a hundred characters at most, cut between words.
fn wrapped(text: &str) -> Vec<String> {
    const WIDE: usize = 116;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + word.chars().count() >= WIDE {
            lines.push(word.to_owned());
        } else {
            let line = &mut lines[last];
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
