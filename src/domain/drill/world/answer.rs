//! Guards and verifies, answered from the simulated world. What it does not understand it does not answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::World;
use super::cluster::{Role, Stopped};
use super::fault::{FaultDoes, FaultOn};
use super::meaning::{Meaning, meaning, statements};
use crate::estate::CheckKind;
use crate::execution::{ResolvedBlock, ResolvedTarget, WriteAnswer};
use crate::ident::{BackupId, DatabaseId, RegionId};
use crate::runbook::{Lang, substitute};
use crate::time::{human, parse_duration};

/// What a block that only reads would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `None`: the world does not understand the question; a person answers.
    pub passed: Option<bool>,
    /// What was seen, for people.
    pub seen: String,
}

#[allow(clippy::expect_used)]
static URL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"https?://([^\s/"'?#]+)[^\s"']*"#).expect("the pattern is a constant that a test compiles")
});

impl World {
    /// Asks a guard or verify block.
    #[must_use]
    pub fn answer(&self, block: &ResolvedBlock) -> Answer {
        match self.fault(|on| *on == FaultOn::Verify || *on == FaultOn::Sql && block.lang == Lang::Sql) {
            Some(FaultDoes::Fails(why)) => return Answer { passed: Some(false), seen: why.clone() },
            Some(FaultDoes::TimesOut) => {
                return Answer { passed: Some(false), seen: format!("no answer within {}", human(block.timeout)) };
            }
            Some(FaultDoes::Unknown) => {
                return Answer { passed: None, seen: "the link was lost: look, and say".to_owned() };
            }
            Some(FaultDoes::Slow(_)) | None => {}
        }
        let answered = match block.lang {
            Lang::Sql => self.answer_sql(&block.text, block.target.as_ref()),
            Lang::Http => self.answer_http(&block.text),
            Lang::Bash | Lang::Sh => self.answer_shell(block),
            Lang::Route53 | Lang::Check | Lang::World | Lang::Text => None,
        };
        match answered {
            Some((passed, seen)) => Answer { passed: Some(passed), seen },
            None => Answer { passed: None, seen: "the simulated world does not know: look, and say".to_owned() },
        }
    }

    /// One write through the application's own path in `region`: the only look that can prove that a fence holds.
    #[must_use]
    pub fn try_write(&self, database: &DatabaseId, region: &RegionId) -> WriteAnswer {
        let refused = |error: &str| WriteAnswer::Refused { error: error.to_owned() };
        let no_answer = || WriteAnswer::NoAnswer { why: "no answer".to_owned() };
        let server = self.clusters.get(database).and_then(|cluster| cluster.server(region));
        match server {
            Some(_) if self.fault(|on| *on == FaultOn::WriteTest).is_some() => no_answer(),
            Some(server) if self.server_is_reachable(database, region) => match (server.stopped, server.role) {
                (Some(Stopped::Crashed | Stopped::Lost(_)), _) => no_answer(),
                (Some(Stopped::Fenced), _) => refused("503 read-only: fenced"),
                (None, Role::Standby) => refused("cannot execute INSERT in a read-only transaction (25006)"),
                (None, Role::Primary) => WriteAnswer::Accepted,
            },
            _ => no_answer(),
        }
    }

