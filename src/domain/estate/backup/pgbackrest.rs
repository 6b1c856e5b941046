//! `pgbackrest`: `pgbackrest info --output=json`.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;
use super::Around;
use crate::ident::DatabaseId;

pub(super) const KIND: Variant = Variant {
    word: "pgbackrest",
    about: "`pgbackrest info --output=json`: the newest backup without an error, of the present cluster, with every \
            backup it builds on. Its time is when it ended. Each repository is a destination. Where `database` is \
            known, the end of the archive is compared with what its primary says it archived and writes now: the \
            tool itself stays ok while archiving is dead.",
    keys: &[
        needed("stanza", Kind::Text, "The stanza."),
        key(
            "argv",
            Kind::Argv,
            "`pgbackrest info`",
            "Command that prints what `pgbackrest info --output=json` prints.",
        ),
        key("wal", Kind::Bool, "true", "Compare the archive with the primary of `database`."),
    ],
    example: r#"[backups.orders-db]
type = "pgbackrest"
every = "1h"
stanza = "orders"
# argv = ["pgbackrest", "info", "--output=json", "--stanza=orders"]
# wal = true
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PgBackRestSource {
    pub stanza: String,
    pub argv: Vec<String>,
    /// Whose primary is asked what it archived.
    pub wal_of: Option<DatabaseId>,
}

impl PgBackRestSource {
    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>) -> Option<Self> {
        let stanza = fields.text("stanza")?;
        let usual = ["pgbackrest", "info", "--output=json"].map(str::to_owned);
        let argv = fields
            .take("argv", value::argv)
            .unwrap_or_else(|| usual.into_iter().chain([format!("--stanza={stanza}")]).collect());
        let wal = fields.take("wal", value::boolean).unwrap_or(true);
        Some(Self { stanza, argv, wal_of: around.database.filter(|_| wal).cloned() })
    }
}
