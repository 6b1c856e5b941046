//! `switchback lint FILE…`: everything there is to say about runbooks, scenarios and templates, in one pass.

mod scenario;
mod template;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::diagnostic::{Diagnostic, Severity, line_column};
use domain::estate::Estate;
use domain::readiness::{Walk, unexercised};
use domain::runbook::{LIMIT, Linked, Runbook, check_children, parse};
use serde::Serialize;

use super::config::Output;
use super::diagnostics;
use super::exit::plain;
use crate::runtime::library::Library;

/// Exit codes of this command: the public ones of every command.
const DONE: u8 = 0;
const WRONG: u8 = 3;

/// One finding, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Finding<'f> {
    file: &'f str,
    line: usize,
    column: usize,
    severity: Severity,
    code: &'static str,
    message: &'f str,
    help: Option<&'f str>,
}

/// What was read of a file.
struct Looked {
    source: Arc<str>,
    diagnostics: Vec<Diagnostic>,
    /// What it is made of, in a few words.
    told: String,
}

/// Reads each runbook or scenario (`.toml`) and reports what is wrong with it; with an estate the names in it are checked
/// too. What a step opens is looked for beside the file, then in the library; steps that no walk exercised as they stand
/// are noted. With `json` a list of findings goes to `out`. The exit code: 0, or 3 where a file has errors or cannot be
/// read.
///
/// # Errors
/// Output could not be written.
pub fn run(
    files: &[PathBuf],
    json: bool,
    estate: Option<&Estate>,
    library: &Library,
    walks: &[Walk],
    output: &mut Output<'_>,
) -> io::Result<u8> {
    let look = |path: &PathBuf| match scenario::is_scenario(path) {
        true => scenario::look(path, estate, library),
        false if template::is_template(path) => template::look(path, estate),
        false => look(path, estate, library, walks).into(),
    };
    let looked: Vec<(String, Looked)> = files.iter().map(|path| (path.display().to_string(), look(path))).collect();
    if json {
        let findings: Vec<Finding<'_>> = looked.iter().flat_map(|(file, looked)| findings(file, looked)).collect();
        serde_json::to_writer_pretty(&mut *output.out, &findings)?;
        writeln!(output.out)?;
    } else {
        for (file, looked) in &looked {
            report(file, looked, output)?;
        }
    }
    let wrong = |found: &Diagnostic| found.severity == Severity::Error;
    Ok(if looked.iter().any(|(_, looked)| looked.diagnostics.iter().any(wrong)) { WRONG } else { DONE })
}

/// The runbook of a file. What keeps it from being read is a finding like any other.
fn look(path: &Path, estate: Option<&Estate>, library: &Library, walks: &[Walk]) -> Runbook {
    let text = match read(path, LIMIT) {
        Ok(text) => text,
        Err(why) => {
            let unreadable = Diagnostic::error("runbook::unreadable", 0..0, format!("cannot be read: {}", plain(&why)));
            return Runbook { native: true, diagnostics: vec![unreadable], ..Runbook::default() };
        }
    };
    let mut runbook = parse(text, estate);
    check_children(&mut runbook, |name| linked(path, name, estate, library));
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let notes = unexercised(name, &runbook, walks);
    runbook.diagnostics.extend(notes);
    if !runbook.native && runbook.diagnostics.is_empty() {
        let message = "this is not written as a runbook of this console: its steps are shown, and nothing in it runs";
        let note = Diagnostic::new(Severity::Note, "runbook::foreign", 0..0, message);
        runbook.diagnostics.push(note.help("`runbook: 1` between two lines of `---` at its start makes it one"));
    }
    runbook
}

/// The runbook that a step opens: the file beside its own, else the one of that name.
fn linked(from: &Path, name: &str, estate: Option<&Estate>, library: &Library) -> Linked {
    let beside = from.with_file_name(format!("{name}.md"));
    match read(&beside, LIMIT).ok().or_else(|| library.read(name).ok()) {
        Some(text) => Linked::Runbook(Box::new(parse(text, estate))),
        None => Linked::Nothing(library.names()),
    }
}

fn read(path: &Path, limit: usize) -> io::Result<Arc<str>> {
    let mut text = Vec::new();
    // One byte more than is read of such a file, so that a longer one is seen to be longer.
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut text)?;
    if text.len() > limit {
        // The cut may stand inside a character; what is too long is not read further anyway.
        return Ok(String::from_utf8_lossy(&text).into());
    }
    String::from_utf8(text)
        .map(Into::into)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

