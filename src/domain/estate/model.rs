//! The typed estate. Everything here is validated: names refer to things that exist, durations are positive.

use std::collections::BTreeMap;
use std::time::Duration;

use super::aws::{AwsAccount, Traffic};
use super::backup::{BackupSource, Destination};
use super::channel::Channel;
use super::check::CheckKind;
use super::outlet::Outlet;
use super::schedule::ScheduledTest;
use crate::alert::AlertSettings;
use crate::comms::Audience;
use crate::ident::{BackupId, CheckId, DatabaseId, PersonId, RegionId, ServiceId, TierId};
use crate::people::Person;
use crate::reading::AlertSeverity;

/// A whole estate. Built by [`super::parse`]; never holds a secret, only where one is found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estate {
    pub name: String,
    pub kind: EstateKind,
    pub regions: Vec<Region>,
    pub tiers: Vec<Tier>,
    /// Targets for components and scenarios, beside the tiers.
    pub targets: Vec<Target>,
    pub services: Vec<Service>,
    pub databases: Vec<Database>,
    /// Every check, those written and those that follow from databases and services (`orders-db@us-east-1`).
    pub checks: Vec<Check>,
    pub backups: Vec<Backup>,
    /// What is practised how often.
    pub tests: Vec<ScheduledTest>,
    /// Where people are told of alerts.
    pub notify: Vec<Channel>,
    /// Who is told of an incident, and how often.
    pub audiences: Vec<Audience>,
    /// Where audiences are told.
    pub outlets: Vec<Outlet>,
    pub aws: Vec<AwsAccount>,
    pub traffic: Traffic,
    pub self_healing: Vec<SelfHealing>,
    /// A failover that may be started without a person.
    pub automatic: Option<Automatic>,
    pub people: Vec<Person>,
    pub console: Console,
    pub log: LogSettings,
    pub policy: Policy,
    pub alerts: AlertSettings,
    /// Folders that hold runbooks, relative to the estate's file.
    pub runbooks: Vec<String>,
    /// Folders that hold scenarios of exercises, relative to the estate's file.
    pub scenarios: Vec<String>,
    /// Folders that hold templates of updates, relative to the estate's file.
    pub templates: Vec<String>,
    /// What runbooks take in the place of their variables' own defaults; may use earlier variables, `prod-$TO`.
    pub vars: BTreeMap<String, String>,
    /// Share of time a service should be available, `0.999` for 99.9 %, over 30 days.
    pub availability: Option<f64>,
    pub phases: PhaseBudget,
    /// The zone whose times stand beside UTC in what is exported, by its name in the IANA database.
    pub time_zone: Option<String>,
    /// The text this was read from, secret-free: what an incident's log pins.
    pub source: String,
}

/// Whether anybody depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EstateKind {
    #[default]
    Live,
    /// A real estate for practice: everything executes, and every page says `lab`.
    Lab,
}

/// What a region is meant for. Which side serves is observed, never read from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegionRole {
    Primary,
    #[default]
    Standby,
    /// Serves together with the others: two writers are legal there.
    Active,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub id: RegionId,
    pub role: RegionRole,
    /// Lower is preferred as a failover target; 1 is first.
    pub priority: u32,
    /// Share of traffic it can carry, 0 to 1.
    pub weight: f64,
    pub down_when: DownWhen,
    /// Words for people: `Sydney`.
    pub title: Option<String>,
    /// Where its name does not say it.
    pub aws_region: Option<String>,
}

/// When the critical checks of a region make it down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DownWhen {
    /// Every critical check that is known is down.
    #[default]
    All,
    /// One is enough.
    Any,
    /// At least `n` of them.
    AtLeast(u32),
}

/// A recovery target: a figure, or *not applicable*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    Within(Duration),
    NotApplicable,
}

/// Where an RTO clock starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockStart {
    #[default]
    Impact,
    Declared,
    Decided,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    pub id: TierId,
    pub rto: Objective,
    pub rpo: Objective,
    pub from: ClockStart,
    /// Services must hold `ok` this long on the serving side before the clock stops (60 s unless written).
    pub hold: Duration,
}

