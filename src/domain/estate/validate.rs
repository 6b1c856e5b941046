//! The file against the table of its keys: unknown keys, wrong values, names of things that do not exist, secrets.
//! Reports everything it finds; building takes what is right afterwards.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::schema::{FILE, Key, Kind, Names, SECTIONS, Section, Variant};
use super::secret::{self, SECRET_HEADERS, Where};
use super::source::{SecretSource, SourceProblem};
use super::value::{self, Problem};
use crate::diagnostic::{Diagnostic, did_you_mean};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    /// Contents of values that are secrets.
    pub secrets: Vec<Range<usize>>,
}

/// The entries of a table in the order of the file.
pub(super) fn entries<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t str, Range<usize>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

/// Checks the whole file.
pub(super) fn validate(file: &DeTable<'_>) -> Findings {
    let defined = |table: &str| -> Vec<String> {
        let table = file.get(table).and_then(|value| value.get_ref().as_table());
        table.map(|table| entries(table).into_iter().map(|(name, ..)| name.to_owned()).collect()).unwrap_or_default()
    };
    let names = Names::ALL.into_iter().map(|names| (names, defined(names.table()))).collect();
    let mut walk = Walk { names, alerts: defined("notify"), found: Findings::default() };
    walk.table(&FILE, file, 0..0, "the estate");
    walk.found
}

struct Walk {
    names: BTreeMap<Names, Vec<String>>,
    /// Channels of alerts.
    alerts: Vec<String>,
    found: Findings,
}

impl Walk {
    fn error(&mut self, code: &'static str, span: Range<usize>, message: String, help: Option<String>) {
        let mut diagnostic = Diagnostic::error(code, span, message);
        diagnostic.help = help;
        self.found.diagnostics.push(diagnostic);
    }

    fn table(&mut self, section: &'static Section, table: &DeTable<'_>, span: Range<usize>, place: &str) {
        let word = section.variants().iter().find(|variant| {
            table.get("type").and_then(|value| value.get_ref().as_str()).is_some_and(|word| word == variant.word)
        });
        // Keys that belong to what this entry is; all of them when it does not say.
        let own = word.map_or(&[][..], |variant| variant.keys);
        let untyped = section.keys.iter().any(|key| key.name == "type" && !key.needed) && !table.contains_key("type");
        let known = || match word {
            None if !untyped => section.every_key().collect::<Vec<_>>(),
            _ => section.keys.iter().chain(own).collect(),
        };
        for (name, key_span, value) in entries(table) {
            match known().into_iter().find(|key| key.name == name) {
                Some(key) => self.value(&key.kind, value, &format!("`{name}`")),
                None => {
                    let (code, message, help) = unknown_key(section, word, name, place, &known());
                    self.error(code, key_span, message, Some(help));
                }
            }
        }
        for key in section.keys.iter().chain(own).filter(|key| key.needed && !table.contains_key(key.name)) {
            let help = format!("add `{} = …`: {}", key.name, key.kind.expectation());
            self.error("estate::missing-key", span.clone(), format!("{place} has no `{}`", key.name), Some(help));
        }
    }

    fn value(&mut self, kind: &'static Kind, value: &Spanned<DeValue<'_>>, place: &str) {
        let span = value.span();
        let inner = value.get_ref();
        match kind {
            Kind::Table(section) => match inner.as_table() {
                Some(table) => self.table(section, table, span, place),
                None => self.not(kind, place, span),
            },
            Kind::Named(section) => match inner.as_table() {
                Some(table) => {
                    for (name, key_span, item) in entries(table) {
                        self.name_itself(name, key_span);
                        match item.get_ref().as_table() {
                            Some(fields) => self.table(section, fields, item.span(), &format!("`{name}`")),
                            None => self.not(&Kind::Table(section), &format!("`{name}`"), item.span()),
                        }
                    }
                }
                None => self.not(kind, place, span),
            },
            Kind::List(section) => match inner.as_array() {
                Some(items) => {
                    for item in items {
                        match item.get_ref().as_table() {
                            Some(fields) => {
                                let name = fields.get("name").and_then(|name| name.get_ref().as_str());
                                let place =
                                    name.map_or_else(|| format!("this entry of {place}"), |name| format!("`{name}`"));
                                self.table(section, fields, item.span(), &place);
                            }
                            None => self.not(&Kind::Table(section), place, item.span()),
                        }
                    }
                }
                None => self.not(kind, place, span),
            },
            Kind::ListOrTexts(section) => match inner.as_array() {
                Some(items) => {
                    for item in items {
                        match (item.get_ref().as_table(), scalar(&Kind::Text, item.get_ref())) {
                            (Some(fields), _) => {
                                self.table(section, fields, item.span(), &format!("this entry of {place}"));
                            }
                            (None, Err(problem)) => self.problem(problem, item.span()),
                            (None, Ok(())) => {}
                        }
                    }
                }
                None => self.not(kind, place, span),
            },
            Kind::PerRegion(each) => match inner.as_table() {
                Some(table) => {
                    for (name, key_span, item) in entries(table) {
                        self.reference(Names::Region, name, key_span);
                        self.value(each, item, &format!("{place} of `{name}`"));
                    }
                }
                None => self.not(kind, place, span),
            },
            Kind::Name(names) => match value::name(kind, inner) {
                Ok(name) => self.reference(*names, &name, span),
                Err(problem) => self.problem(problem, span),
            },
            Kind::NameList(names) => match inner.as_array() {
                Some(items) => {
                    for item in items {
                        match value::name(&Kind::Name(*names), item.get_ref()) {
                            Ok(name) => self.reference(*names, &name, item.span()),
                            Err(problem) => self.problem(problem, item.span()),
                        }
                    }
                }
                None => self.not(kind, place, span),
            },
            _ => {
                if let Err(problem) = scalar(kind, inner) {
                    self.problem(problem, span.clone());
                }
                self.secrets(kind, value);
            }
        }
    }

