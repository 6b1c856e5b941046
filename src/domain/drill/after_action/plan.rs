//! What is taken from it: strengths, improvements, and what is to be done by whom until when.

use crate::drill::score::Score;
use crate::engine::Exercise;
use crate::log::{Lesson, LessonKind};
use crate::report::{Block, Cell, Item, Section, Source, Table};

pub(super) fn strengths(source: &Source<'_>, score: &Score) -> Section {
    list(source, "Strengths", &score.strengths, lessons(score, LessonKind::Strength))
}

pub(super) fn improvements(source: &Source<'_>, score: &Score) -> Section {
    list(source, "Areas for improvement", &score.improvements, lessons(score, LessonKind::Improvement))
}

fn lessons(score: &Score, kind: LessonKind) -> impl Iterator<Item = &Lesson> {
    score.lessons.iter().filter(move |lesson| lesson.kind == kind)
}

/// What people said comes before what the log shows by itself.
fn list<'a>(
    source: &Source<'_>,
    title: &'static str,
    found: &[String],
    said: impl Iterator<Item = &'a Lesson>,
) -> Section {
    let mut section = Section::new(title);
    let said = said.map(|lesson| Item::new("In the hotwash:", source.clean(&lesson.text)));
    let found = found.iter().map(|text| Item::new("", source.clean(text)));
    let items: Vec<Item> = said.chain(found).collect();
    if items.is_empty() {
        section.say("None was found or named.");
    } else {
        section.blocks.push(Block::List(items));
    }
    section
}

/// With room to fill in what the hotwash left open.
pub(super) fn improvement_plan(source: &Source<'_>, score: &Score) -> Section {
    let mut section = Section::new("Improvement plan");
    let mut table = Table::new("Improvement plan", &["What", "Owner", "Due"]);
    for action in lessons(score, LessonKind::Action) {
        let due = action.due.map(|due| due.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        let owner = action.owner.as_ref().map_or(Cell::EMPTY, |owner| source.person(owner));
        table.row([source.said(&action.text), owner, Cell::Text(due)]);
    }
    if table.rows.is_empty() {
        section.say("No action was agreed on yet. What was found, to be given an owner and a day:");
        for found in &score.improvements {
            table.row([source.said(found), Cell::EMPTY, Cell::EMPTY]);
        }
    }
    if table.rows.is_empty() {
        section.blocks.clear();
        section.say("No action was agreed on, and nothing was found that needs one.");
    } else {
        section.blocks.push(Block::Table(table));
    }
    section
}

pub(super) fn notes(source: &Source<'_>, exercise: &Exercise) -> Section {
    let mut section = Section::new("Evaluators' notes");
    let mut table = Table::new("Evaluators' notes", &[]);
    table.columns.extend(source.time_columns());
    table.columns.extend(["Who", "Inject", "Note"]);
    for note in &exercise.notes {
        let mut cells = source.times(Some(note.at));
        let inject = note.inject.as_ref().map_or(Cell::EMPTY, |inject| source.said(inject.as_str()));
        cells.extend([source.person(&note.by), inject, source.said(&note.text)]);
        table.row(cells);
    }
    if !table.rows.is_empty() {
        section.blocks.push(Block::Table(table));
    }
    section
}
