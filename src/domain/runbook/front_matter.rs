//! Front matter: what makes a document a runbook, its variables and its defaults.

use std::collections::BTreeMap;
use std::ops::Range;

use super::info::Defaults;
use super::model::{PhaseKind, Runbook, RunbookKind};
use super::{phases, unicode, variables};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::estate::Estate;
use crate::time::parse_duration;
use crate::untrusted::sanitise_line;
use crate::yaml::{self, Node, Value};

/// Diagnostics gathered while reading, and the estate that names are checked against.
pub(super) struct Findings<'a> {
    pub(super) estate: Option<&'a Estate>,
    pub(super) list: Vec<Diagnostic>,
}

/// So many are kept. A document with more is not what it was meant to be: nothing in it runs.
const KEPT: usize = 1000;

impl Findings<'_> {
    /// No more are kept: there is no need to look further.
    pub(super) fn full(&self) -> bool {
        self.list.len() >= KEPT
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        at: &Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.add(Diagnostic { help, ..Diagnostic::error(code, at.clone(), message) });
    }

    pub(super) fn warning(&mut self, code: &'static str, at: &Range<usize>, message: impl Into<String>, help: &str) {
        self.add(Diagnostic::warning(code, at.clone(), message).help(help));
    }

    pub(super) fn note(&mut self, code: &'static str, at: &Range<usize>, message: impl Into<String>, help: &str) {
        self.add(Diagnostic::new(Severity::Note, code, at.clone(), message).help(help));
    }

    /// Messages quote the document, and go to terminals.
    fn add(&mut self, mut found: Diagnostic) {
        if self.full() {
            return;
        }
        found.message = sanitise_line(&found.message);
        found.help = found.help.map(|help| sanitise_line(&help));
        self.list.push(found);
    }
}

pub(super) const OTHER_VERSION: &str = "this console reads runbooks of version 1 only";

/// What the front matter says beside the fields of [`Runbook`].
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) title: Option<String>,
    /// By heading in lower case; and where it is said.
    pub(super) phases: BTreeMap<String, (PhaseKind, Range<usize>)>,
    pub(super) defaults: Defaults,
}

/// Splits a document into front matter, if it has one, and where the rest starts.
pub(super) fn split(source: &str) -> (Option<Range<usize>>, usize) {
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = source[start..].split_inclusive('\n');
    let mut at = start;
    match lines.next() {
        Some(first) if first.trim_end() == "---" => at += first.len(),
        _ => return (None, start),
    }
    let yaml = at;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return (Some(yaml..at), at + line.len());
        }
        at += line.len();
        if at - yaml > yaml::LIMIT {
            break;
        }
    }
    (None, start)
}

/// What `runbook:` says, even if the YAML around it cannot be read. Any number turns strict reading on.
pub(super) fn version(yaml: &str) -> Option<&str> {
    yaml.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        let value = value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        (key == "runbook" && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())).then_some(value)
    })
}

/// Whether a front matter was meant and is not closed: the lines before the first heading say `runbook:`.
pub(super) fn unclosed(source: &str) -> bool {
    let text = source.trim_start_matches('\u{feff}');
    let before_heading = text.split("\n#").next().unwrap_or_default();
    before_heading.lines().next().is_some_and(|line| line.trim_end() == "---") && version(before_heading).is_some()
}

/// Reads a front matter into the runbook.
pub(super) fn read(source: &str, at: Range<usize>, runbook: &mut Runbook, findings: &mut Findings) -> Settings {
    let mut settings = Settings::default();
    unicode::check(source, &at, findings);
    let read = yaml::read(&source[at.clone()], at.start);
    if let Some((message, place)) = read.problem {
        findings.error("runbook::front-matter", &place, format!("the front matter is not YAML: {message}"), None);
    }
    let Some(root) = read.root else { return settings };
    if !matches!(root.value, Value::Map(_) | Value::Nothing) {
        findings.error("runbook::front-matter", &root.span, "the front matter must be a mapping", None);
    }
    for (key, place, node) in root.entries() {
        entry(key, place, node, runbook, &mut settings, findings);
    }
    settings
}

const KNOWN: [&str; 13] = [
    "runbook", "title", "type", "owner", "roles", "rto", "rpo", "review", "requires", "phases", "defaults", "vars",
    "env",
];

