//! `heartbeat`: something that should be heard of again and again.

use std::time::Duration;

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "heartbeat",
    about: "Down when nothing was heard for longer than `within`: the time of a file is read. Without `file` it is heard \
            of by `switchback beat NAME`, which can be the last line of a scheduled job on this machine. A time in the \
            future is unknown: a clock is wrong.",
    keys: &[
        needed("within", Kind::Duration, "How long it may be silent."),
        key("file", Kind::Text, "that of `switchback beat`", "The file whose time of modification is the last beat."),
        key(
            "content",
            Kind::Bool,
            "false",
            "Its first line is the time instead: RFC 3339, or seconds since 1970. For a file that is copied here.",
        ),
    ],
    example: r#"[[checks]]
name = "nightly-export"
type = "heartbeat"
within = "25h"
# file = "/var/lib/export/last-run"
# content = false
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatCheck {
    /// `None`: the file that `switchback beat` writes.
    pub file: Option<String>,
    pub within: Duration,
    /// The time is what the file says, not when it was modified.
    pub content: bool,
}

impl HeartbeatCheck {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            file: fields.text("file"),
            within: fields.take("within", value::duration)?,
            content: fields.take("content", value::boolean).unwrap_or(false),
        })
    }
}
