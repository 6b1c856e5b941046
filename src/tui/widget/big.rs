//! Words in large letters: of half blocks in three rows, or of whole cells in as many rows as there is room for. Where a
//! terminal has no half blocks, small ones stand in one row with air between the letters.

use crate::theme::Symbols;

/// Five rows of dots, three to a row but for the narrow signs.
const fn dots(letter: char) -> Option<[&'static str; 5]> {
    Some(match letter {
        'A' => [" # ", "# #", "###", "# #", "# #"],
        'B' => ["## ", "# #", "## ", "# #", "## "],
        'C' => [" ##", "#  ", "#  ", "#  ", " ##"],
        'D' => ["## ", "# #", "# #", "# #", "## "],
        'E' => ["###", "#  ", "## ", "#  ", "###"],
        'F' => ["###", "#  ", "## ", "#  ", "#  "],
        'G' => [" ##", "#  ", "# #", "# #", " ##"],
        'H' => ["# #", "# #", "###", "# #", "# #"],
        'I' => ["###", " # ", " # ", " # ", "###"],
        'K' => ["# #", "# #", "## ", "# #", "# #"],
        'L' => ["#  ", "#  ", "#  ", "#  ", "###"],
        'M' => ["# #", "###", "###", "# #", "# #"],
        'N' => ["## ", "# #", "# #", "# #", "# #"],
        'O' => [" # ", "# #", "# #", "# #", " # "],
        'P' => ["## ", "# #", "## ", "#  ", "#  "],
        'R' => ["## ", "# #", "## ", "# #", "# #"],
        'S' => [" ##", "#  ", " # ", "  #", "## "],
        'T' => ["###", " # ", " # ", " # ", " # "],
        'U' => ["# #", "# #", "# #", "# #", "###"],
        'V' => ["# #", "# #", "# #", "# #", " # "],
        'W' => ["# #", "# #", "###", "###", "# #"],
        'Y' => ["# #", "# #", " # ", " # ", " # "],
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        ':' => [" ", "#", " ", "#", " "],
        '-' => ["   ", "   ", "###", "   ", "   "],
        ' ' => [" ", " ", " ", " ", " "],
        _ => return None,
    })
}

/// The rows of `word`, all of the same width.
#[must_use]
pub fn big(symbols: &Symbols, word: &str) -> Vec<String> {
    let letters: Option<Vec<[&str; 5]>> = word.chars().map(dots).collect();
    let Some(letters) = letters.filter(|_| !symbols.bar_part.is_empty()) else {
        return vec![word.chars().map(String::from).collect::<Vec<_>>().join(" ")];
    };
    let dot = |letter: &[&str; 5], x: usize, y: usize| letter.get(y).is_some_and(|row| row.as_bytes()[x] == b'#');
    let row = |y: usize| {
        let cell = |letter: &[&str; 5], x| match (dot(letter, x, y * 2), dot(letter, x, y * 2 + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        let letters: Vec<String> =
            letters.iter().map(|letter| (0..letter[0].len()).map(|x| cell(letter, x)).collect()).collect();
        letters.join(" ")
    };
    (0..3).map(row).collect()
}

/// The same in whole cells, two columns to a row: every dot is `2 * scale` by `scale`. `None` when a sign of it has no
/// letter.
fn huge(symbols: &Symbols, word: &str, scale: usize) -> Option<Vec<String>> {
    let letters: Vec<[&str; 5]> = word.chars().map(dots).collect::<Option<_>>()?;
    let (on, off) = (symbols.bar_full.repeat(2 * scale), " ".repeat(2 * scale));
    let row = |y: usize| {
        let letter = |letter: &[&str; 5]| -> String {
            letter[y].chars().map(|dot| if dot == '#' { on.as_str() } else { off.as_str() }).collect()
        };
        letters.iter().map(letter).collect::<Vec<_>>().join(&off)
    };
    Some((0..5).flat_map(|y| std::iter::repeat_n(row(y), scale)).collect())
}

/// The largest form of `word` in so many columns and rows; in its own letters where there is room for nothing else.
#[must_use]
pub fn largest(symbols: &Symbols, word: &str, columns: usize, rows: usize) -> Vec<String> {
    let fits = |form: &Vec<String>| form.len() <= rows && form.iter().all(|row| super::width(row) <= columns);
    let whole = (1..=rows / 5).rev().find_map(|scale| huge(symbols, word, scale).filter(&fits));
    whole.or_else(|| Some(big(symbols, word)).filter(fits)).unwrap_or_else(|| vec![word.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{ASCII, UNICODE};
    use crate::widget::width;

    #[test]
    fn every_outcome_can_be_written_large() {
        for word in ["PASSED", "FAILED", "OPEN", "DEGRADED", "UNKNOWN", "STALE"] {
            let rows = big(&UNICODE, word);
            assert_eq!(rows.len(), 3, "{word}");
            assert!(rows.iter().all(|row| width(row) == word.len() * 4 - 1), "{rows:?}");
        }
        assert_eq!(big(&ASCII, "OPEN"), ["O P E N"]);
        assert_eq!(big(&UNICODE, "X"), ["X"]);
    }

    #[test]
    fn a_clock_takes_the_room_there_is() {
        for (columns, rows, height) in
            [(68, 10, 10), (67, 10, 5), (34, 9, 5), (33, 9, 3), (17, 3, 3), (16, 3, 1), (0, 0, 1)]
        {
            let form = largest(&UNICODE, "07:41", columns, rows);
            assert_eq!(form.len(), height, "{columns}x{rows}");
            assert!(form.iter().all(|row| width(row) == width(&form[0])));
        }
        assert_eq!(largest(&ASCII, "11", 60, 5)[4], "######  ######");
        assert_eq!(largest(&UNICODE, "é", 60, 20), ["é"]);
    }
}
