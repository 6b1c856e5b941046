//! The table itself.

use super::super::schedule::TEST;
use super::super::{aws, backup, channel, check};
use super::alerts::{ALERT, ALERTS, LAG, SKEW};
use super::comms::{AUDIENCE, OUTLET};
use super::{Key, Kind, Names, Section, key, needed};

const POSITIVE: Kind = Kind::Count { min: 1, max: 1000 };

pub(super) const fn plain(about: &'static str, keys: &'static [Key]) -> Section {
    Section { about, keys }
}

/// The file as a whole.
pub(crate) static FILE: Section = plain(
    "The estate: what can fail, where it can go, and what was promised.",
    &[
        needed("name", Kind::Text, "What the estate is called on every screen and page."),
        key(
            "kind",
            Kind::Word(&["live", "lab"]),
            "\"live\"",
            "What incidents here are marked as, for ever: `lab` is a real estate that nobody depends on.",
        ),
        key("runbooks", Kind::TextList, "[\"runbooks\"]", "Folders that hold runbooks, relative to this file."),
        key(
            "scenarios",
            Kind::TextList,
            "[\"scenarios\"]",
            "Folders that hold scenarios of exercises, relative to this file.",
        ),
        key(
            "templates",
            Kind::TextList,
            "[\"templates\"]",
            "Folders that hold templates of updates, relative to this file.",
        ),
        key("vars", Kind::Values, "none", "Values that runbooks take here, in the place of their own defaults."),
        key(
            "availability",
            Kind::Percent,
            "none",
            "The availability promised over 30 days; the objectives panel shows how much of its budget is used.",
        ),
        key(
            "time_zone",
            Kind::TimeZone,
            "none",
            "Exported timelines show its times beside UTC. The machine's own zone is never used.",
        ),
        key("regions", Kind::Named(&REGION), "", "Where the estate runs."),
        key("tiers", Kind::Named(&TIER), "", "Recovery targets by tier."),
        key("targets", Kind::List(&TARGET), "", "Recovery targets of a component or a scenario, beside the tiers."),
        key("services", Kind::Named(&SERVICE), "", "What users notice."),
        key("databases", Kind::Named(&DATABASE), "", "Databases with a server per region."),
        key("health", Kind::Table(&HEALTH), "", "How checks behave unless they say otherwise."),
        key("checks", Kind::List(&CHECK), "", "Checks beside those that follow from databases and services."),
        key("backups", Kind::Named(&BACKUP), "", "Backups whose age is watched."),
        key("notify", Kind::Named(&NOTIFY), "", "Where people are told of alerts."),
        key("comms", Kind::Named(&AUDIENCE), "", "Who is told of an incident, and how often."),
        key("channels", Kind::Named(&OUTLET), "", "Where audiences are told."),
        key("tests", Kind::Named(&TEST), "", "What is practised how often."),
        key("aws", Kind::Named(&aws::ACCOUNT), "", "Accounts of Amazon's cloud that steps act on."),
        key("traffic", Kind::Table(&aws::TRAFFIC), "", "How traffic moves without Route 53's control plane."),
        key("self_healing", Kind::List(&SELF_HEALING), "", "What is to fail over by itself: watched, and timed."),
        key("automatic", Kind::Table(&AUTOMATIC), "none", "A failover that `run --when-recommended` may start alone."),
        key("people", Kind::Named(&PERSON), "", "Who takes part in an incident."),
        key("console", Kind::Table(&CONSOLE), "", "The machine this console runs on."),
        key("log", Kind::Table(&LOG), "", "The incident log."),
        key("policy", Kind::Table(&POLICY), "", "House rules."),
        key("alerts", Kind::Table(&ALERTS), "", "What people are alerted of."),
        key("phases", Kind::Table(&PHASES), "", "How the recovery time is meant to be spent."),
    ],
);

static REGION: Section = plain(
    "Where the estate runs. Which side serves is observed, never read from here.",
    &[
        key("title", Kind::Text, "none", "Words for people, such as `N. Virginia`."),
        key("aws_region", Kind::Text, "its name", "The region of AWS it is in."),
        key(
            "role",
            Kind::Word(&["primary", "standby", "active"]),
            "\"standby\"",
            "`active` serves together with the other active regions: two writers are legal there.",
        ),
        key("priority", POSITIVE, "place in the file", "Lower is preferred as a failover target."),
        key("weight", Kind::Share, "1.0", "Share of the traffic that it can carry."),
        key(
            "down_when",
            Kind::DownWhen,
            "\"all\"",
            "How many of its critical checks must be down before the region is: `all` that are known, `any`, `3 of 5`.",
        ),
    ],
);

