//! `pgbackrest info --output=json`: which of the listed backups could be restored, in which repository.

use serde::Deserialize;

use super::listed::{Listed, State, newest_of};
use super::{BackupReading, Checksum, DestinationReading};
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

#[derive(Deserialize)]
struct Stanza {
    name: String,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    backup: Vec<Backup>,
    #[serde(default)]
    db: Vec<Cluster>,
    #[serde(default)]
    repo: Vec<Repository>,
    #[serde(default)]
    archive: Vec<Archive>,
    #[serde(default)]
    cipher: Option<String>,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    lock: Lock,
}

#[derive(Default, Deserialize)]
struct Lock {
    #[serde(default)]
    backup: Held,
}

#[derive(Default, Deserialize)]
struct Held {
    #[serde(default)]
    held: Option<bool>,
}

#[derive(Deserialize)]
struct Repository {
    key: u64,
    #[serde(default)]
    cipher: Option<String>,
    #[serde(default)]
    status: Status,
}

/// The archived log of one cluster in one repository.
#[derive(Deserialize)]
struct Archive {
    #[serde(default)]
    database: Cluster,
    #[serde(default)]
    max: Option<String>,
}

#[derive(Deserialize)]
struct Backup {
    label: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// Page checksums failed. Absent or null before 2.36.
    #[serde(default)]
    error: Option<bool>,
    /// The backup this one only holds the difference to.
    #[serde(default)]
    prior: Option<String>,
    timestamp: Span,
    #[serde(default)]
    database: Cluster,
    #[serde(default)]
    info: Option<Size>,
}

#[derive(Deserialize)]
struct Span {
    stop: i64,
}

/// A cluster as a repository knows it: `id` grows when the cluster is upgraded or created anew.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
struct Cluster {
    #[serde(default)]
    id: u64,
    #[serde(rename = "repo-key", default)]
    repo: u64,
}

#[derive(Deserialize)]
struct Size {
    #[serde(default)]
    size: Option<u64>,
}

/// Status codes of a stanza, from the tool's documentation.
mod code {
    pub(super) const OK: i64 = 0;
    pub(super) const MISSING_PATH: i64 = 1;
    pub(super) const NO_VALID_BACKUP: i64 = 2;
    pub(super) const MISSING_STANZA: i64 = 3;
    /// Repositories differ: backups are listed of those that are well.
    pub(super) const MIXED: i64 = 4;
}

/// What `info` tells of a stanza.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PgBackRestInfo {
    pub reading: BackupReading,
    /// The last segment in every repository that archives the present cluster: log that only one of them has does not
    /// survive that one. `None` where nothing is archived.
    pub archived_to: Option<String>,
}

/// The newest backup of `stanza` that could be restored: without errors, of the present cluster, with everything it
/// depends on. Its point is when it *ended*. The tool exits with 0 and says `ok` over much that is not.
///
/// # Errors
/// The text is not what the tool prints, the stanza is not in it, or the tool could not tell.
pub fn pgbackrest(json: &str, stanza: &str) -> Result<PgBackRestInfo, String> {
    let stanzas: Vec<Stanza> =
        serde_json::from_str(json).map_err(|error| format!("not the JSON of pgbackrest info: {error}"))?;
    let Some(found) = stanzas.into_iter().find(|candidate| candidate.name == stanza) else {
        return Err(format!("pgBackRest knows no stanza `{stanza}`"));
    };
    let message = sanitise_line(&found.status.message);
    match found.status.code {
        code::OK | code::MIXED => Ok(told(&found)),
        code::MISSING_PATH | code::NO_VALID_BACKUP | code::MISSING_STANZA => {
            let reading = BackupReading {
                newer_failure: Some(message),
                destinations: places(&found),
                ..BackupReading::default()
            };
            Ok(PgBackRestInfo { reading, archived_to: archived_to(&found) })
        }
        other => Err(format!("pgBackRest says {message} (code {other})")),
    }
}

