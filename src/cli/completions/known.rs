//! What is completed beyond the words of the command line itself: names of this estate and of its incidents.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::StyledStr;
use clap::{Arg, Command, FromArgMatches};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use domain::drill::demo_estate;
use domain::estate::{Estate, parse};
use domain::people::Role;
use domain::untrusted::sanitise_line;

use crate::cli::args::Global;
use crate::cli::{help, incidents};
use crate::runtime::estate_file;
use crate::runtime::library::Library;
use crate::runtime::paths::Paths;
use crate::runtime::scenarios::Scenarios;

/// What an argument takes that only this estate, or this machine, knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Incident,
    Runbook,
    Scenario,
    Region,
    Person,
    Role,
    Audience,
    Channel,
    Backup,
    Test,
    Theme,
}

impl Thing {
    /// By the argument's name, or that of its value.
    fn of(command: &str, arg: &Arg) -> Option<Self> {
        let value = arg.get_value_names().and_then(|names| names.first()).map(clap::builder::Str::as_str);
        Some(match (command, arg.get_id().as_str(), value.unwrap_or_default()) {
            (_, "incident", _) => Self::Incident,
            (_, "runbook", _) => Self::Runbook,
            (_, _, "REGION") => Self::Region,
            ("drill", "scenario", _) => Self::Scenario,
            ("role", "role", _) => Self::Role,
            ("update", "audience", _) => Self::Audience,
            ("test", "channel", _) => Self::Channel,
            ("restored", "backup", _) => Self::Backup,
            ("tested", "test", _) => Self::Test,
            (_, "theme", _) => Self::Theme,
            (_, "actor" | "by" | "spoken_by" | "owner", _) | ("handoff", "to", _) => Self::Person,
            _ => return None,
        })
    }
}

/// Where candidates are looked for: the estate and the folders that the line names, as far as it is written.
#[derive(Clone, Debug)]
pub(super) struct Known {
    global: Option<Global>,
}

impl Known {
    /// By the words behind `--`, of which the last may be half a word.
    pub(super) fn by(words: &[OsString]) -> Self {
        let typed = words.iter().skip_while(|word| *word != "--").skip(1);
        let matches = help::command().ignore_errors(true).try_get_matches_from(typed).ok();
        Self { global: matches.and_then(|matches| Global::from_arg_matches(&matches).ok()) }
    }

    /// The command line, with candidates for whatever this machine knows.
    pub(super) fn offered_in(&self, command: Command) -> Command {
        let name = command.get_name().to_owned();
        let command = command.mut_args(|arg| match Thing::of(&name, &arg) {
            Some(thing) => {
                let known = self.clone();
                arg.add(ArgValueCandidates::new(move || known.candidates(thing)))
            }
            None => arg,
        });
        command.mut_subcommands(|below| self.offered_in(below))
    }

    fn candidates(&self, thing: Thing) -> Vec<CompletionCandidate> {
        let Some(global) = &self.global else { return Vec::new() };
        let paths = Paths::from_environment(global.state.as_deref());
        // As it is written, errors and all; nothing of it is kept.
        let file = estate_file::find(global.config.as_deref(), &paths);
        let text = file.as_deref().and_then(|file| estate_file::read(file).ok());
        let parsed = text.map(|text| parse(&text).estate);
        let beside = file.as_deref().and_then(Path::parent);
        let demo = demo_estate();
        let estate = parsed.as_ref().unwrap_or(&demo);
        match thing {
            Thing::Incident => incidents(global),
            Thing::Runbook => all(Library::new(estate, beside).names()),
            Thing::Scenario => all(Scenarios::new(estate, beside).names()),
            thing => all(of_estate(thing, estate)),
        }
    }
}

/// Names that stand in the estate's file, or that every estate has.
fn of_estate(thing: Thing, estate: &Estate) -> Vec<String> {
    match thing {
        Thing::Region => estate.regions.iter().map(|region| region.id.to_string()).collect(),
        Thing::Person => estate.people.iter().map(|person| person.name.to_string()).collect(),
        Thing::Audience => estate.audiences.iter().map(|audience| audience.id.to_string()).collect(),
        Thing::Channel => estate.notify.iter().map(|channel| channel.id.to_string()).collect(),
        Thing::Backup => estate.backups.iter().map(|backup| backup.id.to_string()).collect(),
        Thing::Test => estate.tests.iter().map(|test| test.name.to_string()).collect(),
        Thing::Role => Role::ALL.map(|role| role.name().to_owned()).into(),
        Thing::Theme => tui::theme::SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect(),
        Thing::Incident | Thing::Runbook | Thing::Scenario => Vec::new(),
    }
}

fn all(names: Vec<String>) -> Vec<CompletionCandidate> {
    names.into_iter().map(|name| CompletionCandidate::new(sanitise_line(&name))).collect()
}

/// By their labels, newest first, each with its title; and `last`.
fn incidents(global: &Global) -> Vec<CompletionCandidate> {
    let listed = incidents::all(global).unwrap_or_default();
    let named = listed.iter().enumerate().map(|(at, incident)| {
        let title = StyledStr::from(sanitise_line(&incident.title));
        CompletionCandidate::new(sanitise_line(&incident.label)).help(Some(title)).display_order(Some(at + 1))
    });
    let last = CompletionCandidate::new("last").help(Some("the newest".into())).display_order(Some(0));
    std::iter::once(last).chain(named).collect()
}
