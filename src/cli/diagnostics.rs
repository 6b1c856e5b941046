//! Findings about a file, drawn for people: file, line, column, the line itself, the cause, the remedy.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use domain::diagnostic::{Diagnostic, Severity};

/// Draws the findings in the order they are given, a blank line between them. `source` must be the text that the spans
/// belong to and is shown: for an estate that is `Parsed::estate.source`, in which secrets are masked.
#[must_use]
pub fn render(path: &str, source: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled().decor_style(DecorStyle::Unicode) } else { Renderer::plain() };
    let lines = Lines::of(source);
    diagnostics
        .iter()
        .map(|diagnostic| renderer.render(&report(path, &lines, diagnostic)) + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}

fn report<'a>(path: &'a str, lines: &Lines<'a>, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let (number, line, marked) = lines.first_of(&diagnostic.span);
    let mark = AnnotationKind::Primary.span(marked);
    let group = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code)
        .element(Snippet::source(line).line_start(number).path(path).annotation(mark));
    match &diagnostic.help {
        Some(help) => vec![group.element(Level::HELP.message(help.as_str()))],
        None => vec![group],
    }
}

/// Where the lines of a text begin, found once: a long file may have a finding in each of them.
struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(source: &'a str) -> Self {
        let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, starts }
    }

    /// The line in which a span begins: its number from 1, its text, and what of the text the span covers. A span
    /// outside the text is held inside; a long table is marked by its head.
    fn first_of(&self, span: &Range<usize>) -> (usize, &'a str, Range<usize>) {
        let start = self.source.floor_char_boundary(span.start);
        let number = self.starts.partition_point(|from| *from <= start).max(1);
        let from = self.starts.get(number - 1).copied().unwrap_or_default();
        let line = self.source.get(from..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        let end = self.source.floor_char_boundary(span.end).clamp(start, (from + line.len()).max(start));
        (number, line, start - from..end - from)
    }
}

/// `2 errors, 1 warning`; empty when there is nothing to say.
#[must_use]
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let of = |severity: Severity, word: &str| {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            many => Some(format!("{many} {word}s")),
        }
    };
    let parts = [of(Severity::Error, "error"), of(Severity::Warning, "warning"), of(Severity::Note, "note")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_shows_place_line_cause_and_remedy() {
        let text = "name = \"x\"\n[regions.a]\nrole = \"primry\"\n";
        let parsed = domain::estate::parse(text);
        let shown = render("switchback.toml", &parsed.estate.source, &parsed.diagnostics, false);
        for part in [
            "error[estate::value]",
            "switchback.toml:3:8",
            "role = \"primry\"",
            "not known here",
            "did you mean `primary`?",
        ] {
            assert!(shown.contains(part), "{part} in:\n{shown}");
        }
        assert_eq!(count(&parsed.diagnostics), "1 error, 1 warning");
    }

    #[test]
    fn a_secret_is_not_shown() {
        let text = "name = \"x\"\n[regions.a]\n[databases.d]\nservers = { a = \"postgresql://u:hunter2@h/d\" }\n";
        let parsed = domain::estate::parse(text);
        let shown = render("switchback.toml", &parsed.estate.source, &parsed.diagnostics, false);
        assert!(shown.contains("~/.pgpass") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn spans_outside_the_text_are_held_inside() {
        let finding = [Diagnostic::error("x::y", 90..99, "beyond")];
        assert!(render("f", "ä\n", &finding, true).contains("beyond"));
        assert!(render("f", "", &finding, false).contains("beyond"));
    }
}