static TIER: Section = plain(
    "Recovery targets of the services of a tier.",
    &[
        needed("rto", Kind::Objective, "Recovery time objective; `n/a` where none was promised."),
        needed("rpo", Kind::Objective, "Recovery point objective: how much may be lost; `0`, or `n/a`."),
        key("from", Kind::Word(&["impact", "declared", "decided"]), "\"impact\"", "Where the RTO clock starts."),
        key("hold", Kind::Duration, "\"60s\"", "How long the services must stay ok before the clock stops."),
    ],
);

static TARGET: Section = plain(
    "A recovery target of a component (`Database`) or a scenario (`Regional outage`).",
    &[
        key("component", Kind::Text, "", "Its name; or `scenario`, one of the two."),
        key("scenario", Kind::Text, "", "Its name; or `component`, one of the two."),
        key("rto", Kind::Objective, "\"n/a\"", "Recovery time objective."),
        key("rpo", Kind::Objective, "\"n/a\"", "Recovery point objective."),
        key("databases", Kind::NameList(Names::Database), "all", "Databases whose loss counts against its RPO."),
    ],
);

static SERVICE: Section = plain(
    "What users notice.",
    &[
        key("tier", Kind::Name(Names::Tier), "none", "The tier whose targets it has."),
        key("regions", Kind::NameList(Names::Region), "all", "Where it is deployed."),
        key("databases", Kind::NameList(Names::Database), "none", "Databases it loses data with."),
        key(
            "health",
            Kind::PerRegion(&Kind::Url),
            "none",
            "Health address per region: each makes an http check `SERVICE@REGION`.",
        ),
        key(
            "serving",
            Kind::Table(&SERVING),
            "none",
            "Where users reach it, and how the answer tells the region: makes the check `serving:SERVICE`.",
        ),
    ],
);

static SERVING: Section = plain(
    "How the serving side of a service is observed.",
    &[
        needed("url", Kind::Url, "The address users reach, through DNS and load balancers."),
        needed("json", Kind::Text, "JSON path in the answer that holds the region's name, such as `region`."),
    ],
);

static DATABASE: Section = plain(
    "A PostgreSQL database: each server makes a check `DATABASE@REGION`.",
    &[
        needed(
            "servers",
            Kind::PerRegion(&Kind::Dsn),
            "One connection string per region. Passwords belong in ~/.pgpass or the service file.",
        ),
        key(
            "lag_warning",
            Kind::Duration,
            "[alerts.replication-lag]",
            "Replication lag that makes a standby degraded.",
        ),
        key("lag_critical", Kind::Duration, "[alerts.replication-lag]", "Replication lag that is critical."),
        key(
            "write_test",
            Kind::PerRegion(&Kind::Table(&WRITE_TEST)),
            "none",
            "One write through the application's own path: its refusal proves that a fence holds.",
        ),
        key(
            "control_data",
            Kind::PerRegion(&Kind::Argv),
            "none",
            "A command that prints pg_controldata of the stopped server: proof that nothing was lost.",
        ),
    ],
);

static WRITE_TEST: Section = plain(
    "A write, by `url` or by `dsn` and `statement`.",
    &[
        key("url", Kind::Url, "", "Sends the write by HTTP."),
        key("method", Kind::Word(&["POST", "PUT", "PATCH", "DELETE"]), "\"POST\"", "HTTP method of the write."),
        key("refused_status", Kind::Numbers, "[503]", "HTTP answers that mean the write was refused."),
        key(
            "refused_body",
            Kind::Text,
            "none",
            "Text that a refusal must contain as well. 502 to 504 prove nothing without it.",
        ),
        key("dsn", Kind::Dsn, "", "Sends the write by SQL to this server."),
        key("statement", Kind::Text, "", "The SQL statement that writes."),
        key(
            "refused_states",
            Kind::TextList,
            "[\"25006\", \"28000\", \"42501\", \"55000\"]",
            "SQLSTATEs that mean the write was refused.",
        ),
        key("timeout", Kind::Duration, "\"5s\"", "After this nothing is proved."),
    ],
);

static HEALTH: Section = plain(
    "How checks behave unless they say otherwise.",
    &[
        key("interval", Kind::Duration, "\"10s\"", "How often a check looks."),
        key("timeout", Kind::Duration, "\"5s\"", "After this an answer counts as missing."),
        key("fail_after", POSITIVE, "3", "Failures in a row that make it down."),
        key("recover_after", POSITIVE, "2", "Successes in a row that make it ok again."),
        key(
            "fail_when",
            Kind::FailWhen,
            "none",
            "Failures among the last results that make it down too, although it answers between them: for what stands \
             behind a load balancer. It is ok again once fewer are left and `recover_after` is reached.",
        ),
        key("degraded_over", Kind::Duration, "none", "An answer slower than this is degraded."),
    ],
);

