//! Commands that are printed to be typed: quoted for a shell, about the same estate and the same state.

use std::ffi::OsString;

/// `--config` and `--state` as they were given, for another command about the same incident.
pub(super) fn place() -> String {
    place_of(std::env::args_os())
}

fn place_of(words: impl Iterator<Item = OsString>) -> String {
    let mut words = words.map(|word| word.to_string_lossy().into_owned());
    let mut kept = String::new();
    while let Some(word) = words.next() {
        let (flag, value) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        if ["--config", "--state"].contains(&flag) {
            let value = value.map(str::to_owned).or_else(|| words.next()).unwrap_or_default();
            kept.push_str(&format!(" {flag} {}", quoted(&value)));
        }
    }
    kept
}

/// One word of a command line.
pub(super) fn quoted(word: &str) -> String {
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
    fn another_command_is_about_the_same_place() {
        let words = ["switchback", "run", "--config", "my estate.toml", "w", "--state=/var/s"].map(OsString::from);
        assert_eq!(place_of(words.into_iter()), " --config 'my estate.toml' --state /var/s");
    }
}
