//! `archiver`: what the database's primary archived.

use super::super::fields::Fields;
use super::super::schema::Variant;
use super::Around;
use crate::diagnostic::Diagnostic;
use crate::ident::DatabaseId;

pub(super) const KIND: Variant = Variant {
    word: "archiver",
    about: "`pg_stat_archiver` of the one server that is not in recovery: when a WAL segment was last archived. \
            `archive_command = /bin/true` looks perfect here and keeps nothing.",
    keys: &[],
    example: r#"[backups.orders-wal]
type = "archiver"
every = "15m"
database = "orders-db"
"#,
};

pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<DatabaseId> {
    if around.database.is_none() {
        let message = format!("`{}` names no database whose archiver is asked", around.name);
        report.push(Diagnostic::error("estate::backup", fields.span.clone(), message).help("add `database = \"…\"`"));
    }
    around.database.cloned()
}
