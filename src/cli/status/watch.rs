//! A service that keeps readings for consoles opened later, and tells each change.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::alert::{Delivered, Delivery};
use domain::estate::Estate;
use domain::ident::RegionId;
use domain::log::Kind;
use domain::reading::{Advice, Board, EvaluatedRow, Sample, Source, Status};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::alerts::Watched;
use super::look::AGAIN;
use super::{Form, MetricsPage, StatusOptions, capability, json, text, with_history};
use crate::runtime::notify;
use crate::runtime::past::{self, PastReader};
use crate::runtime::paths::Paths;
use crate::runtime::probe::Scheduler;
use crate::runtime::readiness::{self, Evaluation};
use crate::runtime::readings::Recorder;

/// How often a watcher asks whether it may record, while another console does.
const TAKE_OVER: Duration = Duration::from_secs(30);
/// How often the page of metrics is replaced: collectors read it every 15 seconds at most.
const PAGE: Duration = Duration::from_secs(10);
/// Samples on their way from the probes.
const QUEUE: usize = 256;

/// Watches until it is told to end (`SIGINT`, `SIGTERM`): writes the status when it begins and each change after, keeps
/// samples and `live.json`, and replaces the page of metrics. Of several watchers and consoles one records; the others wait to take over.
///
/// # Errors
/// Output could not be written, or signals not be received.
pub async fn watch(
    estate: &Arc<Estate>,
    kind: Kind,
    paths: &Paths,
    options: &StatusOptions,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let folder = paths.estate(&estate.name);
    let mut recorder = record(&folder, options, notes)?;
    let mut board = with_history(estate, paths);
    let (sender, mut samples) = mpsc::channel(QUEUE);
    let scheduler = Scheduler::start(estate, &sender, capability(options));
    let mut tick = interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut take_over = Instant::now() + TAKE_OVER;
    let begun = Instant::now();
    let mut past = past::follow(PastReader::new(paths.clone(), &estate.name, kind));
    let mut looks = options.looker.clone().map(readiness::follow);
    let (mut evaluation, mut rated) = (Evaluation::default(), None);
    let mut page = Page::default();
    let mut advice = None;
    let (mut told, mut dirty) = (false, false);
    let (notices, mut deliveries, last_words) = match options.read_only {
        true => (None, None, None),
        false => {
            let notify::Line { notices, deliveries, last_words } = notify::start(estate, kind);
            (Some(notices), Some(deliveries), Some(last_words))
        }
    };
    let mut alerts = Watched::new(estate, kind, paths, notices);
    loop {
        tokio::select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            Some(sample) = samples.recv() => {
                let changes = board.observe(&sample);
                if let Some(recorder) = &recorder {
                    recorder.record(&sample);
                }
                hurry(&scheduler, &board, &sample);
                if told && !matches!(options.form, Form::Json) {
                    for change in changes {
                        writeln!(out, "{}", text::change(&change))?;
                    }
                    out.flush()?;
                }
                dirty = true;
            }
            Ok(()) = past.changed() => {
                if let Some(past) = past.borrow_and_update().clone() {
                    board.remember(Arc::clone(&past));
                    evaluation.walked(past);
                    dirty = true;
                }
            }
            looked = readiness::newer(&mut looks) => {
                evaluation.looked(looked);
                dirty = true;
            }
            Some(delivery) = next(&mut deliveries) => {
                board.told(&delivery);
                if let Delivered::Failed { why, remedy } = &delivery.outcome {
                    writeln!(notes, "Nobody is told through {}: {why}; {remedy}", delivery.channel)?;
                }
                alerts.record(delivery);
                dirty = true;
            }
            _ = tick.tick() => {
                if recorder.is_none() && !options.read_only && Instant::now() >= take_over {
                    recorder = Recorder::start(&folder).unwrap_or_else(|error| {
                        tracing::warn!("the readings cannot be kept yet: {error}");
                        None
                    });
                    take_over = Instant::now() + TAKE_OVER;
                }
                // Alerts ripen and silences end by themselves.
                dirty |= alerts.look_again();
                if !dirty {
                    continue;
                }
                dirty = false;
                let mut status = alerts.status(&board, recorder.as_ref());
                // What it says is told below, when it is something else than before.
                let _ = evaluation.evaluate(&status);
                status.evaluation = evaluation.summary();
                let status = Arc::new(status);
                if let Some(recorder) = &recorder {
                    recorder.publish(&status);
                }
                // The first picture waits until there is one; JSON follows every second.
                let due = begun.elapsed() >= AGAIN;
                match &options.form {
                    Form::Json => json(&status, out)?,
                    Form::Text | Form::Metrics(_) if due && !told => {
                        told = true;
                        write!(out, "{}", text::status(&status))?;
                    }
                    Form::Text | Form::Metrics(_) if told && advice.as_ref() != Some(&gist(&status)) => {
                        writeln!(out, "{}", text::advised(&status))?;
                    }
                    Form::Text | Form::Metrics(_) => {}
                }
                if told && !matches!(options.form, Form::Json) && rated != bad(&status) {
                    for line in text::rated(&status) {
                        writeln!(out, "{line}")?;
                    }
                    rated = bad(&status);
                }
                advice = Some(gist(&status));
                out.flush()?;
                if let (Form::Metrics(metrics), true) = (&options.form, due) {
                    page.renew(metrics, estate, &status, notes)?;
                }
            }
        }
    }
    drop(alerts);
    if let Some(last_words) = last_words {
        last_words.said().await;
    }
    Ok(())
}