impl From<Runbook> for Looked {
    fn from(runbook: Runbook) -> Self {
        let steps = counted(runbook.steps().count(), "step");
        let manual = runbook.steps().filter(|step| step.manual()).count();
        let told = format!("{steps} in {}, {manual} by hand", counted(runbook.phases.len(), "phase"));
        Self { source: runbook.source, diagnostics: runbook.diagnostics, told }
    }
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn findings<'f>(file: &'f str, looked: &'f Looked) -> impl Iterator<Item = Finding<'f>> {
    looked.diagnostics.iter().map(move |found| {
        let (line, column) = line_column(&looked.source, found.span.start);
        Finding {
            file,
            line,
            column,
            severity: found.severity,
            code: found.code,
            message: &found.message,
            help: found.help.as_deref(),
        }
    })
}

fn report(file: &str, looked: &Looked, output: &mut Output<'_>) -> io::Result<()> {
    if !looked.diagnostics.is_empty() {
        let shown = diagnostics::render(file, &looked.source, &looked.diagnostics, output.colour);
        writeln!(output.err, "{shown}")?;
    }
    let found = diagnostics::count(&looked.diagnostics);
    let found = if found.is_empty() { "nothing to find".to_owned() } else { found };
    writeln!(output.out, "{file}: {found}; {}", looked.told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lint(text: &[u8], json: bool) -> (u8, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runbook.md");
        std::fs::write(&path, text).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut output = Output { out: &mut out, err: &mut err, colour: false };
        let code = run(&[path], json, None, &Library::default(), &[], &mut output).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    const WRONG_ROLE: &[u8] = b"---\nrunbook: 1\n---\n## A\n- [ ] B\n\n  ```bash rum\n  true\n  ```\n";

    #[test]
    fn an_error_is_shown_with_its_place_and_remedy_and_fails() {
        let (code, out, err) = lint(WRONG_ROLE, false);
        assert_eq!(code, 3);
        assert!(err.contains("runbook.md:7:3") && err.contains("did you mean `run`?"), "{err}");
        assert!(out.contains("1 error; 1 step in 1 phase, 1 by hand"), "{out}");
    }

    #[test]
    fn a_scenario_is_told_by_its_ending() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("zone.toml");
        let lint = |text: &str, estate: Option<&Estate>| {
            std::fs::write(&path, text).unwrap();
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut output = Output { out: &mut out, err: &mut err, colour: false };
            let code = run(std::slice::from_ref(&path), false, estate, &Library::default(), &[], &mut output).unwrap();
            (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
        };
        let wrong = "title = \"Zone\"\n[[wrong]]\ntext = \"w\"\naction = \"runbook regional-failovr started\"\n";
        let (code, out, err) = lint(wrong, None);
        assert_eq!((code, out.contains("1 error; 0 injects, 0 actions expected")), (3, true), "{out}");
        assert!(err.contains("zone.toml:4:10") && err.contains("did you mean `regional-failover`?"), "{err}");
        let shipped = include_str!("../../scenarios/cache-failure.toml");
        assert_eq!(lint(shipped, None).0, 0);
        assert_eq!(lint(shipped, Some(&domain::drill::demo_estate())).2, "");
        let (code, _, err) =
            lint(shipped, Some(&domain::estate::parse("name = \"x\"\n[regions.a]\n[regions.b]\n").estate));
        assert_eq!(
            (code, err.contains("cannot be played on this estate: no cache is watched in a")),
            (0, true),
            "{err}"
        );
    }

    #[test]
    fn a_template_is_told_by_its_ending_and_tried() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("resolved.txt");
        let lint = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut output = Output { out: &mut out, err: &mut err, colour: false };
            let code = run(std::slice::from_ref(&path), false, None, &Library::default(), &[], &mut output).unwrap();
            (code, String::from_utf8(err).unwrap())
        };
        let (code, err) = lint("Resolved\n\nafter {{ elapsd }}\n");
        assert_eq!(code, 3);
        assert!(err.contains("resolved.txt:3:1") && err.contains("did you mean `elapsed`?"), "{err}");
        assert_eq!(lint("Resolved\n\nafter {{ elapsed }}\n"), (0, String::new()));
    }

    #[test]
    fn json_is_a_list_of_findings() {
        let (code, out, err) = lint(WRONG_ROLE, true);
        let findings: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, err.as_str()), (3, ""));
        assert_eq!(findings[0]["line"], 7);
        assert_eq!(findings[0]["column"], 3);
        assert_eq!(findings[0]["severity"], "error");
        assert_eq!(findings[0]["code"], "runbook::role");
        assert_eq!(findings[0]["help"], "did you mean `run`?");
        let (code, out, _) = lint(b"---\nrunbook: 1\n---\n## A\n- [ ] B\n", true);
        assert_eq!((code, out.as_str()), (0, "[]\n"));
    }

    #[test]
    fn a_runbook_that_a_step_opens_is_looked_for_beside_the_file_and_among_the_shipped() {
        let opens = |name: &str| format!("---\nrunbook: 1\n---\n## A\n- [ ] [B]({name}.md)\n");
        let (code, _, err) = lint(opens("cache-failures").as_bytes(), false);
        assert_eq!(code, 3);
        assert!(err.contains("runbook.md:5:1") && err.contains("no runbook of that name"), "{err}");
        assert!(lint(opens("database-failove").as_bytes(), false).2.contains("did you mean `database-failover`?"));
        assert_eq!(lint(opens("database-failover").as_bytes(), false).0, 0);
        assert!(lint(opens("runbook").as_bytes(), false).2.contains("opens the runbook that it stands in"));
    }

    #[test]
    fn other_documents_are_noted_and_unreadable_ones_fail() {
        let (code, _, err) = lint(b"## A\n- [ ] B\n", false);
        assert_eq!(code, 0);
        assert!(err.contains("nothing in it runs"), "{err}");
        assert_eq!(lint(b"\xff\xfe", false).0, 3);
        let (code, _, err) = lint(&vec![b'x'; LIMIT + 1], false);
        assert_eq!(code, 3);
        assert!(err.contains("longer than 1024 KiB"), "{err}");
    }
}
