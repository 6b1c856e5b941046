//! A person's `[keys]`: each entry against what keys, actions and places there are, then laid over the table's own.
//!
//! What is wrong is left out and reported; the rest counts.

use std::ops::Range;

use domain::diagnostic::{Diagnostic, did_you_mean};
use domain::toml_text;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Chord, Keymap};
use crate::action::{Acts, Id, Scope, row};
use crate::model::Panel;

/// Without a key for these a person would not find the way.
const NEEDED: [Id; 3] = [Id::Help, Id::Palette, Id::Quit];

/// One line of the keymap.
#[derive(Clone, Debug)]
struct Entry {
    scope: Scope,
    chord: Chord,
    /// `None` unbinds.
    does: Option<Id>,
    span: Range<usize>,
}

/// Reads the value of `keys`.
#[must_use]
pub fn read(keys: &Spanned<DeValue<'_>>) -> (Keymap, Vec<Diagnostic>) {
    let mut reader = Reader::default();
    match keys.get_ref() {
        DeValue::Table(table) => reader.scopes(table),
        other => reader.value(keys.span(), "keys", other, "a table for each place: [keys.checklist]"),
    }
    let entries = reader.without_clashes();
    let keymap = reader.laid(entries);
    reader.found.sort_by_key(|found| found.span.start);
    (keymap, reader.found)
}

