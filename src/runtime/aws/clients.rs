//! One client of each service per profile and region, made when it is first asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use tokio::sync::OnceCell;

use super::Account;
use super::connector::Shared;

/// Between the tries of a request, and of one of them. The caller's own time ends all of it.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const CONNECT: Duration = Duration::from_secs(3);
const ATTEMPT: Duration = Duration::from_secs(8);
/// A machine outside of EC2 has nobody who answers: that must not be waited for.
const INSTANCE_METADATA: Duration = Duration::from_millis(700);

#[derive(Debug)]
pub(super) struct Clients {
    pub(super) route53: aws_sdk_route53::Client,
    pub(super) cloudwatch: aws_sdk_cloudwatch::Client,
    pub(super) sts: aws_sdk_sts::Client,
}

type Known = Mutex<HashMap<Account, Arc<OnceCell<Arc<Clients>>>>>;

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default)
}

pub(super) async fn of(account: &Account) -> Arc<Clients> {
    let cell = {
        let mut known = known().lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(account.clone()).or_default())
    };
    let made = async {
        let config = config(account).await;
        let cloudwatch = aws_sdk_cloudwatch::Client::new(&config);
        let sts = aws_sdk_sts::Client::new(&config);
        Arc::new(Clients { route53: aws_sdk_route53::Client::new(&config), cloudwatch, sts })
    };
    Arc::clone(cell.get_or_init(|| made).await)
}

/// Credentials were no good: the next question reads the files of the profile anew, for somebody may have mended them.
pub(super) fn forget(account: &Account) {
    known().lock().unwrap_or_else(PoisonError::into_inner).remove(account);
}

async fn config(account: &Account) -> SdkConfig {
    let region = Region::new(account.region.clone());
    let provider = ProviderConfig::without_region().with_http_client(Shared).with_region(Some(region.clone()));
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).build();
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE);
    let loader: ConfigLoader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(region.clone())
        .http_client(Shared)
        .timeout_config(timeouts)
        .retry_config(retries)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    let loader = match &account.profile {
        // As for the `aws` command, a profile that is named comes before the environment's variables.
        Some(profile) => loader.profile_name(profile).credentials_provider(
            ProfileFileCredentialsProvider::builder().configure(&provider).profile_name(profile).build(),
        ),
        None => {
            let metadata = aws_config::imds::Client::builder()
                .configure(&provider)
                .max_attempts(1)
                .connect_timeout(INSTANCE_METADATA)
                .read_timeout(INSTANCE_METADATA)
                .operation_timeout(INSTANCE_METADATA)
                .build();
            let chain = DefaultCredentialsChain::builder().configure(provider).region(region).imds_client(metadata);
            loader.credentials_provider(chain.build().await)
        }
    };
    loader.load().await
}
