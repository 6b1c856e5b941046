//! `barman`: `barman -f json list-backup SERVER`.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "barman",
    about: "`barman -f json list-backup SERVER`: the newest backup that is `DONE`. Its time is when it ended. With \
            `check_argv` what `barman check` finds wrong is told as well, all but old failed backups.",
    keys: &[
        needed("server", Kind::Text, "The server, as Barman's configuration calls it."),
        key("argv", Kind::Argv, "`barman list-backup`", "Command that prints the list."),
        key("check_argv", Kind::Argv, "none", "Command that prints what `barman -f json check SERVER` prints."),
    ],
    example: r#"[backups.orders-db]
type = "barman"
every = "1d"
server = "orders"
# argv = ["barman", "-f", "json", "list-backup", "orders"]
check_argv = ["ssh", "barman.example.com", "barman", "-f", "json", "check", "orders"]
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarmanSource {
    pub server: String,
    pub argv: Vec<String>,
    pub check_argv: Option<Vec<String>>,
}

impl BarmanSource {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let server = fields.text("server")?;
        let usual = || ["barman", "-f", "json", "list-backup", &server].map(str::to_owned).to_vec();
        Some(Self {
            argv: fields.take("argv", value::argv).unwrap_or_else(usual),
            check_argv: fields.take("check_argv", value::argv),
            server,
        })
    }
}
