//! `postgres`: a database's own server in the check's region.

use super::super::fields::Fields;
use super::super::schema::{Kind, Names, Variant, key};
use super::Around;
use crate::diagnostic::Diagnostic;
use crate::ident::DatabaseId;

pub(super) const KIND: Variant = Variant {
    word: "postgres",
    about: "The database's server in the check's region: role, positions, receiver and senders in one query of about \
            3 ms, as a role with `pg_monitor`. Every server of `[databases.NAME.servers]` has such a check by itself.",
    keys: &[
        key("database", Kind::Name(Names::Database), "from its name", "The database; its server is the region's."),
        key("query", Kind::Text, "none", "SQL whose first value must be true."),
    ],
    example: r#"[[checks]]
name = "orders-db@us-east-1"   # replaces the derived check of that name
type = "postgres"
# database = "orders-db"
query = "SELECT count(*) > 0 FROM orders"
"#,
};

/// The database's own server in the check's region: role, replication, optional `query` that must be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresCheck {
    pub database: DatabaseId,
    pub query: Option<String>,
}

impl PostgresCheck {
    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut error = |span, message: String, help: &str| {
            report.push(Diagnostic::error("estate::check", span, message).help(help));
        };
        let written = fields.name("database");
        let named = DatabaseId::new(written.clone().unwrap_or_else(|| around.subject.to_owned()));
        let Some(database) = around.estate.database(&named) else {
            if written.is_none() {
                error(fields.span.clone(), "this check names no database".to_owned(), "add `database = \"…\"`");
            }
            return None;
        };
        match around.region {
            None => {
                error(
                    fields.span.clone(),
                    "this check names no region, so it has no server".to_owned(),
                    "add `region = \"…\"`",
                );
                None
            }
            Some(region) if around.estate.region(region).is_some() && !database.servers.contains_key(region) => {
                let message = format!("`{}` has no server in {region}", database.id);
                error(fields.span_of("region"), message, "add it to the database's `servers`");
                None
            }
            Some(_) => Some(Self { database: database.id.clone(), query: fields.text("query") }),
        }
    }
}
