//! `switchback import FILE`: other people's Markdown as a native runbook, for a person to review.

use std::io::{self, Read, Write};
use std::path::Path;

use domain::diagnostic::line_column;
use domain::runbook::{Import, LIMIT, import};
use domain::untrusted::sanitise_line;

use super::args::Import as Args;
use super::exit::plain;
use super::stdout::print;
use super::{Exit, Failure};

/// The runbook goes to standard output or `--output`, what was inferred to standard error.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let name = args.file.display().to_string();
    let source = read(&args.file)
        .map_err(|why| Failure::new(Exit::Config, format!("{name} cannot be read: {}", plain(&why))))?;
    let imported = import(&source, args.section.as_deref());
    report(&name, &source, &imported, &mut io::stderr().lock())?;
    if imported.steps.is_empty() {
        let message = match &args.section {
            Some(section) => {
                format!("no steps were found under a heading with `{section}`; without --section all are read")
            }
            None => "no steps were found: no task items, numbered lists, numbered headings or scripts with comments"
                .to_owned(),
        };
        return Err(Failure::new(Exit::No, message));
    }
    match &args.output {
        None => {
            print(|out| out.write_all(imported.text.as_bytes()))?;
        }
        Some(path) => {
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|why| {
                let message =
                    format!("{} cannot be written: {why}; an existing file is never replaced", path.display());
                Failure::new(Exit::No, message)
            })?;
            file.write_all(imported.text.as_bytes())?;
        }
    }
    Ok(Exit::Yes)
}

fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let limit = LIMIT as u64 + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    // Other people's documents come in other encodings: what is no text is replaced, and shows.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn report(name: &str, source: &str, imported: &Import, err: &mut dyn Write) -> io::Result<()> {
    for found in &imported.inferences {
        let text = sanitise_line(&found.text);
        match found.confidence {
            Some(confidence) => {
                let (line, _) = line_column(source, found.span.start);
                writeln!(err, "{name}:{line}: {:<6} {text}", confidence.word())?;
            }
            None if found.span.is_empty() => writeln!(err, "{name}: {text}")?,
            None => writeln!(err, "{name}:{}: note   {text}", line_column(source, found.span.start).0)?,
        }
    }
    let steps = if imported.steps.len() == 1 { "1 step" } else { &format!("{} steps", imported.steps.len()) };
    writeln!(
        err,
        "{name}: {steps}, none of them marked to run. Read each against the document, then `switchback lint`."
    )
}
