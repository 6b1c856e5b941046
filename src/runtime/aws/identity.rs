//! Who AWS takes us for.

use super::error::AwsError;
use super::explain::explain;
use super::{Account, clients};

/// The name of the caller, `arn:aws:iam::123456789012:user/ana`: no secret.
pub(crate) async fn caller(account: &Account) -> Result<String, AwsError> {
    let clients = clients::of(account).await;
    let answer = clients.sts.get_caller_identity().send().await;
    let answer = answer.map_err(|error| explain(&error, account))?;
    Ok(answer.arn.unwrap_or_else(|| "a caller without a name".to_owned()))
}
