//! The schedule of tests, and what the readiness comes to.

use super::page::Page;
use super::{instant, seconds};
use crate::readiness::{ReadinessStatus, Standing, TestResult, Verdict};
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

/// Nothing where nobody evaluated it.
pub(super) fn evaluated(page: &mut Page, status: &Status) {
    let evaluation = status.evaluation.as_ref();
    page.gauge("switchback_readiness_rows", "How many things of the readiness have this verdict.", |family| {
        for verdict in Verdict::ALL {
            let count = evaluation.map(|evaluation| super::count(evaluation.count(verdict)));
            family.sample(&[("verdict", verdict.word())], count);
        }
    });
    page.gauge(
        "switchback_readiness_looked_timestamp_seconds",
        "When tools, credentials and names were looked at.",
        |family| family.sample(&[], evaluation.map(|evaluation| instant(evaluation.looked_at))),
    );
}

fn of_test(test: &ReadinessStatus) -> [(&'static str, &str); 2] {
    [("test", test.name.as_str()), ("kind", test.kind.word())]
}
