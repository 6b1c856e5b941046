//! `files`: the newest file that matches a pattern.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};

pub(super) const KIND: Variant = Variant {
    word: "files",
    about: "The newest file that matches and is no empty or partial one: at least `min_bytes`, and not less than a \
            tenth of the median of the others. Its time is the file's modification time.",
    keys: &[
        needed("glob", Kind::Text, "Files that are backups."),
        key("min_bytes", Kind::Count { min: 0, max: u64::MAX }, "1", "A smaller file is no backup."),
    ],
    example: r#"[backups.media]
type = "files"
every = "1d"
glob = "/backup/media/*.tar.zst"
min_bytes = 1024
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesSource {
    pub glob: String,
    pub min_bytes: u64,
}

impl FilesSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self { glob: fields.text("glob")?, min_bytes: fields.count("min_bytes").unwrap_or(1) })
    }
}
