//! `--auto --runs N`: how the recovery time is spread. Nothing of it is stored.

use std::io::{IsTerminal, Write, stderr};
use std::num::NonZero;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{ScopedJoinHandle, available_parallelism};
use std::time::{Duration, Instant};

use domain::drill::rehearsal::{Commander, Ink, Kit, Manner, Rehearsal, Sampled, Spread, Until};
use serde::Serialize;

use crate::cli::stdout::{print, print_json};
use crate::cli::{Exit, Failure};

/// What takes longer says how far it has come.
const LONG: Duration = Duration::from_secs(1);

#[derive(Serialize)]
struct Document<'a> {
    scenario: &'a str,
    title: &'a str,
    /// Of the first; each has the next.
    seed: u64,
    #[serde(flatten)]
    spread: &'a Spread,
}

/// # Errors
/// What the system said of standard output.
pub(super) fn run(kit: &Kit, many: u32, json: bool) -> Result<Exit, Failure> {
    let samples = play(kit, many);
    let spread = Spread::of(&samples);
    let (scenario, title) = (kit.start.scenario_name.as_str(), kit.scenario.title.as_str());
    if json {
        print_json(&Document { scenario, title, seed: kit.start.seed, spread: &spread })?;
    } else {
        print(|out| {
            writeln!(out, "EXERCISE {title} ({scenario}), {many} times from seed {}", kit.start.seed)?;
            for line in spread.lines() {
                writeln!(out, "{line}")?;
            }
            writeln!(out, "{}", spread.sentence())
        })?;
    }
    let always =
        spread.hit > 0 && spread.recovered == spread.hit && spread.targets.iter().all(|target| target.met == target.of);
    Ok(if always { Exit::Yes } else { Exit::No })
}

/// On every core, each exercise by its own seed: in what order they come to an end makes no difference.
fn play(kit: &Kit, many: u32) -> Vec<Sampled> {
    let (next, done) = (AtomicU32::new(0), AtomicU32::new(0));
    let workers = available_parallelism().map_or(1, NonZero::get);
    let one = |number: u32| {
        let seed = kit.start.seed.wrapping_add(u64::from(number));
        let rehearsal = Rehearsal::new(kit, seed, Ink::None);
        Sampled::of(&rehearsal.play(Commander::new(Manner::Expected), Until::Recovered))
    };
    let work = || {
        let mut samples = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= many {
                return samples;
            }
            samples.push((number, one(number)));
            done.fetch_add(1, Ordering::Relaxed);
        }
    };
    let mut samples: Vec<(u32, Sampled)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        watch(&done, many, || workers.iter().all(ScopedJoinHandle::is_finished));
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    samples.sort_by_key(|(number, _)| *number);
    samples.into_iter().map(|(_, sampled)| sampled).collect()
}

/// Says how far they have come, once that is worth saying.
fn watch(done: &AtomicU32, many: u32, over: impl Fn() -> bool) {
    let (began, mut told) = (Instant::now(), false);
    while !over() {
        std::thread::sleep(Duration::from_millis(20));
        if began.elapsed() < LONG || !stderr().is_terminal() {
            continue;
        }
        told = true;
        let _ = write!(stderr(), "\r{} of {many}", done.load(Ordering::Relaxed));
    }
    if told {
        let _ = writeln!(stderr(), "\r{many} of {many}");
    }
}
