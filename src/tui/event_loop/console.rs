//! The console in the loop: it asks a session, rings, and copies.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::time::Duration;

use domain::console::{Ask, Scene, Told};
use ratatui::Terminal;

use super::{Options, Show, show, title};
use crate::clipboard::copy;
use crate::desktop::notification;
use crate::input::Input;
use crate::keys::Key;
use crate::model::{Exit, Model};
use crate::term::{self, Memory};
use crate::update::{update, wake_at};
use crate::view::{self, Hits};

/// Until a session that takes nothing is asked again.
const AGAIN: Duration = Duration::from_millis(20);

/// Shows `scene` at once, then what `told` tells, until the person leaves, a signal asks or the session ends. The
/// terminal is as it was found when this returns, and after a panic. `begin` starts what tells, once the first frame
/// is on its way: nothing competes with it.
///
/// # Errors
/// There is no terminal, it cannot be put into the modes the screen needs, or `begin` failed.
pub fn run<T>(
    scene: Scene,
    options: Options,
    told: Receiver<Told>,
    ask: SyncSender<Ask>,
    begin: impl FnOnce() -> io::Result<T>,
) -> io::Result<(Exit, T)> {
    let mouse = options.mouse;
    let make = |size| {
        let mut model = Model::new(scene, term::now(), RandomState::new().hash_one(std::process::id()));
        model.ui.size = size;
        model.ui.motion = options.motion;
        model.ui.looks = options.looks;
        model.ui.keymap = Arc::new(options.keymap);
        Console { model, tmux: options.tmux, hits: Hits::default(), ask, waiting: VecDeque::new() }
    };
    show(mouse, make, told, begin)
}

struct Console {
    model: Model,
    tmux: bool,
    /// What the mouse is over, as last drawn.
    hits: Hits,
    ask: SyncSender<Ask>,
    /// Asked, and not taken by the session yet.
    waiting: VecDeque<Ask>,
}

impl Show for Console {
    const WHO: &'static str = "the console";
    /// At most thirty frames a second.
    const FRAME: Duration = Duration::from_millis(33);
    const SILENT: &'static str = "the session ended";

    fn update(&mut self, mut input: Input) {
        if let Input::Mouse(mouse) = &mut input {
            mouse.hit = self.hits.at(mouse.column, mouse.row).cloned();
        }
        self.waiting.extend(update(&mut self.model, input, term::now()));
    }

    fn title(&self) -> String {
        title(&self.model, self.model.kind())
    }

    fn wake_at(&self) -> Duration {
        wake_at(&self.model)
    }

    fn exit(&mut self) -> &mut Option<Exit> {
        &mut self.model.ui.exit
    }

    fn draw(&mut self, terminal: &mut Terminal<Memory>) -> io::Result<Vec<u8>> {
        let Self { model, hits, tmux, .. } = self;
        terminal.draw(|frame| *hits = view::draw(model, frame))?;
        let mut beside = Vec::new();
        if std::mem::take(&mut model.ui.bell) {
            beside.push(b'\x07');
        }
        if let Some((sequence, text)) = model.ui.desktop.take(term::now().boot) {
            beside.extend(notification(sequence, &text, *tmux));
        }
        if let Some(text) = model.ui.copy.take() {
            beside.extend(copy(&text, *tmux));
        }
        Ok(beside)
    }

    fn suspends(&self, input: &Input) -> bool {
        matches!(input, Input::Key { key, .. } if *key == Key::ctrl('z'))
    }

    /// As much as the session takes now.
    fn hand_over(&mut self) -> Option<Duration> {
        while let Some(ask) = self.waiting.pop_front() {
            match self.ask.try_send(ask) {
                Ok(()) => {}
                Err(TrySendError::Full(ask)) => {
                    self.waiting.push_front(ask);
                    return Some(AGAIN);
                }
                Err(TrySendError::Disconnected(_)) => self.waiting.clear(),
            }
        }
        None
    }
}
