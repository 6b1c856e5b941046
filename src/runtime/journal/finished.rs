//! A log that was finished before it came to disk: that of an exercise that played itself.

use std::io::ErrorKind;
use std::path::PathBuf;

use domain::ident::IncidentId;
use domain::log::{Header, Kind};
use domain::time::Timestamp;

use super::catalog::{claim_label, next_label};
use super::disk::{Disk, RealDisk, parent};
use super::error::CreateError;
use super::place::Place;
use crate::runtime::paths::Paths;
use crate::runtime::replace::{Purpose, replace};

/// Writes a whole log, durable when this returns. The same log once more changes nothing.
///
/// # Errors
/// When another log is there already, its label is another's, or the disk refuses.
pub fn store(paths: &Paths, header: &Header, log: &[u8]) -> Result<Place, CreateError> {
    let place = place_of(paths, header.incident);
    let path = place.log();
    let io = |source| CreateError::Io { path: path.clone(), source };
    match std::fs::read(&path) {
        Ok(known) if known == log => return Ok(place),
        Ok(_) => return Err(CreateError::Exists(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(io(error)),
    }
    let _names = claim_label(paths, &header.label)?;
    let disk = RealDisk;
    disk.create_dir(place.dir()).and_then(|()| disk.create_dir(&place.attempts())).map_err(io)?;
    replace(&path, log, Purpose::Record).map_err(io)?;
    disk.sync_dir(parent(place.dir())).map_err(io)?;
    Ok(place)
}

/// The label of an exercise that begins `at` with this id: the one it has, where it was played and stored before.
///
/// # Errors
/// When the incidents' folder cannot be read.
pub fn label_of(paths: &Paths, incident: IncidentId, at: Timestamp) -> std::io::Result<String> {
    let known = super::ReadLog::open(place_of(paths, incident).dir()).ok();
    match known {
        Some((log, _)) => Ok(log.header().label.clone()),
        None => next_label(paths, Kind::Drill, at),
    }
}

fn place_of(paths: &Paths, incident: IncidentId) -> Place {
    let dir: PathBuf = paths.incidents().join(incident.to_string());
    Place::new(dir)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use domain::log::{LOG_VERSION, encode_header};

    use super::*;

    fn header(label: &str) -> Header {
        Header {
            version: LOG_VERSION,
            incident: IncidentId(ulid::Ulid::from_parts(1, 7)),
            label: label.to_owned(),
            kind: Kind::Drill,
            created_at: Timestamp::UNIX_EPOCH,
            created_by: "switchback 0.1.0".to_owned(),
        }
    }

    #[test]
    fn a_finished_log_is_stored_once_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths { state: dir.path().join("state"), config: dir.path().join("config") };
        let one = header("EX-1970-0001");
        let (log, _) = encode_header(&one).unwrap();
        assert_eq!(label_of(&paths, one.incident, one.created_at).unwrap(), "EX-1970-0001");
        let place = store(&paths, &one, &log).unwrap();
        assert_eq!(store(&paths, &one, &log).unwrap(), place);
        assert_eq!(std::fs::metadata(place.log()).unwrap().permissions().mode() & 0o777, 0o600);
        let other = header("EX-1970-0002");
        let (another, _) = encode_header(&other).unwrap();
        assert!(matches!(store(&paths, &other, &another), Err(CreateError::Exists(_))));
        assert_eq!(std::fs::read(place.log()).unwrap(), log);
        assert_eq!(label_of(&paths, one.incident, one.created_at).unwrap(), "EX-1970-0001", "the one it has");
        let next = IncidentId(ulid::Ulid::from_parts(2, 7));
        assert_eq!(label_of(&paths, next, one.created_at).unwrap(), "EX-1970-0002");
    }
}