/// What of the recommendation is worth a line when it changes.
fn gist(status: &Status) -> (Advice, Option<RegionId>, bool) {
    let advised = &status.recommendation;
    (advised.advice, advised.to.clone().filter(|_| advised.advice != Advice::None), advised.withheld.is_some())
}

/// What of the readiness is worth a line when it changes; `None` until it was evaluated.
fn bad(status: &Status) -> Option<Vec<EvaluatedRow>> {
    let rows = status.evaluation.as_ref()?.bad.iter();
    // A reason that tells an age is another one each time.
    Some(rows.map(|row| EvaluatedRow { because: None, ..row.clone() }).collect())
}

async fn next(deliveries: &mut Option<mpsc::Receiver<Delivery>>) -> Option<Delivery> {
    deliveries.as_mut()?.recv().await
}

/// When the page of metrics was last replaced, and why it could not be.
#[derive(Debug, Default)]
struct Page {
    renewed: Option<Instant>,
    trouble: Option<String>,
}

impl Page {
    /// A page that cannot be written does not end the watch; each trouble is told once.
    fn renew(
        &mut self,
        metrics: &MetricsPage,
        estate: &Estate,
        status: &Status,
        notes: &mut dyn Write,
    ) -> io::Result<()> {
        if self.renewed.is_some_and(|renewed| renewed.elapsed() < PAGE) {
            return Ok(());
        }
        self.renewed = Some(Instant::now());
        let trouble = metrics.write(estate, status, None, &mut io::sink()).err().map(|error| error.to_string());
        if trouble != self.trouble {
            writeln!(notes, "{}", trouble.as_deref().unwrap_or("The page of metrics is written again."))?;
        }
        self.trouble = trouble;
        Ok(())
    }
}

fn record(folder: &Path, options: &StatusOptions, notes: &mut dyn Write) -> io::Result<Option<Recorder>> {
    if options.read_only {
        return Ok(None);
    }
    let recorder = Recorder::start(folder)?;
    if recorder.is_none() {
        writeln!(notes, "Another console keeps the readings of this estate; this one takes over when it ends.")?;
    }
    Ok(recorder)
}

/// Looks sooner where the newest result contradicts the status.
fn hurry(scheduler: &Scheduler, board: &Board, sample: &Sample) {
    scheduler.hurry_network(board.doubts());
    if let Source::Check(id) = &sample.source
        && let Some(check) = board.estate().check(id)
    {
        let next = board.next_interval(id);
        scheduler.hurry(id, (next < check.interval).then_some(next));
    }
}
