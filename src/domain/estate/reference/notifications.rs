//! `docs/notifications.md`: every way of telling people, with its options and examples.

use std::fmt::Write;

use super::table;
use crate::estate::schema::SECTIONS;

/// The page, made from the table of keys.
#[must_use]
pub fn notifications() -> String {
    let mut page = String::from(PREFACE);
    let Some((_, section)) = SECTIONS.iter().find(|(heading, _)| *heading == "[notify.NAME]") else { return page };
    page.push_str("\n## Options of every channel\n\n");
    table(&mut page, section.keys);
    for variant in section.variants() {
        let _ = write!(page, "\n## `{}`\n\n{}\n\n", variant.word, variant.about);
        if !variant.keys.is_empty() {
            table(&mut page, variant.keys);
            page.push('\n');
        }
        let _ = write!(page, "```toml\n{}```\n", variant.example);
    }
    page.push_str(MORE);
    page
}

const PREFACE: &str = "# Notifications

How alerts reach people who do not look at the screen. Each `[notify.NAME]` of `switchback.toml` is a channel; this page
is generated from the table that checks that file. `switchback notify test [NAME]` sends a test through one channel or
all of them, and says of each what came of it.

* People are told when an alert fires, that somebody has taken it on, when it is over, and again while nobody has.
* Secrets are only ever named: `env:NAME` takes a variable's value, `file:/path` the first line of a file, read each time
  it is needed, so that a rotated one works at once.
* Of several consoles of one estate on one machine the one that records the readings sends, so that nobody is paged
  twice. Consoles on different machines do not know of each other: give the channels to one of them, best to
  [the service](status-service.md), or to receivers that deduplicate by key, as PagerDuty and Opsgenie do. The bell and
  the desktop belong to each console.
* An attempt that fails is made again after 1 s and 4 s, or when a 429 says so; then once a minute for an hour. From the
  third failure on it is an alert itself, `notify-failed`, which is never told through the channel that failed. What is
  newer takes the place of what waits, alert by alert; what is critical goes first.
* Nothing leaves the machine from a drill, the demonstration or a read-only console: it is shown as *would be sent*.
* Give `region` where a channel's endpoint runs in a region of the estate: it will not tell of that region's end.
";

const MORE: &str = r##"
## The notice

What `webhook` posts and `command` reads:

```json
{"key": "region-down:us-east-1", "rule": "region-down", "severity": "critical", "state": "firing",
 "text": "us-east-1 is down", "estate": "orders", "kind": "live", "since": "2026-11-20T02:14:37.123Z",
 "at": "2026-11-20T02:14:38.000Z", "incident": "INC-2026-0007", "by": null}
```

`state` is `firing`, `reminder`, `acknowledged` (`by` says by whom) or `resolved`; `kind` is `live` or `lab`; `incident`
is `null` while none is open. `key` is the same for all notices of one alert. The rule of a test is `test`.

## Recipes

Slack, by an incoming webhook; its address is the secret:

```toml
[notify.slack]
type = "webhook"
url = "env:SLACK_WEBHOOK_URL"
format = "slack"
```

Mattermost, and whatever else takes Slack's format:

```toml
[notify.mattermost]
type = "webhook"
url = "file:/run/secrets/mattermost-hook"
format = "slack"
at_least = "critical"
```

ntfy, hosted or one's own:

```toml
[notify.phone]
type = "webhook"
url = "https://ntfy.example.com/switchback"
format = "text"
headers = { Title = "Switchback", Priority = "urgent", Authorization = "env:NTFY_AUTHORIZATION" }   # Bearer tk_…
at_least = "critical"
```

A mail server on this machine that takes mail without a login:

```toml
[notify.local-mail]
type = "email"
server = "localhost:25"
tls = "none"
from = "switchback@example.com"
to = ["on-call@example.com"]
```

A program for everything else; `jq` here picks one line out of the notice:

```toml
[notify.everything-else]
type = "command"
argv = ["sh", "-c", "jq -r .text | send-sms +15550100"]
rules = ["region-down", "split-brain"]
```

## The desktop inside tmux

tmux keeps such sequences to itself unless its configuration says `set -g allow-passthrough on` (tmux 3.3 or newer). What
the console writes is `ESC P tmux;`, the sequence with every ESC doubled, and `ESC \`.
"##;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_page_is_right() {
        let page = notifications();
        let examples: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(examples.len() > 10, "{}", examples.len());
        for example in examples {
            let around = "name = \"x\"\n[regions.a]\nrole = \"primary\"\n[services.s.health]\na = \"http://a/\"\n";
            let parsed = crate::estate::parse(&format!("{around}{example}"));
            assert_eq!(parsed.diagnostics, vec![], "{example}");
            assert_eq!(parsed.estate.notify.len(), 1, "{example}");
        }
    }
}
