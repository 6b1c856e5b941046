//! The life of alerts, step by step and by any sequence of what may be seen and said.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::ident::{AlertKey, PersonId};
use crate::log::Kind;
use crate::reading::AlertSeverity::{Critical, Warning};
use crate::reading::{AlertSeverity, AlertState};
use crate::time::{Now, Timestamp};

const AUDIENCE: Audience<'static> = Audience { estate: "orders", kind: Kind::Live, incident: Some("INC-2026-0007") };

fn now(second: u64) -> Now {
    let start = Now { wall: Timestamp::from_second(1_700_000_000).unwrap(), boot: Duration::from_secs(5000) };
    start.after(Duration::from_secs(second))
}

fn finding(rule: Rule, subject: &str, severity: AlertSeverity) -> Finding {
    Finding {
        key: rule.key(subject),
        rule,
        subject: subject.to_owned(),
        region: None,
        service: None,
        severity,
        text: format!("{subject} is in trouble"),
        since: now(0).wall,
    }
}

fn lag(severity: AlertSeverity) -> Vec<Finding> {
    vec![finding(Rule::ReplicationLag, "orders-db@us-west-2", severity)]
}

fn down() -> Vec<Finding> {
    vec![finding(Rule::RegionDown, "us-east-1", Critical)]
}

/// A book, the answers, and settings, kept second by second.
#[derive(Default)]
struct Desk {
    book: Book,
    answers: Answers,
    settings: AlertSettings,
}

impl Desk {
    fn see(&mut self, sight: Sight, second: u64) -> Vec<NoticeState> {
        let notices = self.book.keep(sight, &self.settings, &self.answers, &AUDIENCE, now(second));
        notices.into_iter().map(|notice| notice.state).collect()
    }

    fn found(&mut self, found: Vec<Finding>, second: u64) -> Vec<NoticeState> {
        self.see(Sight { found, ..Sight::default() }, second)
    }

    fn unknown(&mut self, key: AlertKey, second: u64) -> Vec<NoticeState> {
        self.see(Sight { unknown: BTreeSet::from([key]), ..Sight::default() }, second)
    }

    fn acknowledge(&mut self, second: u64) -> usize {
        let who = PersonId::from("ana");
        self.answers.acknowledge(&self.book, &Which::All, &who, now(second).wall).unwrap().len()
    }

    fn silence(&mut self, of: &str, from: u64, until: u64) {
        let (of, who) = (AlertKey::from(of), PersonId::from("ana"));
        self.answers.silence(&of, Some(now(until).wall), &who, "maintenance", now(from).wall).unwrap();
    }

    fn shown(&self, second: u64) -> Vec<crate::reading::AlertStatus> {
        self.book.statuses(&self.answers, now(second).wall)
    }
}

#[test]
fn an_alert_fires_once_and_is_resolved_once_whatever_its_text_says_meanwhile() {
    let mut desk = Desk::default();
    assert_eq!(desk.found(down(), 0), [NoticeState::Firing]);
    let mut later = down();
    later[0].text = "us-east-1 is still down".to_owned();
    assert_eq!(desk.found(later, 1), []);
    assert_eq!(desk.shown(1)[0].text, "us-east-1 is still down");
    assert_eq!(desk.found(vec![], 2), [NoticeState::Resolved]);
    assert_eq!(desk.found(vec![], 3), []);
    assert!(desk.shown(3).is_empty());
}

#[test]
fn what_has_to_last_is_pending_first_and_goes_without_a_word_when_it_does_not() {
    let mut desk = Desk::default();
    let check = || vec![finding(Rule::CheckDown, "edge", Warning)];
    assert_eq!(desk.found(check(), 0), []);
    assert_eq!(desk.shown(0)[0].state, AlertState::Pending);
    assert_eq!(desk.found(vec![], 29), []);
    assert!(desk.shown(29).is_empty());
    assert_eq!(desk.found(check(), 30), []);
    assert_eq!(desk.found(check(), 59), []);
    assert_eq!(desk.found(check(), 60), [NoticeState::Firing]);
}

#[test]
fn what_comes_and_goes_stays_one_alert_for_as_long_as_its_rule_says() {
    let mut desk = Desk::default();
    assert_eq!(desk.found(lag(Warning), 0), [NoticeState::Firing]);
    assert_eq!(desk.found(vec![], 10), []);
    assert_eq!(desk.found(lag(Warning), 20), []);
    for second in [30, 50, 70, 89] {
        assert_eq!(desk.found(vec![], second), []);
    }
    assert_eq!(desk.found(vec![], 90), [NoticeState::Resolved]);
}

