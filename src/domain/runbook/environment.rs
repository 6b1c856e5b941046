//! The variables that pass from the console's environment to what it runs: a list of the allowed, not of the forbidden.

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

/// A block sees it; `also` is what the runbook's `env:` names.
#[must_use]
pub fn passes_on(name: &str, also: &[String]) -> bool {
    PASS.contains(&name)
        || PASS_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.to_ascii_uppercase().ends_with("_PROXY")
        || also.iter().any(|also| also == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_passes() {
        for name in ["PATH", "LC_ALL", "PGHOST", "AWS_PROFILE", "https_proxy", "NO_PROXY"] {
            assert!(passes_on(name, &[]), "{name}");
        }
        for name in ["TERM", "LD_PRELOAD", "BASH_ENV", "ENV", "SHELLOPTS", "GITHUB_TOKEN"] {
            assert!(!passes_on(name, &[]), "{name}");
        }
        assert!(passes_on("GITHUB_TOKEN", &["GITHUB_TOKEN".to_owned()]));
    }
}
