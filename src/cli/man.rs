//! `switchback man`: manual pages, made of the command line as it is parsed.

use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man as Page;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::args::Man;
use super::help::{self, Example, GROUPS};
use super::stdout::print;
use super::{Exit, Failure};

const PROGRAM: &str = "switchback";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// # Errors
/// The folder or a page could not be written.
pub(super) fn run(asked: &Man) -> Result<Exit, Failure> {
    let command = built();
    let Some(dir) = &asked.dir else {
        print(|out| main_page(&command, out))?;
        return Ok(Exit::Yes);
    };
    let written = into_folder(&command, dir)
        .map_err(|error| Failure::new(Exit::No, format!("cannot write pages into {}: {error}", dir.display())))?;
    print(|out| writeln!(out, "{written} pages are in {}", dir.display()))?;
    Ok(Exit::Yes)
}

/// As it is told of, without the command that only prints what these pages say.
fn built() -> Command {
    let mut command = help::command().disable_help_subcommand(true);
    command.build();
    command
}

/// Pages are for everybody on the machine, unlike whatever else this program writes.
fn into_folder(command: &Command, dir: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(dir)?;
    let mut pages = vec![(file_name(command), rendered(|out| main_page(command, out))?)];
    below(command, &mut pages)?;
    for (name, page) in &pages {
        std::fs::write(dir.join(name), page)?;
    }
    Ok(pages.len())
}

fn below(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for known in command.get_subcommands().filter(|known| !known.is_hide_set()) {
        // Only commands of the first line have examples: `lab status` is not `status`.
        let examples = if command.get_name() == PROGRAM { help::examples(known.get_name()) } else { &[] };
        pages.push((file_name(known), rendered(|out| page_of(known, examples, out))?));
        below(known, pages)?;
    }
    Ok(())
}

fn rendered(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    write(&mut page)?;
    Ok(page)
}

fn page(command: &Command) -> Page {
    Page::new(command.clone())
}

fn file_name(command: &Command) -> String {
    page(command).get_filename()
}

/// The page of the program: its commands by their use, and what is true of all of them.
fn main_page(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    head(command, out)?;
    commands_by_use(command, out)?;
    page(command).render_options_section(out)?;
    tail(out)
}

fn commands_by_use(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    for group in GROUPS {
        roff.control("SS", [group.title]);
        for known in group.commands.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = known.get_about().map(ToString::to_string).unwrap_or_default();
            roff.control("TP", []);
            roff.text([bold(format!("{}(1)", display(known)))]).text([roman(about)]);
        }
    }
    roff.to_writer(out)
}

/// What is true of all commands.
fn tail(out: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::new();
    examples(&mut roff, help::examples(""));
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        roff.control("TP", []);
        roff.text([bold(exit.code().to_string())]).text([roman(exit.meaning())]);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, about) in ENVIRONMENT {
        roff.control("TP", []);
        roff.text([bold(*name)]).text([roman(*about)]);
    }
    roff.control("SH", ["FILES"]);
    for (name, about) in FILES {
        roff.control("TP", []);
        roff.text([italic(*name)]).text([roman(*about)]);
    }
    roff.to_writer(out)
}

fn page_of(command: &Command, known: &[Example], out: &mut dyn Write) -> io::Result<()> {
    head(command, out)?;
    page(command).render_options_section(out)?;
    let mut roff = Roff::new();
    let below: Vec<&Command> = command.get_subcommands().filter(|known| !known.is_hide_set()).collect();
    if !below.is_empty() {
        roff.control("SH", ["COMMANDS"]);
    }
    for known in below {
        let about = known.get_about().map(ToString::to_string).unwrap_or_default();
        roff.control("TP", []);
        roff.text([bold(format!("{}(1)", display(known)))]).text([roman(about)]);
    }
    examples(&mut roff, known);
    roff.control("SH", ["SEE ALSO"]);
    roff.text([bold("switchback"), roman("(1)")]);
    roff.to_writer(out)
}

/// Title, name, synopsis and description.
fn head(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let page = page(command);
    Roff::new().to_writer(out)?;
    // Without a date: a page says of which version it is, and is the same whenever it is made.
    writeln!(out, r#".TH "{}" 1 "" "switchback {VERSION}" "Switchback""#, display(command).to_uppercase())?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)
}

fn examples(roff: &mut Roff, examples: &[Example]) {
    if examples.is_empty() {
        return;
    }
    roff.control("SH", ["EXAMPLES"]);
    for Example { line, does } in examples {
        roff.control("TP", []);
        roff.text([Inline::Bold((*line).to_owned())]).text([roman(*does)]);
    }
}

fn display(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// What of the environment is heeded; the programs and libraries that are called heed theirs.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &[
    ("SWITCHBACK_CONFIG", "the estate's file, where --config does not name one"),
    ("SWITCHBACK_STATE", "where logs and readings are kept, where --state does not say"),
    ("SWITCHBACK_ACTOR", "who you are in the log, where --as does not say"),
    ("SWITCHBACK_SSH_KEY", "the SSH key that proves who you are, where --key does not name one"),
    ("NO_COLOR", "no colours, where --color does not say"),
    ("XDG_STATE_HOME, XDG_CONFIG_HOME", "where the folders of this program lie"),
    ("PGPASSFILE, PGSERVICEFILE and the other variables of libpq", "as every client of PostgreSQL heeds them"),
    ("AWS_PROFILE, AWS_ENDPOINT_URL and the other variables of the AWS SDK", "as every program of the SDK heeds them"),
    ("RUST_BACKTRACE", "1: a report of a fault of this program says where it was"),
];

/// What is read and written.
pub(super) const FILES: &[(&str, &str)] = &[
    ("./switchback.toml", "the estate of this folder"),
    ("~/.config/switchback/switchback.toml", "the estate of this user"),
    ("~/.local/state/switchback/incidents/", "one folder for each incident, with its log"),
    ("~/.local/state/switchback/estates/", "readings, and the last text of each estate that loaded"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_page_names_every_command_and_every_exit_code() {
        let command = built();
        let page = String::from_utf8(rendered(|out| main_page(&command, out)).unwrap()).unwrap();
        for known in command.get_subcommands() {
            let name = known.get_name();
            assert!(page.contains(&format!("switchback\\-{name}(1)")), "{name}: {page}");
        }
        for exit in Exit::ALL {
            assert!(page.contains(exit.meaning().split(':').next().unwrap()), "{exit:?}");
        }
    }

    #[test]
    fn every_command_has_a_page_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let written = into_folder(&built(), folder.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), written);
        for name in ["switchback.1", "switchback-run.1", "switchback-config-check.1", "switchback-task-add.1"] {
            assert!(folder.path().join(name).is_file(), "{name}");
        }
    }
}