/// A target for a component (`Database`: 15 m / 5 m) or a scenario (`Regional outage`: 5 m).
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub name: String,
    pub kind: TargetKind,
    pub rto: Objective,
    pub rpo: Objective,
    /// Databases whose loss counts against its RPO (all of them when empty).
    pub databases: Vec<DatabaseId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    Component,
    Scenario,
}

/// How the recovery time is meant to be spent. A phase without a figure has no budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhaseBudget {
    pub detection: Option<Duration>,
    pub assessment: Option<Duration>,
    pub recovery: Option<Duration>,
    pub verification: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    pub id: ServiceId,
    pub tier: Option<TierId>,
    /// Where it is deployed; every region when the file does not say.
    pub regions: Vec<RegionId>,
    /// Databases it loses data with.
    pub databases: Vec<DatabaseId>,
    /// The check that tells which region serves it, when one is configured.
    pub serving: Option<CheckId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    pub id: DatabaseId,
    /// One server per region: a libpq connection string (`service=orders-east`, a URL, or `host=… dbname=…`).
    pub servers: BTreeMap<RegionId, String>,
    /// How a write through the application's own path is tried, per region: proof that a fence holds.
    pub write_test: BTreeMap<RegionId, WriteTest>,
    /// A command per region that prints `pg_controldata` of the stopped server: the zero-loss certificate.
    pub control_data: BTreeMap<RegionId, Vec<String>>,
    /// A standby further behind than this is degraded, and warned of (1 m unless written).
    pub lag_warning: Duration,
    /// Further than this is critical (5 m unless written).
    pub lag_critical: Duration,
}

/// One write through the application's own path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteTest {
    pub how: WriteTestHow,
    pub timeout: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteTestHow {
    /// `status` are the answers that mean "refused"; a 2xx means "accepted", anything else proves nothing.
    Http { method: String, url: String, refused_status: Vec<u16>, refused_body: Option<String> },
    /// SQLSTATEs that mean "refused" (default 25006, 28000, 42501, 55000).
    Sql { dsn: String, statement: String, refused_states: Vec<String> },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    pub id: CheckId,
    pub region: Option<RegionId>,
    pub service: Option<ServiceId>,
    pub kind: CheckKind,
    pub interval: Duration,
    pub timeout: Duration,
    /// Failures in a row that make it down (3), successes in a row that make it ok again (2).
    pub fail_after: u32,
    pub recover_after: u32,
    /// Failures among the last results that make it down although it answers between them.
    pub fail_when: Option<FailWhen>,
    /// Slower than this is *degraded*.
    pub degraded_over: Option<Duration>,
    /// Counts in the region's roll-up.
    pub critical: bool,
    pub paused: bool,
    pub alert: CheckAlert,
}

/// What a check that is down is worth to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckAlert {
    /// What the rule `check-down` says; a region or a service that is down speaks for it.
    #[default]
    Usual,
    Off,
    As(AlertSeverity),
}

/// `5 of 10`: so many failures among so many of the last results. What answers only sometimes, such as a load balancer
/// with a broken server behind it, never fails often enough in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailWhen {
    failures: u32,
    of: u32,
}

impl FailWhen {
    /// The longest window of results.
    pub const MOST: u32 = 64;

    /// `None` unless 1 ≤ `failures` ≤ `of` ≤ [`Self::MOST`].
    #[must_use]
    pub fn new(failures: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&failures).then_some(Self { failures, of }).filter(|_| of <= Self::MOST)
    }
    #[must_use]
    pub const fn failures(self) -> u32 {
        self.failures
    }
    #[must_use]
    pub const fn of(self) -> u32 {
        self.of
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    pub id: BackupId,
    pub database: Option<DatabaseId>,
    pub source: BackupSource,
    /// How often a usable backup is expected; older is *late*.
    pub every: Duration,
    /// How far back backups have to reach.
    pub retention: Option<Duration>,
    pub destinations: Vec<Destination>,
    /// Every copy has to be encrypted.
    pub encrypted: bool,
    /// How often a restore has to be tested.
    pub restore_test_every: Option<Duration>,
    /// Where restore tests are written down; `None` until the console says where its own ledger is.
    pub restore_tests: Option<RestoreTests>,
    /// Names of variables that pass to its commands beside the usual ones.
    pub env: Vec<String>,
    /// How often the source is asked (60 s unless written).
    pub interval: Duration,
    pub timeout: Duration,
}

