//! `switchback status`: one reading of the estate, or a service that keeps readings for consoles opened later.

mod text;

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use domain::estate::Estate;
use domain::log::Kind;
use domain::reading::{BackupHealth, Board, Context, Health, Outcome, Sample, Source, Status};
use domain::time::human;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout_at};

use crate::runtime::clock;
use crate::runtime::paths::Paths;
use crate::runtime::probe::{Capability, Probe, Scheduler};
use crate::runtime::readings::{self, Recorder};

/// Between the looks that a first verdict takes.
const AGAIN: Duration = Duration::from_secs(1);
/// No first verdict takes longer than this.
const LONGEST: Duration = Duration::from_secs(30);
/// How often a watcher asks whether it may record, while another console does.
const TAKE_OVER: Duration = Duration::from_secs(30);
/// Samples on their way from the probes.
const QUEUE: usize = 256;

/// What is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusOptions {
    pub json: bool,
    pub read_only: bool,
}

/// What a status says in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Everything that is known is up, and everything critical is known.
    Well,
    /// Something is down, a backup failed, or two servers accept writes.
    Down,
    /// Nothing is known to be down, and something critical is not known.
    Unknown,
}

impl Answer {
    #[must_use]
    pub fn of(status: &Status) -> Self {
        let checks = || status.regions.iter().flat_map(|region| &region.checks);
        let down = checks().any(|check| check.status == Health::Down)
            || status.regions.iter().any(|region| region.status == Health::Down)
            || status.services.iter().any(|service| service.status == Health::Down)
            || status.replication.iter().any(|server| server.split_brain)
            || status.backups.iter().any(|backup| backup.status == BackupHealth::Failed);
        let dark = |health: Health| matches!(health, Health::Unknown | Health::Stale);
        if down {
            Self::Down
        } else if status.blind
            || checks().any(|check| check.critical && dark(check.status))
            || status.regions.iter().any(|region| dark(region.status))
        {
            Self::Unknown
        } else {
            Self::Well
        }
    }

    /// The exit code: 0 well, 1 down, 5 unknown.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::Down => 1,
            Self::Unknown => 5,
        }
    }
}

