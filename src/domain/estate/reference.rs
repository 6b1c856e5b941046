//! The reference and the JSON schema of the file, both made from its table of keys.

use std::fmt::Write;

mod communication;
mod notifications;

use serde_json::{Map, Value, json};

use super::backup::COMMAND_RECIPES;
use super::schema::{FILE, Key, Kind, SECTIONS, Section};

/// `docs/configuration.md`: every section and key.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(PREFACE);
    for (heading, section) in SECTIONS {
        let _ = write!(page, "\n## {}\n\n{}\n\n", code(heading), section.about);
        table(&mut page, section.keys);
    }
    page
}

/// `docs/probes.md`: every kind of check and of backup source, with its own options and an example.
#[must_use]
pub fn probes() -> String {
    let mut page = String::from(PROBES_PREFACE);
    for (title, common, heading) in
        [("Checks", "`[[checks]]`", "[[checks]]"), ("Backups", "`[backups.NAME]`", "[backups.NAME]")]
    {
        let Some((_, section)) = SECTIONS.iter().find(|(of, _)| *of == heading) else { continue };
        let _ = write!(page, "\n## {title}\n\nOptions of every {common}:\n\n");
        table(&mut page, section.keys);
        for variant in section.variants() {
            let _ = write!(page, "\n### {title}: `{}`\n\n{}\n\n", variant.word, variant.about);
            if !variant.keys.is_empty() {
                table(&mut page, variant.keys);
                page.push('\n');
            }
            let _ = write!(page, "```toml\n{}```\n", variant.example);
        }
    }
    page.push_str(LEDGER);
    page.push_str("\n### Recipes for `command`\n\nWhat these tools list is read as it is.\n");
    for (about, example) in COMMAND_RECIPES {
        let _ = write!(page, "\n{about}:\n\n```toml\n{example}```\n");
    }
    page
}

pub use communication::communication;
pub use notifications::notifications;

/// One line per key; those of a table inside follow it.
fn table(page: &mut String, keys: &[Key]) {
    page.push_str("| key | value | unless written | what it is |\n| --- | --- | --- | --- |\n");
    for key in keys {
        row(page, "", key);
    }
}

fn row(page: &mut String, before: &str, key: &Key) {
    let default = if key.needed { "**needed**".to_owned() } else { code_default(key.default) };
    let expectation = key.kind.expectation();
    let _ = writeln!(page, "| `{before}{}` | {expectation} | {default} | {} |", key.name, key.about);
    if let Kind::Table(inner) = &key.kind
        && !SECTIONS.iter().any(|(_, section)| std::ptr::eq(*section, *inner))
    {
        for key_inside in inner.keys {
            row(page, &format!("{before}{}.", key.name), key_inside);
        }
    }
}

const LEDGER: &str = "
### Destinations

`destinations` lists where copies lie: names, or `[[backups.NAME.destinations]]` with the keys of
[configuration.md](configuration.md). One with a `type` is read on its own, with the keys of that type; one that the
set's own source tells of is found by `told_as` (`repo2` of pgBackRest, a storage of WAL-G, a storage location of
Velero). Each has an age of its own, and one that is late or failed is told although another is fresh. All are read
within the set's `timeout`.

```toml
[backups.orders-db]
type = \"pgbackrest\"
every = \"1h\"
stanza = \"orders\"
retention = \"14d\"
encrypted = true

[[backups.orders-db.destinations]]
name = \"s3://orders-backup-us-west-2\"
told_as = \"repo1\"

[[backups.orders-db.destinations]]
name = \"nas\"
role = \"local\"
type = \"files\"
glob = \"/backup/orders/*.tar\"
every = \"1d\"
```

### Restore tests

A backup that exists is less than one that its tool says is whole, and that is less than one that was restored. Restore
tests are read from a ledger: one JSON object a line, appended by a step of a runbook, a scheduled job, or a person. It
is `restore-tests.jsonl` in the state directory unless `restore_tests` names another file, or a command that prints it.

```json
{\"backup\": \"orders-db\", \"at\": \"2026-11-01T03:00:00Z\", \"passed\": true, \"by\": \"runbook backup-verification\", \"detail\": \"14 tables, 1203441 rows\"}
{\"backup\": \"orders-db\", \"at\": \"2026-11-02T03:00:00Z\", \"test\": \"checksum\", \"passed\": true}
```

