//! The timeline as a table for spreadsheets: one row per entry. No text of others is ever taken for a formula.

use std::io::{self, Write};

use crate::log::{Entry, Event};
use crate::report::sentence::{entry_sentence, title};
use crate::report::{Mark, Source};
use crate::time::rfc3339;

/// What spreadsheets need to see that it is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

impl Source<'_> {
    /// One row per entry, after RFC 4180. The same log gives the same bytes.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut out = String::from(BYTE_ORDER_MARK);
        let mut columns = vec!["incident", "kind", "entry", "occurred_at"];
        if self.local_time(jiff::Timestamp::UNIX_EPOCH).is_some() {
            columns.push("local_time");
        }
        columns.extend([
            "recorded_at",
            "type",
            "actor",
            "identity",
            "host",
            "run",
            "step",
            "meaning",
            "what",
            "mark",
            "hash",
        ]);
        row(&mut out, columns.into_iter());
        for entry in &self.state().entries {
            self.entry(&mut out, entry);
        }
        out
    }

    fn entry(&self, out: &mut String, entry: &Entry) {
        let state = self.state();
        let sentence = entry_sentence(state, entry);
        let incident = state.id().map(|id| id.to_string()).unwrap_or_default();
        let (run, step) = place(&entry.event);
        let run_name = run.and_then(|run| state.run(run)).map(|run| self.clean(&run.name)).unwrap_or_default();
        let step = run.zip(step).map(|(run, step)| self.clean(&title(state, run, step))).unwrap_or_default();
        let identity = self.standing(entry).word();
        let mut cells = vec![incident, entry.kind.word().to_owned(), entry.seq.to_string(), rfc3339(entry.occurred_at)];
        cells.extend(self.local_time(entry.occurred_at));
        cells.extend([
            rfc3339(entry.recorded_at),
            self.clean(&kind(&entry.event)),
            self.clean(entry.actor.name.as_str()),
            identity.to_owned(),
            self.clean(&entry.actor.host),
            run_name,
            step,
            meaning(sentence.mark).to_owned(),
            self.clean(&sentence.to_string()),
            self.marks(entry).join("; "),
            entry.hash.to_string(),
        ]);
        row(out, cells.iter().map(String::as_str));
    }
}

const fn meaning(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain => "",
        Mark::Good => "good",
        Mark::Started => "started",
        Mark::Warning => "warning",
        Mark::Bad => "bad",
        Mark::Unknown => "unknown",
        Mark::Waiting => "waiting",
    }
}

fn row<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (number, text) in cells.enumerate() {
        if number > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// A text that a spreadsheet could compute begins with an apostrophe, which it takes for "this is text".
fn cell(out: &mut String, text: &str) {
    let guard = if computes(text) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n', ';', '\t']) || !guard.is_empty() {
        out.push('"');
        out.push_str(guard);
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Signs that begin a formula, in their wide forms too: some programs take those for the same.
fn computes(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '﹣', '−', '＠', '﹫', '﹢', '﹦', '|', '%'])
}

/// The event's own name, `step_finished`: the beginning of what it is written as.
fn kind(event: &Event) -> String {
    let mut begun = Begun { bytes: [0; 64], length: 0 };
    // It stops when it has seen enough.
    drop(serde_json::to_writer(&mut begun, event));
    let text = String::from_utf8_lossy(&begun.bytes[..begun.length]).into_owned();
    let name = text.strip_prefix("{\"type\":\"").and_then(|rest| rest.split_once('"'));
    name.map_or_else(|| "newer".to_owned(), |(name, _)| name.to_owned())
}

struct Begun {
    bytes: [u8; 64],
    length: usize,
}

impl Write for Begun {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = &mut self.bytes[self.length..];
        let taken = bytes.len().min(room.len());
        room[..taken].copy_from_slice(&bytes[..taken]);
        self.length += taken;
        if taken == 0 { Err(io::ErrorKind::WriteZero.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const fn place(event: &Event) -> (Option<crate::ident::RunId>, Option<&crate::ident::StepId>) {
    match event {
        Event::StepIntended { resolved, .. } => (Some(resolved.run), Some(&resolved.step)),
        Event::StepFinished { run, step, .. }
        | Event::StepVerified { run, step, .. }
        | Event::SubstepTicked { run, step, .. }
        | Event::StepDoneByHand { run, step, .. }
        | Event::StepSkipped { run, step, .. }
        | Event::StepSettled { run, step, .. }
        | Event::HoldEnded { run, step, .. }
        | Event::ApprovalRequested { run, step, .. }
        | Event::ApprovalGiven { run, step, .. }
        | Event::ApprovalDeclined { run, step, .. }
        | Event::GuardOverridden { run, step, .. }
        | Event::LossAccepted { run, step, .. } => (Some(*run), Some(step)),
        Event::ModeChanged { run, step, .. } => (Some(*run), step.as_ref()),
        Event::RunStarted { run, .. }
        | Event::RunPaused { run, .. }
        | Event::RunResumed { run }
        | Event::RunAborted { run, .. }
        | Event::RunFinished { run, .. }
        | Event::ValueSet { run, .. } => (Some(*run), None),
        Event::NoteAdded { run, step, .. } => (*run, step.as_ref()),
        _ => (None, None),
    }
}
