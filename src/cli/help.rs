//! What `--help` says beyond each option: the commands in groups by their use, and examples. Manual pages, completion and
//! docs/cli.md are made of the same command.

mod examples;
mod groups;

use std::fmt::Write;

use clap::builder::StyledStr;
use clap::builder::styling::Styles;
use clap::{Command, CommandFactory};

pub(super) use self::examples::{Example, of as examples};
pub(super) use self::groups::GROUPS;
use super::args::Args;

/// The whole command line, as it is parsed and as it is told of.
pub(super) fn command() -> Command {
    let command = Args::command();
    let styles = command.get_styles().clone();
    let (header, groups) = (styles.get_header(), listed(&command, &styles));
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}\n{header}Options:{header:#}\n{{options}}{{after-help}}"
    );
    command
        .mut_subcommands(|below| match examples(below.get_name()) {
            [] => below,
            examples => below.after_help(shown(examples, &styles)),
        })
        .help_template(StyledStr::from(template))
        .after_help(shown(examples(""), &styles))
}

/// The commands under what they are for: forty in a row would not be read.
fn listed(command: &Command, styles: &Styles) -> String {
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let group = |group: &groups::Group| {
        let rows: String = group.commands.iter().fold(String::new(), |mut rows, name| {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(rows, "  {literal}{name:<11}{literal:#}  {about}");
            rows
        });
        format!("{header}{}:{header:#}\n{rows}", group.title)
    };
    GROUPS.iter().map(group).collect::<Vec<_>>().join("\n")
}

fn shown(examples: &[Example], styles: &Styles) -> StyledStr {
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let mut text = format!("{header}Examples:{header:#}\n");
    for Example { line, does } in examples {
        let _ = writeln!(text, "  {literal}{line}{literal:#}\n      {does}");
    }
    StyledStr::from(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn page() -> String {
        command().term_width(80).render_help().to_string()
    }

    #[test]
    fn every_command_stands_in_one_group() {
        let command = command();
        let known: BTreeSet<&str> = command.get_subcommands().map(Command::get_name).collect();
        let listed: Vec<&str> = GROUPS.iter().flat_map(|group| group.commands).copied().collect();
        assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), known);
        assert_eq!(listed.len(), known.len(), "a command stands in two groups");
    }

    #[test]
    fn the_first_page_of_help_is_read_at_80_columns() {
        insta::assert_snapshot!("help", page());
        for line in page().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn the_help_of_a_run_names_its_own_options_before_those_of_every_command() {
        let mut command = command();
        command.build();
        let run = command.find_subcommand_mut("run").unwrap().clone().term_width(80).render_help().to_string();
        insta::assert_snapshot!("help_run", run);
    }

    /// Whatever can be typed says what it is, in the same way: a phrase without a full stop.
    #[test]
    fn everything_that_can_be_typed_says_what_it_is() {
        fn walk(command: &Command, path: &str) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && about.chars().count() <= 66 && !about.ends_with('.'), "{path}: {about}");
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty() && !help.ends_with('.'), "{path} {}: {help}", arg.get_id());
            }
            for known in command.get_subcommands() {
                walk(known, &format!("{path} {}", known.get_name()));
            }
        }
        let command = command().about("The incident console");
        walk(&command, "switchback");
    }

    #[test]
    fn every_example_is_a_command_line_that_is_taken() {
        let names: Vec<String> = command().get_subcommands().map(|known| known.get_name().to_owned()).collect();
        let mut taken = 0;
        for name in names.iter().map(String::as_str).chain([""]) {
            for Example { line, .. } in examples(name) {
                let words = words(line);
                assert!(name.is_empty() || words.get(1).is_some_and(|word| word == name), "{line}");
                command().try_get_matches_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
                taken += 1;
            }
        }
        assert!(taken > 30, "{taken}");
    }

    /// As a shell splits it; what follows a pipe or a redirection is not ours.
    fn words(line: &str) -> Vec<String> {
        let ours = line.split(" | ").next().and_then(|line| line.split(" > ").next()).unwrap_or_default();
        shell_words::split(ours).unwrap()
    }
}