`backup`, `at` (RFC 3339) and `passed` are needed; `test` is `restore` unless it says `checksum`, for what compares the
stored bytes with their checksums. A line that cannot be read is counted and told; the others stand.
`switchback restored NAME --result pass --note TEXT` appends such a line; without `--result` it tells of the last one,
and says by its exit code whether it passed. The runbook `backup-verification` ends with it.
`restore_test_every` says how often a restore has to be tested.
";

const PROBES_PREFACE: &str = "# Checks and backup sources

Everything the console can look at, and every option it has. This page is generated from the same table that checks
`switchback.toml`; the rest of that file is in [configuration.md](configuration.md), and ready checks of load balancers,
stores, queues and the like in [estate-examples.md](estate-examples.md).

A check is *unknown* until the first look and *stale* when nothing was learned for three intervals: neither is ever
green. It turns down after `fail_after` failures in a row and ok again after `recover_after` successes; the first
failure is looked at again sooner. What a probe cannot find out is unknown with its cause, never 0.
";

const PREFACE: &str = "# The estate file

`switchback.toml` says what can fail, where it can go, and what was promised. `switchback config init` writes one from a
few answers and from the files of kubectl, AWS, PostgreSQL, Gatus and Prometheus ([quick-start.md](quick-start.md)).
`switchback config print-default` prints a commented example with every key; `switchback config check` reports every error
with its place, its cause and a remedy; `switchback config schema` prints a JSON schema for editors. This page is generated
from the same table.

The file is the first of: `--config FILE`, `$SWITCHBACK_CONFIG`, `./switchback.toml`, `switchback.toml` in the XDG
configuration directory (`~/.config/switchback`). It holds no secrets: passwords belong in `~/.pgpass` or the libpq
service file. A file that others may write, own or replace (in a folder open to everybody) is refused.

Durations are text with a unit: `\"90s\"`, `\"5m\"`, `\"1h30m\"`; units are `ms s m h d w mo y`.
";

fn code(heading: &str) -> String {
    if heading.starts_with('[') { format!("`{heading}`") } else { heading.to_owned() }
}

fn code_default(default: &str) -> String {
    match default {
        "" | "none" => "—".to_owned(),
        quoted
            if quoted.starts_with(['"', '['])
                || quoted.parse::<f64>().is_ok()
                || quoted == "true"
                || quoted == "false" =>
        {
            format!("`{quoted}`")
        }
        words => words.to_owned(),
    }
}

/// A JSON schema (draft 2020-12) of the file, for editors that complete and check TOML.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = of_section(&FILE);
    if let Value::Object(fields) = &mut schema {
        fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("title".to_owned(), json!("switchback.toml"));
    }
    schema
}

fn of_section(section: &Section) -> Value {
    if section.variants().is_empty() {
        return of_keys(section.about, section.keys.iter(), None);
    }
    let common = || section.keys.iter().filter(|key| !matches!(key.kind, Kind::Type(_)));
    let variants = section
        .variants()
        .iter()
        .map(|variant| of_keys(variant.about, common().chain(variant.keys), Some(variant.word)));
    let untyped = section.keys.iter().any(|key| matches!(key.kind, Kind::Type(_)) && !key.needed);
    let untyped = untyped.then(|| of_keys(section.about, common(), None));
    json!({"description": section.about, "oneOf": variants.chain(untyped).collect::<Vec<_>>()})
}

/// A table of these keys; `word` is what its `type` has to be.
fn of_keys<'a>(about: &str, keys: impl Iterator<Item = &'a Key> + Clone, word: Option<&str>) -> Value {
    let mut properties: Map<String, Value> = keys
        .clone()
        .map(|key| {
            let mut schema = of_kind(&key.kind);
            if let Value::Object(fields) = &mut schema {
                fields.insert("description".to_owned(), json!(key.about));
            }
            (key.name.to_owned(), schema)
        })
        .collect();
    let mut needed: Vec<&str> = keys.filter(|key| key.needed).map(|key| key.name).collect();
    if let Some(word) = word {
        properties.insert("type".to_owned(), json!({"const": word}));
        needed.push("type");
    }
    json!({
        "type": "object",
        "description": about,
        "properties": properties,
        "required": needed,
        "additionalProperties": false,
    })
}

