use super::*;
use crate::comms::Audience;
use crate::execution::End;
use crate::ident::Hash;
use crate::log::{Event, IncidentStatus, Kind, Way};
use crate::people::{Role, Seat};
use crate::reading::CheckStatus;
use crate::report::tests::story::{RUN, RUNBOOK, Story};

fn all(story: &Story, second: u64) -> Vec<Forgotten> {
    seen_with(story, second, None)
}

fn seen_with(story: &Story, second: u64, status: Option<&Status>) -> Vec<Forgotten> {
    let learned = Learned::default();
    forgotten(&Seen { state: &story.state, status, learned: &learned, now: story.at(second) })
}

fn found(story: &Story, second: u64, about: &About) -> Option<Forgotten> {
    all(story, second).into_iter().find(|one| one.about == *about)
}

/// Declared a minute after the impact, by mara; nothing else.
fn declared() -> Story {
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    story
}

fn asked(story: &mut Story, second: u64) {
    let asked = Event::ApprovalRequested {
        run: RUN,
        step: "promote".into(),
        digest: Hash::of(b"text"),
        seat: Seat::Role(Role::DataOwner),
        fallback: None,
        fallback_after: None,
        text: "select pg_promote()".to_owned(),
    };
    story.tell(second, "ana", asked);
}

#[test]
fn a_fresh_incident_has_nothing_to_be_reminded_of_and_a_closed_one_neither() {
    assert_eq!(all(&declared(), 63), []);
    assert_eq!(all(&Story::failover(Kind::Live), 3000), []);
}

#[test]
fn an_update_is_pointed_out_before_it_is_due_and_loud_after() {
    let mut story = declared();
    let about = About::Update { audience: "public".into() };
    let due = story.at(62 + 300);
    assert_eq!(found(&story, 62 + 170, &about), None);
    let soon = found(&story, 62 + 200, &about).unwrap();
    assert_eq!((soon.urgency, soon.when), (Urgency::Soon, When::Until(due)));
    let late = found(&story, 62 + 301, &about).unwrap();
    assert_eq!((late.urgency, late.when), (Urgency::Now, When::Since(due)));
    assert_eq!(late.text, "update for public: told nothing yet");
    let told = Event::UpdateIssued {
        audience: "public".into(),
        status: IncidentStatus::Investigating,
        subject: String::new(),
        text: "we look into it".to_owned(),
        ways: vec![Way::Clipboard],
    };
    story.tell(400, "mara", told);
    assert_eq!(found(&story, 402, &about), None);
}

#[test]
fn an_update_that_did_not_arrive_waits_for_somebody_until_a_newer_one_did() {
    let mut story = declared();
    let way = Way::Channel("page".into());
    let issued = |audience: &str| Event::UpdateIssued {
        audience: audience.into(),
        status: IncidentStatus::Investigating,
        subject: String::new(),
        text: "we look into it".to_owned(),
        ways: vec![way.clone()],
    };
    let failed = |update, unsure| Event::UpdateFailed {
        update,
        way: way.clone(),
        why: "401 Unauthorized".to_owned(),
        remedy: None,
        unsure,
    };
    let last = |story: &Story| story.state.entries.last().unwrap().seq;
    story.tell(70, "mara", issued("public"));
    let first = last(&story);
    assert_eq!(found(&story, 75, &About::Untold(first)), None, "it is on its way");
    let unknown = found(&story, 130, &About::Untold(first)).unwrap();
    assert_eq!(unknown.urgency, Urgency::Now);
    assert!(unknown.text.starts_with("nobody knows whether the update for public arrived by page"), "{}", unknown.text);
    story.tell(72, "switchback", failed(first, false));
    let known = found(&story, 130, &About::Untold(first)).unwrap();
    assert_eq!((known.urgency, known.text.as_str()), (Urgency::Soon, "public not told by page: 401 Unauthorized"));
    story.tell(80, "mara", issued("public"));
    let second = last(&story);
    story.tell(81, "switchback", Event::UpdateDelivered { update: second, way: way.clone(), receipt: None });
    let left = all(&story, 130).into_iter().find(|one| matches!(one.about, About::Untold(_)));
    assert_eq!(left, None);
}

#[test]
fn nobody_writing_is_pointed_out_after_the_time_of_the_policy_whatever_consoles_write_by_themselves() {
    let mut story = declared();
    assert_eq!(found(&story, 62 + 599, &About::Quiet), None);
    story.tell(600, "mara", Event::Observation { text: "a standby moved".to_owned(), subject: None });
    let quiet = found(&story, 62 + 600, &About::Quiet).unwrap();
    assert_eq!(quiet.when, When::Since(story.at(62)));
    story.note(663, "still looking");
    assert_eq!(found(&story, 664, &About::Quiet), None);
}

#[test]
fn an_outcome_nobody_knows_and_a_failure_that_holds_the_run_need_a_person_now() {
    let mut story = declared();
    story.start(64, RUNBOOK);
    story.by_hand(95, "tell", "");
    story.by_hand(100, "wait", "");
    story.verified(102, "wait", 0, true);
    story.intend(110, "stop");
    story.finish(130, "stop", 1, End::TimedOut);
    let about = About::Unknown { run: RUN, step: "stop".into() };
    assert_eq!(found(&story, 131, &about).map(|one| one.urgency), Some(Urgency::Now));
    let evidence = "seen".to_owned();
    story.tell(140, "ana", Event::StepSettled { run: RUN, step: "stop".into(), succeeded: false, evidence });
    assert_eq!(found(&story, 141, &about), None);
    let failed = About::Failed { run: RUN, step: "stop".into() };
    assert_eq!(found(&story, 141, &failed).map(|one| one.urgency), Some(Urgency::Now));
}

