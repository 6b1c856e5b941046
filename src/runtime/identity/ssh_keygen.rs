//! `ssh-keygen -Y sign`, which knows agents, key files and security keys. It is never let near the terminal: the screen
//! is a console's, and a question there would be answered by whoever presses the next key.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::identity::{NAMESPACE, SshSig};
use domain::untrusted::sanitise_line;

use super::unproven::Unproven;

/// What it may know of our environment.
const ENVIRONMENT: [&str; 6] = ["PATH", "HOME", "USER", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER", "XDG_RUNTIME_DIR"];
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(5);
/// It prints some hundred bytes.
const MOST: u64 = 64 * 1024;

/// The signature over `text`, on one line. `key` is a key's file, or the public half of one that the agent holds.
pub(super) fn sign(key: &Path, person: &str, text: &str, patience: Duration) -> Result<String, Unproven> {
    let until = Instant::now() + patience;
    let mut child = command(key).spawn().map_err(|error| Unproven::NoProgram(error.to_string()))?;
    if let Some(mut input) = child.stdin.take() {
        // One that has ended already says why.
        let _ = input.write_all(text.as_bytes());
    }
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < until => std::thread::sleep(LOOK),
            waited => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(match waited {
                    Ok(_) => Unproven::Late(patience),
                    Err(error) => Unproven::Refused(error.to_string()),
                });
            }
        }
    };
    let (said, complained) = printed(&mut child);
    match SshSig::unarmoured(&said).filter(|_| ended.success()) {
        Some(signature) => Ok(signature),
        None => Err(refused(key, person, &complained)),
    }
}

fn command(key: &Path) -> Command {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key);
    command.env_clear();
    command.envs(ENVIRONMENT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    // Whoever is asked for a passphrase or a PIN by this program answers nothing.
    command.env("SSH_ASKPASS_REQUIRE", "force").env("SSH_ASKPASS", "false");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    command
}

fn printed(child: &mut Child) -> (String, String) {
    let text = |stream: Option<&mut dyn Read>| {
        let mut bytes = Vec::new();
        // What cannot be read is not there.
        let _ = stream.map(|stream| stream.take(MOST).read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let said = text(child.stdout.as_mut().map(|stream| stream as &mut dyn Read));
    let complained = text(child.stderr.as_mut().map(|stream| stream as &mut dyn Read));
    (said, complained)
}

fn refused(key: &Path, person: &str, complained: &str) -> Unproven {
    if complained.contains("incorrect passphrase") {
        return Unproven::Passphrase { file: key.to_path_buf() };
    }
    if complained.contains("No private key found") {
        return Unproven::NotHeld { person: person.to_owned() };
    }
    let last = complained.lines().map(str::trim).rfind(|line| !line.is_empty());
    Unproven::Refused(last.map_or_else(|| "it gave no reason".to_owned(), sanitise_line))
}
