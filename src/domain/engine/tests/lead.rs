//! Who commands, what is being decided, who does what.

use super::*;
use crate::ident::PersonId;
use crate::log::IncidentStatus;
use crate::people::Role;
use crate::report::entry_sentence;

fn lead(act: LeadAct) -> Command {
    Command::Lead(Box::new(act))
}

fn assume(by: &str, role: Role, reason: Option<&str>) -> Command {
    lead(LeadAct::Assume { by: by.into(), role, reason: reason.map(str::to_owned) })
}

fn offer(to: &str) -> Command {
    lead(LeadAct::Offer { to: to.into(), brief: "us-east-1 is down".to_owned() })
}

fn accept(by: &str, spoken: bool) -> Command {
    lead(LeadAct::Accept { by: by.into(), spoken })
}

fn decline(by: &str) -> Command {
    lead(LeadAct::Decline { by: by.into(), reason: "on a plane".to_owned() })
}

fn propose(text: &str) -> Command {
    lead(LeadAct::Propose { text: text.to_owned(), failover: true })
}

fn solo() -> Command {
    lead(LeadAct::BeginSolo { reason: "nobody answers".to_owned() })
}

impl Bench {
    fn commander(&self) -> Option<&str> {
        self.state.open()?.commander.as_ref().map(PersonId::as_str)
    }

    fn last_seq(&self) -> u64 {
        self.state.entries.last().unwrap().seq
    }

    fn last_sentence(&self) -> String {
        entry_sentence(&self.state, self.state.entries.last().unwrap()).to_string()
    }

    /// There is exactly one, and the list of roles says the same.
    #[track_caller]
    fn commands(&self, name: &str) {
        assert_eq!(self.commander(), Some(name));
        assert_eq!(self.state.lead.holders(Role::Commander), [&PersonId::from(name)]);
    }
}

#[test]
fn command_is_taken_from_somebody_for_a_reason_only() {
    let mut bench = Bench::opened();
    bench.commands("mara");
    assert_eq!(bench.refused("raj", assume("raj", Role::Commander, None)), Reason::Confirmation);
    assert_eq!(bench.refused("raj", assume("raj", Role::Commander, Some("  "))), Reason::Confirmation);
    bench.commands("mara");
    bench.must("raj", assume("raj", Role::Commander, Some("mara's console is gone")));
    bench.commands("raj");
    assert_eq!(bench.last_sentence(), "raj takes command: mara's console is gone");
    let entries = bench.last_seq();
    bench.must("raj", assume("raj", Role::Commander, None));
    assert_eq!(bench.last_seq(), entries, "who commands already is no news");
}

#[test]
fn an_incident_is_never_left_without_a_commander() {
    let mut bench = Bench::opened();
    let release = lead(LeadAct::Release { by: "mara".into(), role: Role::Commander });
    assert_eq!(bench.refused("mara", release), Reason::NotNow);
    bench.commands("mara");
    bench.must("ana", assume("ana", Role::Operator, None));
    let release = || lead(LeadAct::Release { by: "ana".into(), role: Role::Operator });
    bench.must("ana", release());
    assert_eq!(bench.refused("ana", release()), Reason::NotNow, "what nobody holds is not released");
}

#[test]
fn command_stays_until_the_one_it_is_offered_to_accepts() {
    let mut bench = Bench::opened();
    assert_eq!(bench.refused("raj", accept("raj", false)), Reason::NotNow, "nothing is offered");
    assert_eq!(bench.refused("raj", offer("ana")), Reason::NotNow, "raj has nothing to hand over");
    assert_eq!(bench.refused("mara", offer("mara")), Reason::NotNow);
    bench.must("mara", offer("raj"));
    bench.commands("mara");
    assert_eq!(bench.refused("mara", offer("raj")), Reason::Duplicate);
    assert_eq!(bench.refused("ana", accept("ana", false)), Reason::NotNow, "it was not offered to ana");
    assert_eq!(bench.refused("ana", accept("raj", false)), Reason::Approval, "nobody accepts as somebody else");
    bench.must("raj", accept("raj", false));
    bench.commands("raj");
    assert_eq!(bench.state.lead.offer, None);
    assert_eq!(bench.refused("raj", accept("raj", false)), Reason::NotNow, "an offer is accepted once");
}

