//! How much confirmation a step demands, by what it can do. The stronger rule wins.

use std::collections::BTreeMap;

use crate::engine::Confirmation;
use crate::runbook::{self, Confirm, Step};

/// From one key to the target's name, typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Only reads: one key.
    ReadOnly,
    /// Changes something: `y` in its box.
    Changes,
    /// A point of no return, or `Confirm: type …`: this text, typed.
    Typed(String),
}

impl Danger {
    /// What running `step` demands, with these values of variables.
    #[must_use]
    pub fn of(step: &Step, values: &BTreeMap<String, String>) -> Self {
        let read_only = step.read_only();
        match &step.confirm {
            Confirm::Type(text) => Self::Typed(substitute(text, values)),
            _ if step.point_of_no_return => Self::Typed(target_region(step, values)),
            _ if read_only => Self::ReadOnly,
            Confirm::Usual | Confirm::No => Self::Changes,
        }
    }

    /// Whether `confirmation` is enough.
    #[must_use]
    pub fn met_by(&self, confirmation: &Confirmation) -> bool {
        match (self, confirmation) {
            (_, Confirmation::Unattended | Confirmation::Retry) | (Self::ReadOnly, _) => true,
            (Self::Changes, confirmation) => !matches!(confirmation, Confirmation::Key),
            (Self::Typed(text), Confirmation::Typed(typed)) => text == typed,
            (Self::Typed(_), Confirmation::Key | Confirmation::Yes) => false,
        }
    }
}

/// The region of `On:`, else `$TO`, else the step's own id: never an empty text.
fn target_region(step: &Step, values: &BTreeMap<String, String>) -> String {
    let on = step.on.as_ref().map(|target| substitute(&target.0, values));
    on.as_deref()
        .and_then(|target| target.split_once('@'))
        .map(|(_, region)| region.to_owned())
        .or_else(|| values.get("TO").cloned())
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| step.id.to_string())
}

/// Text for people with the values in it; one that cannot be completed is shown as written.
#[must_use]
pub fn substitute(text: &str, values: &BTreeMap<String, String>) -> String {
    runbook::substitute(text, values).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::{Block, Target};

    fn values() -> BTreeMap<String, String> {
        [("TO".to_owned(), "us-west-2".to_owned()), ("DB".to_owned(), "orders".to_owned())].into()
    }

    #[test]
    fn a_point_of_no_return_wants_the_target_region_typed() {
        let step = Step {
            on: Some(Target("orders-db@$TO".to_owned())),
            point_of_no_return: true,
            run: Some(Block { readonly: true, ..Block::default() }),
            ..Step::default()
        };
        let danger = Danger::of(&step, &values());
        assert_eq!(danger, Danger::Typed("us-west-2".to_owned()));
        assert!(!danger.met_by(&Confirmation::Yes));
        assert!(!danger.met_by(&Confirmation::Typed("us-west".to_owned())));
        assert!(danger.met_by(&Confirmation::Typed("us-west-2".to_owned())));
    }

    #[test]
    fn one_key_runs_only_what_reads() {
        let step = |readonly| Step { run: Some(Block { readonly, ..Block::default() }), ..Step::default() };
        assert!(Danger::of(&step(true), &values()).met_by(&Confirmation::Key));
        assert!(!Danger::of(&step(false), &values()).met_by(&Confirmation::Key));
        assert!(Danger::of(&step(false), &values()).met_by(&Confirmation::Yes));
    }
}