fn of_kind(kind: &Kind) -> Value {
    const DURATION: &str = "^([0-9]+(ms|s|m|h|d|w|mo|y))+$";
    let names = json!({"type": ["string", "integer"]});
    match kind {
        Kind::Text => json!({"type": "string", "minLength": 1}),
        Kind::Duration => json!({"type": "string", "pattern": DURATION}),
        Kind::DurationOr("0") => json!({"anyOf": [{"enum": [0, "0"]}, {"type": "string", "pattern": DURATION}]}),
        Kind::DurationOr(word) => json!({"anyOf": [{"const": word}, {"type": "string", "pattern": DURATION}]}),
        Kind::Objective => {
            json!({"anyOf": [{"const": 0}, {"enum": ["0", "n/a"]}, {"type": "string", "pattern": DURATION}]})
        }
        Kind::Count { min, max: u64::MAX } => json!({"type": "integer", "minimum": min}),
        Kind::Count { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Number => json!({"type": "number"}),
        Kind::Share => json!({"type": "number", "minimum": 0, "maximum": 1}),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::TimeZone => json!({"type": "string"}),
        Kind::Percent => json!({"type": "string", "pattern": "^ *[0-9.]+ *% *$"}),
        Kind::Word(words) => json!({"enum": words}),
        Kind::Type(variants) => json!({"enum": variants.iter().map(|variant| variant.word).collect::<Vec<_>>()}),
        Kind::DownWhen => json!({"type": "string", "pattern": "^(all|any|[0-9]+ of [0-9]+)$"}),
        Kind::Quorum => {
            json!({"anyOf": [{"type": "integer", "minimum": 1}, of_kind(&Kind::DownWhen)]})
        }
        Kind::Resolvers => json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
        Kind::FailWhen => json!({"type": "string", "pattern": "^[0-9]+ of [0-9]+$"}),
        Kind::Name(_) => names,
        Kind::NameList(_) => json!({"type": "array", "items": names}),
        Kind::TextList => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Argv => json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
        Kind::PathOrArgv => json!({"anyOf": [{"type": "string"}, of_kind(&Kind::Argv)]}),
        Kind::StatusRanges => {
            let one = json!({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]{3}(-[0-9]{3})?$"}]});
            json!({"anyOf": [one, {"type": "array", "items": one}]})
        }
        Kind::UrlOrSecret => json!({"type": "string", "pattern": "^(https?://|env:|file:/)"}),
        Kind::Secret => json!({"type": "string", "pattern": "^(env:|file:/)"}),
        Kind::Mailbox => json!({"type": "string", "pattern": "@"}),
        Kind::MailboxList => json!({"type": "array", "items": of_kind(&Kind::Mailbox), "minItems": 1}),
        Kind::RedisUrl => json!({"type": "string", "pattern": "^rediss?://"}),
        Kind::UrlList => json!({"type": "array", "items": of_kind(&Kind::Url), "minItems": 1}),
        Kind::Ready => {
            json!({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^ *[0-9.]+ *% *$"}]})
        }
        Kind::Url => json!({"type": "string", "pattern": "^https?://"}),
        Kind::HostPort | Kind::SocketAddress => json!({"type": "string", "pattern": ":[0-9]+$"}),
        Kind::Family => json!({"enum": [4, 6]}),
        Kind::Proxy => json!({"type": "string", "pattern": "^https?://"}),
        Kind::UrlOrHostPort | Kind::Bytes | Kind::Dsn => json!({"type": "string"}),
        Kind::Regex => json!({"type": "string", "format": "regex"}),
        Kind::Numbers => json!({"type": "array", "items": {"type": "integer", "minimum": 0}}),
        Kind::RoleList => {
            let roles = crate::people::Role::ALL.map(crate::people::Role::name);
            json!({"type": "array", "items": {"enum": roles}})
        }
        Kind::PublicKeys => {
            let one = json!({"type": "string", "pattern": "^(ssh|ecdsa|sk)-[^ ]+ AAAA"});
            json!({"anyOf": [one, {"type": "array", "items": one}]})
        }
        Kind::Headers => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Values => json!({"type": "object", "propertyNames": {"pattern": "^[A-Z][A-Z0-9_]*$"},
            "additionalProperties": {"type": ["string", "integer", "boolean"]}}),
        Kind::Table(section) => of_section(section),
        Kind::Named(section) => json!({"type": "object", "additionalProperties": of_section(section)}),
        Kind::List(section) => json!({"type": "array", "items": of_section(section)}),
        Kind::ListOrTexts(section) => {
            json!({"type": "array", "items": {"anyOf": [{"type": "string", "minLength": 1}, of_section(section)]}})
        }
        Kind::PerRegion(each) => json!({"type": "object", "additionalProperties": of_kind(each)}),
    }
}
