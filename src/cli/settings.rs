//! What a person set for all their consoles: `console.toml`. Options of the command line win over it.
//!
//! A mistake in it never costs the console: what is wrong is said with its place, the rest counts.

use std::ops::Range;
use std::path::{Path, PathBuf};

use domain::diagnostic::{Diagnostic, did_you_mean, line_column};
use domain::toml_text;
use domain::untrusted::sanitise_line;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use tui::keys::Keymap;

use super::args::{Global, Motion, Symbols};
use super::config::Output;
use super::diagnostics;
use crate::runtime::paths::Paths;
use crate::runtime::regular_file;

const FILE_NAME: &str = "console.toml";
const VARIABLE: &str = "SWITCHBACK_CONSOLE";
/// A longer file is no console's.
const LONGEST: usize = 256 * 1024;
const KNOWN: [&str; 5] = ["theme", "symbols", "motion", "mouse", "keys"];

/// What counts of the file, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Settings {
    file: PathBuf,
    text: String,
    /// Why it could not be read at all.
    unread: Option<String>,
    findings: Vec<Diagnostic>,
    theme: Option<(String, Range<usize>)>,
    symbols: Option<Symbols>,
    motion: Option<Motion>,
    mouse: Option<bool>,
    pub(super) keymap: Keymap,
}

impl Settings {
    /// Of the person whose folders these are. Without a file everything is as it comes.
    pub(super) fn of(paths: &Paths) -> Self {
        let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        let file = named.clone().unwrap_or_else(|| paths.config.join(FILE_NAME));
        match read(&file) {
            Ok(text) => Self { file, ..Self::parse(text) },
            Err(why) if why.kind() == std::io::ErrorKind::NotFound && named.is_none() => Self::default(),
            Err(why) => Self { file, unread: Some(said(&why)), ..Self::default() },
        }
    }

    fn parse(text: String) -> Self {
        let (file, errors) = DeTable::parse_recoverable(&text);
        let (syntax, broken) = toml_text::errors("console::toml", &text, &errors);
        let mut settings = Self::default();
        settings.take(file.get_ref());
        // What the recovery made of a broken line is not what was written there.
        settings.findings.retain(|found| !broken.iter().any(|line| line.contains(&found.span.start)));
        settings.findings.extend(syntax);
        settings.findings.sort_by_key(|found| (found.span.start, found.span.end));
        settings.findings.dedup();
        drop(file);
        Self { text, ..settings }
    }

    fn take(&mut self, file: &DeTable<'_>) {
        for (name, value) in file {
            match name.get_ref().as_ref() {
                "theme" => match value.get_ref().as_str() {
                    Some(theme) => self.theme = Some((theme.to_owned(), value.span())),
                    None => self.wrong("theme", value, "the name of a theme, or a file: \"light\""),
                },
                "symbols" => match value.get_ref().as_str() {
                    Some("unicode") => self.symbols = Some(Symbols::Unicode),
                    Some("ascii") => self.symbols = Some(Symbols::Ascii),
                    _ => self.wrong("symbols", value, "\"unicode\" or \"ascii\""),
                },
                "motion" => match value.get_ref().as_str() {
                    Some("full") => self.motion = Some(Motion::Full),
                    Some("off") => self.motion = Some(Motion::Off),
                    _ => self.wrong("motion", value, "\"full\" or \"off\""),
                },
                "mouse" => match value.get_ref().as_bool() {
                    Some(mouse) => self.mouse = Some(mouse),
                    None => self.wrong("mouse", value, "true or false"),
                },
                "keys" => {
                    let (keymap, found) = tui::keys::read(value);
                    self.keymap = keymap;
                    self.findings.extend(found);
                }
                other => {
                    let help = did_you_mean(other, KNOWN);
                    let help = help.unwrap_or_else(|| format!("there are {}", KNOWN.join(", ")));
                    let message = format!("nothing here is called `{other}`");
                    self.findings.push(Diagnostic::error("console::unknown-name", name.span(), message).help(help));
                }
            }
        }
    }

    fn wrong(&mut self, name: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let message = match value.get_ref().as_str() {
            Some(text) => format!("`{name}` is \"{text}\""),
            None => format!("`{name}` is {}", toml_text::word(value.get_ref())),
        };
        let found = Diagnostic::error("console::value", value.span(), message);
        self.findings.push(found.help(format!("it is {wanted}")));
    }

    pub(super) fn theme(&self) -> Option<&str> {
        self.theme.as_ref().map(|(name, _)| name.as_str())
    }

    /// It cannot be used; the one that comes with the program is.
    pub(super) fn theme_is_wrong(&mut self, why: &str) {
        if let Some((_, span)) = self.theme.take() {
            let found = Diagnostic::error("console::theme", span, why.replace('\n', "; "));
            self.findings.push(found.help("until then the console looks as it comes"));
            self.findings.sort_by_key(|found| (found.span.start, found.span.end));
        }
    }

    pub(super) fn symbols(&self, global: &Global) -> Symbols {
        global.symbols.or(self.symbols).unwrap_or(Symbols::Unicode)
    }

