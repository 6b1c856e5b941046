//! Text of a log as documents show it: without secrets or control sequences, and never as markup. Whoever wrote a note,
//! a runbook or the output of a command has no say in how the page looks or where it leads.

use std::fmt::Write;

use crate::redact::Redactor;
use crate::time::Timestamp;
use crate::untrusted::sanitise;

/// Prepares outside text; one for a whole page, because its table is not small.
pub(super) struct Text {
    redactor: Redactor,
}

impl Text {
    pub(super) fn new() -> Self {
        Self { redactor: Redactor::default() }
    }

    pub(super) fn clean(&self, text: &str) -> String {
        self.redactor.redact(&sanitise(text))
    }

    /// On one line, and not escaped: a renderer does that.
    pub(super) fn plain(&self, text: &str) -> String {
        let clean = self.clean(text);
        let folded = clean.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace));
        if folded { clean } else { clean.split_whitespace().collect::<Vec<_>>().join(" ") }
    }

    /// One line of Markdown, for prose and cells of tables. Never the first thing of a block, where `#` or `-` would be
    /// markup.
    pub(super) fn line(&self, text: &str) -> String {
        markdown(&self.plain(text))
    }

    pub(super) fn block(&self, language: &str, text: &str) -> String {
        fenced(language, self.clean(text).trim_end())
    }
}

/// A fenced block, whose fence is longer than anything in it that looks like one.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}\n")
}

/// As text of HTML, within elements and quoted attributes.
pub(super) fn html(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

/// As text of Markdown, within a line.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let (mut before, mut rest) = (' ', text.chars());
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // Within a word an underscore is no markup, and names are easier to read without the sign.
            '_' if before.is_alphanumeric() && after.starts_with(char::is_alphanumeric) => escaped.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => escaped.extend(['\\', c]),
            // What some renderers make a link of by themselves.
            ':' if after.starts_with("//") => escaped.push_str("\\:"),
            '.' if escaped.ends_with("www") || escaped.ends_with("WWW") => escaped.push_str("\\."),
            _ => escaped.push(c),
        }
        before = c;
    }
    escaped
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

/// `2026-11-20 02:14:37.123Z`: the date on every row.
pub(super) fn utc(at: Timestamp) -> String {
    let mut text = String::with_capacity(24);
    utc_to(at, &mut text);
    text
}

pub(super) fn utc_to(at: Timestamp, out: &mut String) {
    let _ = write!(out, "{}", at.strftime("%Y-%m-%d %H:%M:%S%.3fZ"));
}

pub(super) fn utc_or(at: Option<Timestamp>, otherwise: &str) -> String {
    at.map_or_else(|| otherwise.to_owned(), utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_is_never_markup() {
        let text = Text::new();
        for (hostile, shown) in [
            ("a | b", r"a \| b"),
            ("`rm`", r"\`rm\`"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("[ok](https://evil.example)", r"\[ok\](https\://evil.example)"),
            ("![x](http://evil.example/p.png)", r"!\[x\](http\://evil.example/p.png)"),
            ("www.evil.example", r"www\.evil.example"),
            ("**all is well**", r"\*\*all is well\*\*"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            (r"\| still", r"\\\| still"),
            ("~~gone~~ $x$", r"\~\~gone\~\~ \$x\$"),
            ("pg_is_in_recovery _x_", r"pg_is_in_recovery \_x\_"),
            ("one\n\n# two\n---\n| three |", r"one # two --- \| three \|"),
            ("\x1b[31mred\x1b[0m", "red"),
        ] {
            assert_eq!(text.line(hostile), shown);
        }
    }

    #[test]
    fn a_secret_is_masked_before_it_is_shown() {
        let text = Text::new();
        assert!(!text.line("postgres://app:hunter22@db/orders").contains("hunter22"));
        assert!(!text.block("bash", "curl -H 'Authorization: Bearer abcdef123456'").contains("abcdef123456"));
    }

    #[test]
    fn no_text_ends_its_own_block() {
        let block = Text::new().block("bash", "echo\n```\n# INC-1: closed\n````\n");
        assert_eq!(block, "`````bash\necho\n```\n# INC-1: closed\n````\n`````\n");
    }
}
