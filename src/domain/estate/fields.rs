//! The fields of one table, for building: what is right is taken, what was reported is left out.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::schema::{Kind, Variant};
use super::validate::entries;
use super::value::{self, Problem};

/// A table being read, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Fields<'t, 'i> {
    pub table: &'t DeTable<'i>,
    pub span: Range<usize>,
}

impl<'t, 'i> Fields<'t, 'i> {
    pub(super) fn of(value: &'t Spanned<DeValue<'i>>) -> Option<Self> {
        value.get_ref().as_table().map(|table| Self { table, span: value.span() })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the key's value stands, else the table.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// The key's value as `read` takes it.
    pub(super) fn take<T>(&self, key: &str, read: impl Fn(&'t DeValue<'i>) -> Result<T, Problem>) -> Option<T> {
        self.table.get(key).and_then(|value| read(value.get_ref()).ok())
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.take(key, |value| value::text(&Kind::Text, value).map(str::to_owned))
    }

    pub(super) fn name(&self, key: &str) -> Option<String> {
        self.take(key, |value| value::name(&Kind::Text, value))
    }

    pub(super) fn names(&self, key: &str) -> Option<Vec<String>> {
        self.take(key, |value| value::list(&Kind::TextList, value, |item| value::name(&Kind::Text, item)))
    }

    pub(super) fn texts(&self, key: &str) -> Option<Vec<String>> {
        self.take(key, |value| value::texts(&Kind::TextList, value))
    }

    pub(super) fn count(&self, key: &str) -> Option<u64> {
        self.take(key, |value| value::count(&Kind::Count { min: 0, max: u64::MAX }, value))
    }

    pub(super) fn small(&self, key: &str) -> Option<u32> {
        self.count(key).and_then(|count| u32::try_from(count).ok())
    }

    pub(super) fn word(&self, key: &str, words: &'static [&'static str]) -> Option<&'static str> {
        self.take(key, |value| value::word(words, value))
    }

    /// The variant that the key's word names.
    pub(super) fn variant(&self, key: &str, variants: &'static [Variant]) -> Option<&'static Variant> {
        self.take(key, |value| value::variant(variants, value))
    }

    /// The tables under `key`, each with its name, in the order of the file.
    pub(super) fn named(&self, key: &str) -> Vec<(&'t str, Fields<'t, 'i>)> {
        self.per_name(key).into_iter().filter_map(|(name, value)| Some((name, Fields::of(value)?))).collect()
    }

    /// The values under `key`, each with its name, in the order of the file.
    pub(super) fn per_name(&self, key: &str) -> Vec<(&'t str, &'t Spanned<DeValue<'i>>)> {
        let table = self.table.get(key).and_then(|value| value.get_ref().as_table());
        table.map(entries).unwrap_or_default().into_iter().map(|(name, _, value)| (name, value)).collect()
    }

    /// The names of this table's own keys, in the order of the file.
    pub(super) fn own_names(&self) -> Vec<&'t str> {
        entries(self.table).into_iter().map(|(name, ..)| name).collect()
    }

    pub(super) fn sub(&self, key: &str) -> Option<Fields<'t, 'i>> {
        self.table.get(key).and_then(Fields::of)
    }

    /// The entries of `[[key]]`.
    pub(super) fn list(&self, key: &str) -> Vec<Fields<'t, 'i>> {
        let items = self.table.get(key).and_then(|value| value.get_ref().as_array());
        items.map(|items| items.iter().filter_map(Fields::of).collect()).unwrap_or_default()
    }
}
