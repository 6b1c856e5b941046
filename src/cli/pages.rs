//! What pages tell people to type is what the program takes.

use std::path::Path;
use std::sync::LazyLock;

use clap::Parser;
use clap::error::ErrorKind;
use regex::Regex;

use super::args::Args;

/// A command line of ours: after a prompt or at the start of a line of code, or in a span of code.
static TYPED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)`(?:cargo run --|switchback)((?: [^`\n]+)?)`|^(?:\$ )?(?:cargo run --|switchback)((?: .*)?)$")
        .unwrap()
});

/// The words up to what belongs to the shell. Square brackets say that something may be left out.
fn words(typed: &str) -> Option<Vec<String>> {
    let words = shell_words::split(&typed.replace(['[', ']'], " ")).ok()?;
    let ends =
        |word: &String| matches!(word.as_str(), "#" | "|" | ">" | ">>" | "&&" | ";" | "\\") || word.starts_with("2>");
    Some(words.into_iter().take_while(|word| !ends(word)).filter(|word| word != "…").collect())
}

/// What a page leaves to its reader is no mistake: arguments that it does not name, values in capitals.
fn tolerated(error: &clap::Error) -> bool {
    let placeholder = || {
        error.to_string().lines().next().is_some_and(|line| {
            line.split('\'')
                .nth(1)
                .is_some_and(|value| value.chars().all(|c| c.is_ascii_uppercase() || "_-|".contains(c)))
        })
    };
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::MissingSubcommand
        | ErrorKind::MissingRequiredArgument => true,
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => placeholder(),
        _ => false,
    }
}

#[test]
fn every_command_line_of_a_page_is_one_that_is_taken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["", "docs", "runbooks"].map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let pages = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    let (mut seen, mut wrong) = (0, Vec::new());
    for page in pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = std::fs::read_to_string(&page).unwrap();
        for found in TYPED.captures_iter(&text) {
            let typed = found.get(1).or_else(|| found.get(2)).map_or("", |typed| typed.as_str());
            let Some(words) = words(typed) else { continue };
            seen += 1;
            let line = std::iter::once("switchback".to_owned()).chain(words);
            if let Err(error) = Args::try_parse_from(line)
                && !tolerated(&error)
            {
                let why = error.to_string().lines().next().unwrap_or_default().to_owned();
                wrong.push(format!("{}: switchback{typed}: {why}", page.file_name().unwrap().display()));
            }
        }
    }
    assert!(seen > 80, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
