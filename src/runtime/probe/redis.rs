//! A server of Redis: what it is, whether it is fed, what it saves; or what a Sentinel says of a group.

use std::collections::BTreeMap;

use domain::estate::{RedisCheck, RedisRole};
use domain::ident::RegionId;
use domain::reading::{Outcome, Payload, Stream};
use domain::redact::Redactor;
use domain::replication::{CopiesReading, CopyPosition, CopyReading, CopyRole, CopySource};
use domain::untrusted::sanitise_line;

use super::process::shorten;
use super::{Look, Looking, Seen};
use crate::runtime::redis::{Client, Error, Info, Login, Value};
use crate::runtime::secret;

mod replication;
mod sentinel;

#[derive(Debug)]
pub(super) struct RedisProbe {
    check: RedisCheck,
}

impl RedisProbe {
    pub(super) fn new(check: &RedisCheck) -> Self {
        Self { check: check.clone() }
    }

    /// Nothing that is said repeats the password.
    async fn ask(&self) -> Seen {
        let login = match &self.check.password {
            None => None,
            Some(source) => match secret::read(source).await {
                Ok(password) => Some(Login { user: self.check.user.clone(), password }),
                Err(why) => return Seen::unknown(format!("its password: {why}")),
            },
        };
        let looked = match Client::connect(&self.check.address, self.check.tls_verify, login.as_ref()).await {
            Ok(client) => match &self.check.sentinel {
                Some(group) => sentinel::look(client, group, &self.check.members).await,
                None => self.look(client).await,
            },
            Err(error) => Err(error),
        };
        let plain =
            |error: &Error| Redactor::new(login.iter().map(|login| login.password.clone())).redact(&error.explained());
        match looked {
            Ok(outcome) => Seen::new(outcome),
            Err(error) if error.is_ours() => Seen::unknown(plain(&error)),
            Err(error) => Seen::bad(plain(&error)),
        }
    }

    async fn look(&self, mut client: Client) -> Result<Outcome, Error> {
        let member = client.peer().to_string();
        let ping = client.ask(&["PING"]).await;
        if let Err(error) = ping.as_ref()
            && error.code().is_none_or(|code| code != "MASTERDOWN" && code != "LOADING")
        {
            return ping.map(|_| Outcome::Unknown { why: String::new() });
        }
        let info = client.info("replication").await?;
        // Says in which state a link is that is not up; a user without the right to it is no reason to know nothing.
        let role = match client.ask(&["ROLE"]).await {
            Ok(role) => Some(role),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        let saved = client.info("persistence").await?;
        let mut seen = replication::Standing::read(&member, &info, role.as_ref());
        let troubles: Vec<String> = seen.trouble.take().into_iter().chain(unsaved(&saved)).collect();
        for copy in &mut seen.copies {
            copy.region = self.check.members.get(&copy.member).cloned();
        }
        let payload = Payload::Copies {
            copies: Box::new(CopiesReading {
                source: CopySource::Redis,
                text: seen.text,
                leader: seen.leader,
                copies: seen.copies,
                handovers: Vec::new(),
            }),
        };
        let wrong_role = match (self.check.role, seen.role) {
            (Some(RedisRole::Master), CopyRole::Standby) => Some("it is a replica, and a master is expected"),
            (Some(RedisRole::Replica), CopyRole::Primary) => Some("it is a master, and a replica is expected"),
            _ => None,
        };
        let loading = saved.flag("loading") == Some(true);
        Ok(match (ping, wrong_role) {
            (Err(error), _) => Outcome::Bad { why: error.explained(), payload },
            _ if loading => Outcome::Bad { why: "it loads its data".to_owned(), payload },
            (_, Some(why)) => Outcome::Bad { why: why.to_owned(), payload },
            _ if !troubles.is_empty() => Outcome::Soft { why: troubles.join("; "), payload },
            _ => Outcome::Good { payload },
        })
    }
}

/// What it could not save.
fn unsaved(info: &Info) -> Vec<String> {
    let failed = [
        ("rdb_last_bgsave_status", "its last snapshot failed"),
        ("aof_last_write_status", "its append-only file cannot be written"),
    ];
    failed.into_iter().filter(|(key, _)| info.text(key) == Some("err")).map(|(_, said)| said.to_owned()).collect()
}

impl Look for RedisProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.ask())
    }
    fn host(&self) -> &str {
        &self.check.address.host
    }
}
