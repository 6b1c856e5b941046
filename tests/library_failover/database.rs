//! `database-failover` with each of the engines that it knows.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::stage::{EAST, Stage, WEST, Walked};
use crate::support::estate::Estate;
use crate::support::hands::Hands;
use crate::support::moto::{self, Moto};
use crate::support::patroni::{Member, Pair};
use crate::support::postgres::binary;
use crate::support::service::Service;
use crate::support::wait::until;

const WAY: [&str; 5] = ["database-failover", "--from", EAST, "--to", WEST];

#[test]
fn postgresql_changes_places_and_loses_nothing() {
    let stage = Stage::new("");
    stage.somebody(|| false);
    let data = format!("PGDATA={}", stage.data("east").display());
    let also = ["--mode", "planned", "--set", &data, "--approve", "promote=raj"];
    let walked = stage.walk(&[&WAY[..], &also].concat());
    assert_eq!(walked.steps("succeeded"), ["stop-writes", "check-standby", "promote", "monitor"]);
    assert_eq!(stage.lab.report().lost, 0);
}

/// Moto has the interface and no machines: what a security group and a promotion do there is done here to the server.
#[test]
fn rds_is_cut_off_by_its_security_group_and_its_replica_promoted() {
    let (stage, moto) = (Stage::new(""), Moto::start());
    let primary = moto.aws(&[
        "rds",
        "create-db-instance",
        "--region",
        EAST,
        "--db-instance-identifier",
        "orders-db-us-east-1",
        "--engine",
        "postgres",
        "--db-instance-class",
        "db.t3.micro",
        "--allocated-storage",
        "20",
        "--master-username",
        "admin1",
        "--master-user-password",
        "passw0rd",
        "--vpc-security-group-ids",
        "sg-11111111",
    ]);
    let arn = primary["DBInstance"]["DBInstanceArn"].as_str().unwrap();
    moto.aws(&[
        "rds",
        "create-db-instance-read-replica",
        "--region",
        WEST,
        "--db-instance-identifier",
        "orders-db-us-west-2",
        "--source-db-instance-identifier",
        arn,
    ]);
    let asked = stage.lab.dir().join("rds");
    fs::write(&asked, "").unwrap();
    // Its own `aws`, which writes down what was asked for; moto never ends a promotion, so its end is said here.
    let aws = format!(
        "#!/bin/sh\necho \"$2 $*\" >>'{0}'\nsaid=$('{1}' --endpoint-url '{2}' \"$@\") || exit\n\
         if [ -e '{0}.promoted' ]; then said=$(printf '%s\\n' \"$said\" | sed 's/\\tarn:.*/\\tNone/'); fi\n\
         if [ \"$2\" = stop-db-instance ]; then ssh east '{3}' stop -D '{4}' -m fast -w; fi\nprintf '%s\\n' \"$said\"\n",
        asked.display(),
        moto::program("aws").display(),
        moto.url(),
        binary("pg_ctl").display(),
        stage.data("east").display(),
    );
    stage.hands.program("aws", &aws);
    let (hba, dsn, mut cut) = (stage.data("east").join("pg_hba.conf"), stage.source("east"), false);
    stage.somebody(move || {
        let said = fs::read_to_string(&asked).unwrap();
        if !cut && said.contains("reboot-db-instance") {
            cut = true;
            let before = fs::read_to_string(&hba).unwrap();
            fs::write(&hba, format!("host all orders_app all reject\n{before}")).unwrap();
            psql(&dsn, "SELECT pg_reload_conf()");
            psql(&dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders_app'");
        }
        let promotes = said.contains("promote-read-replica");
        if promotes {
            fs::write(asked.with_extension("promoted"), "").unwrap();
        }
        promotes
    });
    let also = ["--mode", "planned", "--set", "ENGINE=rds", "--set", "RDS_FENCE=sg-22222222", "--approve"];
    let act = [&WAY[..], &also, &["promote-rds=raj"]].concat();
    let walked = stage.walk_with(&act, &moto::environment(&moto.url()));
    assert_eq!(
        walked.steps("succeeded"),
        ["stop-writes-rds", "check-standby", "promote-rds", "stop-old-rds", "monitor"]
    );
    let groups = ["rds", "describe-db-instances", "--region", EAST, "--db-instance-identifier", "orders-db-us-east-1"];
    let group = &moto.aws(&groups)["DBInstances"][0]["VpcSecurityGroups"][0]["VpcSecurityGroupId"];
    assert_eq!(group, "sg-22222222");
    assert_eq!(stage.lab.report().lost, 0);
}

fn psql(dsn: &str, statement: &str) -> String {
    let output = Command::new(binary("psql")).args(["-XAtqd", dsn, "-c", statement]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Two members of one Patroni cluster, in two regions.
struct Members {
    pair: Pair,
    east: &'static str,
    west: &'static str,
    service: Service,
    hands: Hands,
    folder: tempfile::TempDir,
}

impl Members {
    fn new() -> Self {
        let pair = Pair::new();
        let mut leader = None;
        until("Patroni has a leader and a standby", || {
            let said = |member: &Member| member.postgres().map(|port| psql(&dsn(port), "SELECT pg_is_in_recovery()"));
            leader = pair.members.iter().find(|member| said(member).as_deref() == Some("f"));
            leader.is_some() && pair.members.iter().any(|member| said(member).as_deref() == Some("t"))
        });
        let east = leader.unwrap().name;
        let west = pair.members.iter().map(|member| member.name).find(|name| *name != east).unwrap();
        Self { pair, east, west, service: Service::up(), hands: Hands::new(), folder: tempfile::tempdir().unwrap() }
    }

    fn port(&self, name: &str) -> u16 {
        self.pair.members.iter().find(|member| member.name == name).and_then(Member::postgres).unwrap()
    }

    fn estate(&self) -> Estate {
        let of = |region: &str, name: &str| format!("{region} = \"{}\"\n", dsn(self.port(name)));
        let url = self.service.url();
        self.at(self.folder.path(), &format!(
            "name = \"orders\"\n[regions.{EAST}]\nrole = \"primary\"\n[regions.{WEST}]\n[people.raj]\nroles = [\"data-owner\"]\n\
             [databases.orders-db.servers]\n{}{}[services.api]\ndatabases = [\"orders-db\"]\n\
             health = {{ {EAST} = \"{url}\", {WEST} = \"{url}\" }}\n[health]\ninterval = \"500ms\"\ntimeout = \"2s\"\n\
             [vars]\nENGINE = \"patroni\"\nNAME_BY = \"none\"\nPATRONI_CLUSTER = \"orders\"\nPATRONI_CONFIG = \"{}\"\n\
             PATRONI_CANDIDATE = \"{}\"\n",
            of(EAST, self.east),
            of(WEST, self.west),
            self.pair.config(self.west).display(),
            self.west,
        ))
    }

    fn at(&self, dir: &Path, text: &str) -> Estate {
        use std::os::unix::fs::PermissionsExt;
        let file = dir.join("switchback.toml");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        Estate { file, state: dir.join("state") }
    }

    fn walk(&self, estate: &Estate, also: &[&str]) -> Walked {
        let words = estate.command(&[&["run", "--yes", "--json"], &WAY[..], also].concat(), "ana");
        let mut command = Command::new(&words[0]);
        let output = command.args(&words[1..]).env("PATH", self.hands.path()).output().unwrap();
        Walked::of(&output, || self.pair.logs())
    }
}

fn dsn(port: u16) -> String {
    format!("host=127.0.0.1 port={port} user=postgres dbname=postgres")
}

#[test]
fn patroni_changes_its_leader() {
    let members = Members::new();
    let (east, west) = (members.port(members.east), members.port(members.west));
    let walked = members.walk(&members.estate(), &["--mode", "planned", "--approve", "switch-patroni=raj"]);
    assert_eq!(walked.steps("succeeded"), ["check-standby", "switch-patroni", "monitor"]);
    assert_eq!(members.hands.asked(), ["127.0.0.1"]);
    assert_eq!(psql(&dsn(west), "SELECT pg_is_in_recovery()"), "f");
    until("the old leader follows", || psql(&dsn(east), "SELECT pg_is_in_recovery()") == "t");
}

#[test]
fn patroni_promotes_the_member_that_is_named_when_the_leader_is_gone() {
    let mut members = Members::new();
    let estate = members.estate();
    let words = estate.command(&["status", "--watch"], "watcher");
    let mut watcher = Command::new(&words[0]);
    let mut watcher = watcher.args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let paths = switchback::runtime::paths::Paths { state: estate.state.clone(), config: estate.state.clone() };
    until("the watcher saw the leader", || {
        switchback::runtime::readings::live(&paths.estate("orders"))
            .is_some_and(|status| status.replication.iter().filter(|row| row.system_id.is_some()).count() == 2)
    });
    let (east, west) = (members.east, members.west);
    members.pair.member(east).kill();
    let also = ["--mode", "forced", "--approve", "promote-patroni=raj", "--fenced-by", "the machine is gone"];
    let walked = members.walk(&estate, &[&also[..], &["--accept-loss", "--reason", "the machine is gone"]].concat());
    assert_eq!(walked.steps("succeeded"), ["check-standby", "promote-patroni", "monitor"]);
    assert_eq!(psql(&dsn(members.port(west)), "SELECT pg_is_in_recovery()"), "f");
    watcher.kill().unwrap();
    watcher.wait().unwrap();
}
