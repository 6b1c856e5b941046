//! Typed variables: how they are declared in the front matter, and which values they accept.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::front_matter::Findings;
use super::model::{Variable, VariableKind};
use crate::diagnostic::did_you_mean;
use crate::estate::Estate;
use crate::ident::{DatabaseId, RegionId};
use crate::time::{Timestamp, parse_duration};
use crate::yaml::{Node, Value};

/// Always there, not to be declared.
pub const BUILT_IN: [&str; 4] = ["MODE", "FROM", "TO", "INCIDENT"];

const TYPES: [&str; 16] = [
    "string",
    "int",
    "bool",
    "duration",
    "timestamp",
    "choice",
    "list",
    "secret",
    "region",
    "database",
    "db",
    "backup",
    "cluster",
    "host",
    "service",
    "check",
];

impl Variable {
    /// Checks a value and gives it the form in which blocks see it (a timestamp becomes UTC, a list space-separated).
    ///
    /// # Errors
    /// A sentence saying what the value should be.
    pub fn accept(&self, text: &str, estate: Option<&Estate>) -> Result<String, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("{} needs a value", self.name));
        }
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(format!("{} may not hold line breaks or control characters", self.name));
        }
        let named = |known: bool, what: &str, all: Vec<&str>| {
            if known {
                return Ok(text.to_owned());
            }
            let help = did_you_mean(text, all).map(|help| format!("; {help}")).unwrap_or_default();
            Err(format!("`{text}` is not a {what} of the estate{help}"))
        };
        match &self.kind {
            VariableKind::Any | VariableKind::Cluster | VariableKind::Host => Ok(text.to_owned()),
            VariableKind::Text { pattern } => whole_match(pattern.as_deref(), text).map(|()| text.to_owned()),
            VariableKind::Int { min, max } => {
                let number: i64 = text.parse().map_err(|_| format!("`{text}` is not a whole number"))?;
                let inside = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
                let bound = |bound: &Option<i64>| bound.map_or("…".to_owned(), |bound| bound.to_string());
                if inside {
                    Ok(number.to_string())
                } else {
                    Err(format!("{number} is outside {} to {}", bound(min), bound(max)))
                }
            }
            VariableKind::Bool => match text.to_lowercase().as_str() {
                "true" | "yes" => Ok("true".to_owned()),
                "false" | "no" => Ok("false".to_owned()),
                _ => Err(format!("`{text}` is neither true nor false")),
            },
            VariableKind::Duration => parse_duration(text).map(|_| text.to_owned()),
            VariableKind::Timestamp => text
                .parse::<Timestamp>()
                .map(|at| format!("{at:.0}"))
                .map_err(|_| format!("`{text}` is not a time with its zone, such as 2026-03-01T09:30:00Z")),
            VariableKind::Choice { of } => {
                if of.iter().any(|choice| choice == text) {
                    Ok(text.to_owned())
                } else {
                    Err(format!("`{text}` is not one of {}", of.join(", ")))
                }
            }
            VariableKind::List { pattern } => {
                let words: Vec<&str> = text.split([',', ' ', '\t']).filter(|word| !word.is_empty()).collect();
                words.iter().try_for_each(|word| whole_match(pattern.as_deref(), word))?;
                Ok(words.join(" "))
            }
            VariableKind::Secret { .. } => Err(format!("{} is a secret: it is never given as a value", self.name)),
            VariableKind::Region
            | VariableKind::Service
            | VariableKind::Check
            | VariableKind::Database
            | VariableKind::Backup => {
                let names = estate.map(|estate| self.names(estate));
                named(
                    names.as_ref().is_none_or(|names| names.contains(&text)),
                    self.kind.name(),
                    names.unwrap_or_default(),
                )
            }
            VariableKind::Db => {
                let (name, region) = text.split_once('@').map_or((text, None), |(name, region)| (name, Some(region)));
                let servers = |estate: &Estate| {
                    estate.database(&DatabaseId::new(name)).is_some_and(|database| {
                        region.is_none_or(|region| database.servers.contains_key(&RegionId::new(region)))
                    })
                };
                let names = estate.iter().flat_map(|estate| &estate.databases).map(|database| database.id.as_str());
                named(estate.is_none_or(servers), "database", names.collect())
            }
        }
    }

    /// What the estate has of this kind, in its order. Regions are never guessed from these: the built-in `$FROM` and
    /// `$TO` are.
    #[must_use]
    pub fn names<'e>(&self, estate: &'e Estate) -> Vec<&'e str> {
        match self.kind {
            VariableKind::Region => estate.regions.iter().map(|region| region.id.as_str()).collect(),
            VariableKind::Service => estate.services.iter().map(|service| service.id.as_str()).collect(),
            VariableKind::Check => estate.checks.iter().map(|check| check.id.as_str()).collect(),
            VariableKind::Database => estate.databases.iter().map(|database| database.id.as_str()).collect(),
            VariableKind::Backup => estate.backups.iter().map(|backup| backup.id.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The value that goes without saying: the estate's only database, backup or service.
    #[must_use]
    pub fn evident<'e>(&self, estate: &'e Estate) -> Option<&'e str> {
        let evident = matches!(self.kind, VariableKind::Database | VariableKind::Backup | VariableKind::Service);
        let names = if evident { self.names(estate) } else { Vec::new() };
        if let [only] = names.as_slice() { Some(only) } else { None }
    }

    /// Fields that a value of this variable also exports, as `NAME_<FIELD>`.
    #[must_use]
    pub const fn fields(&self) -> &'static [&'static str] {
        match self.kind {
            VariableKind::Db => &["NAME", "REGION", "HOST", "PORT", "USER", "DBNAME"],
            VariableKind::Check => &["REGION", "SERVICE"],
            VariableKind::Service => &["TIER"],
            VariableKind::Region => &["TITLE"],
            _ => &[],
        }
    }
}