static CHECK: Section = plain(
    "A check. `NAME@REGION` places it: the region, and the service or database of that name, follow.",
    &[
        needed("name", Kind::Text, "Its name, such as `checkout@us-east-1`; replaces a derived check of that name."),
        needed("type", Kind::Type(check::KINDS), "What it looks at: each has keys of its own, see `probes.md`."),
        key("region", Kind::Name(Names::Region), "from its name", "The region it speaks for."),
        key("service", Kind::Name(Names::Service), "from its name", "The service it speaks for."),
        key("interval", Kind::Duration, "[health]", "How often it looks."),
        key("timeout", Kind::Duration, "[health]", "After this an answer counts as missing."),
        key("fail_after", POSITIVE, "[health]", "Failures in a row that make it down."),
        key("recover_after", POSITIVE, "[health]", "Successes in a row that make it ok again."),
        key("fail_when", Kind::FailWhen, "[health]", "Failures among the last results that make it down too."),
        key("degraded_over", Kind::Duration, "[health]", "An answer slower than this is degraded."),
        key("critical", Kind::Bool, "true for services and databases", "Counts when its region is rolled up."),
        key("paused", Kind::Bool, "false", "Not looked at, and says so."),
        key(
            "alert",
            Kind::Word(&["critical", "warning", "info", "off"]),
            "[alerts.check-down]",
            "What it is worth when it is down. With one of its own it speaks even where its region or service would for it.",
        ),
    ],
);

static BACKUP: Section = plain(
    "A backup set: the age of its newest usable backup is watched.",
    &[
        needed("type", Kind::Type(backup::KINDS), "Where its age is read: each has keys of its own, see `probes.md`."),
        needed("every", Kind::Duration, "How often a usable backup is expected; older is late."),
        key("database", Kind::Name(Names::Database), "that of its name", "The database it restores."),
        key(
            "retention",
            Kind::Duration,
            "none",
            "How far back backups have to reach. Not kept when the oldest is younger by more than `every` and a tenth; \
             kept too long when it is twice as old.",
        ),
        key("destinations", Kind::ListOrTexts(&backup::DESTINATION), "none", "Where copies lie: names, or tables."),
        key("encrypted", Kind::Bool, "false", "Every copy has to be encrypted: one that is not is told."),
        key("restore_test_every", Kind::Duration, "none", "How often a restore has to be tested; later is overdue."),
        key(
            "restore_tests",
            Kind::PathOrArgv,
            "the state directory's",
            "The ledger of restore tests: a file, or a command that prints it.",
        ),
        key(
            "env",
            Kind::TextList,
            "[]",
            "Variables of this console's environment that its commands are given, beside the usual ones.",
        ),
        key("interval", Kind::Duration, "\"60s\"", "How often it is asked."),
        key("timeout", Kind::Duration, "\"10s\"", "After this an answer counts as missing."),
    ],
);

static NOTIFY: Section = plain(
    "A way of telling people of alerts. What one kind needs stands in `notifications.md`.",
    &[
        needed(
            "type",
            Kind::Type(channel::KINDS),
            "How they are told: each has keys of its own, see `notifications.md`.",
        ),
        key("at_least", Kind::Word(&channel::SEVERITIES), "\"warning\"", "Less severe alerts are not told here."),
        key("rules", Kind::TextList, "all", "Rules told here, such as `region-down`."),
        key("send_resolved", Kind::Bool, "true", "Whether people are told when it is over."),
        key(
            "region",
            Kind::Name(Names::Region),
            "none",
            "The region its endpoint runs in: what is in a region that fails tells nobody.",
        ),
        key(
            "timeout",
            Kind::Duration,
            "\"10s\"",
            "After this an attempt has failed; there are three, then one a minute.",
        ),
    ],
);

static SELF_HEALING: Section = plain(
    "Something that fails over by itself, such as a load balancer, pods, a cluster with an agent. It is watched, never \
     started: who served, who serves now, how long nobody did, inside its promise or not. In an open incident it is \
     an observation in the log.",
    &[
        needed("name", Kind::Text, "What it is called."),
        needed("watches", Kind::TextList, "Names of the checks that tell who serves."),
        key(
            "promise",
            Kind::Duration,
            "by what is watched",
            "How long it may take: unless written 5m for databases and caches, 2m for what kubernetes runs, else 30s.",
        ),
    ],
);

