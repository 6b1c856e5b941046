//! What was measured against its targets, what was expected against what was observed, injects against their plan.

use crate::drill::score::{ActionResult, InjectResult, Observed, Score};
use crate::engine::{Exercise, InjectState};
use crate::log::Firing;
use crate::report::{Block, Cell, Mark, Section, Source, Table};
use crate::time::{human, since};

pub(super) fn measures(source: &Source<'_>, score: &Score) -> Section {
    let mut section = Section::new("Measures");
    let mut table = Table::new("Measures", &["Measure", "Measured", "Target", "Verdict", "From … to"]);
    for measure in &score.measures {
        let target = measure.target.map_or_else(|| "none".to_owned(), human);
        table.row([
            source.said(&measure.name),
            Cell::Text(measure.measured.clone().unwrap_or_else(|| "unknown".to_owned())),
            Cell::Text(target),
            Cell::verdict(measure.verdict),
            source.said(&measure.basis),
        ]);
    }
    if table.rows.is_empty() {
        section.say("The scenario has no targets, and nothing was measured.");
    } else {
        section.blocks.push(Block::Table(table));
    }
    section
}

pub(super) fn actions(source: &Source<'_>, score: &Score) -> Section {
    let mut section = Section::new("Expected and observed actions");
    let mut table = Table::new("Expected and observed actions", &["Expected", "Shown by", "Within", "After"]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Observed", "Rating", "Comment"]);
    for action in &score.actions {
        let mut cells = vec![
            source.said(&action.text),
            source.said(&action.action),
            Cell::Text(action.within.map_or_else(|| "EndEx".to_owned(), human)),
            Cell::Text(took(action)),
        ];
        cells.extend(source.times(action.observed_at));
        let rating = action.rating.map(|rating| format!("{}: {}", rating.letter(), rating.words()));
        cells.extend([
            Cell::Word(mark(action.observed), action.observed.words()),
            Cell::Text(rating.unwrap_or_default()),
            source.said(&action.comment),
        ]);
        table.row(cells);
    }
    if !table.rows.is_empty() {
        section.blocks.push(Block::Table(table));
    }
    if !score.wrong.is_empty() {
        let mut table = Table::new("Wrong actions that were taken", &[]);
        table.columns.extend(source.time_columns());
        table.columns.extend(["Wrong", "Shown by"]);
        for wrong in &score.wrong {
            let mut cells = source.times(Some(wrong.at));
            cells.extend([Cell::Said(Mark::Bad, source.clean(&wrong.text)), source.said(&wrong.action)]);
            table.row(cells);
        }
        section.blocks.push(Block::Heading(3, "Wrong actions".to_owned()));
        section.blocks.push(Block::Table(table));
    }
    section
}

fn took(action: &ActionResult) -> String {
    let took = action.from.zip(action.observed_at).map(|(from, at)| human(since(at, from)));
    took.unwrap_or_default()
}

const fn mark(observed: Observed) -> Mark {
    match observed {
        Observed::InTime => Mark::Good,
        Observed::Late => Mark::Warning,
        Observed::Missed => Mark::Bad,
        Observed::NotExpected => Mark::Plain,
        Observed::Open => Mark::Waiting,
    }
}

pub(super) fn injects(source: &Source<'_>, exercise: &Exercise, score: &Score) -> Section {
    let mut section = Section::new("Injects");
    let mut table = Table::new("Injects", &["Inject", "Type", "From, to, by", "What"]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Fired", "Acknowledged"]);
    for (result, inject) in score.injects.iter().zip(&exercise.scenario.injects) {
        let ways = [inject.from.as_str(), inject.to.name(), inject.channel.as_str()];
        let ways: Vec<&str> = ways.into_iter().filter(|way| !way.is_empty()).collect();
        let what = if inject.is_delivered() { inject.text.clone() } else { inject.effect.join("; ") };
        let mut cells = vec![
            source.said(inject.id.as_str()),
            Cell::text(inject.kind.word()),
            source.said(&ways.join(", ")),
            source.said(&what),
        ];
        cells.extend(source.times(result.fired_at));
        cells.extend([source.said(&fired(exercise, result)), Cell::Text(acknowledged(result, inject.is_delivered()))]);
        table.row(cells);
    }
    if !table.rows.is_empty() {
        section.blocks.push(Block::Table(table));
    }
    section
}

fn fired(exercise: &Exercise, inject: &InjectResult) -> String {
    let by = match exercise.injects.get(&inject.inject) {
        Some(InjectState::Fired { by: Firing::Facilitator, .. }) => ", by the facilitator",
        _ => "",
    };
    match (inject.fired_at, inject.planned_at, &inject.skipped) {
        (_, _, Some(reason)) => format!("skipped: {reason}"),
        (Some(at), Some(planned), _) if at > planned => format!("{} late{by}", human(since(at, planned))),
        (Some(at), Some(planned), _) if at < planned => format!("{} early{by}", human(since(planned, at))),
        (Some(_), Some(_), _) => format!("on time{by}"),
        (Some(_), None, _) => format!("fired{by}"),
        (None, ..) => "not fired".to_owned(),
    }
}

fn acknowledged(inject: &InjectResult, delivered: bool) -> String {
    match (inject.fired_at, inject.acknowledged_at) {
        (Some(fired), Some(at)) => format!("after {}", human(since(at, fired))),
        (Some(_), None) if delivered => "by nobody".to_owned(),
        _ => String::new(),
    }
}
