//! Records of a name: which plane changing them needs, how they stand, how they will, and how long the old answer lives.

use domain::console::{Prepared, Records};
use domain::engine::Run;
use domain::route53::{CONTROL_REGION, Plane, Planned, share_of_rto};
use domain::runbook::{Block, Step};
use domain::time::{clock, human};

use super::context::View;
use crate::theme::Role;

/// A label, its text, and how loud it is.
pub(super) type Fact = (&'static str, String, Role);

/// The plane a step uses; loud where it lives in the region that is being left.
pub(super) fn plane(view: &View<'_>, run: &Run, step: &Step) -> Vec<Fact> {
    let Some(plane) = step.run.as_ref().and_then(Plane::of) else { return Vec::new() };
    let mut facts = vec![("plane", plane.words().to_owned(), Role::Muted)];
    let left = run.from.as_ref().is_some_and(|from| run.estate.aws_region(from) == CONTROL_REGION);
    if plane == Plane::Control && left {
        let way = match run.estate.traffic.alternative() {
            Some(way) => format!("Without it: {way}."),
            None => "No way without it is named under [traffic].".to_owned(),
        };
        let warning = view.symbols().warning;
        facts.push((
            "",
            format!("{warning} {CONTROL_REGION} is the region being left: this may not work. {way}"),
            Role::Down,
        ));
    }
    facts
}

/// The record sets before and after, as far as they could be read.
pub(super) fn records(run: &Run, block: Option<&Block>, prepared: Option<&Prepared>) -> Vec<Fact> {
    let asked = prepared.and_then(|prepared| prepared.records.as_ref());
    match asked {
        None => Vec::new(),
        Some(Records::Asking) => vec![("now", "being asked".to_owned(), Role::Muted)],
        Some(Records::Unknown { why }) => {
            vec![("now", format!("what stands now is not known: {why}"), Role::Warning)]
        }
        Some(Records::Seen { planned, at }) => {
            let mut facts: Vec<Fact> = planned.iter().flat_map(change).collect();
            facts.extend(old_answers(run, planned));
            let back = block.is_some_and(|block| block.put_back);
            let seen = if back { "read at" } else { "before and after, read at" };
            facts.push(("", format!("{seen} {}; read again before it is sent", clock(*at)), Role::Muted));
            facts
        }
    }
}

fn change(planned: &Planned) -> Vec<Fact> {
    let line = |set: Option<&domain::route53::RecordSet>| {
        set.map_or_else(|| "none".to_owned(), domain::route53::RecordSet::line)
    };
    let name = planned.name();
    let now = ("now", format!("{name}  {}", line(planned.before.as_ref())), Role::Text);
    if planned.changes() {
        vec![now, ("then", format!("{name}  {}", line(planned.after.as_ref())), Role::Strong)]
    } else {
        vec![now, ("then", "as it stands already".to_owned(), Role::Muted)]
    }
}

fn old_answers(run: &Run, planned: &[Planned]) -> Option<Fact> {
    let ttl = planned.iter().filter(|planned| planned.changes()).filter_map(Planned::old_answer_lives).max()?;
    let share = share_of_rto(ttl, run.runbook.rto).map(|share| format!(": {share}")).unwrap_or_default();
    Some(("ttl", format!("resolvers may give the old answer for {} more{share}", human(ttl)), Role::Warning))
}
