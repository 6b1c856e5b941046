//! The reference of the file, made from its table of keys.

use std::fmt::Write;

use super::bind::NAMES;
use super::keys::SECTIONS;
use super::milestone::FORMS;

/// `docs/scenarios.md`: every table and key, every milestone, every name.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(PREFACE);
    for section in SECTIONS {
        let heading = if section.heading.is_empty() { "The file" } else { section.heading };
        let heading = if heading.starts_with('[') { format!("`{heading}`") } else { heading.to_owned() };
        let _ = write!(page, "\n## {heading}\n\n{}\n\n", section.about);
        page.push_str("| key | value | unless written | what it is |\n| --- | --- | --- | --- |\n");
        for key in section.keys {
            let default = key.default.unwrap_or("**needed**");
            let _ = writeln!(page, "| `{}` | {} | {default} | {} |", key.name, key.value, key.about);
        }
    }
    page.push_str(MILESTONES);
    for (form, about) in FORMS {
        let _ = writeln!(page, "| `{form}` | {about} |");
    }
    page.push_str(BOUND);
    for (name, about) in NAMES {
        let _ = writeln!(page, "| `${name}` | {about} |");
    }
    page
}

const PREFACE: &str = "# The scenario file

Every table and key of a scenario; [exercises.md](exercises.md) shows how one is written. This page is generated from the
same table that reads the files. `switchback lint FILE.toml` reports everything that is wrong with one, with its place, its
cause and a remedy; with an estate in reach it also says whether the runbooks, steps and names in it are there, and whether
every effect has one.

Scenarios are TOML. Durations are text with a unit: `\"90s\"`, `\"5m\"`, `\"1h30m\"`. A file is at most 256 KiB long and has at
most 500 injects.
";

const MILESTONES: &str = "
## Milestones

What a log shows to have happened: injects wait for it, and players are expected to do it. The first time counts.

| milestone | when |
| --- | --- |
";

const BOUND: &str = "
## Names

They stand in texts, effects, milestones and values, and are replaced at StartEx by what the estate has. A scenario cannot be
played where one of them stands for nothing: `switchback drill --list` says so, and what is missing.

| name | what it stands for |
| --- | --- |
";
