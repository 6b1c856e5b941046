//! Text that looks like a fence or a checkbox and is not: GitHub shows it, and nothing would run.

use std::ops::Range;

use super::front_matter::Findings;

/// Looks at a paragraph or an indented code block. `true` if a fence hides in it.
pub(super) fn fences(source: &str, at: &Range<usize>, indented: bool, findings: &mut Findings) -> bool {
    let mut found = false;
    let mut open = false;
    let mut start = at.start;
    for (number, line) in source[at.clone()].split_inclusive('\n').enumerate() {
        if findings.full() {
            return found;
        }
        let said = line.trim_start();
        let mark = said.starts_with("```") || said.starts_with("~~~");
        let place = start + (line.len() - said.len());
        start += line.len();
        // A paragraph's first line cannot be one: it would have been read as a fence.
        if !mark || (number == 0 && !indented) {
            continue;
        }
        open = !open;
        if open {
            found = true;
            let help = "indent it two spaces deeper than the list marker, with a blank line before it".to_owned();
            let message = "this looks like a fence and is not: nothing in it would run";
            findings.error("runbook::hidden-fence", &(place..place + said.trim_end().len()), message, Some(help));
        }
    }
    found
}

/// Looks at the first line of a list item that is no task.
pub(super) fn item(source: &str, at: &Range<usize>, findings: &mut Findings) {
    if findings.full() {
        return;
    }
    let line = source[at.clone()].lines().next().unwrap_or_default();
    let text = line.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    let text = text.strip_prefix(['-', '*', '+', '.', ')']).unwrap_or(text).trim_start();
    if let Some(why) = checkbox(text) {
        report(why, at.start..at.start + line.len(), findings);
    }
}

/// Looks at the lines of a paragraph: `-[ ]`, or a checkbox without a list.
pub(super) fn paragraph(source: &str, at: &Range<usize>, skip_first: bool, findings: &mut Findings) {
    let mut start = at.start;
    for (number, line) in source[at.clone()].split_inclusive('\n').enumerate() {
        let said = line.trim();
        let place = start + (line.len() - line.trim_start().len());
        start += line.len();
        if number == 0 && skip_first || !said.contains('[') {
            continue;
        }
        let digits = said.trim_start_matches(|c: char| c.is_ascii_digit());
        let marker = if digits.len() < said.len() {
            digits.strip_prefix(['.', ')'])
        } else {
            said.strip_prefix(['-', '*', '+'])
        };
        let body = marker.unwrap_or(said);
        let blank = ["[ ]", "[]", "[x]", "[X]"].iter().any(|mark| body.starts_with(mark));
        let link = body.find(']').is_some_and(|end| body[end + 1..].starts_with(['(', '[', ':']));
        if blank && !link {
            let why =
                if marker.is_some() { "there is no space after the list marker" } else { "it is not a list item" };
            report(why, place..place + said.len(), findings);
        }
    }
}

/// Why `[…` at the start of an item is not a task, if it was meant to be one.
fn checkbox(text: &str) -> Option<&'static str> {
    let inside = text.strip_prefix('[')?;
    let (inside, after) = inside.split_once(']')?;
    if after.starts_with(['(', '[', ':']) {
        return None;
    }
    match inside {
        "" => Some("there is nothing between the brackets"),
        " " | "x" | "X" if after.trim().is_empty() => Some("it has no title"),
        " " | "x" | "X" => Some("there is no space after the bracket"),
        _ if inside.trim().is_empty() => Some("there is more than one space between the brackets"),
        _ if matches!(inside.trim(), "-" | "~" | "*" | "o" | "/" | "✓" | "✔" | "x" | "X") => {
            Some("only a space or an x may stand between the brackets")
        }
        _ => None,
    }
}

fn report(why: &str, at: Range<usize>, findings: &mut Findings) {
    let message = format!("this looks like a checkbox and is not: {why}");
    findings.error("runbook::hidden-checkbox", &at, message, Some("write `- [ ] Title`".to_owned()));
}
