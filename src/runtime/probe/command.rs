//! A command whose exit code, and perhaps output, tells how something is.

use domain::estate::{CommandCheck, ValueAt};
use domain::reading::{Outcome, Payload};
use regex::Regex;
use serde_json::Value;

use super::process::{Finished, run, shorten};
use super::{Look, Looking, Seen, json};

/// How much of the output is searched.
const OUTPUT: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct CommandProbe {
    check: CommandCheck,
    pattern: Option<Regex>,
    /// Where its number stands, when an expression finds it.
    number: Option<Regex>,
}

impl CommandProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(check: &CommandCheck) -> Result<Self, String> {
        let compiled = |pattern: &str| Regex::new(pattern).map_err(|error| error.to_string());
        let number = match &check.value {
            Some(ValueAt::Regex(pattern)) => Some(compiled(pattern)?),
            Some(ValueAt::Json(_)) | None => None,
        };
        let pattern = check.output_regex.as_deref().map(compiled).transpose()?;
        Ok(Self { check: check.clone(), pattern, number })
    }

    async fn run(&self) -> Seen {
        match run(&self.check.argv, &self.check.env, OUTPUT).await {
            Ok(finished) => Seen::new(self.judge(&finished)),
            Err(why) => Seen::unknown(why),
        }
    }

    fn judge(&self, finished: &Finished) -> Outcome {
        let said = finished.first_line();
        let payload = said.clone().map_or(Payload::Nothing, |text| Payload::Text { text });
        let ending =
            || said.as_ref().map_or_else(|| finished.ending(), |said| format!("{}: {said}", finished.ending()));
        let is = |codes: &[i32]| finished.status.code().is_some_and(|code| codes.contains(&code));
        let degraded = is(&self.check.degraded_exit);
        if !degraded && !is(&self.check.ok_exit) {
            return Outcome::Bad { why: ending(), payload };
        }
        match self.judge_output(finished, payload) {
            Outcome::Good { payload } if degraded => Outcome::Soft { why: ending(), payload },
            judged => judged,
        }
    }

    fn judge_output(&self, finished: &Finished, payload: Payload) -> Outcome {
        let text = String::from_utf8_lossy(&finished.stdout);
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(&text)) {
            return Outcome::Bad { why: format!("its output does not match `{pattern}`"), payload };
        }
        let document = match self.document(&text) {
            Ok(document) => document,
            Err(why) => return Outcome::Unknown { why },
        };
        if let Some(why) = self.check.json.as_ref().and_then(|(path, wanted)| json::differs(&document, path, wanted)) {
            return Outcome::Bad { why, payload };
        }
        let found = match &self.check.value {
            None => return Outcome::Good { payload },
            Some(ValueAt::Json(path)) => json::at(&document, path).map(json::plain),
            Some(ValueAt::Regex(_)) => self.number.as_ref().and_then(|pattern| {
                let found = pattern.captures(&text)?;
                Some(found.get(1).or_else(|| found.get(0))?.as_str().to_owned())
            }),
        };
        let Some(found) = found else { return Outcome::Unknown { why: "its output holds no such number".to_owned() } };
        let said = domain::untrusted::sanitise_line(&shorten(found.trim(), 40));
        match said.parse::<f64>() {
            Ok(number) => self.check.marks.judge(number, &said),
            Err(_) => Outcome::Unknown { why: format!("`{said}` in its output is no number") },
        }
    }

    /// Its output as JSON, when something is asked of that; a tool that prints something else tells nothing.
    fn document(&self, text: &str) -> Result<Value, String> {
        if self.check.json.is_none() && !matches!(self.check.value, Some(ValueAt::Json(_))) {
            return Ok(Value::Null);
        }
        serde_json::from_str(text).map_err(|error| match text.len() {
            OUTPUT.. => "its output is longer than 64 KiB".to_owned(),
            _ => format!("its output is not JSON: {error}"),
        })
    }
}

impl Look for CommandProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.run())
    }
}
