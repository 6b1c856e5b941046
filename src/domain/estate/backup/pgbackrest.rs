//! `pgbackrest`: `pgbackrest info --output=json`.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "pgbackrest",
    about: "`pgbackrest info --output=json`: the newest backup without an error, of the present cluster, with every \
            backup it builds on. Its time is when it ended.",
    keys: &[
        needed("stanza", Kind::Text, "The stanza."),
        key(
            "argv",
            Kind::Argv,
            "`pgbackrest info`",
            "Command that prints what `pgbackrest info --output=json` prints.",
        ),
    ],
    example: r#"[backups.orders-db]
type = "pgbackrest"
every = "1h"
stanza = "orders"
# argv = ["pgbackrest", "info", "--output=json", "--stanza=orders"]
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PgBackRestSource {
    pub stanza: String,
    pub argv: Vec<String>,
}

impl PgBackRestSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let stanza = fields.text("stanza")?;
        let usual = ["pgbackrest", "info", "--output=json"].map(str::to_owned);
        let argv = fields
            .take("argv", value::argv)
            .unwrap_or_else(|| usual.into_iter().chain([format!("--stanza={stanza}")]).collect());
        Some(Self { stanza, argv })
    }
}
