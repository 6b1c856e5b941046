//! A theme's file: `inherits`, `[palette]` with names for colours, `[roles]` with a colour or a table for each role.

use std::collections::BTreeMap;

use domain::diagnostic::did_you_mean;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::color;
use super::{Role, SHIPPED};

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThemeError {
    Syntax(String),
    UnknownTheme { name: String, help: Option<String> },
    UnknownRole { name: String, help: Option<String> },
    UnknownColor { role: String, name: String, help: Option<String> },
    UnknownAttribute { role: String, name: String },
}

impl std::fmt::Display for ThemeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let helped = |help: &Option<String>| help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
        match self {
            Self::Syntax(message) => f.write_str(message.trim_end()),
            Self::UnknownTheme { name, help } => write!(f, "`inherits` names no theme `{name}`{}", helped(help)),
            Self::UnknownRole { name, help } => write!(f, "`{name}` is not a role{}", helped(help)),
            Self::UnknownColor { role, name, help } => {
                write!(f, "`{role}`: `{name}` is neither a colour nor in the palette{}", helped(help))
            }
            Self::UnknownAttribute { role, name } => {
                write!(f, "`{role}`: `{name}` is not one of {}", ATTRIBUTES.map(|(name, _)| name).join(", "))
            }
        }
    }
}

impl std::error::Error for ThemeError {}

const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    inherits: Option<String>,
    #[serde(default)]
    palette: BTreeMap<String, String>,
    #[serde(default)]
    roles: BTreeMap<String, Look>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Look {
    Color(String),
    Full {
        fg: Option<String>,
        bg: Option<String>,
        #[serde(default)]
        attributes: Vec<String>,
    },
}

/// A shipped theme that inherits from a shipped theme is as deep as it goes.
const DEEPEST: usize = 4;

pub(super) fn read(text: &str) -> Result<[Style; Role::ALL.len()], ThemeError> {
    let file = merged(text, DEEPEST)?;
    let mut looks: BTreeMap<&str, Style> = BTreeMap::new();
    for (name, look) in &file.roles {
        let stem_exists = Role::ALL.iter().any(|role| role.name() == name || stem(role.name()) == Some(name));
        if !stem_exists {
            let help = did_you_mean(name, Role::ALL.iter().map(|role| role.name()));
            return Err(ThemeError::UnknownRole { name: name.clone(), help });
        }
        looks.insert(name, style(name, look, &file.palette)?);
    }
    let text = looks.get("text").copied().unwrap_or_default();
    Ok(Role::ALL.map(|role| {
        let name = role.name();
        let own = looks.get(name).or_else(|| stem(name).and_then(|stem| looks.get(stem))).copied();
        own.unwrap_or(if matches!(role, Role::Background | Role::Overlay) { Style::new() } else { text })
    }))
}

fn stem(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(stem, _)| stem)
}

/// The file over what it inherits: later palettes and roles replace earlier ones.
fn merged(text: &str, deepest: usize) -> Result<File, ThemeError> {
    let own: File = toml::from_str(text).map_err(|error| ThemeError::Syntax(error.to_string()))?;
    let Some(parent) = &own.inherits else { return Ok(own) };
    let shipped = SHIPPED.iter().find(|(name, _)| name == parent).filter(|_| deepest > 0);
    let Some((_, parent_text)) = shipped else {
        let help = did_you_mean(parent, SHIPPED.iter().map(|(name, _)| *name));
        return Err(ThemeError::UnknownTheme { name: parent.clone(), help });
    };
    let mut base = merged(parent_text, deepest - 1)?;
    base.palette.extend(own.palette);
    base.roles.extend(own.roles);
    Ok(base)
}

fn style(role: &str, look: &Look, palette: &BTreeMap<String, String>) -> Result<Style, ThemeError> {
    let color = |name: &String| resolve(role, name, palette);
    match look {
        Look::Color(name) => Ok(Style::new().fg(color(name)?)),
        Look::Full { fg, bg, attributes } => {
            let mut style = Style::new();
            style.fg = fg.as_ref().map(color).transpose()?;
            style.bg = bg.as_ref().map(color).transpose()?;
            for name in attributes {
                let (_, modifier) = ATTRIBUTES
                    .iter()
                    .find(|(known, _)| known == name)
                    .ok_or_else(|| ThemeError::UnknownAttribute { role: role.to_owned(), name: name.clone() })?;
                style = style.add_modifier(*modifier);
            }
            Ok(style)
        }
    }
}

fn resolve(role: &str, name: &str, palette: &BTreeMap<String, String>) -> Result<Color, ThemeError> {
    let text = palette.get(name).map_or(name, String::as_str);
    color::parse(text).ok_or_else(|| {
        let known = palette.keys().map(String::as_str).chain(color::NAMES.iter().map(|(name, _)| *name));
        ThemeError::UnknownColor { role: role.to_owned(), name: name.to_owned(), help: did_you_mean(text, known) }
    })
}
