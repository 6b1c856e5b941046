//! The page of keys, for `docs/keys.md`: made from the table that the console itself goes by.

use std::fmt::Write;

use crate::action::{Action, Acts, PREFIXES, Scope, TABLE};
use crate::view::overlay::help::OVER;

const HEAD: &str = "\
# Keys

Generated from the table of actions that the console goes by: keys, hint line, `?` help and palette come from the same one.

`?` shows the keys that work where you are and why one does nothing now; `:` finds every action by name, with or without a
key. After a key that begins a chord (`g`, `e`) a box says what may follow; it waits, and `esc` drops it.

Nothing that changes the world happens on a single key, by mouse, by paste or in a burst of keys, whatever the keymap says: what
executes is confirmed in the same box, where only `y`, or the name that is asked for and Enter, counts.

## Your own keys: `console.toml`

What you set for all your consoles stands in `console.toml` in the configuration folder (`~/.config/switchback`, or
`$XDG_CONFIG_HOME/switchback`), or in the file that `$SWITCHBACK_CONSOLE` names. Options of the command line win over it.

```toml
theme = \"light\"          # a theme's name, or a file: see themes.md
symbols = \"unicode\"      # or \"ascii\"
motion = \"full\"          # or \"off\": nothing changes by the second
mouse = true             # false: the terminal's own selection works

[keys.everywhere]
\"ctrl-o\" = \"open\"        # one more key
n = false                # this key does nothing any more
\"n n\" = \"note\"           # two keys, one after the other

[keys.checklist]         # with the focus on the checklist only, before what works everywhere
\"z r\" = \"focus-regions\"
```

`switchback config keys` prints all of it as it is by default, with every action's name; `switchback config check` says what is
wrong with yours, with its line and the remedy. A mistake never costs the console: it is said at the top of the screen, and the rest
counts.

A key is one character as it is typed (`x`, `X`, `?`), or `enter`, `space`, `tab`, `shift-tab`, `backspace`, `delete`, `up`, `down`,
`left`, `right`, `home`, `end`, `page-up`, `page-down`; before it `ctrl-` or `alt-`. Most terminals cannot tell `ctrl-i` from `tab`,
`ctrl-m` from `enter`, `ctrl-1` from `1`, nor `shift-enter` from `enter`: such keys are refused, with what is really sent. `esc`,
`ctrl-c` and `ctrl-z` stay as they are; help and palette keep a key. `y` stands for nothing but yes in a box, and `enter` for nothing
that records or runs: held down, such a key would confirm what it has just opened.
";

const OVER_THE_BRIDGE: &str = "
## Over the bridge

Lists, texts and boxes have keys of their own, which no keymap changes: there `↑↓ j k g G`, `page-up`, `page-down` and `space` move,
`esc` and `q` go back, `/` narrows a list, and `?` shows what else there is.

In a text `enter` takes it, `alt-enter` begins a line, `tab` goes on to the next field, `ctrl-w` takes a word away, `ctrl-u` all of it, `esc`
leaves it. In a box that confirms only `y` counts, or the text that is asked for and then `enter`.

The mouse focuses, chooses and scrolls. It never acts.
";

/// The whole page.
#[must_use]
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for scope in Scope::all() {
        let rows: Vec<&Action> =
            TABLE.iter().filter(|action| action.scope == scope && !action.keys.is_empty()).collect();
        if rows.is_empty() {
            continue;
        }
        let title = match scope {
            Scope::Everywhere => "Everywhere".to_owned(),
            Scope::In(panel) => format!("In the {}", panel.title().to_lowercase()),
        };
        // Writing into a text does not fail.
        let _ = write!(
            page,
            "\n## {title}: `[keys.{}]`\n\n| keys | action | | what it does |\n| --- | --- | --- | --- |\n",
            scope.name()
        );
        for action in rows {
            let keys: Vec<String> = action.keys.iter().map(|keys| code(keys)).collect();
            row(&mut page, &keys.join(" "), action);
        }
    }
    page.push_str("\n### What begins a chord\n\n| key | |\n| --- | --- |\n");
    for (key, what) in PREFIXES {
        let _ = writeln!(page, "| {} | {what} |", code(key));
    }
    page.push_str(OVER_THE_BRIDGE);
    for (title, rows) in OVER {
        let _ = write!(page, "\n### {title}\n\n| keys | | what it does |\n| --- | --- | --- |\n");
        for own in rows {
            let keys: Vec<String> = own.keys.split(' ').map(code).collect();
            let _ = writeln!(page, "| {} | {} | {} |", keys.join(" "), own.title, with_acts(own.help, own.acts));
        }
    }
    page.push_str("\n## Without a key\n\nBy name in the palette, or on a key of your own.\n\n| action | | what it does |\n| --- | --- | --- |\n");
    for action in TABLE.iter().filter(|action| action.keys.is_empty()) {
        let _ = writeln!(page, "| `{}` | {} | {} |", action.id.name(), action.title, said(action));
    }
    page
}

fn row(page: &mut String, keys: &str, action: &Action) {
    let _ = writeln!(page, "| {keys} | `{}` | {} | {} |", action.id.name(), action.title, said(action));
}

fn said(action: &Action) -> String {
    with_acts(action.help, action.acts)
}

/// What it does, and whether it is more than a look.
fn with_acts(help: &str, acts: Acts) -> String {
    match acts {
        Acts::Looks => help.to_owned(),
        Acts::Records => format!("{help} *Goes into the log.*"),
        Acts::Executes => format!("{help} *Runs something.*"),
    }
}

fn code(keys: &str) -> String {
    format!("`{}`", keys.replace('|', "\\|"))
}