fn entry(
    key: &str,
    place: &Node,
    node: &Node,
    runbook: &mut Runbook,
    settings: &mut Settings,
    findings: &mut Findings,
) {
    let text = || node.text().map(sanitise_line);
    match key {
        "runbook" if node.text() == Some("1") => {}
        "runbook" => {
            let help = "write `runbook: 1` if it is; all of its steps are done by hand".to_owned();
            findings.error("runbook::version", &node.span, OTHER_VERSION, Some(help));
        }
        "title" => settings.title = text(),
        "owner" => runbook.owner = text(),
        "type" => match node.text().and_then(kind) {
            Some(kind) => runbook.kind = kind,
            None => {
                let names = ["failover", "restore", "incident", "maintenance", "drill"];
                let help = node.text().and_then(|word| did_you_mean(word, names));
                let help = help.unwrap_or_else(|| format!("the types are {}", names.join(", ")));
                findings.error("runbook::type", &node.span, "unknown type of runbook", Some(help));
            }
        },
        "rto" => runbook.rto = span(key, node, findings),
        "rpo" => runbook.rpo = span(key, node, findings),
        "review" => runbook.review = span(key, node, findings),
        "roles" => runbook.roles = words(key, node, findings),
        "requires" => runbook.requires = words(key, node, findings),
        "env" => runbook.pass_env = words(key, node, findings),
        "vars" => runbook.vars = variables::read(node, findings),
        "phases" => {
            for (title, place, kind) in node.entries() {
                match kind.text().and_then(phases::by_name) {
                    Some(kind) => {
                        settings.phases.insert(title.trim().to_lowercase(), (kind, place.span.clone()));
                    }
                    None => {
                        let help = "use main, failback, rollback or clean-up".to_owned();
                        findings.error("runbook::phases", &kind.span, "unknown kind of phase", Some(help));
                    }
                }
            }
        }
        "defaults" => {
            for (name, place, value) in node.entries() {
                let target = match name {
                    "timeout" => &mut settings.defaults.timeout,
                    "every" => &mut settings.defaults.every,
                    "within" => &mut settings.defaults.within,
                    _ => {
                        let help = did_you_mean(name, ["timeout", "every", "within"]);
                        let message = format!("`{name}` has no default to set");
                        findings.error("runbook::defaults", &place.span, message, help);
                        continue;
                    }
                };
                match span(name, value, findings) {
                    Some(span) if span.is_zero() => {
                        let message = format!("`{name}` must be longer than nothing");
                        findings.error("runbook::defaults", &value.span, message, None);
                    }
                    Some(span) => *target = span,
                    None => {}
                }
            }
        }
        _ => {
            // Other tools share the block; only a slip is worth more than a note.
            let slip = KNOWN.into_iter().find(|known| strsim::damerau_levenshtein(known, key) == 1);
            let message = format!("`{key}` means nothing here");
            if let Some(known) = slip.filter(|known| known.len() > 3) {
                let help = format!("did you mean `{known}`?");
                findings.warning("runbook::front-matter-key", &place.span, message, &help);
            } else {
                findings.note(
                    "runbook::front-matter-key",
                    &place.span,
                    message,
                    "it is left to the tool that it is for",
                );
            }
        }
    }
}

fn kind(word: &str) -> Option<RunbookKind> {
    Some(match word {
        "failover" => RunbookKind::Failover,
        "restore" => RunbookKind::Restore,
        "incident" => RunbookKind::Incident,
        "maintenance" => RunbookKind::Maintenance,
        "drill" => RunbookKind::Drill,
        _ => return None,
    })
}

fn span(key: &str, node: &Node, findings: &mut Findings) -> Option<std::time::Duration> {
    let read = node.text().ok_or_else(|| "a duration is needed, such as 30m".to_owned()).and_then(parse_duration);
    match read {
        Ok(span) => Some(span),
        Err(why) => {
            findings.error("runbook::front-matter-value", &node.span, format!("`{key}`: {why}"), None);
            None
        }
    }
}

fn words(key: &str, node: &Node, findings: &mut Findings) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
        Value::Text(text) => vec![text.clone()],
        Value::Nothing => Vec::new(),
        Value::Map(_) => {
            let help = format!("write `{key}: [one, two]`");
            findings.error("runbook::front-matter-value", &node.span, format!("`{key}` must be a list"), Some(help));
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_what_stands_between_the_rules_at_the_very_start() {
        let text = "---\na: 1\n---\nrest";
        let (front, rest) = split(text);
        assert_eq!((&text[front.unwrap()], &text[rest..]), ("a: 1\n", "rest"));
        let text = "\u{feff}---\r\na: 1\r\n...\r\nrest";
        let (front, rest) = split(text);
        assert_eq!((&text[front.unwrap()], &text[rest..]), ("a: 1\r\n", "rest"));
        for text in ["", "---", "# Title\n---\na: 1\n---\n", "---\nnever closed\n"] {
            assert!(split(text).0.is_none(), "{text:?}");
        }
        assert_eq!(version("title: x\nrunbook: 1 # strict\n"), Some("1"));
        assert_eq!(version("runbook: '12'\n"), Some("12"));
        assert_eq!((version("  runbook: 1\n"), version("runbook: yes\n")), (None, None));
        assert!(unclosed("---\nrunbook: 1\n# Title\n") && !unclosed("---\ntitle: x\n# runbook: 1\n"));
    }
}
