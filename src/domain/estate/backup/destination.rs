//! A place where copies of a backup set lie.

use std::time::Duration;

use toml::de::DeValue;

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, Section, key, needed};
use super::super::value;
use super::{Around, BackupSource, KINDS};
use crate::diagnostic::Diagnostic;

const ROLES: &[&str] = &["primary", "secondary", "tertiary", "local"];

/// `[[backups.NAME.destinations]]`.
pub(in crate::estate) static SECTION: Section = Section {
    about: "A place where copies of a backup set lie, with an age of its own: read by a source of its own (`type` and \
            the keys of that type, see `probes.md`), or told by the source of the set, which calls it `told_as`. \
            Without either its age is unknown, and says so.",
    keys: &KEYS,
};

static KEYS: [Key; 6] = [
    needed("name", Kind::Text, "What it is called on the screen."),
    key("role", Kind::Word(ROLES), "by its place in the list", "Which copy it is."),
    key("type", Kind::Type(KINDS), "none", "Where its age is read."),
    key("told_as", Kind::Text, "its name", "What the set's own source calls it: `repo2` of pgBackRest."),
    key("every", Kind::Duration, "that of the set", "How often a copy is expected there."),
    key("timeout", Kind::Duration, "that of the set", "After this nothing is known of it."),
];

/// Which copy it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DestinationRole {
    #[default]
    Primary,
    Secondary,
    Tertiary,
    Local,
}

impl DestinationRole {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Local => "local",
        }
    }

    /// By its place in a list.
    #[must_use]
    pub const fn at(place: usize) -> Self {
        match place {
            0 => Self::Primary,
            1 => Self::Secondary,
            _ => Self::Tertiary,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Destination {
    pub name: String,
    pub role: DestinationRole,
    /// Read for this place alone.
    pub source: Option<BackupSource>,
    /// What the set's own source calls it.
    pub told_as: String,
    pub every: Option<Duration>,
    pub timeout: Option<Duration>,
}

impl Destination {
    /// The entries of `destinations`: names, or tables.
    pub(in crate::estate) fn all(
        fields: &Fields<'_, '_>,
        around: &Around<'_>,
        report: &mut Vec<Diagnostic>,
    ) -> Vec<Self> {
        let items = fields.table.get("destinations").and_then(|value| value.get_ref().as_array());
        let items = items.map(|items| items.iter().collect::<Vec<_>>()).unwrap_or_default();
        let each = items.into_iter().enumerate().filter_map(|(place, item)| match item.get_ref() {
            DeValue::String(name) => Some(Self {
                name: name.to_string(),
                role: DestinationRole::at(place),
                source: None,
                told_as: name.to_string(),
                every: None,
                timeout: None,
            }),
            _ => Self::read(&Fields::of(item)?, place, around, report),
        });
        each.collect()
    }

    fn read(fields: &Fields<'_, '_>, place: usize, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let name = fields.text("name")?;
        let source = if fields.has("type") { Some(BackupSource::read(fields, around, report)?) } else { None };
        let role = match fields.word("role", ROLES) {
            Some("primary") => DestinationRole::Primary,
            Some("secondary") => DestinationRole::Secondary,
            Some("tertiary") => DestinationRole::Tertiary,
            Some(_) => DestinationRole::Local,
            None => DestinationRole::at(place),
        };
        Some(Self {
            role,
            source,
            told_as: fields.text("told_as").unwrap_or_else(|| name.clone()),
            every: fields.take("every", value::duration),
            timeout: fields.take("timeout", value::duration),
            name,
        })
    }
}
