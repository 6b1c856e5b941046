//! `command`: a program that passes the notice on.

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, Variant, key, needed};
use super::super::value;

/// Updates to audiences go through the same.
pub(in crate::estate) const KEYS: &[Key] = &[
    needed("argv", Kind::Argv, "Program and arguments; no shell."),
    key("env", Kind::TextList, "[]", "Variables of this console's environment that it is given as well."),
];

pub(super) const KIND: Variant = Variant {
    word: "command",
    about: "A program, started without a shell, with the notice as one line of JSON on its standard input. Exit code 0 \
            is good; its process group is killed at the timeout.",
    keys: KEYS,
    example: r#"[notify.pager]
type = "command"
argv = ["send-page", "--team", "platform"]
env = ["PAGE_TOKEN"]
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandChannel {
    pub argv: Vec<String>,
    /// Names of variables that it is given beside those that every command is.
    pub env: Vec<String>,
}

impl CommandChannel {
    pub(in crate::estate) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self { argv: fields.take("argv", value::argv)?, env: fields.texts("env").unwrap_or_default() })
    }
}
