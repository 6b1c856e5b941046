//! The copy of the log that the estate asks for: kept by the recorder, missed out loud.

use domain::console::BannerAbout;
use domain::time::clock;

use super::Session;
use crate::runtime::journal::Mirror;

/// Of several consoles the recorder's does the copying.
#[derive(Debug, Default)]
pub(super) struct Copy {
    mirror: Option<Mirror>,
    /// What the banner says of it.
    told: Option<String>,
}

impl Session {
    /// The recorder keeps the copy that the estate asks for.
    pub(super) fn start_copy(&mut self) {
        let target =
            self.scene.estate.log.mirror.as_ref().filter(|_| self.scene.kind.executes() && self.recorder.is_some());
        let (Some(target), Some(journal)) = (target, &self.journal) else { return };
        self.copy.mirror = Mirror::start(journal.place(), target)
            .map_err(|error| self.banner(BannerAbout::Mirror, Some(format!("the log is not copied: {error}"))))
            .ok();
    }

    /// Says when the copy does not have everything.
    pub(super) fn look_at_copy(&mut self) {
        let Some(mirror) = &self.copy.mirror else { return };
        let status = mirror.status();
        let behind = status.failed.map(|why| {
            let since = status
                .complete_at
                .map_or_else(|| "never complete".to_owned(), |at| format!("complete until {}", clock(at)));
            format!("the copy of the log is behind ({since}): {why}")
        });
        if behind != self.copy.told {
            self.copy.told.clone_from(&behind);
            self.banner(BannerAbout::Mirror, behind);
        }
    }
}
