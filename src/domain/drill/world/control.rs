//! What changes are made through, and whether it works.

use crate::ident::RegionId;
use crate::runbook::{Control, WorldLine};

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Controls {
    dns: Works,
    credentials: Works,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Works {
    fails: bool,
    fails_in: Vec<RegionId>,
}

/// What a block changes, as far as it matters for whether it can.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    pub(super) effects: &'a [WorldLine],
    /// A shell or a request to a provider: it needs a login that is no database's own.
    pub(super) needs_login: bool,
    pub(super) moves_names: bool,
    pub(super) region: Option<&'a RegionId>,
    pub(super) text: &'a str,
}

impl Change<'_> {
    fn concerns(&self, region: &RegionId) -> bool {
        self.region.map_or_else(|| self.text.contains(region.as_str()), |own| own == region)
    }
}

impl Controls {
    pub(super) fn set(&mut self, of: Control, region: Option<&RegionId>, works: bool) {
        let control = match of {
            Control::Dns => &mut self.dns,
            Control::Credentials => &mut self.credentials,
        };
        match region {
            None => *control = Works { fails: !works, fails_in: Vec::new() },
            Some(region) => {
                control.fails_in.retain(|known| known != region);
                if !works {
                    control.fails_in.push(region.clone());
                }
            }
        }
    }

    pub(super) fn heal(&mut self) {
        *self = Self::default();
    }

    /// Why the change cannot be made.
    pub(super) fn refusal(&self, change: &Change<'_>) -> Option<&'static str> {
        let fails = |control: &Works| control.fails || control.fails_in.iter().any(|region| change.concerns(region));
        let serves = change.effects.iter().any(|line| matches!(line, WorldLine::Serve { .. }));
        if (change.moves_names || serves) && fails(&self.dns) {
            return Some("ChangeResourceRecordSets: ServiceUnavailable (503): the control plane does not answer");
        }
        // A database has logins of its own: a promotion by SQL needs no others. What mends a login does not need it.
        let own = |line: &WorldLine| matches!(line, WorldLine::Promote { .. } | WorldLine::Control { .. });
        let needs_login = change.needs_login || change.effects.iter().any(|line| !own(line));
        (needs_login && fails(&self.credentials))
            .then_some("ExpiredToken: the security token included in the request is expired")
    }
}
