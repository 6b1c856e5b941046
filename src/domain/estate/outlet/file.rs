//! `file`: the newest update, for whatever serves or picks up a file.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, needed};

pub(super) const KIND: Variant = Variant {
    word: "file",
    about: "The newest update as a file that only its owner reads, replaced as a whole: a reader sees the old one or the \
            new one.",
    keys: &[needed("path", Kind::Text, "From the root; its folder has to be there.")],
    example: r#"[channels.notice]
type = "file"
path = "/var/lib/status/notice.txt"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOutlet {
    pub path: String,
}

impl FileOutlet {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self { path: fields.text("path")? })
    }
}