    fn answer_sql(&self, text: &str, target: Option<&ResolvedTarget>) -> Option<(bool, String)> {
        let (database, region) = target.and_then(|target| target.database.as_ref().zip(target.region.as_ref()))?;
        let cluster = self.present(database)?;
        let server = cluster.server(region)?;
        let statements = statements(text);
        let asked = meaning(statements.last()?)?;
        if !self.server_is_reachable(database, region) || server.stopped.is_some() {
            return Some((false, format!("{database}@{region} does not answer")));
        }
        let standby = server.role == Role::Standby;
        let role = if standby { "in recovery" } else { "not in recovery" };
        Some(match asked {
            Meaning::InRecovery { wanted } => (standby == wanted, role.to_owned()),
            Meaning::Write => match self.try_write(database, region) {
                WriteAnswer::Accepted => (true, "test write accepted".to_owned()),
                WriteAnswer::Refused { error } => (false, error),
                WriteAnswer::NoAnswer { .. } => (false, format!("{database}@{region} does not answer")),
            },
            Meaning::LagBelow(limit) => {
                let lag = if standby { self.at.saturating_sub(server.replayed_of) } else { std::time::Duration::ZERO };
                (lag < limit, format!("replayed up to {} ago", human(lag)))
            }
            Meaning::Replayed => (
                server.replayed >= server.end,
                format!("{} bytes to replay", server.end.saturating_sub(server.replayed)),
            ),
            Meaning::Streaming => {
                let fed = standby && self.is_fed(database, server);
                (fed, if fed { "streaming".to_owned() } else { format!("{role}, nothing feeds it") })
            }
            Meaning::Archiving => (!standby, if standby { role } else { "everything is archived" }.to_owned()),
            Meaning::Anything => (true, "answers".to_owned()),
            Meaning::Promote => return None,
        })
    }

    /// A request to an address that a check of the estate looks at: answered as that check would be.
    fn answer_http(&self, text: &str) -> Option<(bool, String)> {
        let expects = text.lines().find_map(|line| line.trim().strip_prefix("expect "));
        if expects.is_some_and(|expects| !expects.trim().starts_with('2')) {
            return None;
        }
        self.address_answers(text)
    }

    /// `curl --fail URL` alone, or `switchback restored NAME --within SPAN`.
    fn answer_shell(&self, block: &ResolvedBlock) -> Option<(bool, String)> {
        let mut lines = block.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = lines.next()?;
        if let ["switchback", "restored", name, "--within", span] = line.split(' ').collect::<Vec<_>>().as_slice()
            && lines.next().is_none()
        {
            return self.answer_restored(name, span, &block.env);
        }
        if !line.starts_with("curl ") {
            return None;
        }
        let fails = line
            .split_whitespace()
            .any(|word| word == "--fail" || (word.starts_with('-') && !word.starts_with("--") && word.contains('f')));
        if lines.next().is_some() || !fails || line.contains(['|', ';', '&', '>']) {
            return None;
        }
        self.address_answers(line)
    }

    fn answer_restored(&self, name: &str, span: &str, env: &BTreeMap<String, String>) -> Option<(bool, String)> {
        let name = substitute(name.trim_matches('"'), env).ok()?;
        let set = self.backups.get(&BackupId::new(name.as_str()))?;
        let passed = set.restored_within(parse_duration(span).ok()?, self.at);
        Some((passed, format!("{name}: {}", if passed { "restored, and good" } else { "not restored lately" })))
    }

    fn address_answers(&self, text: &str) -> Option<(bool, String)> {
        let host = URL.captures(text)?.get(1)?.as_str();
        let looks_there = |kind: &CheckKind| match kind {
            CheckKind::Http(http) => {
                URL.captures(&http.url).and_then(|url| url.get(1)).is_some_and(|known| known.as_str() == host)
            }
            _ => false,
        };
        let check = self.estate.checks.iter().find(|check| looks_there(&check.kind))?;
        let service = check.service.as_ref();
        let region = check.region.as_ref().or_else(|| self.routes.serving(service?));
        let own = self.conditions.of(check.id.as_str(), None, self.at);
        let dark = region.is_some_and(|region| self.conditions.region_is_down(region, self.at)) || own.is_down();
        if dark {
            return Some((false, format!("{host} does not answer")));
        }
        let trouble = match (service, region) {
            (Some(service), Some(region)) => own.and(self.trouble_of_service(service, region)),
            _ => own,
        };
        let serves = service.is_some_and(|service| self.routes.serving(service) == region);
        let read_only = serves && service.is_some_and(|service| !self.can_write(service));
        let failed = self.noise.of(host).share(self.moment()) < trouble.errors;
        Some(if trouble.is_down() || read_only || failed {
            (false, "503 Service Unavailable".to_owned())
        } else {
            (true, "200 OK".to_owned())
        })
    }
}
