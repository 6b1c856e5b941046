//! The text format of Prometheus, version 0.0.4: families of samples, each with its help and type.
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::fmt::Write;

use crate::untrusted::sanitise_line;

/// A page of families. Every sample carries the labels the page was begun with.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    always: String,
}

impl Page {
    pub(super) fn new(always: &[(&str, &str)]) -> Self {
        Self { text: String::new(), always: labels(always) }
    }

    /// A family of gauges. One without a sample is left out: what is not known has no line.
    pub(super) fn gauge(&mut self, name: &'static str, help: &str, fill: impl FnOnce(&mut Family)) {
        let mut family = Family { name, always: self.always.clone(), samples: String::new() };
        fill(&mut family);
        if !family.samples.is_empty() {
            let help = help.replace('\\', "\\\\").replace('\n', "\\n");
            let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} gauge\n{}", family.samples);
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// The samples of one name.
#[derive(Debug)]
pub(super) struct Family {
    name: &'static str,
    always: String,
    samples: String,
}

impl Family {
    /// One sample; none where the value is not known.
    pub(super) fn sample(&mut self, own: &[(&str, &str)], value: impl Into<Option<f64>>) {
        let Some(value) = value.into() else { return };
        let comma = if own.is_empty() || self.always.is_empty() { "" } else { "," };
        let _ = writeln!(self.samples, "{}{{{}{comma}{}}} {value}", self.name, self.always, labels(own));
    }

    /// A state set: one sample per word, 1 for the one that holds.
    pub(super) fn states(&mut self, own: &[(&str, &str)], label: &str, words: &[&str], holds: &str) {
        for word in words {
            let own: Vec<_> = own.iter().copied().chain([(label, *word)]).collect();
            self.sample(&own, flag(*word == holds));
        }
    }
}

/// 1 for yes.
pub(super) const fn flag(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}

fn labels(labels: &[(&str, &str)]) -> String {
    let label = |(name, value): &(&str, &str)| {
        let value = sanitise_line(value).replace('\\', "\\\\").replace('"', "\\\"");
        format!("{name}=\"{value}\"")
    };
    labels.iter().map(label).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_its_help_type_and_samples() {
        let mut page = Page::new(&[("estate", "orders")]);
        page.gauge("a_seconds", "How long.", |family| {
            family.sample(&[], 1.5);
            family.sample(&[("of", "x")], Some(-0.25));
        });
        assert_eq!(
            page.into_text(),
            "# HELP a_seconds How long.\n# TYPE a_seconds gauge\na_seconds{estate=\"orders\"} 1.5\n\
             a_seconds{estate=\"orders\",of=\"x\"} -0.25\n"
        );
    }

    #[test]
    fn what_is_not_known_has_no_line() {
        let mut page = Page::new(&[]);
        page.gauge("a", "Nothing.", |family| family.sample(&[("of", "x")], None));
        assert_eq!(page.into_text(), "");
    }

    #[test]
    fn a_label_cannot_end_its_line_or_its_quotes() {
        let mut page = Page::new(&[]);
        page.gauge("a", "One\nline \\.", |family| family.sample(&[("of", "a\"b\\c\nd\u{1b}[2J")], 1.0));
        let text = page.into_text();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.starts_with("# HELP a One\\nline \\\\.\n"), "{text}");
        assert!(text.contains(r#"a{of="a\"b\\c"#) && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn one_word_of_a_state_set_holds() {
        let mut page = Page::new(&[]);
        page.gauge("a", "State.", |family| family.states(&[("of", "x")], "is", &["up", "down"], "down"));
        let text = page.into_text();
        assert!(text.ends_with("a{of=\"x\",is=\"up\"} 0\na{of=\"x\",is=\"down\"} 1\n"), "{text}");
    }
}
