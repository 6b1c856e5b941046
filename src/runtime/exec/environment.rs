//! The variables that pass from the console's environment to what it runs: a list of the allowed, not of the forbidden.

use std::ffi::OsString;

const PASS: [&str; 13] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "TZ",
    "SSH_AUTH_SOCK",
    "KUBECONFIG",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
    // A `switchback` in a block is about this console's estate, as this console's person.
    "SWITCHBACK_CONFIG",
    "SWITCHBACK_STATE",
    "SWITCHBACK_ACTOR",
];
const PASS_PREFIXES: [&str; 3] = ["LC_", "PG", "AWS_"];
const SECRET: [&str; 4] = ["PASSWORD", "SECRET", "TOKEN", "KEY"];

/// What of our own environment passes on; `also` is what the runbook's `env:` names.
pub(crate) fn passed<'a>(also: &'a [String]) -> impl Iterator<Item = (OsString, OsString)> + 'a {
    std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| allowed(name) || also.iter().any(|also| also == name)))
        .chain([("TERM".into(), "dumb".into())])
}

fn allowed(name: &str) -> bool {
    PASS.contains(&name)
        || PASS_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.to_ascii_uppercase().ends_with("_PROXY")
}

/// Values of our own environment that should not be printed: `PGPASSWORD`, `AWS_SECRET_ACCESS_KEY` and the like.
pub(crate) fn secret_values() -> impl Iterator<Item = String> {
    std::env::vars()
        .filter(|(name, value)| SECRET.iter().any(|word| name.contains(word)) && !value.starts_with('/'))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_passes() {
        for name in ["PATH", "LC_ALL", "PGHOST", "AWS_PROFILE", "https_proxy", "NO_PROXY"] {
            assert!(allowed(name), "{name}");
        }
        for name in ["TERM", "LD_PRELOAD", "BASH_ENV", "ENV", "SHELLOPTS", "GITHUB_TOKEN"] {
            assert!(!allowed(name), "{name}");
        }
    }
}
