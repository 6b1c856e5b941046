//! Every section and key of `switchback.toml`, once: what the reader accepts, what the reference documents and what
//! the JSON schema says all come from this table.

mod alerts;
mod comms;
mod sections;

pub(crate) use sections::{FILE, SECTIONS};

/// What a section's `type` may be: everything that one of its words brings along.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) word: &'static str,
    pub(crate) about: &'static str,
    pub(crate) keys: &'static [Key],
    /// An entry of the file with every key of its own; those that are commented out show what holds without them.
    pub(crate) example: &'static str,
}

/// A table of the file.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) about: &'static str,
    pub(crate) keys: &'static [Key],
}

/// One key of a table.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) needed: bool,
    /// What holds when it is not written, for people.
    pub(crate) default: &'static str,
    pub(crate) about: &'static str,
}

/// A key that may be left out.
pub(crate) const fn key(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key { name, kind, needed: false, default, about }
}

/// A key that has to be there.
pub(crate) const fn needed(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, needed: true, default: "", about }
}

/// What a value has to be.
#[derive(Debug)]
pub(crate) enum Kind {
    Text,
    /// `90s`, `5m`, `1h30m`; zero is not allowed.
    Duration,
    /// A duration, or this word (which may be `0`).
    DurationOr(&'static str),
    /// A duration, `0`, or `n/a`.
    Objective,
    /// A whole number from `min` to `max`.
    Count {
        min: u64,
        max: u64,
    },
    /// Any number.
    Number,
    /// A number from 0 to 1.
    Share,
    Bool,
    /// `99.9 %`.
    Percent,
    /// `Europe/Zurich`.
    TimeZone,
    Word(&'static [&'static str]),
    /// The word that decides which other keys belong.
    Type(&'static [Variant]),
    /// `all`, `any`, `3 of 5`.
    DownWhen,
    /// The same, or a number.
    Quorum,
    /// Name servers: an address or a name, with or without a port.
    Resolvers,
    /// `5 of 10`.
    FailWhen,
    /// The name of something that this file defines.
    Name(Names),
    NameList(Names),
    TextList,
    Argv,
    /// A path, or a command with its arguments.
    PathOrArgv,
    /// `200`, `"200-399"`, or a list of these.
    StatusRanges,
    Url,
    /// A URL, or where it is found when it is a secret.
    UrlOrSecret,
    /// Where a secret is found: `env:NAME`, `file:/path`.
    Secret,
    /// `ana@example.com`, `Ana <ana@example.com>`.
    Mailbox,
    MailboxList,
    /// `redis://host:6379`, `rediss://` with TLS.
    RedisUrl,
    UrlList,
    /// A count, or a percentage of what there should be.
    Ready,
    /// `host:port`.
    HostPort,
    /// A URL or `host:port`.
    UrlOrHostPort,
    /// `http://host:port`.
    Proxy,
    /// Text in which escapes stand for bytes.
    Bytes,
    /// 4 or 6.
    Family,
    /// `10.0.0.4:443`.
    SocketAddress,
    /// A libpq connection string.
    Dsn,
    Regex,
    Numbers,
    RoleList,
    /// Lines of `.pub` files: one, or a list.
    PublicKeys,
    /// Header names and values.
    Headers,
    /// Values of runbooks' variables, by name.
    Values,
    /// One table of this shape.
    Table(&'static Section),
    /// Tables of this shape, each under the name of what it describes.
    Named(&'static Section),
    /// `[[…]]`.
    List(&'static Section),
    /// A list of texts, tables of this shape, or both.
    ListOrTexts(&'static Section),
    /// One value per region.
    PerRegion(&'static Kind),
}

/// Kinds of things with names of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Names {
    Region,
    Tier,
    Service,
    Database,
    Backup,
    Person,
    Channel,
}

impl Names {
    pub(crate) const ALL: [Self; 7] =
        [Self::Region, Self::Tier, Self::Service, Self::Database, Self::Backup, Self::Person, Self::Channel];

    /// The table whose keys these names are.
    #[must_use]
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Region => "regions",
            Self::Tier => "tiers",
            Self::Service => "services",
            Self::Database => "databases",
            Self::Backup => "backups",
            Self::Person => "people",
            Self::Channel => "channels",
        }
    }

    #[must_use]
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Tier => "tier",
            Self::Service => "service",
            Self::Database => "database",
            Self::Backup => "backup",
            Self::Person => "person",
            Self::Channel => "channel of updates",
        }
    }
}

impl Section {
    /// The words its `type` may be; none of a section that is always the same.
    #[must_use]
    pub(crate) fn variants(&self) -> &'static [Variant] {
        let variants = self.keys.iter().find_map(|key| match key.kind {
            Kind::Type(variants) => Some(variants),
            _ => None,
        });
        variants.unwrap_or_default()
    }

