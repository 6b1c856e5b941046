//! A program that reads the notice from its standard input.

use domain::alert::Notice;
use domain::estate::CommandChannel;

use super::super::secret::Used;
use super::{Again, Fault};
use crate::runtime::probe::process;

/// How much of its output is kept.
const OUTPUT: usize = 4 * 1024;

pub(super) async fn send(channel: &CommandChannel, notice: &Notice, used: &mut Used) -> Result<(), Fault> {
    deliver(channel, serde_json::to_vec(notice).unwrap_or_default(), used).await
}

/// One line of JSON, handed to the program.
pub(in crate::runtime) async fn deliver(
    channel: &CommandChannel,
    mut line: Vec<u8>,
    used: &mut Used,
) -> Result<(), Fault> {
    for variable in &channel.env {
        used.variable(variable)?;
    }
    let program = channel.argv.first().cloned().unwrap_or_default();
    line.push(b'\n');
    let finished = process::run_with(&channel.argv, &channel.env, line, OUTPUT)
        .await
        .map_err(|why| Fault::pointless(format!("{program}: {why}"), "check `argv` and `env`: there is no shell"))?;
    if finished.status.success() {
        return Ok(());
    }
    let said = finished.first_line().map(|line| format!(": {line}")).unwrap_or_default();
    Err(Fault {
        why: format!("{program}: {}{said}", finished.ending()),
        remedy: "run it by hand with such a line on its standard input".to_owned(),
        again: Again::Soon,
        unsure: false,
    })
}
