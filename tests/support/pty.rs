//! A program in a terminal: what it shows, what is typed at it, what it leaves behind.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use super::link::Far;
use super::rerun::this_test;
use super::wait::until;

const SIZE: PtySize = PtySize { rows: 36, cols: 120, pixel_width: 0, pixel_height: 0 };

/// The terminal's side.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    seen: Arc<Mutex<Seen>>,
    /// Read by nobody yet.
    unread: Option<Box<dyn Read + Send>>,
}

struct Seen {
    screen: vt100::Parser,
    /// Everything that was ever written.
    bytes: Vec<u8>,
}

impl Pty {
    /// The test `name` of `module` again, as the program in the terminal.
    pub(crate) fn rerun(module: &str, name: &str, env: &[(&str, &str)]) -> Self {
        let mut pty = Self::unread(module, name, env);
        pty.read();
        pty
    }

    /// The same, with nobody reading what it writes until [`Self::read`].
    pub(crate) fn unread(module: &str, name: &str, env: &[(&str, &str)]) -> Self {
        Self::spawn(CommandBuilder::from_argv(this_test(module, name).to_vec()), env)
    }

    /// Any program.
    pub(crate) fn run(argv: &[OsString], env: &[(&str, &str)]) -> Self {
        let mut pty = Self::spawn(CommandBuilder::from_argv(argv.to_vec()), env);
        pty.read();
        pty
    }

    /// The same at the other end of a link, on which every byte takes this long each way.
    pub(crate) fn far_away(argv: &[OsString], latency: Duration) -> Self {
        let mut pty = Self::spawn(CommandBuilder::from_argv(argv.to_vec()), &[]);
        pty.unread = pty.unread.take().map(|reader| Box::new(Far::from(reader, latency)) as _);
        pty.keys = pty.keys.take().map(|keys| Box::new(Far::to(keys, latency)) as _);
        pty.read();
        pty
    }

    fn spawn(mut command: CommandBuilder, env: &[(&str, &str)]) -> Self {
        command.env("TERM", "xterm-256color");
        command.env("RUST_BACKTRACE", "0");
        // Where the tests themselves run must make no difference.
        command.env_remove("TMUX");
        command.env_remove("STY");
        for (name, value) in env {
            command.env(name, value);
        }
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (rows, columns) = (NonZero::new(SIZE.rows).unwrap(), NonZero::new(SIZE.cols).unwrap());
        let seen = Seen { screen: vt100::Parser::new(rows, columns, 0), bytes: Vec::new() };
        Self {
            child,
            master: Some(pair.master),
            keys: Some(keys),
            seen: Arc::new(Mutex::new(seen)),
            unread: Some(reader),
        }
    }

    pub(crate) fn read(&mut self) {
        let Some(mut reader) = self.unread.take() else { return };
        let seen = Arc::clone(&self.seen);
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut seen = seen.lock().unwrap();
                seen.screen.process(&buffer[..count]);
                seen.bytes.extend_from_slice(&buffer[..count]);
            }
        });
    }

    /// Returns once `text` stands on the screen.
    pub(crate) fn shows(&self, text: &str) {
        until(&format!("`{text}` is on the screen"), || self.screen().contains(text));
    }

    /// What stands on the screen now, line by line.
    pub(crate) fn screen(&self) -> String {
        self.seen.lock().unwrap().screen.screen().contents()
    }

    /// Returns once `text` was written, wherever it went.
    pub(crate) fn says(&self, text: &str) {
        until(&format!("`{text}` was written"), || {
            String::from_utf8_lossy(&self.seen.lock().unwrap().bytes).contains(text)
        });
    }

    pub(crate) fn types(&mut self, text: &str) {
        self.sends(text.as_bytes());
    }

    /// What a keyboard, or the terminal itself, sends to the program.
    pub(crate) fn sends(&mut self, bytes: &[u8]) {
        let keys = self.keys.as_mut().unwrap();
        keys.write_all(bytes).unwrap();
        keys.flush().unwrap();
    }

    /// Everything that was written so far.
    pub(crate) fn written(&self) -> Vec<u8> {
        self.seen.lock().unwrap().bytes.clone()
    }

    /// Returns once the program has read all that was typed.
    pub(crate) fn taken(&self) {
        let terminal = File::open(self.master.as_ref().unwrap().tty_name().unwrap()).unwrap();
        until("everything that was typed is read", || rustix::io::ioctl_fionread(&terminal).unwrap() == 0);
    }

    /// The window gets another size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, ..SIZE };
        self.master.as_ref().unwrap().resize(size).unwrap();
        let (rows, columns) = (NonZero::new(rows).unwrap(), NonZero::new(columns).unwrap());
        self.seen.lock().unwrap().screen.screen_mut().set_size(rows, columns);
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// `R`, `S`, `T`: the state of the process, as the system says.
    pub(crate) fn state(&self) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid().as_raw_nonzero())).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next()).unwrap_or('?')
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().cast_signed()).unwrap()
    }

    /// Whether it has ended, and succeeded.
    pub(crate) fn succeeded(&mut self) -> bool {
        self.ends();
        self.child.wait().unwrap().success()
    }

    /// Returns once the program has ended.
    pub(crate) fn ends(&mut self) {
        until("the program ended", || self.child.try_wait().unwrap().is_some());
    }

    /// Reads until `text` stands on the screen, and no further.
    pub(crate) fn read_until(&mut self, text: &str) {
        let reader = self.unread.as_mut().unwrap();
        let mut buffer = [0; 8192];
        loop {
            let count = reader.read(&mut buffer).unwrap();
            assert!(count > 0, "it ended without showing `{text}`");
            let mut seen = self.seen.lock().unwrap();
            seen.screen.process(&buffer[..count]);
            if seen.screen.screen().contents().contains(text) {
                return;
            }
        }
    }

    /// The terminal goes away without a word. Only one that nobody else reads can.
    pub(crate) fn hang_up(&mut self) {
        assert!(self.unread.take().is_some());
        self.keys = None;
        self.master = None;
    }

    pub(crate) fn alternate(&self) -> bool {
        self.seen.lock().unwrap().screen.screen().alternate_screen()
    }

    pub(crate) fn cursor_visible(&self) -> bool {
        !self.seen.lock().unwrap().screen.screen().hide_cursor()
    }

    /// How the line is treated: echo, line editing, signals of keys.
    pub(crate) fn modes(&self) -> String {
        format!("{:?}", self.master.as_ref().unwrap().get_termios().unwrap())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
