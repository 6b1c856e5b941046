//! Guards and verifies: blocks that only read, asked by the console itself. No claim and no outcome; what they start is
//! gone when they have answered.

use std::collections::BTreeMap;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use domain::execution::{End, ResolvedBlock};
use domain::redact::Redactor;
use domain::runbook::Lang;
use domain::untrusted::{sanitise, sanitise_line};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{sleep, timeout};

use super::answer::{Answer, Stop};
use super::live::LiveExec;
use super::secrets::Secrets;
use super::{environment, http, shell, sql};
use crate::runtime::supervisor::{Channel, Tree};

/// Of each channel; the rest is read and let go.
const MOST: usize = 64 * 1024;
const LAST_WORDS: Duration = Duration::from_millis(500);
const LONGEST_SEEN: usize = 200;
/// What shells say when the command itself cannot be run: nothing was learned.
const NOT_RUN: [i32; 2] = [126, 127];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockAnswer {
    /// `None`: nothing was learned, because it timed out or could not be asked. Never passes.
    pub passed: Option<bool>,
    /// The last thing it said, safe to show.
    pub seen: String,
}

impl LiveExec {
    /// Asks a guard or a verify, with the values of the secrets it names. Dropping the future ends what it started.
    pub async fn ask(&self, block: &ResolvedBlock, secrets: &Secrets) -> BlockAnswer {
        let secrets = secrets.values();
        let redactor = Redactor::new(secrets.values().cloned().chain(environment::secret_values()));
        let stop = async {
            sleep(block.timeout).await;
            Stop::TimedOut
        };
        let (passed, seen) = match block.lang {
            Lang::Bash | Lang::Sh => {
                let asked = timeout(block.timeout, self.shell(block, secrets)).await;
                asked.map_or_else(
                    |_| (None, "timed out".to_owned()),
                    |said| said.unwrap_or_else(|error| (None, error.to_string())),
                )
            }
            Lang::Sql => {
                let Some(dsn) = block.dsn() else { return unasked("its target is not a database") };
                let mut silent = |_: &str| ();
                let asked = sql::perform(dsn, &block.text, secrets, stop, &mut silent);
                // The server's word on a cancelled statement is waited for where something was changed, not here.
                let Ok(answer) = timeout(block.timeout + LAST_WORDS, asked).await else { return unasked("timed out") };
                let truth = matches!(answer.value.as_deref(), Some("t" | "true"));
                said(answer, |value| (truth, value))
            }
            Lang::Http => {
                let mut head = String::new();
                let mut print = |channel, bytes: &[u8]| {
                    if channel == Channel::Stderr && head.is_empty() {
                        head = String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().to_owned();
                    }
                };
                let answer = http::perform(&block.text, secrets, block.timeout, stop, &mut print).await;
                said(answer, |_| (true, head))
            }
            other => return unasked(&format!("{} blocks are not asked", other.name())),
        };
        BlockAnswer { passed, seen: line(&redactor.redact(&seen)) }
    }

    async fn shell(
        &self,
        block: &ResolvedBlock,
        secrets: &BTreeMap<String, String>,
    ) -> io::Result<(Option<bool>, String)> {
        let (mut command, _script) = shell::command(block.lang, &block.text)?;
        let surroundings = self.surroundings();
        command.env_clear().envs(environment::passed(&block.pass_env)).envs(surroundings.variables.clone());
        command.envs(&block.env).envs(secrets);
        if let Some(working_dir) = &surroundings.folder {
            command.current_dir(working_dir);
        }
        let mut child = tokio::process::Command::from(command)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        // However it ends, a guard leaves nothing behind.
        let tree = Tree::of(&child);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = {
            let reading =
                futures_util::future::join(read(child.stdout.take(), &mut out), read(child.stderr.take(), &mut err));
            let mut reading = std::pin::pin!(reading);
            tokio::select! {
                // Everything is read, so that it cannot be held up by a full pipe.
                _ = &mut reading => child.wait().await?,
                status = child.wait() => {
                    let _ = timeout(LAST_WORDS, reading).await;
                    status?
                }
            }
        };
        drop(tree);
        let passed = match status.code() {
            Some(0) => Some(true),
            Some(code) if NOT_RUN.contains(&code) => None,
            Some(_) => Some(false),
            None => None,
        };
        let last = |bytes: &[u8]| {
            let text = sanitise(bytes);
            text.lines().rev().find(|line| !line.trim().is_empty()).map(str::to_owned)
        };
        let seen = last(&out).filter(|_| passed == Some(true)).or_else(|| last(&err)).or_else(|| last(&out));
        Ok((passed, seen.unwrap_or_else(|| status.to_string())))
    }
}

async fn read(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    let Some(mut from) = from else { return };
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        into.extend_from_slice(&piece[..length]);
        // The end is what is shown.
        into.drain(..into.len().saturating_sub(MOST));
    }
}

fn said(answer: Answer, truth: impl FnOnce(String) -> (bool, String)) -> (Option<bool>, String) {
    match answer.end {
        End::Succeeded { .. } => {
            let (passed, seen) = truth(answer.value.unwrap_or_else(|| "no row".to_owned()));
            (Some(passed), seen)
        }
        // An answer that was not the expected one is an answer; everything else taught nothing.
        End::Failed { why, .. } => (answer.value.map(|_| false), why),
        End::NotStarted { why } | End::Unknown { why } => (None, why),
        End::TimedOut => (None, "timed out".to_owned()),
        End::Cancelled => (None, "cancelled".to_owned()),
    }
}

fn unasked(why: &str) -> BlockAnswer {
    BlockAnswer { passed: None, seen: why.to_owned() }
}

fn line(seen: &str) -> String {
    sanitise_line(seen).chars().take(LONGEST_SEEN).collect()
}
