//! The default keymap as a person would write it: what `switchback config keys` prints.

use std::fmt::Write;

use super::Chord;
use crate::action::{Action, Scope, TABLE};

const HEAD: &str = "\
# The keys of the console as they are. What you want otherwise goes into console.toml in the configuration folder of
# switchback, or into the file that $SWITCHBACK_CONSOLE names; `switchback config check` says what is wrong with it.
#
# A key is one character, or enter, space, tab, shift-tab, backspace, delete, up, down, left, right, home, end, page-up,
# page-down; before it ctrl- or alt-. Keys pressed one after the other have a blank between them: \"g r\".
# \"x\" = false: the key does nothing. [keys.everywhere] works in every panel; a panel's own table comes first.
# What acts is held and confirmed as ever, whatever key it is on.
";

/// Loaded, it changes nothing.
#[must_use]
pub fn default_text() -> String {
    let mut text = HEAD.to_owned();
    for scope in Scope::all() {
        let rows = TABLE.iter().filter(|action| action.scope == scope);
        let lines: Vec<String> = rows.flat_map(lines).collect();
        // Writing into a text does not fail.
        let _ = write!(text, "\n[keys.{}]\n", scope.name());
        text.extend(lines);
    }
    text
}

fn lines(action: &'static Action) -> Vec<String> {
    let name = action.id.name();
    let bound = action.keys.iter().filter_map(|keys| Chord::parse(keys).ok()).map(|chord| {
        let stays = if chord.free().is_err() { "# " } else { "" };
        let key = toml::Value::String(chord.written());
        let set = format!("{stays}{key} = \"{name}\"");
        let said = if stays.is_empty() { action.title } else { "stays as it is" };
        format!("{set:<38} # {said}\n")
    });
    let bound: Vec<String> = bound.collect();
    if bound.is_empty() {
        let set = format!("# \"…\" = \"{name}\"");
        return vec![format!("{set:<38} # {}: has no key\n", action.title)];
    }
    bound
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;
    use crate::action::Id;
    use crate::keys::{Keymap, read};

    #[test]
    fn the_printed_keymap_changes_nothing_when_it_is_loaded() {
        let text = default_text();
        let (file, errors) = DeTable::parse_recoverable(&text);
        assert!(errors.is_empty(), "{errors:?}");
        let (keymap, found) = read(file.get_ref().get("keys").unwrap());
        assert_eq!((keymap, found), (Keymap::default(), Vec::new()));
    }

    #[test]
    fn every_action_is_named_in_it() {
        let text = default_text();
        for id in Id::ALL {
            assert!(text.contains(&format!("\"{}\"", id.name())), "{}", id.name());
        }
    }
}