    /// Clocks run by the second.
    pub(super) fn motion(&self, global: &Global) -> bool {
        global.motion.or(self.motion).unwrap_or(Motion::Full) == Motion::Full
    }

    pub(super) fn mouse(&self) -> bool {
        self.mouse.unwrap_or(true)
    }

    /// One line for the top of the screen: the first thing that is wrong, and how many there are.
    pub(super) fn banner(&self) -> Option<String> {
        let file = sanitise_line(&self.file.display().to_string());
        if let Some(why) = &self.unread {
            return Some(format!("{file} is not read: {why}"));
        }
        let first = self.findings.first()?;
        let (line, column) = line_column(&self.text, first.span.start);
        // Some causes and some remedies ask whether something else was meant.
        let asked = |text: &str| text.ends_with('?');
        let remedy = first.help.as_deref().filter(|_| !asked(&first.message)).map(|help| format!(": {help}"));
        let remedy = remedy.unwrap_or_default();
        let (of, all) = match self.findings.len() {
            1 => (String::new(), ""),
            many if asked(&first.message) || asked(&remedy) => {
                (format!(" (1 of {many})"), " `switchback config check` says them all")
            }
            many => (format!(" (1 of {many})"), "; `switchback config check` says them all"),
        };
        let name = self.file.file_name().map_or(file, |name| sanitise_line(&*name.to_string_lossy()));
        Some(sanitise_line(&format!("{name}:{line}:{column}{of}: {}{remedy}{all}", first.message)))
    }

    /// Everything that is wrong with it, for `config check`; whether it is right. Nothing is said where there is none.
    ///
    /// # Errors
    /// Output could not be written.
    pub(super) fn report(&self, output: &mut Output<'_>) -> std::io::Result<bool> {
        let file = sanitise_line(&self.file.display().to_string());
        if let Some(why) = &self.unread {
            writeln!(output.err, "error: {file} is not read: {why}")?;
            return Ok(false);
        }
        if !self.findings.is_empty() {
            let findings = diagnostics::render(&file, &self.text, &self.findings, output.colour);
            writeln!(output.err, "{findings}\n{file}: {}", diagnostics::count(&self.findings))?;
        } else if !self.file.as_os_str().is_empty() {
            writeln!(output.out, "{file} is right")?;
        }
        Ok(self.findings.is_empty())
    }
}

fn read(file: &Path) -> std::io::Result<String> {
    let bytes = regular_file::bytes(file, LONGEST)?
        .ok_or_else(|| std::io::Error::other(format!("it is longer than {} KiB", LONGEST / 1024)))?;
    String::from_utf8(bytes).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
}

fn said(why: &std::io::Error) -> String {
    match why.kind() {
        std::io::ErrorKind::NotFound => format!("there is no such file, and ${VARIABLE} names it"),
        std::io::ErrorKind::PermissionDenied => "its permissions do not let you".to_owned(),
        std::io::ErrorKind::InvalidData => "it is not text in UTF-8".to_owned(),
        _ => why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_read() {
        let text =
            "theme = \"light\"\nsymbols = \"ascii\"\nmotion = \"off\"\nmouse = false\n[keys.log]\nz = \"note\"\n";
        let settings = Settings::parse(text.to_owned());
        assert_eq!(settings.findings, []);
        assert_eq!((settings.theme(), settings.mouse()), (Some("light"), false));
        assert_eq!((settings.symbols, settings.motion), (Some(Symbols::Ascii), Some(Motion::Off)));
        assert_ne!(settings.keymap, Keymap::default());
    }

    #[test]
    fn a_mistake_is_said_with_its_place_and_the_rest_counts() {
        let text = "them = \"light\"\nsymbols = \"asci\"\nmouse = 1\nmotion = \"off\"\nmotion = \"full\"\n";
        let mut settings = Settings::parse(text.to_owned());
        settings.file = "/home/mara/.config/switchback/console.toml".into();
        assert_eq!(settings.motion, Some(Motion::Off));
        assert_eq!(settings.findings.len(), 4, "{:?}", settings.findings);
        assert_eq!(
            settings.banner().unwrap(),
            "console.toml:1:1 (1 of 4): nothing here is called `them`: did you mean `theme`? `switchback config check` \
             says them all"
        );
    }

    #[test]
    fn what_is_no_toml_is_said_too() {
        let settings = Settings::parse("theme = light\n[keys.log]\n? = \"help\"\n".to_owned());
        let said: Vec<_> = settings.findings.iter().map(|found| found.message.as_str()).collect();
        assert!(said.len() == 2 && said[0].contains("must be quoted") && said[1].contains("unquoted key"), "{said:?}");
    }

    /// `UPDATE_DOCS=1 cargo test the_reference` writes the page anew.
    #[test]
    fn the_reference_page_of_keys_says_what_the_table_has() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
        let reference = tui::keys::reference();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&page, &reference).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&page).unwrap_or_default(), reference, "run the test with UPDATE_DOCS=1");
    }
}
