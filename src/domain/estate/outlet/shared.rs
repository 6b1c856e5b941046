//! Kinds that alerts know, too: the same keys, and what they send of an update.

use super::super::channel::{COMMAND_KEYS, EMAIL_KEYS, WEBHOOK_KEYS};
use super::super::schema::Variant;

pub(super) const WEBHOOK: Variant = Variant {
    word: "webhook",
    about: "The update, posted: as JSON, as Slack's incoming webhooks take it, or as plain text.",
    keys: WEBHOOK_KEYS,
    example: r#"[channels.slack]
type = "webhook"
url = "env:SLACK_UPDATES_WEBHOOK"
format = "slack"
# headers = { Authorization = "env:HOOK_AUTHORIZATION" }
"#,
};

pub(super) const EMAIL: Variant = Variant {
    word: "email",
    about: "One plain-text message by SMTP, its first line as the subject. With more than one receiver none of them \
            sees the others' addresses. TLS and the login are as those of alerts.",
    keys: EMAIL_KEYS,
    example: r#"[channels.customer-mail]
type = "email"
server = "smtp.example.com:587"
# tls = "starttls"
user = "switchback"
password = "env:SMTP_PASSWORD"
from = "Example status <status@example.com>"
to = ["customers@lists.example.com"]
"#,
};

pub(super) const COMMAND: Variant = Variant {
    word: "command",
    about: "A program, started without a shell, with the update as one line of JSON on its standard input. Exit code 0 \
            is good; its process group is killed at the timeout.",
    keys: COMMAND_KEYS,
    example: r#"[channels.intranet]
type = "command"
argv = ["post-to-intranet", "--board", "incidents"]
env = ["INTRANET_TOKEN"]
"#,
};
