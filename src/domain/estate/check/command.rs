//! `command`: a program whose exit code, and perhaps output, tells.

use super::super::fields::Fields;
use super::super::schema::{Kind, Section, Variant, key, needed};
use super::super::value;
use super::threshold::{self, Thresholds};
use crate::diagnostic::Diagnostic;

pub(super) const KIND: Variant = Variant {
    word: "command",
    about: "A program, started without a shell; its process group is killed at the timeout. It is given `PATH`, `HOME`, \
            the locale, `PG*`, `AWS_*`, `KUBECONFIG`, proxies and the like, and no other variable of this console but \
            those that `env` names. At most 64 KiB of its output are read. A read-only console starts none, and says so.",
    keys: &[
        needed("argv", Kind::Argv, "Program and arguments; no shell."),
        key("env", Kind::TextList, "[]", "Variables of this console's environment that it is given as well."),
        key("ok_exit", Kind::Numbers, "[0]", "Exit codes that are good."),
        key("degraded_exit", Kind::Numbers, "[]", "Exit codes that mean degraded."),
        key("output_regex", Kind::Regex, "none", "Expression that must match in the output."),
        key("json", Kind::Table(&JSON), "none", "A value that its JSON output must hold."),
        key("value_json", Kind::Text, "none", "JSON path of a number in its output, to hold against the marks below."),
        key("value_regex", Kind::Regex, "none", "The number is the first group of this expression, or all it matches."),
        threshold::DEGRADED_ABOVE,
        threshold::DEGRADED_BELOW,
        threshold::DOWN_ABOVE,
        threshold::DOWN_BELOW,
    ],
    example: r#"[[checks]]
name = "queue@us-west-2"
type = "command"
argv = ["check-queue", "--region", "us-west-2"]
env = ["QUEUE_TOKEN"]
# ok_exit = [0]
degraded_exit = [1]
output_regex = "depth [0-9]+"
# json = { path = "state", equals = "running" }
# value_json = "queue.depth"
value_regex = "depth ([0-9]+)"
degraded_above = 1000
# degraded_below = 1
down_above = 50000
# down_below = 0
"#,
};

static JSON: Section = Section {
    about: "A value in its JSON output.",
    keys: &[
        needed("path", Kind::Text, "Where it stands, such as `data.status` or `items.0.name`."),
        needed("equals", Kind::Text, "What it must be."),
    ],
};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandCheck {
    pub argv: Vec<String>,
    /// Names of variables that pass to it beside the usual ones.
    pub env: Vec<String>,
    /// Exit codes that mean ok (0) and degraded (none).
    pub ok_exit: Vec<i32>,
    pub degraded_exit: Vec<i32>,
    pub output_regex: Option<String>,
    /// JSON path (`data.state`) that must equal the value.
    pub json: Option<(String, String)>,
    pub value: Option<ValueAt>,
    pub marks: Thresholds,
}

/// Where a number stands in an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueAt {
    Json(String),
    /// The first group of the expression; the whole match where it has none.
    Regex(String),
}

impl CommandCheck {
    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let value = match (fields.text("value_json"), fields.take("value_regex", value::regex)) {
            (Some(_), Some(_)) => {
                let message = "a number is read from JSON or by an expression, not both";
                let found = Diagnostic::error("estate::check", fields.span_of("value_regex"), message);
                report.push(found.help("keep `value_json` or `value_regex`"));
                None
            }
            (Some(path), None) => Some(ValueAt::Json(path)),
            (None, expression) => expression.map(ValueAt::Regex),
        };
        let marks = Thresholds::read(fields, report);
        if !marks.is_empty() && !fields.has("value_json") && !fields.has("value_regex") {
            let message = "there are marks, and no number to hold against them";
            let found = Diagnostic::error("estate::check", fields.span.clone(), message);
            report.push(found.help("say where the number stands: `value_json` or `value_regex`"));
        }
        Some(Self {
            argv: fields.take("argv", value::argv)?,
            env: fields.texts("env").unwrap_or_default(),
            ok_exit: fields.take("ok_exit", value::numbers).unwrap_or_else(|| vec![0]),
            degraded_exit: fields.take("degraded_exit", value::numbers).unwrap_or_default(),
            output_regex: fields.take("output_regex", value::regex),
            json: fields.sub("json").and_then(|json| Some((json.text("path")?, json.text("equals")?))),
            value,
            marks,
        })
    }
}
