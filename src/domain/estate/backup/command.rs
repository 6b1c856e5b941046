//! `command`: any program that prints JSON about its backups.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "command",
    about: "A program that prints JSON. Times are RFC 3339 or seconds since 1970; a `null` newest means that there is \
            no usable backup. `newer_failure`, `restore_tested`, `detail` and `bytes` are taken when they are there.",
    keys: &[
        needed("argv", Kind::Argv, "Program and arguments; no shell."),
        key("env", Kind::TextList, "[]", "Variables of this console's environment that it is given as well."),
        key("newest_json", Kind::Text, "\"newest_usable\"", "JSON path of the newest usable backup's time."),
    ],
    example: r#"[backups.configuration]
type = "command"
every = "1d"
argv = ["backup-age", "configuration"]
# env = ["BACKUP_TOKEN"]
newest_json = "last.at"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSource {
    pub argv: Vec<String>,
    /// Names of variables that pass to it beside the usual ones.
    pub env: Vec<String>,
    pub newest_json: String,
}

impl CommandSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let newest_json = fields.text("newest_json").unwrap_or_else(|| "newest_usable".to_owned());
        let env = fields.texts("env").unwrap_or_default();
        Some(Self { argv: fields.take("argv", value::argv)?, env, newest_json })
    }
}
