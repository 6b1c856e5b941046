//! One simulated PostgreSQL cluster: positions that move, standbys that follow, promotion, fencing.

use std::time::Duration;

use super::ledger::Ledger;
use super::log::Log;
use crate::drill::noise::Noise;
use crate::ident::RegionId;

/// How long a promotion takes, from the order to the first write.
pub(super) const PROMOTION: Duration = Duration::from_secs(2);

/// How long a standby needs to find another primary.
const RECONNECT: Duration = Duration::from_secs(8);

/// Bytes of log a second while users write, and without them.
const BUSY: f64 = 24_000.0;
const IDLE: f64 = 200.0;

/// Bytes a second that a standby can receive: what was missed, or is written in a rush, is caught up with at this rate.
const LINK: f64 = 60_000.0;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cluster {
    pub(super) system_id: String,
    /// In the order of their regions' names.
    pub(super) servers: Vec<Server>,
    /// Its data is wrong since then, on every side.
    pub(super) corrupt: Option<Duration>,
    pub(super) ledger: Ledger,
    /// How far it has come.
    at: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Server {
    pub(super) region: RegionId,
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
    /// `replication DB@REGION stops`.
    pub(super) cut: bool,
    /// Whom it follows, and since when (later than now: it is still looking for it).
    pub(super) upstream: Option<(RegionId, Duration)>,
    /// A primary's positions.
    log: Log,
    /// In the newest step.
    wrote: u64,
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
    /// With all it stored, then.
    Lost(Duration),
}

/// What the rest of the world means for a cluster.
pub(super) trait Surroundings {
    fn server_is_up(&self, region: &RegionId, at: Duration) -> bool;
    /// How much users write into the primary in this region, of the usual.
    fn demand(&self, primary: &RegionId, at: Duration) -> f64;
}

impl Cluster {
    /// Servers in `regions`; the one in `primary` accepts writes, the others follow it.
    pub(super) fn new(regions: &[RegionId], primary: &RegionId, noise: Noise) -> Self {
        let start = 0x1_6000_0000 + noise.bits(1) % 0x1000_0000;
        let mut lag = Duration::from_millis(350);
        let servers = regions.iter().map(|region| {
            let role = if region == primary { Role::Primary } else { Role::Standby };
            let server = Server {
                region: region.clone(),
                role,
                stopped: None,
                timeline: 1,
                end: start,
                replayed: start,
                replayed_of: Duration::ZERO,
                fork: 0,
                promoting: None,
                extra_lag: Duration::ZERO,
                cut: false,
                upstream: (role == Role::Standby).then(|| (primary.clone(), Duration::ZERO)),
                log: Log::default(),
                wrote: 0,
                noise: noise.of(region.as_str()),
                usual_lag: lag,
            };
            if role == Role::Standby {
                lag += Duration::from_millis(450);
            }
            server
        });
        Self {
            system_id: (7_400_000_000_000_000_000 + noise.bits(0) % 99_999_999_999_999_999).to_string(),
            servers: servers.collect(),
            corrupt: None,
            ledger: Ledger::default(),
            at: Duration::ZERO,
        }
    }

    /// Its life begins then.
    pub(super) fn begin(&mut self, at: Duration) {
        self.at = at;
        for server in &mut self.servers {
            server.log.begin(at, server.end);
            server.replayed_of = at;
        }
    }

    pub(super) fn server(&self, region: &RegionId) -> Option<&Server> {
        self.servers.iter().find(|server| server.region == *region)
    }

    pub(super) fn server_mut(&mut self, region: &RegionId) -> Option<&mut Server> {
        self.servers.iter_mut().find(|server| server.region == *region)
    }

    /// The regions whose server accepts writes, wherever they can be reached from.
    pub(super) fn writable(&self) -> impl Iterator<Item = &RegionId> {
        self.servers.iter().filter(|server| server.accepts_writes()).map(|server| &server.region)
    }

    /// When a server becomes a primary.
    pub(super) fn next(&self) -> Option<Duration> {
        self.servers.iter().filter_map(|server| server.promoting).filter(|due| *due > self.at).min()
    }

    /// Lets time pass, up to `to`.
    pub(super) fn pass(&mut self, to: Duration, around: &impl Surroundings) {
        while self.at < to {
            let second = Duration::from_secs(self.at.as_secs() + 1);
            let promoted = self.next().unwrap_or(second);
            self.step(to.min(second).min(promoted), around);
        }
    }

    pub(super) fn has_come_to(&self, moment: Duration) -> bool {
        self.at >= moment
    }

    /// How fast a primary's log grows may change now; one that is down wrote last when it went down.
    pub(super) fn mark(&mut self) {
        for server in self.servers.iter_mut().filter(|server| server.accepts_writes()) {
            server.log.note(server.log.tip(), server.end);
        }
    }

    fn step(&mut self, now: Duration, around: &impl Surroundings) {
        let passed = now.saturating_sub(self.at);
        self.at = now;
        let mut leading = 0;
        for server in &mut self.servers {
            server.wrote = 0;
            if server.accepts_writes() && around.server_is_up(&server.region, now) {
                leading += 1;
                server.write(now, passed, (BUSY * around.demand(&server.region, now)).max(IDLE));
            }
        }
        if leading > 1 {
            let leads = self.servers.iter().filter(|server| server.wrote > 0);
            self.ledger.split(now, leads.map(|server| (&server.region, server.wrote)));
        } else {
            self.ledger.joined();
        }
        for place in 0..self.servers.len() {
            let (before, rest) = self.servers.split_at_mut(place);
            let Some((server, after)) = rest.split_first_mut() else { continue };
            let dead = server.stopped.is_some() || !around.server_is_up(&server.region, now);
            if server.role == Role::Primary || dead {
                continue;
            }
            let others = || before.iter().chain(after.iter());
            if server.promoting.is_some_and(|due| due <= now) {
                let (bytes, span) = server.left_behind(others());
                self.ledger.lose(bytes, span);
                server.become_primary(now);
            } else {
                let leads = |other: &&Server| other.accepts_writes() && around.server_is_up(&other.region, now);
                server.follow(now, passed, || others().filter(leads));
            }
        }
    }

    /// Stops the server in `region` for good. One that can still send gives its standbys everything first.
    pub(super) fn fence(&mut self, region: &RegionId, up: impl Fn(&RegionId) -> bool) {
        let now = self.at;
        let Some(server) = self.server_mut(region) else { return };
        let (clean, end) = (up(region) && server.accepts_writes(), server.end);
        if server.stopped.is_none_or(|stopped| stopped == Stopped::Crashed) {
            server.stopped = Some(Stopped::Fenced);
        }
        if clean {
            let fed = |standby: &&mut Server| standby.streaming(now) == Some(region) && up(&standby.region);
            for standby in self.servers.iter_mut().filter(fed) {
                standby.end = standby.end.max(end);
                standby.replayed = standby.end;
                standby.replayed_of = now;
            }
        }
    }

    /// Starts the server in `region`: as a standby of another that accepts writes, rebuilt from it, else as it was. One
    /// that lost what it stored comes from a backup of `age`.
    pub(super) fn start(&mut self, region: &RegionId, age: Duration) {
        let now = self.at;
        let primary = self.servers.iter().find(|other| other.accepts_writes() && other.region != *region).cloned();
        let Some(server) = self.servers.iter_mut().find(|server| server.region == *region) else { return };
        match (server.stopped.take(), server.role, primary) {
            (Some(Stopped::Lost(_)), _, Some(primary)) | (Some(_), Role::Primary, Some(primary)) => {
                server.copy(&primary, now);
                self.ledger.overwritten(region);
            }
            (Some(Stopped::Lost(at)), role, None) => {
                let kept = server.log.end_at(at.saturating_sub(age)).min(server.end);
                if role == Role::Primary {
                    self.ledger.lose((server.end - kept).max(1), age);
                }
                server.become_primary(now);
            }
            _ => {}
        }
    }

    /// The data as it was before it went wrong: what was written since then is gone, every side is made anew.
    pub(super) fn recover(&mut self) {
        let (Some(since), now) = (self.corrupt.take(), self.at) else { return };
        let Some(primary) = self.servers.iter_mut().find(|server| server.accepts_writes()) else { return };
        let bytes = primary.end.saturating_sub(primary.log.end_at(since));
        self.ledger.lose(bytes, now.saturating_sub(since));
        primary.become_primary(now);
        let primary = primary.clone();
        for server in self.servers.iter_mut().filter(|server| server.role == Role::Standby) {
            server.copy(&primary, now);
        }
    }
}

impl Server {
    pub(super) fn accepts_writes(&self) -> bool {
        self.role == Role::Primary && self.stopped.is_none()
    }

    /// Fed by a primary at `now`.
    pub(super) fn streaming(&self, now: Duration) -> Option<&RegionId> {
        let follows = self.role == Role::Standby && !self.cut;
        self.upstream.as_ref().filter(|(_, since)| *since <= now && follows).map(|(from, _)| from)
    }

    fn become_primary(&mut self, now: Duration) {
        self.promoting = None;
        self.role = Role::Primary;
        self.timeline += 1;
        self.fork = self.end;
        self.end += 0x98;
        self.replayed = self.end;
        self.upstream = None;
        self.log.begin(now, self.end);
    }

    /// What the primary that it followed has written, and it has not: bytes, and over how long.
    fn left_behind<'a>(&self, others: impl Iterator<Item = &'a Self>) -> (u64, Duration) {
        let same = others.filter(|other| other.role == Role::Primary && other.timeline == self.timeline);
        let newest = same.filter(|other| other.end > self.end).max_by_key(|other| other.end);
        newest.map_or((0, Duration::ZERO), |other| {
            (other.end - self.end, other.log.written().saturating_sub(other.log.time_of(self.end)))
        })
    }

    /// Becomes a standby of `primary`, with all that it has.
    fn copy(&mut self, primary: &Self, now: Duration) {
        self.role = Role::Standby;
        self.timeline = primary.timeline;
        self.end = primary.end;
        self.replayed = primary.end;
        self.replayed_of = now;
        self.promoting = None;
        self.upstream = Some((primary.region.clone(), now));
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn write(&mut self, now: Duration, passed: Duration, rate: f64) {
        let began = now.saturating_sub(passed);
        if self.log.tip() < began {
            // Nothing was written while it was down.
            self.log.note(began, self.end);
        }
        let (since, end) = self.log.noted();
        let rate = rate * (0.5 + self.noise.share(since.as_secs()));
        let end = (end + (rate * now.saturating_sub(since).as_secs_f64()) as u64).max(self.end);
        self.wrote = end - self.end;
        self.end = end;
        if now.subsec_nanos() == 0 { self.log.note(now, end) } else { self.log.reach(now, end) }
    }

    fn follow<'a, I: Iterator<Item = &'a Self>>(&mut self, now: Duration, passed: Duration, primaries: impl Fn() -> I) {
        if self.cut {
            return;
        }
        let can_follow = |primary: &&Self| primary.timeline == self.timeline || self.end <= primary.fork;
        let followed = self.upstream.as_ref().and_then(|(from, _)| primaries().find(|primary| primary.region == *from));
        let Some(primary) = followed.filter(|primary| can_follow(primary)) else {
            let found = primaries().find(can_follow);
            self.upstream = found.map(|primary| (primary.region.clone(), now + RECONNECT));
            return;
        };
        if self.upstream.as_ref().is_some_and(|(_, since)| *since > now) {
            return;
        }
        let wobble = 0.4 + 1.2 * self.noise.share(now.as_secs());
        let moment = now.saturating_sub(self.usual_lag.mul_f64(wobble) + self.extra_lag);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = self.end + (LINK * passed.as_secs_f64()) as u64;
        self.timeline = primary.timeline;
        self.end = self.end.max(primary.log.end_at(moment).min(most));
        let applied = moment.saturating_sub(Duration::from_millis(20));
        let replayed = primary.log.end_at(applied);
        if replayed > self.end && self.end > self.replayed {
            self.replayed = self.end;
            self.replayed_of = primary.log.time_of(self.end);
        } else if replayed > self.replayed && replayed <= self.end {
            self.replayed = replayed;
            self.replayed_of = applied;
        }
    }
}
