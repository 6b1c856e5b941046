//! The loop: drain what came, then at most one frame, when something changed and the last frame was taken.
//!
//! It waits for one thing at a time on one channel; keys, signals, the session and the writer are threads that send to
//! it. Nothing here blocks on the terminal or on the session.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use domain::console::{Ask, Scene, Told};
use domain::log::Kind;
use domain::untrusted::sanitise_line;
use ratatui::Terminal;

use crate::clipboard::copy;
use crate::desktop::notification;
use crate::input::Input;
use crate::keys::Key;
use crate::model::{Exit, Model};
use crate::term::{self, Memory, Modes, Wake, Writer};
use crate::theme::Theme;
use crate::update::{update, wake_at};
use crate::view::{self, Hits};

/// At most thirty frames a second.
const FRAME: Duration = Duration::from_millis(33);
/// How long the last frame may take to be written on the way out.
const LAST_FRAME: Duration = Duration::from_millis(500);
/// Until a session that takes nothing is asked again.
const AGAIN: Duration = Duration::from_millis(20);
/// Inputs taken before a frame is due whatever else waits.
const DRAIN: usize = 512;

/// How the screen looks and listens.
#[derive(Clone, Debug)]
pub struct Options {
    pub theme: Theme,
    /// Clicks select and the wheel scrolls; without it the terminal's own selection works.
    pub mouse: bool,
    /// Clocks run by the second.
    pub motion: bool,
    /// The terminal is behind tmux.
    pub tmux: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { theme: Theme::default(), mouse: true, motion: true, tmux: false }
    }
}

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
    let (wake, woken) = sync_channel(DRAIN * 2);
    // Handlers before modes: from the first changed mode on, every way out restores.
    term::watch_signals(wake.clone())?;
    term::catch_panics();
    let title = format!("{} {} — switchback", named(scene.kind), sanitise_line(&scene.estate.name));
    let modes = Modes::enter(&title, options.mouse)?;
    let mut screen = Screen::new(scene, options, wake.clone(), ask)?;
    screen.draw()?;
    let begun = begin()?;
    term::read_keys(wake.clone())?;
    term::watch_hangup(wake.clone())?;
    follow(told, wake)?;
    let exit = screen.run(&woken, &modes);
    screen.settle(&woken);
    drop(modes);
    term::say_panics();
    Ok((exit?, begun))
}

/// What this is, for the title of the window.
fn named(kind: Kind) -> String {
    match kind {
        Kind::Drill => "EXERCISE".to_owned(),
        Kind::Paper => "PAPER EXERCISE".to_owned(),
        Kind::Live | Kind::Lab | Kind::Demo => kind.word().to_uppercase(),
    }
}

/// What the session tells, as wakes. Its silence is the end of it.
fn follow(told: Receiver<Told>, wake: SyncSender<Wake>) -> io::Result<()> {
    let follow = move || {
        for told in told {
            if wake.send(Wake::Input(Input::Told(told))).is_err() {
                return;
            }
        }
        let _ = wake.send(Wake::Silent);
    };
    thread::Builder::new().name("session".to_owned()).spawn(follow)?;
    Ok(())
}

struct Screen {
    model: Model,
    theme: Theme,
    tmux: bool,
    terminal: Terminal<Memory>,
    writer: Writer,
    /// What the mouse is over, as last drawn.
    hits: Hits,
    ask: SyncSender<Ask>,
    /// Asked, and not taken by the session yet.
    waiting: VecDeque<Ask>,
    dirty: bool,
    drawn: Option<Instant>,
}

impl Screen {
    fn new(scene: Scene, options: Options, wake: SyncSender<Wake>, ask: SyncSender<Ask>) -> io::Result<Self> {
        let (columns, rows) = crossterm::terminal::size()?;
        let mut model = Model::new(scene, term::now(), RandomState::new().hash_one(std::process::id()));
        model.ui.size = (columns, rows);
        model.ui.motion = options.motion;
        Ok(Self {
            model,
            theme: options.theme,
            tmux: options.tmux,
            terminal: Terminal::new(Memory::new(columns, rows))?,
            writer: Writer::start(wake)?,
            hits: Hits::default(),
            ask,
            waiting: VecDeque::new(),
            dirty: true,
            drawn: None,
        })
    }

