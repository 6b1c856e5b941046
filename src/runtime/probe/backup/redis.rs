//! What a Redis server says of its snapshots.

use std::time::Duration;

use domain::backup::{self, BackupReading};
use domain::estate::RedisSource;
use domain::redact::Redactor;

use crate::runtime::redis::{Client, Error, Login};
use crate::runtime::{clock, secret};

pub(super) async fn read(source: &RedisSource, every: Duration) -> Result<BackupReading, String> {
    let login = match &source.password {
        None => None,
        Some(password) => {
            let password = secret::read(password).await.map_err(|why| format!("its password: {why}"))?;
            Some(Login { user: source.user.clone(), password })
        }
    };
    let asked = async {
        let mut client = Client::connect(&source.address, source.tls_verify, login.as_ref()).await?;
        client.ask(&["INFO"]).await
    };
    // Nothing that is said repeats the password.
    let plain =
        |error: &Error| Redactor::new(login.iter().map(|login| login.password.clone())).redact(&error.explained());
    let answer = asked.await.map_err(|error| plain(&error))?;
    backup::redis(answer.text().ok_or("its INFO is no text")?, every, clock::now().wall)
}
