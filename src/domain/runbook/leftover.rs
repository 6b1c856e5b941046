//! What was meant to be filled in, taken out or typed otherwise before a block runs: placeholders, console prompts,
//! typographic quotes and dashes.

use std::ops::Range;

use super::front_matter::Findings;
use super::model::Lang;
use super::outline::Fence;
use super::unicode;

/// No placeholder is longer.
const LONGEST: usize = 200;

/// Looks at every line of a block's text.
pub(super) fn check(lang: Lang, fence: &Fence, findings: &mut Findings<'_>) {
    let mut start = 0;
    let mut prompted = false;
    let mut body = false;
    if matches!(lang, Lang::Bash | Lang::Sh | Lang::Sql) {
        typographic(lang, fence, findings);
    }
    for line in fence.text.split_inclusive('\n') {
        if findings.full() {
            return;
        }
        let at = start;
        start += line.len();
        body |= lang == Lang::Http && at > 0 && line.trim().is_empty();
        if comment(lang, line) {
            continue;
        }
        if let Some(word) = unicode::mixed_word(line) {
            let place = fence.source(at + word.start..at + word.end);
            unicode::report_mixed(&line[word], &place, findings);
        }
        if let Some(range) = placeholder(line, lang, body) {
            let place = fence.source(at + range.start..at + range.end);
            let message = format!("`{}` is a placeholder: it was never filled in", &line[range]);
            let help = "write the value, or declare a variable under `vars:`".to_owned();
            findings.error("runbook::placeholder", &place, message, Some(help));
        }
        if !prompted && let Some(range) = prompt(line, lang) {
            prompted = true;
            let place = fence.source(at + range.start..at + range.end);
            let message = format!("`{}` is a console prompt, not a part of the command", line[range].trim());
            let help = "take it out; put the output below it into an `expect` block".to_owned();
            findings.error("runbook::prompt", &place, message, Some(help));
        }
    }
}

/// Quotes, dashes and letters that a word processor or another alphabet put in the place of plain ones; once a block.
fn typographic(lang: Lang, fence: &Fence, findings: &mut Findings<'_>) {
    let mut start = 0;
    for line in fence.text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let found = line.char_indices().find(|(_, c)| {
            matches!(c, '“' | '”' | '‘' | '’' | '–' | '—' | '−' | '\u{a0}' | '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{4ff}'
                | '\u{ff01}'..='\u{ff5e}')
        });
        if let Some((offset, c)) = found.filter(|_| !comment(lang, line) && unicode::mixed_word(line).is_none()) {
            let place = fence.source(at + offset..at + offset + c.len_utf8());
            let message = format!("`{c}` (U+{:04X}) looks like a plain character and is another one", u32::from(c));
            findings.warning("runbook::lookalike-character", &place, message, "type it again, if it is not meant");
            return;
        }
    }
}

fn comment(lang: Lang, line: &str) -> bool {
    let line = line.trim_start();
    match lang {
        Lang::Sql => line.starts_with("--"),
        Lang::Http => line.starts_with("# ") || line.starts_with("//"),
        _ => line.starts_with('#') && !line.starts_with("#!"),
    }
}

/// `<pod>`, `YOUR_X`, `CHANGEME`, `{{x}}`, `[TODO]`: the first of a line.
pub(super) fn placeholder(line: &str, lang: Lang, body: bool) -> Option<Range<usize>> {
    // Every one of them begins with one of these.
    if !line.bytes().any(|byte| matches!(byte, b'<' | b'{' | b'[' | b'Y' | b'C' | b'R' | b'F')) {
        return None;
    }
    let angled = || (!body).then(|| angled(line, matches!(lang, Lang::Bash | Lang::Sh))).flatten();
    angled().or_else(|| braced(line)).or_else(|| word(line))
}

/// `<name>` or, in a shell, `<the name>`. Redirections have a space or the end of a word beside the bracket.
fn angled(line: &str, spaces: bool) -> Option<Range<usize>> {
    line.match_indices('<').find_map(|(at, _)| {
        let inside = &line[at + 1..line.floor_char_boundary(at + 1 + LONGEST)];
        let end = inside.find(['>', '<', '\n'])?;
        let name = &inside[..end];
        let shaped = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.ends_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') || spaces && c == ' ');
        let before = line[..at].chars().next_back();
        let here_document = before == Some('<');
        (inside[end..].starts_with('>') && shaped && !here_document).then_some(at..at + end + 2)
    })
}

