//! The last lines of what running steps and commands print.

use std::collections::VecDeque;

use domain::console::OutputOf;

/// Lines kept of one attempt; the whole output is in its file.
const LINES: usize = 400;
/// Attempts kept.
const KEPT: usize = 24;
/// Characters kept of one line.
const WIDTH: usize = 2000;

/// The tail of one attempt's output. The last line may still be growing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    pub lines: VecDeque<String>,
    ended: bool,
}

impl Tail {
    fn push(&mut self, text: &str) {
        for piece in text.split_inclusive('\n') {
            let line = piece.strip_suffix('\n').unwrap_or(piece);
            if self.ended || self.lines.is_empty() {
                self.lines.push_back(String::new());
            }
            if let Some(last) = self.lines.back_mut() {
                let room = WIDTH.saturating_sub(last.chars().count());
                last.extend(line.chars().take(room));
            }
            self.ended = piece.ends_with('\n');
        }
        while self.lines.len() > LINES {
            self.lines.pop_front();
        }
    }
}

/// Tails of the newest attempts, bounded.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    tails: VecDeque<(OutputOf, Tail)>,
}

impl Outputs {
    pub fn push(&mut self, of: OutputOf, text: &str) {
        if let Some((_, tail)) = self.tails.iter_mut().rev().find(|(which, _)| *which == of) {
            tail.push(text);
            return;
        }
        let mut tail = Tail::default();
        tail.push(text);
        self.tails.push_back((of, tail));
        if self.tails.len() > KEPT {
            self.tails.pop_front();
        }
    }

    #[must_use]
    pub fn of(&self, of: &OutputOf) -> Option<&Tail> {
        self.tails.iter().rev().find(|(which, _)| which == of).map(|(_, tail)| tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_into_lines_and_the_oldest_go() {
        let mut tail = Tail::default();
        tail.push("one\ntw");
        tail.push("o\n\nthree");
        assert_eq!(tail.lines, ["one", "two", "", "three"]);
        for n in 0..LINES {
            tail.push(&format!("{n}\n"));
        }
        assert_eq!(tail.lines.len(), LINES);
    }
}