/// For whoever writes the action first, as other programs have it.
fn turned(name: &str, value: &DeValue<'_>) -> Option<String> {
    let key = value.as_str().filter(|key| !key.is_empty()).unwrap_or("…");
    Id::named(name).map(|_| format!("the key stands first: \"{key}\" = \"{name}\""))
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn error(&mut self, code: &'static str, span: Range<usize>, message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, span, message).help(help));
    }

    fn value(&mut self, span: Range<usize>, name: &str, is: &DeValue<'_>, wanted: &str) {
        let message = format!("`{name}` is {}", toml_text::word(is));
        self.error("console::value", span, message, format!("it is {wanted}"));
    }

    fn scopes(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            let word = name.get_ref().as_ref();
            let Some(scope) = Scope::all().find(|scope| scope.name() == word) else {
                let names: Vec<_> = Scope::all().map(Scope::name).collect();
                let help = turned(word, value.get_ref()).map(|turned| format!("{turned}, under [keys.everywhere]"));
                let help = help.or_else(|| did_you_mean(word, names.iter().copied()));
                let help = help.unwrap_or_else(|| format!("there are {}", names.join(", ")));
                self.error("console::unknown-scope", name.span(), format!("no place is called `{word}`"), help);
                continue;
            };
            match value.get_ref() {
                DeValue::Table(keys) => self.entries(scope, keys),
                other => self.value(value.span(), word, other, "a table of keys: \"ctrl-o\" = \"open\""),
            }
        }
    }

    fn entries(&mut self, scope: Scope, keys: &DeTable<'_>) {
        for (key, value) in keys {
            let word = key.get_ref().as_ref();
            let chord = match Chord::parse(word).and_then(|chord| chord.free().map(|()| chord)) {
                Ok(chord) => chord,
                Err(bad) => {
                    let help = turned(word, value.get_ref()).unwrap_or_else(|| bad.remedy());
                    self.error(bad.code(), key.span(), bad.to_string(), help);
                    continue;
                }
            };
            let does = match value.get_ref() {
                DeValue::Boolean(false) => None,
                DeValue::String(name) => match self.action(scope, name, value.span()) {
                    Some(id) => Some(id),
                    None => continue,
                },
                other => {
                    self.value(value.span(), word, other, "the name of an action, or false: nothing");
                    continue;
                }
            };
            let acts = does.is_some_and(|id| row(id).acts != Acts::Looks);
            if let Some(bad) = acts.then(|| chord.free_to_act().err()).flatten() {
                self.error(bad.code(), key.span(), bad.to_string(), bad.remedy());
                continue;
            }
            self.entries.push(Entry { scope, chord, does, span: key.span() });
        }
    }

    fn action(&mut self, scope: Scope, name: &str, span: Range<usize>) -> Option<Id> {
        let Some(id) = Id::named(name) else {
            let help = did_you_mean(name, Id::ALL.iter().map(|id| id.name()));
            let help = help.unwrap_or_else(|| "`switchback config keys` prints every action by its name".to_owned());
            self.error("console::unknown-action", span, format!("no action is called `{name}`"), help);
            return None;
        };
        match row(id).scope {
            Scope::In(panel) if scope != Scope::In(panel) => {
                let own = Scope::In(panel).name();
                let message = format!("`{name}` works in the {own} only");
                self.error("console::elsewhere", span, message, format!("put it under [keys.{own}]"));
                None
            }
            Scope::In(_) | Scope::Everywhere => Some(id),
        }
    }

    /// In the order of the file: of two entries that cannot both be heard the first counts.
    fn without_clashes(&mut self) -> Vec<Entry> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_by_key(|entry| entry.span.start);
        let mut kept: Vec<Entry> = Vec::new();
        for entry in entries {
            let clash = kept.iter().find(|other| other.scope == entry.scope && clash(other, &entry));
            match clash {
                None => kept.push(entry),
                Some(other) if other.chord == entry.chord => {
                    let message = format!("`{}` stands here twice", entry.chord.written());
                    self.error("console::twice", entry.span, message, "keep one of the two: the first counts");
                }
                Some(other) => {
                    let (short, long) = match entry.chord.after(other.chord.keys()) {
                        Some(_) => (&other.chord, &entry.chord),
                        None => (&entry.chord, &other.chord),
                    };
                    let (short, long) = (short.written(), long.written());
                    let message = format!("`{short}` cannot both act and begin `{long}`");
                    self.error("console::prefix", entry.span, message, "give one of the two another key");
                }
            }
        }
        kept
    }

    /// Over the table's own. What would leave a person without help, palette or a way out is not taken.
    fn laid(&mut self, mut entries: Vec<Entry>) -> Keymap {
        loop {
            let before = self.found.len();
            let mut keymap = Keymap::default();
            for entry in entries.iter().filter(|entry| entry.does.is_none()) {
                keymap.bind(entry, usize::MAX);
            }
            let mut bound = 0;
            for entry in entries.iter().filter(|entry| entry.does.is_some()) {
                if let Some((key, id)) = keymap.taken(entry) {
                    let message = format!("`{}` begins with `{key}`, which is `{}`", entry.chord.written(), id.name());
                    let help = format!("unbind that with \"{key}\" = false, or begin with another key");
                    self.error("console::prefix", entry.span.clone(), message, help);
                    continue;
                }
                keymap.bind(entry, bound);
                bound += 1;
            }
            let lost = NEEDED.into_iter().find_map(|id| {
                let panel = Panel::ALL.into_iter().find(|panel| keymap.chords(*panel, id).next().is_none())?;
                let taken = |entry: &Entry| {
                    let here = matches!(entry.scope, Scope::Everywhere) || entry.scope == Scope::In(panel);
                    let own = row(id).keys.iter().filter_map(|keys| Chord::parse(keys).ok());
                    here && own.into_iter().any(|own| own.after(entry.chord.keys()).is_some())
                };
                Some((id, entries.iter().position(taken)?))
            });
            let Some((id, at)) = lost else { return keymap };
            self.found.truncate(before);
            let entry = entries.remove(at);
            let message = format!("`{}` is the last key for `{}`", entry.chord.written(), id.name());
            let help = format!("bind another one to \"{}\" first; until then it stays", id.name());
            self.error("console::needed", entry.span, message, help);
        }
    }
}

/// Both cannot be heard; what only unbinds is in nobody's way.
fn clash(one: &Entry, other: &Entry) -> bool {
    let begins = |a: &Chord, b: &Chord| b.after(a.keys()).is_some();
    one.chord == other.chord
        || (one.does.is_some()
            && other.does.is_some()
            && (begins(&one.chord, &other.chord) || begins(&other.chord, &one.chord)))
}

impl Keymap {
    fn bind(&mut self, entry: &Entry, at: usize) {
        if let Some(layer) = self.bridge.get_mut(&entry.scope) {
            layer.bind(at, entry.chord.clone(), entry.does);
        }
    }

    /// The table's key that stands in front of this chord, so that it would never be heard out.
    fn taken(&self, entry: &Entry) -> Option<(String, Id)> {
        let (chord, id) = self.bridge.get(&entry.scope)?.before(&entry.chord)?;
        Some((chord.written(), id))
    }
}

