//! Ways of telling people: whether what they need is there. Nothing is sent: `switchback notify test` does that.

use domain::estate::{
    Channel, ChannelKind, CommandChannel, EmailChannel, Endpoint, Estate, Outlet, OutletKind, SecretSource,
    WebhookChannel,
};
use domain::ident::ChannelId;
use futures_util::future::join_all;

use super::on_path;
use crate::runtime::secret;

pub(super) async fn channels(estate: &Estate) -> Vec<(ChannelId, Result<(), String>)> {
    let mut facts = join_all(estate.notify.iter().map(fact)).await;
    let outlet = async |outlet: &Outlet| (outlet.id.clone(), of_outlet(&outlet.kind).await);
    facts.extend(join_all(estate.outlets.iter().map(outlet)).await);
    facts
}

async fn of_outlet(kind: &OutletKind) -> Result<(), String> {
    match kind {
        OutletKind::Statuspage(page) => there(&page.api_key).await,
        OutletKind::Webhook(hook) => of_hook(hook).await,
        OutletKind::Email(mail) => of_mail(mail).await,
        OutletKind::Command(program) => of_program(program),
        OutletKind::File(file) => {
            let folder = std::path::Path::new(&file.path).parent().filter(|folder| folder.is_dir());
            folder.map(drop).ok_or_else(|| format!("the folder of {} is not there", file.path))
        }
    }
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
        ChannelKind::Webhook(hook) => of_hook(hook).await,
        ChannelKind::Email(mail) => of_mail(mail).await,
        ChannelKind::Command(program) => of_program(program),
    }
}

async fn of_hook(hook: &WebhookChannel) -> Result<(), String> {
    match &hook.url {
        Endpoint::Url(_) => Ok(()),
        Endpoint::Secret(source) => there(source).await,
    }
}

async fn of_mail(mail: &EmailChannel) -> Result<(), String> {
    match &mail.login {
        Some((_, password)) => there(password).await,
        None => Ok(()),
    }
}

fn of_program(command: &CommandChannel) -> Result<(), String> {
    let program = command.argv.first().map(String::as_str).unwrap_or_default();
    if !program.contains('/') && on_path(program).is_none() {
        return Err(format!("{program} is not on PATH"));
    }
    command.env.iter().try_for_each(|name| secret::of_variable(name).map(drop))
}
