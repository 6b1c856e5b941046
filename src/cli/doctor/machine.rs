//! `doctor`: what of this machine the console rests on.

use std::fmt::Write;
use std::path::Path;

use domain::log::Kind;
use domain::readiness::{Readiness, Seen, Verdict};
use domain::report::size;
use domain::untrusted::sanitise_line;
use serde::Serialize;

use super::finding::Finding;
use super::terminal::{Terminal, synchronized, terminal};
use super::{files, kernel, tools, wait};
use crate::cli::args::Global;
use crate::cli::looks::looks;
use crate::cli::settings::Settings;
use crate::cli::setup::Setup;
use crate::cli::stdout::{print, print_json};
use crate::cli::{Exit, Failure};
use crate::runtime::paths::Paths;
use crate::runtime::readiness::{room, whether_processes_stay};

/// Smaller screens are drawn, and do not show everything.
const SMALLEST: (u16, u16) = (80, 24);

#[derive(Debug, Serialize)]
struct Answer<'a> {
    version: &'static str,
    ready: bool,
    findings: &'a [Finding],
}

pub(super) fn run(global: &Global, json: bool) -> Result<Exit, Failure> {
    let mut found = vec![Finding::new("switchback", Verdict::Ready, env!("CARGO_PKG_VERSION"))];
    let terminal = terminal();
    found.extend(screen(terminal.as_ref(), json));
    let paths = Paths::from_environment(global.state.as_deref());
    found.extend(theme(global, &paths, terminal.as_ref()));
    found.push(folder(&paths.state));
    found.extend(files::private(&paths));
    found.extend(processes());
    found.extend([kernel::clock(), kernel::wall()]);
    match Setup::of_estate(global) {
        Ok(setup) => found.extend(estate(&setup)?),
        Err(failure) => {
            let why = failure.message.lines().next().unwrap_or_default().to_owned();
            let mend = "`switchback config check` says what, where and how to mend it";
            found.push(Finding::new("estate", Verdict::Failing, why).remedy(mend));
        }
    }
    found.sort_by_key(|finding| finding.verdict);
    let ready = !found.iter().any(|finding| finding.verdict.bad());
    if json {
        print_json(&Answer { version: env!("CARGO_PKG_VERSION"), ready, findings: &found })?;
    } else {
        print(|out| write!(out, "{}", text(&found)))?;
    }
    Ok(if ready { Exit::Yes } else { Exit::No })
}

/// Where output is no terminal, nothing is said of one.
fn screen(terminal: Option<&Terminal>, json: bool) -> Vec<Finding> {
    let Some(terminal) = terminal.filter(|_| !json) else {
        return vec![Finding::new(
            "terminal",
            Verdict::Unknown,
            "standard output is none: run it in the terminal itself",
        )];
    };
    let mut found = Vec::new();
    found.push(match terminal.size {
        Some((columns, rows)) if columns < SMALLEST.0 || rows < SMALLEST.1 => {
            Finding::new("terminal size", Verdict::NeedsVerification, format!("{columns}x{rows}"))
                .remedy("make it 80x24 at least; the bridge is drawn for 120x36")
        }
        Some((columns, rows)) => Finding::new("terminal size", Verdict::Ready, format!("{columns}x{rows}")),
        None => Finding::new("terminal size", Verdict::Unknown, "the terminal does not tell"),
    });
    let colours = Finding::new("colours", Verdict::Ready, terminal.colours());
    found.push(match terminal.more_colours() {
        Some(remedy) => colours.remedy(remedy),
        None => colours,
    });
    found.push(match terminal.unicode {
        _ if terminal.plain => {
            let because = "this terminal, or its locale, has none of the usual signs";
            Finding::new("unicode", Verdict::NeedsVerification, because).remedy("--symbols ascii")
        }
        true => Finding::new("unicode", Verdict::Ready, "the locale is UTF-8"),
        false => Finding::new("unicode", Verdict::NeedsVerification, "the locale is not UTF-8")
            .remedy("set LANG to a UTF-8 locale, or use --symbols ascii"),
    });
    found.push(match synchronized() {
        Some(true) => Finding::new("synchronized output", Verdict::Ready, "the terminal says that it has it"),
        Some(false) => Finding::new("synchronized output", Verdict::Ready, "the terminal has none: frames may flicker"),
        None => Finding::new("synchronized output", Verdict::Unknown, "the terminal does not answer the question"),
    });
    found
}

