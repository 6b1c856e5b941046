//! The acts of an incident without the screen: declare, note, done, approve, close, adopt. For links too slow to draw
//! on, and for scripts. The same engine decides, the same log records.

mod signing;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use domain::drill::scenario_at;
use domain::engine::{Act, Command, Opening, Recorded, Refusal, Start, State, StepRun, decide, evolve, replay};
use domain::ident::{IncidentId, PersonId, RegionId, RunId, StepId};
use domain::log::{Draft, Header, Kind, LOG_VERSION, Mode, Sev};
use domain::people::Actor;
use domain::reading::{Board, Status};
use domain::time::{Now, Timestamp, another_day, instant};

use self::signing::Signing;
use super::args::{self, Global};
use super::incidents::find_to_act;
use super::setup::{self, Setup};
use super::stdout;
use super::{Exit, Failure};
use crate::runtime::journal::{self, AppendError, Journal};
use crate::runtime::paths::Paths;
use crate::runtime::{clock, readings};

/// A step that may be said to be done.
const OPEN: [Recorded; 3] = [Recorded::Nothing, Recorded::Failed, Recorded::Cancelled];

/// An incident, open for one act.
pub(super) struct Incident {
    pub(super) state: State,
    journal: Journal,
    kind: Kind,
    pub(super) actor: Actor,
    /// What is done is signed with it: the person's key vouches afterwards, and holds nothing up.
    signing: Option<Signing>,
}

impl Incident {
    pub(super) fn open(global: &Global, name: &str) -> Result<Self, Failure> {
        Self::at(global, &find_to_act(global, name)?)
    }

    fn at(global: &Global, dir: &Path) -> Result<Self, Failure> {
        may_append(global)?;
        let dir = if dir.is_file() { dir.parent().unwrap_or(dir) } else { dir };
        let (journal, entries, opened) = Journal::open(dir)?;
        if let Some(reason) = opened.read_only_reason {
            return Err(Failure::new(Exit::Refused, format!("the log cannot be written: {reason}")));
        }
        let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
        let kind = journal.header().kind;
        let mut incident = Self { state: replay(&entries), journal, kind, actor: setup::actor(global), signing: None };
        incident.sign(global);
        if let Some(repaired) = opened.repaired {
            incident.act(Command::RecordRepair { cut_bytes: repaired.cut_bytes, kept_as: repaired.kept_as })?;
        }
        Ok(incident)
    }

    /// Where its log lies.
    pub(super) fn dir(&self) -> &Path {
        self.journal.place().dir()
    }

    /// In an exercise that goes on in another console it is as late as it is there.
    pub(super) fn now(&self) -> Now {
        let machine = clock::now();
        Now { wall: scenario_at(&self.state, machine.wall).unwrap_or(machine.wall), ..machine }
    }

    pub(super) fn act(&mut self, command: Command) -> Result<(), Failure> {
        let actor = self.actor.clone();
        self.act_as(&actor, command)
    }

    /// Decides and appends; when another console was first, reads on and decides again.
    pub(super) fn act_as(&mut self, actor: &Actor, command: Command) -> Result<(), Failure> {
        let estate = self.state.incident.as_ref().map(|incident| Arc::clone(&incident.estate)).unwrap_or_default();
        // There are no readings here: what only readings can allow is refused.
        let board = Board::new(estate);
        let act = Act { actor: actor.clone(), command };
        loop {
            let now = self.now();
            let decision = decide(&self.state, &board, &act, now)?;
            let occurred_at = decision.occurred_at.unwrap_or(now.wall);
            let draft = |event| Draft { occurred_at, kind: self.kind, actor: act.actor.clone(), event };
            let drafts: Vec<_> = decision.events.into_iter().map(draft).collect();
            let (entries, done) = match self.journal.append_blocking(self.state.head, drafts) {
                Ok(entries) => (entries, true),
                Err(AppendError::Conflict { newer }) => (newer, false),
                Err(error) => return Err(Failure::new(Exit::Refused, format!("not recorded: {error}"))),
            };
            for entry in entries.into_iter().map(Arc::new) {
                evolve(&mut self.state, &entry);
            }
            if done {
                return Ok(());
            }
        }
    }

    /// The newest run whose step of this id or position is as it is `meant`, else the newest that has it: a runbook that
    /// a step opened may call its steps as that of the step does.
    fn run_with(&self, step: &str, meant: impl Fn(&StepRun) -> bool) -> Result<(RunId, StepId), Failure> {
        let id = StepId::from(step);
        let having = || self.state.runs.iter().rev().filter(|run| run.step(&id).is_some());
        let found = having().find(|run| run.ended_at.is_none() && meant(run.record(&id))).or_else(|| having().next());
        found.map(|run| (run.id, id)).ok_or_else(|| {
            let known = self.state.runs.iter().flat_map(|run| run.runbook.steps()).map(|step| step.id.as_str());
            let help = domain::diagnostic::did_you_mean(step, known).unwrap_or_default();
            Failure::new(
                Exit::Usage,
                format!("no run of this incident has a step `{step}`; {help}").trim_end_matches("; ").to_owned(),
            )
        })
    }

