//! Page one: how it went, and what it was.

use crate::drill::score::{Measure, Outcome, Score};
use crate::engine::Exercise;
use crate::reading::Verdict;
use crate::report::{Block, Cell, Figure, Mark, Section, Source};
use crate::time::{human, rfc3339};

pub(super) fn section(source: &Source<'_>, exercise: &Exercise, score: &Score) -> Section {
    let mut section = Section::new("");
    section.say(format!("{}.", source.clean(&score.headline())));
    section.blocks.push(Block::Figures(figures(score)));
    section.blocks.push(Block::Facts(facts(source, exercise, score)));
    section
}

fn figures(score: &Score) -> Vec<Figure> {
    let verdict = match score.outcome {
        Outcome::Passed => Verdict::Ok,
        Outcome::Failed => Verdict::Missed,
        Outcome::Open => Verdict::Unknown,
    };
    let beside = format!("{} points, rated {}", score.points, score.rating.letter());
    let result = Figure { name: "Result", value: score.outcome.word().to_uppercase(), beside, verdict };
    let measured = |name: &'static str, measure: Option<&Measure>| {
        let measure = measure?;
        let beside =
            measure.target.map_or_else(|| "no target".to_owned(), |target| format!("target {}", human(target)));
        let value = measure.measured.clone().unwrap_or_else(|| "not reached".to_owned());
        Some(Figure { name, value, beside, verdict: measure.verdict })
    };
    let named = |name: &str| score.measures.iter().find(|measure| measure.name == name);
    let lost = score.measures.iter().find(|measure| measure.lost.is_some());
    let figures = [
        measured("Detection", named("Detection")),
        measured("Recovery time", named(Score::RTO)),
        measured("Data lost", lost),
    ];
    std::iter::once(result).chain(figures.into_iter().flatten()).collect()
}

fn facts(source: &Source<'_>, exercise: &Exercise, score: &Score) -> Vec<(&'static str, Cell)> {
    let start = &exercise.start;
    let region = |region: Option<&crate::ident::RegionId>| {
        region.map_or_else(|| "not given".to_owned(), |region| source.clean(region.as_str()))
    };
    let by = match (start.automatic, start.paper) {
        (true, _) => "itself: a scripted commander, and no people",
        (false, true) => "people, on paper: nothing was simulated or executed",
        (false, false) => "people, on a simulated copy of the estate",
    };
    let ended = match &exercise.ended {
        Some(ended) => {
            let text = if ended.text.is_empty() { String::new() } else { format!(": {}", source.clean(&ended.text)) };
            format!("{}, {}{text}", rfc3339(ended.at), ended.why.words())
        }
        None => "not ended".to_owned(),
    };
    vec![
        ("Exercise", source.said(&start.label)),
        ("Kind", Cell::Word(Mark::Plain, exercise.kind().word())),
        ("Estate", source.said(&exercise.estate.name)),
        ("Scenario", source.said(&start.scenario_name)),
        ("From ▸ to", Cell::Text(format!("{} ▸ {}", region(start.from.as_ref()), region(start.to.as_ref())))),
        ("Played by", Cell::text(by)),
        ("StartEx", Cell::Text(rfc3339(exercise.started_at))),
        ("EndEx", Cell::Text(ended)),
        ("Lasted", Cell::Text(score.ended_at.map_or_else(String::new, |at| human(exercise.elapsed(at))))),
        ("Seed", Cell::Number(start.seed)),
        ("Speed", Cell::Text(format!("up to {}×; times are those of the scenario", exercise.fastest))),
        ("Id", Cell::Id(start.incident)),
    ]
}
