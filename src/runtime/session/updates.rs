//! Updates to audiences: sending what the log says is being told, and recording what came of it.

use domain::engine::{Became, Command, TellAct};
use domain::log::Way;

use super::Session;
use super::input::Input;

impl Session {
    pub(super) fn send_update(&mut self, update: u64, way: Way) {
        let became = match &way {
            // Nothing of an exercise or a demonstration leaves the machine.
            _ if !self.scene.kind.executes() => Became::Shown,
            Way::Clipboard => Became::Delivered { receipt: None },
            Way::Channel(_) | Way::File(_) => Became::Failed {
                why: "this console sends nothing this way".to_owned(),
                remedy: Some("copy it, and send it by hand".to_owned()),
            },
        };
        self.spawn(async move { Input::Updated { update, way, became } });
    }

    pub(super) async fn updated(&mut self, update: u64, way: Way, became: Became) {
        self.record(Command::Tell(Box::new(TellAct::Record { update, way, became }))).await;
    }
}