#[test]
fn a_wait_for_a_second_name_is_urgent_once_the_time_to_decide_has_passed_or_nobody_else_is_here() {
    let mut story = declared();
    story.start(64, RUNBOOK);
    asked(&mut story, 70);
    let about = About::Approval { run: RUN, step: "promote".into() };
    // Tier 1 has five minutes, of which the steps take about three.
    assert_eq!(found(&story, 71, &about).map(|one| one.urgency), Some(Urgency::Soon));
    let decide = found(&story, 71, &About::DecideBy).unwrap();
    assert!(matches!(decide.when, When::Until(_)), "there is time left: {decide:?}");
    let late = found(&story, 290, &about).unwrap();
    assert_eq!(late.urgency, Urgency::Now);
    assert!(late.text.ends_with("ask by phone, or override it"), "{}", late.text);
    assert_eq!(found(&story, 290, &About::DecideBy).map(|one| one.when), Some(decide.when.passed()));
    story.tell(291, "mara", Event::DecisionRecorded { text: "go".to_owned(), failover: true, proposal: None });
    assert_eq!(found(&story, 292, &About::DecideBy), None, "it was decided");

    let mut alone = declared();
    alone.start(64, RUNBOOK);
    alone.tell(65, "mara", Event::SoloBegun { by: "mara".into(), reason: "night".to_owned() });
    asked(&mut alone, 70);
    let waits = found(&alone, 71, &about).unwrap();
    assert_eq!(waits.urgency, Urgency::Now);
    assert!(waits.text.contains("nobody else is here"), "{}", waits.text);
}

#[test]
fn a_tier_that_was_out_of_reach_when_it_was_declared_is_nobody_s_omission() {
    let mut story = declared();
    // With three more minutes of steps tier 1 was lost before anybody could decide.
    let longer =
        RUNBOOK.replace("- [ ] Scale up <!-- id: scale -->", "- [ ] Scale up <!-- id: scale -->\n\n  Duration: 5m\n");
    story.start(64, &longer);
    assert!(story.state.runs[0].step(&"scale".into()).unwrap().expected.is_some());
    assert_eq!(found(&story, 66, &About::DecideBy), None);
}

#[test]
fn the_side_that_was_left_is_fenced_or_somebody_watches_it() {
    let mut story = declared();
    story.start(64, RUNBOOK);
    for step in ["tell", "wait", "stop"] {
        story.by_hand(70, step, "");
    }
    story.by_hand(90, "promote", "in the provider's console");
    let about = About::OldSide { database: "orders-db".into(), region: "us-east-1".into() };
    let unfenced = found(&story, 91, &about).unwrap();
    assert_eq!((unfenced.urgency, unfenced.when), (Urgency::Now, When::Since(story.at(90))));

    let how = "instances stopped".to_owned();
    let fenced = Event::FenceStated { database: "orders-db".into(), region: "us-east-1".into(), how, by: "ana".into() };
    story.tell(95, "ana", fenced);
    assert_eq!(found(&story, 96, &about).map(|one| one.urgency), Some(Urgency::Soon), "nothing looks at it");
    let check = |health| Status {
        checks: vec![CheckStatus {
            name: "orders-db@us-east-1".into(),
            kind: "postgres".to_owned(),
            status: health,
            since: None,
            value: None,
            error: None,
            measured_at: None,
            age: None,
            latency: None,
            flapping: false,
            suspect: false,
            critical: true,
            trend: Vec::new(),
        }],
        ..Status::default()
    };
    let with = |health| seen_with(&story, 96, Some(&check(health))).into_iter().find(|one| one.about == about);
    assert_eq!(with(Health::Down), None);
    assert!(with(Health::Stale).is_some());
}

#[test]
fn command_that_is_offered_a_proposal_and_a_task_wait_for_somebody() {
    let mut story = declared();
    let brief = String::new();
    story.tell(70, "mara", Event::HandoffOffered { to: "raj".into(), brief });
    let text = "stay".to_owned();
    story.tell(71, "ana", Event::DecisionProposed { text, failover: false });
    let proposal = story.state.entries.len() as u64;
    let text = "call the provider".to_owned();
    let due = Some(story.at(100));
    story.tell(72, "ana", Event::TaskAdded { text, owner: Some("zoe".into()), due });
    let offer = found(&story, 75, &About::Offer).unwrap();
    assert_eq!(offer.text, "raj has not accepted command yet: mara still commands");
    assert_eq!(found(&story, 75, &About::Proposal(proposal)).map(|one| one.urgency), Some(Urgency::Thought));
    assert_eq!(found(&story, 300, &About::Proposal(proposal)).map(|one| one.urgency), Some(Urgency::Soon));
    let task = found(&story, 101, &About::Task(proposal + 1)).unwrap();
    assert_eq!(task.text, "overdue, of zoe: call the provider");
    assert_eq!(found(&story, 99, &About::Task(proposal + 1)), None);
}

impl When {
    /// The same moment, behind.
    fn passed(self) -> Self {
        Self::Since(self.at())
    }
}

#[test]
fn what_is_most_urgent_stands_first() {
    let mut story = declared();
    story.tell(70, "mara", Event::HandoffOffered { to: "raj".into(), brief: String::new() });
    story.tell(71, "mara", Event::SoloBegun { by: "mara".into(), reason: "night".to_owned() });
    let urgencies: Vec<_> = all(&story, 900).iter().map(|one| one.urgency).collect();
    assert!(urgencies.is_sorted() && urgencies.contains(&Urgency::Now) && urgencies.contains(&Urgency::Thought));
}

#[test]
fn audiences_without_an_estate_s_word_are_the_usual_ones() {
    assert_eq!(declared().state.open().unwrap().estate.audiences, Audience::usual());
}
