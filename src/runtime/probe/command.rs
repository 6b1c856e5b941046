//! A command whose exit code, and perhaps output, tells how something is.

use domain::estate::CommandCheck;
use domain::reading::{Outcome, Payload};
use regex::Regex;

use super::process::{Finished, run};
use super::{Look, Looking, Seen};

/// How much of the output is searched.
const OUTPUT: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct CommandProbe {
    check: CommandCheck,
    pattern: Option<Regex>,
}

impl CommandProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(check: &CommandCheck) -> Result<Self, String> {
        let pattern = check.output_regex.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?;
        Ok(Self { check: check.clone(), pattern })
    }

    async fn run(&self) -> Seen {
        match run(&self.check.argv, OUTPUT).await {
            Ok(finished) => Seen::new(self.judge(&finished)),
            Err(error) => Seen::unknown(format!("the command cannot be started: {error}")),
        }
    }

    fn judge(&self, finished: &Finished) -> Outcome {
        let said = finished.first_line();
        let payload = said.clone().map_or(Payload::Nothing, |text| Payload::Text { text });
        let why = || said.as_ref().map_or_else(|| finished.ending(), |said| format!("{}: {said}", finished.ending()));
        let code = finished.status.code();
        if code.is_some_and(|code| self.check.degraded_exit.contains(&code)) {
            return Outcome::Soft { why: why(), payload };
        }
        if !code.is_some_and(|code| self.check.ok_exit.contains(&code)) {
            return Outcome::Bad { why: why(), payload };
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(&String::from_utf8_lossy(&finished.stdout)) => {
                Outcome::Bad { why: format!("its output does not match `{pattern}`"), payload }
            }
            _ => Outcome::Good { payload },
        }
    }
}

impl Look for CommandProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.run())
    }
}
