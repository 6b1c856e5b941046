//! `switchback config`: a file to begin with, where the file is, whether it is right, its schema.

mod init;

use std::io::Write;
use std::path::Path;

use domain::estate::{DEFAULT, Parsed, json_schema, parse, unknown_runbooks};

pub use self::init::Init;
use super::diagnostics;
use super::looks;
use super::settings::Settings;
use crate::runtime::estate_file::{FILE_NAME, find, read};
use crate::runtime::library::Library;
use crate::runtime::paths::Paths;

/// What is asked about the configuration.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum ConfigCommand {
    /// Print a commented file with every key
    PrintDefault,
    /// Print the keys of the console as a commented console.toml
    Keys,
    /// Print where the file is
    Path,
    /// Report every error, with its place, cause and remedy
    Check,
    /// Print a JSON schema for editors
    Schema,
    /// Write switchback.toml from a few answers and what is found here
    ///
    /// Looks at the files of kubectl, AWS, PostgreSQL (pg_service.conf), Gatus and Prometheus, proposes what they tell, and
    /// writes a commented file that says where each value comes from. Passwords, tokens and keys are never copied.
    Init(Init),
}

/// Where output goes, and how it looks.
pub struct Output<'o> {
    pub out: &'o mut dyn Write,
    pub err: &'o mut dyn Write,
    /// Whether `err` shows colours.
    pub colour: bool,
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("colour", &self.colour).finish_non_exhaustive()
    }
}

/// Exit codes of this command: the public ones of every command.
const DONE: u8 = 0;
const NO: u8 = 1;
const USAGE: u8 = 2;
const WRONG: u8 = 3;

/// Who asks, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Here<'h> {
    /// What `--config` said.
    pub config: Option<&'h Path>,
    pub paths: &'h Paths,
    pub actor: &'h str,
}

/// Carries `command` out. The exit code: 0; 1 where there is no file, or none is written; 2 where there is nobody to ask; 3
/// where a file has errors.
///
/// # Errors
/// Output could not be written.
pub fn run(command: &ConfigCommand, here: Here<'_>, output: &mut Output<'_>) -> std::io::Result<u8> {
    let Here { config, paths, actor } = here;
    match command {
        ConfigCommand::PrintDefault => write!(output.out, "{DEFAULT}").map(|()| DONE),
        ConfigCommand::Keys => write!(output.out, "{}", tui::keys::default_text()).map(|()| DONE),
        ConfigCommand::Schema => writeln!(output.out, "{:#}", json_schema()).map(|()| DONE),
        ConfigCommand::Init(asked) => init::run(asked, config, actor, output),
        ConfigCommand::Path => match find(config, paths) {
            Some(path) => writeln!(output.out, "{}", path.display()).map(|()| DONE),
            None => none(output),
        },
        ConfigCommand::Check => {
            let mut settings = Settings::of(paths);
            looks::check(&mut settings, paths);
            let own = if settings.report(output)? { DONE } else { WRONG };
            let estate = match find(config, paths) {
                Some(path) => check(&path, output)?,
                None => none(output)?,
            };
            Ok(own.max(estate))
        }
    }
}

fn none(output: &mut Output<'_>) -> std::io::Result<u8> {
    writeln!(
        output.err,
        "there is no {FILE_NAME} here; without one the console opens the demonstration. `switchback config init` writes one."
    )?;
    Ok(NO)
}

/// Strict: the file as it is, never the last one that loaded.
fn check(path: &Path, output: &mut Output<'_>) -> std::io::Result<u8> {
    let text = match read(path) {
        Ok(text) => text,
        Err(why) => return writeln!(output.err, "error: {why}").map(|()| WRONG),
    };
    let mut parsed = parse(&text);
    let library = Library::new(&parsed.estate, path.parent());
    let runbooks: Vec<String> = library.list(&parsed.estate).into_iter().map(|runbook| runbook.name).collect();
    parsed.diagnostics.extend(unknown_runbooks(&parsed.estate.source, &runbooks));
    parsed.diagnostics.sort_by_key(|found| found.span.start);
    report(path, &parsed, output)?;
    Ok(if parsed.ok() { DONE } else { WRONG })
}

