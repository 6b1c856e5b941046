//! One alert, for the tests of this module.

use domain::alert::{AlertSettings, Answers, Audience, Book, Finding, Rule, Sight};
use domain::log::Kind;
use domain::reading::AlertSeverity;
use domain::time::Now;

pub(super) const AUDIENCE: Audience<'_> = Audience { estate: "orders", kind: Kind::Live, incident: None };

/// `region-down:east`, since `now`.
pub(super) fn east_is_down(now: Now) -> Sight {
    let finding = Finding {
        key: Rule::RegionDown.key("east"),
        rule: Rule::RegionDown,
        subject: "east".to_owned(),
        region: None,
        service: None,
        severity: AlertSeverity::Critical,
        text: "east is down".to_owned(),
        since: now.wall,
    };
    Sight { found: vec![finding], ..Sight::default() }
}

/// A book in which it fires.
pub(super) fn firing(now: Now) -> Book {
    let mut book = Book::default();
    let told = book.keep(east_is_down(now), &AlertSettings::default(), &Answers::default(), &AUDIENCE, now);
    assert_eq!(told.len(), 1);
    book
}