/// Looks until each check has a verdict, and writes the status to `out`. `notes` is told how long that may take.
///
/// # Errors
/// Output could not be written.
pub async fn once(
    estate: &Arc<Estate>,
    kind: Kind,
    paths: &Paths,
    options: StatusOptions,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> io::Result<Answer> {
    let limit = first_verdict_within(estate);
    if !options.json {
        writeln!(notes, "Looking; a first verdict takes {} at most.", human(limit))?;
    }
    let mut board = with_history(estate, paths);
    look_until_settled(&mut board, capability(options), Instant::now() + limit).await;
    let status = board.status(&Context::calm(kind), clock::now());
    write(&status, options, out)?;
    Ok(Answer::of(&status))
}

/// Watches until it is told to end (`SIGINT`, `SIGTERM`): writes the status when it begins and each change after, keeps
/// samples and `live.json`. Of several watchers and consoles one records; the others wait to take over.
///
/// # Errors
/// Output could not be written, or signals not be received.
pub async fn watch(
    estate: &Arc<Estate>,
    kind: Kind,
    paths: &Paths,
    options: StatusOptions,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let folder = paths.estate(&estate.name);
    let mut recorder = record(&folder, options, notes)?;
    let mut board = with_history(estate, paths);
    let (sender, mut samples) = mpsc::channel(QUEUE);
    let scheduler = Scheduler::start(estate, &sender, capability(options));
    let mut tick = interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut take_over = Instant::now() + TAKE_OVER;
    let begun = Instant::now();
    let (mut told, mut dirty) = (false, false);
    loop {
        tokio::select! {
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
            Some(sample) = samples.recv() => {
                let changes = board.observe(&sample);
                if let Some(recorder) = &recorder {
                    recorder.record(&sample);
                }
                hurry(&scheduler, &board, &sample);
                if told && !options.json {
                    for change in changes {
                        writeln!(out, "{}", text::change(&change))?;
                    }
                    out.flush()?;
                }
                dirty = true;
            }
            _ = tick.tick() => {
                if recorder.is_none() && !options.read_only && Instant::now() >= take_over {
                    recorder = Recorder::start(&folder)?;
                    take_over = Instant::now() + TAKE_OVER;
                }
                if !dirty {
                    continue;
                }
                dirty = false;
                let status = Arc::new(board.status(&Context::calm(kind), clock::now()));
                if let Some(recorder) = &recorder {
                    recorder.publish(&status);
                }
                // The first picture waits until there is one; JSON follows every second.
                if options.json || (!told && begun.elapsed() >= AGAIN) {
                    told = true;
                    write(&status, options, out)?;
                    out.flush()?;
                }
            }
        }
    }
}

fn record(folder: &std::path::Path, options: StatusOptions, notes: &mut dyn Write) -> io::Result<Option<Recorder>> {
    if options.read_only {
        return Ok(None);
    }
    let recorder = Recorder::start(folder)?;
    if recorder.is_none() {
        writeln!(notes, "Another console keeps the readings of this estate; this one takes over when it ends.")?;
    }
    Ok(recorder)
}

const fn capability(options: StatusOptions) -> Capability {
    if options.read_only { Capability::NetworkOnly } else { Capability::Full }
}

/// What is known from before: last positions, since when.
fn with_history(estate: &Arc<Estate>, paths: &Paths) -> Board {
    let mut board = Board::new(Arc::clone(estate));
    for sample in readings::load(&paths.estate(&estate.name)) {
        board.observe(&sample);
    }
    board
}

/// Looks sooner where the newest result contradicts the status.
fn hurry(scheduler: &Scheduler, board: &Board, sample: &Sample) {
    if let Source::Check(id) = &sample.source
        && let Some(check) = board.estate().check(id)
    {
        let next = board.next_interval(id);
        scheduler.hurry(id, (next < check.interval).then_some(next));
    }
}

/// The time that `fail_after` looks of the slowest check take, one of them after the other.
fn first_verdict_within(estate: &Estate) -> Duration {
    let checks = estate.checks.iter().map(|check| {
        let looks = check.fail_after.max(check.recover_after).max(1);
        check.timeout * looks + AGAIN * (looks - 1)
    });
    let backups = estate.backups.iter().map(|backup| backup.timeout);
    checks.chain(backups).max().unwrap_or_default().max(AGAIN).min(LONGEST)
}

async fn look_until_settled(board: &mut Board, capability: Capability, deadline: Instant) {
    let mut looks = JoinSet::new();
    for probe in Probe::all(board.estate(), capability) {
        looks.spawn(look_after(Duration::ZERO, Looked { probe, alike: 0, last: None }));
    }
    while let Ok(Some(Ok((looked, sample)))) = timeout_at(deadline, looks.join_next()).await {
        board.observe(&sample);
        let looked = looked.saw(&sample.outcome);
        if !looked.settled(board) {
            looks.spawn(look_after(AGAIN, looked));
        }
    }
}

async fn look_after(pause: Duration, looked: Looked) -> (Looked, Sample) {
    if !pause.is_zero() {
        sleep(pause).await;
    }
    let sample = looked.probe.look().await;
    (looked, sample)
}

/// A probe, and how often it has said the same in a row.
#[derive(Debug)]
struct Looked {
    probe: Probe,
    alike: u32,
    last: Option<std::mem::Discriminant<Outcome>>,
}

impl Looked {
    fn saw(mut self, outcome: &Outcome) -> Self {
        let now = Some(std::mem::discriminant(outcome));
        self.alike = if self.last == now { self.alike + 1 } else { 1 };
        self.last = now;
        self
    }

    fn settled(&self, board: &Board) -> bool {
        let Source::Check(id) = &self.probe.source else { return true };
        let Some(check) = board.estate().check(id) else { return true };
        let unknown = Outcome::Unknown { why: String::new() };
        let said_nothing = self.last == Some(std::mem::discriminant(&unknown));
        // A check that is looked at every second has no sooner interval to tell by.
        let contradicted = board.next_interval(id) < check.interval || check.interval <= AGAIN;
        said_nothing || !contradicted || self.alike >= check.fail_after.max(check.recover_after)
    }
}

fn write(status: &Status, options: StatusOptions, out: &mut dyn Write) -> io::Result<()> {
    if options.json {
        writeln!(out, "{}", serde_json::to_string(status)?)
    } else {
        write!(out, "{}", text::status(status))
    }
}
