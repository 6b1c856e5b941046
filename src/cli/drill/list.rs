//! `drill --list`: the scenarios there are, and whether this estate has what they need.

use std::io::{self, Write};
use std::time::Duration;

use domain::diagnostic::Severity;
use domain::estate::Estate;
use domain::scenario::{names, parse};
use domain::time::{human, millis};
use domain::untrusted::sanitise_line;
use serde::Serialize;

use crate::cli::args::Global;
use crate::cli::setup::Setup;
use crate::cli::stdout::{print, print_json};
use crate::cli::typed::quoted;
use crate::cli::{Exit, Failure};
use crate::runtime::scenarios::Scenarios;

/// One scenario, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    title: String,
    summary: String,
    #[serde(rename = "lasts_ms", with = "millis")]
    lasts: Duration,
    injects: usize,
    /// From a folder of the estate; the others ship with the program.
    own: bool,
    /// It can be played here.
    fits: bool,
    /// What the estate lacks for it.
    lacks: Vec<Lack>,
    /// Why it cannot be read, or how many errors it has.
    wrong: Option<String>,
}

#[derive(Debug, Serialize)]
struct Lack {
    name: &'static str,
    why: String,
    remedy: String,
}

/// # Errors
/// No estate that could be read, or output could not be written.
pub(super) fn run(global: &Global, json: bool) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let rows = rows(&setup.estate, &Scenarios::new(&setup.estate, setup.beside.as_deref()));
    if json { print_json(&rows) } else { print(|out| tell(&rows, &setup.estate.name, out)) }?;
    Ok(Exit::Yes)
}

fn rows(estate: &Estate, scenarios: &Scenarios) -> Vec<Row> {
    scenarios.names().into_iter().map(|name| row(name, estate, scenarios)).collect()
}

fn row(name: String, estate: &Estate, scenarios: &Scenarios) -> Row {
    let own = scenarios.place(&name).is_some();
    let text = match scenarios.read(&name) {
        Ok(text) => text,
        Err(error) => {
            let wrong = Some(sanitise_line(&error.to_string()));
            let (title, summary, lasts) = (name.clone(), String::new(), Duration::ZERO);
            return Row { name, title, summary, lasts, injects: 0, own, fits: false, lacks: Vec::new(), wrong };
        }
    };
    let bound = names(estate, None, None);
    let parsed = parse(&text, &bound.values);
    let lacks: Vec<Lack> = bound
        .lacking(&text)
        .into_iter()
        .map(|lack| Lack { name: lack.name, why: lack.why.clone(), remedy: lack.remedy.clone() })
        .collect();
    let errors = parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    let place = scenarios.place(&name).map_or_else(|| name.clone(), |path| quoted(&path.display().to_string()));
    let wrong = match errors {
        0 => None,
        1 => Some(format!("it has an error: `switchback lint {place}` shows it")),
        many => Some(format!("it has {many} errors: `switchback lint {place}` shows them")),
    };
    let scenario = parsed.scenario;
    Row {
        title: if scenario.title.is_empty() { name.clone() } else { sanitise_line(&scenario.title) },
        summary: sanitise_line(&scenario.summary),
        lasts: scenario.lasts,
        injects: scenario.injects.len(),
        fits: lacks.is_empty() && wrong.is_none(),
        name: sanitise_line(&name),
        own,
        lacks,
        wrong,
    }
}

fn tell(rows: &[Row], estate: &str, out: &mut dyn Write) -> io::Result<()> {
    let wide = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
    for row in rows {
        let own = if row.own { ", of this estate" } else { "" };
        writeln!(out, "{:wide$}  {} (at most {}{own})", row.name, row.title, human(row.lasts))?;
        if !row.summary.is_empty() {
            writeln!(out, "{:wide$}  {}", "", row.summary)?;
        }
        for (at, lack) in row.lacks.iter().enumerate() {
            // Two names may lack the same thing: it is said once.
            if row.lacks[..at].iter().any(|said| (&said.why, &said.remedy) == (&lack.why, &lack.remedy)) {
                continue;
            }
            writeln!(out, "{:wide$}  not here: {}; {}", "", lack.why, lack.remedy)?;
        }
        if let Some(wrong) = &row.wrong {
            writeln!(out, "{:wide$}  not here: {wrong}", "")?;
        }
    }
    let fit = rows.iter().filter(|row| row.fits).count();
    let estate = sanitise_line(estate);
    writeln!(out, "\n{fit} of {} can be played on {estate}: `switchback drill NAME`, with --auto by itself", rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rows: &[Row]) -> String {
        let mut out = Vec::new();
        tell(rows, "x", &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_shipped_scenario_can_be_played_on_the_demonstration() {
        let rows = rows(&domain::drill::demo_estate(), &Scenarios::default());
        assert!(rows.len() >= 13 && rows.iter().all(|row| row.fits && !row.own), "{rows:#?}");
        let told = told(&rows);
        assert!(told.contains("Everything in us-east-1 goes dark at once."), "{told}");
    }

    #[test]
    fn what_an_estate_lacks_is_said_with_the_remedy() {
        let estate = domain::estate::parse("name = \"x\"\n[regions.a]\n[regions.b]\n[services.s]\n[databases.d.servers]\na = \"service=a\"\nb = \"service=b\"\n").estate;
        let rows = rows(&estate, &Scenarios::default());
        let cache = rows.iter().find(|row| row.name == "cache-failure").unwrap();
        assert!(!cache.fits && cache.lacks.iter().any(|lack| lack.name == "CACHE"));
        let told = told(&rows);
        assert!(told.contains("not here: no cache is watched in a; add [[checks]] with `type = \"redis\"`"), "{told}");
        assert_eq!(told.matches("no cache is watched in a;").count(), 1, "once for the scenario: {told}");
        let json = serde_json::to_value(&rows).unwrap();
        assert_eq!(json[0]["name"], "regional-outage");
        assert_eq!(json[0]["lasts_ms"], 45 * 60 * 1000);
    }

    #[test]
    fn an_own_scenario_with_errors_is_listed_with_the_way_to_see_them() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("zone.toml"), "titel = \"Zone\"\n").unwrap();
        let estate = Estate { scenarios: vec![dir.path().display().to_string()], ..Estate::default() };
        let rows = rows(&estate, &Scenarios::new(&estate, None));
        assert!(rows[0].own && !rows[0].fits);
        assert!(told(&rows).contains("it has 2 errors: `switchback lint "), "{}", told(&rows));
    }
}
