//! `switchback whoami`: under which name you act, what you may do, and whether your key verifies it.

use std::time::Duration;

use domain::people::Role;
use serde::Serialize;

use super::args::{Global, List};
use super::setup::Setup;
use super::stdout::{print, print_json};
use super::{Exit, Failure};
use crate::runtime::identity::{KeyFile, Prover};

/// Somebody may have to touch a key.
const PATIENCE: Duration = Duration::from_secs(30);
/// Signed to see whether it can be: it vouches for nothing.
const TEXT: &str = r#"{"switchback_whoami":1}"#;

#[derive(Debug, Serialize)]
struct Answer {
    name: String,
    host: String,
    estate: String,
    /// `[people]` names this person.
    known: bool,
    roles: Vec<&'static str>,
    /// Fingerprints of the keys that the estate lists.
    keys: Vec<String>,
    /// What entries would say: `claimed` or `verified`.
    identity: &'static str,
    /// The key that signed.
    signs_with: Option<String>,
    because: Option<String>,
    remedy: Option<String>,
}

/// # Errors
/// There is no estate that can be used.
pub(super) fn run(global: &Global, asked: &List) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let answer = answer(&setup);
    // Without keys there is nothing to be verified by, and nothing is wrong.
    let exit = if answer.keys.is_empty() || answer.signs_with.is_some() { Exit::Yes } else { Exit::No };
    if asked.json {
        print_json(&answer)?;
    } else {
        let text = text(&answer);
        print(|out| out.write_all(text.as_bytes()))?;
    }
    Ok(exit)
}

fn answer(setup: &Setup) -> Answer {
    let person = setup.estate.person(&setup.actor.name);
    let keys = person.map(|person| person.keys.iter().map(domain::identity::PublicKey::fingerprint).collect());
    let mut answer = Answer {
        name: setup.actor.name.to_string(),
        host: setup.actor.host.clone(),
        estate: setup.estate.name.clone(),
        known: person.is_some(),
        roles: person.map(|person| person.roles.iter().copied().map(Role::name).collect()).unwrap_or_default(),
        keys: keys.unwrap_or_default(),
        identity: "claimed",
        signs_with: None,
        because: None,
        remedy: None,
    };
    let file = KeyFile::find(setup.key.as_deref(), &setup.estate);
    match Prover::of(&setup.estate, &setup.actor, file, &setup.paths).map(|prover| prover.sign(TEXT, PATIENCE)) {
        None => {
            answer.because = Some("the estate lists no key of this person".to_owned());
            let line = "key = \"ssh-ed25519 AAAA…\"";
            answer.remedy = Some(format!("add {line} to [people.{}], from a .pub file", answer.name));
        }
        Some(Ok(proof)) => {
            answer.identity = "verified";
            answer.signs_with = Some(proof.key.fingerprint());
        }
        Some(Err(unproven)) => {
            answer.because = Some(unproven.to_string());
            answer.remedy = Some(unproven.remedy());
        }
    }
    answer
}

fn text(answer: &Answer) -> String {
    let mut lines = vec![format!("{} on {}, in {}", answer.name, answer.host, answer.estate)];
    let roles = match (answer.known, answer.roles.is_empty()) {
        (false, _) => "none: [people] does not name you".to_owned(),
        (true, true) => "none".to_owned(),
        (true, false) => answer.roles.join(", "),
    };
    lines.push(format!("  roles     {roles}"));
    lines.push(match (&answer.signs_with, &answer.because) {
        (Some(key), _) => format!("  identity  verified: signs with {key}"),
        (None, because) => format!("  identity  claimed: {}", because.as_deref().unwrap_or("nothing proves it")),
    });
    if let Some(remedy) = &answer.remedy {
        lines.push(format!("            {remedy}"));
    }
    for key in &answer.keys {
        lines.push(format!("  key       {key}"));
    }
    lines.join("\n") + "\n"
}
