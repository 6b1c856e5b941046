//! What resolvers say of a name: each is asked on its own, all at once.

use std::time::Duration;

use domain::estate::{Check, DnsCheck, Estate, Objective};
use domain::reading::{Expected, Resolved};
use futures_util::future::join_all;

use super::{Look, Looking, Seen};
use crate::runtime::dns::{Question, ask, system_resolvers};

#[derive(Debug)]
pub(super) struct DnsProbe {
    check: DnsCheck,
    expected: Expected,
    /// For each resolver; less than the check's timeout, so that one that is silent leaves the others their say.
    patience: Duration,
}

impl DnsProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(dns: &DnsCheck, check: &Check, estate: &Estate) -> Result<Self, String> {
        Question::new(&dns.query, &dns.record)?;
        let expected = Expected::new(dns, rto(check, estate))?;
        Ok(Self { check: dns.clone(), expected, patience: check.timeout * 9 / 10 })
    }

    async fn look(&self) -> Seen {
        // Read each time: a laptop changes its network.
        let resolvers = if self.check.resolvers.is_empty() { system_resolvers() } else { self.check.resolvers.clone() };
        let asked = join_all(resolvers.iter().map(async |(host, port)| {
            let said = match Question::new(&self.check.query, &self.check.record) {
                Ok(question) => ask(&question, (host, *port), self.patience).await,
                Err(why) => Err(why),
            };
            let resolver = if *port == 53 { host.clone() } else { format!("{host}:{port}") };
            Resolved { resolver, said }
        }));
        Seen::new(self.expected.judge(&asked.await))
    }
}

/// The recovery time promised for the service that the check speaks for.
fn rto(check: &Check, estate: &Estate) -> Option<Duration> {
    let tier = estate.service(check.service.as_ref()?)?.tier.as_ref()?;
    match estate.tiers.iter().find(|known| known.id == *tier)?.rto {
        Objective::Within(rto) => Some(rto),
        Objective::NotApplicable => None,
    }
}

impl Look for DnsProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.look())
    }
    fn host(&self) -> &str {
        self.check.resolvers.first().map_or("", |(host, _)| host)
    }
}
