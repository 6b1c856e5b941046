//! Secrets of channels, read when they are needed: one that was rotated works at once.

use domain::estate::{Endpoint, SecretSource};
use domain::redact::Redactor;

use super::post::{Again, Fault};
use crate::runtime::secret;

/// The secrets that an attempt has used: none of them is repeated in what is said of it.
#[derive(Default)]
pub(in crate::runtime) struct Used(Vec<String>);

impl Used {
    pub(in crate::runtime) async fn read(&mut self, source: &SecretSource) -> Result<String, Fault> {
        let value = match source {
            SecretSource::Env(variable) => variable_of(variable)?,
            SecretSource::File(_) => secret::read(source)
                .await
                .map_err(|why| Fault::pointless(why, "put the secret there, readable for this user alone"))?,
        };
        self.0.push(value.clone());
        Ok(value)
    }

    pub(in crate::runtime) async fn endpoint(&mut self, endpoint: &Endpoint) -> Result<String, Fault> {
        match endpoint {
            Endpoint::Url(url) => Ok(url.clone()),
            Endpoint::Secret(source) => {
                let url = self.read(source).await?;
                // Who refuses a request tends to repeat its path.
                if let Some(path) = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])) {
                    self.0.extend(path.split(['?', '#']).map(str::to_owned));
                    self.0.push(path.to_owned());
                }
                Ok(url)
            }
        }
    }

    pub(in crate::runtime) fn variable(&mut self, variable: &str) -> Result<String, Fault> {
        let value = variable_of(variable)?;
        // Of `Bearer …` the part behind the scheme is the secret.
        self.0.extend(value.split_once(' ').map(|(_, secret)| secret.trim().to_owned()));
        self.0.push(value.clone());
        Ok(value)
    }

    pub(in crate::runtime) fn redact(&self, text: &str) -> String {
        Redactor::new(&self.0).redact(text)
    }
}

fn variable_of(variable: &str) -> Result<String, Fault> {
    let remedy = "set it where this console is started, such as in its service's environment";
    secret::of_variable(variable).map_err(|why| Fault::pointless(why, remedy))
}

impl Fault {
    /// What only a person can mend.
    pub(in crate::runtime) fn pointless(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { why: why.into(), remedy: remedy.into(), again: Again::Pointless, unsure: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_path_of_a_secret_address_is_a_secret_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hook");
        std::fs::write(&file, "https://hooks.example.com/services/T0B0/abcdefgh?x=1\n").unwrap();
        let mut used = Used::default();
        let source = SecretSource::File(file.display().to_string());
        let url = used.endpoint(&Endpoint::Secret(source)).await.unwrap();
        assert!(url.ends_with("?x=1"));
        let said = used.redact("404: Cannot POST /services/T0B0/abcdefgh");
        assert!(!said.contains("abcdefgh"), "{said}");
    }
}
