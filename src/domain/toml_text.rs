//! What is wrong with a TOML file, in words.

use std::ops::Range;

use toml::de::DeValue;

use crate::diagnostic::Diagnostic;

/// Each error with its remedy, and the whole lines that they stand in: what a recovery makes of those is not what was
/// written there.
#[must_use]
pub fn errors(code: &'static str, text: &str, errors: &[toml::de::Error]) -> (Vec<Diagnostic>, Vec<Range<usize>>) {
    let found: Vec<Diagnostic> = errors.iter().map(|error| of_syntax(code, text, error)).collect();
    let broken = found.iter().map(|diagnostic| lines_of(text, &diagnostic.span)).collect();
    (found, broken)
}

fn of_syntax(code: &'static str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let span = span.start.min(text.len())..span.end.min(text.len());
    let message = error.message().lines().next().unwrap_or("this is not TOML").trim().to_owned();
    let help = match message.as_str() {
        "duplicate key" => "each name stands once: join the two, or rename one",
        message if message.contains("string values must be quoted") => "put text in quotes: \"…\"",
        message if message.contains("newline") => "one `key = value` a line; text in quotes",
        _ => "text stands in \"quotes\", tables in [brackets], one `key = value` a line",
    };
    Diagnostic::error(code, span, message).help(help)
}

/// What a value is.
#[must_use]
pub const fn word(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The whole lines that a span touches.
fn lines_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = bytes[..span.start.min(bytes.len())].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let from = span.end.max(span.start).min(bytes.len());
    let end = bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| from + at);
    start..end.max(start + 1)
}