thread_local! {
    /// Patterns already compiled: values are looked at many times a frame, and compiling one takes milliseconds.
    static COMPILED: RefCell<HashMap<String, Option<regex::Regex>>> = RefCell::default();
}

/// Patterns kept compiled; a runbook has a handful.
const KEPT: usize = 64;

fn whole_match(pattern: Option<&str>, text: &str) -> Result<(), String> {
    let Some(pattern) = pattern else { return Ok(()) };
    let compile = || regex::Regex::new(&format!("^(?:{pattern})$")).ok();
    let matches = COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= KEPT && !compiled.contains_key(pattern) {
            compiled.clear();
        }
        let regex = compiled.entry(pattern.to_owned()).or_insert_with(compile);
        regex.as_ref().map(|regex| regex.is_match(text))
    });
    match matches {
        Some(true) => Ok(()),
        Some(false) => Err(format!("`{text}` does not match `{pattern}`")),
        None => Err(format!("the pattern `{pattern}` cannot be read")),
    }
}

/// Names that a slip is compared with.
const NEAR: usize = 200;

/// Nobody fills in more.
const MOST: usize = 300;

/// Reads `vars:`.
pub(super) fn read(node: &Node, findings: &mut Findings) -> Vec<Variable> {
    if !matches!(node.value, Value::Map(_) | Value::Nothing) {
        findings.error("runbook::vars", &node.span, "`vars` must be a mapping of names", None);
    }
    let mut vars: Vec<Variable> = Vec::new();
    for (name, key, declared) in node.entries() {
        let shaped = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if BUILT_IN.contains(&name) {
            let message = format!("`{name}` is built in and cannot be declared");
            findings.error("runbook::variable-name", &key.span, message, Some("choose another name".to_owned()));
            continue;
        }
        if !shaped {
            let message = format!("`{name}` is not a name of a variable");
            let help = format!("use capitals, digits and `_`: `{}`", name.to_uppercase().replace(['-', ' ', '.'], "_"));
            findings.error("runbook::variable-name", &key.span, message, Some(help));
            continue;
        }
        if vars.iter().any(|var| var.name == name) {
            findings.error("runbook::variable-name", &key.span, format!("`{name}` is declared twice"), None);
            continue;
        }
        if vars.len() == MOST {
            let message = format!("more than {MOST} variables: those from here on are not read");
            findings.error("runbook::vars", &key.span, message, Some("split the runbook".to_owned()));
            break;
        }
        vars.push(declaration(name, declared, findings));
    }
    for at in 0..vars.len() {
        let (earlier, rest) = vars.split_at(at);
        let place = node.entries().find(|(name, ..)| *name == rest[0].name).map(|(_, _, value)| value.span.clone());
        default(&rest[0], earlier, place.unwrap_or_default(), findings);
    }
    vars
}

