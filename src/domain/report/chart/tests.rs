//! The chart of a failover, and of what is drawn with difficulty.

use super::{Chart, Outcome};
use crate::execution::End;
use crate::log::{Event, Kind};
use crate::report::metrics;
use crate::report::tests::story::{RUN, RUNBOOK, Story};

fn chart(story: &Story) -> Option<Chart> {
    Chart::of(&story.state, &metrics(&story.state)?, str::to_owned)
}

#[test]
fn a_failover_in_characters() {
    insta::assert_snapshot!(chart(&Story::failover(Kind::Live)).unwrap().lines(60).join("\n"));
}

#[test]
fn each_attempt_is_a_stretch_with_its_own_end() {
    let chart = chart(&Story::failover(Kind::Live)).unwrap();
    let ends: Vec<Vec<Outcome>> =
        chart.bars().map(|bar| bar.stretches.iter().map(|stretch| stretch.outcome).collect()).collect();
    assert_eq!(
        ends,
        [
            vec![Outcome::ByHand],
            vec![Outcome::ByHand],
            vec![Outcome::Unknown, Outcome::ByHand],
            vec![Outcome::Succeeded],
            vec![Outcome::Failed, Outcome::Succeeded],
            vec![Outcome::Skipped],
        ]
    );
    assert!(
        chart
            .bars()
            .all(|bar| bar.stretches.iter().all(|stretch| stretch.from <= stretch.to && stretch.to <= chart.to))
    );
    let lines: Vec<_> = chart.bars().filter(|bar| bar.line).map(|bar| bar.number).collect();
    assert_eq!(lines, [5]);
}

#[test]
fn a_step_that_runs_reaches_to_what_is_known_and_a_way_back_days_later_presses_nothing_together() {
    let mut story = Story::failover(Kind::Live);
    story.by_hand(400_000, "rebuild", "days later");
    let late = chart(&story);
    assert!(late.is_some_and(|chart| chart.to == self::chart(&Story::failover(Kind::Live)).unwrap().to));
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    story.start(64, RUNBOOK);
    story.intend(70, "stop");
    story.note(100, "still nothing");
    let chart = chart(&story).unwrap();
    let stretch = chart.bars().next().unwrap().stretches[0];
    assert_eq!((stretch.outcome, stretch.to), (Outcome::Open, story.at(100)));
}

#[test]
fn an_incident_that_is_over_in_no_time_has_a_width_too() {
    let mut story = Story::new(Kind::Live);
    story.open("us-east-1 is down");
    story.start(62, RUNBOOK);
    story.tell(0, "mara", Event::ImpactCorrected { impact_at: story.at(62), reason: "a clock was wrong".to_owned() });
    story.intend(62, "stop");
    story.finish(62, "stop", 1, End::Succeeded { exit: None });
    story.tell(62, "mara", Event::StepSkipped { run: RUN, step: "scale".into(), reason: String::new() });
    let chart = chart(&story).unwrap();
    assert!(chart.from < chart.to);
    assert!((0.0..=1.0).contains(&chart.share(story.at(0))) && (0.0..=1.0).contains(&chart.share(story.at(1_000_000))));
    assert!(chart.svg(1).starts_with("<svg") && !chart.svg(1).contains("NaN") && !chart.svg(1).contains("inf"));
}

#[test]
fn a_log_without_an_incident_or_an_objective_has_no_chart() {
    let mut story = Story::new(Kind::Live);
    assert_eq!(chart(&story), None);
    story.note(10, "nothing yet");
    assert_eq!(chart(&story), None);
}
