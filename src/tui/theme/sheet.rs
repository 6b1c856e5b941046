//! A theme's file: `inherits`, `[palette]` with names for colours, `[roles]` with a colour or a table for each role.
//!
//! Every mistake is found at once, each with its place and remedy.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::diagnostic::{Diagnostic, did_you_mean};
use domain::toml_text::{errors, word};
use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Role;
use super::color;

/// What a file says over what it builds on.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    palette: BTreeMap<String, Color>,
    roles: BTreeMap<String, Look>,
}

/// Colours stay names until the last file has had its say of the palette.
#[derive(Clone, Debug, Default)]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    attributes: Modifier,
}

/// The name behind `inherits`, and where it stands.
pub(super) struct Parent {
    pub name: String,
    pub span: Range<usize>,
}

const KEYS: [&str; 3] = ["inherits", "palette", "roles"];
const LOOK_KEYS: [&str; 3] = ["fg", "bg", "attributes"];
const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

type Value<'t, 'i> = &'t Spanned<DeValue<'i>>;

/// What a text builds on: looked at alone, because the parent has to be read first.
pub(super) fn parent(text: &str) -> Option<Parent> {
    let (file, _) = DeTable::parse_recoverable(text);
    let value = file.get_ref().get("inherits")?;
    value.get_ref().as_str().map(|name| Parent { name: name.to_owned(), span: value.span() })
}

impl Sheet {
    /// `text` over `base`.
    ///
    /// # Errors
    /// Everything that is wrong with the text, in the order of its lines.
    pub(super) fn over(base: Self, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let (file, syntax) = DeTable::parse_recoverable(text);
        let (syntax, broken) = errors("theme::syntax", text, &syntax);
        let mut reader = Reader { sheet: base, found: Vec::new() };
        reader.file(file.get_ref());
        // What the recovery made of a broken line is not what was written there.
        reader.found.retain(|found| !broken.iter().any(|line| line.contains(&found.span.start)));
        let mut found = syntax;
        found.append(&mut reader.found);
        found.sort_by_key(|found| (found.span.start, found.span.end));
        if found.is_empty() { Ok(reader.sheet) } else { Err(found) }
    }

    /// A dotted role falls back to its stem, and what is not given looks like text.
    pub(super) fn styles(&self) -> [Style; Role::ALL.len()] {
        let own = |name: &str| self.roles.get(name).map(|look| self.style(look));
        let text = own("text").unwrap_or_default();
        Role::ALL.map(|role| {
            let given = own(role.name()).or_else(|| stem(role.name()).and_then(own));
            given.unwrap_or(if matches!(role, Role::Background | Role::Overlay) { Style::new() } else { text })
        })
    }

    fn style(&self, look: &Look) -> Style {
        let color = |name: &String| self.color(name);
        let style =
            Style { fg: look.fg.as_ref().and_then(color), bg: look.bg.as_ref().and_then(color), ..Style::new() };
        style.add_modifier(look.attributes)
    }

    fn color(&self, name: &str) -> Option<Color> {
        self.palette.get(name).copied().or_else(|| color::parse(name))
    }
}

fn stem(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(stem, _)| stem)
}

struct Reader {
    sheet: Sheet,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn error(&mut self, code: &'static str, span: Range<usize>, message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, span, message).help(help));
    }

    fn file(&mut self, file: &DeTable<'_>) {
        self.known(file, &KEYS, "a theme");
        if let Some(value) = file.get("inherits").filter(|value| !value.get_ref().is_str()) {
            self.not(value, "the name of a theme", "write inherits = \"dark\"");
        }
        // The palette first: roles name its colours.
        for (name, value) in self.table(file, "palette", "NAME = \"#rrggbb\"") {
            if let Some(text) = self.text(value, "a colour", "write it in quotes: \"#rrggbb\"") {
                match color::parse(&text) {
                    Some(color) => drop(self.sheet.palette.insert(name.get_ref().to_string(), color)),
                    None => self.no_color(value, &text, "no colour"),
                }
            }
        }
        for (name, value) in self.table(file, "roles", "ROLE = \"a colour\"") {
            let role = name.get_ref();
            if !Role::ALL.iter().any(|known| known.name() == role || stem(known.name()) == Some(role)) {
                let help = did_you_mean(role, Role::ALL.iter().map(|role| role.name()))
                    .unwrap_or_else(|| "docs/themes.md lists the roles".to_owned());
                self.error("theme::unknown-role", name.span(), format!("`{role}` is not a role"), help);
                continue;
            }
            if let Some(look) = self.look(value) {
                self.sheet.roles.insert(role.to_string(), look);
            }
        }
    }

