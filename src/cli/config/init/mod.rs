//! `switchback config init`: the estate's file from a few answers and from what other tools' files tell. What is found is
//! proposed, never taken for true; nothing is written before the last answer, and no file is ever written over.

mod ask;
mod questions;
#[cfg(test)]
mod tests;
mod told;

use std::fs::OpenOptions;
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::estate::draft::{By, Draft, Told, plain_name, regions, said};
use domain::estate::parse;
use domain::untrusted::sanitise_line;

use self::ask::{Asker, Ended};
use super::{DONE, NO, Output, USAGE, WRONG, report};
use crate::cli::exit::plain;
use crate::runtime::estate_file::FILE_NAME;
use crate::runtime::found::{Looked, Places, Unread, look, look_at};

/// Nobody told what the estate is called, and neither does the folder.
const NAMELESS: &str = "my-estate";

/// How it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Init {
    /// Ask nothing: take what is found, and say in the file what nobody told
    #[arg(short, long)]
    pub yes: bool,
    /// Read this and nothing else: a kubeconfig, pg_service.conf, the config of `aws`, of Gatus, Prometheus or its blackbox
    /// exporter; may be given several times
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// What the estate is called on every screen
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Its regions, the one that serves today first, such as us-east-1,us-west-2
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Where it is written; - is standard output [default: that of --config, else ./switchback.toml]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What it is done with.
pub(super) struct Around<'a> {
    pub(super) places: &'a Places,
    /// Who acts here: the name that is proposed.
    pub(super) actor: &'a str,
    /// The folder's name, which is the estate's unless somebody says otherwise.
    pub(super) folder: Option<String>,
    /// Where the file goes; `-` is standard output.
    pub(super) wanted: PathBuf,
    /// Where a person answers; `None` where there is none.
    pub(super) answers: Option<&'a mut dyn BufRead>,
}

/// At the terminal, if it is one.
pub(super) fn run(asked: &Init, config: Option<&Path>, actor: &str, output: &mut Output<'_>) -> io::Result<u8> {
    let wanted = asked.output.as_deref().or(config).unwrap_or_else(|| Path::new(FILE_NAME)).to_owned();
    let here = std::env::current_dir().ok();
    let folder = here.and_then(|here| Some(here.file_name()?.to_string_lossy().into_owned()));
    let places = Places::of_environment();
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut stdin = io::stdin().lock();
    let answers: Option<&mut dyn BufRead> = if terminal && !asked.yes { Some(&mut stdin) } else { None };
    init(asked, Around { places: &places, actor, folder, wanted, answers }, output)
}

fn init(asked: &Init, around: Around<'_>, output: &mut Output<'_>) -> io::Result<u8> {
    if around.answers.is_none() && !asked.yes && asked.from.is_empty() {
        told::nobody_to_ask(output.err)?;
        return Ok(USAGE);
    }
    if let Err(why) = valid(asked) {
        writeln!(output.err, "switchback: {why}")?;
        return Ok(USAGE);
    }
    let looked = match asked.from.as_slice() {
        [] => look(around.places),
        files => match look_at(files) {
            Ok(looked) => looked,
            Err(why) => {
                let said = match &why {
                    Unread::Io { file, why } => format!("{file} cannot be read: {}", plain(why)),
                    _ => why.to_string(),
                };
                writeln!(output.err, "switchback: {}", sanitise_line(&said))?;
                return Ok(WRONG);
            }
        },
    };
    let wanted = around.wanted;
    let stdout = wanted.as_os_str() == "-";
    if around.answers.is_none() && !stdout && taken(&wanted) {
        told::taken(&wanted, output.err)?;
        return Ok(NO);
    }
    if !stdout || around.answers.is_some() {
        told::found(&looked, around.answers.is_some(), output.err)?;
    }
    let proposal = propose(asked, &looked, around.folder.as_deref());
    let (draft, path) = match around.answers {
        None => (proposal, wanted),
        Some(input) => {
            let mut asker = Asker::new(input, output.err);
            match questions::ask(&mut asker, &looked.found, &proposal, around.actor, wanted) {
                Ok(answered) => answered,
                Err(Ended::Input) => {
                    writeln!(output.err, "\nNothing is written.")?;
                    return Ok(NO);
                }
                Err(Ended::Io(error)) => return Err(error),
            }
        }
    };
    let text = draft.write();
    if stdout {
        write!(output.out, "{text}")?;
        return Ok(DONE);
    }
    if let Err(error) = write_new(&path, &text) {
        writeln!(output.err, "switchback: {} is not written: {error}", path.display())?;
        return Ok(NO);
    }
    writeln!(output.out, "{} is written.", path.display())?;
    let parsed = parse(&text);
    report(&path, &parsed, output)?;
    told::next(&path, &draft, around.actor, output.out)?;
    Ok(if parsed.ok() { DONE } else { WRONG })
}

/// What was said on the command line, before anything else is done.
fn valid(asked: &Init) -> Result<(), String> {
    if let Some(name) = &asked.name
        && (name.trim().is_empty() || name.chars().any(char::is_control))
    {
        return Err("--name: a word for the estate is needed, on one line".to_owned());
    }
    for region in &asked.regions {
        said::name(region).map_err(|why| format!("--regions: {why}"))?;
    }
    let mut names = asked.regions.clone();
    names.sort();
    names.dedup();
    if names.len() == asked.regions.len() {
        Ok(())
    } else {
        Err("--regions: one of them stands there twice".to_owned())
    }
}

fn propose(asked: &Init, looked: &Looked, folder: Option<&str>) -> Draft {
    let name = match (&asked.name, folder.and_then(plain_name)) {
        (Some(name), _) => Told::answered(name.trim().to_owned()),
        (None, Some(name)) => Told::new(name, By::Guess("the name of the folder it was written in")),
        (None, None) => Told::new(NAMELESS.to_owned(), By::Guess("nobody told: write what it is called")),
    };
    let regions = match asked.regions.as_slice() {
        [] => regions(&looked.found),
        names => names.iter().cloned().map(Told::answered).collect(),
    };
    Draft::of(&looked.found, name, regions)
}

fn taken(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
