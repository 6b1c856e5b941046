//! Blocks that are a conversation instead of a process: SQL, HTTP, Route 53. Only these start an asynchronous runtime.

use std::time::Duration;

use domain::execution::End;
use domain::runbook::Lang;
use tokio::time::sleep;

use super::handover::Handover;
use super::output::Output;
use super::process::Channel;
use super::signals::Signals;
use crate::runtime::aws::Account;
use crate::runtime::exec::answer::{Answer, Stop};
use crate::runtime::exec::{http, route53, sql};

pub(crate) fn perform(handover: &Handover, signals: &Signals, output: &mut Output) -> End {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return End::NotStarted { why: error.to_string() },
    };
    let answer = runtime.block_on(converse(handover, signals, output));
    if let Some(value) = &answer.value {
        output.value(value);
    }
    answer.end
}

async fn converse(handover: &Handover, signals: &Signals, output: &mut Output) -> Answer {
    let resolved = &handover.resolved;
    let stop = stop(resolved.timeout, signals);
    if resolved.lang == Lang::Http {
        let mut print = |channel, bytes: &[u8]| output.push(channel, bytes);
        return http::perform(&resolved.text, &handover.secrets, resolved.timeout, stop, &mut print).await;
    }
    if resolved.lang == Lang::Route53 {
        let account = Account::of_resolved(resolved);
        let mut print = |text: &str| output.push(Channel::Stdout, text.as_bytes());
        return route53::perform(&resolved.text, &account, &handover.folder, stop, &mut print).await;
    }
    let Some(dsn) = resolved.dsn() else {
        return Answer::not_started(&"its target is not a database");
    };
    let mut print = |text: &str| output.push(Channel::Stdout, text.as_bytes());
    sql::perform(dsn, &resolved.text, &handover.secrets, stop, &mut print).await
}

async fn stop(timeout: Duration, signals: &Signals) -> Stop {
    tokio::select! {
        () = sleep(timeout) => Stop::TimedOut,
        Ok(()) = signals.until_cancelled() => Stop::Cancelled,
    }
}
