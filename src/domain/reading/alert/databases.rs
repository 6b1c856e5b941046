//! Replication: lag by the marks of its database, standbys that nothing feeds, two writers.

use super::{About, Look};
use crate::alert::Rule;
use crate::reading::isolation::standing;
use crate::reading::{AlertSeverity, Context, ReplicationStatus, Stream};
use crate::replication::{Cluster, Isolation};
use crate::time::human;

impl Look<'_> {
    pub(super) fn server(&mut self, row: &ReplicationStatus) {
        let Some(cluster) = self.board.clusters.get(&row.database) else { return };
        if cluster.root.as_ref() == Some(&row.region) {
            return;
        }
        let subject = format!("{}@{}", row.database, row.region);
        if self.region_is_down(&row.region) {
            self.unknown(Rule::ReplicationLag, &subject);
            self.unknown(Rule::StandbyUnhealthy, &subject);
            return;
        }
        self.lag(row, &subject);
        self.standby(row, cluster, &subject);
    }

    fn lag(&mut self, row: &ReplicationStatus, subject: &str) {
        let Some(marks) = self.board.estate.database(&row.database) else { return };
        let live = matches!(row.state, Stream::Streaming | Stream::Absent);
        let Some(lag) = row.lag.filter(|_| live) else {
            self.unknown(Rule::ReplicationLag, subject);
            return;
        };
        let worst = self.board.estate.alerts.rule(Rule::ReplicationLag).severity;
        let (severity, mark) = match () {
            () if lag > marks.lag_critical => (worst, marks.lag_critical),
            () if lag > marks.lag_warning => (worst.map(|worst| worst.min(AlertSeverity::Warning)), marks.lag_warning),
            () => return,
        };
        let since = self.now.wall.checked_sub(lag - mark).unwrap_or(self.now.wall);
        let text = format!("{subject} is {} behind", human(lag));
        self.found_as(Rule::ReplicationLag, severity, about(row, subject), text, since);
    }

    fn standby(&mut self, row: &ReplicationStatus, cluster: &Cluster, subject: &str) {
        let Some(server) = cluster.servers.get(&row.region) else { return };
        let Some(since) = server.silent_since.or(server.unfed_since) else {
            if row.state == Stream::Unknown {
                self.unknown(Rule::StandbyUnhealthy, subject);
            }
            return;
        };
        let unread = row.state == Stream::Unknown && row.role == "unknown" && server.answering(self.now).is_some();
        if row.state == Stream::Frozen || unread {
            // It is the sender that is gone, or the server does not let us see.
            self.unknown(Rule::StandbyUnhealthy, subject);
            return;
        }
        let why = row.notes.first().map_or("not known how it is", String::as_str);
        self.found(Rule::StandbyUnhealthy, about(row, subject), format!("{subject}: {why}"), since.wall);
    }

    pub(super) fn cluster(&mut self, cluster: &Cluster, context: &Context<'_>) {
        let subject = cluster.database.to_string();
        if let Some(regions) = cluster.split_brain(self.now) {
            let names: Vec<&str> = regions.iter().map(crate::ident::RegionId::as_str).collect();
            let text = format!("SPLIT BRAIN: {subject} accepts writes in {}", names.join(" and "));
            let since = cluster.split_since.map_or(self.now.wall, |since| since.wall);
            self.found(Rule::SplitBrain, About { subject, ..About::default() }, text, since);
            return;
        }
        // A side that fell silent may still accept writes, unless it is known to be fenced.
        let may_write = cluster.servers.iter().any(|(region, server)| {
            let fenced = standing(context.incident, &cluster.database, region).isolation() != Isolation::Open;
            server.answering(self.now).is_none() && !fenced
        });
        if may_write {
            self.unknown(Rule::SplitBrain, &subject);
        }
    }
}

fn about(row: &ReplicationStatus, subject: &str) -> About {
    About { subject: subject.to_owned(), region: Some(row.region.clone()), service: None }
}