fn declaration(name: &str, node: &Node, findings: &mut Findings) -> Variable {
    let mut variable =
        Variable { name: name.to_owned(), kind: VariableKind::Any, default: None, prompt: None, from_step: false };
    if let Some(text) = node.text() {
        // `NAME: value` is the short way to write a text with a default.
        variable.default = Some(text.to_owned());
        return variable;
    }
    let get = |wanted: &str| node.entries().find(|(key, ..)| *key == wanted).map(|(_, _, value)| value);
    let text = |wanted: &str| get(wanted).and_then(Node::text).map(str::to_owned);
    let number = |wanted: &str| text(wanted).and_then(|text| text.parse().ok());
    let words = |wanted: &str| match get(wanted).map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    for (key, place, value) in node.entries() {
        let legal = match key {
            "type" | "default" | "prompt" | "from" => true,
            "pattern" => matches!(text("type").as_deref(), None | Some("string" | "list")),
            "min" | "max" => text("type").as_deref() == Some("int"),
            "of" => text("type").as_deref() == Some("choice"),
            _ => false,
        };
        if !legal {
            let help = did_you_mean(key, ["type", "default", "prompt", "pattern", "min", "max", "of", "from"]);
            findings.error("runbook::variable-key", &place.span, format!("`{key}` means nothing for `{name}`"), help);
        } else if matches!(key, "min" | "max") && number(key).is_none() {
            findings.error("runbook::variable-key", &value.span, format!("`{key}` must be a whole number"), None);
        } else if key == "pattern"
            && let Some(pattern) = value.text()
            && regex::Regex::new(pattern).is_err()
        {
            findings.error(
                "runbook::variable-key",
                &value.span,
                format!("the pattern `{pattern}` cannot be read"),
                None,
            );
        }
    }
    variable.default = text("default");
    variable.prompt = text("prompt");
    variable.from_step = text("from").as_deref() == Some("step");
    let kind = text("type").unwrap_or_else(|| "string".to_owned());
    variable.kind = match kind.as_str() {
        "string" => VariableKind::Text { pattern: text("pattern") },
        "int" => VariableKind::Int { min: number("min"), max: number("max") },
        "bool" => VariableKind::Bool,
        "duration" => VariableKind::Duration,
        "timestamp" => VariableKind::Timestamp,
        "choice" => VariableKind::Choice { of: words("of") },
        "list" => VariableKind::List { pattern: text("pattern") },
        "secret" => VariableKind::Secret { from: text("from").unwrap_or_default() },
        "region" => VariableKind::Region,
        "database" => VariableKind::Database,
        "backup" => VariableKind::Backup,
        "db" => VariableKind::Db,
        "cluster" => VariableKind::Cluster,
        "host" => VariableKind::Host,
        "service" => VariableKind::Service,
        "check" => VariableKind::Check,
        _ => {
            let place = get("type").map_or(&node.span, |node| &node.span);
            let help = did_you_mean(&kind, TYPES).unwrap_or_else(|| format!("the types are {}", TYPES.join(", ")));
            findings.error("runbook::variable-type", place, format!("unknown type `{kind}` of `{name}`"), Some(help));
            VariableKind::Any
        }
    };
    sources(&variable, text("from").as_deref(), &node.span, findings);
    variable
}

