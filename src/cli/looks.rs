//! The looks that are asked for: the theme, the colours of the terminal, its signs, and the themes a person has of their
//! own in `themes/` of the configuration folder.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::untrusted::sanitise_line;
use tui::theme::{ASCII, Depth, Looks, OwnTheme, Shelf, ThemeError, UNICODE};

use super::args::{Color, Global, Symbols};
use super::settings::Settings;
use super::{Exit, Failure, diagnostics};
use crate::runtime::paths::Paths;

const DEFAULT: &str = "terminal";
/// A longer file is no theme.
const LONGEST: u64 = 64 * 1024;
/// Beyond this many files a folder is not looked through.
const MOST: usize = 200;

/// # Errors
/// No theme of the name that `--theme` gives, or what is wrong with its file. One that `settings` name is said there, and
/// the default is taken.
pub(super) fn looks(global: &Global, settings: &mut Settings, paths: &Paths) -> Result<Looks, Failure> {
    let symbols = settings.symbols(global);
    if let Some(name) = &global.theme {
        return of(name, global, symbols, paths).map_err(|why| failure(&why));
    }
    if let Some(name) = settings.theme().map(str::to_owned) {
        match of(&name, global, symbols, paths) {
            Ok(looks) => return Ok(looks),
            Err(why) => settings.theme_is_wrong(&why.to_string()),
        }
    }
    of(DEFAULT, global, symbols, paths).map_err(|why| failure(&why))
}

fn of(name: &str, global: &Global, symbols: Symbols, paths: &Paths) -> Result<Looks, ThemeError> {
    let symbols = match symbols {
        Symbols::Unicode => &UNICODE,
        Symbols::Ascii => &ASCII,
    };
    Looks::new(Shelf::new(with_file(paths, name), depth(global), symbols), name)
}

/// Whether the theme that `settings` name can be used: what is wrong with it is said there.
pub(super) fn check(settings: &mut Settings, paths: &Paths) {
    let Some(name) = settings.theme().map(str::to_owned) else { return };
    let shelf = Shelf::new(with_file(paths, &name), Depth::Never, &UNICODE);
    if let Err(why) = Looks::new(shelf, &name) {
        settings.theme_is_wrong(&why.to_string());
    }
}

fn depth(global: &Global) -> Depth {
    let variable = |name: &str| std::env::var(name).ok();
    match global.color.unwrap_or(Color::Auto) {
        Color::Auto => {
            Depth::detect(
                variable("NO_COLOR").as_deref(),
                variable("COLORTERM").as_deref(),
                variable("TERM").as_deref(),
            )
            .0
        }
        Color::Truecolor => Depth::True,
        Color::Ansi256 => Depth::TwoHundredFiftySix,
        Color::Ansi16 => Depth::Sixteen,
        Color::Never => Depth::Never,
    }
}

/// The person's own themes, and the file that is named instead of one.
fn with_file(paths: &Paths, name: &str) -> Vec<OwnTheme> {
    let mut own = own_themes(paths);
    if name.ends_with(".toml") {
        own.push(read(name.to_owned(), Path::new(name)));
    }
    own
}

/// By name. What cannot be read says so once it is asked for.
pub(super) fn own_themes(paths: &Paths) -> Vec<OwnTheme> {
    let Ok(folder) = std::fs::read_dir(paths.config.join("themes")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = folder
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .take(MOST)
        .collect();
    files.sort();
    let named = |path: &PathBuf| Some(sanitise_line(path.file_stem()?.to_str()?));
    files.iter().filter_map(|path| Some(read(named(path)?, path))).collect()
}

fn read(name: String, path: &Path) -> OwnTheme {
    OwnTheme { name, file: sanitise_line(&path.display().to_string()), text: text(path) }
}

fn text(path: &Path) -> Result<Arc<str>, String> {
    if !std::fs::metadata(path).map_err(|why| why.to_string())?.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut text = String::new();
    let file = File::open(path).map_err(|why| why.to_string())?;
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(|why| why.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err("it is longer than 64 KiB, which no theme is".to_owned());
    }
    Ok(text.into())
}

/// With the lines in question, where there are any.
fn failure(why: &ThemeError) -> Failure {
    let message = match why {
        ThemeError::Wrong(wrong) => {
            let findings = diagnostics::render(&wrong.file, &wrong.text, &wrong.findings, false);
            format!("{} cannot be used: {}\n{findings}", wrong.file, diagnostics::count(&wrong.findings))
        }
        other => other.to_string(),
    };
    Failure::new(Exit::Config, message)
}
