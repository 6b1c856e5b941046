//! `docs/communication.md`: audiences, where they are told, and the templates of what they are told.

use std::fmt::Write;

use super::table;
use crate::comms::VARIABLES;
use crate::estate::schema::SECTIONS;

/// The page, made from the tables of keys and of variables.
#[must_use]
pub fn communication() -> String {
    let mut page = String::from(PREFACE);
    let section = |heading: &str| SECTIONS.iter().find(|(known, _)| *known == heading).map(|(_, section)| *section);
    if let Some(audiences) = section("[comms.NAME]") {
        let _ = write!(page, "\n## Audiences: `[comms.NAME]`\n\n{}\n\n", audiences.about);
        table(&mut page, audiences.keys);
        page.push_str(AUDIENCES);
    }
    if let Some(channels) = section("[channels.NAME]") {
        let _ = write!(page, "\n## Where they are told: `[channels.NAME]`\n\n{}\n\n", channels.about);
        table(&mut page, channels.keys);
        for variant in channels.variants() {
            let _ = write!(page, "\n### `{}`\n\n{}\n\n", variant.word, variant.about);
            table(&mut page, variant.keys);
            let _ = write!(page, "\n```toml\n{}```\n", variant.example);
        }
    }
    page.push_str(BODY);
    page.push_str(TEMPLATES);
    page.push_str("\n| variable | what it is |\n| --- | --- |\n");
    for variable in VARIABLES {
        let inside = if variable.internal { " Internal audiences only." } else { "" };
        let _ = writeln!(page, "| `{}` | {}{inside} |", variable.name, variable.about);
    }
    page.push_str(EXAMPLE);
    page
}

const PREFACE: &str = "# Communication

Who is told of an incident, by when, and what became of it. This page is generated from the tables that check
`switchback.toml` and that templates are filled from.

* Each audience has a clock that runs from the declaration. The header shows what is due next; what is overdue is loud,
  and the bell rings once.
* `c` shows the audiences, what each was told, and what came of it on every channel; Enter drafts an update from its
  template. `u` drafts one for everybody who is due: look, `x`, `y`. Without the screen: `switchback update`.
* An update is in the log before it is sent, and what came of it after. What failed says why and what helps, and is
  tried again on a key. Where nobody knows whether it arrived (no answer in time, or the console ended meanwhile) it says
  so, and is never sent again by itself.
* In drills, on paper and in the demonstration nothing leaves the machine: every text begins with EXERCISE EXERCISE
  EXERCISE and is shown as *would be sent*. Updates of a lab are really sent: each begins with LAB.
* Secrets are only ever named: `env:NAME` takes a variable's value, `file:/path` the first line of a file. A text that
  holds what looks like a secret is not sent.
* A channel for audiences never tells of alerts, and one of [alerts](notifications.md) never tells an update.
* `switchback notify test NAME` looks whether a channel works, without publishing anything: see each kind.
";

const AUDIENCES: &str = r#"
```toml
[comms.public]
first = "5m"
every = "20m"
channels = ["status-page", "slack"]
anchor = true

[comms.executives]
first = "30m"
every = "30m"
channels = ["management-mail"]

[comms.customers]
every = "1h"
```

An audience without `channels` is told by hand: its text is copied to the clipboard (OSC 52), and that is recorded.
"#;

const BODY: &str = r#"
## The update

What `webhook` posts (unless it has another `format`) and `command` reads:

```json
{"update": 41, "audience": "public", "status": "failing_over", "subject": "Service disruption: moving …",
 "text": "We are experiencing issues …", "estate": "orders", "kind": "live", "incident": "INC-2026-0007",
 "incident_id": "01K…", "severity": "SEV1", "at": "2026-11-20T02:14:37.123Z"}
```

`status` is `investigating`, `identified`, `failing_over`, `monitoring` or `resolved`; `kind` is `live` or `lab`.
`incident_id` and `update` together are the same for every attempt to send it: receivers can drop what comes twice.
"#;

const TEMPLATES: &str = "
## Templates

Texts come from [MiniJinja](https://docs.rs/minijinja) templates: files `NAME.txt` in the estate's folders of
`templates`, else those that ship with the program: `investigating`, `identified`, `failing-over`, `monitoring`,
`resolved`, `customers`, `executives`. A file of such a name stands in its place. For an audience and a status the first
of these is taken: `TEMPLATE-STATUS`, `TEMPLATE`, `STATUS`. The first line is the subject; names that begin with `_` are
for `{% include %}`.

Templates see the variables below and nothing else: no file, no environment, no address. A name that is not known is an
error, told with its line by `switchback check` and `switchback lint templates/NAME.txt`; one that does not come to an
end, or writes more than 16 kB, is stopped.
";

const EXAMPLE: &str = r#"
```jinja
Service update: {{ status }}

We are experiencing issues since {{ impact }}.
{% if recovery %}
We expect the service back by about {{ recovery }} ({{ recovery_word }}).
{% endif %}
{% if next_update %}
Next update by {{ next_update }}.
{% endif %}
```
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_page_is_right() {
        let page = communication();
        let examples = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        let channels = "[channels.status-page]\ntype = \"file\"\npath = \"/a\"\n[channels.slack]\ntype = \"file\"\n\
                        path = \"/b\"\n[channels.management-mail]\ntype = \"file\"\npath = \"/c\"\n";
        let mut seen = 0;
        for example in examples {
            let around = "name = \"x\"\n[regions.a]\nrole = \"primary\"\n[services.s.health]\na = \"http://a/\"\n";
            let more = if example.contains("[comms.") { channels } else { "" };
            let parsed = crate::estate::parse(&format!("{around}{example}{more}"));
            assert_eq!(parsed.diagnostics, vec![], "{example}");
            seen += 1;
        }
        assert_eq!(seen, 6);
    }
}