    fn problem(&mut self, problem: Problem, span: Range<usize>) {
        self.error(problem.code, span, problem.message, problem.help);
    }

    fn not(&mut self, kind: &Kind, place: &str, span: Range<usize>) {
        self.error("estate::type", span, format!("{place} has to be {}", kind.expectation()), None);
    }

    fn reference(&mut self, names: Names, name: &str, span: Range<usize>) {
        let known = &self.names[&names];
        if known.iter().any(|known| known == name) {
            return;
        }
        let for_alerts = names == Names::Channel && self.alerts.iter().any(|alerts| alerts == name);
        let help = did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| {
            if for_alerts {
                format!("[notify.{name}] tells of alerts and is never told an update: add a [channels.NAME] for it")
            } else if known.is_empty() {
                format!("the file has no [{}.{name}]", names.table())
            } else {
                format!("the file has {}; or add [{}.{name}]", known.join(", "), names.table())
            }
        });
        self.error("estate::unknown-name", span, format!("there is no {} `{name}`", names.word()), Some(help));
    }

    /// Names stand in commands, addresses and file names: they are kept plain.
    fn name_itself(&mut self, name: &str, span: Range<usize>) {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.len() <= 64;
        if !plain {
            let help = "use letters, digits, `-`, `_` and `.`, at most 64, the first a letter or a digit".to_owned();
            self.error("estate::name", span, format!("`{name}` cannot be a name"), Some(help));
        }
    }

    fn secrets(&mut self, kind: &Kind, value: &Spanned<DeValue<'_>>) {
        let place = match kind {
            Kind::Dsn => Where::Dsn,
            Kind::Url | Kind::Proxy | Kind::UrlOrHostPort | Kind::RedisUrl | Kind::UrlList => Where::Url,
            Kind::UrlOrSecret => Where::Hook,
            Kind::Secret => return self.literal_secret(value),
            Kind::Argv | Kind::PathOrArgv => Where::Argv,
            Kind::PublicKeys => return self.private_key(value),
            Kind::Headers => return self.secret_headers(value.get_ref()),
            _ => return,
        };
        let items: Vec<&Spanned<DeValue<'_>>> =
            value.get_ref().as_array().map_or_else(|| vec![value], |items| items.iter().collect());
        for item in items {
            if item.get_ref().as_str().is_some_and(|text| secret::holds(place, text)) {
                let help = match place {
                    Where::Dsn => {
                        "keep it in ~/.pgpass or in the service file (service=NAME): both are read as psql does"
                    }
                    Where::Url => {
                        "an address without credentials is enough for a health check; else send a header with env:NAME"
                    }
                    Where::Hook => "write url = \"env:NAME\" or \"file:/path\": the address is taken from there",
                    Where::Argv => "let the command read it from its environment or from a file",
                };
                self.error("estate::secret", item.span(), "a secret is written here".to_owned(), Some(help.to_owned()));
                self.found.secrets.push(item.span());
            }
        }
    }

    /// Reported with its value; here it is hidden.
    fn literal_secret(&mut self, value: &Spanned<DeValue<'_>>) {
        let text = value.get_ref().as_str();
        if text.is_some_and(|text| SecretSource::parse(text) == Err(SourceProblem::Literal)) {
            self.found.secrets.push(value.span());
        }
    }

    /// Reported with its value; here it is hidden.
    fn private_key(&mut self, value: &Spanned<DeValue<'_>>) {
        let array = value.get_ref().as_array();
        let items: Vec<&Spanned<DeValue<'_>>> = array.map_or_else(|| vec![value], |items| items.iter().collect());
        let private =
            items.into_iter().filter(|item| item.get_ref().as_str().is_some_and(|text| text.contains("PRIVATE KEY")));
        self.found.secrets.extend(private.map(Spanned::span));
    }

    fn secret_headers(&mut self, headers: &DeValue<'_>) {
        let Some(table) = headers.as_table() else { return };
        for (name, _, value) in entries(table) {
            let literal = value.get_ref().as_str().is_some_and(|text| !text.starts_with("env:"));
            if literal && SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                let help = format!("write {name} = \"env:NAME\": its value is taken from that environment variable");
                self.error("estate::secret", value.span(), "a secret is written here".to_owned(), Some(help));
                self.found.secrets.push(value.span());
            }
        }
    }
}