/// The one that is asked for, what becomes of it here, and those of this person's that cannot be used.
fn theme(global: &Global, paths: &Paths, terminal: Option<&Terminal>) -> Vec<Finding> {
    let mut settings = Settings::of(paths);
    let looks = match looks(global, &mut settings, paths) {
        Ok(looks) => looks,
        Err(failure) => return vec![Finding::new("theme", Verdict::Failing, failure.message)],
    };
    let becomes = terminal.map_or_else(String::new, |terminal| format!(": {}", terminal.depth.becomes()));
    let mut found = vec![Finding::new("theme", Verdict::Ready, format!("{}{becomes}", looks.kept()))];
    found.extend(settings.banner().map(|wrong| {
        let finding = Finding::new("console.toml", Verdict::NeedsVerification, wrong);
        finding.remedy("mend it: the rest counts meanwhile")
    }));
    found.extend(looks.unusable().map(|(name, why)| {
        let finding = Finding::new(&format!("theme {name}"), Verdict::NeedsVerification, why.to_string());
        finding.remedy("mend it, or remove the file: until then it cannot be chosen")
    }));
    found
}

fn folder(state: &Path) -> Finding {
    let room = room("logs and readings", state);
    let free = room.free_bytes.map_or_else(|| "room unknown".to_owned(), |free| format!("{} free", size(free)));
    match room.trouble {
        Some(why) => Finding::new("state folder", Verdict::Failing, format!("{}: {why}", room.path))
            .remedy("name another with --state: without a log nothing executes"),
        None => Finding::new("state folder", Verdict::Ready, format!("{}, {free}", room.path)),
    }
}

/// Whoever logs out takes their processes along, where logind says so.
fn processes() -> Vec<Finding> {
    match whether_processes_stay() {
        Some(false) => vec![
            Finding::new("log out", Verdict::NeedsVerification, "logind ends what a user runs when they log out")
                .remedy("`loginctl enable-linger`: else a step that runs is killed when the connection is lost"),
        ],
        Some(true) | None => Vec::new(),
    }
}

fn estate(setup: &Setup) -> Result<Vec<Finding>, Failure> {
    if setup.kind == Kind::Demo {
        let none = "none in reach: the console opens the demonstration";
        return Ok(vec![
            Finding::new("estate", Verdict::NeedsVerification, none).remedy("`switchback config init` writes a file"),
        ]);
    }
    let looker = setup.looker();
    let looked = wait(looker.look())?;
    let report = looked.evaluate(None, None, crate::runtime::clock::now().wall);
    let mut found: Vec<Finding> = setup.file.iter().map(|path| files::estate(path)).collect();
    found.extend(of_report(&report));
    found.extend(tools::of_runbooks(&looked)?);
    found.extend(tools::of_estate(&setup.estate, &looked)?);
    found.extend(network(setup)?);
    Ok(found)
}

/// What of the readiness is about this machine.
fn of_report(report: &Readiness) -> Vec<Finding> {
    use domain::readiness::Area;
    let about = |area: Area| matches!(area, Area::Estate | Area::Credential | Area::Clock);
    let rows = report.rows.iter().filter(|row| about(row.area));
    let finding = |row: &domain::readiness::Row| Finding {
        what: format!("{} {}", row.area.word(), row.name),
        verdict: row.verdict,
        because: row.reasons.join("; "),
        remedy: row.remedy.clone(),
    };
    rows.map(finding).collect()
}

fn network(setup: &Setup) -> Result<Vec<Finding>, Failure> {
    let Some(address) = &setup.estate.console.connectivity else {
        let none = "no [console] connectivity: a cut of this machine's own network looks like an outage";
        let finding = Finding::new("own network", Verdict::NeedsVerification, none);
        return Ok(vec![finding.remedy("name an address outside of every region")]);
    };
    Ok(vec![match wait(crate::runtime::readiness::reaches(&setup.estate))? {
        Seen::Answer(()) => Finding::new("own network", Verdict::Ready, format!("{address} answers")),
        Seen::Refused(why) | Seen::Silent(why) => {
            Finding::new("own network", Verdict::Failing, format!("{address}: {why}"))
                .remedy("see to this machine's network: while it fails, nothing that fails is believed")
        }
    }])
}

fn text(found: &[Finding]) -> String {
    let wide = found.iter().map(|finding| finding.what.chars().count()).max().unwrap_or(0).min(40);
    let mut text = String::new();
    for finding in found {
        let word = match finding.verdict {
            Verdict::Ready => "ok",
            Verdict::NeedsVerification | Verdict::Due => "look",
            Verdict::Unknown => "unknown",
            Verdict::Failing | Verdict::Overdue => "FAILING",
        };
        let mut line = format!("{word:<8} {:<wide$}  {}", finding.what, finding.because);
        if let Some(remedy) = &finding.remedy {
            let _ = write!(line, " -> {remedy}");
        }
        text.push_str(&sanitise_line(&line));
        text.push('\n');
    }
    text
}
