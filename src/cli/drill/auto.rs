//! `drill SCENARIO --auto`: an exercise that plays itself, for CI and cron.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use domain::drill::rehearsal::{Commander, Ink, Kit, Manner, Played, Rehearsal, Until, start_of};
use domain::drill::score::{Measure, Outcome, Score, score};
use domain::log::{Kind, StartEx};
use domain::objective::AtRisk;
use domain::reading::Verdict;
use domain::time::{Timestamp, millis};
use serde::Serialize;

use super::play::start_ex;
use super::runs;
use crate::cli::args::{Drill as Args, Global};
use crate::cli::setup::Setup;
use crate::cli::stdout::{print, print_json};
use crate::cli::typed::place;
use crate::cli::{Exit, Failure};
use crate::runtime::clock;
use crate::runtime::journal::{self, CreateError};
use crate::runtime::learned::learned;

/// Who writes the log.
const PROGRAM: &str = concat!("switchback ", env!("CARGO_PKG_VERSION"));

/// # Errors
/// No such scenario, one that does not fit the estate, or a log that cannot be stored.
pub(super) fn run(global: &Global, args: &Args, given: &str) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let start = StartEx { automatic: true, paper: false, ..start_ex(&setup, args, given)? };
    let mut kit = kit(&setup, start)?;
    if args.seed.is_none() {
        kit.start.seed = over_by(clock::now().wall, kit.scenario.lasts);
    }
    match args.runs {
        Some(many) => runs::run(&kit, many, args.json),
        None => once(&setup, kit, args.json),
    }
}

/// The seed of an exercise that is over at `now` at the latest: nothing in its log is yet to come.
fn over_by(now: Timestamp, lasts: Duration) -> u64 {
    now.checked_sub(lasts).unwrap_or(Timestamp::UNIX_EPOCH).as_millisecond().unsigned_abs()
}

/// Others may be played at the same time, and take its label before its log is there.
const LABELS: usize = 20;

fn once(setup: &Setup, mut kit: Kit, json: bool) -> Result<Exit, Failure> {
    let seed = kit.start.seed;
    let mut tries = 0;
    let played = loop {
        kit.start.label = journal::label_of(&setup.paths, kit.incident(seed), start_of(seed))?;
        let played = Rehearsal::new(&kit, seed, Ink::Log).play(Commander::new(Manner::Expected), Until::EndEx);
        tries += 1;
        match keep(setup, &played) {
            Ok(()) => break played,
            Err(CreateError::LabelTaken(_)) if tries < LABELS => {}
            Err(error) => return Err(Failure::new(Exit::No, format!("the log is not stored: {error}"))),
        }
    };
    let Some(score) = score(&played.state) else {
        return Err(Failure::new(Exit::No, "the exercise came to no score"));
    };
    if json {
        print_json(&Document::of(&played, &score))?;
    } else {
        print(|out| tell(out, setup, &played, &score))?;
    }
    Ok(if score.outcome == Outcome::Passed { Exit::Yes } else { Exit::No })
}

fn keep(setup: &Setup, played: &Played) -> Result<(), CreateError> {
    if setup.read_only {
        return Ok(());
    }
    journal::store(&setup.paths, &played.header, &played.log).map(drop)
}

fn tell(out: &mut dyn Write, setup: &Setup, played: &Played, score: &Score) -> std::io::Result<()> {
    writeln!(out, "EXERCISE {}: {} ({}), seed {}", score.label, score.title, score.scenario, score.seed)?;
    for line in score.lines() {
        writeln!(out, "{line}")?;
    }
    for wrong in &score.improvements {
        writeln!(out, "  {wrong}")?;
    }
    writeln!(out, "{}", score.headline())?;
    if setup.read_only {
        return writeln!(out, "Nothing was stored: --read-only");
    }
    // An exercise of an estate may have the same label as one of the demonstration.
    let name = if setup.file.is_some() { score.label.clone() } else { played.header.incident.to_string() };
    writeln!(out, "The report: switchback export {name}{} --format html -o report.html", place())
}

/// Everything that its course depends on: runbooks as the estate has them, durations as they were in life.
fn kit(setup: &Setup, start: StartEx) -> Result<Kit, Failure> {
    let mut kit = Kit::new(Arc::clone(&setup.estate), start, PROGRAM);
    let library = setup.library();
    // One that cannot be read is told of where it is needed.
    let read = |name: String| Some((name.clone(), library.read(&name).ok()?));
    kit.runbooks = library.names().into_iter().filter_map(read).collect();
    for walked in &kit.scenario.play.runbooks {
        if !kit.runbooks.contains_key(&walked.runbook) {
            let why = library.read(&walked.runbook).err().map(|error| error.to_string()).unwrap_or_default();
            let message = format!("the scenario walks `{}`: {why}", walked.runbook);
            return Err(Failure::new(Exit::Config, message));
        }
    }
    if setup.kind != Kind::Demo {
        kit.learned = learned(&setup.paths, Kind::Drill);
        kit.learned.0.extend(learned(&setup.paths, Kind::Live).0);
    }
    Ok(kit)
}

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    incident: String,
    label: &'a str,
    scenario: &'a str,
    seed: u64,
    outcome: Outcome,
    rto: Option<Against<'a>>,
    tiers: Vec<Against<'a>>,
    rpo: Vec<Lost<'a>>,
    score: &'a Score,
}

/// A measured time beside its target.
#[derive(Serialize)]
struct Against<'a> {
    name: &'a str,
    #[serde(rename = "measured_ms", with = "millis::option")]
    measured: Option<Duration>,
    #[serde(rename = "target_ms", with = "millis::option")]
    target: Option<Duration>,
    verdict: Verdict,
}

#[derive(Serialize)]
struct Lost<'a> {
    name: &'a str,
    lost: Option<&'a AtRisk>,
    #[serde(rename = "target_ms", with = "millis::option")]
    target: Option<Duration>,
    verdict: Verdict,
}

impl<'a> Document<'a> {
    fn of(played: &Played, score: &'a Score) -> Self {
        let against = |measure: &'a Measure| Against {
            name: &measure.name,
            measured: measure.span,
            target: measure.target,
            verdict: measure.verdict,
        };
        let lost = |measure: &'a Measure| Lost {
            name: measure.name.strip_prefix(RPO).unwrap_or(&measure.name).trim_start(),
            lost: measure.lost.as_ref(),
            target: measure.target,
            verdict: measure.verdict,
        };
        let measures = score.measures.iter();
        Self {
            incident: played.header.incident.to_string(),
            label: &score.label,
            scenario: &score.scenario,
            seed: score.seed,
            outcome: score.outcome,
            rto: measures.clone().find(|measure| measure.name == Score::RTO).map(against),
            tiers: measures.clone().filter(|measure| measure.name.starts_with(TIER)).map(against).collect(),
            rpo: measures.filter(|measure| measure.name.starts_with(RPO)).map(lost).collect(),
            score,
        }
    }
}

/// How measures of tiers and of losses are called.
const TIER: &str = "RTO tier";
const RPO: &str = "RPO";
