//! Backups, as their tools list them.

use std::time::Duration;

use super::{Seen, World};
use crate::estate::Backup;
use crate::reading::{Outcome, Payload};

impl World {
    pub(super) fn look_at_backup(&self, backup: &Backup) -> Seen {
        let Some(set) = self.backups.get(&backup.id) else { return Seen::Silence };
        let reading = set.reading(self.at, self.wall(self.at));
        let payload = Payload::Backup { backup: Box::new(reading) };
        Seen::After(Duration::from_millis(120), Outcome::Good { payload })
    }
}
