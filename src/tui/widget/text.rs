//! Text measured in columns, not bytes or characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns the text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `columns`, its end replaced by `mark` when it does not fit.
#[must_use]
pub fn ellipsis(text: &str, columns: usize, mark: &str) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(mark.width());
    let mut kept = String::with_capacity(text.len());
    let mut used = 0;
    for character in text.chars() {
        let wide = character.width().unwrap_or(0);
        if used + wide > room {
            break;
        }
        used += wide;
        kept.push(character);
    }
    if columns >= mark.width() {
        kept.push_str(mark);
    }
    kept
}

/// Lines of one paragraph as one line, as Markdown reads them; lists, tables, quotes and indented text stay as written.
#[must_use]
pub fn flow(text: &str) -> String {
    let mut flowed = String::with_capacity(text.len());
    let mut goes_on = false;
    for line in text.lines() {
        let own = line.trim().is_empty()
            || line.starts_with("    ")
            || line.trim_start().starts_with(['-', '*', '+', '|', '>', '#', '`'])
            || line.trim_start().starts_with(|first: char| first.is_ascii_digit());
        if goes_on && !own {
            flowed.push(' ');
            flowed.push_str(line.trim());
        } else {
            if !flowed.is_empty() {
                flowed.push('\n');
            }
            flowed.push_str(line);
        }
        goes_on = !own;
    }
    flowed
}

/// Lines of at most `columns`, broken between words where possible; existing line ends and leading indents stay.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let indent: String = paragraph.chars().take_while(|character| *character == ' ').collect();
        let mut line = indent.clone();
        for word in paragraph.split_whitespace() {
            let gap = usize::from(line.width() > indent.width());
            if gap > 0 && line.width() + gap + word.width() > columns {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            } else if gap > 0 {
                line.push(' ');
            }
            for character in word.chars() {
                if line.width() + character.width().unwrap_or(0) > columns && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    lines
}

/// One line exactly as it is, cut where the columns end; nothing is added or left out but that a tab is four spaces.
#[must_use]
pub fn fold(line: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut parts = vec![String::new()];
    let mut used = 0;
    for character in line.replace('\t', "    ").chars() {
        let wide = character.width().unwrap_or(0);
        if used + wide > columns && used > 0 {
            parts.push(String::new());
            used = 0;
        }
        used += wide;
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_flows_and_a_list_stands() {
        assert_eq!(flow("one\ntwo\n\n- three\n- four\nfive"), "one two\n\n- three\n- four\nfive");
        assert_eq!(flow("see\n    SELECT 1\nthen"), "see\n    SELECT 1\nthen");
    }

    #[test]
    fn what_does_not_fit_says_so() {
        assert_eq!(ellipsis("us-east-1", 9, "…"), "us-east-1");
        assert_eq!(ellipsis("us-east-1", 6, "…"), "us-ea…");
        assert_eq!(ellipsis("界界界", 4, "…"), "界…");
        assert_eq!(ellipsis("abc", 0, "…"), "");
    }

    #[test]
    fn a_folded_line_is_the_line() {
        let line = "  SELECT  'a   b' ;  ";
        let parts = fold(line, 6);
        assert_eq!(parts.concat(), line);
        assert!(parts.iter().all(|part| width(part) <= 6));
        assert_eq!(fold("", 6), [""]);
    }

    #[test]
    fn text_breaks_between_words_and_long_words_inside() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("a\n\n  b c", 4), ["a", "", "  b", "  c"]);
        assert!(wrap("界界界", 1).iter().all(|line| width(line) <= 2));
    }
}
