//! The schedule of tests, one a line.

use std::fmt::Write;

use domain::readiness::{Proof, ReadinessStatus, Standing};
use domain::time::{Timestamp, human, since};

pub(super) fn line(test: &ReadinessStatus, now: Timestamp) -> String {
    let mut text = format!("Test {}, {}: ", test.name, test.kind.word());
    let due = test.due_at;
    match (test.standing, due) {
        (Standing::Overdue, Some(due)) => {
            let _ = write!(text, "overdue by {}", human(since(now, due)));
        }
        (Standing::Due, Some(due)) => {
            let _ = write!(text, "due in {}", human(since(due, now)));
        }
        (Standing::Never, _) => text.push_str("never done"),
        (standing, _) => text.push_str(standing.word()),
    }
    if let Some(last) = &test.last {
        let by = match last.proof {
            Proof::Record => format!("by {}", last.by),
            Proof::Incident => last.by.clone(),
            Proof::Backup => format!("restore of {}", last.by),
        };
        let _ = write!(text, ", {} {} ago ({by})", last.result.word(), human(since(now, last.at)));
        if let Some(note) = &last.note {
            let _ = write!(text, ": {note}");
        }
    }
    let _ = write!(text, ", expected every {}", human(test.every));
    if let Some(takes) = test.takes {
        let _ = write!(text, ", takes {}", human(takes));
    }
    for (what, name) in [("runbook", &test.runbook), ("scenario", &test.scenario), ("owner", &test.owner)] {
        if let Some(name) = name {
            let _ = write!(text, ", {what} {name}");
        }
    }
    if let Some(error) = &test.error {
        let _ = write!(text, "; {error}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::estate::TestKind;
    use domain::readiness::{LastTest, TestResult};

    use super::*;

    #[test]
    fn a_test_reads_as_a_sentence() {
        let day = |day: i64| Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap();
        let overdue = ReadinessStatus {
            name: "monthly".into(),
            kind: TestKind::Drill,
            standing: Standing::Overdue,
            every: Duration::from_secs(30 * 86_400),
            takes: Some(Duration::from_secs(3600)),
            last: Some(LastTest {
                at: day(0),
                result: TestResult::Pass,
                proof: Proof::Incident,
                by: "INC-2027-0001".to_owned(),
                note: None,
            }),
            due_at: Some(day(30)),
            runbook: Some("regional-failover".to_owned()),
            scenario: None,
            service: None,
            backup: None,
            owner: None,
            error: None,
        };
        assert_eq!(
            line(&overdue, day(42)),
            "Test monthly, drill: overdue by 12d, passed 42d ago (INC-2027-0001), expected every 30d, takes 1h, \
             runbook regional-failover"
        );
        let never = ReadinessStatus { standing: Standing::Never, last: None, due_at: None, takes: None, ..overdue };
        assert!(line(&never, day(42)).starts_with("Test monthly, drill: never done, expected every 30d"));
    }
}
