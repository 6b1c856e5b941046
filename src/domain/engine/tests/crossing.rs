//! What a step that cannot be undone asks for: its guards, its approval, and a fence that holds.

use super::*;

#[test]
fn guards_protect_the_promotion_not_order() {
    let mut bench = Bench::before_promotion();
    let typed = Confirmation::Typed("us-west-2".to_owned());
    let refusal = bench.execute("promote", typed.clone()).unwrap_err();
    assert_eq!(refusal.reason, Reason::Guard);
    assert!(refusal.message.contains("fenced"), "{}", refusal.message);
}

#[test]
fn a_promotion_needs_its_approval_its_typing_and_freezes_the_recovery_point() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    break_every_glass(&mut bench);
    let typed = Confirmation::Typed("us-west-2".to_owned());
    assert_eq!(bench.execute("promote", typed.clone()).unwrap_err().reason, Reason::Approval);
    let resolved = bench.resolved("promote", Part::Run);
    let digest = resolved.digest();
    let step = StepId::from("promote");
    bench.must("ana", Command::RequestApproval { run: RUN, step: step.clone(), resolved: Box::new(resolved) });
    assert_eq!(bench.step("promote"), StepState::AwaitingApproval);
    let approve = |by: &str| Command::Approve { run: RUN, step: step.clone(), digest, by: by.into(), spoken: false };
    assert_eq!(bench.refused("ana", approve("ana")), Reason::Approval, "a second name is needed");
    assert_eq!(bench.refused("mara", approve("mara")), Reason::Approval, "the fallback has to wait");
    bench.must("raj", approve("raj"));
    assert_eq!(bench.execute("promote", Confirmation::Yes).unwrap_err().reason, Reason::Confirmation);
    bench.execute("promote", typed).unwrap();
    bench.finish("promote", 1, End::Succeeded { exit: Some(0) }).unwrap();
    assert!(bench.state.incident.as_ref().unwrap().no_return_at.is_some());
    assert!(!bench.run().rollback_offered(&StepId::from("stop")), "undo of earlier steps is no longer offered");
}

#[test]
fn an_accepted_write_revokes_every_fence() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    let (database, region) = (DatabaseId::from("orders-db"), RegionId::from("us-east-1"));
    let evidence = "a write was accepted".to_owned();
    bench.must("ana", Command::RevokeFence { database: database.clone(), region: region.clone(), evidence });
    let fence = &bench.state.fences[&(database, region)];
    assert!(fence.statement.is_none() && fence.revoked.is_some());
    assert_eq!(
        bench.execute("promote", Confirmation::Typed("us-west-2".to_owned())).unwrap_err().reason,
        Reason::Guard
    );
}
