//! Our own environment: what of it passes on to what we run, and what of it is secret.

use std::ffi::OsString;

use domain::runbook::passes_on;

const SECRET: [&str; 4] = ["PASSWORD", "SECRET", "TOKEN", "KEY"];

/// What of our own environment passes on; `also` is what the runbook's `env:` names.
pub(crate) fn passed<'a>(also: &'a [String]) -> impl Iterator<Item = (OsString, OsString)> + 'a {
    std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| passes_on(name, also)))
        .chain([("TERM".into(), "dumb".into())])
}

/// Values of our own environment that should not be printed: `PGPASSWORD`, `AWS_SECRET_ACCESS_KEY` and the like.
pub(crate) fn secret_values() -> impl Iterator<Item = String> {
    std::env::vars()
        .filter(|(name, value)| SECRET.iter().any(|word| name.contains(word)) && !value.starts_with('/'))
        .map(|(_, value)| value)
}
