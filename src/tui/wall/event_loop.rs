//! The wall in the loop. It has nobody to ask.

use std::io;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use domain::console::{Scene, Told};
use ratatui::Terminal;

use super::{Wall, update, wake_at};
use crate::event_loop::{Options, Show, show, title};
use crate::input::Input;
use crate::model::Exit;
use crate::term::{self, Memory};
use crate::view;

/// Shows what `told` tells until `q`, Ctrl-C, a signal, or the end of it. `begin` starts what tells. The terminal is as it
/// was found when this returns, and after a panic.
///
/// # Errors
/// There is no terminal, it cannot be put into the modes the screen needs, or `begin` failed.
pub fn run(
    scene: Scene,
    options: &Options,
    unconfined: Option<String>,
    told: Receiver<Told>,
    begin: impl FnOnce() -> io::Result<()>,
) -> io::Result<Exit> {
    let make = |size| {
        let mut wall = Wall::new(scene, term::now(), unconfined);
        wall.model.ui.size = size;
        wall.model.ui.motion = options.motion;
        wall.model.ui.looks = options.looks.clone();
        Hung { wall }
    };
    let (exit, ()) = show(options.mouse, make, told, begin)?;
    Ok(exit)
}

struct Hung {
    wall: Wall,
}

impl Show for Hung {
    const WHO: &'static str = "the wall";
    /// At most ten frames a second: nobody types here.
    const FRAME: Duration = Duration::from_millis(100);
    const SILENT: &'static str = "nothing looks at the logs any more";

    fn update(&mut self, input: Input) {
        update(&mut self.wall, input, term::now());
    }

    fn title(&self) -> String {
        format!("wall: {}", title(&self.wall.model, self.wall.kind()))
    }

    fn wake_at(&self) -> Duration {
        wake_at(&self.wall)
    }

    fn exit(&mut self) -> &mut Option<Exit> {
        &mut self.wall.exit
    }

    fn draw(&mut self, terminal: &mut Terminal<Memory>) -> io::Result<Vec<u8>> {
        terminal.draw(|frame| view::draw_wall(&self.wall, frame))?;
        Ok(Vec::new())
    }
}
