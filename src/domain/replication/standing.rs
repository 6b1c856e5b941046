//! One database in one region, as it is shown: role, stream, lag, what is out of the ordinary.

use super::cluster::{Cluster, Seen};
use super::lag::{Feed, feed, same_cluster};
use super::loss::Isolation;
use super::{CopySource, Sender, ServerReading};
use crate::ident::RegionId;
use crate::reading::{ReplicationStatus, Stream, TrendUnit};
use crate::time::{Now, human};

impl Cluster {
    pub(crate) fn standing(&self, region: &RegionId, isolation: Isolation, now: Now) -> Option<ReplicationStatus> {
        let server = self.servers.get(region)?;
        let seen = server.answering(now);
        let split = self.split_brain(now).filter(|regions| regions.contains(region));
        let mut status = ReplicationStatus {
            database: self.database.clone(),
            region: region.clone(),
            state: Stream::Unknown,
            not_received_bytes: None,
            not_replayed_bytes: None,
            lag: None,
            measured_at: server.seen.as_ref().map(|seen| seen.measured.wall),
            role: "unknown".to_owned(),
            timeline: None,
            system_id: server.seen.as_ref().and_then(|seen| seen.reading.system_id.clone()),
            notes: Vec::new(),
            split_brain: split.is_some(),
            at_risk: None,
            trend: server.lag.values(now.wall),
            trend_unit: TrendUnit::Ms,
            source: CopySource::Sql,
            member: None,
        };
        if let Some(regions) = split {
            let names: Vec<&str> = regions.iter().map(RegionId::as_str).collect();
            status.notes.push(format!("SPLIT BRAIN: {} accept writes", names.join(" and ")));
        }
        match seen {
            Some(seen) if seen.reading.in_recovery => self.describe_standby(&mut status, seen, isolation, now),
            Some(seen) => describe_primary(&mut status, &seen.reading),
            None if self.root.as_ref() == Some(region) => {
                status.role = "primary".to_owned();
                status.state = Stream::Frozen;
                status.timeline = server.seen.as_ref().and_then(|seen| seen.reading.timeline);
                status.notes.push("does not answer".to_owned());
            }
            None if server.seen.is_some() || server.silent_since.is_some() => {
                status.notes.push("does not answer".to_owned());
            }
            None => {}
        }
        Some(status)
    }

    fn describe_standby(&self, status: &mut ReplicationStatus, seen: &Seen, isolation: Isolation, now: Now) {
        let reading = &seen.reading;
        status.role = "standby".to_owned();
        status.timeline = reading.receiver.as_ref().and_then(|receiver| receiver.timeline).or(reading.timeline);
        status.not_replayed_bytes =
            reading.have.zip(reading.replayed).map(|(have, replayed)| have.bytes_after(replayed));
        status.not_received_bytes = self.not_received(seen);
        status.at_risk = self.exposure(&status.region, isolation, now).map(|exposure| exposure.at_risk);
        let stranger = self.last_root().is_some_and(|primary| !same_cluster(seen, primary));
        if stranger {
            status.not_received_bytes = None;
            status.notes.push("another system identifier: not the same cluster as the primary".to_owned());
        } else if self.root.is_some() && self.live_root(now).is_none() {
            self.describe_frozen(status, seen, now);
        } else {
            status.lag = self.lag_of(&status.region, now);
            status.state = self.describe_feed(&mut status.notes, seen);
        }
        if reading.replay_paused == Some(true) {
            status.notes.push("replay paused".to_owned());
        }
        if let Some(delay) = reading.apply_delay_ms.filter(|delay| *delay > 0) {
            status.notes.push(format!("applies {} late on purpose", human(std::time::Duration::from_millis(delay))));
        }
    }

    /// The primary is gone: its last known figures stand, dated when they were measured.
    fn describe_frozen(&self, status: &mut ReplicationStatus, seen: &Seen, now: Now) {
        status.state = Stream::Frozen;
        status.lag = self.behind(&status.region, now);
        status.measured_at = self.positions.all().last().map(|last| last.ended).or(status.measured_at);
        let gone = matches!(feed(seen), Feed::Nothing | Feed::Silent(_));
        status.notes.push(if gone { "sender gone" } else { "primary does not answer" }.to_owned());
    }

    fn describe_feed(&self, notes: &mut Vec<String>, seen: &Seen) -> Stream {
        match feed(seen) {
            Feed::Streaming => return Stream::Streaming,
            Feed::Nothing => {
                notes.push("nothing feeds it".to_owned());
                return Stream::Absent;
            }
            Feed::Silent(silence) => {
                notes.push(format!("no word from its sender for {}: the link may be half open", human(silence)));
            }
            Feed::Hidden => notes.push("its receiver cannot be seen: grant pg_monitor".to_owned()),
            Feed::Other => notes.push(format!(
                "receiver is {}",
                seen.reading.receiver.as_ref().and_then(|receiver| receiver.status.as_deref()).unwrap_or("unknown")
            )),
        }
        Stream::Unknown
    }
}

fn describe_primary(status: &mut ReplicationStatus, reading: &ServerReading) {
    status.role = "primary".to_owned();
    status.timeline = reading.timeline;
    let Some(senders) = &reading.senders else {
        status.notes.push("its standbys cannot be seen: grant pg_monitor".to_owned());
        return;
    };
    let current: Vec<&Sender> = newest_of_each(senders);
    for sender in &current {
        let rows = senders.iter().filter(|other| other.name == sender.name).count();
        if rows > 1 {
            status.notes.push(format!("{rows} connections named {}: only the newest counts", sender.name));
        }
    }
    status.state = match () {
        () if senders.is_empty() => {
            status.notes.push("no standby connected: not protected".to_owned());
            Stream::Absent
        }
        () if current.iter().any(|sender| sender.state.as_deref() == Some("streaming")) => Stream::Streaming,
        () if current.iter().all(|sender| sender.state.is_none()) => {
            status.notes.push("the state of its standbys cannot be seen: grant pg_monitor".to_owned());
            Stream::Unknown
        }
        () => Stream::Unknown,
    };
}

/// After a reconnect the dead connection stays listed for up to a minute: the newest of one name is the standby's.
fn newest_of_each(senders: &[Sender]) -> Vec<&Sender> {
    let mut newest: Vec<&Sender> = Vec::new();
    for sender in senders {
        match newest.iter_mut().find(|kept| kept.name == sender.name) {
            Some(kept) if kept.backend_start < sender.backend_start => *kept = sender,
            Some(_) => {}
            None => newest.push(sender),
        }
    }
    newest
}
