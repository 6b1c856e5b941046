//! The record of an exercise: the after-action report of NIST SP 800-84, with the improvement plan of HSEEP, before the
//! record of what was done.

mod observed;
mod plan;
mod result;
mod scope;
#[cfg(test)]
mod tests;

use super::score::score;
use crate::report::{Block, Page, Section, Source, watermark};

/// The page of what was recorded; of an exercise, with its result first. What is written for readers outside holds no
/// score: it is made of what people said and did.
#[must_use]
pub fn record(source: &Source<'_>) -> Page {
    let mut page = Page::of(source);
    let state = source.state();
    let Some(exercise) = state.exercise.as_deref() else { return page };
    page.incident = Some(exercise.start.incident);
    page.watermark = watermark(exercise.kind());
    page.title = format!(
        "{}: {}, after-action report",
        source.clean(&exercise.start.label),
        source.clean(&exercise.scenario.title)
    );
    let Some(score) = score(state).filter(|_| !source.is_public()) else { return page };
    let mut of_incident = std::mem::take(&mut page.sections).into_iter();
    let first = of_incident.next().filter(|_| state.incident.is_some());
    let (chart, first) = first.map(split).unwrap_or_default();
    let mut result = result::section(source, exercise, &score);
    result.blocks.extend(chart);
    page.sections = vec![
        result,
        scope::section(source, exercise, &score),
        observed::measures(source, &score),
        observed::actions(source, &score),
        observed::injects(source, exercise, &score),
        plan::strengths(source, &score),
        plan::improvements(source, &score),
        plan::improvement_plan(source, &score),
        plan::notes(source, exercise),
    ];
    page.sections.retain(|section| !section.blocks.is_empty());
    page.sections.extend(first);
    page.sections.extend(of_incident);
    page
}

/// The chart goes onto page one; the rest follows as what the players declared.
fn split(first: Section) -> (Vec<Block>, Option<Section>) {
    let (chart, rest): (Vec<_>, Vec<_>) = first.blocks.into_iter().partition(|block| matches!(block, Block::Chart(_)));
    let mut section = Section::new("Incident as declared");
    section.say(
        "From here on the record is that of any incident: its impact is what the players declared, where the result above \
         counts from the impact as it was.",
    );
    section.blocks.extend(rest);
    (chart, Some(section))
}
