//! `switchback notify test`: whether people would be told.

use std::io::{IsTerminal, Write, stdout};
use std::time::{Duration, Instant};

use domain::alert::{Notice, NoticeState};
use domain::diagnostic::did_you_mean;
use domain::estate::{Channel, ChannelKind, Outlet, TEST_RULE};
use domain::ident::{AlertKey, ChannelId};
use domain::reading::AlertSeverity;
use domain::time::human;
use futures_util::future::join_all;
use serde::Serialize;
use tui::desktop::{notification, passes_through};

use super::args::{Global, NotifyTest};
use super::setup::Setup;
use super::stdout::{print, print_json};
use super::{Exit, Failure};
use crate::runtime::clock;
use crate::runtime::comms::look;
use crate::runtime::notify::{Again, Fault, Post};

/// What came of the test of one channel.
#[derive(Debug, Serialize)]
struct Tested {
    channel: String,
    #[serde(rename = "type")]
    kind: &'static str,
    /// `null`: only the person in front of it can tell. Of a channel of updates: it would be.
    sent: Option<bool>,
    /// A channel of updates is looked at, and publishes nothing.
    published: bool,
    took_ms: u64,
    why: Option<String>,
    remedy: Option<String>,
}

/// # Errors
/// There is no estate or no such channel, or this console is read-only.
pub(super) fn test(global: &Global, args: &NotifyTest) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    if setup.kind == domain::log::Kind::Demo {
        let message = "there is no estate to tell people of: `switchback config init` writes one";
        return Err(Failure::new(Exit::Config, message));
    }
    if setup.read_only {
        return Err(Failure::new(Exit::Refused, "a read-only console sends nothing"));
    }
    let (channels, outlets) = chosen(&setup, args.channel.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let tested = runtime.block_on(async {
        let tests: Vec<_> = channels.iter().map(|channel| test_one(&setup, channel)).collect();
        let looks: Vec<_> = outlets.iter().map(look_at).collect();
        let (mut tested, looked) = tokio::join!(join_all(tests), join_all(looks));
        tested.extend(looked);
        tested
    });
    // What only a person can notice comes last, once the terminal is quiet.
    for channel in channels.iter().filter(|channel| channel.on_screen() && stdout().is_terminal()) {
        ring(channel, &setup.estate.name)?;
    }
    if args.json {
        print_json(&tested)?
    } else {
        print(|out| say(&tested, out))?
    };
    Ok(if tested.iter().any(|tested| tested.sent == Some(false)) { Exit::No } else { Exit::Yes })
}

/// Channels of alerts, and those of updates.
fn chosen(setup: &Setup, name: Option<&str>) -> Result<(Vec<Channel>, Vec<Outlet>), Failure> {
    let (alerts, updates) = (&setup.estate.notify, &setup.estate.outlets);
    if alerts.is_empty() && updates.is_empty() {
        let message = "the estate tells nobody: it has no [notify.NAME]; `docs/notifications.md` has examples";
        return Err(Failure::new(Exit::Config, message));
    }
    let Some(name) = name else { return Ok((alerts.clone(), updates.clone())) };
    let known = || alerts.iter().map(|channel| &channel.id).chain(updates.iter().map(|outlet| &outlet.id));
    let known = || known().map(ChannelId::as_str);
    let found: (Vec<Channel>, Vec<Outlet>) = (
        alerts.iter().filter(|channel| channel.id.as_str() == name).cloned().collect(),
        updates.iter().filter(|outlet| outlet.id.as_str() == name).cloned().collect(),
    );
    if found.0.is_empty() && found.1.is_empty() {
        let help = did_you_mean(name, known())
            .unwrap_or_else(|| format!("there is {}", known().collect::<Vec<_>>().join(", ")));
        return Err(Failure::new(Exit::Usage, format!("there is no channel `{name}`; {help}")));
    }
    Ok(found)
}

/// Everything but the telling.
async fn look_at(outlet: &Outlet) -> Tested {
    let began = Instant::now();
    let fault = look(outlet).await.err();
    Tested {
        channel: outlet.id.to_string(),
        kind: outlet.kind.name(),
        sent: Some(fault.is_none()),
        published: false,
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        why: fault.as_ref().map(|fault| fault.why.clone()),
        remedy: fault.map(|fault| fault.remedy),
    }
}

async fn test_one(setup: &Setup, channel: &Channel) -> Tested {
    let began = Instant::now();
    let sent = match Post::of(channel) {
        Some(post) => Some(both(setup, channel, &post).await),
        None if stdout().is_terminal() => None,
        None => Some(Err(Fault {
            why: "this is no terminal".to_owned(),
            remedy: "test it in the terminal that the console runs in".to_owned(),
            again: Again::Pointless,
            unsure: false,
        })),
    };
    let fault = sent.as_ref().and_then(|sent| sent.as_ref().err());
    Tested {
        channel: channel.id.to_string(),
        kind: channel.kind.name(),
        sent: sent.as_ref().map(Result::is_ok),
        published: fault.is_none(),
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        why: fault.map(|fault| fault.why.clone()),
        remedy: fault.map(|fault| fault.remedy.clone()),
    }
}

/// That something is wrong, and that it is over: a test leaves no open page behind.
async fn both(setup: &Setup, channel: &Channel, post: &Post) -> Result<(), Fault> {
    post.send(&notice(setup, channel, NoticeState::Firing)).await?;
    if channel.send_resolved {
        post.send(&notice(setup, channel, NoticeState::Resolved)).await?;
    }
    Ok(())
}

fn notice(setup: &Setup, channel: &Channel, state: NoticeState) -> Notice {
    let now = clock::now().wall;
    Notice {
        key: AlertKey::new(format!("{TEST_RULE}:{}", channel.id)),
        rule: TEST_RULE.to_owned(),
        severity: AlertSeverity::Info,
        state,
        text: format!("{} tries the channel {}: nothing is wrong", setup.actor.name, channel.id),
        estate: setup.estate.name.clone(),
        kind: setup.kind,
        since: now,
        at: now,
        incident: None,
        by: None,
    }
}

fn ring(channel: &Channel, estate: &str) -> std::io::Result<()> {
    let mut out = stdout().lock();
    match &channel.kind {
        ChannelKind::Bell => out.write_all(b"\x07")?,
        ChannelKind::Desktop(desktop) => {
            let text = format!("{estate}: a test, nothing is wrong");
            out.write_all(&notification(desktop.sequence, &text, passes_through()))?;
        }
        _ => {}
    }
    out.flush()
}

fn say(tested: &[Tested], out: &mut dyn Write) -> std::io::Result<()> {
    let widest = tested.iter().map(|tested| tested.channel.len()).max().unwrap_or_default();
    for Tested { channel, kind, sent, published, took_ms, why, remedy } in tested {
        let took = human(Duration::from_millis(*took_ms));
        let said = match (sent, why) {
            (Some(true), _) if !published => format!("works, {took}; nothing was published"),
            (Some(true), _) => format!("sent, {took}"),
            (None, _) => "done: did you notice it?".to_owned(),
            (Some(false), why) => format!("FAILED after {took}: {}", why.as_deref().unwrap_or_default()),
        };
        writeln!(out, "{channel:<widest$}  {kind:<9}  {said}")?;
        if let Some(remedy) = remedy {
            writeln!(out, "{:<widest$}  {:<9}  {remedy}", "", "")?;
        }
    }
    Ok(())
}
