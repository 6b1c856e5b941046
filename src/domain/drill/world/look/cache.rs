//! A cache with a copy: its master is where the databases take writes, and so long as that one is up the others are fed.

use super::{World, bad};
use crate::drill::world::cluster::Cluster;
use crate::estate::{Check, CheckKind, RedisCheck, RedisRole};
use crate::ident::RegionId;
use crate::reading::{Outcome, Payload, Stream};
use crate::replication::{CopiesReading, CopyPosition, CopyReading, CopyRole, CopySource};

/// Bytes written a second.
const WRITTEN: u64 = 4096;

impl World {
    /// What the cache's server in the check's region says of itself, or a Sentinel of all of them.
    pub(super) fn look_at_cache(&self, check: &Check, redis: &RedisCheck) -> Outcome {
        let home = self.clusters.values().flat_map(Cluster::writable).next();
        let home = home.or_else(|| self.estate.usual_primary().map(|region| &region.id));
        let others = self.siblings(check);
        // Alone in the region that it is in, it is nobody's copy.
        let master =
            home.filter(|home| check.region.as_ref() == Some(home) || others.iter().any(|(at, _)| at == *home));
        let here = check.region.as_ref().or(home);
        let master = master.or(here);
        if redis.sentinel.is_some() {
            return self.look_at_group(check, redis, master, &others);
        }
        let is_master = here == master;
        let fed = is_master || master.is_some_and(|master| self.cache_is_up(check, master));
        let address = |region: &RegionId| match others.iter().find(|(at, _)| at == region) {
            Some((_, address)) => address.clone(),
            None => own_address(redis),
        };
        let copies = if is_master { self.of_master(check, redis, &others) } else { vec![self.of_copy(redis, fed)] };
        let online = copies.iter().skip(1).filter(|copy| copy.state == Stream::Streaming).count();
        let text = match (is_master, fed) {
            (true, _) => format!("master, {online} of {} replicas online", copies.len().saturating_sub(1)),
            (_, true) => "replica, link up".to_owned(),
            (_, false) => "replica, link down".to_owned(),
        };
        let leader = if is_master { Some(own_address(redis)) } else { master.filter(|_| fed).map(address) };
        let copies = CopiesReading { source: CopySource::Redis, text, leader, copies, handovers: Vec::new() };
        let payload = Payload::Copies { copies: Box::new(copies) };
        match (redis.role, is_master) {
            (Some(RedisRole::Master), false) => {
                Outcome::Bad { why: "it is a replica, and a master is expected".to_owned(), payload }
            }
            (Some(RedisRole::Replica), true) => {
                Outcome::Bad { why: "it is a master, and a replica is expected".to_owned(), payload }
            }
            _ if fed => Outcome::Good { payload },
            _ => Outcome::Soft { why: "link down".to_owned(), payload },
        }
    }

    fn of_copy(&self, redis: &RedisCheck, fed: bool) -> CopyReading {
        CopyReading {
            member: own_address(redis),
            role: CopyRole::Standby,
            state: if fed { Stream::Streaming } else { Stream::Absent },
            position: fed.then(|| self.cache_position()),
            notes: if fed { Vec::new() } else { vec!["link down".to_owned()] },
            ..CopyReading::default()
        }
    }

    /// The master, and the copies that are connected to it.
    fn of_master(&self, check: &Check, redis: &RedisCheck, others: &[(RegionId, String)]) -> Vec<CopyReading> {
        let online: Vec<_> = others.iter().filter(|(at, _)| self.cache_is_up(check, at)).collect();
        let alone = online.is_empty() && !others.is_empty();
        let own = CopyReading {
            member: own_address(redis),
            role: CopyRole::Primary,
            state: if alone { Stream::Absent } else { Stream::Streaming },
            position: Some(self.cache_position()),
            notes: if alone { vec!["no replica is connected: not protected".to_owned()] } else { Vec::new() },
            ..CopyReading::default()
        };
        let copies = online.into_iter().map(|(_, address)| CopyReading {
            member: address.clone(),
            role: CopyRole::Standby,
            state: Stream::Streaming,
            lag_bytes: Some(0),
            position: Some(self.cache_position()),
            second_hand: true,
            ..CopyReading::default()
        });
        [own].into_iter().chain(copies).collect()
    }

    fn look_at_group(
        &self,
        check: &Check,
        redis: &RedisCheck,
        master: Option<&RegionId>,
        others: &[(RegionId, String)],
    ) -> Outcome {
        let Some(master) = master else { return bad("it knows no master".to_owned()) };
        let mut members: Vec<(RegionId, String)> =
            redis.members.iter().map(|(member, region)| (region.clone(), member.clone())).collect();
        if members.is_empty() {
            members = others.to_vec();
        }
        if !members.iter().any(|(at, _)| at == master) {
            members.push((master.clone(), own_address(redis)));
        }
        let copies: Vec<CopyReading> = members
            .iter()
            .map(|(region, member)| {
                let up = self.cache_is_up(check, region);
                CopyReading {
                    region: Some(region.clone()),
                    member: member.clone(),
                    role: if region == master { CopyRole::Primary } else { CopyRole::Standby },
                    state: if up { Stream::Streaming } else { Stream::Unknown },
                    notes: if up { Vec::new() } else { vec!["down, says the Sentinel".to_owned()] },
                    second_hand: region != master,
                    ..CopyReading::default()
                }
            })
            .collect();
        let leader = copies.iter().find(|copy| copy.role == CopyRole::Primary).map(|copy| copy.member.clone());
        let leader = leader.unwrap_or_default();
        let down = !self.cache_is_up(check, master);
        let copies = CopiesReading {
            source: CopySource::Redis,
            text: format!("master {leader}"),
            leader: (!down).then(|| leader.clone()),
            copies,
            handovers: Vec::new(),
        };
        let payload = Payload::Copies { copies: Box::new(copies) };
        if down {
            Outcome::Bad { why: format!("master {leader} is down, says the Sentinel"), payload }
        } else {
            Outcome::Good { payload }
        }
    }

    fn cache_position(&self) -> CopyPosition {
        let history = format!("{:016x}{:016x}", self.noise.of("cache").bits(0), self.noise.of("cache").bits(1));
        CopyPosition { history, end: self.at.as_secs() * WRITTEN }
    }

    /// The same cache in other regions, with the addresses of its servers.
    fn siblings(&self, check: &Check) -> Vec<(RegionId, String)> {
        let others = self.estate.checks.iter().filter(|other| other.id != check.id && subject(other) == subject(check));
        others
            .filter_map(|other| match (&other.kind, &other.region) {
                (CheckKind::Redis(redis), Some(region)) if redis.sentinel.is_none() => {
                    Some((region.clone(), own_address(redis)))
                }
                _ => None,
            })
            .collect()
    }

    fn cache_is_up(&self, check: &Check, region: &RegionId) -> bool {
        let name = subject(check);
        !self.conditions.region_is_down(region, self.at)
            && !self.conditions.is_down(name, Some(region), self.at)
            && !self.conditions.is_down(&format!("{name}@{region}"), None, self.at)
    }
}

fn subject(check: &Check) -> &str {
    check.id.as_str().split('@').next().unwrap_or_default()
}

fn own_address(redis: &RedisCheck) -> String {
    format!("{}:{}", redis.address.host, redis.address.port)
}