#[cfg(test)]
mod tests {
    use domain::diagnostic::line_column;

    use super::*;
    use crate::keys::{Found, Key};

    fn keymap(text: &str) -> (Keymap, Vec<String>) {
        let (file, errors) = DeTable::parse_recoverable(text);
        assert!(errors.is_empty(), "{errors:?}");
        let (keymap, found) = read(file.get_ref().get("keys").unwrap());
        let said = found.iter().map(|found| {
            let (line, column) = line_column(text, found.span.start);
            format!("{line}:{column} {}: {}", found.message, found.help.clone().unwrap_or_default())
        });
        (keymap, said.collect())
    }

    fn does(keymap: &Keymap, panel: Panel, chord: &str) -> Found<Id> {
        keymap.on_bridge(panel, Chord::parse(chord).unwrap().keys())
    }

    #[test]
    fn a_key_is_bound_where_it_says_and_shown_first() {
        let (keymap, said) =
            keymap("[keys.everywhere]\n\"ctrl-o\" = \"open\"\n[keys.checklist]\n\"z r\" = \"focus-regions\"\n");
        assert_eq!(said, [""; 0]);
        assert_eq!(does(&keymap, Panel::Log, "ctrl-o"), Found::Bound(Id::Open));
        assert_eq!(does(&keymap, Panel::Log, "enter"), Found::Bound(Id::Open));
        assert_eq!(keymap.shown(Panel::Log, Id::Open).unwrap().to_string(), "ctrl-o");
        assert_eq!(does(&keymap, Panel::Checklist, "z"), Found::Begun);
        assert_eq!(does(&keymap, Panel::Checklist, "z r"), Found::Bound(Id::FocusRegions));
        assert_eq!(does(&keymap, Panel::Log, "z"), Found::Nothing);
    }

    #[test]
    fn a_key_that_is_bound_anew_is_lost_to_its_old_action() {
        let (keymap, said) = keymap("[keys.everywhere]\nn = \"declare\"\n");
        assert_eq!(said, [""; 0]);
        assert_eq!(does(&keymap, Panel::Log, "n"), Found::Bound(Id::Declare));
        assert_eq!(keymap.shown(Panel::Log, Id::Note), None);
    }

    #[test]
    fn false_unbinds_here_what_works_everywhere_with_everything_that_begins_so() {
        let (keymap, said) = keymap("[keys.log]\nn = false\ng = false\n");
        assert_eq!(said, [""; 0]);
        assert_eq!(does(&keymap, Panel::Log, "n"), Found::Nothing);
        assert_eq!(does(&keymap, Panel::Log, "g g"), Found::Nothing);
        assert_eq!(does(&keymap, Panel::Checklist, "n"), Found::Bound(Id::Note));
        assert_eq!(does(&keymap, Panel::Checklist, "g g"), Found::Bound(Id::Top));
    }

    #[test]
    fn one_key_may_take_the_place_of_all_that_began_with_it() {
        let (keymap, said) = keymap("[keys.everywhere]\ng = \"top\"\n");
        assert_eq!(said, [""; 0]);
        assert_eq!(does(&keymap, Panel::Log, "g"), Found::Bound(Id::Top));
        assert!(keymap.following(Panel::Log, &[Key::char('g')]).is_empty());
    }

    #[test]
    fn mistakes_are_said_with_their_line_and_the_rest_counts() {
        let text = "[keys.everywhere]\n\"ctrl-o\" = \"opn\"\nentr = \"open\"\n\"ctrl-i\" = \"open\"\nesc = false\n\
                    X = \"execute\"\nT = 3\nQ = \"quit\"\n[keys.chcklist]\n";
        let (keymap, said) = keymap(text);
        assert_eq!(
            said,
            [
                "2:12 no action is called `opn`: did you mean `open`?",
                "3:1 `entr` is no key: did you mean `enter`?",
                "4:1 `ctrl-i` cannot be told from `tab`: terminals send the same for both: write \"tab\" if that is \
                 what you want, or take another key",
                "5:1 `esc` goes back from everything, and stays so: take another key",
                "6:5 `execute` works in the checklist only: put it under [keys.checklist]",
                "7:5 `T` is a whole number: it is the name of an action, or false: nothing",
                "9:7 no place is called `chcklist`: did you mean `checklist`?",
            ]
        );
        assert_eq!(does(&keymap, Panel::Log, "Q"), Found::Bound(Id::Quit));
    }