/// `{{name}}`; templates of other tools (`{{.Status}}`, `{{range …}}`) are no placeholders.
fn braced(line: &str) -> Option<Range<usize>> {
    line.match_indices("{{").find_map(|(at, _)| {
        let inside = &line[at + 2..line.floor_char_boundary(at + 2 + LONGEST)];
        let end = inside.find("}}")?;
        let name = inside[..end].trim();
        let shaped = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        (shaped && !matches!(name, "end" | "else")).then_some(at..at + end + 4)
    })
}

/// What stands for a value that somebody is to write, and names nothing.
pub(super) const NAMELESS: [&str; 7] =
    ["[TODO]", "CHANGEME", "CHANGE_ME", "CHANGE-ME", "REPLACE_ME", "REPLACEME", "FIXME"];
/// What stands before the name of such a value.
pub(super) const YOURS: [&str; 2] = ["YOUR_", "YOUR-"];

fn word(line: &str) -> Option<Range<usize>> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    NAMELESS.into_iter().chain(YOURS).find_map(|mark| {
        let at = line.find(mark)?;
        let lone = !line[..at].chars().next_back().is_some_and(is_word);
        let end = at + mark.len() + line[at + mark.len()..].find(|c: char| !is_word(c)).unwrap_or_default();
        lone.then_some(at..end)
    })
}

/// `$ `, `user@host:~$ `, `orders=# `, `mysql> `.
fn prompt(line: &str, lang: Lang) -> Option<Range<usize>> {
    let indent = line.len() - line.trim_start().len();
    let said = line.trim_start();
    if said.starts_with("$ ") {
        return Some(indent..indent + 2);
    }
    let first = said.split_whitespace().next()?;
    let found = match lang {
        Lang::Bash | Lang::Sh => {
            let who = first.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty()
                    && user.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '['))
                    && host.ends_with(['$', '#'])
            });
            who || matches!(first, "PS>" | "%")
        }
        Lang::Sql => {
            let name = first.trim_end_matches(['#', '>']).trim_end_matches(['=', '-']);
            let ending = &first[name.len()..];
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && matches!(ending, "=#" | "=>" | "-#" | "->" | ">")
                && said.len() > first.len()
        }
        _ => false,
    };
    found.then_some(indent..indent + first.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, lang: Lang) -> Option<&str> {
        placeholder(text, lang, false).or_else(|| prompt(text, lang)).map(|range| &text[range])
    }

    #[test]
    fn placeholders_and_prompts_are_told_from_commands() {
        for (lang, text, wanted) in [
            (Lang::Bash, "kubectl delete pod <pod>", Some("<pod>")),
            (Lang::Bash, "kubectl delete <the pod> now", Some("<the pod>")),
            (Lang::Bash, "export KEY=YOUR_API_KEY;", Some("YOUR_API_KEY")),
            (Lang::Bash, "ssh CHANGEME", Some("CHANGEME")),
            (Lang::Bash, "echo {{ region }}", Some("{{ region }}")),
            (Lang::Bash, "echo [TODO]", Some("[TODO]")),
            (Lang::Bash, "$ ls", Some("$ ")),
            (Lang::Bash, "root@db1:~# ls", Some("root@db1:~#")),
            (Lang::Sql, "orders=# SELECT 1;", Some("orders=#")),
            (Lang::Sql, "WHERE xid = <corrupted_xid>", Some("<corrupted_xid>")),
            (Lang::Bash, "sort <in >out", None),
            (Lang::Bash, "sort < in > out; cat <<EOF >x", None),
            (Lang::Bash, "docker ps --format '{{.Names}}' {{json .}}", None),
            (Lang::Bash, "diff <(a) >(b)", None),
            (Lang::Bash, "scp user@host: .", None),
            (Lang::Bash, "COLOUR_ME=1", None),
            (Lang::Sql, "SELECT a <b and c> d", None),
            (Lang::Sql, "x > 5", None),
        ] {
            assert_eq!(found(text, lang), wanted, "{text}");
        }
    }
}