#[test]
fn what_was_said_is_recorded_by_who_commands_the_deputy_or_the_scribe() {
    let mut bench = Bench::opened();
    bench.must("mara", offer("raj"));
    assert_eq!(bench.refused("ana", accept("raj", true)), Reason::Approval);
    assert_eq!(bench.refused("raj", accept("raj", true)), Reason::Approval, "of oneself nothing is hearsay");
    bench.must("ana", assume("ana", Role::Scribe, None));
    bench.must("ana", accept("raj", true));
    bench.commands("raj");
    assert_eq!(bench.last_sentence(), "raj has accepted command, as spoken, recorded by ana");
    bench.must("raj", offer("mara"));
    bench.must("raj", accept("mara", true));
    bench.commands("mara");
}

#[test]
fn command_is_offered_to_somebody_whom_the_estate_or_the_incident_knows() {
    let mut bench = Bench::opened();
    let refused = bench.act("mara", offer("rja")).unwrap_err();
    assert_eq!(refused.reason, Reason::NoSuchThing);
    assert!(refused.message.contains("nobody is called `rja`: did you mean `raj`?"), "{}", refused.message);
    let refused = bench.act("mara", offer("rajraj")).unwrap_err();
    assert!(refused.message.contains("nobody is called `rajraj`: there is raj. Whoever"), "{}", refused.message);
    assert!(bench.state.lead.offer.is_none());
    bench.must("kim", assume("kim", Role::Operator, None));
    bench.must("mara", offer("kim"));
}

#[test]
fn an_offer_lapses_when_command_moves_or_somebody_else_is_asked() {
    let mut bench = Bench::opened();
    bench.must("ana", assume("ana", Role::Deputy, None));
    bench.must("mara", offer("raj"));
    bench.must("mara", offer("ana"));
    assert_eq!(bench.refused("raj", accept("raj", false)), Reason::NotNow, "ana was asked after him");
    bench.must("zoe", assume("zoe", Role::Commander, Some("mara fainted")));
    assert_eq!(bench.refused("ana", accept("ana", false)), Reason::NotNow, "mara has nothing to give any more");
    bench.commands("zoe");
}

#[test]
fn an_offer_is_declined_or_withdrawn_by_the_two_it_is_about() {
    let mut bench = Bench::opened();
    bench.must("mara", offer("raj"));
    assert_eq!(bench.refused("ana", decline("ana")), Reason::NotNow);
    bench.must("raj", decline("raj"));
    assert_eq!((bench.state.lead.offer.is_none(), bench.commander()), (true, Some("mara")));
    bench.must("mara", offer("raj"));
    bench.must("mara", decline("mara"));
    assert_eq!(bench.last_sentence(), "command is not handed over: mara withdraws the offer: on a plane");
    assert_eq!(bench.refused("raj", accept("raj", false)), Reason::NotNow);
}

#[test]
fn who_works_alone_is_in_command_and_is_alone_until_somebody_comes() {
    let mut bench = Bench::opened();
    assert_eq!(bench.refused("ana", solo()), Reason::NotNow);
    bench.must("mara", solo());
    let entries = bench.last_seq();
    bench.must("mara", solo());
    assert_eq!(bench.last_seq(), entries);
    bench.must("zoe", assume("zoe", Role::Observer, None));
    assert!(bench.state.lead.solo.is_some(), "who only looks on helps nobody");
    bench.must("ana", assume("ana", Role::Operator, None));
    assert_eq!(bench.state.lead.solo, None);
    let told: Vec<_> = bench.state.entries.iter().rev().take(2).map(|entry| &entry.event).collect();
    assert!(matches!(told[..], [Event::CommandTaken { .. }, Event::SoloEnded {}]), "the log says it: {told:?}");

    bench.must("mara", solo());
    bench.must("mara", offer("raj"));
    bench.must("raj", accept("raj", false));
    assert_eq!(bench.state.lead.solo, None, "it was mara who was alone");
}

