//! A program in a terminal of its own, with the moment at which each piece of its output arrived.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The end of a frame: synchronized output (mode 2026) is over.
pub(crate) const FRAME: &str = "\x1b[?2026l";
pub(crate) const COMMON: (u16, u16) = (120, 36);

/// Whoever waits longer than this waits for ever.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    /// When it was asked to start.
    pub(crate) started: Instant,
}

impl Pty {
    /// Starts `argv` in a terminal of `size` columns and rows; `None` when there is no such program.
    pub(crate) fn start(argv: &[&str], env: &[(&str, &str)], (cols, rows): (u16, u16)) -> Option<Self> {
        let mut command = CommandBuilder::from_argv(argv.iter().map(Into::into).collect());
        command.env("TERM", "xterm-256color");
        for (name, value) in env {
            command.env(name, value);
        }
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (send, output) = channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if send.send((Instant::now(), buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).ok()?;
        Some(Self { child, _master: pair.master, keys, output, started })
    }

    /// This program, on `arguments`, keeping its state in `state`.
    pub(crate) fn switchback(arguments: &[&str], state: &str, size: (u16, u16)) -> Self {
        let argv: Vec<&str> = [&[env!("CARGO_BIN_EXE_switchback")], arguments].concat();
        let env = [("SWITCHBACK_STATE", state), ("COLORTERM", "truecolor"), ("SWITCHBACK_CONFIG", "")];
        Self::start(&argv, &env, size).unwrap()
    }

    /// When `marker` had arrived whole. An empty one has with anything.
    pub(crate) fn until(&self, marker: &str) -> Instant {
        self.until_after("", marker)
    }

    /// When `marker` had arrived whole, somewhere after `first`.
    pub(crate) fn until_after(&self, first: &str, marker: &str) -> Instant {
        let mut seen = Vec::new();
        loop {
            let (at, bytes) = self.output.recv_timeout(PATIENCE).unwrap_or_else(|error| {
                panic!("no {marker:?} after {:?}: {error}", String::from_utf8_lossy(&seen));
            });
            seen.extend(bytes);
            let text = String::from_utf8_lossy(&seen);
            if text.split_once(first).is_some_and(|(_, after)| after.contains(marker)) {
                return at;
            }
        }
    }

    /// When it was pressed.
    pub(crate) fn press(&mut self, key: &str) -> Instant {
        let at = Instant::now();
        self.keys.write_all(key.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        at
    }

    /// How many bytes it has written since they were last asked for.
    pub(crate) fn written(&self) -> usize {
        self.output.try_iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// Returns when it has written nothing for `span`.
    pub(crate) fn settle(&self, span: Duration) {
        while self.output.recv_timeout(span).is_ok() {}
    }

    /// Lets it write for `span`.
    pub(crate) fn settle_for(&self, span: Duration) {
        let end = Instant::now() + span;
        while self.output.recv_timeout(end.saturating_duration_since(Instant::now())).is_ok() {}
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The processor time of all its threads since it began, to the hundredth of a second.
    pub(crate) fn cpu(&self) -> Duration {
        super::process::cpu(self.id())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
