//! Verifying says whether a log, and the outputs it names, are as they were recorded.

use std::fs;
use std::time::Duration;

use domain::execution::{AttemptOutcome, End, OutputRef};
use domain::ident::{CaptureId, Hash};
use domain::log::{Draft, Event};
use domain::time::Timestamp;
use switchback::runtime::journal::{Journal, OutputVerdict, verify};

use crate::support::log::{header, note, paths};

fn captured(path: &str, output: &[u8]) -> Draft {
    let outcome = AttemptOutcome {
        end: End::Succeeded { exit: Some(0) },
        started_at: Timestamp::UNIX_EPOCH,
        ended_at: Timestamp::UNIX_EPOCH,
        duration: Duration::ZERO,
        values: Default::default(),
        output: Some(OutputRef {
            path: path.to_owned(),
            bytes: output.len() as u64,
            sha256: Hash::of(output),
            cut: false,
        }),
        summary: String::new(),
        undo: None,
    };
    Draft { event: Event::CaptureFinished { capture: CaptureId(ulid::Ulid::generate()), outcome }, ..note("") }
}

#[test]
fn an_output_that_was_altered_is_seen_and_one_outside_the_folder_is_not_read() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let dir = journal.place().dir();
    let outputs = [("attempts/whole", b"one"), ("attempts/altered", b"two"), ("attempts/gone", b"thr")];
    let mut drafts: Vec<_> = outputs.iter().map(|(path, output)| captured(path, *output)).collect();
    drafts.push(captured("../outside", b"out"));
    journal.append_blocking(None, drafts).unwrap();
    fs::write(dir.join("attempts/whole"), "one").unwrap();
    fs::write(dir.join("attempts/altered"), "TWO").unwrap();
    fs::write(dir.join("../outside"), "out").unwrap();
    let report = verify(dir).unwrap();
    let verdicts: Vec<_> = report.outputs.iter().map(|output| output.verdict).collect();
    assert_eq!(
        verdicts,
        [OutputVerdict::Whole, OutputVerdict::Altered, OutputVerdict::Missing, OutputVerdict::Altered]
    );
    assert_eq!((report.entries, report.problem.is_none(), report.whole()), (4, true, false));
}

#[test]
fn no_byte_of_a_log_can_be_altered_unseen() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    journal.append_blocking(None, vec![note("a"), note("b")]).unwrap();
    let bytes = fs::read(journal.place().log()).unwrap();
    let copy = home.path().join("copy.jsonl");
    fs::write(&copy, &bytes).unwrap();
    let report = verify(&copy).unwrap();
    assert_eq!((report.entries, report.whole()), (2, true));
    let mut altered = bytes.clone();
    for at in 0..bytes.len() {
        altered[at] ^= 0x10;
        fs::write(&copy, &altered).unwrap();
        let report = verify(&copy).unwrap();
        let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64;
        assert_eq!(report.problem.map(|problem| problem.line), Some(line), "byte {at}");
        altered[at] = bytes[at];
    }
}

#[test]
fn every_flipped_bit_of_an_output_is_found() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::create(&paths(&home), header("INC-2026-0001")).unwrap();
    let dir = journal.place().dir();
    let outputs: Vec<(String, Vec<u8>)> =
        (1..=3).map(|number| (format!("attempts/{number}"), format!("promoted {number}").into_bytes())).collect();
    let mut drafts: Vec<_> = outputs.iter().map(|(path, output)| captured(path, output)).collect();
    drafts.extend((4..=20).map(|number| note(&format!("entry {number}"))));
    journal.append_blocking(None, drafts).unwrap();
    for (path, output) in &outputs {
        fs::write(dir.join(path), output).unwrap();
    }
    let report = verify(dir).unwrap();
    assert_eq!((report.entries, report.whole()), (20, true));
    for (place, (path, output)) in outputs.iter().enumerate() {
        let mut altered = output.clone();
        for bit in 0..output.len() * 8 {
            altered[bit / 8] ^= 1 << (bit % 8);
            fs::write(dir.join(path), &altered).unwrap();
            let report = verify(dir).unwrap();
            assert!(!report.whole(), "bit {bit} of {path}");
            let verdicts: Vec<_> = report.outputs.iter().map(|output| output.verdict).collect();
            let expected = (0..3).map(|at| if at == place { OutputVerdict::Altered } else { OutputVerdict::Whole });
            assert_eq!(verdicts, expected.collect::<Vec<_>>());
            altered[bit / 8] ^= 1 << (bit % 8);
        }
        fs::write(dir.join(path), output).unwrap();
    }
}