    fn run(&mut self, woken: &Receiver<Wake>, modes: &Modes) -> io::Result<Exit> {
        loop {
            match woken.recv_timeout(self.patience()) {
                Ok(wake) => {
                    self.take(wake, modes)?;
                    for wake in woken.try_iter().take(DRAIN) {
                        self.take(wake, modes)?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Signal),
            }
            if term::now().boot >= wake_at(&self.model) {
                self.update(Input::Tick);
            }
            self.send();
            if let Some(exit) = self.model.ui.exit.clone() {
                return Ok(exit);
            }
            if self.dirty && self.writer.free() && self.rested() {
                self.draw()?;
            }
        }
    }

    /// Until something is due although nothing comes.
    fn patience(&self) -> Duration {
        let tick = wake_at(&self.model).saturating_sub(term::now().boot);
        let frame = (self.dirty && self.writer.free())
            .then(|| self.drawn.map_or(Duration::ZERO, |drawn| FRAME.saturating_sub(drawn.elapsed())));
        let again = (!self.waiting.is_empty()).then_some(AGAIN);
        [frame, again].into_iter().flatten().fold(tick, Duration::min)
    }

    fn rested(&self) -> bool {
        self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME)
    }

    fn take(&mut self, wake: Wake, modes: &Modes) -> io::Result<()> {
        match wake {
            Wake::Input(Input::Key { key, .. }) if key == Key::ctrl('z') => self.suspend(modes)?,
            Wake::Input(Input::Mouse(mut mouse)) => {
                mouse.hit = self.hits.at(mouse.column, mouse.row).cloned();
                self.update(Input::Mouse(mouse));
            }
            Wake::Input(Input::Resize(columns, rows)) => {
                self.terminal.backend_mut().resize(columns, rows);
                self.update(Input::Resize(columns, rows));
            }
            Wake::Input(input) => self.update(input),
            Wake::Taken => self.writer.taken(),
            Wake::Leave | Wake::HungUp => self.model.ui.exit = Some(Exit::Signal),
            Wake::Stop => self.suspend(modes)?,
            Wake::Continued => self.repaint(modes)?,
            Wake::Silent => {
                let reason = Some("the session ended".to_owned());
                self.model.ui.exit.get_or_insert(Exit::Ended { reason });
            }
        }
        Ok(())
    }

    fn update(&mut self, input: Input) {
        let asks = update(&mut self.model, input, term::now());
        self.waiting.extend(asks);
        self.dirty = true;
    }

    /// As much as the session takes now.
    fn send(&mut self) {
        while let Some(ask) = self.waiting.pop_front() {
            match self.ask.try_send(ask) {
                Ok(()) => {}
                Err(TrySendError::Full(ask)) => {
                    self.waiting.push_front(ask);
                    return;
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.waiting.clear();
                    return;
                }
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let Self { terminal, model, theme, hits, tmux, .. } = self;
        terminal.draw(|frame| *hits = view::draw(model, theme, frame))?;
        let mut frame = terminal.backend_mut().take().unwrap_or_default();
        if std::mem::take(&mut model.ui.bell) {
            frame.push(b'\x07');
        }
        if let Some((sequence, text)) = model.ui.desktop.take(term::now().boot) {
            frame.extend(notification(sequence, &text, *tmux));
        }
        if let Some(text) = model.ui.copy.take() {
            frame.extend(copy(&text, *tmux));
        }
        if !frame.is_empty() && !self.writer.write(&frame) {
            self.model.ui.exit.get_or_insert(Exit::Signal);
        }
        self.dirty = false;
        self.drawn = Some(Instant::now());
        Ok(())
    }

    fn suspend(&mut self, modes: &Modes) -> io::Result<()> {
        term::suspend(modes)?;
        self.repaint(modes)
    }

    /// Others may have written on it, and it may have another size.
    fn repaint(&mut self, modes: &Modes) -> io::Result<()> {
        modes.again()?;
        let (columns, rows) = crossterm::terminal::size()?;
        self.terminal.backend_mut().resize(columns, rows);
        self.terminal.clear()?;
        self.update(Input::Resize(columns, rows));
        Ok(())
    }

    /// The last frame is written whole, if the terminal takes it, before the modes are left.
    fn settle(&mut self, woken: &Receiver<Wake>) {
        self.send();
        let began = Instant::now();
        while !self.writer.free() {
            match woken.recv_timeout(LAST_FRAME.saturating_sub(began.elapsed())) {
                Ok(Wake::Taken) => self.writer.taken(),
                Ok(_) => {}
                Err(_) => return,
            }
        }
    }
}
