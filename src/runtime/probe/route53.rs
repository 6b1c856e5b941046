//! Route 53: a health check by its checkers, or the records of a name.

use std::time::Duration;

use domain::estate::{NameRecords, Route53Check, Route53Of};
use domain::reading::{HealthCheckConfig, Healths, Outcome, judge_health_check};
use tokio::sync::Mutex;

use super::{Look, Looking, Seen};
use crate::runtime::aws::{self, Account, AwsError};
use crate::runtime::clock;

/// How a health check is configured is asked for this seldom: its state costs a call of five a second, too.
const CONFIG_LIVES: Duration = Duration::from_secs(300);

#[derive(Debug)]
pub(super) struct Route53Probe {
    account: Account,
    of: Route53Of,
    config: Mutex<Option<(Duration, HealthCheckConfig)>>,
}

impl Route53Probe {
    pub(super) fn new(check: &Route53Check) -> Self {
        let account = Account::with(check.profile.as_ref(), None);
        Self { account, of: check.of.clone(), config: Mutex::default() }
    }

    async fn ask(&self) -> Seen {
        let asked = match &self.of {
            Route53Of::HealthCheck { id } => self.health_check(id).await,
            Route53Of::Records(records) => self.records(records).await,
        };
        asked.unwrap_or_else(|error| Seen::unknown(error.to_string()))
    }

    async fn health_check(&self, id: &str) -> Result<Seen, AwsError> {
        let mut known = self.config.lock().await;
        let now = clock::boottime();
        let config = match known.as_ref().filter(|(at, _)| now.saturating_sub(*at) < CONFIG_LIVES) {
            Some((_, config)) => config.clone(),
            None => {
                let config = aws::health_check_config(&self.account, id).await?;
                *known = Some((now, config.clone()));
                config
            }
        };
        let seen = if config.kind == "CALCULATED" || config.disabled {
            Vec::new()
        } else {
            aws::health_check_seen(&self.account, id).await?
        };
        let (outcome, measured_at) = judge_health_check(&config, &seen, clock::now().wall);
        Ok(Seen { measured_at, ..Seen::new(outcome) })
    }

    async fn records(&self, records: &NameRecords) -> Result<Seen, AwsError> {
        let sets = aws::sets_named(&self.account, &records.zone, &[records.query.as_str()]).await?;
        let mut healths = Healths::new();
        if !records.regions.is_empty() {
            let mut ids: Vec<&String> = sets.iter().filter_map(|set| set.health_check_id.as_ref()).collect();
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                // What is not known of one is not guessed; the records stand all the same.
                if let Ok(health) = self.health(id).await {
                    healths.extend(health.map(|health| (id.clone(), health)));
                }
            }
        }
        Ok(Seen::new(records.judge(&sets, &healths)))
    }

    async fn health(&self, id: &str) -> Result<Option<bool>, AwsError> {
        let config = aws::health_check_config(&self.account, id).await?;
        let seen = aws::health_check_seen(&self.account, id).await?;
        Ok(match judge_health_check(&config, &seen, clock::now().wall).0 {
            Outcome::Good { .. } | Outcome::Soft { .. } => Some(true),
            Outcome::Bad { .. } => Some(false),
            Outcome::Unknown { .. } => None,
        })
    }
}

impl Look for Route53Probe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.ask())
    }

    /// Silence of AWS tells nothing of what it watches.
    fn silence_is_down(&self) -> bool {
        false
    }
}