/// A secret says where it comes from; nothing else may come from elsewhere but a step.
fn sources(variable: &Variable, from: Option<&str>, place: &Range<usize>, findings: &mut Findings) {
    let name = &variable.name;
    match (&variable.kind, from) {
        (VariableKind::Secret { from }, _) if !(from.starts_with("env:") || from.starts_with("cmd:")) => {
            let help = "write `from: \"env:NAME\"` or `from: \"cmd:program arguments\"`".to_owned();
            findings.error(
                "runbook::secret",
                place,
                format!("the secret `{name}` does not say where it is found"),
                Some(help),
            );
        }
        (VariableKind::Secret { .. }, _) if variable.default.is_some() => {
            let help = "take `default` out: a secret is never written down".to_owned();
            findings.error("runbook::secret", place, format!("the secret `{name}` has a default"), Some(help));
        }
        (VariableKind::Int { min: Some(min), max: Some(max) }, _) if min > max => {
            let message = format!("no number is a value of `{name}`: {min} at least and {max} at most");
            findings.error("runbook::variable-key", place, message, Some("write `min` below `max`".to_owned()));
        }
        (VariableKind::Choice { of }, _) if of.is_empty() => {
            let help = "write `of: [one, two]`".to_owned();
            findings.error("runbook::variable-key", place, format!("`{name}` has nothing to choose from"), Some(help));
        }
        (VariableKind::Secret { .. }, _) | (_, None | Some("step")) => {}
        (_, Some(from)) => {
            let help = "write `from: step`, and `out=` on the block that fills it".to_owned();
            findings.error("runbook::variable-key", place, format!("`from: {from}` is for secrets"), Some(help));
        }
    }
}

/// A default uses earlier variables only, and is of its type when it uses none.
fn default(variable: &Variable, earlier: &[Variable], place: Range<usize>, findings: &mut Findings) {
    let Some(text) = &variable.default else { return };
    let references = super::check_line::references(text);
    for (_, _, name) in &references {
        if !known(name, earlier) {
            let message = format!("the default of `{}` uses `${name}`, which is not declared before it", variable.name);
            findings.error("runbook::undeclared", &place, message, nearest(name, earlier));
        }
    }
    if references.is_empty()
        && !matches!(variable.kind, VariableKind::Secret { .. })
        && !text.trim().is_empty()
        && let Err(why) = variable.accept(text, findings.estate)
    {
        findings.error("runbook::variable-default", &place, format!("the default of `{}`: {why}", variable.name), None);
    }
}

/// Whether `$name` means something: built in, declared, or a field of what is declared.
pub(super) fn known(name: &str, vars: &[Variable]) -> bool {
    let field = |var: &Variable| {
        name.strip_prefix(&var.name)
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|field| var.fields().contains(&field))
    };
    BUILT_IN.contains(&name) || vars.iter().any(|var| var.name == name || field(var))
}

pub(super) fn nearest(name: &str, vars: &[Variable]) -> Option<String> {
    let fields: Vec<String> = vars
        .iter()
        .take(NEAR)
        .flat_map(|var| var.fields().iter().map(move |field| format!("{}_{field}", var.name)))
        .collect();
    let owner = vars.iter().find(|var| !var.fields().is_empty() && name.starts_with(&format!("{}_", var.name)));
    let known = BUILT_IN.into_iter().chain(vars.iter().map(|var| var.name.as_str()));
    // Among very many names everything is near to something.
    let known = known.chain(fields.iter().map(String::as_str)).take(NEAR);
    let slip = did_you_mean(name, known);
    let exported = || {
        owner.map(|var| {
            let names: Vec<String> = var.fields().iter().map(|field| format!("{}_{field}", var.name)).collect();
            format!("`{}` gives {}", var.name, names.join(", "))
        })
    };
    slip.or_else(exported).or_else(|| Some(format!("declare `{name}` under `vars:` in the front matter")))
}
