//! A command of the estate, run in a process group of its own. It never outlives the look, and neither does what it
//! started.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, Command};
use tokio::time::timeout;

use crate::runtime::exec::environment::passed;
use crate::runtime::supervisor::Tree;

/// How long output is waited for once the command has ended: something it left behind may hold the pipe open.
const AFTER_EXIT: Duration = Duration::from_millis(250);

/// How a command ended, with the beginning of what it said.
#[derive(Debug)]
pub(in crate::runtime) struct Finished {
    pub(in crate::runtime) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// Runs `argv` without a shell, with the variables that everything executed is given and those named in `env`; keeps at
/// most `limit` bytes of each stream and reads the rest away.
///
/// # Errors
/// It cannot be started, or a variable that it should be given is not set: a sentence for people.
pub(super) async fn run(argv: &[String], env: &[String], limit: usize) -> Result<Finished, String> {
    run_with(argv, env, Vec::new(), limit).await
}

/// The same, with something to read for it. A command that does not read it is right, too.
///
/// # Errors
/// As [`run`].
pub(in crate::runtime) async fn run_with(
    argv: &[String],
    env: &[String],
    input: Vec<u8>,
    limit: usize,
) -> Result<Finished, String> {
    if let Some(missing) = env.iter().find(|name| std::env::var_os(name).is_none()) {
        return Err(format!("the command needs the environment variable {missing}, which is not set"));
    }
    start(argv, env, input, limit).await.map_err(|error| format!("the command cannot be started: {error}"))
}

async fn start(argv: &[String], env: &[String], input: Vec<u8>, limit: usize) -> io::Result<Finished> {
    let (program, arguments) = argv.split_first().ok_or_else(|| io::Error::other("no command is named"))?;
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(passed(env))
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let tree = Tree::of(&child);
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let mut stdin = child.stdin.take();
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let status = {
        let mut reading = std::pin::pin!(async {
            tokio::join!(
                feed(&mut stdin, &input),
                drain(&mut out, &mut stdout, limit),
                drain(&mut err, &mut stderr, limit),
            );
        });
        let (status, read) = tokio::select! {
            status = child.wait() => (status?, false),
            () = &mut reading => (child.wait().await?, true),
        };
        // Whatever it left running goes with it, and so lets go of the pipes.
        drop(tree);
        if !read {
            let _ = timeout(AFTER_EXIT, reading).await;
        }
        status
    };
    Ok(Finished { status, stdout, stderr })
}

/// Closes it at the end.
async fn feed(into: &mut Option<ChildStdin>, input: &[u8]) {
    if let Some(mut pipe) = into.take() {
        let _ = pipe.write_all(input).await;
    }
}

async fn drain(from: &mut Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>, limit: usize) {
    let Some(from) = from else { return };
    let mut buffer = vec![0; 8 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let room = limit - into.len();
        into.extend_from_slice(&buffer[..read.min(room)]);
    }
}

impl Finished {
    /// `exit 3`, `killed by signal 9`.
    pub(in crate::runtime) fn ending(&self) -> String {
        use std::os::unix::process::ExitStatusExt;
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => format!("exit {code}"),
            (None, Some(signal)) => format!("killed by signal {signal}"),
            (None, None) => "ended".into(),
        }
    }

    /// The first line that says something: of the errors, else of the output. Whole: half of a secret would not be
    /// known again, so it is cut once it is free of them.
    pub(in crate::runtime) fn first_line(&self) -> Option<String> {
        [&self.stderr, &self.stdout].into_iter().find_map(|stream| {
            let text = domain::untrusted::sanitise(stream);
            text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
        })
    }

    /// Everything it said of errors, plain.
    pub(super) fn errors(&self) -> String {
        domain::untrusted::sanitise(&self.stderr)
    }
}

/// At most `most` characters.
pub(super) fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
