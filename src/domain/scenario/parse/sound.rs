//! Whether a scenario agrees with itself: injects that are referred to, can fire and do something, actions that can be
//! taken, a right answer that is what is expected.

use std::collections::BTreeSet;
use std::ops::Range;

use super::reader::Reader;
use crate::diagnostic::did_you_mean;
use crate::ident::InjectId;
use crate::scenario::{Choice, Inject, InjectKind, Mentioned, Milestone, Play, Scenario};

pub(super) fn check(scenario: &Scenario, reader: &mut Reader<'_>) {
    references(scenario, reader);
    injects(scenario, reader);
    right_answer(scenario, reader);
    if scenario.expected.is_empty() && scenario.wrong.is_empty() {
        let message = "nothing is expected and nothing is wrong: whoever plays it passes".to_owned();
        reader.warning("scenario::unscored", 0..0, message, "say what is expected: [[inject.expect]], [[wrong]]");
    }
}

/// Where each milestone stands.
fn milestones(reader: &Reader<'_>) -> Vec<(Range<usize>, Milestone)> {
    let found = reader.mentions.iter().filter_map(|mention| match &mention.what {
        Mentioned::Milestone(milestone) => Some((mention.span.clone(), milestone.clone())),
        _ => None,
    });
    found.collect()
}

fn place(reader: &Reader<'_>, wanted: &Milestone) -> Range<usize> {
    let found = milestones(reader).into_iter().find(|(_, milestone)| milestone == wanted);
    found.map_or(0..0, |(span, _)| span)
}

fn references(scenario: &Scenario, reader: &mut Reader<'_>) {
    for (span, milestone) in milestones(reader) {
        let (Milestone::Fired(id) | Milestone::Acknowledged(id)) = &milestone else { continue };
        let Some(inject) = scenario.inject(id) else {
            let known = scenario.injects.iter().map(|inject| inject.id.as_str());
            let help = did_you_mean(id.as_str(), known.clone())
                .unwrap_or_else(|| format!("injects are {}", known.collect::<Vec<_>>().join(", ")));
            reader.error("scenario::unknown-inject", span, format!("there is no inject `{id}`"), help);
            continue;
        };
        if matches!(milestone, Milestone::Acknowledged(_)) && !inject.is_delivered() {
            let message = format!("`{id}` has no text: nobody gets it, and nobody can acknowledge it");
            reader.error("scenario::undelivered", span, message, "give it a `text`, or wait for `fired`");
        }
    }
}

fn injects(scenario: &Scenario, reader: &mut Reader<'_>) {
    let places: Vec<(InjectId, Range<usize>)> = reader
        .mentions
        .iter()
        .filter_map(|mention| match &mention.what {
            Mentioned::Inject(id) => Some((id.clone(), mention.span.clone())),
            _ => None,
        })
        .collect();
    let fires = firing(scenario);
    for (id, span) in places {
        let Some(inject) = scenario.inject(&id) else { continue };
        if inject.text.is_empty() && inject.effect.is_empty() {
            let help = "give it a `text` to deliver, or an `effect` on the world";
            reader.warning("scenario::idle", span.clone(), format!("`{id}` says nothing and does nothing"), help);
        }
        match &inject.when {
            None if inject.kind == InjectKind::Standard => {
                let message = format!("`{id}` fires by hand only: it never does where the exercise plays itself");
                let help = "add `at` or `after`; or `type = \"contingency\"`, which is held back";
                reader.warning("scenario::by-hand", span, message, help);
            }
            Some(_) if !fires.contains(&id) => {
                let message = format!("`{id}` waits for what never happens");
                let help = "the injects it waits for wait for it, or cannot fire themselves";
                reader.error("scenario::never", span, message, help);
            }
            Some(when) if when.unless.as_ref() == Some(&when.after) || when.unless == Some(Milestone::StartEx) => {
                let message = format!("`{id}` never fires: what it waits for is what holds it back");
                reader.error("scenario::never", span, message, "let `unless` name something else");
            }
            Some(when) if when.after == Milestone::StartEx && when.plus >= scenario.lasts => {
                let message = format!("`{id}` never fires: the exercise is over by then");
                reader.error("scenario::never", span, message, "let it `lasts` longer, or the inject come sooner");
            }
            _ => {}
        }
    }
}

/// Those that fire, or may be fired: what they wait for is no inject, or one that fires.
fn firing(scenario: &Scenario) -> BTreeSet<InjectId> {
    let mut fires = BTreeSet::new();
    let waits = |inject: &Inject, fires: &BTreeSet<InjectId>| match inject.when.as_ref().map(|when| &when.after) {
        Some(Milestone::Fired(id) | Milestone::Acknowledged(id)) => {
            !fires.contains(id) && scenario.inject(id).is_some()
        }
        _ => false,
    };
    loop {
        let more: Vec<InjectId> = scenario
            .injects
            .iter()
            .filter(|inject| !fires.contains(&inject.id) && !waits(inject, &fires))
            .map(|inject| inject.id.clone())
            .collect();
        if more.is_empty() {
            return fires;
        }
        fires.extend(more);
    }
}

/// What `--auto` plays has to reach what is expected, and nothing that is wrong.
fn right_answer(scenario: &Scenario, reader: &mut Reader<'_>) {
    let play = &scenario.play;
    if *play == Play::default() {
        return;
    }
    for expected in &scenario.expected {
        let (lacks, help) = match &expected.action {
            Milestone::Declared if play.declares.is_none() => ("declares nothing", "add `declares` to [play]"),
            Milestone::Decided(choice) if play.decides != Some(*choice) => (
                match play.decides {
                    Some(Choice::FailOver) => "decides to fail over",
                    Some(Choice::Stay) => "decides to stay",
                    None => "decides nothing",
                },
                "let `decides` of [play] be what is expected",
            ),
            Milestone::Fenced(..) if play.fence.is_empty() => ("fences nothing", "add `fence` to [play]"),
            Milestone::Started(name) | Milestone::Completed(name)
                if play.runbooks.iter().all(|walked| walked.runbook != *name) =>
            {
                ("does not walk it", "add a [[play.runbook]]")
            }
            _ => continue,
        };
        let message = format!("`{}` is expected, and the right answer {lacks}", expected.action);
        reader.warning("scenario::unreachable", place(reader, &expected.action), message, help);
    }
    for wrong in scenario.wrong.iter().filter(|wrong| wrong.unless_after.is_none()) {
        let played = match &wrong.action {
            Milestone::Declared => play.declares.is_some(),
            Milestone::Decided(choice) => play.decides == Some(*choice),
            Milestone::Started(name) => play.runbooks.iter().any(|walked| walked.runbook == *name),
            _ => false,
        };
        if played {
            let message = format!("`{}` is wrong, and the right answer does it", wrong.action);
            let help = "one of the two is not meant; `unless_after` says from when on it is right";
            reader.error("scenario::contradiction", place(reader, &wrong.action), message, help);
        }
    }
}
