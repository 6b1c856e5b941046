//! One simulated PostgreSQL cluster: positions that move, standbys that follow, promotion, fencing, split brain.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::drill::noise::Noise;
use crate::ident::RegionId;

/// How long a promotion takes, from the order to the first write.
pub(super) const PROMOTION: Duration = Duration::from_secs(2);

/// How long a standby needs to find another primary.
const RECONNECT: Duration = Duration::from_secs(8);

/// How far back a primary's positions are kept: a longer simulated lag is not possible.
pub(super) const MEMORY: Duration = Duration::from_secs(1200);

/// Bytes of log a second while users write, and without them.
const BUSY: f64 = 24_000.0;
const IDLE: f64 = 200.0;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cluster {
    pub(super) system_id: String,
    pub(super) servers: BTreeMap<RegionId, Server>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Server {
    pub(super) role: Role,
    pub(super) stopped: Option<Stopped>,
    pub(super) timeline: u32,
    /// A primary's end of log, a standby's received position.
    pub(super) end: u64,
    pub(super) replayed: u64,
    /// When what was replayed last was written.
    pub(super) replayed_of: Duration,
    /// Where its own timeline began.
    fork: u64,
    pub(super) promoting: Option<Duration>,
    /// `lag DB@REGION 5s`, beyond the usual.
    pub(super) extra_lag: Duration,
    /// Whom it follows, and since when (later than now: it is still looking for it).
    pub(super) upstream: Option<(RegionId, Duration)>,
    /// A primary's positions: when, where.
    written: VecDeque<(Duration, u64)>,
    noise: Noise,
    usual_lag: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Primary,
    Standby,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// On purpose: it refuses writes until it is made a standby again.
    Fenced,
    Crashed,
}

/// What the rest of the world means for a cluster at one moment.
pub(super) trait Surroundings {
    fn region_is_up(&self, region: &RegionId) -> bool;
    /// Users write into the primary in this region.
    fn busy(&self, primary: &RegionId) -> bool;
}

impl Cluster {
    /// Servers in `regions`; the one in `primary` accepts writes, the others follow it.
    pub(super) fn new(regions: &[RegionId], primary: &RegionId, noise: Noise) -> Self {
        let start = 0x1_6000_0000 + noise.bits(1) % 0x1000_0000;
        let mut lag = Duration::from_millis(350);
        let servers = regions.iter().map(|region| {
            let role = if region == primary { Role::Primary } else { Role::Standby };
            let server = Server {
                role,
                stopped: None,
                timeline: 1,
                end: start,
                replayed: start,
                replayed_of: Duration::ZERO,
                fork: 0,
                promoting: None,
                extra_lag: Duration::ZERO,
                upstream: (role == Role::Standby).then(|| (primary.clone(), Duration::ZERO)),
                written: VecDeque::new(),
                noise: noise.of(region.as_str()),
                usual_lag: lag,
            };
            if role == Role::Standby {
                lag += Duration::from_millis(450);
            }
            (region.clone(), server)
        });
        Self {
            system_id: (7_400_000_000_000_000_000 + noise.bits(0) % 99_999_999_999_999_999).to_string(),
            servers: servers.collect(),
        }
    }

    /// Lets `passed` go by, up to `now`.
    pub(super) fn pass(&mut self, now: Duration, passed: Duration, around: &impl Surroundings) {
        for (region, server) in &mut self.servers {
            let alive = around.region_is_up(region) && server.stopped.is_none();
            if alive && server.promoting.is_some_and(|done| done <= now) {
                server.become_primary(now);
            }
            if alive && server.role == Role::Primary {
                server.write(now, passed, around.busy(region));
            }
        }
        let servers = std::mem::take(&mut self.servers);
        let leads = |region: &RegionId, server: &Server| server.accepts_writes() && around.region_is_up(region);
        let (primaries, mut others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            servers.into_iter().partition(|(region, server)| leads(region, server));
        for (region, server) in &mut others {
            if server.role == Role::Standby && server.stopped.is_none() && around.region_is_up(region) {
                server.follow(now, &primaries);
            }
        }
        others.extend(primaries);
        self.servers = others;
    }

    /// The regions whose server accepts writes, wherever they can be reached from.
    pub(super) fn writable(&self) -> impl Iterator<Item = &RegionId> {
        self.servers.iter().filter(|(_, server)| server.accepts_writes()).map(|(region, _)| region)
    }

    /// Stops the server in `region` for good. One that can still send gives its standbys everything first.
    pub(super) fn fence(&mut self, region: &RegionId, up: bool) {
        let Some(server) = self.servers.get_mut(region) else { return };
        let (clean, end) = (up && server.accepts_writes(), server.end);
        server.stopped = Some(Stopped::Fenced);
        if clean {
            for standby in self.servers.values_mut() {
                if standby.role == Role::Standby && standby.upstream.as_ref().is_some_and(|(from, _)| from == region) {
                    standby.end = end;
                    standby.replayed = end;
                }
            }
        }
    }

    /// Starts the server in `region`: as a standby of another that accepts writes, rebuilt from it, else as it was.
    pub(super) fn start(&mut self, region: &RegionId, now: Duration) {
        let other = self.writable().find(|other| *other != region).cloned();
        let from = other.and_then(|other| Some((other.clone(), self.servers.get(&other)?.clone())));
        let Some(server) = self.servers.get_mut(region) else { return };
        server.stopped = None;
        if let (Role::Primary, Some((other, primary))) = (server.role, from) {
            server.role = Role::Standby;
            server.timeline = primary.timeline;
            server.end = primary.end;
            server.replayed = primary.end;
            server.replayed_of = now;
            server.written.clear();
            server.upstream = Some((other, now));
        }
    }
}

impl Server {
    pub(super) fn accepts_writes(&self) -> bool {
        self.role == Role::Primary && self.stopped.is_none()
    }

    /// Fed by a primary at `now`.
    pub(super) fn streaming(&self, now: Duration) -> Option<&RegionId> {
        self.upstream.as_ref().filter(|(_, since)| *since <= now && self.role == Role::Standby).map(|(from, _)| from)
    }

    fn become_primary(&mut self, now: Duration) {
        self.promoting = None;
        self.role = Role::Primary;
        self.timeline += 1;
        self.fork = self.end;
        self.end += 0x98;
        self.replayed = self.end;
        self.upstream = None;
        self.written = VecDeque::from([(now, self.end)]);
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn write(&mut self, now: Duration, passed: Duration, busy: bool) {
        let rate = if busy { BUSY } else { IDLE } * (0.5 + self.noise.share(now.as_secs()));
        self.end += (rate * passed.as_secs_f64()) as u64;
        self.written.push_back((now, self.end));
        while self.written.front().is_some_and(|(at, _)| *at + MEMORY < now) {
            self.written.pop_front();
        }
    }

    /// Where its log ended at `moment`.
    fn end_at(&self, moment: Duration) -> u64 {
        let after = self.written.partition_point(|(at, _)| *at <= moment);
        let before = after.checked_sub(1).and_then(|at| self.written.get(at));
        match (before, self.written.get(after)) {
            (Some((from, start)), Some((to, end))) => {
                let share = (moment - *from).as_secs_f64() / (*to - *from).as_secs_f64().max(f64::EPSILON);
                #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
                let moved = ((end - start) as f64 * share) as u64;
                start + moved
            }
            (Some((_, position)), None) | (None, Some((_, position))) => *position,
            (None, None) => self.end,
        }
    }

    fn follow(&mut self, now: Duration, primaries: &BTreeMap<RegionId, Server>) {
        let can_follow = |primary: &Server| primary.timeline == self.timeline || self.end <= primary.fork;
        let followed = self.upstream.as_ref().filter(|(from, _)| primaries.get(from).is_some_and(can_follow));
        let Some((from, since)) = followed else {
            let found = primaries.iter().find(|(_, primary)| can_follow(primary));
            self.upstream = found.map(|(region, _)| (region.clone(), now + RECONNECT));
            return;
        };
        let Some(primary) = primaries.get(from).filter(|_| *since <= now) else { return };
        let wobble = 0.4 + 1.2 * self.noise.share(now.as_secs());
        let behind = self.usual_lag.mul_f64(wobble) + self.extra_lag;
        let moment = now.saturating_sub(behind);
        self.timeline = primary.timeline;
        self.end = self.end.max(primary.end_at(moment));
        let applied = moment.saturating_sub(Duration::from_millis(20));
        let replayed = primary.end_at(applied).min(self.end);
        if replayed > self.replayed {
            self.replayed = replayed;
            self.replayed_of = applied;
        }
    }
}