/// Where restore tests are written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreTests {
    /// A file of JSON lines.
    Path(String),
    /// A command that prints them.
    Command(Vec<String>),
}

impl Backup {
    /// A set without any of what is optional.
    #[must_use]
    pub const fn new(id: BackupId, source: BackupSource, every: Duration) -> Self {
        Self {
            id,
            database: None,
            source,
            every,
            retention: None,
            destinations: Vec::new(),
            encrypted: false,
            restore_test_every: None,
            restore_tests: None,
            env: Vec::new(),
            interval: Duration::from_secs(60),
            timeout: Duration::from_secs(10),
        }
    }
}

/// Something that fails over by itself: watched, never started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfHealing {
    pub name: String,
    /// Checks that tell who serves.
    pub watches: Vec<CheckId>,
    pub promise: Duration,
}

/// A failover that `run --when-recommended` may start without a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// What is walked.
    pub runbook: String,
    pub mode: AutomaticMode,
    /// How long it has to be recommended without interruption (2 m).
    pub after: Duration,
    /// Where to; the best candidate unless written.
    pub to: Option<RegionId>,
    /// How long after it acted it does not act again, armed or not (that of the policy).
    pub cool_down: Duration,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutomaticMode {
    /// It says what it would have done.
    #[default]
    Observe,
    Act,
}

/// The machine this console runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Console {
    /// The region it is in, if any: the bridge says so when that region fails.
    pub region: Option<RegionId>,
    /// A check of our own network: while it fails, readings are *blind* rather than red.
    pub connectivity: Option<String>,
    /// Path of the SSH key that proves who acts here.
    pub key: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// Where entries are copied as they come.
    pub mirror: Option<Mirror>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mirror {
    Path(String),
    /// Each line is written to the command's standard input.
    Command(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// After how long a run, guard or verify aimed at a region that is down is cut (20 s).
    pub dark_cut: Duration,
    /// How long after a failover no other one is recommended while anything serves (1 h).
    pub cool_down: Duration,
    /// How long a region must be down before leaving it is recommended (not at all).
    pub recommend_after: Duration,
    /// Who may override a guard; everybody when empty.
    pub override_by: Vec<PersonId>,
    /// After how long without an entry of a person in an incident that is pointed out (10 min).
    pub quiet_after: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            dark_cut: Duration::from_secs(20),
            cool_down: Duration::from_secs(3600),
            recommend_after: Duration::ZERO,
            override_by: Vec::new(),
            quiet_after: Duration::from_secs(600),
        }
    }
}

impl Estate {
    /// Where it serves unless something happened: the region called primary, else the first.
    #[must_use]
    pub fn usual_primary(&self) -> Option<&Region> {
        self.regions.iter().find(|region| region.role == RegionRole::Primary).or(self.regions.first())
    }

    /// The most preferred of the regions beside this one.
    #[must_use]
    pub fn preferred_beside(&self, leaving: Option<&RegionId>) -> Option<&Region> {
        self.regions.iter().filter(|region| Some(&region.id) != leaving).min_by_key(|region| region.priority)
    }

    /// Names the ledger that restore tests are read from where the file names none.
    pub fn keep_restore_tests_in(&mut self, ledger: &str) {
        for backup in &mut self.backups {
            backup.restore_tests.get_or_insert_with(|| RestoreTests::Path(ledger.to_owned()));
        }
    }
    #[must_use]
    pub fn region(&self, id: &RegionId) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == *id)
    }
    #[must_use]
    pub fn database(&self, id: &DatabaseId) -> Option<&Database> {
        self.databases.iter().find(|database| database.id == *id)
    }
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }
    #[must_use]
    pub fn check(&self, id: &CheckId) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == *id)
    }
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.name == *id)
    }
    /// Two writers are legal: more than one region is declared active.
    #[must_use]
    pub fn active_active(&self) -> bool {
        self.regions.iter().filter(|region| region.role == RegionRole::Active).count() > 1
    }
}