    /// Says where the log stands, and has the person's key vouch for what was done.
    pub(super) fn say(&mut self) {
        self.vouch();
        stdout::say(format_args!("{}  head {}", self.journal.header().label, self.state.head().short()));
    }
}

/// A slip here would stand in every sentence about the incident.
fn known_region(setup: &Setup, name: &str) -> Result<(), Failure> {
    let known = || setup.estate.regions.iter().map(|region| region.id.as_str());
    if known().any(|known| known == name) {
        return Ok(());
    }
    let help = domain::diagnostic::did_you_mean(name, known());
    let help = help.unwrap_or_else(|| format!("it has {}", known().collect::<Vec<_>>().join(", ")));
    let name = domain::untrusted::sanitise_line(name);
    Err(Failure::new(Exit::Usage, format!("{} has no region `{name}`: {help}", setup.estate.name)))
}

fn may_append(global: &Global) -> Result<(), Failure> {
    if global.read_only {
        return Err(Failure::new(Exit::Refused, "--read-only: nothing is appended"));
    }
    Ok(())
}

/// # Errors
/// No estate, or no log can be written.
pub(super) fn declare(global: &Global, args: args::Declare) -> Result<Exit, Failure> {
    may_append(global)?;
    let setup = Setup::of_estate(global)?;
    let now = clock::now().wall;
    let status = readings::live(&setup.paths.estate(&setup.estate.name));
    let (from, to) = sides(status.as_ref());
    let from = args.from.as_deref().map(RegionId::from).or(from);
    let to = args.to.as_deref().map(RegionId::from).or(to);
    for region in [&args.from, &args.to].into_iter().flatten() {
        known_region(&setup, region)?;
    }
    let impact_at = args.impact.as_deref().map(|text| time(text, now)).transpose()?.unwrap_or(now);
    let title = args
        .title
        .unwrap_or_else(|| from.as_ref().map_or_else(|| "Incident".to_owned(), |from| format!("{from} fails")));
    let (journal, incident) = create(&setup.paths, setup.kind)?;
    let label = journal.header().label.clone();
    let actor = setup.actor.clone();
    let mut opened =
        Incident { state: State::default(), journal, kind: setup.kind, actor, signing: Signing::of(setup.prover()) };
    opened.sign_journal();
    opened.act(Command::Open(Box::new(Opening {
        incident,
        label,
        kind: setup.kind,
        severity: Sev(args.severity),
        title,
        impact_at,
        impact_basis: "as declared".to_owned(),
        from: from.clone(),
        to: to.clone(),
        estate: Arc::from(setup.estate.source.as_str()),
    })))?;
    opened.act(Command::take_command(&opened.actor.name))?;
    if let Some(name) = args.runbook {
        let runbook = setup.library().read(&name).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
        let (run, mode) = (RunId(ulid::Ulid::generate()), mode(args.mode));
        let start = Start { run, runbook, runbook_name: name, mode, from, to, values: BTreeMap::new(), parent: None };
        opened.act(Command::StartRun(Box::new(start)))?;
    }
    opened.say();
    Ok(Exit::Yes)
}

/// # Errors
/// As every act: there is no such incident, it is refused, or the log cannot be written.
pub(super) fn note(global: &Global, args: args::Note) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    let now = incident.now().wall;
    let occurred_at = args.at.as_deref().map(|text| time(text, now)).transpose()?;
    incident.act(Command::Note { text: args.text, run: None, step: None, occurred_at })?;
    incident.say();
    Ok(Exit::Yes)
}

/// # Errors
/// As every act.
pub(super) fn done(global: &Global, args: args::Done) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    let (run, step) = incident.run_with(&args.step, |record| OPEN.contains(&record.recorded))?;
    incident.act(Command::DoneByHand { run, step, evidence: args.evidence })?;
    incident.say();
    Ok(Exit::Yes)
}

/// Says what became of a step that nobody can know of by itself.
///
/// # Errors
/// As every act; and when its outcome is known, or there is no evidence.
pub(super) fn settle(global: &Global, args: args::Settle) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    let (run, step) = incident.run_with(&args.step, |record| record.recorded == Recorded::Unknown)?;
    let succeeded = args.took_effect.is_some();
    let evidence = args.took_effect.or(args.no_effect).unwrap_or_default();
    incident.act(Command::Settle { run, step, succeeded, evidence })?;
    incident.say();
    Ok(Exit::Yes)
}