fn told(stanza: &Stanza) -> PgBackRestInfo {
    let list = list(stanza, None);
    let damaged = stanza.backup.iter().any(|backup| backup.error == Some(true));
    let newest = newest_of(list);
    let reading = BackupReading {
        vouched: true,
        encrypted: encrypted(stanza),
        checksum: if damaged { Checksum::Failed } else { Checksum::Unknown },
        running: stanza.status.lock.backup.held,
        destinations: places(stanza),
        ..newest
    };
    PgBackRestInfo { reading, archived_to: archived_to(stanza) }
}

/// The stanza's backups, those of one repository or of all.
fn list(stanza: &Stanza, repository: Option<u64>) -> Vec<Listed> {
    let chosen = stanza.backup.iter().filter(|it| repository.is_none_or(|key| key == it.database.repo));
    chosen
        .map(|backup| Listed {
            label: backup.label.clone(),
            at: Timestamp::from_second(backup.timestamp.stop).ok(),
            state: obstacle(stanza, backup).map_or(State::Usable, State::Failed),
            bytes: backup.info.as_ref().and_then(|info| info.size),
            detail: backup.kind.clone(),
        })
        .collect()
}

fn plain(cipher: Option<&String>) -> Option<bool> {
    cipher.map(|cipher| cipher == "none")
}

/// Whether every repository is.
fn encrypted(stanza: &Stanza) -> Option<bool> {
    if stanza.repo.is_empty() {
        return plain(stanza.cipher.as_ref()).map(|plain| !plain);
    }
    let each: Option<Vec<bool>> = stanza.repo.iter().map(|repository| plain(repository.cipher.as_ref())).collect();
    each.map(|each| each.iter().all(|plain| !plain))
}

/// `repo1`, `repo2`, as the tool's options call them.
fn places(stanza: &Stanza) -> Vec<DestinationReading> {
    let place = |repository: &Repository| {
        let reading = newest_of(list(stanza, Some(repository.key)));
        let well = repository.status.code == code::OK;
        let said = (!well).then(|| sanitise_line(&repository.status.message));
        DestinationReading {
            newer_failure: said.or_else(|| reading.newer_failure.clone()),
            encrypted: plain(repository.cipher.as_ref()).map(|plain| !plain),
            ..DestinationReading::of(format!("repo{}", repository.key), Ok(reading))
        }
    };
    stanza.repo.iter().map(place).collect()
}

fn archived_to(stanza: &Stanza) -> Option<String> {
    let present =
        |it: &Archive| stanza.db.iter().filter(|known| known.repo == it.database.repo).map(|known| known.id).max();
    let current = stanza.archive.iter().filter(|it| present(it).is_none_or(|id| id == it.database.id));
    current.filter_map(|it| it.max.as_deref()).min().map(sanitise_line)
}

/// Why it could not be restored: itself, or something it depends on.
fn obstacle(stanza: &Stanza, backup: &Backup) -> Option<String> {
    let present = stanza.db.iter().filter(|known| known.repo == backup.database.repo).map(|known| known.id).max();
    if present.is_some_and(|present| present != backup.database.id) {
        return Some("of an earlier cluster: nothing was backed up since it was replaced".to_owned());
    }
    let mut at = backup;
    // A chain is never longer than the list: more would be a circle.
    for _ in 0..=stanza.backup.len() {
        if at.error == Some(true) {
            let of = if at.label == backup.label { String::new() } else { format!(" of {}", at.label) };
            return Some(format!("page checksums{of} failed"));
        }
        if at.info.as_ref().and_then(|info| info.size) == Some(0) {
            return Some(format!("{} is empty", at.label));
        }
        let prior = at.prior.as_ref()?;
        let before =
            stanza.backup.iter().find(|other| other.label == *prior && other.database.repo == backup.database.repo);
        match before {
            Some(before) => at = before,
            None => return Some(format!("{prior}, which it builds on, is not there")),
        }
    }
    Some("what it builds on goes in a circle".to_owned())
}

#[cfg(test)]
mod tests;
