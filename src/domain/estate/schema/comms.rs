//! `[comms.NAME]` and `[channels.NAME]`: audiences, and where they are told.

use super::super::outlet;
use super::sections::plain;
use super::{Key, Kind, Names, Section, key, needed};

const TEMPLATE: Key = key(
    "template",
    Kind::Text,
    "its NAME",
    "Its templates: `NAME-STATUS`, else `NAME`, else that of the status alone. See `communication.md`.",
);

pub(super) static AUDIENCE: Section = plain(
    "Those who are told together. Without any: the public within 5 minutes of the declaration and then every 20, \
     executives every 30, customers hourly, all by hand. Once one is written, those that are written are all.",
    &[
        key("first", Kind::Duration, "its usual one, else `every`", "The first update, after the declaration."),
        key("every", Kind::Duration, "its usual one, else \"1h\"", "Each further one, after the one before."),
        key(
            "channels",
            Kind::NameList(Names::Channel),
            "[]",
            "Where they are told; without any a person passes it on.",
        ),
        TEMPLATE,
        key(
            "internal",
            Kind::Bool,
            "true of `executives`",
            "They belong to the house: updates may name people and losses, and public exports leave the text out.",
        ),
        key("anchor", Kind::Bool, "false", "Below each update stands the short hash of the log's head."),
    ],
);

pub(super) static OUTLET: Section = plain(
    "Where audiences are told. No alert ever goes there, and no update through `[notify.NAME]`. What one kind needs \
     stands in `communication.md`.",
    &[
        needed("type", Kind::Type(outlet::KINDS), "How they are told: each has keys of its own."),
        key(
            "region",
            Kind::Name(Names::Region),
            "none",
            "The region its endpoint runs in: what is in a region that fails tells nobody.",
        ),
        key("timeout", Kind::Duration, "\"15s\"", "After this nobody knows whether it arrived."),
    ],
);