#[test]
fn it_is_told_again_when_it_becomes_worse_and_eases_as_slowly_as_it_resolves() {
    let mut desk = Desk::default();
    desk.found(lag(Warning), 0);
    assert_eq!(desk.acknowledge(1), 1);
    assert_eq!(desk.found(lag(Critical), 2), [NoticeState::Firing], "what was taken on was a warning");
    assert_eq!(desk.shown(2)[0].acknowledged_by, None);
    assert_eq!(desk.found(lag(Warning), 10), []);
    assert_eq!(desk.shown(10)[0].severity, Critical);
    assert_eq!(desk.found(lag(Critical), 20), []);
    for second in [30, 50, 70, 90] {
        assert_eq!(desk.shown(second)[0].severity, Critical);
        assert_eq!(desk.found(lag(Warning), second), []);
    }
    assert_eq!(desk.shown(90)[0].severity, Warning);
}

#[test]
fn what_is_not_known_neither_fires_nor_resolves() {
    let mut desk = Desk::default();
    let key = Rule::RegionDown.key("us-east-1");
    assert_eq!(desk.unknown(key.clone(), 0), []);
    assert!(desk.shown(0).is_empty());
    desk.found(down(), 1);
    for second in 2..100 {
        assert_eq!(desk.unknown(key.clone(), second), []);
    }
    assert_eq!(desk.shown(100)[0].state, AlertState::Firing);
    assert_eq!(desk.found(vec![], 101), [NoticeState::Resolved]);
}

#[test]
fn while_blind_nothing_is_told_but_that() {
    let mut desk = Desk::default();
    desk.found(lag(Warning), 0);
    let mut blind = down();
    blind.push(finding(Rule::Blind, "", Warning));
    for second in [10, 20] {
        let told = desk.see(Sight { blind: true, found: blind.clone(), ..Sight::default() }, second);
        assert_eq!(told.len(), usize::from(second == 10), "of the blindness, once");
    }
    assert_eq!(desk.see(Sight { blind: true, found: blind, ..Sight::default() }, 5000), [NoticeState::Reminder]);
    let keys: Vec<String> = desk.shown(5000).iter().map(|alert| alert.key.to_string()).collect();
    assert_eq!(keys, ["blind", "replication-lag:orders-db@us-west-2"]);
    assert_eq!(desk.found(lag(Warning), 5001), [NoticeState::Resolved, NoticeState::Reminder]);
}

#[test]
fn reminders_come_until_somebody_is_on_it() {
    let mut desk = Desk::default();
    desk.found(down(), 0);
    let mut told = Vec::new();
    for second in (20..3700).step_by(20) {
        told.extend(desk.found(down(), second));
    }
    assert_eq!(told, [NoticeState::Reminder]);
    assert_eq!(desk.acknowledge(3700), 1);
    let again = desk.answers.acknowledge(
        &desk.book,
        &Which::One(Rule::RegionDown.key("us-east-1")),
        &PersonId::from("raj"),
        now(3701).wall,
    );
    assert_eq!(again.unwrap_err().message, "ana acknowledged it at 23:15:00Z");
    assert_eq!(desk.found(down(), 3710), [NoticeState::Acknowledged]);
    for second in (3720..9000).step_by(20) {
        assert_eq!(desk.found(down(), second), []);
    }
    assert_eq!(desk.found(vec![], 9000), [NoticeState::Resolved]);
    assert_eq!(desk.found(down(), 9001), [NoticeState::Firing], "an acknowledgement ends with its alert");
    assert_eq!(desk.shown(9001)[0].acknowledged_by, None);
}

#[test]
fn a_silence_holds_back_until_it_ends_and_then_what_is_still_so_is_told() {
    let mut desk = Desk::default();
    desk.silence("region-down", 0, 100);
    assert_eq!(desk.found(down(), 10), []);
    let shown = &desk.shown(10)[0];
    assert_eq!((shown.silenced_until, shown.silenced_by.clone()), (Some(now(100).wall), Some(PersonId::from("ana"))));
    assert_eq!(desk.found(down(), 99), []);
    assert_eq!(desk.found(down(), 100), [NoticeState::Firing]);
    desk.silence("region-down:us-east-1", 101, 1000);
    assert_eq!(desk.found(vec![], 102), [NoticeState::Resolved], "what was told as firing is told as over");
    desk.found(down(), 103);
    assert_eq!(desk.found(vec![], 104), [], "nobody was told of it");
}

#[test]
fn a_key_or_a_rule_that_does_not_exist_is_refused_with_the_one_that_was_meant() {
    let mut desk = Desk::default();
    desk.found(down(), 0);
    let ana = PersonId::from("ana");
    let one = |key: &str| Which::One(AlertKey::from(key));
    let refusal = desk.answers.acknowledge(&desk.book, &one("region-down:us-east-2"), &ana, now(1).wall).unwrap_err();
    assert_eq!(refusal.message, "no alert `region-down:us-east-2` fires; did you mean `region-down:us-east-1`?");
    let mut silence = |of: &str, until, reason: &str| {
        desk.answers.silence(&AlertKey::from(of), until, &ana, reason, now(1).wall).unwrap_err().message
    };
    assert!(silence("regiondown", Some(now(9).wall), "x").contains("did you mean `region-down`?"));
    assert!(silence("region-down", Some(now(9).wall), " ").contains("a reason is needed"));
    assert!(silence("region-down", Some(now(0).wall), "x").contains("in the future"));
    assert!(silence("region-down", None, "").contains("is not silenced"));
}

