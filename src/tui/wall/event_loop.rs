//! The loop of the wall: drain what came, then at most one frame. It has nobody to ask.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use domain::console::{Scene, Told};
use domain::untrusted::sanitise_line;
use ratatui::Terminal;

use super::{Wall, update, wake_at};
use crate::event_loop::Options;
use crate::input::Input;
use crate::model::Exit;
use crate::term::{self, Memory, Modes, Wake, Writer};
use crate::theme::Theme;
use crate::view;

/// At most ten frames a second: nobody types here.
const FRAME: Duration = Duration::from_millis(100);
/// How long the last frame may take to be written on the way out.
const LAST_FRAME: Duration = Duration::from_millis(500);
/// Inputs taken before a frame is due whatever else waits.
const DRAIN: usize = 256;

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
    let (wake, woken) = sync_channel(DRAIN * 2);
    // Handlers before modes: from the first changed mode on, every way out restores.
    term::watch_signals(wake.clone())?;
    term::catch_panics();
    let title = format!("wall {} — switchback", sanitise_line(&scene.estate.name));
    let modes = Modes::enter(&title, options.mouse)?;
    let mut screen = Screen::new(scene, options, unconfined, wake.clone())?;
    screen.draw()?;
    begin()?;
    term::read_keys(wake.clone())?;
    term::watch_hangup(wake.clone())?;
    listen(told, wake)?;
    let exit = screen.run(&woken, &modes);
    screen.settle(&woken);
    drop(modes);
    term::say_panics();
    exit
}

/// What the follower tells, as wakes. Its silence is the end of it.
fn listen(told: Receiver<Told>, wake: SyncSender<Wake>) -> io::Result<()> {
    let listen = move || {
        for told in told {
            if wake.send(Wake::Input(Input::Told(told))).is_err() {
                return;
            }
        }
        let _ = wake.send(Wake::Silent);
    };
    thread::Builder::new().name("told".to_owned()).spawn(listen)?;
    Ok(())
}

struct Screen {
    wall: Wall,
    theme: Theme,
    terminal: Terminal<Memory>,
    writer: Writer,
    dirty: bool,
    drawn: Option<Instant>,
}

impl Screen {
    fn new(scene: Scene, options: &Options, unconfined: Option<String>, wake: SyncSender<Wake>) -> io::Result<Self> {
        let (columns, rows) = crossterm::terminal::size()?;
        let mut wall = Wall::new(scene, term::now(), unconfined);
        wall.model.ui.size = (columns, rows);
        wall.model.ui.motion = options.motion;
        let terminal = Terminal::new(Memory::new(columns, rows))?;
        let theme = options.theme.clone();
        Ok(Self { wall, theme, terminal, writer: Writer::start(wake)?, dirty: true, drawn: None })
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
            if term::now().boot >= wake_at(&self.wall) {
                self.update(Input::Tick);
            }
            if let Some(exit) = self.wall.exit.clone() {
                return Ok(exit);
            }
            if self.dirty && self.writer.free() && self.rested() {
                self.draw()?;
            }
        }
    }

    /// Until something is due although nothing comes.
    fn patience(&self) -> Duration {
        let tick = wake_at(&self.wall).saturating_sub(term::now().boot);
        let frame = (self.dirty && self.writer.free())
            .then(|| self.drawn.map_or(Duration::ZERO, |drawn| FRAME.saturating_sub(drawn.elapsed())));
        frame.map_or(tick, |frame| frame.min(tick))
    }

    fn rested(&self) -> bool {
        self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME)
    }

    fn take(&mut self, wake: Wake, modes: &Modes) -> io::Result<()> {
        match wake {
            Wake::Input(Input::Resize(columns, rows)) => {
                self.terminal.backend_mut().resize(columns, rows);
                self.update(Input::Resize(columns, rows));
            }
            Wake::Input(input) => self.update(input),
            Wake::Taken => self.writer.taken(),
            Wake::Leave | Wake::HungUp => self.wall.exit = Some(Exit::Signal),
            Wake::Stop => {
                term::suspend(modes)?;
                self.repaint(modes)?;
            }
            Wake::Continued => self.repaint(modes)?,
            Wake::Silent => {
                let reason = Some("nothing looks at the logs any more".to_owned());
                self.wall.exit.get_or_insert(Exit::Ended { reason });
            }
        }
        Ok(())
    }

    fn update(&mut self, input: Input) {
        update(&mut self.wall, input, term::now());
        self.dirty = true;
    }

    fn draw(&mut self) -> io::Result<()> {
        let Self { terminal, wall, theme, .. } = self;
        terminal.draw(|frame| view::draw_wall(wall, theme, frame))?;
        let frame = terminal.backend_mut().take().unwrap_or_default();
        if !frame.is_empty() && !self.writer.write(&frame) {
            self.wall.exit.get_or_insert(Exit::Signal);
        }
        self.dirty = false;
        self.drawn = Some(Instant::now());
        Ok(())
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
