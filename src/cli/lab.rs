//! `switchback lab`.

use std::path::Path;

use super::args::{Lab as Args, LabAct, LabPart};
use super::stdout::say;
use super::{Exit, Failure};
use crate::runtime::lab::{Lab, LabError, Part};

/// What was done, to what; `region` is the side that served.
fn broken(part: Part, region: &str) -> String {
    match part {
        Part::PrimaryDb => format!("the database of {region} is killed"),
        Part::Region => format!("everything in {region} is killed"),
        Part::Replication => format!("the standby receives nothing more from {region}"),
        Part::App => format!("the application of {region} is killed"),
    }
}

/// # Errors
/// What keeps the lab from doing it, with the remedy.
pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let dir = args.dir.unwrap_or_else(Lab::default_dir);
    match args.act {
        LabAct::Up => up(&dir, args.json),
        LabAct::Status => status(&Lab::load(&dir)?, args.json),
        LabAct::Break { what } => {
            let region = Lab::load(&dir)?.break_part(part(what))?;
            say(format_args!("{}", broken(part(what), region)));
            Ok(Exit::Yes)
        }
        LabAct::Heal { what } => {
            say(format_args!("{}", Lab::load(&dir)?.heal(part(what))?));
            Ok(Exit::Yes)
        }
        LabAct::Report => report(&Lab::load(&dir)?, args.json),
        LabAct::Down => {
            Lab::load(&dir)?.down()?;
            say(format_args!("nothing is left of the lab in {}", dir.display()));
            Ok(Exit::Yes)
        }
    }
}

fn up(dir: &Path, json: bool) -> Result<Exit, Failure> {
    let lab = Lab::up(dir, |doing| eprintln!("{doing}…"))?;
    if json {
        return print_json(&lab.status());
    }
    let dir = lab.dir.display();
    // As it was typed: the program need not be on the PATH.
    let program = std::env::args().next().unwrap_or_else(|| "switchback".to_owned());
    say(format_args!("The lab serves. Open the console on it, then break it from another terminal:\n"));
    say(format_args!("  {program} --config {dir}/switchback.toml"));
    say(format_args!("  {program} lab break region --dir {dir}\n"));
    say(format_args!("Afterwards `{program} lab report --dir {dir}` says what was truly lost, and `… down` ends it."));
    Ok(Exit::Yes)
}

fn status(lab: &Lab, json: bool) -> Result<Exit, Failure> {
    let status = lab.status();
    let whole = status.processes.iter().all(|process| process.running);
    if json {
        print_json(&status)?;
    } else {
        say(format_args!(
            "{}: accepts writes in {}; the edge passes on to {}",
            status.dir,
            or_nobody(status.primary),
            or_nobody(status.active.as_deref())
        ));
        for process in &status.processes {
            let (mark, word) = if process.running { ('✓', "running") } else { ('✗', "gone") };
            say(format_args!("  {mark} {:<14} {word} (pid {})", process.name, process.pid));
        }
    }
    Ok(if whole { Exit::Yes } else { Exit::No })
}

fn report(lab: &Lab, json: bool) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(lab.report())?;
    if json {
        print_json(&report)?;
    } else {
        say(format_args!("{report}"));
    }
    let met =
        report.rto.is_none_or(|rto| rto <= report.rto_target) && report.rpo.is_some_and(|rpo| rpo <= report.rpo_target);
    Ok(if met { Exit::Yes } else { Exit::No })
}

fn or_nobody(region: Option<&str>) -> &str {
    region.unwrap_or("no region")
}

fn print_json(value: &impl serde::Serialize) -> Result<Exit, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::new(Exit::No, error.to_string()))?;
    say(format_args!("{text}"));
    Ok(Exit::Yes)
}

const fn part(what: LabPart) -> Part {
    match what {
        LabPart::PrimaryDb => Part::PrimaryDb,
        LabPart::Region => Part::Region,
        LabPart::Replication => Part::Replication,
        LabPart::App => Part::App,
    }
}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Self {
        let exit = match error {
            LabError::NoLab(_) | LabError::Exists(_) => Exit::Refused,
            _ => Exit::No,
        };
        Self::new(exit, error.to_string())
    }
}
