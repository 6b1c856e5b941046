//! One channel: its queue, and the task that empties it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::alert::{Delivered, Delivery, Notice};
use domain::estate::Channel;
use domain::ident::AlertKey;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

use super::post::{Again, Fault, Post};
use super::queue::Queue;
use super::{Patience, delivery};

/// Longest that a receiver's `Retry-After` is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Where a channel's notices are handed over. Its task ends with it.
#[derive(Debug)]
pub struct Sender {
    pub(super) channel: Channel,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    more: Notify,
    deliveries: mpsc::Sender<Delivery>,
}

impl Sender {
    pub(super) fn start(channel: Channel, post: Post, patience: Patience, deliveries: mpsc::Sender<Delivery>) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), more: Notify::new(), deliveries });
        let work = Work { channel: channel.clone(), post, patience, shared: Arc::clone(&shared) };
        let task = tokio::spawn(work.run()).abort_handle();
        Self { channel, shared, task }
    }

    pub(super) fn tell(&self, notice: Notice) {
        let out = self.shared.queue().put(notice, Instant::now());
        if let Some(out) = out {
            let outcome = Delivered::GivenUp { why: "too many notices wait for this channel".to_owned() };
            let _ = self.shared.deliveries.try_send(delivery(&self.channel.id, &out, outcome));
        }
        self.shared.more.notify_one();
    }

    /// Something of it waits for its first attempt, or is in it.
    pub(super) fn untried(&self) -> bool {
        self.shared.queue().untried()
    }

    /// It is over, and this channel tells nobody of that: nor that it fires, if that still waits.
    pub(super) fn over(&self, key: &AlertKey) {
        let forgotten = self.shared.queue().forget(key);
        // That it failed was told: so is how that ended.
        if let Some(waiting) = forgotten.filter(|waiting| waiting.told) {
            let outcome = Delivered::GivenUp { why: "it was over before the channel worked again".to_owned() };
            let _ = self.shared.deliveries.try_send(delivery(&self.channel.id, &waiting.notice, outcome));
        }
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Work {
    channel: Channel,
    post: Post,
    patience: Patience,
    shared: Arc<Shared>,
}

impl Work {
    async fn run(self) {
        loop {
            let next = self.shared.queue().due(Instant::now()).map(|next| (next.notice.clone(), next.number));
            match next {
                Some((notice, number)) => {
                    let outcome = match self.post.send(&notice).await {
                        Ok(()) => {
                            self.shared.queue().remove(number);
                            Some(Delivered::Sent)
                        }
                        Err(fault) => self.failed(&notice, number, fault),
                    };
                    if let Some(outcome) = outcome {
                        let _ = self.shared.deliveries.send(delivery(&self.channel.id, &notice, outcome)).await;
                    }
                }
                None => self.wait().await,
            }
        }
    }

    async fn wait(&self) {
        let due = self.shared.queue().next_due();
        let due = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.shared.more.notified() => {}
            () = due => {}
        }
    }

    /// Says when it is tried again; what people are told of it, once.
    fn failed(&self, notice: &Notice, number: u64, fault: Fault) -> Option<Delivered> {
        let Fault { why, remedy, again, .. } = fault;
        tracing::warn!(channel = %self.channel.id, alert = %notice.key, why, "a notification failed");
        let now = Instant::now();
        let mut queue = self.shared.queue();
        if let Again::After(pause) = again {
            queue.hold(now + pause.min(LONGEST_WAIT));
        }
        // Something newer has taken its place: that one is tried.
        let waiting = queue.find(&notice.key, number)?;
        if waiting.since + self.patience.give_up <= now {
            queue.remove(number);
            return Some(Delivered::GivenUp { why });
        }
        let soon = usize::try_from(waiting.tries).ok().and_then(|tries| self.patience.again.get(tries).copied());
        let soon = soon.filter(|_| again != Again::Pointless);
        waiting.tries += 1;
        waiting.due = now + soon.unwrap_or(self.patience.later);
        (soon.is_none() && !std::mem::replace(&mut waiting.told, true)).then_some(Delivered::Failed { why, remedy })
    }
}