#[test]
fn who_only_looks_on_executes_nothing() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.must("ana", assume("ana", Role::Observer, None));
    let refused = bench.execute("look", Confirmation::Key).unwrap_err();
    assert_eq!(refused.reason, Reason::NotNow);
    bench.must("ana", assume("ana", Role::Operator, None));
    bench.execute("look", Confirmation::Key).unwrap();
}

#[test]
fn anybody_proposes_and_objects_and_the_commander_or_a_deputy_decides() {
    let mut bench = Bench::opened();
    bench.must("ana", propose("fail over to us-west-2"));
    let proposal = bench.last_seq();
    let object = |by: &str| lead(LeadAct::Object { proposal, by: by.into(), text: "the lag is unknown".to_owned() });
    let settle = || lead(LeadAct::Settle { proposal, text: None });
    bench.must("raj", object("raj"));
    assert_eq!(bench.refused("ana", settle()), Reason::NotNow, "mara commands");
    assert_eq!(bench.state.open().unwrap().decided_at, None);
    bench.must("mara", settle());
    assert!(bench.state.open().unwrap().decided_at.is_some(), "the execution clock runs");
    assert_eq!(
        bench.last_sentence(),
        "decides to fail over, as proposed by ana, over the objection of raj (the lag is unknown): fail over to us-west-2"
    );
    for late in [object("zoe"), settle(), lead(LeadAct::DropProposal { proposal, reason: String::new() })] {
        assert_eq!(bench.refused("mara", late), Reason::NotNow);
    }

    bench.must("raj", propose("stay where we are"));
    let proposal = bench.last_seq();
    bench.must("ana", assume("ana", Role::Deputy, None));
    let text = Some("stay until 14:30Z".to_owned());
    bench.must("ana", lead(LeadAct::Settle { proposal, text }));
    assert!(bench.last_sentence().ends_with("as proposed by raj, no objection: stay until 14:30Z"));
    assert_eq!(bench.state.lead.open_proposals().count(), 0);
}

#[test]
fn a_task_has_an_owner_a_time_and_one_end() {
    let mut bench = Bench::opened();
    let due = Some(bench.now.wall);
    assert_eq!(
        bench.refused("mara", lead(LeadAct::AddTask { text: " ".to_owned(), owner: None, due })),
        Reason::Confirmation
    );
    bench.must("mara", lead(LeadAct::AddTask { text: "call the provider".to_owned(), owner: None, due }));
    let task = bench.last_seq();
    bench.must("mara", lead(LeadAct::Assign { task, owner: Some("ana".into()), due }));
    assert_eq!(bench.state.lead.tasks[&task].owner, Some("ana".into()));
    let end = || lead(LeadAct::EndTask { task, done: true, text: "ticket 4711".to_owned() });
    bench.must("ana", end());
    assert_eq!(bench.last_sentence(), "task is done: call the provider: ticket 4711");
    assert_eq!(bench.refused("ana", end()), Reason::NotNow);
    assert_eq!(bench.state.lead.open_tasks().count(), 0);
    assert_eq!(bench.refused("ana", lead(LeadAct::Assign { task: 999, owner: None, due })), Reason::NoSuchThing);
}

#[test]
fn a_status_is_changed_once() {
    let mut bench = Bench::opened();
    let change = |status| lead(LeadAct::ChangeStatus { status, reason: String::new() });
    bench.must("mara", change(IncidentStatus::Identified));
    let entries = bench.last_seq();
    bench.must("mara", change(IncidentStatus::Identified));
    assert_eq!((bench.last_seq(), bench.state.open().unwrap().status), (entries, IncidentStatus::Identified));
}
