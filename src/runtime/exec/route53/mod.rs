//! Route 53 blocks: the record sets as they stand are read, what is written is laid over them, sent as one batch, and
//! waited for until every authoritative server has it.

mod intended;
mod settle;

use std::path::Path;
use std::pin::{Pin, pin};
use std::time::Duration;

use domain::execution::End;
use domain::route53::{Batch, Planned, parse, plan};
use domain::time::human;
use tokio::time::{sleep, timeout};

pub(crate) use intended::Intended;
pub(crate) use settle::settle;

use intended::Stands;

use super::answer::{Answer, Stop};
use crate::runtime::aws::{self, Account};
use crate::runtime::clock;

/// The SDK's own waiter looks every 30 s, which is half of the time that it usually takes.
const LOOK: Duration = Duration::from_secs(2);
/// What cannot be read in this time stays unknown: a person waits, and says.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// A request that was let go may still be under way.
const UNDER_WAY: Duration = Duration::from_secs(2);

type Print<'a> = &'a mut (dyn FnMut(&str) + Send);

/// What becomes of each record set that `text` names, by what stands now. Only reads.
///
/// # Errors
/// Why it cannot be told, in a sentence.
pub(crate) async fn look(account: &Account, text: &str) -> Result<Vec<Planned>, String> {
    let batch = parse(text)?;
    planned(account, &batch).await
}

async fn planned(account: &Account, batch: &Batch) -> Result<Vec<Planned>, String> {
    let names: Vec<&str> = batch.changes.iter().map(|change| change.about().0).collect();
    let standing = aws::sets_named(account, &batch.zone, &names).await.map_err(|error| error.to_string())?;
    plan(batch, &standing)
}

/// Carries out the batch in `text`. Before anything is sent, what stood is written down in `folder`. `stop` resolves when
/// the time is over or a person cancels.
pub(crate) async fn perform(
    text: &str,
    account: &Account,
    folder: &Path,
    stop: impl Future<Output = Stop>,
    print: Print<'_>,
) -> Answer {
    let batch = match parse(text) {
        Ok(batch) => batch,
        Err(why) => return Answer::not_started(&why),
    };
    let mut stop = pin!(stop);
    let planned = tokio::select! {
        stopped = &mut stop => return Answer::failed(&format!("{}; nothing was sent", stopped.before_sending())),
        planned = planned(account, &batch) => match planned {
            Ok(planned) => planned,
            Err(why) => return Answer::failed(&format!("{why}; nothing was sent")),
        },
    };
    planned.iter().for_each(|planned| print(&shown(planned)));
    let planned: Vec<Planned> = planned.into_iter().filter(Planned::changes).collect();
    if planned.is_empty() {
        print("they stand so already: nothing was sent\n");
        return Answer::of(End::Succeeded { exit: None });
    }
    let mut intended = Intended { account: account.clone(), zone: batch.zone, planned, change: None };
    if let Err(error) = intended.write(folder) {
        return Answer::not_started(&format!("what stands cannot be written down: {error}"));
    }
    let sent = tokio::select! {
        stopped = &mut stop => {
            sleep(UNDER_WAY).await;
            Err(format!("{} while it was sent", stopped.words()))
        }
        sent = aws::send(account, &intended.zone, &intended.planned) => match sent {
            Err(error) if error.nothing_happened() => {
                Intended::forget(folder);
                return Answer::failed(&format!("{error}; nothing was changed"));
            }
            sent => sent.map_err(|error| error.to_string()),
        },
    };
    match sent {
        Ok(change) => {
            print(&format!("sent: change {change} is PENDING\n"));
            intended.change = Some(change.clone());
            if let Err(error) = intended.write(folder) {
                print(&format!("under which change it was accepted cannot be written down: {error}\n"));
            }
            propagated(&intended, &change, stop, print).await
        }
        Err(why) => doubtful(&intended, folder, &why, print).await,
    }
}

/// The answer was lost: what stands tells whether the batch was accepted.
async fn doubtful(intended: &Intended, folder: &Path, why: &str, print: Print<'_>) -> Answer {
    let looked = match timeout(ANSWERS_WITHIN, intended.compare()).await {
        Ok(looked) => looked.map_err(|error| error.to_string()),
        Err(_) => Err(format!("AWS gave no answer within {}", human(ANSWERS_WITHIN))),
    };
    match looked {
        Ok(Stands::AsIntended) => {
            print(&format!("{why}; yet the record sets stand as intended: it was accepted\n"));
            Answer::of(End::Succeeded { exit: None })
        }
        Ok(Stands::AsBefore) => {
            Intended::forget(folder);
            Answer::failed(&format!("{why}; the record sets stand as before"))
        }
        Ok(Stands::Otherwise(now)) => Answer::unknown(&format!("{why}; {now}")),
        Err(error) => Answer::unknown(&format!("{why}; what stands now cannot be read: {error}")),
    }
}

/// Waits until every authoritative server answers so. What was accepted stays accepted.
async fn propagated(
    intended: &Intended,
    change: &str,
    mut stop: Pin<&mut impl Future<Output = Stop>>,
    print: Print<'_>,
) -> Answer {
    let start = clock::boottime();
    let took = || human(Duration::from_secs(clock::boottime().saturating_sub(start).as_secs()));
    let mut said = String::new();
    loop {
        let looked = tokio::select! {
            _ = &mut stop => {
                let why = format!("accepted as change {change}, and still PENDING after {}: it was not waited for", took());
                return Answer { end: End::Unknown { why }, value: Some(change.to_owned()) };
            }
            looked = aws::in_sync(&intended.account, change) => looked,
        };
        match looked {
            Ok(true) => {
                if let Some(ttl) = intended.planned.iter().filter_map(Planned::old_answer_lives).max() {
                    print(&format!("resolvers may give the old answer for {} more\n", human(ttl)));
                }
                print(&format!("INSYNC after {}: change {change}\n", took()));
                return Answer { end: End::Succeeded { exit: None }, value: Some(change.to_owned()) };
            }
            Ok(false) => {}
            Err(error) => {
                let error = format!("whether it is INSYNC cannot be asked: {error}\n");
                if error != said {
                    print(&error);
                    said = error;
                }
            }
        }
        tokio::select! {
            _ = &mut stop => {
                let why = format!("accepted as change {change}, and still PENDING after {}: it was not waited for", took());
                return Answer { end: End::Unknown { why }, value: Some(change.to_owned()) };
            }
            () = sleep(LOOK) => {}
        }
    }
}

/// A record set before and after, in a line each, and complete.
fn shown(planned: &Planned) -> String {
    let line = |set: Option<&domain::route53::RecordSet>| {
        set.map_or_else(|| "none".to_owned(), domain::route53::RecordSet::line)
    };
    let whole = |set: Option<&domain::route53::RecordSet>| {
        set.map_or_else(|| "none".to_owned(), domain::route53::RecordSet::json)
    };
    let (before, after) = (planned.before.as_ref(), planned.after.as_ref());
    format!(
        "{}\n  before  {}\n  after   {}\nbefore: {}\nafter: {}\n",
        planned.name(),
        line(before),
        line(after),
        whole(before),
        whole(after)
    )
}
