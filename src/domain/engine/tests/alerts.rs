//! Alerts in the log: each turn once, whoever records it and however often.

use std::collections::BTreeSet;

use super::*;
use crate::alert::{AlertSettings, Answers, Audience, Book, Finding, Rule, Sight, Which, to_record};
use crate::ident::{AlertKey, PersonId};
use crate::reading::AlertSeverity;
use crate::report::entry_sentence;

/// A book and its answers beside an incident; recorded twice after every turn, as by two consoles.
struct Desk {
    bench: Bench,
    book: Book,
    answers: Answers,
}

impl Desk {
    fn see(&mut self, found: &[(Rule, AlertSeverity)], unknown: &BTreeSet<AlertKey>) {
        let found = found.iter().map(|(rule, severity)| Finding {
            key: rule.key("us-east-1"),
            rule: *rule,
            subject: "us-east-1".to_owned(),
            region: None,
            service: None,
            severity: *severity,
            text: "us-east-1 is in trouble".to_owned(),
            since: self.bench.now.wall,
        });
        let sight = Sight { found: found.collect(), unknown: unknown.clone(), ..Sight::default() };
        let audience = Audience { estate: "orders", kind: Kind::Live, incident: None };
        self.book.keep(sight, &AlertSettings::default(), &self.answers, &audience, self.bench.now);
        self.record(unknown);
    }

    fn record(&mut self, unknown: &BTreeSet<AlertKey>) {
        let now = self.bench.now.wall;
        let turns = to_record(&self.book, &self.answers, unknown, &self.bench.state.alerts, now);
        for turn in turns.iter().chain(&turns) {
            self.bench.must("switchback", Command::RecordAlert(turn.clone()));
        }
        assert_eq!(to_record(&self.book, &self.answers, unknown, &self.bench.state.alerts, now), []);
    }

    fn said(&self) -> Vec<String> {
        let state = &self.bench.state;
        let about_alerts = state.entries.iter().map(|entry| entry_sentence(state, entry).text);
        about_alerts.filter(|text| text.contains("alert") || text.contains("silence")).collect()
    }
}

#[test]
fn each_turn_is_recorded_once() {
    let mut desk = Desk { bench: Bench::opened(), book: Book::default(), answers: Answers::default() };
    let (ana, lag) = (PersonId::from("ana"), Rule::ReplicationLag);
    desk.see(&[(lag, AlertSeverity::Warning)], &BTreeSet::new());
    let at = desk.bench.now.wall;
    desk.answers.acknowledge(&desk.book, &Which::All, &ana, at).unwrap();
    desk.record(&BTreeSet::new());
    desk.see(&[(lag, AlertSeverity::Critical)], &BTreeSet::new());
    desk.see(&[(lag, AlertSeverity::Warning)], &BTreeSet::new());
    let until = desk.bench.now.after(Duration::from_secs(600)).wall;
    let rule = AlertKey::from(lag.word());
    desk.answers.silence(&rule, Some(until), &ana, "catching up", desk.bench.now.wall).unwrap();
    desk.record(&BTreeSet::new());
    desk.answers.silence(&rule, None, &ana, "", desk.bench.now.wall).unwrap();
    desk.record(&BTreeSet::new());
    // Another book, opened anew: what it does not know is not over for that, what it knows to be over is.
    desk.book = Book::default();
    desk.see(&[], &BTreeSet::from([lag.key("us-east-1")]));
    desk.see(&[], &BTreeSet::new());
    assert_eq!(
        desk.said(),
        [
            "alert, warning: us-east-1 is in trouble",
            "ana acknowledges alert replication-lag:us-east-1",
            "alert, critical: us-east-1 is in trouble",
            &format!("ana silences replication-lag until {}", crate::time::clock(until)),
            "the silence of replication-lag is ended",
            "alert replication-lag:us-east-1 is over",
        ]
    );
    let replayed = replay(&desk.bench.state.entries);
    assert_eq!(replayed.alerts, desk.bench.state.alerts);
}
