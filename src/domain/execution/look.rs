//! One look at a block of a verify, and what it shows.

use super::GuardResult;
use crate::runbook::CheckLine;

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub passed: bool,
    pub seen: String,
    /// What of it does not hold: what is still waited for.
    pub open: String,
}

impl Look {
    /// At the lines of a `check` block: all of them hold, and there is one. A line that cannot be read does not.
    pub fn at_lines(lines: &[Result<CheckLine, String>], mut evaluate: impl FnMut(&CheckLine) -> GuardResult) -> Self {
        let (mut seen, mut open) = (Vec::new(), Vec::new());
        for line in lines {
            let (holds, said) = match line {
                Ok(line) => {
                    let result = evaluate(line);
                    (result.verdict.lets_through(), format!("{}: {}", result.name, result.seen))
                }
                Err(why) => (false, why.clone()),
            };
            open.extend((!holds).then(|| said.clone()));
            seen.push(said);
        }
        Self { passed: !lines.is_empty() && open.is_empty(), seen: seen.join(", "), open: open.join(", ") }
    }

    /// At a block that was run, or could not be.
    #[must_use]
    pub fn at_block(passed: bool, seen: String) -> Self {
        Self { passed, open: if passed { String::new() } else { seen.clone() }, seen }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::execution::GuardVerdict;
    use crate::runbook::check_lines;
    use crate::time::Timestamp;

    #[test]
    fn it_passes_when_every_line_holds_and_says_which_do_not() {
        let evaluate = |line: &CheckLine| GuardResult {
            name: line.to_string(),
            verdict: if line.to_string().starts_with("api") { GuardVerdict::Pass } else { GuardVerdict::Unknown },
            seen: "seen".to_owned(),
            evaluated_at: Timestamp::UNIX_EPOCH,
            measured_at: None,
        };
        let look = |text: &str| Look::at_lines(&check_lines(text, &BTreeMap::new()), evaluate);
        let (one, two) = (look("api ok"), look("api ok\nshop ok"));
        assert_eq!((one.passed, one.seen.as_str(), one.open.as_str()), (true, "api ok: seen", ""));
        assert_eq!((two.passed, two.seen.as_str()), (false, "api ok: seen, shop ok: seen"));
        assert_eq!(two.open, "shop ok: seen");
        assert!(!look("").passed, "what asks nothing proves nothing");
        let unreadable = look("api ok\nlag db@$NEW < 1s");
        assert!(!unreadable.passed && unreadable.open.contains("$NEW has no value yet"), "{unreadable:?}");
    }
}
