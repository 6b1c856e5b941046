//! The command that goes on with a run that stopped.

use std::ffi::OsString;

use domain::ident::StepId;

use crate::cli::typed::quoted;

/// How the command that goes on differs from the one that stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Amend {
    /// With this flag, and the text that a person has to write, in capitals.
    With(&'static str, Option<String>),
    /// With an approval of this step.
    Approval(StepId),
    /// What it said does not hold any more.
    Without(&'static str),
    WithoutApproval(StepId),
}

impl Amend {
    fn flag(&self) -> &'static str {
        match self {
            Self::With(flag, _) | Self::Without(flag) => flag,
            Self::Approval(_) | Self::WithoutApproval(_) => "--approve",
        }
    }

    /// A flag that was given, with its value, is in the place of this.
    fn replaces(&self, flag: &str, value: &str) -> bool {
        flag == self.flag()
            && match self {
                Self::With(..) | Self::Without(_) => true,
                Self::Approval(step) | Self::WithoutApproval(step) => {
                    value.split_once('=').is_some_and(|(named, _)| named.trim() == step.as_str())
                }
            }
    }

    fn words(&self) -> Vec<String> {
        match self {
            Self::With(flag, value) => [Some((*flag).to_owned()), value.clone()].into_iter().flatten().collect(),
            Self::Approval(step) => vec!["--approve".to_owned(), format!("{step}=NAME")],
            Self::Without(_) | Self::WithoutApproval(_) => Vec::new(),
        }
    }
}

/// This command line with the incident it belongs to and what it lacked, quoted for a shell: `--start-at` has done its
/// work, and is left out; what was started without a person is gone on with by one.
pub(super) fn command(
    words: impl Iterator<Item = OsString>,
    runbook: &str,
    incident: &str,
    amends: &[Amend],
) -> String {
    let mut words = words.map(|word| word.to_string_lossy().into_owned());
    let mut kept = vec![words.next().map_or_else(|| "switchback".to_owned(), |program| name(&program))];
    let dropped =
        |flag: &str, value: &str| DONE.contains(&flag) || amends.iter().any(|amend| amend.replaces(flag, value));
    while let Some(word) = words.next() {
        match word.split_once('=') {
            Some((flag, value)) if dropped(flag, value) => {}
            None if word == "--when-recommended" => kept.extend([runbook.to_owned(), "--yes".to_owned()]),
            None if word == "--rearm" || (word == "--accept-loss" && dropped(&word, "")) => {}
            None if VALUED.contains(&word.as_str()) => {
                let value = words.next().unwrap_or_default();
                if !dropped(&word, &value) {
                    kept.extend([word, value]);
                }
            }
            _ => kept.push(word),
        }
    }
    kept.extend(["--incident".to_owned(), incident.to_owned()]);
    kept.extend(amends.iter().flat_map(Amend::words));
    kept.iter().map(|word| written(word)).collect::<Vec<_>>().join(" ")
}

/// What a person writes in the place of.
pub(super) const HOW: &str = "HOW";
pub(super) const WHY: &str = "WHY";
const PLACEHOLDERS: [&str; 2] = [HOW, WHY];

/// Flags that have done their work, or get another value.
const DONE: [&str; 2] = ["--start-at", "--incident"];
/// Flags with a value that may be left out or replaced.
const VALUED: [&str; 6] = ["--start-at", "--incident", "--to", "--fenced-by", "--approve", "--reason"];

fn name(program: &str) -> String {
    program.rsplit('/').next().unwrap_or(program).to_owned()
}

/// A placeholder is quoted as well: it will be a text of several words.
fn written(word: &str) -> String {
    if PLACEHOLDERS.contains(&word) { format!("\"{word}\"") } else { quoted(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_goes_on_is_the_same_in_its_incident() {
        for (typed, again) in [
            (
                &["switchback", "run", "--when-recommended", "--rearm"][..],
                "switchback run alone --yes --incident INC-1",
            ),
            (&["/usr/bin/switchback", "run", "walk", "--yes"][..], "switchback run walk --yes --incident INC-1"),
            (
                &["switchback", "run", "walk", "--start-at", "dns", "--yes"],
                "switchback run walk --yes --incident INC-1",
            ),
            (
                &["switchback", "run", "walk", "--start-at=dns", "--incident=last"],
                "switchback run walk --incident INC-1",
            ),
            (
                &["switchback", "run", "w", "--reason", "it's on fire"],
                r"switchback run w --reason 'it'\''s on fire' --incident INC-1",
            ),
        ] {
            assert_eq!(command(typed.iter().map(OsString::from), "alone", "INC-1", &[]), again);
        }
    }

    #[test]
    fn the_command_that_goes_on_has_what_was_lacking_and_not_what_was_refused() {
        let lacks = |flag, value: Option<&str>| Amend::With(flag, value.map(str::to_owned));
        for (typed, amends, again) in [
            (&["--to", "mars"][..], vec![lacks("--to", Some("west"))], "--incident INC-1 --to west"),
            (&["--to=mars"], vec![lacks("--to", Some("west"))], "--incident INC-1 --to west"),
            (&[], vec![lacks("--fenced-by", Some("HOW"))], "--incident INC-1 --fenced-by \"HOW\""),
            (
                &[],
                vec![lacks("--accept-loss", None), lacks("--reason", Some("WHY"))],
                "--incident INC-1 --accept-loss --reason \"WHY\"",
            ),
            (
                &["--approve", "a=raj", "--approve=b=raj"],
                vec![Amend::Approval("b".into())],
                "--approve a=raj --incident INC-1 --approve b=NAME",
            ),
            (&["--approve", "a=raj"], vec![Amend::WithoutApproval("a".into())], "--incident INC-1"),
            (&["--fenced-by", "off"], vec![Amend::Without("--fenced-by")], "--incident INC-1"),
        ] {
            let words = ["switchback", "run", "w"].iter().chain(typed).map(OsString::from);
            assert_eq!(command(words, "w", "INC-1", &amends), format!("switchback run w {again}"));
        }
    }
}
