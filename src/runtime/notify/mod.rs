//! Telling people of alerts beyond the screen: a queue and a task per channel, so that one that hangs holds nobody up.
//!
//! [`Notifier::tell`] never waits. What came of a notice comes back as a [`Delivery`].

mod channel;
pub(in crate::runtime) mod post;
mod queue;
mod record;
pub(in crate::runtime) mod secret;

use std::time::Duration;

use domain::alert::{Delivered, Delivery, Notice, NoticeState};
use domain::estate::{Channel, Estate};
use domain::ident::ChannelId;
use domain::log::Kind;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use self::channel::Sender;
pub use self::post::{Again, Fault, Post};
pub use self::record::record;
use crate::runtime::alerts::Notices;
use crate::runtime::clock;

/// How long a channel is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Before the second attempt and before the third, unless the receiver says when.
    pub again: [Duration; 2],
    /// Between later ones: from the third on the failure has been told.
    pub later: Duration,
    /// After this a notice is worth nothing any more.
    pub give_up: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            again: [Duration::from_secs(1), Duration::from_secs(4)],
            later: Duration::from_secs(60),
            give_up: Duration::from_secs(60 * 60),
        }
    }
}

/// Notices on their way, from who keeps the book of alerts.
const NOTICES: usize = 64;
/// What came of them, on its way back.
const DELIVERIES: usize = 256;

/// How long leaving waits for what is being told.
const LEAVING: Duration = Duration::from_secs(3);

/// A console's, or a watcher's, line to those who tell people.
#[derive(Debug)]
pub struct Line {
    pub notices: Notices,
    pub deliveries: mpsc::Receiver<Delivery>,
    pub last_words: LastWords,
}

/// What is still being told when the line is let go of.
#[derive(Debug)]
pub struct LastWords(JoinHandle<()>);

impl LastWords {
    /// Returns when everything that was handed over has been tried once, after three seconds at most: who leaves does not
    /// take with him what people were about to be told. To be called once the line's end for notices is gone.
    pub async fn said(self) {
        let _ = timeout(LEAVING, self.0).await;
    }
}

/// Starts telling people, for as long as somebody holds the line. Nothing of a simulated world leaves the machine.
#[must_use]
pub fn start(estate: &Estate, kind: Kind) -> Line {
    let (notices, mut told) = mpsc::channel(NOTICES);
    let (sender, deliveries) = mpsc::channel(DELIVERIES);
    let notifier = if kind.executes() {
        Notifier::live(estate, Patience::default(), sender)
    } else {
        Notifier::shown(estate, sender)
    };
    let last_words = LastWords(tokio::spawn(async move {
        while let Some(notice) = told.recv().await {
            notifier.tell(&notice);
        }
        let _ = timeout(LEAVING, notifier.tried()).await;
    }));
    Line { notices, deliveries, last_words }
}

/// What a console does with notices. There is none in a read-only one.
#[derive(Debug)]
pub enum Notifier {
    /// Live and lab: they leave this machine.
    Live { senders: Vec<Sender>, deliveries: mpsc::Sender<Delivery> },
    /// Drills and the demonstration: it is said where they would go. No network and no process in it.
    Shown { channels: Vec<Channel>, deliveries: mpsc::Sender<Delivery> },
}

impl Notifier {
    /// Starts a task per channel of the estate that is not a screen. They end with the notifier.
    #[must_use]
    pub fn live(estate: &Estate, patience: Patience, deliveries: mpsc::Sender<Delivery>) -> Self {
        let senders = away(estate)
            .filter_map(|channel| Some((Post::of(&channel)?, channel)))
            .map(|(post, channel)| Sender::start(channel, post, patience, deliveries.clone()))
            .collect();
        Self::Live { senders, deliveries }
    }

    #[must_use]
    pub fn shown(estate: &Estate, deliveries: mpsc::Sender<Delivery>) -> Self {
        Self::Shown { channels: away(estate).collect(), deliveries }
    }

    /// Hands a notice to every channel that wants it. Never waits.
    pub fn tell(&self, notice: &Notice) {
        match self {
            Self::Live { senders, .. } if notice.kind.executes() => {
                for sender in senders {
                    if sender.channel.wants(notice) {
                        sender.tell(notice.clone());
                    } else if notice.state == NoticeState::Resolved {
                        sender.over(&notice.key);
                    }
                }
            }
            Self::Live { senders, deliveries } => {
                show(senders.iter().map(|sender| &sender.channel), notice, deliveries);
            }
            Self::Shown { channels, deliveries } => show(channels.iter(), notice, deliveries),
        }
    }
}

impl Notifier {
    /// Returns when no channel has anything that it has not tried yet.
    async fn tried(&self) {
        const AGAIN: Duration = Duration::from_millis(20);
        let Self::Live { senders, .. } = self else { return };
        while senders.iter().any(Sender::untried) {
            sleep(AGAIN).await;
        }
    }
}

/// Channels that need no terminal.
fn away(estate: &Estate) -> impl Iterator<Item = Channel> {
    estate.notify.iter().filter(|channel| !channel.on_screen()).cloned()
}

fn show<'a>(channels: impl Iterator<Item = &'a Channel>, notice: &Notice, deliveries: &mpsc::Sender<Delivery>) {
    for channel in channels.filter(|channel| channel.wants(notice)) {
        // What nobody takes is nothing that was sent.
        // On the clock of the notice, which in an exercise is not this machine's.
        let shown = Delivery { at: notice.at, ..delivery(&channel.id, notice, Delivered::WouldBeSent) };
        let _ = deliveries.try_send(shown);
    }
}

fn delivery(channel: &ChannelId, notice: &Notice, outcome: Delivered) -> Delivery {
    Delivery {
        channel: channel.clone(),
        key: notice.key.clone(),
        state: notice.state,
        text: notice.headline(),
        at: clock::now().wall,
        outcome,
    }
}

/// How often a channel is tried when a person is called.
const CALLS: u32 = 3;

/// Calls people through every channel of the estate that leaves the machine, whatever rules it is for, and says what came
/// of it. Nobody is called of a simulated world.
pub async fn call(estate: &Estate, notice: &Notice) -> Vec<(ChannelId, Result<(), Fault>)> {
    if !notice.kind.executes() {
        return Vec::new();
    }
    let calls = away(estate).filter_map(|channel| Some((channel.id.clone(), Post::of(&channel)?)));
    let calls = calls.map(|(id, post)| async move {
        let mut tried = 1;
        loop {
            match post.send(notice).await {
                Err(fault) if tried < CALLS && fault.again != Again::Pointless => tried += 1,
                ended => return (id, ended),
            }
            tokio::time::sleep(Patience::default().again[0]).await;
        }
    });
    futures_util::future::join_all(calls.collect::<Vec<_>>()).await
}
