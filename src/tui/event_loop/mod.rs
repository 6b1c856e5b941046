//! The loop: drain what came, then at most one frame, when something changed and the last frame was taken.
//!
//! It waits for one thing at a time on one channel; keys, signals, what tells and the writer are threads that send to
//! it. Nothing here blocks on the terminal or on who tells. What is shown, and how, is a [`Show`]: the console, the wall.

mod console;
mod pace;
mod title;

pub use console::run;
pub(crate) use title::title;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use domain::console::Told;
use ratatui::Terminal;

use crate::input::Input;
use crate::keys::Keymap;
use crate::model::Exit;
use crate::term::{self, Memory, Modes, Wake, Wants, Writer};
use crate::theme::Looks;
use pace::Pace;

/// How long the last frame may take to be written on the way out.
const LAST_FRAME: Duration = Duration::from_millis(500);
/// Of a terminal that does not say its size.
const SIZE: (u16, u16) = (80, 24);
/// Inputs taken before a frame is due whatever else waits.
const DRAIN: usize = 512;

/// How the screen looks and listens.
#[derive(Clone, Debug)]
pub struct Options {
    pub looks: Looks,
    /// Clicks select and the wheel scrolls; without it the terminal's own selection works.
    pub mouse: bool,
    /// Clocks run by the second.
    pub motion: bool,
    /// The terminal is behind tmux.
    pub tmux: bool,
    /// The keys of this person.
    pub keymap: Keymap,
}

impl Default for Options {
    fn default() -> Self {
        Self { looks: Looks::default(), mouse: true, motion: true, tmux: false, keymap: Keymap::default() }
    }
}

/// What is on the screen: a machine that takes inputs, and its picture.
pub(crate) trait Show {
    /// What has no screen without a terminal.
    const WHO: &'static str;
    /// Between two frames at the least, but for those that a person waits for.
    const FRAME: Duration;
    /// Why it leaves when nothing is told any more.
    const SILENT: &'static str;

    fn update(&mut self, input: Input);
    /// Of the terminal's window, in plain text.
    fn title(&self) -> String;
    /// When it wants a tick although nothing comes, by the clock that goes on in suspend.
    fn wake_at(&self) -> Duration;
    /// Set once it is to be left.
    fn exit(&mut self) -> &mut Option<Exit>;
    /// Draws it; what else the terminal is sent with the frame.
    ///
    /// # Errors
    /// Drawing into memory failed.
    fn draw(&mut self, terminal: &mut Terminal<Memory>) -> io::Result<Vec<u8>>;
    /// The key for what Ctrl-Z does in a shell.
    fn suspends(&self, _input: &Input) -> bool {
        false
    }
    /// Hands over what it asks for; how long until it is tried again, where something still waits.
    fn hand_over(&mut self) -> Option<Duration> {
        None
    }
}

/// The terminal, with what it shows made for its size, until that is left, a signal asks or `told` ends.
/// The terminal is as it was found when this returns, and after a panic. `begin` starts what tells, once the first frame
/// is on its way: nothing competes with it.
///
/// # Errors
/// There is no terminal, it cannot be put into the modes the screen needs, or `begin` failed.
pub(crate) fn show<S: Show, T>(
    mouse: bool,
    make: impl FnOnce((u16, u16)) -> S,
    told: Receiver<Told>,
    begin: impl FnOnce() -> io::Result<T>,
) -> io::Result<(Exit, T)> {
    let (wake, woken) = sync_channel(DRAIN * 2);
    // Handlers before modes: from the first changed mode on, every way out restores.
    term::watch_signals(wake.clone())?;
    term::catch_panics();
    let size = term::size().unwrap_or(SIZE);
    let shown = make(size);
    let modes =
        Modes::enter(shown.title(), Wants { mouse: mouse && term::has_mouse(), titled: term::titled(), who: S::WHO })?;
    let mut screen = Screen::new(shown, size, modes, wake.clone())?;
    screen.draw()?;
    let begun = begin()?;
    term::read_keys(wake.clone())?;
    term::watch_hangup(wake.clone())?;
    follow(told, wake)?;
    let exit = screen.run(&woken);
    screen.settle(&woken);
    drop(screen);
    term::say_panics();
    Ok((exit?, begun))
}

