//! `calculated`: other checks, of which enough have to be well.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;
use crate::diagnostic::Diagnostic;
use crate::ident::CheckId;

/// As many as Route 53 allows a calculated health check.
const MOST: usize = 256;

pub(super) const KIND: Variant = Variant {
    word: "calculated",
    about: "Looks at nothing itself: well while at least so many of other checks are ok or degraded, down when too few \
            can be, unknown while those that are known do not decide. It follows the others at once, so it has no \
            interval, timeout and thresholds of its own. Others may be calculated too, not in a circle.",
    keys: &[
        needed("of", Kind::TextList, "Names of the other checks, 256 at most."),
        key("at_least", Kind::Quorum, "\"all\"", "How many of them have to be well."),
    ],
    example: r#"[[checks]]
name = "entrances@us-east-1"
type = "calculated"
of = ["checkout@us-east-1", "orders-db@us-east-1"]
at_least = "1 of 2"
critical = true
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalculatedCheck {
    /// Checks of the same estate, none of which depends on this one.
    pub of: Vec<CheckId>,
    /// From 1 to as many as there are.
    pub at_least: u32,
}

/// How many of several are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::estate) enum Quorum {
    All,
    Any,
    AtLeast(u32),
    Of(u32, u32),
}

impl CalculatedCheck {
    /// The names are known to exist only when all checks are read: see `build::calculated`.
    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut wrong = |key: &str, message: String, help: &str| {
            report.push(Diagnostic::error("estate::check", fields.span_of(key), message).help(help));
        };
        for key in ["interval", "timeout", "fail_after", "recover_after", "degraded_over"] {
            if fields.has(key) {
                wrong(key, format!("a calculated check has no `{key}`: it follows the others at once"), "remove it");
            }
        }
        let mut of: Vec<CheckId> = Vec::new();
        for name in fields.texts("of")? {
            let name = CheckId::new(name);
            if of.contains(&name) {
                wrong("of", format!("`{name}` stands here twice, and would count once"), "remove one of them");
            } else {
                of.push(name);
            }
        }
        if of.is_empty() || of.len() > MOST {
            wrong(
                "of",
                format!("{} checks are named here", of.len()),
                "name 1 to 256; calculate from others beyond that",
            );
            return None;
        }
        let all = u32::try_from(of.len()).unwrap_or(u32::MAX);
        let at_least = match fields.take("at_least", value::quorum).unwrap_or(Quorum::All) {
            Quorum::All => all,
            Quorum::Any => 1,
            Quorum::AtLeast(many) => many,
            Quorum::Of(many, among) => {
                if among != all {
                    wrong("at_least", format!("it says {among} where `of` names {all}"), "let the two agree");
                }
                many
            }
        };
        if at_least > all {
            wrong("at_least", format!("{at_least} of {all} can never be"), "write a smaller number");
        }
        Some(Self { of, at_least: at_least.clamp(1, all) })
    }
}