    /// Its own keys and those of all its variants.
    pub(crate) fn every_key(&self) -> impl Iterator<Item = &'static Key> + Clone + use<> {
        self.keys.iter().chain(self.variants().iter().flat_map(|variant| variant.keys))
    }

    #[must_use]
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.every_key().find(|key| key.name == name)
    }
}

/// `"a", "b", "c"`.
fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

impl Kind {
    /// What to write, for error messages and the reference.
    #[must_use]
    pub(crate) fn expectation(&self) -> String {
        match self {
            Self::Text => "text in quotes".to_owned(),
            Self::Duration => "a duration such as \"90s\", \"5m\" or \"1h30m\"".to_owned(),
            Self::DurationOr("0") => "a duration such as \"30s\", or 0".to_owned(),
            Self::DurationOr(word) => format!("a duration such as \"30m\", or \"{word}\""),
            Self::Objective => "a duration such as \"5m\", 0, or \"n/a\"".to_owned(),
            Self::Count { min, max: u64::MAX } => format!("a whole number from {min}"),
            Self::Count { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number => "a number".to_owned(),
            Self::Share => "a number from 0 to 1".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Percent => "a percentage such as \"99.9 %\"".to_owned(),
            Self::TimeZone => "a time zone such as \"Europe/Zurich\"".to_owned(),
            Self::Word(words) => format!("one of {}", quoted(words.iter().copied())),
            Self::Type(variants) => format!("one of {}", quoted(variants.iter().map(|variant| variant.word))),
            Self::DownWhen => "\"all\", \"any\" or a count such as \"3 of 5\"".to_owned(),
            Self::Quorum => "\"all\", \"any\", a number, or \"2 of 3\"".to_owned(),
            Self::Resolvers => "a list such as [\"192.0.2.53\", \"ns1.example.com:5353\"]".to_owned(),
            Self::FailWhen => "a count such as \"5 of 10\", of 64 at most".to_owned(),
            Self::Name(names) => format!("the name of a {}", names.word()),
            Self::NameList(names) => format!("a list of names of [{}]", names.table()),
            Self::TextList => "a list of texts".to_owned(),
            Self::Argv => "a program and its arguments, such as [\"check\", \"--quick\"]".to_owned(),
            Self::PathOrArgv => "a path, or a program and its arguments as a list".to_owned(),
            Self::StatusRanges => "answers such as 200, \"200-399\" or a list of these".to_owned(),
            Self::Url => "a URL that starts with http:// or https://".to_owned(),
            Self::UrlOrSecret => "a URL, or \"env:NAME\" or \"file:/path\" where it is found".to_owned(),
            Self::Secret => "\"env:NAME\" or \"file:/path\": where the secret is found".to_owned(),
            Self::Mailbox => "a mail address such as \"ana@example.com\" or \"Ana <ana@example.com>\"".to_owned(),
            Self::MailboxList => "a list of mail addresses".to_owned(),
            Self::RedisUrl => "an address such as \"redis://cache.example.com:6379\", rediss:// with TLS".to_owned(),
            Self::UrlList => "a list of URLs that start with http:// or https://".to_owned(),
            Self::Ready => "a count such as 3, or a share such as \"75 %\"".to_owned(),
            Self::HostPort => "an address such as \"db.example.com:5432\"".to_owned(),
            Self::Proxy => "the URL of a proxy, such as \"http://proxy.example.com:3128\"".to_owned(),
            Self::Bytes => "text; '\\r\\n' and '\\x00' stand for bytes".to_owned(),
            Self::Family => "4 or 6".to_owned(),
            Self::UrlOrHostPort => "a URL, or an address such as \"192.0.2.1:443\"".to_owned(),
            Self::SocketAddress => "an IP address with a port, such as \"192.0.2.1:443\"".to_owned(),
            Self::Dsn => {
                "a libpq connection string: \"service=orders\", a postgresql:// URL or \"host=… dbname=…\"".to_owned()
            }
            Self::Regex => "a regular expression".to_owned(),
            Self::Numbers => "a list of numbers such as [0, 3]".to_owned(),
            Self::RoleList => {
                "a list of roles: commander, deputy, operator, scribe, comms, internal-comms, data-owner, observer"
                    .to_owned()
            }
            Self::PublicKeys => {
                "the line of a .pub file such as \"ssh-ed25519 AAAA… mara\", or a list of them".to_owned()
            }
            Self::Headers => "a table of header names and values".to_owned(),
            Self::Values => "names and values, such as { NAMESPACE = \"shop\" }".into(),
            Self::Table(_) => "a table".to_owned(),
            Self::Named(_) => "a table of tables, one per name".to_owned(),
            Self::List(_) => "a list of tables, each written as [[…]]".to_owned(),
            Self::ListOrTexts(_) => "a list of texts, or of tables, each written as [[…]]".to_owned(),
            Self::PerRegion(kind) => format!("a table with one entry per region: {}", kind.expectation()),
        }
    }
}
