//! The panel of backups, zoomed: everything that is known of each set, and what is not.

use domain::backup::Checksum;
use domain::reading::{BackupStatus, DestinationStatus, Proof, RetentionKept};
use domain::report::size;
use domain::time::Timestamp;
use ratatui::style::Style;
use ratatui::text::Line;

use super::super::context::{View, short};
use super::super::look;
use crate::theme::Role;
use crate::widget::Row;

/// Where the words begin.
const INDENT: usize = 4;
const LABEL: usize = 10;

/// The lines below the row of a set.
pub(super) fn lines(view: &View<'_>, backup: &BackupStatus, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![proof(view, backup).fit(width)];
    lines.push(restore(view, backup).fit(width));
    lines.extend(backup.facts.destinations.iter().map(|place| destination(view, place).fit(width)));
    lines.push(kept(view, backup).fit(width));
    lines.push(stored(view, backup).fit(width));
    let failure = backup.error.as_ref().map(|error| ("failure", Role::Down, error));
    let concerns = backup.facts.concerns.iter().map(|concern| ("concern", Role::Warning, concern));
    lines.extend(failure.into_iter().chain(concerns).map(|(label, role, words)| {
        let sign = if role == Role::Down { view.symbols().down } else { view.symbols().warning };
        labelled(view, label).put(sign, view.style(role)).gap(1).put(words.clone(), view.style(Role::Text)).fit(width)
    }));
    lines.push(Line::default());
    lines
}

fn labelled(view: &View<'_>, label: &str) -> Row {
    Row::new().gap(INDENT).cell(LABEL, label, view.style(Role::Muted))
}

fn ago(view: &View<'_>, at: Timestamp) -> String {
    format!("{} ago", super::rough(view.since(at)))
}

fn proof(view: &View<'_>, backup: &BackupStatus) -> Row {
    let (words, role) = match backup.facts.proof {
        Proof::Unknown => ("unknown: no usable backup is known", Role::Unknown),
        Proof::Exists => ("exists; nothing says that it can be restored", Role::Warning),
        Proof::Restorable => ("restorable: its tool says that it is whole", Role::Text),
        Proof::Tested => ("restore tested", Role::Ok),
    };
    labelled(view, "proof").put(words, view.style(role))
}

/// The last restore test, and how often one is wanted.
fn restore(view: &View<'_>, backup: &BackupStatus) -> Row {
    let facts = &backup.facts;
    let row = labelled(view, "restore");
    let row = match (&facts.restore_test, backup.restore_tested) {
        (Some(test), _) => {
            let (word, style) = match test.passed {
                true => ("passed", view.style(Role::Ok)),
                false => ("FAILED", view.bold(Role::Down)),
            };
            let by = test.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            let detail = test.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
            row.put(word, style).put(format!(" {}{by}{detail}", ago(view, test.at)), view.style(Role::Text))
        }
        (None, Some(at)) => row.put(format!("passed {}", ago(view, at)), view.style(Role::Text)),
        (None, None) => row.put("never tested, as far as is known", view.style(Role::Warning)),
    };
    let every = facts.restore_test_every.map(|every| format!("  every {}", short(every)));
    let row = row.put(every.unwrap_or_default(), view.style(Role::Muted));
    let overdue = if facts.restore_test_overdue { "  OVERDUE" } else { "" };
    row.put(overdue, view.bold(Role::Warning))
}

fn destination(view: &View<'_>, place: &DestinationStatus) -> Row {
    let sign = look::backup(view.symbols(), place.status);
    let age = place.age.map(|age| super::rough(view.age_now(age)));
    let row = labelled(view, &place.role)
        .put(sign.sign, view.style(sign.role))
        .gap(1)
        .cell(28, &place.name, view.style(Role::Text))
        .cell(
            8,
            age.as_deref().unwrap_or("unknown"),
            view.style(if age.is_some() { Role::Strong } else { Role::Unknown }),
        )
        .cell(8, &format!("of {}", short(place.every)), view.style(Role::Muted))
        .cell(8, super::word(place.status), view.bold(sign.role));
    let row = row.cell(13, encryption(place.encrypted), view.style(Role::Muted));
    row.put(place.error.clone().unwrap_or_default(), view.style(Role::Muted))
}

const fn encryption(encrypted: Option<bool>) -> &'static str {
    match encrypted {
        Some(true) => "encrypted",
        Some(false) => "not encrypted",
        None => "",
    }
}

fn kept(view: &View<'_>, backup: &BackupStatus) -> Row {
    let facts = &backup.facts;
    let row = labelled(view, "keeps");
    let count = facts.kept.map_or_else(|| "how many is unknown".to_owned(), |kept| kept.to_string());
    let back = facts.oldest_kept.map(|oldest| format!(", back to {}", ago(view, oldest)));
    let row = row.put(count, known(view, facts.kept.is_some())).put(back.unwrap_or_default(), view.style(Role::Text));
    let Some(retention) = facts.retention else { return row };
    let style = match facts.retention_kept {
        RetentionKept::Kept => view.style(Role::Ok),
        RetentionKept::Short | RetentionKept::Long => view.bold(Role::Warning),
        RetentionKept::Unknown => view.style(Role::Unknown),
    };
    row.put(format!("  of {}: ", short(retention)), view.style(Role::Muted)).put(facts.retention_kept.word(), style)
}

fn stored(view: &View<'_>, backup: &BackupStatus) -> Row {
    let facts = &backup.facts;
    let wrong = facts.encryption_expected && facts.encrypted != Some(true);
    let (encrypted, style) = match facts.encrypted {
        Some(true) => ("encrypted", view.style(Role::Ok)),
        Some(false) if wrong => ("NOT ENCRYPTED", view.bold(Role::Warning)),
        Some(false) => ("not encrypted", view.style(Role::Text)),
        None => ("encryption unknown", view.style(Role::Unknown)),
    };
    let when = facts.checksum_at.map_or_else(String::new, |at| format!(" {}", ago(view, at)));
    let (checksum, checked) = match facts.checksum {
        Checksum::Verified => (format!("checksums verified{when}"), view.style(Role::Ok)),
        Checksum::Failed => (format!("CHECKSUMS FAILED{when}"), view.bold(Role::Down)),
        Checksum::Unknown => ("checksums unknown".to_owned(), view.style(Role::Unknown)),
    };
    let bytes = facts.bytes.map_or_else(String::new, |bytes| format!("  {}", size(bytes)));
    let running = if facts.running == Some(true) { "  one is being made" } else { "" };
    labelled(view, "stored")
        .put(encrypted, style)
        .put("  ", Style::new())
        .put(checksum, checked)
        .put(bytes, view.style(Role::Text))
        .put(running, view.style(Role::Accent))
}

fn known(view: &View<'_>, known: bool) -> Style {
    view.style(if known { Role::Text } else { Role::Unknown })
}
