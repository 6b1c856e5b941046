//! The command that goes on with a run that stopped.

use std::ffi::OsString;

/// This command line with the incident it belongs to, quoted for a shell: `--start-at` has done its work, and is left
/// out; what was started without a person is gone on with by one.
pub(super) fn command(words: impl Iterator<Item = OsString>, runbook: &str, incident: &str) -> String {
    let mut words = words.map(|word| word.to_string_lossy().into_owned());
    let mut kept = vec![words.next().map_or_else(|| "switchback".to_owned(), |program| name(&program))];
    while let Some(word) = words.next() {
        match word.as_str() {
            "--start-at" | "--incident" => drop(words.next()),
            "--when-recommended" => kept.extend([runbook.to_owned(), "--yes".to_owned()]),
            "--rearm" => {}
            _ if word.starts_with("--start-at=") || word.starts_with("--incident=") => {}
            _ => kept.push(word),
        }
    }
    kept.extend(["--incident".to_owned(), incident.to_owned()]);
    kept.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn name(program: &str) -> String {
    program.rsplit('/').next().unwrap_or(program).to_owned()
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
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
            assert_eq!(command(typed.iter().map(OsString::from), "alone", "INC-1"), again);
        }
    }
}
