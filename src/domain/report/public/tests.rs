//! Nothing of a hundred kinds of private text is in a public page.

use super::{Published, Scrub};
use crate::execution::End;
use crate::log::{Event, IncidentStatus, Kind, Way};
use crate::people::Role;
use crate::report::tests::story::{RUN, RUNBOOK, Story};
use crate::report::{Page, Source};

fn every_format(story: &Story) -> [String; 3] {
    let published = Published::of(&story.state);
    let source = Source::published(&published);
    let page = Page::of(&source);
    [page.markdown(), page.html(), source.csv()]
}

#[test]
fn a_public_page_names_no_person_machine_command_or_output() {
    let mut story = Story::failover(Kind::Live);
    story.tell(
        310,
        "mara",
        Event::GuardOverridden {
            run: RUN,
            step: "promote".into(),
            guard: "fenced orders-db@us-east-1".to_owned(),
            seen: "SECRETLY seen".to_owned(),
            reason: "SECRETLY ordered".to_owned(),
            authority: "zoe".into(),
        },
    );
    story.note(320, "TODO SECRETLY tell raj at +41 44 123 45 67");
    for page in every_format(&story) {
        for private in [
            "mara",
            "raj",
            "zoe",
            "bastion",
            "SECRETLY",
            "pg_promote",
            "switch-traffic",
            "east/orders",
            "west/orders",
            "posted in #incidents",
            "no writes in the access log",
            "the edge did not answer",
            "capacity is enough",
            "two customers confirm",
            "output of",
            "instances stopped",
            "+41",
            "nothing answers",
        ] {
            assert!(!page.contains(private), "`{private}` is in\n{page}");
        }
        assert!(!page.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ana"));
        for public in ["us-east-1", "orders-db", "commander", "data-owner", "person 1", "Promote", "2026-11-20"] {
            assert!(page.contains(public), "`{public}` is not in\n{page}");
        }
    }
}

#[test]
fn a_public_page_measures_the_same() {
    let story = Story::failover(Kind::Live);
    let published = Published::of(&story.state);
    let (inside, outside) =
        (crate::report::metrics(&story.state).unwrap(), crate::report::metrics(&published.state).unwrap());
    assert_eq!((&inside.tiers, &inside.losses), (&outside.tiers, &outside.losses));
    for point in crate::report::Point::ALL {
        assert_eq!(inside.point(point).map(|end| end.at), outside.point(point).map(|end| end.at), "{}", point.name());
    }
    assert_eq!(published.state.entries.len(), story.state.entries.len());
    let states = |state: &crate::engine::State| -> Vec<_> {
        let run = state.run(RUN).unwrap();
        run.runbook.steps().map(|step| run.step_state(&step.id)).collect()
    };
    assert_eq!(states(&story.state), states(&published.state));
}

#[test]
fn names_and_addresses_in_titles_are_scrubbed() {
    let mut story = Story::new(Kind::Live);
    story.open("Raj says db-7.corp.example (10.1.2.3:5432, fe80::1:2, 2001:db8:0:1:2:3:4:5) is down, call +41 44 123 45 67 or ops@corp.example, https://wiki.corp.example/x?y=z");
    story.start(64, &RUNBOOK.replace("Tell everybody", "Ask raj on bastion about east and us-east-1"));
    story.intend(70, "stop");
    story.finish(75, "stop", 1, End::Succeeded { exit: None });
    for page in every_format(&story) {
        for private in ["Raj", "raj", "corp", "10.1.", ":5432", "fe80:", "2001:", "123 45", "wiki", "bastion"] {
            assert!(!page.contains(private), "`{private}` is in\n{page}");
        }
        assert!(page.contains("us-east-1"));
    }
    let scrub = Published::of(&story.state).scrub;
    assert_eq!(scrub.clean("Ask RAJ, rajah and us-east-1; east"), "Ask data-owner, rajah and us-east-1; [host]");
    assert_eq!(
        Scrub::default().clean("step 2.3 took 1.2s at 02:14:37Z, 0/62BC9F0"),
        "step 2.3 took 1.2s at 02:14:37Z, 0/62BC9F0"
    );
}

#[test]
fn what_nobody_listed_is_withheld_whole() {
    let mut story = Story::new(Kind::Drill);
    story.open("us-east-1 is down");
    story.tell(70, "mara", Event::Observation { text: "SECRETLY".to_owned(), subject: Some("SECRETLY".to_owned()) });
    for page in every_format(&story) {
        assert!(!page.contains("SECRETLY") && page.contains("observation"), "{page}");
    }
}

#[test]
fn what_people_agreed_among_themselves_and_told_the_house_stays_inside() {
    let mut story = Story::failover(Kind::Live);
    let secret = || "SECRETLY, by zoe".to_owned();
    let (zoe, file) = (|| "zoe".into(), || Way::File("SECRETLY.txt".to_owned()));
    let (proposal, task, update) = (900, 901, 902);
    for event in [
        Event::CommandTaken { by: zoe(), role: Role::Deputy, reason: Some(secret()) },
        Event::SoloBegun { by: zoe(), reason: secret() },
        Event::HandoffOffered { to: zoe(), brief: secret() },
        Event::HandoffDeclined { offer: 1, by: zoe(), reason: secret() },
        Event::DecisionProposed { text: secret(), failover: false },
        Event::ObjectionRaised { proposal, by: zoe(), text: secret() },
        Event::ProposalDropped { proposal, reason: secret() },
        Event::TaskAdded { text: secret(), owner: Some(zoe()), due: None },
        Event::TaskAssigned { task, owner: Some(zoe()), due: None },
        Event::TaskEnded { task, done: true, text: secret() },
        Event::StatusChanged { status: IncidentStatus::Identified, reason: secret() },
        Event::UpdateIssued {
            audience: "executives".into(),
            status: IncidentStatus::Identified,
            subject: secret(),
            text: secret(),
            ways: vec![file()],
        },
        Event::UpdateRetried { update, way: file() },
        Event::UpdateDelivered { update, way: file(), receipt: Some(secret()) },
        Event::UpdateFailed { update, way: file(), why: secret(), remedy: Some(secret()), unsure: true },
    ] {
        story.tell(320, "mara", event);
    }
    for page in every_format(&story) {
        assert!(!page.contains("SECRETLY") && !page.contains("zoe"), "{page}");
        assert!(page.contains("update for executives"), "{page}");
    }
}
