//! `command`: any program that prints JSON about its backups.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "command",
    about: "A program that prints JSON. Times are RFC 3339 or seconds since 1970; a `null` newest means that there is \
            no usable backup. `newer_failure`, `restore_tested`, `detail`, `bytes`, `oldest_kept`, `kept` and \
            `encrypted` are taken when they are there. With `items` it is a list, or JSON lines, and the paths lead \
            from one item; items without a time are no backups. Recipes for restic, ClickHouse, Google Cloud Storage \
            and Azure stand below.",
    keys: &[
        needed("argv", Kind::Argv, "Program and arguments; no shell."),
        key(
            "newest_json",
            Kind::Text,
            "\"newest_usable\"",
            "JSON path of the newest usable backup's time; with `items`, of an item's time.",
        ),
        key("items", Kind::Text, "none", "JSON path of a list of backups; `.` when the document is the list."),
        key("name_json", Kind::Text, "none", "In an item: its name."),
        key("size_json", Kind::Text, "none", "In an item: its size in bytes; a tiny one is no backup."),
        key("min_bytes", Kind::Count { min: 0, max: u64::MAX }, "1", "A smaller item is no backup."),
        key("ok_json", Kind::Text, "none", "In an item: what tells whether it is good."),
        key("ok_equals", Kind::TextList, "all others", "What `ok_json` says of a good one."),
        key("failed_equals", Kind::TextList, "none", "What `ok_json` says of one that failed."),
        key("running_equals", Kind::TextList, "none", "What `ok_json` says of one that is not finished."),
    ],
    example: r#"[backups.configuration]
type = "command"
every = "1d"
argv = ["backup-age", "configuration"]
newest_json = "last.at"

[backups.vault]
type = "command"
every = "6h"
argv = ["vault-backups", "--json"]
items = "backups"
newest_json = "finished"
name_json = "id"
size_json = "bytes"
min_bytes = 4096
ok_json = "status"
ok_equals = ["done"]
running_equals = ["running"]
# failed_equals = ["failed"]
"#,
};

/// Ready entries for tools whose own lists are read as they are: what it is, and what to write.
pub const COMMAND_RECIPES: &[(&str, &str)] = &[
    (
        "restic (`time` is when the backup began; an interrupted run looks like any other, so test restores)",
        r#"[backups.files]
type = "command"
every = "1d"
argv = ["restic", "snapshots", "--json", "--host", "shop", "--path", "/srv/shop"]
items = "."
newest_json = "time"
name_json = "short_id"
"#,
    ),
    (
        "clickhouse-backup (what is broken has the size `???`)",
        r#"[backups.clickhouse]
type = "command"
every = "1d"
argv = ["clickhouse-backup", "list", "remote", "--format", "json"]
items = "."
newest_json = "CreationDate"
name_json = "BackupName"
ok_json = "Size"
failed_equals = ["???"]
"#,
    ),
    (
        "ClickHouse's own `BACKUP`, by system.backups (which forgets at a restart; `system.backup_log` does not)",
        r#"[backups.clickhouse]
type = "command"
every = "1d"
argv = ["clickhouse-client", "--query", "SELECT name, status, toUnixTimestamp(start_time) AS at, total_size FROM system.backups FORMAT JSONEachRow"]
items = "."
newest_json = "at"
name_json = "name"
ok_json = "status"
ok_equals = ["BACKUP_CREATED"]
running_equals = ["CREATING_BACKUP"]
"#,
    ),
    (
        "Google Cloud Storage, by gcloud",
        r#"[backups.dumps]
type = "command"
every = "1d"
argv = ["gcloud", "storage", "ls", "--json", "gs://shop-backup/db/**"]
items = "."
newest_json = "metadata.timeCreated"
name_json = "metadata.name"
size_json = "metadata.size"
min_bytes = 1024
"#,
    ),
    (
        "Azure Blob Storage, by az storage",
        r#"[backups.dumps]
type = "command"
every = "1d"
argv = ["az", "storage", "blob", "list", "--account-name", "shop", "--container-name", "backup", "--prefix", "db/", "--num-results", "*", "--auth-mode", "login", "-o", "json"]
items = "."
newest_json = "properties.lastModified"
name_json = "name"
size_json = "properties.contentLength"
min_bytes = 1024
"#,
    ),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSource {
    pub argv: Vec<String>,
    /// Of the newest usable backup's time; in an item, of its time.
    pub newest_json: String,
    pub items: Option<ItemPaths>,
}

/// Where things stand in a list of backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemPaths {
    pub items: String,
    pub name: Option<String>,
    pub size: Option<String>,
    pub min_bytes: u64,
    pub ok: Option<String>,
    /// Everything that is neither failed nor running when empty.
    pub ok_equals: Vec<String>,
    pub failed_equals: Vec<String>,
    pub running_equals: Vec<String>,
}

impl CommandSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let newest_json = fields.text("newest_json").unwrap_or_else(|| "newest_usable".to_owned());
        let items = fields.text("items").map(|items| ItemPaths {
            items,
            name: fields.text("name_json"),
            size: fields.text("size_json"),
            min_bytes: fields.count("min_bytes").unwrap_or(1),
            ok: fields.text("ok_json"),
            ok_equals: fields.texts("ok_equals").unwrap_or_default(),
            failed_equals: fields.texts("failed_equals").unwrap_or_default(),
            running_equals: fields.texts("running_equals").unwrap_or_default(),
        });
        Some(Self { argv: fields.take("argv", value::argv)?, newest_json, items })
    }
}
