//! Runbooks that the file names: whether they are there is known to whoever sees the folders.

use toml::de::DeTable;

use super::fields::Fields;
use crate::diagnostic::{Diagnostic, did_you_mean};

/// A warning for each runbook that the text of an estate names and that is not among `known`. `source` is the text that
/// the spans are to fit: [`super::Estate::source`].
#[must_use]
pub fn unknown_runbooks(source: &str, known: &[String]) -> Vec<Diagnostic> {
    let (file, _) = DeTable::parse_recoverable(source);
    let file = Fields { table: file.get_ref(), span: 0..0 };
    let tests = file.named("tests").into_iter().map(|(name, fields)| {
        (fields, format!("the test `{name}` is proved by the runbook"), "an incident that walks it proves the test")
    });
    let traffic = file.sub("traffic").map(|fields| {
        (fields, "traffic is moved by the runbook".to_owned(), "without it there is no way round the control plane")
    });
    let unknown = |(fields, said, worth): (Fields<'_, '_>, String, &str)| {
        let name = fields.text("runbook").filter(|name| !known.contains(name))?;
        let message = format!("{said} `{name}`, and there is none of that name");
        let help = did_you_mean(&name, known.iter().map(String::as_str));
        let help = help.unwrap_or_else(|| format!("put {name}.md into a folder of `runbooks`: {worth}"));
        Some(Diagnostic::warning("estate::unknown-runbook", fields.span_of("runbook"), message).help(help))
    };
    tests.chain(traffic).filter_map(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runbook_that_is_not_there_is_found_where_it_is_named() {
        let text =
            "[tests.a]\nrunbook = \"regional-failovr\"\n[tests.b]\nrunbook = \"x\"\n[traffic]\nrunbook = \"y\"\n";
        let found = unknown_runbooks(text, &["regional-failover".to_owned(), "x".to_owned()]);
        let said: Vec<_> = found.iter().map(|found| (&text[found.span.clone()], found.help.as_deref())).collect();
        assert_eq!(said[0], ("\"regional-failovr\"", Some("did you mean `regional-failover`?")));
        assert_eq!((said[1].0, said.len()), ("\"y\"", 2));
    }
}
