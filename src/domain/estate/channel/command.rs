//! `command`: a program that passes the notice on.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "command",
    about: "A program, started without a shell, with the notice as one line of JSON on its standard input. Exit code 0 \
            is good; its process group is killed at the timeout.",
    keys: &[needed("argv", Kind::Argv, "Program and arguments; no shell.")],
    example: r#"[notify.pager]
type = "command"
argv = ["send-page", "--team", "platform"]
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandChannel {
    pub argv: Vec<String>,
}

impl CommandChannel {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self { argv: fields.take("argv", value::argv)? })
    }
}
