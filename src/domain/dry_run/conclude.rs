//! What would stop a run, and what it would have to be given.

use super::given::ACCEPT_LOSS;
use super::{Answer, Confirm, Does, DryRun, DryStep, Given, Looked, Otherwise};

impl DryRun {
    /// Says what stands in the way, once every question has its answer.
    ///
    /// A guard stops the run if it does not hold now and nothing before it changes anything; what comes after a change
    /// is reported only, because it may hold by then. What a promotion would lose is another matter: no step brings it
    /// back. A step that only looks has to see what it waits for.
    pub fn conclude(&mut self, given: &Given) {
        let main = || self.steps.iter().filter(|step| step.main && step.to_do());
        self.in_the_way = main().flat_map(obstacles).collect();
        let mut needs: Vec<String> = main().flat_map(|step| needs(step, given)).collect();
        needs.dedup();
        self.needs = needs;
    }
}

fn obstacles(step: &DryStep) -> Vec<String> {
    let mut found = Vec::new();
    match &step.does {
        Does::ByHand { because: Some(why), .. } => found.push(format!("{}: {why}", step.title)),
        Does::Open { why, later: false } => found.push(format!("{}: {why}", step.title)),
        Does::ByHand { because: None, .. } | Does::Opens { .. } | Does::Open { later: true, .. } | Does::Runs(_) => {}
    }
    let said =
        |looked: &Looked| format!("{}: `{}` is {}: {}", step.title, looked.asks, looked.answer.word(), looked.seen);
    found.extend(step.guards.iter().filter(|guard| stops(step, guard)).map(said));
    let looks_only = !step.changes() && !step.after_changes;
    found.extend(step.verifies.iter().filter(|verify| looks_only && verify.answer != Answer::Met).map(said));
    found
}

fn stops(step: &DryStep, guard: &Looked) -> bool {
    let lost = guard.wants == Some(ACCEPT_LOSS);
    guard.answer != Answer::Met && guard.otherwise != Some(Otherwise::Skips) && (lost || !step.after_changes)
}

fn needs(step: &DryStep, given: &Given) -> Vec<String> {
    let approved = given.approvals.iter().any(|(id, _)| *id == step.id);
    let approval = step.approval.as_ref().filter(|_| !approved);
    let typed = match &step.confirm {
        Confirm::Type(text) if given.to.as_deref() != Some(text) => Some(format!("--to {text}")),
        _ => None,
    };
    let wanted = step.guards.iter().filter_map(|guard| guard.wants).map(|flag| format!("{flag} ({})", step.title));
    let approval = approval.map(|by| format!("--approve {}=NAME ({by})", step.id));
    wanted.chain(approval).chain(typed).collect()
}
