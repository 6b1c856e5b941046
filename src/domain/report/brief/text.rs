//! The brief as plain text.

use super::{Brief, Weight};

/// Chats on phones and the windows of paging tools break longer ones.
const WIDE: usize = 72;

pub(super) fn of(brief: &Brief) -> String {
    let mut lines = Vec::new();
    lines.extend(brief.watermark.map(str::to_owned));
    lines.extend(folded(&brief.title, "", ""));
    lines.push(brief.as_of.clone());
    for part in &brief.parts {
        lines.push(String::new());
        lines.push(part.title.to_uppercase());
        for line in &part.lines {
            let sign = match line.weight {
                Weight::Plain => "- ",
                Weight::Open => "? ",
                Weight::Wrong => "! ",
            };
            lines.extend(folded(&line.text, sign, "  "));
        }
    }
    if let Some(watermark) = brief.watermark {
        lines.extend([String::new(), watermark.to_owned()]);
    }
    lines.join("\n") + "\n"
}

/// Broken between words; a longer word stands alone.
fn folded(text: &str, first: &str, other: &str) -> Vec<String> {
    let mut lines = vec![first.to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last().map(String::as_str).unwrap_or_default();
        let begun = line.len() > if lines.len() == 1 { first.len() } else { other.len() };
        if begun && line.chars().count() + 1 + word.chars().count() > WIDE {
            lines.push(format!("{other}{word}"));
        } else if let Some(line) = lines.last_mut() {
            if begun {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
