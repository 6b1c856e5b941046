use std::collections::BTreeMap;
use std::time::Duration;

use domain::drill::{World, demo_estate};
use domain::runbook::world_lines;
use domain::scenario::{Milestone, Scenario, names, parse};
use domain::time::{Now, Timestamp};

use super::*;
use crate::runtime::lab::example_estate;
use crate::runtime::library::Library;

/// Another shape: several databases and backups, tiers with names, a preferred region without the important database.
const BANK: &str = include_str!("bank.toml");

fn estates() -> Vec<Arc<Estate>> {
    let written = |text: &str| {
        let parsed = domain::estate::parse(text);
        assert_eq!(parsed.diagnostics, vec![]);
        Arc::new(parsed.estate)
    };
    vec![demo_estate(), written(domain::estate::DEFAULT), written(BANK), Arc::new(example_estate())]
}

/// Each shipped scenario in each estate that has what it needs.
fn bound() -> Vec<(&'static str, Arc<Estate>, Scenario)> {
    let mut all = Vec::new();
    for estate in estates() {
        let names = names(&estate, None, None);
        for (name, text) in SHIPPED.iter().filter(|(_, text)| names.lacking(text).is_empty()) {
            let parsed = parse(text, &names.values);
            assert_eq!(parsed.diagnostics, vec![], "{name} in {}", estate.name);
            all.push((*name, Arc::clone(&estate), parsed.scenario));
        }
    }
    all
}

#[test]
fn every_shipped_scenario_is_right_and_is_for_every_estate_that_has_what_it_needs() {
    let bound = bound();
    for (name, _) in SHIPPED {
        let places: Vec<&str> =
            bound.iter().filter(|(known, ..)| known == name).map(|(_, estate, _)| estate.name.as_str()).collect();
        // The commented example watches a cache in one region alone.
        let expected = if *name == "cache-failure" { 2 } else { 3 };
        assert!(places.contains(&"demo-shop") && places.contains(&"bank"), "{name}: {places:?}");
        assert!(places.len() >= expected, "{name}: {places:?}");
    }
}

#[test]
fn every_runbook_and_step_that_is_named_is_there() {
    let library = Library::default();
    for (name, estate, scenario) in bound() {
        let walked: Vec<_> = scenario
            .play
            .runbooks
            .iter()
            .map(|walked| domain::runbook::parse(library.read(&walked.runbook).unwrap(), Some(&estate)))
            .collect();
        let steps: Vec<&str> =
            walked.iter().flat_map(domain::runbook::Runbook::steps).map(|step| step.id.as_str()).collect();
        for milestone in scenario.milestones() {
            match milestone {
                Milestone::Started(runbook) | Milestone::Completed(runbook) => {
                    assert!(library.has(runbook), "{name}: {runbook}");
                }
                Milestone::StepDone(step) | Milestone::StepFailed(step) | Milestone::StepSkipped(step) => {
                    assert!(steps.contains(&step.as_str()), "{name}: {step}");
                }
                _ => {}
            }
        }
        for walked in &scenario.play.runbooks {
            let text = library.read(&walked.runbook).unwrap();
            let runbook = domain::runbook::parse(text, Some(&estate));
            for value in walked.values.keys() {
                assert!(runbook.vars.iter().any(|known| known.name == *value), "{name}: {value}");
            }
        }
    }
}

#[test]
fn every_effect_changes_the_simulated_world() {
    let now = Now { wall: Timestamp::from_second(1_795_000_000).unwrap(), boot: Duration::from_secs(86_400) };
    for (name, estate, scenario) in bound() {
        let mut world = World::new(&estate, 7);
        world.advance(now);
        let mut before = BTreeMap::new();
        for inject in &scenario.injects {
            // One that comes in the place of another finds what that other one would have found.
            if let Some(Milestone::Fired(other)) = inject.when.as_ref().and_then(|when| when.unless.as_ref()) {
                world = before.get(other).cloned().unwrap_or(world);
            }
            before.insert(inject.id.clone(), world.clone());
            for line in inject.effect.iter().flat_map(|text| world_lines(text, &BTreeMap::new())) {
                let (line, was) = (line.unwrap(), world.clone());
                world.apply(&line).unwrap_or_else(|why| panic!("{name} in {}: {line}: {why}", estate.name));
                assert!(world != was, "{name} in {}: {line} changes nothing", estate.name);
            }
        }
    }
}

#[test]
fn the_estates_own_scenarios_come_first_and_hide_shipped_ones_of_their_name() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["zone-down.toml", "regional-outage.toml", "notes.md"] {
        std::fs::write(dir.path().join(name), "title = \"Ours\"\n").unwrap();
    }
    let estate = Estate { scenarios: vec![dir.path().display().to_string()], ..Estate::default() };
    let scenarios = Scenarios::new(&estate, None);
    let names = scenarios.names();
    assert_eq!(names[..2], ["regional-outage", "zone-down"]);
    assert_eq!(names.len(), SHIPPED.len() + 1);
    assert_eq!(&*scenarios.read("regional-outage").unwrap(), "title = \"Ours\"\n");
    let path = dir.path().join("zone-down.toml").display().to_string();
    assert_eq!(&*scenarios.read(&path).unwrap(), "title = \"Ours\"\n");
    assert_eq!((name_of(&path), name_of("zone-down")), ("zone-down".to_owned(), "zone-down".to_owned()));
    let unknown = scenarios.read("false-alram").unwrap_err().to_string();
    assert_eq!(unknown, "there is no scenario `false-alram`: did you mean `false-alarm`?");
    assert!(scenarios.read("doom").unwrap_err().to_string().contains("drill --list"));
}
