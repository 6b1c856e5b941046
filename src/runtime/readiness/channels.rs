//! Ways of telling people: whether what they need is there. Nothing is sent: `switchback notify test` does that.

use domain::estate::{Channel, ChannelKind, Endpoint, Estate, SecretSource};
use domain::ident::ChannelId;
use futures_util::future::join_all;

use super::on_path;
use crate::runtime::secret;

pub(super) async fn channels(estate: &Estate) -> Vec<(ChannelId, Result<(), String>)> {
    join_all(estate.notify.iter().map(fact)).await
}

async fn fact(channel: &Channel) -> (ChannelId, Result<(), String>) {
    (channel.id.clone(), configured(channel).await)
}

async fn there(source: &SecretSource) -> Result<(), String> {
    secret::read(source).await.map(drop)
}

/// The secrets are read and let go of: only whether they are there is told.
async fn configured(channel: &Channel) -> Result<(), String> {
    match &channel.kind {
        ChannelKind::Bell | ChannelKind::Desktop(_) => Ok(()),
        ChannelKind::PagerDuty(pagerduty) => there(&pagerduty.routing_key).await,
        ChannelKind::Opsgenie(opsgenie) => there(&opsgenie.api_key).await,
        ChannelKind::Webhook(webhook) => match &webhook.url {
            Endpoint::Url(_) => Ok(()),
            Endpoint::Secret(source) => there(source).await,
        },
        ChannelKind::Email(email) => match &email.login {
            Some((_, password)) => there(password).await,
            None => Ok(()),
        },
        ChannelKind::Command(command) => {
            let program = command.argv.first().map(String::as_str).unwrap_or_default();
            if !program.contains('/') && on_path(program).is_none() {
                return Err(format!("{program} is not on PATH"));
            }
            command.env.iter().try_for_each(|name| secret::of_variable(name).map(drop))
        }
    }
}
