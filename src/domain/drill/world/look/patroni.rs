//! A cluster of PostgreSQL, as the members of Patroni tell.

use super::{World, bad};
use crate::drill::world::cluster::{Role, Server};
use crate::estate::{Check, PatroniCheck};
use crate::ident::DatabaseId;
use crate::reading::{Outcome, Payload, Stream};
use crate::replication::{CopiesReading, CopyReading, CopyRole, CopySource};

impl World {
    pub(super) fn look_at_patroni(&self, check: &Check, patroni: &PatroniCheck) -> Outcome {
        let database = patroni.database.as_ref().or(self.estate.databases.first().map(|database| &database.id));
        let Some((database, cluster)) = database.and_then(|id| Some((id, self.clusters.get(id)?))) else {
            return self.steady(check, patroni);
        };
        let answers = |server: &&Server| server.stopped.is_none() && self.server_is_reachable(database, &server.region);
        let leaders: Vec<&Server> =
            cluster.servers.iter().filter(|server| answers(server) && server.accepts_writes()).collect();
        let seen: Vec<&Server> = cluster.servers.iter().filter(answers).collect();
        if seen.is_empty() {
            return bad("no member answers".to_owned());
        }
        let leader = leaders.iter().max_by_key(|server| server.timeline).copied();
        let copies = seen.iter().map(|server| self.member(patroni, database, server, leader));
        let name = leader.map(|leader| member_name(patroni, leader));
        let text = name.as_ref().map_or_else(|| "no leader".to_owned(), |name| format!("leader {name}"));
        let copies: Vec<CopyReading> = copies.collect();
        let unfed: Vec<String> = copies
            .iter()
            .filter(|copy| copy.role == CopyRole::Standby && copy.state != Stream::Streaming)
            .map(|copy| format!("{}: {}", copy.member, copy.notes.join(", ")))
            .collect();
        let reading = CopiesReading { source: CopySource::Patroni, text, leader: name, copies, handovers: Vec::new() };
        let payload = Payload::Copies { copies: Box::new(reading) };
        let names = |servers: &[&Server]| {
            servers.iter().map(|server| member_name(patroni, server)).collect::<Vec<_>>().join(" and ")
        };
        match leaders.len() {
            0 => Outcome::Bad { why: "no leader".to_owned(), payload },
            1 if unfed.is_empty() && seen.len() > 1 => Outcome::Good { payload },
            1 if unfed.is_empty() => Outcome::Soft { why: "no replica: nothing can take over".to_owned(), payload },
            1 => Outcome::Soft { why: unfed.join("; "), payload },
            _ => Outcome::Bad { why: format!("SPLIT BRAIN: {} run as primary", names(&leaders)), payload },
        }
    }

    fn member(
        &self,
        patroni: &PatroniCheck,
        database: &DatabaseId,
        server: &Server,
        leader: Option<&Server>,
    ) -> CopyReading {
        let leads = server.role == Role::Primary;
        let fed = leads || self.is_fed(database, server);
        let behind = leader.filter(|_| !leads && fed).map(|leader| leader.end.saturating_sub(server.end));
        CopyReading {
            region: Some(server.region.clone()),
            member: member_name(patroni, server),
            role: if leads { CopyRole::Primary } else { CopyRole::Standby },
            state: if fed { Stream::Streaming } else { Stream::Absent },
            lag_bytes: behind,
            timeline: Some(server.timeline),
            notes: if fed { Vec::new() } else { vec!["nothing feeds it".to_owned()] },
            ..CopyReading::default()
        }
    }

    /// A cluster of which the estate names no servers: its first member leads.
    fn steady(&self, check: &Check, patroni: &PatroniCheck) -> Outcome {
        let regions = self.estate.regions.iter().map(|region| &region.id);
        let regions: Vec<_> = check.region.as_ref().map_or_else(|| regions.collect(), |region| vec![region]);
        let members = regions.iter().enumerate().map(|(at, region)| {
            let named = patroni.members.iter().find(|(_, known)| known == region).map(|(name, _)| name.clone());
            CopyReading {
                region: Some((*region).clone()),
                member: named.unwrap_or_else(|| format!("pg-{region}")),
                role: if at == 0 { CopyRole::Primary } else { CopyRole::Standby },
                state: Stream::Streaming,
                lag_bytes: (at > 0).then_some(0),
                timeline: Some(1),
                ..CopyReading::default()
            }
        });
        let copies: Vec<CopyReading> = members.collect();
        let leader = copies.first().map(|copy| copy.member.clone());
        let text = leader.as_ref().map_or_else(|| "no leader".to_owned(), |leader| format!("leader {leader}"));
        let reading = CopiesReading { source: CopySource::Patroni, text, leader, copies, handovers: Vec::new() };
        Outcome::Good { payload: Payload::Copies { copies: Box::new(reading) } }
    }
}

fn member_name(patroni: &PatroniCheck, server: &Server) -> String {
    let named = patroni.members.iter().find(|(_, region)| **region == server.region).map(|(name, _)| name.clone());
    named.unwrap_or_else(|| format!("pg-{}", server.region))
}
