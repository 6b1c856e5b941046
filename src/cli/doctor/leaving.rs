//! `doctor --leaving REGION`: a table of what the console needs, and what of it lives there.

use domain::diagnostic::did_you_mean;
use domain::ident::RegionId;
use domain::log::Kind;
use domain::readiness::{Fate, Need, leaving};
use domain::untrusted::sanitise_line;
use serde::Serialize;

use super::wait;
use crate::cli::args::Global;
use crate::cli::setup::Setup;
use crate::cli::stdout::{print, print_json};
use crate::cli::{Exit, Failure};
use crate::runtime::readiness::surroundings;

#[derive(Debug, Serialize)]
struct Answer<'a> {
    leaving: &'a RegionId,
    /// Nothing that is needed goes.
    ready: bool,
    needs: &'a [Need],
}

pub(super) fn run(global: &Global, region: &str, json: bool) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    if setup.kind == Kind::Demo {
        let message = "there is no estate to look at: `switchback config init` writes one";
        return Err(Failure::new(Exit::Config, message));
    }
    let region = RegionId::new(region);
    if setup.estate.region(&region).is_none() {
        let known = || setup.estate.regions.iter().map(|region| region.id.as_str());
        let help = did_you_mean(region.as_str(), known())
            .unwrap_or_else(|| format!("it has {}", known().collect::<Vec<_>>().join(", ")));
        let message = format!("{} has no region `{region}`: {help}", setup.estate.name);
        return Err(Failure::new(Exit::Usage, sanitise_line(&message)));
    }
    let around = wait(surroundings(&setup.looker()))?;
    let needs = leaving(&setup.estate, &around, &region);
    let ready = !needs.iter().any(|need| need.needed && need.fate == Fate::Goes);
    if json {
        print_json(&Answer { leaving: &region, ready, needs: &needs })?;
    } else {
        print(|out| write!(out, "{}", text(&region, &needs)))?;
    }
    Ok(if ready { Exit::Yes } else { Exit::No })
}

fn text(region: &RegionId, needs: &[Need]) -> String {
    let goes = needs.iter().filter(|need| need.needed && need.fate == Fate::Goes).count();
    let unknown = needs.iter().filter(|need| need.needed && need.fate == Fate::Unknown).count();
    let mut text = match goes {
        0 => format!("Leaving {region}: nothing that this console needs is known to go with it"),
        1 => format!("Leaving {region}: 1 thing that this console needs goes with it"),
        goes => format!("Leaving {region}: {goes} things that this console needs go with it"),
    };
    if unknown > 0 {
        text.push_str(&format!("; of {unknown} it is not known"));
    }
    text.push_str(".\n\n");
    let wide = |cell: &dyn Fn(&Need) -> usize| needs.iter().map(cell).max().unwrap_or(0);
    let whats = wide(&|need| need.what.chars().count());
    for need in needs {
        let place = need.lives_in.as_ref().map_or("-", RegionId::as_str);
        let word = if need.needed && need.fate == Fate::Goes { "GOES" } else { need.fate.word() };
        let needed = if need.needed { "needed" } else { "" };
        let mut line =
            format!("{word:<8} {:<whats$} {needed:<7} {place:<12} {}: {}", need.what, need.name, need.because);
        if let Some(remedy) = &need.remedy {
            line.push_str(&format!(" -> {remedy}"));
        }
        text.push_str(&sanitise_line(&line));
        text.push('\n');
    }
    text
}
