//! Lets the simulated world live: time passes, samples are sent as they come.

use std::time::Duration;

use domain::reading::Sample;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::SimExec;
use crate::runtime::clock;

/// Time passes at least so often, for what is asked in between.
const LONGEST: Duration = Duration::from_secs(1);

impl SimExec {
    /// Sends samples until nobody listens any more. To be run once, as a task of its own.
    pub async fn drive(self, samples: mpsc::Sender<Sample>) {
        loop {
            let now = clock::now();
            self.strike(|fails_at| fails_at <= now.boot);
            let seen = self.world().advance(now);
            for sample in seen {
                if samples.send(sample).await.is_err() {
                    return;
                }
            }
            let next = self.world().next().map_or(LONGEST, |next| next.saturating_sub(now.boot).min(LONGEST));
            tokio::select! {
                () = sleep(next) => {}
                () = self.shared.changed.notified() => {}
                () = samples.closed() => return,
            }
        }
    }
}