/// Code, message and remedy.
fn unknown_key(
    section: &Section,
    word: Option<&Variant>,
    name: &str,
    place: &str,
    known: &[&Key],
) -> (&'static str, String, String) {
    let others = section.variants().iter().filter(|variant| variant.keys.iter().any(|key| key.name == name));
    let others: Vec<&str> = others.map(|variant| variant.word).collect();
    if let (Some(word), false) = (word, others.is_empty()) {
        let message = format!("`{name}` belongs to type {}, and this is {}", others.join(" or "), word.word);
        return ("estate::wrong-key", message, "remove it, or change the type".to_owned());
    }
    let names = known.iter().map(|key| key.name);
    let help = did_you_mean(name, names.clone()).or_else(|| elsewhere(name, section));
    let help = help.unwrap_or_else(|| format!("known here: {}", names.collect::<Vec<_>>().join(", ")));
    ("estate::unknown-key", format!("`{name}` is not known in {place}"), help)
}

fn scalar(kind: &Kind, inner: &DeValue<'_>) -> Result<(), Problem> {
    match kind {
        Kind::Text => value::text(kind, inner).map(drop),
        Kind::Duration => value::duration(inner).map(drop),
        Kind::DurationOr(word) => value::duration_or(word)(inner).map(drop),
        Kind::Objective => value::objective(inner).map(drop),
        Kind::Count { .. } => value::count(kind, inner).map(drop),
        Kind::Number => value::number(inner).map(drop),
        Kind::Share => value::share(inner).map(drop),
        Kind::Bool => value::boolean(inner).map(drop),
        Kind::Percent => value::percent(inner).map(drop),
        Kind::TimeZone => value::time_zone(inner).map(drop),
        Kind::Word(words) => value::word(words, inner).map(drop),
        Kind::Type(variants) => value::variant(variants, inner).map(drop),
        Kind::DownWhen => value::down_when(inner).map(drop),
        Kind::Quorum => value::quorum(inner).map(drop),
        Kind::Resolvers => value::resolvers(inner).map(drop),
        Kind::FailWhen => value::fail_when(inner).map(drop),
        Kind::TextList => value::texts(kind, inner).map(drop),
        Kind::Argv => value::argv(inner).map(drop),
        Kind::PathOrArgv => value::mirror(inner).map(drop),
        Kind::StatusRanges => value::status_ranges(inner).map(drop),
        Kind::Url => value::url(inner).map(drop),
        Kind::UrlOrSecret => value::endpoint(inner).map(drop),
        Kind::Secret => value::secret(inner).map(drop),
        Kind::Mailbox => value::mailbox(inner).map(drop),
        Kind::MailboxList => value::mailboxes(inner).map(drop),
        Kind::RedisUrl => value::redis_url(inner).map(drop),
        Kind::UrlList => value::urls(inner).map(drop),
        Kind::Ready => value::ready(inner).map(drop),
        Kind::HostPort => value::host_port(inner).map(drop),
        Kind::Proxy => value::url(inner).map(drop),
        Kind::Bytes => value::bytes(inner).map(drop),
        Kind::Family => value::family(inner).map(drop),
        Kind::UrlOrHostPort => value::url_or_host_port(inner).map(drop),
        Kind::SocketAddress => value::socket_address(inner).map(drop),
        Kind::Dsn => value::dsn(inner).map(drop),
        Kind::Regex => value::regex(inner).map(drop),
        Kind::Numbers => value::numbers(inner).map(drop),
        Kind::RoleList => value::roles(inner).map(drop),
        Kind::PublicKeys => value::public_keys(inner).map(drop),
        Kind::Headers => value::headers(inner).map(drop),
        Kind::Values => value::values(inner).map(drop),
        Kind::Name(_)
        | Kind::NameList(_)
        | Kind::Table(_)
        | Kind::Named(_)
        | Kind::List(_)
        | Kind::ListOrTexts(_)
        | Kind::PerRegion(_) => Ok(()),
    }
}

/// Where a key that is not known here is known.
fn elsewhere(name: &str, here: &Section) -> Option<String> {
    let mut places = SECTIONS.iter().filter(|(_, section)| !std::ptr::eq(*section, here));
    places.find(|(_, section)| section.key(name).is_some()).map(|(heading, _)| match *heading {
        "The top of the file" => format!("`{name}` stands at the top of the file, before the first [table]"),
        heading => format!("`{name}` belongs in {heading}"),
    })
}
