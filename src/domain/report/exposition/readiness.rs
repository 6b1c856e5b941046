//! The schedule of tests.

use super::page::Page;
use super::{instant, seconds};
use crate::readiness::{ReadinessStatus, Standing, TestResult};
use crate::reading::Status;

pub(super) fn tests(page: &mut Page, status: &Status) {
    let mut each = |name, help, value: &dyn Fn(&ReadinessStatus) -> Option<f64>| {
        page.gauge(name, help, |family| {
            for test in &status.readiness {
                family.sample(&of_test(test), value(test));
            }
        });
    };
    each("switchback_test_last_timestamp_seconds", "When the test was done last.", &|test| {
        test.last.as_ref().map(|last| instant(last.at))
    });
    each("switchback_test_last_passed", "1 when it passed the last time, 0 when it failed.", &|test| {
        test.last.as_ref().map(|last| if last.result == TestResult::Pass { 1.0 } else { 0.0 })
    });
    each("switchback_test_due_timestamp_seconds", "When it is due next.", &|test| test.due_at.map(instant));
    each("switchback_test_expected_interval_seconds", "How often it is expected.", &|test| Some(seconds(test.every)));
    page.gauge("switchback_test_status", "Where the test stands against its schedule.", |family| {
        for test in &status.readiness {
            family.states(&of_test(test), "status", &Standing::ALL.map(Standing::word), test.standing.word());
        }
    });
}

fn of_test(test: &ReadinessStatus) -> [(&'static str, &str); 2] {
    [("test", test.name.as_str()), ("kind", test.kind.word())]
}