#[test]
fn a_book_survives_its_console_and_what_was_about_to_happen_begins_anew() {
    let mut desk = Desk::default();
    let mut found = down();
    found.push(finding(Rule::CheckDown, "edge", Warning));
    desk.found(found.clone(), 0);
    desk.acknowledge(1);
    let kept = serde_json::to_string(&desk.book).unwrap();
    let answered = serde_json::to_string(&desk.answers).unwrap();
    desk.book = serde_json::from_str(&kept).unwrap();
    desk.answers = serde_json::from_str(&answered).unwrap();
    assert_eq!(desk.found(found.clone(), 600), [NoticeState::Acknowledged], "nobody saw the check all that time");
    assert_eq!(desk.shown(600)[0].acknowledged_by, Some(PersonId::from("ana")));
    assert_eq!(desk.found(found, 630), [NoticeState::Firing]);
}

#[derive(Clone, Debug)]
enum Step {
    Found(u8, bool),
    Unknown,
    Blind,
    Acknowledge,
    Silence(u64),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let step = prop_oneof![
        6 => (0..8_u8, any::<bool>()).prop_map(|(which, worse)| Step::Found(which, worse)),
        1 => Just(Step::Unknown),
        1 => Just(Step::Blind),
        1 => Just(Step::Acknowledge),
        1 => (1..400_u64).prop_map(Step::Silence),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec((1..120_u64, step), 1..80)
}

proptest! {
    /// Of each alert: told to fire before it is told to be over, and over before it is told to fire anew, unless it
    /// became worse; no reminder once somebody is on it; nothing but its end while it is silenced; while blind nothing.
    #[test]
    fn what_people_are_told_makes_sense_whatever_happens(steps in steps()) {
        let rules = [(Rule::RegionDown, Critical), (Rule::CheckDown, Warning), (Rule::ReplicationLag, Warning)];
        let keys: Vec<AlertKey> = rules.iter().map(|(rule, _)| rule.key("x")).collect();
        let mut desk = Desk::default();
        let mut told: BTreeMap<AlertKey, AlertSeverity> = BTreeMap::new();
        let mut second = 0;
        for (later, step) in steps {
            second += later;
            let mut sight = Sight::default();
            match step {
                Step::Found(which, worse) => {
                    sight.found = rules.iter().enumerate()
                        .filter(|(at, _)| which & (1 << at) != 0)
                        .map(|(_, (rule, severity))| finding(*rule, "x", if worse { Critical } else { *severity }))
                        .collect();
                }
                Step::Unknown => sight.unknown = keys.iter().cloned().collect(),
                Step::Blind => sight.blind = true,
                Step::Acknowledge => {
                    desk.acknowledge(second);
                    sight.unknown = keys.iter().cloned().collect();
                }
                Step::Silence(span) => {
                    desk.silence("replication-lag", second, second + span);
                    sight.unknown = keys.iter().cloned().collect();
                }
                Step::Restart => {
                    desk.book = serde_json::from_str(&serde_json::to_string(&desk.book).unwrap()).unwrap();
                    sight.unknown = keys.iter().cloned().collect();
                }
            }
            let at = now(second);
            let (blind, before) = (sight.blind, desk.shown(second));
            let notices = desk.book.keep(sight, &desk.settings, &desk.answers, &AUDIENCE, at);
            prop_assert!(!blind || notices.is_empty());
            for notice in notices {
                let silenced = desk.answers.silence_of(&notice.key, at.wall).is_some();
                let taken_on = desk.book.alert(&notice.key).is_some_and(|alert| desk.answers.acknowledgement(alert).is_some());
                match notice.state {
                    NoticeState::Firing => {
                        prop_assert!(!silenced && !taken_on);
                        let last = told.insert(notice.key.clone(), notice.severity);
                        prop_assert!(last.is_none_or(|last| last < notice.severity));
                    }
                    NoticeState::Reminder => {
                        prop_assert!(!silenced && !taken_on);
                        prop_assert!(told.contains_key(&notice.key));
                    }
                    NoticeState::Acknowledged => prop_assert!(taken_on && told.contains_key(&notice.key)),
                    NoticeState::Resolved => {
                        prop_assert!(told.remove(&notice.key).is_some());
                        prop_assert!(desk.book.alert(&notice.key).is_none());
                        prop_assert!(before.iter().any(|alert| alert.key == notice.key && alert.state == AlertState::Firing));
                    }
                }
            }
            for alert in desk.shown(second) {
                prop_assert_eq!(alert.acknowledged_by.is_some(), alert.acknowledged_at.is_some());
                prop_assert!(alert.acknowledged_by.is_none() || alert.state == AlertState::Firing);
                if let Some(last) = told.get_mut(&alert.key) {
                    // What has eased may become worse again.
                    *last = (*last).min(alert.severity);
                }
            }
        }
    }
}
