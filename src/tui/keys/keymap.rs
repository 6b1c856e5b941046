//! Which keys stand for which action where: the table's own, with what a person changed.

use std::collections::BTreeMap;

use super::layer::{Layer, find};
use super::{Chord, Found, Key};
use crate::action::{Id, Scope, TABLE, row};
use crate::model::Panel;

/// The keys of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    pub(super) bridge: BTreeMap<Scope, Layer<Id>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let of = |scope: Scope| {
            let rows = TABLE.iter().filter(move |action| action.scope == scope);
            // That each of them can be read is tested.
            let chords = rows.flat_map(|action| action.keys.iter().map(|keys| (Chord::parse(keys), action.id)));
            Layer::of(chords.filter_map(|(chord, id)| Some((chord.ok()?, Some(id)))).collect())
        };
        Self { bridge: Scope::all().map(|scope| (scope, of(scope))).collect() }
    }
}

impl Keymap {
    /// What `keys` stand for with the focus on `panel`: its own first, then what works everywhere.
    #[must_use]
    pub fn on_bridge(&self, panel: Panel, keys: &[Key]) -> Found<Id> {
        find(self.chain(panel), keys)
    }

    /// The panel where `keys` stand for something, when that is not `here`.
    #[must_use]
    pub fn elsewhere(&self, here: Panel, keys: &[Key]) -> Option<Panel> {
        let bound = |panel: &Panel| matches!(self.on_bridge(*panel, keys), Found::Bound(_));
        Panel::ALL.into_iter().filter(|panel| *panel != here).find(bound)
    }

    /// The chords of `id` that work with the focus on `panel`, the one to be shown first.
    pub fn chords(&self, panel: Panel, id: Id) -> impl Iterator<Item = &Chord> {
        let all = self.chain(panel).flat_map(Layer::chords).filter(move |(_, other)| *other == id);
        // A nearer layer may have taken it away.
        all.map(|(chord, _)| chord).filter(move |chord| self.on_bridge(panel, chord.keys()) == Found::Bound(id))
    }

    /// The chord to be shown for `id`: where it works, seen from `panel`.
    #[must_use]
    pub fn shown(&self, panel: Panel, id: Id) -> Option<&Chord> {
        let panel = match row(id).scope {
            Scope::In(own) => own,
            Scope::Everywhere => panel,
        };
        self.chords(panel, id).next()
    }

    /// What may follow the keys that were pressed, and what it comes to.
    #[must_use]
    pub fn following(&self, panel: Panel, begun: &[Key]) -> Vec<(Chord, Id)> {
        let mut found: Vec<(Chord, Id)> = Vec::new();
        for (chord, id) in self.chain(panel).flat_map(Layer::chords) {
            let heard = self.on_bridge(panel, chord.keys()) == Found::Bound(id);
            if let Some(rest) = chord.rest_after(begun).filter(|_| heard)
                && !found.iter().any(|(_, other)| *other == id)
            {
                found.push((rest, id));
            }
        }
        found
    }

    fn chain(&self, panel: Panel) -> impl Iterator<Item = &Layer<Id>> {
        [Scope::In(panel), Scope::Everywhere].into_iter().filter_map(|scope| self.bridge.get(&scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keymap: &Keymap, panel: Panel, chord: &str) -> Found<Id> {
        keymap.on_bridge(panel, Chord::parse(chord).unwrap().keys())
    }

    #[test]
    fn every_key_of_the_table_can_be_read_and_leads_to_its_action() {
        let keymap = Keymap::default();
        for action in TABLE {
            let panel = match action.scope {
                Scope::In(panel) => panel,
                Scope::Everywhere => Panel::Regions,
            };
            for keys in action.keys {
                assert_eq!(found(&keymap, panel, keys), Found::Bound(action.id), "{keys}");
            }
            assert_eq!(keymap.chords(panel, action.id).count(), action.keys.len(), "{}", action.title);
        }
    }

    #[test]
    fn a_chord_is_begun_heard_out_or_nothing() {
        let keymap = Keymap::default();
        assert_eq!(found(&keymap, Panel::Log, "g"), Found::Begun);
        assert_eq!(found(&keymap, Panel::Log, "g g"), Found::Bound(Id::Top));
        assert_eq!(found(&keymap, Panel::Log, "g z"), Found::Nothing);
        assert_eq!(found(&keymap, Panel::Log, "x"), Found::Nothing);
        assert_eq!(keymap.elsewhere(Panel::Log, Chord::parse("x").unwrap().keys()), Some(Panel::Checklist));
    }

    #[test]
    fn what_may_follow_is_listed_once_for_each_action() {
        let following = Keymap::default().following(Panel::Log, &[Key::char('g')]);
        assert!(following.iter().any(|(rest, id)| rest.to_string() == "g" && *id == Id::Top));
        let ids: std::collections::BTreeSet<_> = following.iter().map(|(_, id)| *id).collect();
        assert_eq!(ids.len(), following.len());
    }
}