/// What is told, as wakes. Silence is the end of it.
fn follow(told: Receiver<Told>, wake: SyncSender<Wake>) -> io::Result<()> {
    let follow = move || {
        for told in told {
            if wake.send(Wake::Input(Input::Told(told))).is_err() {
                return;
            }
        }
        let _ = wake.send(Wake::Silent);
    };
    thread::Builder::new().name("told".to_owned()).spawn(follow)?;
    Ok(())
}

struct Screen<S> {
    shown: S,
    terminal: Terminal<Memory>,
    modes: Modes,
    writer: Writer,
    dirty: bool,
    pace: Pace,
    /// It was stopped by itself: that it is continued is no news.
    stopped: bool,
    /// Until what waits is handed over again.
    again: Option<Duration>,
}

impl<S: Show> Screen<S> {
    fn new(shown: S, (columns, rows): (u16, u16), modes: Modes, wake: SyncSender<Wake>) -> io::Result<Self> {
        let terminal = Terminal::new(Memory::new(columns, rows))?;
        let (writer, pace) = (Writer::start(wake)?, Pace::new(S::FRAME));
        Ok(Self { shown, terminal, modes, writer, dirty: true, pace, stopped: false, again: None })
    }

    fn run(&mut self, woken: &Receiver<Wake>) -> io::Result<Exit> {
        loop {
            match woken.recv_timeout(self.patience()) {
                Ok(wake) => {
                    self.take(wake)?;
                    for wake in woken.try_iter().take(DRAIN) {
                        self.take(wake)?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Signal),
            }
            if term::now().boot >= self.shown.wake_at() {
                self.update(Input::Tick);
            }
            self.again = self.shown.hand_over();
            if let Some(exit) = self.shown.exit().clone() {
                return Ok(exit);
            }
            if self.dirty && self.writer.free() && self.pace.wait(Instant::now()).is_zero() {
                self.draw()?;
            }
        }
    }

    /// Until something is due although nothing comes.
    fn patience(&self) -> Duration {
        let tick = self.shown.wake_at().saturating_sub(term::now().boot);
        let frame = (self.dirty && self.writer.free()).then(|| self.pace.wait(Instant::now()));
        [frame, self.again].into_iter().flatten().fold(tick, Duration::min)
    }

    fn take(&mut self, wake: Wake) -> io::Result<()> {
        match wake {
            Wake::Input(input) if self.shown.suspends(&input) => self.suspend()?,
            Wake::Input(input) => {
                if input.of_a_person() {
                    self.pace.acted(Instant::now());
                }
                self.update(input);
            }
            Wake::Taken => self.writer.taken(),
            Wake::Leave | Wake::HungUp => *self.shown.exit() = Some(Exit::Signal),
            Wake::Stop => self.suspend()?,
            Wake::Continued if std::mem::take(&mut self.stopped) => {}
            // By a signal that nobody can catch: whoever had the terminal meanwhile found it as it was.
            Wake::Continued => {
                self.modes.again()?;
                self.repaint()?;
            }
            Wake::Resized => self.resize(),
            Wake::Silent => {
                self.shown.exit().get_or_insert_with(|| Exit::Ended { reason: Some(S::SILENT.to_owned()) });
            }
        }
        Ok(())
    }

    fn update(&mut self, input: Input) {
        self.shown.update(input);
        self.dirty = true;
    }

    fn draw(&mut self) -> io::Result<()> {
        let beside = self.shown.draw(&mut self.terminal)?;
        let mut frame = self.terminal.backend_mut().take().unwrap_or_default();
        frame.extend(beside);
        frame.extend(self.modes.retitle(self.shown.title()).unwrap_or_default().into_bytes());
        if !frame.is_empty() && !self.writer.write(&frame) {
            self.shown.exit().get_or_insert(Exit::Signal);
        }
        self.dirty = false;
        self.pace.drawn(Instant::now());
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        term::suspend(&self.modes)?;
        self.stopped = true;
        self.repaint()
    }

    /// Others may have written on it, and it may have another size.
    fn repaint(&mut self) -> io::Result<()> {
        self.terminal.clear()?;
        self.resize();
        Ok(())
    }

    fn resize(&mut self) {
        // One that does not say keeps the size it had.
        let Some((columns, rows)) = term::size() else { return };
        self.terminal.backend_mut().resize(columns, rows);
        self.pace.acted(Instant::now());
        self.update(Input::Resize(columns, rows));
    }

    /// The last frame is written whole, if the terminal takes it, before the modes are left.
    fn settle(&mut self, woken: &Receiver<Wake>) {
        self.shown.hand_over();
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
