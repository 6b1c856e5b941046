//! What headings say: a procedure or not, a step by its number, who stands above whom.

use std::sync::LazyLock;

use regex::Regex;

use super::super::fields;
use super::document::{Document, Section};
use crate::time::human;
use crate::untrusted::sanitise_line;

/// Headings that are looked through for the one above.
pub(super) const LOOKED_BACK: usize = 1000;

/// The document's section at this place, and those that it stands under, without the title of the whole.
pub(super) fn above(document: &Document, at: usize) -> Vec<&Section> {
    let mut found = Vec::new();
    let mut level = document.sections[at].level;
    for section in document.sections[..at].iter().rev().take(LOOKED_BACK) {
        if level <= 2 {
            break;
        }
        if section.level < level && section.level > 1 {
            found.push(section);
        }
        level = level.min(section.level.max(1));
    }
    found
}

/// Its own heading, or one that it stands under, speaks of something that is carried out.
pub(super) fn procedural(document: &Document, at: usize) -> bool {
    let section = &document.sections[at];
    !describes(&section.title)
        && (carries_out(&section.title) || above(document, at).iter().any(|above| carries_out(&above.title)))
}

fn carries_out(title: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)\b( fail-?\s?over | fail-?\s?back | fall-?\s?back | recover\w* | restor\w* | runbooks? | playbooks? | procedures?
            | drills? | checklists? | promot\w* | roll-?\s?back | switch-?\s?over | cut-?\s?over | steps | tests? | testing )\b",
        )
        .ok()
    });
    WORDS.as_ref().is_some_and(|words| words.is_match(title))
}

fn describes(title: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)\b( scenarios? | objectives? | targets? | schedules? | features? | overview | strategy | contents | metrics | alerts?
            | set-?up | config\w* | api | architecture | replication | regions | template | flow | summary )\b",
        )
        .ok()
    });
    WORDS.as_ref().is_some_and(|words| words.is_match(title))
}

/// `Step 2: Promote`, `3. Verify`, `Phase 1 - Assess`: what follows the number.
pub(super) fn numbered(title: &str) -> Option<String> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)^\s*(?:(?:step|stage)\s*#?\d+\s*[:.)–—-]?|\d+[.)])\s+(.+)$").ok());
    let found = FORM.as_ref()?.captures(title)?;
    found.get(1).map(|rest| rest.as_str().trim().to_owned())
}

/// A title without the time at its end, and that time: `Promote (30s)`.
pub(super) fn timed(text: &str) -> (String, Option<String>) {
    let text = sanitise_line(text.trim()).trim_end_matches([':', '.']).trim().to_owned();
    if let Some(rest) = text.strip_suffix(')')
        && let Some((title, inside)) = rest.rsplit_once('(')
        && let Some(duration) = duration(inside)
    {
        return (title.trim().to_owned(), Some(duration));
    }
    if let Some((title, after)) = text.rsplit_once('~')
        && let Some(duration) = duration(after)
    {
        return (title.trim().trim_end_matches(['-', '–', '—', ',']).trim().to_owned(), Some(duration));
    }
    (text, None)
}

/// As the format writes it.
pub(super) fn duration(text: &str) -> Option<String> {
    let expected = fields::expected(text)?;
    Some(if expected.low == expected.high {
        human(expected.high)
    } else {
        format!("{}-{}", human(expected.low), human(expected.high))
    })
}

/// Words of some weight, for telling which comment belongs to which step.
pub(super) fn words(text: &str) -> Vec<String> {
    const COMMON: [&str; 12] =
        ["the", "and", "from", "with", "for", "into", "that", "step", "your", "then", "all", "any"];
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2 && !COMMON.contains(word))
        .map(|word| word.trim_end_matches('s').to_owned())
        .collect()
}
