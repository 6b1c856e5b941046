//! A child process from its start to the end of everything that descends from it.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::process::{ChildStderr, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, kill_process_group, wait};

use super::signals::Signals;
use super::tree::descendants;
use crate::runtime::clock::boottime;

/// After the child's own end, for what still writes: `tee` behind a process substitution, not a daemon it left.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Processes that cannot be ended (another user's, or stuck in the kernel) are given up after this.
const SWEEP: Duration = Duration::from_secs(5);
const SWEEP_AGAIN: Duration = Duration::from_millis(20);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) timeout: Duration,
    /// Between TERM and KILL.
    pub(crate) grace: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Stdout,
    Stderr,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended {
    Itself(WaitStatus),
    /// With how many processes could not be ended.
    TimedOut {
        left: usize,
    },
    Cancelled {
        left: usize,
    },
}

/// Runs `command` in a process group of its own, without input. When its time is over, or when it is cancelled, its
/// tree gets TERM, and KILL after the grace. After an end by itself, what it left running is left running.
/// `begun` is told which process it is.
///
/// # Errors
/// It could not be started.
pub(crate) fn run(
    mut command: Command,
    limits: Limits,
    signals: &Signals,
    begun: impl FnOnce(Pid),
    mut output: impl FnMut(Channel, &[u8]),
) -> io::Result<Ended> {
    use std::os::unix::process::CommandExt;
    let mut child =
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut watch = Watch {
        pid: Pid::from_child(&child),
        limits,
        signals,
        stdout: child.stdout.take(),
        stderr: child.stderr.take(),
        exit: None,
        cancelled: false,
        alone: false,
    };
    begun(watch.pid);
    let mut phase = Phase::Running { until: boottime() + limits.timeout };
    loop {
        watch.wait(phase.until(), &mut output);
        phase = match watch.next(phase) {
            Step::Go(phase) => phase,
            Step::End(ended) => return Ok(ended),
        };
    }
}

#[derive(Clone, Copy)]
enum Phase {
    Running { until: Duration },
    LastWords { until: Duration, exit: WaitStatus },
    Terminating { until: Duration, cancelled: bool },
}

impl Phase {
    const fn until(self) -> Duration {
        match self {
            Self::Running { until } | Self::LastWords { until, .. } | Self::Terminating { until, .. } => until,
        }
    }
}

enum Step {
    Go(Phase),
    End(Ended),
}

struct Watch<'a> {
    pid: Pid,
    limits: Limits,
    signals: &'a Signals,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    exit: Option<WaitStatus>,
    cancelled: bool,
    /// No process descends from us any more.
    alone: bool,
}

impl Watch<'_> {
    fn next(&mut self, phase: Phase) -> Step {
        let now = boottime();
        let over = now >= phase.until();
        match phase {
            Phase::Running { .. } => match self.exit {
                Some(exit) if self.closed() => Step::End(Ended::Itself(exit)),
                Some(exit) => Step::Go(Phase::LastWords { until: now + LAST_WORDS, exit }),
                None if over => Step::Go(self.terminate(false)),
                None if self.cancelled => Step::Go(self.terminate(true)),
                None => Step::Go(phase),
            },
            Phase::LastWords { exit, .. } if over || self.closed() => Step::End(Ended::Itself(exit)),
            Phase::Terminating { cancelled, .. } if over || self.alone => {
                let left = self.sweep();
                Step::End(if cancelled { Ended::Cancelled { left } } else { Ended::TimedOut { left } })
            }
            Phase::LastWords { .. } | Phase::Terminating { .. } => Step::Go(phase),
        }
    }

    fn closed(&self) -> bool {
        self.stdout.is_none() && self.stderr.is_none()
    }

    fn terminate(&self, cancelled: bool) -> Phase {
        let _ = kill_process_group(self.pid, Signal::TERM);
        // Those who left the group are asked too.
        for pid in descendants(rustix::process::getpid()) {
            let _ = kill_process(pid, Signal::TERM);
        }
        Phase::Terminating { until: boottime() + self.limits.grace, cancelled }
    }

    /// Kills until nothing descends from us: as the subreaper we inherit whatever tried to escape. Gives how many
    /// could not be ended.
    fn sweep(&mut self) -> usize {
        let until = boottime() + SWEEP;
        loop {
            self.reap();
            let left = descendants(rustix::process::getpid());
            if self.alone || boottime() >= until {
                return left.len();
            }
            for pid in left {
                let _ = kill_process(pid, Signal::KILL);
            }
            let _ =
                poll(&mut [PollFd::from_borrowed_fd(self.signals.child(), PollFlags::IN)], Some(&span(SWEEP_AGAIN)));
        }
    }

    fn reap(&mut self) {
        self.signals.forget_children();
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) if pid == self.pid => self.exit = Some(status),
                Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
                Ok(None) => return,
                Err(_) => {
                    self.alone = true;
                    return;
                }
            }
        }
    }

    /// Waits until something happens or `until` comes, passes output on, collects children.
    fn wait(&mut self, until: Duration, output: &mut impl FnMut(Channel, &[u8])) {
        let mut ready = [PollFlags::empty(); 2];
        let mut fds = vec![
            PollFd::from_borrowed_fd(self.signals.child(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.signals.cancel(), PollFlags::IN),
        ];
        let mut channels = Vec::with_capacity(2);
        if let Some(stdout) = &self.stdout {
            fds.push(PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::IN));
            channels.push(0);
        }
        if let Some(stderr) = &self.stderr {
            fds.push(PollFd::from_borrowed_fd(stderr.as_fd(), PollFlags::IN));
            channels.push(1);
        }
        let _ = poll(&mut fds, Some(&span(until.saturating_sub(boottime()))));
        for (fd, channel) in fds.iter().skip(2).zip(channels) {
            ready[channel] = fd.revents();
        }
        if !ready[0].is_empty() && !read(self.stdout.as_mut(), Channel::Stdout, output) {
            self.stdout = None;
        }
        if !ready[1].is_empty() && !read(self.stderr.as_mut(), Channel::Stderr, output) {
            self.stderr = None;
        }
        self.cancelled |= self.signals.cancelled();
        self.reap();
    }
}

/// Whether more may follow.
fn read(from: Option<&mut impl Read>, channel: Channel, output: &mut impl FnMut(Channel, &[u8])) -> bool {
    let mut piece = [0; 64 * 1024];
    match from.map(|from| from.read(&mut piece)) {
        Some(Ok(length @ 1..)) => {
            output(channel, &piece[..length]);
            true
        }
        Some(Err(error)) => error.kind() == io::ErrorKind::Interrupted,
        Some(Ok(0)) | None => false,
    }
}

fn span(duration: Duration) -> Timespec {
    Timespec::try_from(duration).unwrap_or(Timespec { tv_sec: i64::MAX, tv_nsec: 0 })
}
