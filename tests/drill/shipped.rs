//! Every scenario that ships, on two estates: passed by who does what is expected, failed by who does nothing, and wrong
//! where the wrong thing is done.

use std::path::Path;
use std::sync::Arc;

use domain::drill::rehearsal::{Commander, Ink, Kit, Manner, Played, Rehearsal, Until};
use domain::drill::score::{Outcome, Score, score};
use domain::drill::{demo_estate, start_ex};
use domain::estate::{self, Estate};
use domain::log::StartEx;
use domain::report::entry_sentence;
use domain::scenario::names;

/// Two regions, nobody named, and nothing but what has to be said.
const PLAIN: &str = include_str!("plain.toml");

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<(String, String)> = paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// `None` where the estate lacks what the scenario is about.
fn kit_of(estate: &Arc<Estate>, name: &str, text: &str) -> Option<Kit> {
    let bound = names(estate, None, None);
    if !bound.lacking(text).is_empty() {
        return None;
    }
    let start = StartEx { label: "EX-1970-0001".to_owned(), automatic: true, ..start_ex(name, text, bound, estate) };
    let mut kit = Kit::new(Arc::clone(estate), start, "switchback 0.1.0");
    let runbooks = files("runbooks", "md").into_iter();
    kit.runbooks = runbooks.map(|(name, text)| (name, Arc::from(text))).collect();
    Some(kit)
}

fn estates() -> Vec<(&'static str, Arc<Estate>)> {
    let plain = estate::parse(PLAIN);
    assert_eq!(plain.diagnostics, vec![]);
    vec![("demonstration", demo_estate()), ("plain", Arc::new(plain.estate))]
}

fn scored(kit: &Kit, seed: u64, manner: Manner) -> (Played, Score) {
    let played = Rehearsal::new(kit, seed, Ink::Log).play(Commander::new(manner), Until::EndEx);
    let score = score(&played.state).unwrap();
    (played, score)
}

fn told(score: &Score, played: &Played) -> String {
    let actions = score.actions.iter().map(|action| format!("{:?} {}", action.observed, action.text));
    let mut lines = vec![score.headline()];
    lines.extend(score.lines());
    lines.extend(actions);
    lines.extend(score.exceptions.clone());
    let said = |entry: &Arc<domain::log::Entry>| {
        format!("{} {}", domain::time::clock(entry.occurred_at), entry_sentence(&played.state, entry))
    };
    lines.extend(played.state.entries.iter().map(said));
    lines.join("\n")
}

/// Every scenario on every estate that has what it is about, and its score, played this way; the estates side by side.
fn all(manner: Manner, seeds: &[u64], check: impl Fn(&Score) -> Result<(), String> + Sync) {
    let on = |(place, estate): &(&str, Arc<Estate>)| {
        let (mut wrong, mut played_on) = (Vec::new(), 0);
        for (name, text) in files("scenarios", "toml") {
            let Some(kit) = kit_of(estate, &name, &text) else { continue };
            played_on += 1;
            for seed in seeds {
                let (played, score) = scored(&kit, *seed, manner);
                if let Err(why) = check(&score) {
                    wrong.push(format!("== {name} on {place}, seed {seed}: {why}\n{}", told(&score, &played)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        assert!(played_on >= 3, "{place}: {played_on}");
    };
    let estates = estates();
    std::thread::scope(|scope| {
        for estate in &estates {
            scope.spawn(|| on(estate));
        }
    });
}

#[test]
fn what_is_expected_passes() {
    all(Manner::Expected, &[1, 2, 3], |score| match score.outcome {
        Outcome::Passed => Ok(()),
        other => Err(format!("{other:?}")),
    });
}

#[test]
fn doing_nothing_fails() {
    all(Manner::Nothing, &[1], |score| match score.outcome {
        Outcome::Failed => Ok(()),
        other => Err(format!("{other:?}")),
    });
}

#[test]
fn the_wrong_thing_is_scored_as_wrong() {
    all(Manner::Wrong, &[1], |score| match (score.outcome, score.wrong.is_empty()) {
        (Outcome::Failed, false) => Ok(()),
        (other, _) => Err(format!("{other:?}, wrong: {:?}", score.wrong)),
    });
}
