//! Where it fails and where to go: as the readings recommend; before there are any, as the estate is laid out.

use domain::estate::RegionRole;
use domain::ident::RegionId;
use domain::reading::{CheckStatus, Health, RegionStatus};
use domain::time::{Timestamp, clock};

use crate::model::Model;

/// What stands in the forms until a person says otherwise.
pub(super) struct Outlook<'a> {
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    pub because: Vec<String>,
    /// How `from` is doing, when that is known.
    reading: Option<&'a RegionStatus>,
}

impl<'a> Outlook<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let Some(status) = &model.status else { return Self::of_estate(model) };
        let advice = &status.recommendation;
        let find = |is: &dyn Fn(&RegionStatus) -> bool| status.regions.iter().find(|region| is(region));
        let reading = find(&|region| Some(&region.name) == advice.from.as_ref())
            .or_else(|| find(&|region| region.was_serving && region.status == Health::Down))
            .or_else(|| find(&|region| region.serving == Some(true)))
            .or_else(|| find(&|region| region.was_serving))
            .or_else(|| find(&|region| region.role == "primary"));
        let others = status.regions.iter().filter(|region| reading.is_none_or(|from| from.name != region.name));
        let best = others.filter(|region| region.candidate.is_some()).min_by_key(|region| region.candidate);
        let to = advice.to.clone().or_else(|| best.map(|region| region.name.clone()));
        Self { from: reading.map(|from| from.name.clone()), to, because: advice.because.clone(), reading }
    }

    fn of_estate(model: &Model) -> Self {
        let regions = &model.scene.estate.regions;
        let from = regions.iter().find(|region| region.role == RegionRole::Primary).map(|region| &region.id);
        let others = regions.iter().filter(|region| Some(&region.id) != from && region.role != RegionRole::Primary);
        let to = others.min_by_key(|region| region.priority).filter(|_| from.is_some());
        Self { from: from.cloned(), to: to.map(|to| to.id.clone()), because: Vec::new(), reading: None }
    }

    /// The side to leave, when it is seen to be down.
    pub(super) fn down(&self) -> Option<&'a RegionStatus> {
        self.reading.filter(|from| from.status == Health::Down)
    }

    /// The side to leave is seen to answer, its databases above all: a planned switchover is possible. A failure seen
    /// once is not believed yet, but nothing is planned on it.
    pub(super) fn answers(&self) -> bool {
        let failing = |check: &CheckStatus| check.suspect || check.status == Health::Down;
        self.reading.is_some_and(|from| {
            let critical = || from.checks.iter().filter(|check| check.critical);
            matches!(from.status, Health::Ok | Health::Degraded)
                && !critical().any(|check| check.kind == "postgres" && failing(check))
                && (critical().next().is_none() || !critical().all(failing))
        })
    }
}

/// What the outage of a failing region is dated from: its last good sample, or else when it was seen to be down.
pub(super) fn outage(region: &RegionStatus) -> Option<(Timestamp, String)> {
    if let Some(at) = region.last_good {
        return Some((at, format!("last good sample of {}", region.name)));
    }
    let failing = region.checks.iter().filter(|check| check.critical && check.status == Health::Down);
    let at = failing.filter_map(|check| check.since).min().or(region.since)?;
    Some((at, format!("{} seen down since {}", region.name, clock(at))))
}
