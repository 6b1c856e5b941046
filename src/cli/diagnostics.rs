//! Findings about a file, drawn for people: file, line, column, the line itself, the cause, the remedy.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use domain::diagnostic::{Diagnostic, Severity};

/// Draws the findings in the order they are given, a blank line between them. `source` must be the text that the spans
/// belong to and is shown: for an estate that is `Parsed::estate.source`, in which secrets are masked.
#[must_use]
pub fn render(path: &str, source: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled().decor_style(DecorStyle::Unicode) } else { Renderer::plain() };
    diagnostics
        .iter()
        .map(|diagnostic| renderer.render(&report(path, source, diagnostic)) + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}

fn report<'a>(path: &'a str, source: &'a str, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mark = AnnotationKind::Primary.span(within(source, &diagnostic.span));
    let group = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code)
        .element(Snippet::source(source).path(path).annotation(mark));
    match &diagnostic.help {
        Some(help) => vec![group.element(Level::HELP.message(help.as_str()))],
        None => vec![group],
    }
}

/// The span, held inside the text and cut at the end of its first line: a long table is marked by its head.
fn within(source: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let boundary = |at: usize| (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    let (start, end) = (boundary(span.start), boundary(span.end));
    let line = source[start..end.max(start)].find('\n').map_or(end, |at| start + at);
    start..line.max(start)
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
