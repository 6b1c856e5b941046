//! What is said around the questions: what was found and where, why nothing is written, what comes next.

use std::io::{self, Write};
use std::path::Path;

use domain::estate::draft::Draft;

use crate::runtime::estate_file::FILE_NAME;
use crate::runtime::found::Looked;

pub(super) fn nobody_to_ask(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "switchback: there is no terminal to ask at. `--yes` takes what is found, `--from FILE` reads that file, and \
         `switchback config print-default` prints an example with every key."
    )
}

pub(super) fn taken(path: &Path, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "switchback: {} is there already, and is left as it is: name another with -o FILE", path.display())
}

pub(super) fn found(looked: &Looked, asking: bool, out: &mut dyn Write) -> io::Result<()> {
    if asking {
        writeln!(
            out,
            "The file of your estate, from a few answers. Enter takes what stands in\n\
             [brackets], a lone - leaves it out, Ctrl-C writes nothing. What is not known\n\
             now stays in the file, commented out.\n"
        )?;
    }
    let wide = |cell: fn(&crate::runtime::found::File) -> String| {
        looked.files.iter().map(|file| cell(file).chars().count()).max().unwrap_or(0)
    };
    let (places, kinds) = (wide(|file| file.shown.clone()), wide(|file| file.kind.to_string()));
    if looked.files.is_empty() {
        writeln!(out, "Found: nothing of kubectl, AWS, PostgreSQL, Gatus or Prometheus.")?;
    } else {
        writeln!(out, "Found, and read without passwords, tokens and keys:")?;
    }
    for file in &looked.files {
        writeln!(out, "  {:<places$}  {:<kinds$}  {}", file.shown, file.kind.to_string(), file.tells)?;
    }
    for trouble in &looked.troubles {
        writeln!(out, "  not used: {trouble}")?;
    }
    writeln!(out)
}

pub(super) fn next(path: &Path, draft: &Draft, actor: &str, out: &mut dyn Write) -> io::Result<()> {
    let config = match path.to_str() {
        Some(FILE_NAME) => String::new(),
        _ => format!(" --config {}", path.display()),
    };
    writeln!(out, "\nNext:")?;
    let commands = [
        ("status", "one reading of everything in it"),
        ("doctor", "what this machine lacks, and where to get it"),
        ("drill --list", "exercises on a simulated copy of it"),
    ];
    for (command, what) in commands {
        writeln!(out, "  {:<44} # {what}", format!("switchback{config} {command}"))?;
    }
    if let Some(person) = draft.person.as_ref().filter(|person| person.name != actor) {
        writeln!(out, "\nHere you are known as {actor}: `export SWITCHBACK_ACTOR={0}` makes you {0}.", person.name)?;
    }
    Ok(())
}
