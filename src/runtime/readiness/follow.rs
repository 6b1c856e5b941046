//! Looks again and again: when a file changed, and every half hour.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::{Looked, Looker};

/// How often everything is looked at that tells nothing of its own changes.
const AGAIN: Duration = Duration::from_secs(30 * 60);
/// How often files are asked whether they changed.
const FILES: Duration = Duration::from_secs(5);

/// What a file has that changes with it.
type Stamps = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// The newest looks, from the first on; until the receiver is dropped.
#[must_use]
pub fn follow(looker: Looker) -> watch::Receiver<Option<Arc<Looked>>> {
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        loop {
            let stamps = stamps(&looker).await;
            let due = Instant::now() + AGAIN;
            sender.send_replace(Some(Arc::new(looker.look().await)));
            loop {
                tokio::select! {
                    () = sender.closed() => return,
                    () = sleep(FILES) => {}
                }
                if Instant::now() >= due || self::stamps(&looker).await != stamps {
                    break;
                }
            }
        }
    });
    receiver
}

/// Of the estate's file and every runbook.
async fn stamps(looker: &Looker) -> Stamps {
    let files: Vec<PathBuf> = looker.library.files().into_iter().chain(looker.file.clone()).collect();
    let read = move || {
        let stamp = |path: PathBuf| {
            let meta = std::fs::metadata(&path).ok()?;
            Some((path, (meta.len(), meta.modified().ok())))
        };
        files.into_iter().filter_map(stamp).collect()
    };
    tokio::task::spawn_blocking(read).await.unwrap_or_default()
}
