//! From what the SDK met to what a person can do about it.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use domain::time::{Timestamp, human};

use super::error::{AwsError, Sent};
use super::{Account, clients};

/// A clock that is further off than this is named as the cause of a refused signature.
const SKEW: i64 = 60;

pub(super) fn explain<E>(error: &SdkError<E, HttpResponse>, account: &Account) -> AwsError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(refused) => refusal(refused.err(), refused.raw(), account),
        SdkError::ResponseError(answer) => not_theirs(answer.raw()),
        SdkError::TimeoutError(_) => AwsError::new(Sent::Perhaps, "AWS gave no answer in time"),
        SdkError::DispatchFailure(failure) => {
            let said = chain(error);
            // What the connection itself says is about no credentials, whatever words it uses.
            let of_connection = failure.is_io() || failure.is_timeout();
            if let Some(text) = (!of_connection).then(|| credentials(&said, account)).flatten() {
                clients::forget(account);
                return AwsError::new(Sent::Not, text);
            }
            let never = failure.as_connector_error().is_some_and(ConnectorError::is_user)
                || said.contains("error trying to connect")
                || said.contains("client error (Connect)")
                || said.contains("dns error");
            if never {
                return AwsError::new(Sent::Not, format!("AWS cannot be reached: {}", last(error)));
            }
            let why = if failure.is_timeout() { "AWS gave no answer in time".to_owned() } else { said };
            AwsError::new(Sent::Perhaps, why)
        }
        SdkError::ConstructionFailure(_) => {
            let said = chain(error);
            let text = credentials(&said, account).unwrap_or(said);
            clients::forget(account);
            AwsError::new(Sent::Not, text)
        }
        _ => AwsError::new(Sent::Perhaps, chain(error)),
    }
}

fn not_theirs(raw: &HttpResponse) -> AwsError {
    let status = raw.status().as_u16();
    let text = format!("an answer that is not AWS's ({status}): a proxy or a login page may have answered");
    AwsError::new(Sent::Perhaps, text)
}

/// AWS answered with an error of its own.
fn refusal<E: ProvideErrorMetadata>(error: &E, raw: &HttpResponse, account: &Account) -> AwsError {
    let status = raw.status().as_u16();
    let Some(code) = error.code() else { return not_theirs(raw) };
    let message = error.message().unwrap_or_default();
    let sent = match code {
        "Throttling" | "ThrottlingException" | "PriorRequestNotComplete" => Sent::NotNow,
        _ if status >= 500 => Sent::Perhaps,
        _ => Sent::Refused,
    };
    let text = match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            format!("the AWS credentials have expired: {}", renew(account))
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" | "AuthFailure" => {
            format!("AWS does not know these credentials ({code}): {}", renew(account))
        }
        "RequestTimeTooSkewed" | "SignatureDoesNotMatch" | "InvalidSignatureException" | "RequestInTheFuture" => {
            let clock = clock(raw).unwrap_or_else(|| "check this machine's clock, and the secret key".to_owned());
            format!("AWS refuses the signature ({code}): {clock}")
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            format!("the AWS credentials may not do this: {message}")
        }
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException" => {
            "AWS is asked too often by this account: it takes five Route 53 calls a second from all its users together"
                .to_owned()
        }
        "PriorRequestNotComplete" => {
            "another change of this zone is not finished: wait a few seconds, and try again".to_owned()
        }
        "NoSuchHostedZone" => "there is no such hosted zone in this account: see `zone`, and `On`".to_owned(),
        _ if message.is_empty() => format!("AWS answers {status}, {code}"),
        _ => format!("{code}: {message}"),
    };
    let theirs = matches!(code, "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "InvalidClientTokenId");
    if theirs || code == "UnrecognizedClientException" || code == "InvalidAccessKeyId" {
        clients::forget(account);
    }
    AwsError::new(sent, text)
}

/// What the search for credentials ended with, if that is what failed.
fn credentials(said: &str, account: &Account) -> Option<String> {
    let lower = said.to_lowercase();
    let about = ["credential", "identity", "sso", "token", "profile"].iter().any(|word| lower.contains(word));
    if !about {
        return None;
    }
    let profile = account.profile.as_deref();
    Some(match profile {
        _ if lower.contains("sso") || lower.contains("token") && lower.contains("expired") => {
            format!("the AWS sign-on has expired or is missing: {}", renew(account))
        }
        Some(profile)
            if lower.contains("could not find") || lower.contains("not defined") || lower.contains("no such") =>
        {
            format!("there is no AWS profile `{profile}` on this machine: see ~/.aws/config")
        }
        _ if lower.contains("imds")
            || lower.contains("no providers in chain")
            || lower.contains("not loaded")
            || lower.contains("not enabled") =>
        {
            let login = renew(account);
            format!("no AWS credentials were found: set AWS_PROFILE, or {login}")
        }
        _ => format!("no AWS credentials: {said}"),
    })
}

fn renew(account: &Account) -> String {
    let profile = account.profile.clone().or_else(|| std::env::var("AWS_PROFILE").ok());
    match profile {
        Some(profile) => format!("`aws sso login --profile {profile}`"),
        None => "`aws sso login`, or renew the keys in ~/.aws/credentials".to_owned(),
    }
}

/// How far this machine's clock is from that of the answer, when it is far.
fn clock(raw: &HttpResponse) -> Option<String> {
    let theirs = jiff::fmt::rfc2822::parse(raw.headers().get("date")?).ok()?.timestamp();
    let ahead = Timestamp::now().as_second() - theirs.as_second();
    let far = human(std::time::Duration::from_secs(ahead.unsigned_abs()));
    match ahead {
        _ if ahead > SKEW => Some(format!("this machine's clock is {far} ahead of AWS's: set it right")),
        _ if ahead < -SKEW => Some(format!("this machine's clock is {far} behind AWS's: set it right")),
        _ => None,
    }
}

/// The error with its causes, each said once.
fn chain(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut cause = Some(error);
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            let joint = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{joint}{said}");
        }
        cause = inner.source();
    }
    text
}

/// The innermost cause.
fn last(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(inner) = last.source() {
        last = inner;
    }
    last.to_string()
}
