//! The record sets a `route53` block changes, read while its step is in focus.

use std::time::Duration;

use domain::console::Records;
use domain::execution::Part;
use domain::execution::Resolved;
use domain::ident::{RunId, StepId};
use domain::route53::Planned;
use domain::runbook::Lang;
use tokio::time::timeout;

use super::Session;
use super::input::Input;
use super::prepare::{ASK_EVERY, Watched};
use crate::runtime::aws::Account;
use crate::runtime::exec::route53;

const WITHIN: Duration = Duration::from_secs(10);

/// What was asked about a step, and what came of it.
#[derive(Debug)]
pub(super) struct RecordsAsked {
    /// What runs: with other values it is another question.
    text: String,
    /// Since boot.
    at: Duration,
    asking: bool,
    pub(super) told: Records,
}

impl Session {
    /// Asks what stands, when that is due; looking through a list asks nothing.
    pub(super) fn look_at_records(&self, watched: &mut Watched, resolved: Option<&Resolved>) {
        let Some(resolved) = resolved.filter(|resolved| resolved.lang == Lang::Route53) else {
            watched.records = None;
            return;
        };
        let now = self.clock.boottime();
        let known = watched.records.as_ref().filter(|asked| asked.text == resolved.text);
        let due = known.is_none_or(|asked| !asked.asking && now.saturating_sub(asked.at) >= ASK_EVERY);
        if !due || !self.capability.reaches_out() {
            return;
        }
        let told = known.map_or(Records::Asking, |asked| asked.told.clone());
        let (text, account) = (resolved.text.clone(), Account::of_resolved(resolved));
        watched.records = Some(RecordsAsked { text: text.clone(), at: now, asking: true, told });
        let (run, step, part) = (resolved.run, resolved.step.clone(), resolved.part);
        self.spawn(async move {
            let late = || Err("AWS gave no answer in time".to_owned());
            let looked = timeout(WITHIN, route53::look(&account, &text)).await.unwrap_or_else(|_| late());
            Input::Records { run, step, part, text, looked }
        });
    }

    pub(super) fn records_read(
        &mut self,
        (run, step, part): (RunId, StepId, Part),
        text: &str,
        looked: Result<Vec<Planned>, String>,
    ) {
        let watched =
            self.watched.as_mut().filter(|watched| (watched.run, &watched.step, watched.part) == (run, &step, part));
        let asked = watched.and_then(|watched| watched.records.as_mut()).filter(|asked| asked.text == text);
        if let Some(asked) = asked {
            asked.asking = false;
            asked.told = match looked {
                Ok(planned) => Records::Seen { planned, at: self.clock.now().wall },
                Err(why) => Records::Unknown { why },
            };
        }
        self.refresh_prepared();
    }
}
