//! `command`: a program whose exit code, and perhaps output, tells.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "command",
    about: "A program, started without a shell; its process group is killed at the timeout. A read-only console starts \
            none, and says so.",
    keys: &[
        needed("argv", Kind::Argv, "Program and arguments; no shell."),
        key("ok_exit", Kind::Numbers, "[0]", "Exit codes that are good."),
        key("degraded_exit", Kind::Numbers, "[]", "Exit codes that mean degraded."),
        key("output_regex", Kind::Regex, "none", "Expression that must match in the output."),
    ],
    example: r#"[[checks]]
name = "queue@us-west-2"
type = "command"
argv = ["check-queue", "--region", "us-west-2"]
# ok_exit = [0]
degraded_exit = [1]
output_regex = "depth [0-9]+"
"#,
};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandCheck {
    pub argv: Vec<String>,
    /// Exit codes that mean ok (0) and degraded (none).
    pub ok_exit: Vec<i32>,
    pub degraded_exit: Vec<i32>,
    pub output_regex: Option<String>,
}

impl CommandCheck {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            argv: fields.take("argv", value::argv)?,
            ok_exit: fields.take("ok_exit", value::numbers).unwrap_or_else(|| vec![0]),
            degraded_exit: fields.take("degraded_exit", value::numbers).unwrap_or_default(),
            output_regex: fields.take("output_regex", value::regex),
        })
    }
}
