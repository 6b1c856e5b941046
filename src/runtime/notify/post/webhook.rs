//! The notice, posted: as JSON, in Slack's form, or as text.

use domain::alert::Notice;
use domain::estate::{WebhookChannel, WebhookFormat};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::super::secret::Used;
use super::Fault;
use super::answer::{Call, post};

const FROM_ENVIRONMENT: &str = "env:";

pub(super) async fn send(channel: &WebhookChannel, notice: &Notice, used: &mut Used) -> Result<(), Fault> {
    deliver(channel, serde_json::to_vec(notice).unwrap_or_default(), &notice.headline(), used).await
}

/// As `json`, or as the `text` that people read, by the channel's format.
pub(in crate::runtime) async fn deliver(
    channel: &WebhookChannel,
    json: Vec<u8>,
    text: &str,
    used: &mut Used,
) -> Result<(), Fault> {
    let url = used.endpoint(&channel.url).await?;
    let headers = headers(channel, used)?;
    let (content, body) = match channel.format {
        WebhookFormat::Json => ("application/json", json),
        WebhookFormat::Slack => ("application/json", json!({"text": slack(text)}).to_string().into_bytes()),
        WebhookFormat::Text => ("text/plain; charset=utf-8", text.as_bytes().to_vec()),
    };
    let access = "check the address and its headers".to_owned();
    post(Call { method: Method::POST, url, headers, content, body, access }).await
}

/// `&`, `<` and `>` are its markup.
fn slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

pub(in crate::runtime) fn headers(channel: &WebhookChannel, used: &mut Used) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    for (name, value) in &channel.headers {
        let wrong = || Fault::pointless(format!("header `{name}` cannot be sent"), "check its name and its value");
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let value = match value.strip_prefix(FROM_ENVIRONMENT) {
            None => HeaderValue::from_str(value).map_err(|_| wrong())?,
            Some(variable) => {
                let mut value = HeaderValue::from_str(&used.variable(variable)?).map_err(|_| wrong())?;
                value.set_sensitive(true);
                value
            }
        };
        headers.append(header, value);
    }
    Ok(headers)
}