/// Approves, or declines, exactly the text that was asked about.
///
/// # Errors
/// As every act; and when nothing was asked.
pub(super) fn approve(global: &Global, args: args::Approve) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    let (run, step) =
        incident.run_with(&args.step, |record| record.approval.as_ref().is_some_and(|asked| asked.given.is_none()))?;
    let asked = incident.state.run(run).and_then(|run| run.record(&step).approval.clone());
    let asked = asked.ok_or_else(|| Failure::new(Exit::Refused, format!("no approval of `{step}` was asked for")))?;
    stdout::say(format_args!("{step} runs:\n\n{}\n", domain::untrusted::sanitise(asked.text.trim())));
    let spoken = args.spoken_by.is_some();
    let by = args.spoken_by.map_or_else(|| incident.actor.name.clone(), PersonId::new);
    let digest = asked.digest;
    incident.act(match args.decline {
        Some(reason) => Command::Decline { run, step, digest, by, reason },
        None => Command::Approve { run, step, digest, by, spoken },
    })?;
    incident.say();
    Ok(Exit::Yes)
}

/// # Errors
/// As every act; and while something runs, is unknown, or the old side is neither a standby again nor fenced.
pub(super) fn close(global: &Global, args: args::Close) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    incident.act(Command::Close { reason: args.reason })?;
    incident.say();
    Ok(Exit::Yes)
}

/// # Errors
/// When the copy cannot be read, or this machine has the incident already.
pub(super) fn adopt(global: &Global, args: &args::Adopt) -> Result<Exit, Failure> {
    may_append(global)?;
    let paths = Paths::from_environment(global.state.as_deref());
    let adopted = journal::adopt(&args.log, &paths).map_err(|error| Failure::new(Exit::No, error.to_string()))?;
    let mut incident = Incident::at(global, adopted.place.dir())?;
    let (head, seq) = (incident.state.head(), incident.state.entries.last().map_or(0, |entry| entry.seq));
    incident.act(Command::RecordAdoption { from: args.log.display().to_string(), head, seq })?;
    incident.say();
    Ok(Exit::Yes)
}

fn create(paths: &Paths, kind: Kind) -> Result<(Journal, IncidentId), Failure> {
    let now = clock::now().wall;
    let incident = IncidentId(ulid::Ulid::generate());
    let header = Header {
        version: LOG_VERSION,
        incident,
        label: journal::next_label(paths, kind, now)?,
        kind,
        created_at: now,
        created_by: format!("switchback {}", env!("CARGO_PKG_VERSION")),
    };
    let journal = Journal::create(paths, header).map_err(|error| Failure::new(Exit::Refused, error.to_string()))?;
    Ok((journal, incident))
}

/// The side seen serving and the best candidate, from the newest status that a console or `status --watch` left.
fn sides(status: Option<&Status>) -> (Option<RegionId>, Option<RegionId>) {
    let Some(status) = status else { return (None, None) };
    let serving = status.regions.iter().find(|region| region.serving == Some(true)).map(|region| region.name.clone());
    let candidate = status.regions.iter().find(|region| region.candidate == Some(1)).map(|region| region.name.clone());
    (status.recommendation.from.clone().or(serving), status.recommendation.to.clone().or(candidate))
}

pub(super) const fn mode(mode: args::Mode) -> Mode {
    match mode {
        args::Mode::Planned => Mode::Planned,
        args::Mode::Forced => Mode::Forced,
    }
}

/// Values of variables, as `--set` gives them.
///
/// # Errors
/// One that is not written `NAME=VALUE`.
pub(super) fn values(set: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let value = |text: &String| {
        let wrong = || Failure::new(Exit::Usage, format!("--set {text}: write NAME=VALUE"));
        pair(text).map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(wrong)
    };
    set.iter().map(value).collect()
}

/// A pair of which the first part says something.
pub(super) fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty()).then_some((name, value))
}

pub(super) fn time(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let at = instant(text, now).map_err(|why| Failure::new(Exit::Usage, why))?;
    if let Some(taken) = another_day(text, at, now) {
        eprintln!("switchback: {taken}");
    }
    Ok(at)
}

impl From<journal::AppendError> for Failure {
    fn from(error: journal::AppendError) -> Self {
        Self::new(Exit::Refused, error.to_string())
    }
}

impl From<&Refusal> for Failure {
    fn from(refusal: &Refusal) -> Self {
        Self::new(Exit::Refused, refusal.message.clone())
    }
}
