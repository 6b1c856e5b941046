//! Lets the simulated world live: time passes, samples are sent as they come.

use std::time::Duration;

use domain::reading::Sample;
use tokio::sync::mpsc;

use super::SimExec;

/// Time passes at least so often, for what is asked in between.
const LONGEST: Duration = Duration::from_secs(1);
/// Of a fast exercise, what happens within so much of the machine's time comes together.
const SHORTEST: Duration = Duration::from_millis(5);

impl SimExec {
    /// Sends samples until nobody listens any more. To be run once, as a task of its own.
    pub async fn drive(self, samples: mpsc::Sender<Sample>) {
        loop {
            let now = self.shared.clock.now();
            self.strike(|fails_at| fails_at <= now.boot);
            let seen = self.world().advance(now);
            for sample in seen {
                if samples.send(sample).await.is_err() {
                    return;
                }
            }
            let next = self.world().next().map_or(LONGEST, |next| next.saturating_sub(now.boot).min(LONGEST));
            tokio::select! {
                _ = async { tokio::join!(self.shared.clock.sleep(next), tokio::time::sleep(SHORTEST)) } => {}
                () = self.shared.changed.notified() => {}
                () = samples.closed() => return,
            }
        }
    }
}