    #[test]
    fn what_confirms_stands_for_nothing_that_is_confirmed() {
        let (keymap, said) = keymap(
            "[keys.checklist]\ny = \"execute\"\nenter = \"execute\"\n\"z enter\" = \"skip\"\n\"z z\" = \"execute\"\n\
             [keys.everywhere]\nenter = \"help\"\n",
        );
        assert_eq!(
            said,
            [
                "2:1 `y` says yes to what a box asks, and stays so: take another key",
                "3:1 `enter` takes what stands in a form, and opens none that records or runs something: take another key",
                "4:1 `z enter` takes what stands in a form, and opens none that records or runs something: take another key",
            ]
        );
        assert_eq!(does(&keymap, Panel::Checklist, "y"), Found::Nothing);
        assert_eq!(does(&keymap, Panel::Checklist, "enter"), Found::Bound(Id::Help));
        assert_eq!(does(&keymap, Panel::Checklist, "z z"), Found::Bound(Id::Execute));
    }

    #[test]
    fn who_writes_the_action_first_is_shown_the_way_round() {
        let (_, said) = keymap("[keys]\nnote = \"N\"\n[keys.checklist]\nexecute = \"ctrl-x\"\nskip = false\n");
        assert_eq!(
            said,
            [
                "2:1 no place is called `note`: the key stands first: \"N\" = \"note\", under [keys.everywhere]",
                "4:1 `execute` is no key: the key stands first: \"ctrl-x\" = \"execute\"",
                "5:1 `skip` is no key: the key stands first: \"…\" = \"skip\"",
            ]
        );
    }

    #[test]
    fn what_cannot_both_be_heard_is_said() {
        let (keymap, said) = keymap(
            "[keys.log]\n\"ctrl-o\" = \"open\"\n\"Ctrl-o\" = \"note\"\nz = \"open\"\n\"z r\" = \"note\"\n\
             [keys.everywhere]\n\"n n\" = \"note\"\n",
        );
        assert_eq!(
            said,
            [
                "3:1 `ctrl-o` stands here twice: keep one of the two: the first counts",
                "5:1 `z` cannot both act and begin `z r`: give one of the two another key",
                "7:1 `n n` begins with `n`, which is `note`: unbind that with \"n\" = false, or begin with another key",
            ]
        );
        assert_eq!(does(&keymap, Panel::Log, "z"), Found::Bound(Id::Open));
        assert_eq!(does(&keymap, Panel::Log, "n"), Found::Bound(Id::Note));
    }

    #[test]
    fn a_chord_may_take_the_place_of_a_key_that_was_unbound() {
        let (keymap, said) = keymap("[keys.everywhere]\nn = false\n\"n n\" = \"note\"\n");
        assert_eq!(said, [""; 0]);
        assert_eq!(does(&keymap, Panel::Log, "n"), Found::Begun);
        assert_eq!(does(&keymap, Panel::Log, "n n"), Found::Bound(Id::Note));
    }

    #[test]
    fn help_and_palette_keep_a_key() {
        let (keymap, said) = keymap(
            "[keys.everywhere]\n\"?\" = \"note\"\n\":\" = false\n\"ctrl-p\" = false\nq = false\n[keys.log]\n\"?\" = false\n",
        );
        assert_eq!(said.len(), 3, "{said:?}");
        assert_eq!(
            said[0],
            "2:1 `?` is the last key for `help`: bind another one to \"help\" first; until then it stays"
        );
        assert_eq!(does(&keymap, Panel::Checklist, "?"), Found::Bound(Id::Help));
        assert_eq!(does(&keymap, Panel::Log, "?"), Found::Bound(Id::Help));
        assert!(keymap.shown(Panel::Regions, Id::Palette).is_some());
        assert_eq!(keymap.shown(Panel::Regions, Id::Quit).unwrap().to_string(), "ctrl-c");
        let (keymap, said) =
            self::keymap("[keys.everywhere]\n\"?\" = \"note\"\nf1 = \"help\"\n\"ctrl-o\" = \"help\"\n");
        assert_eq!(said.len(), 1, "function keys are not heard: {said:?}");
        assert_eq!(does(&keymap, Panel::Log, "?"), Found::Bound(Id::Note));
    }
}