/// Writes what was found in an estate's file, and one line that sums it up.
///
/// # Errors
/// Output could not be written.
pub fn report(path: &Path, parsed: &Parsed, output: &mut Output<'_>) -> std::io::Result<()> {
    let shown = path.display().to_string();
    let estate = &parsed.estate;
    if !parsed.diagnostics.is_empty() {
        let findings = diagnostics::render(&shown, &estate.source, &parsed.diagnostics, output.colour);
        writeln!(output.err, "{findings}\n{shown}: {}", diagnostics::count(&parsed.diagnostics))?;
    }
    if parsed.ok() {
        writeln!(
            output.out,
            "{shown}: {} is right: {}, {}, {}, {}, {}",
            estate.name,
            counted(estate.regions.len(), "region"),
            counted(estate.services.len(), "service"),
            counted(estate.databases.len(), "database"),
            counted(estate.checks.len(), "check"),
            counted(estate.backups.len(), "backup")
        )?;
    }
    Ok(())
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    use super::*;

    fn run_on(command: &ConfigCommand, text: Option<&str>) -> (u8, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        if let Some(text) = text {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }
        let paths = Paths { state: folder.path().join("state"), config: folder.path().join("config") };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut output = Output { out: &mut out, err: &mut err, colour: false };
        let here = Here { config: Some(&path), paths: &paths, actor: "ana" };
        let code = run(command, here, &mut output).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn the_default_is_printed_and_passes_its_own_check() {
        let (code, default, _) = run_on(&ConfigCommand::PrintDefault, None);
        assert_eq!((code, default.as_str()), (0, DEFAULT));
        let (code, out, err) = run_on(&ConfigCommand::Check, Some(&default));
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("orders-platform is right: 3 regions"), "{out}");
    }

    #[test]
    fn a_test_that_names_a_runbook_that_is_not_there_is_a_warning() {
        let more = "\n[tests.monthly]\nkind = \"drill\"\nevery = \"1mo\"\nrunbook = \"regional-failovr\"\n";
        let (code, _, err) = run_on(&ConfigCommand::Check, Some(&format!("{DEFAULT}{more}")));
        assert_eq!(code, 0);
        assert!(err.contains("did you mean `regional-failover`?") && err.contains("1 warning"), "{err}");
    }

    #[test]
    fn a_wrong_file_exits_with_3_and_says_every_error() {
        let (code, out, err) =
            run_on(&ConfigCommand::Check, Some("name = 1\n[regions.a]\nrole = \"primry\"\nzone = 1\n"));
        assert_eq!((code, out.as_str()), (3, ""));
        assert!(err.contains("switchback.toml:3:8") && err.contains("3 errors"), "{err}");
        assert_eq!(run_on(&ConfigCommand::Check, None).0, 3);
    }

    /// `UPDATE_DOCS=1 cargo test the_reference` writes the pages anew.
    #[test]
    fn the_reference_pages_say_what_the_code_reads() {
        for (name, reference) in [
            ("configuration.md", domain::estate::reference()),
            ("probes.md", domain::estate::probes()),
            ("notifications.md", domain::estate::notifications()),
            ("communication.md", domain::estate::communication()),
            ("scenarios.md", domain::scenario::reference()),
        ] {
            let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
            if std::env::var_os("UPDATE_DOCS").is_some() {
                std::fs::write(&page, &reference).unwrap();
            }
            assert_eq!(
                std::fs::read_to_string(&page).unwrap_or_default(),
                reference,
                "run the test with UPDATE_DOCS=1"
            );
        }
    }

    #[test]
    fn the_schema_is_json() {
        let (_, schema, _) = run_on(&ConfigCommand::Schema, None);
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        assert_eq!(schema["properties"]["regions"]["type"], "object");
        assert_eq!(schema["additionalProperties"], false);
    }
}
