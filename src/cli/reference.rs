//! docs/cli.md: every command, option, default and exit code, made of the command line as it is parsed.

use std::fmt::Write;

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use super::Exit;
use super::args::EVERY;
use super::help::{self, Example, GROUPS};
use super::man::{ENVIRONMENT, FILES};

const PREFACE: &str = "\
# The command line

This page is made from the parser of the command line itself; `switchback --help`, the `--help`
of each command and `switchback man` say the same. Names, exit codes and the fields of JSON documents are kept: scripts may rely on them.

```text
Usage: switchback [OPTIONS] [COMMAND]
```

INCIDENT is an id, a unique prefix of one, a label, `last`, or a path to a log. Times are read as `02:06` (UTC), `5m ago`
or RFC 3339, and written as RFC 3339 in UTC; durations are read as `30s`, `20m`, `2h`, `35d`.
";

const JSON: &str = "
## What `--json` prints

One document on standard output, and nothing else there; what is said to people goes to standard error. Times are RFC 3339
in UTC with milliseconds, durations are integers in ms under a name that ends in `_ms`, and a number that is not known is
`null`, never 0. Fields may be added; none is renamed or taken away.

| command | document |
| --- | --- |
| `status --json` | `at`, `estate`, `kind`, and lists: `regions` with their `checks`, `replication`, `backups`, `objectives`, `alerts`; and the `recommendation`. With `--watch` one document a line: [status-service.md](status-service.md) |
| `run --json` | `incident`, `outcome`, `steps`, `rto`, `rpo`: [unattended.md](unattended.md) |
| `lint --json` | a list of findings: `file`, `line`, `column`, `severity`, `code`, `message`, `help`: [runbooks.md](runbooks.md) |
| `check --json`, `doctor --json` | what was looked at, each with a verdict: [readiness.md](readiness.md) |
| `log --json` | the entries as they stand, one a line: `seq`, `occurred_at`, `recorded_at`, `kind`, `actor`, `event`, `prev`, `hash` |
| `verify --json` | whether the log is whole, and whose entries are verified: [timelines.md](timelines.md) |
| `drill --list --json`, `drill --auto --json` | the scenarios; what an exercise came to: [exercises.md](exercises.md) |
| `lab up --json`, `lab status --json`, `lab report --json` | what runs where; the RTO and RPO that were measured |

The status of a check or region is one of `ok`, `degraded`, `down`, `stale`, `unknown`; the kind of an incident one of
`live`, `drill`, `lab`, `demo`, `paper`.
";

/// The whole page.
pub(super) fn reference() -> String {
    let mut command = help::command().disable_help_subcommand(true);
    command.build();
    let mut page = String::from(PREFACE);
    page.push_str("\n| exit | meaning |\n| --- | --- |\n");
    for exit in Exit::ALL {
        let _ = writeln!(page, "| {} | {} |", exit.code(), exit.meaning());
    }
    page.push_str("\n## Options of every command\n\n");
    table(&mut page, command.get_arguments());
    page.push_str("\n## Environment and files\n\n| variable | what it is |\n| --- | --- |\n");
    for (name, about) in ENVIRONMENT {
        let _ = writeln!(page, "| {name} | {about} |");
    }
    page.push_str("\n| place | what is there |\n| --- | --- |\n");
    for (name, about) in FILES {
        let _ = writeln!(page, "| `{name}` | {about} |");
    }
    page.push_str(JSON);
    for group in GROUPS {
        let _ = write!(page, "\n## {}\n", group.title);
        for known in group.commands.iter().filter_map(|name| command.find_subcommand(name)) {
            section(&mut page, known, 3);
            examples(&mut page, help::examples(known.get_name()));
        }
    }
    page
}

fn section(page: &mut String, command: &Command, depth: usize) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let _ = write!(page, "\n{} `{name}`\n\n{}\n\n```text\n{usage}\n```\n", "#".repeat(depth), about.trim());
    let own: Vec<&Arg> =
        command.get_arguments().filter(|arg| arg.get_help_heading() != Some(EVERY) && arg.get_id() != "help").collect();
    if !own.is_empty() {
        page.push('\n');
        table(page, own.into_iter());
    }
    for below in command.get_subcommands() {
        section(page, below, depth + 1);
    }
}

fn table<'a>(page: &mut String, args: impl Iterator<Item = &'a Arg>) {
    page.push_str("| option | what it is |\n| --- | --- |\n");
    for arg in args.filter(|arg| !arg.is_hide_set()) {
        let help = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string).unwrap_or_default();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let _ = writeln!(page, "| `{}` | {help}{}{} |", form(arg).replace('|', "\\|"), choices(arg), default(arg));
    }
}

/// As it is typed.
fn form(arg: &Arg) -> String {
    let value = arg.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
    let takes = arg.get_num_args().is_some_and(|taken| taken.takes_values());
    match (arg.get_short(), arg.get_long()) {
        (None, None) if arg.is_required_set() => value,
        (None, None) => format!("[{value}]"),
        (short, long) => {
            let names = short.map(|short| format!("-{short}")).into_iter().chain(long.map(|long| format!("--{long}")));
            let names = names.collect::<Vec<_>>().join(", ");
            if takes { format!("{names} {value}") } else { names }
        }
    }
}

fn choices(arg: &Arg) -> String {
    if !arg.get_num_args().is_some_and(|taken| taken.takes_values()) {
        return String::new();
    }
    let choice = |known: &PossibleValue| match known.get_help() {
        Some(help) => format!("`{}` ({help})", known.get_name()),
        None => format!("`{}`", known.get_name()),
    };
    let known: Vec<String> = arg.get_possible_values().iter().map(choice).collect();
    if known.is_empty() { String::new() } else { format!("; one of {}", known.join(", ")) }
}

/// The default that the parser fills in; what the program finds out later stands in the text.
fn default(arg: &Arg) -> String {
    let takes = arg.get_num_args().is_some_and(|taken| taken.takes_values());
    let values: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let said = values.iter().any(|value| !value.is_empty());
    if takes && said { format!(" [default: {}]", values.join(" ")) } else { String::new() }
}

fn examples(page: &mut String, examples: &[Example]) {
    if examples.is_empty() {
        return;
    }
    let widest = examples.iter().map(|example| example.line.len()).filter(|length| *length <= 60).max().unwrap_or(0);
    page.push_str("\n```sh\n");
    for Example { line, does } in examples {
        let _ = match line.len() {
            0..=60 => writeln!(page, "{line:<widest$}  # {does}"),
            _ => writeln!(page, "# {does}\n{line}"),
        };
    }
    page.push_str("```\n");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// `UPDATE_DOCS=1 cargo test the_reference` writes the page anew.
    #[test]
    fn the_reference_of_the_command_line_says_what_the_parser_takes() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
        let reference = super::reference();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&page, &reference).unwrap();
        }
        let written = std::fs::read_to_string(&page).unwrap_or_default();
        assert_eq!(written, reference, "run the test with UPDATE_DOCS=1");
    }
}
