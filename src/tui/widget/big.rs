//! A word in letters of three rows, of half blocks; where a terminal has none, in one row with air between the letters.

use crate::theme::Symbols;

/// Five rows of three dots each.
const fn dots(letter: char) -> [&'static str; 5] {
    match letter {
        'A' => [" # ", "# #", "###", "# #", "# #"],
        'D' => ["## ", "# #", "# #", "# #", "## "],
        'E' => ["###", "#  ", "## ", "#  ", "###"],
        'F' => ["###", "#  ", "## ", "#  ", "#  "],
        'I' => ["###", " # ", " # ", " # ", "###"],
        'L' => ["#  ", "#  ", "#  ", "#  ", "###"],
        'N' => ["## ", "# #", "# #", "# #", "# #"],
        'O' => [" # ", "# #", "# #", "# #", " # "],
        'P' => ["## ", "# #", "## ", "#  ", "#  "],
        'S' => [" ##", "#  ", " # ", "  #", "## "],
        _ => ["   ", "   ", "   ", "   ", "   "],
    }
}

/// The rows of `word`, all of the same width.
#[must_use]
pub fn big(symbols: &Symbols, word: &str) -> Vec<String> {
    if symbols.bar_part.is_empty() || word.chars().any(|letter| dots(letter)[0].trim().is_empty()) {
        return vec![word.chars().map(String::from).collect::<Vec<_>>().join(" ")];
    }
    let letters: Vec<[&str; 5]> = word.chars().map(dots).collect();
    let dot = |letter: &[&str; 5], x: usize, y: usize| letter.get(y).is_some_and(|row| row.as_bytes()[x] == b'#');
    let row = |y: usize| {
        let cell = |letter: &[&str; 5], x| match (dot(letter, x, y * 2), dot(letter, x, y * 2 + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        let letters: Vec<String> = letters.iter().map(|letter| (0..3).map(|x| cell(letter, x)).collect()).collect();
        letters.join(" ")
    };
    (0..3).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{ASCII, UNICODE};

    #[test]
    fn every_outcome_can_be_written_large() {
        for word in ["PASSED", "FAILED", "OPEN"] {
            let rows = big(&UNICODE, word);
            assert_eq!(rows.len(), 3, "{word}");
            assert!(rows.iter().all(|row| super::super::width(row) == word.len() * 4 - 1), "{rows:?}");
        }
        assert_eq!(big(&ASCII, "OPEN"), ["O P E N"]);
        assert_eq!(big(&UNICODE, "X"), ["X"]);
    }
}
