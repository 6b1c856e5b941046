//! Characters by which a text reads as another one: what shows nothing, what turns the order of reading round, and
//! letters of another alphabet in the middle of a word.

use std::ops::Range;

use super::front_matter::Findings;

/// Shows nothing, or steers how the text is shown; nothing of it belongs into what runs.
pub(super) fn hidden(c: char) -> bool {
    hidden_in_prose(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{00ad}')
}

/// The same in text for people, where joiners (of emoji, of some scripts) and soft hyphens have their place.
pub(super) fn hidden_in_prose(c: char) -> bool {
    matches!(c,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
        | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}'
        | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// A letter that is easily taken for one of the Latin alphabet.
fn looks_latin(c: char) -> bool {
    matches!(c,
        '\u{400}'..='\u{52f}' | '\u{13a0}'..='\u{13ff}' | '\u{ff10}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}' | '\u{212a}'
        | 'Α' | 'Β' | 'Ε' | 'Ζ' | 'Η' | 'Ι' | 'Κ' | 'Μ' | 'Ν' | 'Ο' | 'Ρ' | 'Τ' | 'Υ' | 'Χ'
        | 'α' | 'γ' | 'ι' | 'κ' | 'ν' | 'ο' | 'ρ' | 'υ' | 'χ' | 'ϲ' | 'ϳ')
}

/// The first word in which letters of another alphabet stand among Latin ones.
pub(super) fn mixed_word(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_')) {
        let at = start;
        start += word.len();
        if word.is_ascii() {
            continue;
        }
        let word = word.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
        if word.chars().any(|c| c.is_ascii_alphabetic()) && word.chars().any(looks_latin) {
            return Some(at..at + word.len());
        }
    }
    None
}

/// Looks at text that people decide by: a title, a field.
pub(super) fn check(source: &str, at: &Range<usize>, findings: &mut Findings<'_>) {
    let Some(text) = source.get(at.clone()).filter(|text| !text.is_ascii()) else { return };
    let text = text.trim_start_matches('\u{feff}');
    let start = at.end - text.len();
    if let Some((offset, c)) = text.char_indices().find(|(_, c)| hidden_in_prose(*c)) {
        report_hidden(
            c,
            &(start + offset..start + offset + c.len_utf8()),
            "this text is not what it looks like",
            findings,
        );
    }
    if let Some(word) = mixed_word(text) {
        report_mixed(&text[word.clone()], &(start + word.start..start + word.end), findings);
    }
}

pub(super) fn report_hidden(c: char, at: &Range<usize>, so: &str, findings: &mut Findings<'_>) {
    let message = format!("an invisible character, U+{:04X}: {so}", u32::from(c));
    findings.error("runbook::invisible-character", at, message, Some("delete it".to_owned()));
}

pub(super) fn report_mixed(word: &str, at: &Range<usize>, findings: &mut Findings<'_>) {
    let foreign: Vec<String> =
        word.chars().filter(|c| looks_latin(*c)).take(4).map(|c| format!("`{c}` is U+{:04X}", u32::from(c))).collect();
    let message = format!("`{word}` mixes alphabets, and is another word than it looks: {}", foreign.join(", "));
    findings.error("runbook::mixed-script", at, message, Some("type it again with plain letters".to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_two_alphabets_is_told_from_a_word_of_another() {
        for (text, word) in [
            ("kubectl gеt pods", Some("gеt")),
            ("РROD", Some("РROD")),
            ("db_рrimary=1", Some("db_рrimary")),
            ("ｌs", Some("ｌs")),
            ("orders-dbο", Some("dbο")),
            ("Восстановить базу postgres", None),
            ("within 5μs, 3Ω, Δt", None),
            ("café naïve Straße", None),
            ("日本語 mixed", None),
            ("plain", None),
        ] {
            assert_eq!(mixed_word(text).map(|at| &text[at]), word, "{text}");
        }
    }

    #[test]
    fn joiners_have_their_place_in_prose_and_none_in_a_block() {
        assert!(hidden('\u{200d}') && !hidden_in_prose('\u{200d}'));
        assert!(hidden('\u{202e}') && hidden_in_prose('\u{202e}') && !hidden('\n') && !hidden('é'));
    }
}
