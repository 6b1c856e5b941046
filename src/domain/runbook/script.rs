//! Variables in shell, SQL, HTTP and Route 53 blocks: every name must mean something, and stand where a value may.

use std::collections::HashMap;

use super::check_line::references;
use super::environment::passes_on;
use super::front_matter::Findings;
use super::http::HttpRequest;
use super::model::{Variable, VariableKind};
use super::outline::Fence;
use super::sql::Quoting;
use super::{shell, sql, variables};
use crate::route53::{self, Filling};

/// Set by the shell itself, or by the console for what it runs.
const SHELL: [&str; 28] = [
    "TERM",
    "SWITCHBACK_OUT",
    "PWD",
    "OLDPWD",
    "IFS",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "LINENO",
    "EPOCHSECONDS",
    "EPOCHREALTIME",
    "HOSTNAME",
    "UID",
    "EUID",
    "PPID",
    "REPLY",
    "OPTARG",
    "OPTIND",
    "FUNCNAME",
    "PIPESTATUS",
    "BASHPID",
    "BASH_REMATCH",
    "BASH_SOURCE",
    "BASH_VERSION",
    "BASH_LINENO",
    "MAPFILE",
    "SHLVL",
    "_",
];

/// The shell, or the environment that passes on, sets it.
pub(super) fn from_outside(name: &str, pass_env: &[String]) -> bool {
    SHELL.contains(&name) || passes_on(name, pass_env)
}

/// Names that were looked up already: a long block names the same few over and over.
struct Seen<'a> {
    vars: &'a [Variable],
    names: HashMap<&'a str, (Option<&'a Variable>, bool)>,
}

impl<'a> Seen<'a> {
    fn new(vars: &'a [Variable]) -> Self {
        Self { vars, names: HashMap::new() }
    }

    /// The variable of this name, and whether the name means anything.
    fn look(&mut self, name: &'a str) -> (Option<&'a Variable>, bool) {
        let vars = self.vars;
        *self
            .names
            .entry(name)
            .or_insert_with(|| (vars.iter().find(|variable| variable.name == name), variables::known(name, vars)))
    }
}

pub(super) fn shell(fence: &Fence, vars: &[Variable], pass_env: &[String], findings: &mut Findings<'_>) {
    let script = shell::read(&fence.text);
    let mut seen = Seen::new(vars);
    for used in &script.uses {
        if findings.full() {
            return;
        }
        let place = fence.source(used.at..used.at + used.name.len() + 1);
        let (variable, known) = seen.look(used.name);
        let own = script.sets.contains(used.name);
        if !own && !from_outside(used.name, pass_env) && !used.has_default && !known {
            let message = format!("`${}` is neither declared nor set in this block", used.name);
            findings.error("runbook::undeclared", &place, message, variables::nearest(used.name, vars));
            continue;
        }
        let Some(variable) = variable.filter(|_| !own) else { continue };
        match variable.kind {
            VariableKind::Secret { .. } if used.in_arguments => {
                let message = format!("the secret `${}` is an argument: it shows in the list of processes", used.name);
                let help = "pass it on standard input, in a file, or by the program's own variable";
                findings.warning("runbook::secret-argument", &place, message, help);
            }
            VariableKind::Text { .. } | VariableKind::Any | VariableKind::Secret { .. } if !used.quoted => {
                let message =
                    format!("`${}` is not quoted: a space in its value would make two words of it", used.name);
                let help = format!("write \"${}\"", used.name);
                findings.warning("runbook::unquoted", &place, message, &help);
            }
            _ => {}
        }
    }
}

pub(super) fn sql(fence: &Fence, vars: &[Variable], findings: &mut Findings<'_>) {
    let mut seen = Seen::new(vars);
    for placeholder in sql::placeholders(&fence.text) {
        if findings.full() {
            return;
        }
        let name = placeholder.name;
        let place = fence.source(placeholder.at.clone());
        match placeholder.quoting {
            Quoting::Bare | Quoting::Dollar => {
                let written = &fence.text[placeholder.at];
                let message = format!("`{written}` is not how a value stands in SQL");
                let help = format!("write :'{name}' for a value, :\"{name}\" for a name");
                findings.error("runbook::sql-value", &place, message, Some(help));
            }
            Quoting::Literal | Quoting::Identifier if !seen.look(name).1 => {
                let message = format!("`{name}` is not declared");
                findings.error("runbook::undeclared", &place, message, variables::nearest(name, vars));
            }
            Quoting::Literal | Quoting::Identifier => {}
        }
    }
}

pub(super) fn http(fence: &Fence, vars: &[Variable], findings: &mut Findings<'_>) {
    if let Err((at, why)) = HttpRequest::read(&fence.text) {
        let length = fence.text.get(at..).map_or(0, |rest| rest.lines().next().unwrap_or_default().len());
        findings.error("runbook::http", &fence.source(at..at + length), why, None);
    }
    declared(fence, vars, findings);
}

pub(super) fn route53(fence: &Fence, vars: &[Variable], findings: &mut Findings<'_>) {
    if !fence.text.trim().is_empty() {
        for wrong in route53::read(&fence.text, Filling::Later).err().unwrap_or_default() {
            findings.error("runbook::route53", &fence.source(wrong.at), wrong.message, wrong.help);
        }
    }
    declared(fence, vars, findings);
}

/// Every `$NAME` is one of the runbook's variables.
fn declared(fence: &Fence, vars: &[Variable], findings: &mut Findings<'_>) {
    let mut seen = Seen::new(vars);
    for (at, length, name) in references(&fence.text) {
        if findings.full() {
            return;
        }
        if !seen.look(name).1 {
            let place = fence.source(at..at + length);
            findings.error(
                "runbook::undeclared",
                &place,
                format!("`${name}` is not declared"),
                variables::nearest(name, vars),
            );
        }
    }
}
