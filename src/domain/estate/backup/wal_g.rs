//! `wal-g`: `wal-g backup-list --detail --json`.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "wal-g",
    about: "`wal-g backup-list --detail --json`: the newest backup whose parents are all there. Its time is when it \
            finished. With `verify_argv` the archived log is verified as well: a lost segment is a failure, though \
            the newest backup is there.",
    keys: &[
        key("argv", Kind::Argv, "`wal-g backup-list`", "Command that prints the list."),
        key(
            "verify_argv",
            Kind::Argv,
            "none",
            "Command that prints what `wal-g wal-verify integrity timeline --json` prints. It reads the names of the \
             whole archive: ask it seldom, by `interval`.",
        ),
    ],
    example: r#"[backups.orders-db]
type = "wal-g"
every = "1d"
interval = "10m"
timeout = "1m"
# argv = ["wal-g", "backup-list", "--detail", "--json"]
verify_argv = ["wal-g", "wal-verify", "integrity", "timeline", "--json"]
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalGSource {
    pub argv: Vec<String>,
    pub verify_argv: Option<Vec<String>>,
}

impl WalGSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Self {
        let usual = || ["wal-g", "backup-list", "--detail", "--json"].map(str::to_owned).to_vec();
        Self {
            argv: fields.take("argv", value::argv).unwrap_or_else(usual),
            verify_argv: fields.take("verify_argv", value::argv),
        }
    }
}