    fn look(&mut self, value: Value<'_, '_>) -> Option<Look> {
        if value.get_ref().is_str() {
            return self.color(value).map(|fg| Look { fg: Some(fg), ..Look::default() });
        }
        let Some(table) = value.get_ref().as_table() else {
            self.not(value, "a colour or a table", "write \"red\", or { fg = \"red\", attributes = [\"bold\"] }");
            return None;
        };
        self.known(table, &LOOK_KEYS, "a role");
        let fg = table.get("fg").and_then(|value| self.color(value));
        let bg = table.get("bg").and_then(|value| self.color(value));
        let attributes = table.get("attributes").map_or(Modifier::empty(), |value| self.attributes(value));
        Some(Look { fg, bg, attributes })
    }

    fn attributes(&mut self, value: Value<'_, '_>) -> Modifier {
        const LIST: &str = "write a list: attributes = [\"bold\"]";
        let Some(items) = value.get_ref().as_array() else {
            self.not(value, "a list of attributes", LIST);
            return Modifier::empty();
        };
        let mut all = Modifier::empty();
        for item in items {
            let Some(name) = self.text(item, "an attribute", LIST) else { continue };
            match ATTRIBUTES.iter().find(|(known, _)| *known == name) {
                Some((_, modifier)) => all |= *modifier,
                None => {
                    let known = ATTRIBUTES.map(|(name, _)| name);
                    let help = did_you_mean(&name, known).unwrap_or_else(|| format!("there are {}", known.join(", ")));
                    self.error("theme::unknown-attribute", item.span(), format!("`{name}` is not an attribute"), help);
                }
            }
        }
        all
    }

    /// The name of a colour that there is.
    fn color(&mut self, value: Value<'_, '_>) -> Option<String> {
        let text = self.text(value, "a colour", "write it in quotes: \"red\" or \"#rrggbb\"")?;
        if self.sheet.color(&text).is_none() {
            self.no_color(value, &text, "neither a colour nor in the palette");
            return None;
        }
        Some(text)
    }

    fn no_color(&mut self, value: Value<'_, '_>, text: &str, what: &str) {
        let known = self.sheet.palette.keys().map(String::as_str).chain(color::NAMES.iter().map(|(name, _)| *name));
        let help = did_you_mean(text, known).unwrap_or_else(|| {
            "a colour is \"#rrggbb\", a name such as \"bright-red\", or \"0\" to \"255\"".to_owned()
        });
        self.error("theme::unknown-colour", value.span(), format!("`{text}` is {what}"), help);
    }

    fn known(&mut self, table: &DeTable<'_>, keys: &[&'static str], of: &str) {
        for (name, _) in table {
            let key = name.get_ref().as_ref();
            if !keys.contains(&key) {
                let help = did_you_mean(key, keys.iter().copied())
                    .unwrap_or_else(|| format!("its keys are {}", keys.join(", ")));
                self.error("theme::unknown-key", name.span(), format!("{of} has no key `{key}`"), help);
            }
        }
    }

    fn table<'t, 'i>(
        &mut self,
        file: &'t DeTable<'i>,
        key: &str,
        line: &str,
    ) -> impl Iterator<Item = (&'t Spanned<toml::de::DeString<'i>>, Value<'t, 'i>)> + use<'t, 'i> {
        let value = file.get(key);
        if let Some(value) = value.filter(|value| !value.get_ref().is_table()) {
            self.not(value, "a table", &format!("write `[{key}]` on a line of its own, then {line} lines"));
        }
        value.and_then(|value| value.get_ref().as_table()).into_iter().flatten()
    }

    fn text(&mut self, value: Value<'_, '_>, what: &str, help: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.not(value, what, help);
        }
        text
    }

    fn not(&mut self, value: Value<'_, '_>, what: &str, help: &str) {
        self.error("theme::wrong-value", value.span(), format!("this is {}, not {what}", word(value.get_ref())), help);
    }
}
