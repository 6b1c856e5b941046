//! `switchback status`: one reading of the estate, or a service that keeps readings for consoles opened later.

mod alerts;
mod look;
mod metrics;
mod text;
mod watch;

use std::io::{self, Write};
use std::sync::Arc;

use domain::estate::Estate;
use domain::log::Kind;
use domain::reading::{BackupHealth, Board, Health, Status};
use domain::time::human;
use tokio::time::Instant;

use crate::runtime::past::PastReader;
use crate::runtime::paths::Paths;
use crate::runtime::probe::Capability;
use crate::runtime::readiness::Looker;
use crate::runtime::readings;

use self::alerts::Watched;
pub use metrics::MetricsPage;
pub(super) use text::alert_line;
pub use watch::watch;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct StatusOptions {
    pub form: Form,
    pub read_only: bool,
    /// Who looks at what the readiness rests on, while it is watched; none where nobody does.
    pub looker: Option<Looker>,
}

/// How a status is written.
#[derive(Clone, Debug, Default)]
pub enum Form {
    /// Sentences.
    #[default]
    Text,
    /// One document on a line.
    Json,
    /// The text format of Prometheus.
    Metrics(MetricsPage),
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
        let checks = || status.every_check();
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
    options: &StatusOptions,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> io::Result<Answer> {
    if matches!(options.form, Form::Text) {
        writeln!(notes, "{}", looking(estate))?;
    }
    let begun = Instant::now();
    let board = first_verdict(estate, kind, paths, options.read_only).await;
    let status = Watched::new(estate, kind, paths, None).status(&board, None);
    match &options.form {
        Form::Text => write!(out, "{}", text::status(&status)),
        Form::Json => json(&status, out),
        Form::Metrics(page) => page.write(estate, &status, Some(begun.elapsed()), out),
    }?;
    Ok(Answer::of(&status))
}

/// What is said before the first verdict.
pub(super) fn looking(estate: &Estate) -> String {
    format!("Looking; a first verdict takes {} at most.", human(look::first_verdict_within(estate)))
}

/// Looks until each check has a verdict; what is known from before counts.
pub(super) async fn first_verdict(estate: &Arc<Estate>, kind: Kind, paths: &Paths, read_only: bool) -> Board {
    let deadline = Instant::now() + look::first_verdict_within(estate);
    let mut board = with_history(estate, paths);
    board.remember(Arc::new(PastReader::new(paths.clone(), &estate.name, kind).read()));
    let options = StatusOptions { read_only, ..StatusOptions::default() };
    look::look_until_settled(&mut board, capability(&options), deadline).await;
    board
}

/// One reading, as it is told.
pub(super) async fn read(estate: &Arc<Estate>, kind: Kind, paths: &Paths, read_only: bool) -> Status {
    let board = first_verdict(estate, kind, paths, read_only).await;
    Watched::new(estate, kind, paths, None).status(&board, None)
}

const fn capability(options: &StatusOptions) -> Capability {
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

fn json(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", serde_json::to_string(status)?)
}