static AUTOMATIC: Section = plain(
    "A failover that `switchback run --when-recommended` may start without a person, once: `docs/unattended.md`. It can \
     never say that the old side is fenced.",
    &[
        needed("runbook", Kind::Text, "The runbook that is walked, forced."),
        key(
            "mode",
            Kind::Word(&["observe", "act"]),
            "\"observe\"",
            "`observe` says what it would have done, and goes on watching; `act` does it.",
        ),
        key("after", Kind::Duration, "\"2m\"", "How long it has to be recommended without interruption."),
        key("to", Kind::Name(Names::Region), "the best candidate", "Where to, and nowhere else."),
        key(
            "cool_down",
            Kind::Duration,
            "that of [policy]",
            "How long after it acted it does not act again, armed or not.",
        ),
    ],
);

static PERSON: Section = plain(
    "Who takes part in an incident, under the name given with `--as`.",
    &[
        key("roles", Kind::RoleList, "none", "Seats that this person may take."),
        key("phone", Kind::Text, "none", "Stands on the line that waits for this person."),
        key("email", Kind::Text, "none", "Electronic mail."),
        key(
            "key",
            Kind::PublicKeys,
            "none",
            "Public SSH keys of this person: entries of a console that proves to hold one are *verified*. See `identity.md`.",
        ),
    ],
);

static CONSOLE: Section = plain(
    "The machine this console runs on.",
    &[
        key(
            "region",
            Kind::Name(Names::Region),
            "none",
            "The region it is in: the bridge says so when that one fails.",
        ),
        key(
            "connectivity",
            Kind::UrlOrHostPort,
            "none",
            "An address of our own network, such as its gateway or name server: while it fails, readings are blind rather \
             than red, and a check that gets no answer counts only once it has answered after that.",
        ),
        key(
            "key",
            Kind::Text,
            "ssh-agent",
            "The SSH key that proves who acts here, `~/.ssh/id_ed25519`; `--key` and `$SWITCHBACK_SSH_KEY` come before it.",
        ),
    ],
);

static LOG: Section =
    plain("The incident log.", &[key("mirror", Kind::PathOrArgv, "none", "Where entries are copied as they come.")]);

static POLICY: Section = plain(
    "House rules.",
    &[
        key(
            "dark_cut",
            Kind::Duration,
            "\"20s\"",
            "When a block without a timeout of its own, aimed at a region that is down, is cut.",
        ),
        key(
            "cool_down",
            Kind::Duration,
            "\"1h\"",
            "How long after a failover no other one is recommended, unless nothing serves.",
        ),
        key(
            "recommend_after",
            Kind::Duration,
            "none",
            "How long a region must be down before leaving it is recommended; at once unless written.",
        ),
        key("override_by", Kind::NameList(Names::Person), "everybody", "Who may override a guard."),
        key(
            "quiet_after",
            Kind::Duration,
            "\"10m\"",
            "After how long without an entry of a person the console points out that nobody writes anything down.",
        ),
    ],
);

static PHASES: Section = plain(
    "How the recovery time is meant to be spent.",
    &[
        key("detection", Kind::Duration, "none", "From impact to declared."),
        key("assessment", Kind::Duration, "none", "From declared to decided."),
        key("recovery", Kind::Duration, "none", "From decided to serving again."),
        key("verification", Kind::Duration, "none", "From serving again to recovered."),
    ],
);

/// Every section with the heading it has in the reference, in the order of reading.
pub(crate) static SECTIONS: &[(&str, &Section)] = &[
    ("The top of the file", &FILE),
    ("[regions.NAME]", &REGION),
    ("[tiers.NAME]", &TIER),
    ("[[targets]]", &TARGET),
    ("[services.NAME]", &SERVICE),
    ("[services.NAME.serving]", &SERVING),
    ("[databases.NAME]", &DATABASE),
    ("[databases.NAME.write_test.REGION]", &WRITE_TEST),
    ("[health]", &HEALTH),
    ("[[checks]]", &CHECK),
    ("[backups.NAME]", &BACKUP),
    ("[[backups.NAME.destinations]]", &backup::DESTINATION),
    ("[notify.NAME]", &NOTIFY),
    ("[comms.NAME]", &AUDIENCE),
    ("[channels.NAME]", &OUTLET),
    ("[tests.NAME]", &TEST),
    ("[aws.NAME]", &aws::ACCOUNT),
    ("[traffic]", &aws::TRAFFIC),
    ("[[self_healing]]", &SELF_HEALING),
    ("[automatic]", &AUTOMATIC),
    ("[people.NAME]", &PERSON),
    ("[console]", &CONSOLE),
    ("[log]", &LOG),
    ("[policy]", &POLICY),
    ("[alerts]", &ALERTS),
    ("[alerts.RULE]", &ALERT),
    ("[alerts.replication-lag]", &LAG),
    ("[alerts.clock-skew]", &SKEW),
    ("[phases]", &PHASES),
];
