//! What an attempt is about to do, written down and synced before it is sent: the way back, and what tells afterwards
//! whether it was done.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use domain::route53::{Planned, undo};
use serde::{Deserialize, Serialize};

use crate::runtime::aws::{self, Account, AwsError};

const FILE: &str = "records.json";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Intended {
    pub(super) account: Account,
    pub(super) zone: String,
    /// Only what becomes different.
    pub(super) planned: Vec<Planned>,
    /// Under which Route 53 accepted it; `None` until that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) change: Option<String>,
}

/// How the record sets stand, compared with what was intended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    AsIntended,
    AsBefore,
    /// Somebody else has been there; with what stands.
    Otherwise(String),
}

impl Intended {
    /// There whole, or not there.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let draft = folder.join(".records.json");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self).map_err(io::Error::from)?)?;
        file.sync_all()?;
        std::fs::rename(draft, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }

    /// Nothing was done of it.
    pub(super) fn forget(folder: &Path) {
        let _ = std::fs::remove_file(folder.join(FILE));
    }

    /// `None`: nothing was sent.
    pub(super) fn read(folder: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(folder.join(FILE)) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The block that puts back what stood before the attempt of this folder, if it may have changed anything.
    pub(crate) fn undo(folder: &Path) -> Option<String> {
        let intended = Self::read(folder).ok()??;
        undo(&intended.zone, &intended.planned).map(|batch| batch.to_string())
    }

    /// Reads what stands. What Route 53 accepted is listed at once, whether all its servers have it or not.
    pub(super) async fn compare(&self) -> Result<Stands, AwsError> {
        let names: Vec<String> = self.planned.iter().map(Planned::name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let standing = aws::sets_named(&self.account, &self.zone, &names).await?;
        if self.planned.iter().all(|planned| planned.stands_in(&standing)) {
            return Ok(Stands::AsIntended);
        }
        if self.planned.iter().all(|planned| planned.untouched_in(&standing)) {
            return Ok(Stands::AsBefore);
        }
        let now: Vec<String> = standing.iter().map(domain::route53::RecordSet::line).collect();
        let now = if now.is_empty() { "nothing".to_owned() } else { now.join("; ") };
        Ok(Stands::Otherwise(format!("neither as before nor as intended stands now: {now}")))
    }
}
