//! Which phases are on the main line: by their heading, unless the front matter says otherwise.

use super::model::PhaseKind;

const FAILBACK: [&str; 3] = ["failback", "fail-back", "fail back"];
const ROLLBACK: [&str; 6] = ["rollback", "roll-back", "roll back", "back out", "back-out", "abort"];
const CLEAN_UP: [&str; 4] = ["clean up", "clean-up", "cleanup", "decommission"];

/// By the heading's words.
pub(super) fn kind(title: &str) -> PhaseKind {
    let title = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| contains_words(&title, word));
    let returns = ["recovery", "return", "returning", "switch back", "switchback"].iter().any(|verb| {
        ["primary", "original", "normal"].iter().any(|place| {
            contains_words(&title, &format!("{verb} to {place}"))
                || contains_words(&title, &format!("{verb} to the {place}"))
        })
    });
    if has(&FAILBACK) || returns {
        PhaseKind::Failback
    } else if has(&ROLLBACK) {
        PhaseKind::Rollback
    } else if has(&CLEAN_UP) {
        PhaseKind::CleanUp
    } else {
        PhaseKind::Main
    }
}

/// What comes once the service is back, by the heading's first word: no objective waits for it.
pub(super) fn afterwards(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let first: String = title.chars().take_while(|c| c.is_alphabetic()).collect();
    ["post", "after", "afterwards"].contains(&first.as_str()) || title.starts_with("follow-up")
}

/// `phases:` of the front matter.
pub(super) fn by_name(name: &str) -> Option<PhaseKind> {
    match name {
        "main" => Some(PhaseKind::Main),
        "failback" => Some(PhaseKind::Failback),
        "rollback" => Some(PhaseKind::Rollback),
        "clean-up" | "cleanup" => Some(PhaseKind::CleanUp),
        _ => None,
    }
}

/// A heading that ends in `(in parallel)` or `(parallel)`: its text without that, and whether it does.
pub(super) fn parallel(title: &str) -> (String, bool) {
    let trimmed = title.trim();
    let lower = trimmed.to_lowercase();
    for ending in ["(in parallel)", "(parallel)"] {
        if lower.ends_with(ending)
            && let Some(text) = trimmed.get(..trimmed.len() - ending.len())
        {
            return (text.trim().to_owned(), true);
        }
    }
    (trimmed.to_owned(), false)
}

fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_what_is_on_demand() {
        for (title, wanted) in [
            ("Pre-Failover", PhaseKind::Main),
            ("Recovery to primary", PhaseKind::Failback),
            ("Return to the original site", PhaseKind::Failback),
            ("Fail-back", PhaseKind::Failback),
            ("Recovery", PhaseKind::Main),
            ("Rollback", PhaseKind::Rollback),
            ("Clean-up of old hosts", PhaseKind::CleanUp),
            ("Abortive attempts", PhaseKind::Main),
        ] {
            assert_eq!(kind(title), wanted, "{title}");
        }
        assert_eq!(parallel("Tell everybody (in parallel)"), ("Tell everybody".to_owned(), true));
        assert_eq!(parallel("ẞ(Parallel)"), ("ẞ".to_owned(), true));
        assert_eq!(parallel("Parallel work"), ("Parallel work".to_owned(), false));
    }
}
