//! Whether a scenario fits what is at hand: the estate it is played on, and the runbooks it walks.

use std::ops::Range;
use std::sync::Arc;

use super::{FaultOn, World};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::estate::Estate;
use crate::ident::{DatabaseId, RegionId, ServiceId, StepId};
use crate::runbook::{Runbook, WorldLine};
use crate::scenario::{Mentioned, Milestone, Parsed, Walked};

/// Runbooks, as far as somebody can read them.
pub trait Shelf {
    fn runbook(&self, name: &str) -> Option<Runbook>;
    fn names(&self) -> Vec<String>;
}

/// Runbooks, steps and variables that are not there; without an estate, nothing but those.
#[must_use]
pub fn fits(parsed: &Parsed, estate: Option<&Arc<Estate>>, shelf: &dyn Shelf) -> Vec<Diagnostic> {
    let walked = walked(&parsed.scenario.play.runbooks, shelf);
    let mut check = Check { shelf, walked, estate, found: Vec::new() };
    let mut before: Vec<WorldLine> = Vec::new();
    for mention in &parsed.mentions {
        let span = mention.span.clone();
        match &mention.what {
            Mentioned::Walked(name) => check.runbook(span, name),
            Mentioned::Value { runbook, name, value } => check.value(span, runbook, name, value),
            Mentioned::Milestone(milestone) => check.milestone(span, milestone),
            Mentioned::Fault(fault) => {
                if let FaultOn::Step(step) = FaultOn::read(&fault.on) {
                    check.step(span, &step);
                }
            }
            Mentioned::Effect(lines) => check.effect(&span, lines, &mut before),
            Mentioned::Test(test) => check.test(span, test.as_str()),
            Mentioned::Inject(_) => {}
        }
    }
    check.found
}

/// With those that their steps open.
fn walked(walked: &[Walked], shelf: &dyn Shelf) -> Vec<Runbook> {
    let mut names: Vec<String> = walked.iter().map(|walked| walked.runbook.clone()).collect();
    let mut at = 0;
    let mut runbooks = Vec::new();
    while let Some(name) = names.get(at).cloned() {
        if let Some(runbook) = shelf.runbook(&name) {
            let opened: Vec<String> = runbook.steps().filter_map(|step| step.child.clone()).collect();
            names.extend(opened.into_iter().filter(|child| !names.contains(child)).collect::<Vec<_>>());
            runbooks.push(runbook);
        }
        at += 1;
    }
    runbooks
}

struct Check<'c> {
    shelf: &'c dyn Shelf,
    walked: Vec<Runbook>,
    estate: Option<&'c Arc<Estate>>,
    found: Vec<Diagnostic>,
}

impl Check<'_> {
    fn error(&mut self, code: &'static str, span: Range<usize>, message: String, help: String) {
        self.found.push(Diagnostic::error(code, span, message).help(help));
    }

    fn runbook(&mut self, span: Range<usize>, name: &str) {
        let known = self.shelf.names();
        if !known.iter().any(|known| known == name) {
            let help = did_you_mean(name, known.iter().map(String::as_str))
                .unwrap_or_else(|| format!("put {name}.md into a folder of `runbooks`"));
            self.error("scenario::unknown-runbook", span, format!("there is no runbook `{name}`"), help);
        }
    }

    fn value(&mut self, span: Range<usize>, runbook: &str, name: &str, value: &str) {
        let Some(runbook) = self.shelf.runbook(runbook) else { return };
        let Some(variable) = runbook.vars.iter().find(|known| known.name == name) else {
            let known = runbook.vars.iter().map(|known| known.name.as_str());
            let help = did_you_mean(name, known.clone())
                .unwrap_or_else(|| format!("its variables are {}", known.collect::<Vec<_>>().join(", ")));
            self.error("scenario::unknown-variable", span, format!("the runbook has no variable `{name}`"), help);
            return;
        };
        if value.contains('$') {
            return;
        }
        if let Err(why) = variable.accept(value, self.estate.map(AsRef::as_ref)) {
            self.error("scenario::value", span, why, "the runbook says at its top what it takes".to_owned());
        }
    }

    fn milestone(&mut self, span: Range<usize>, milestone: &Milestone) {
        match milestone {
            Milestone::Started(name) | Milestone::Completed(name) => self.runbook(span, name),
            Milestone::StepDone(step) | Milestone::StepFailed(step) | Milestone::StepSkipped(step) => {
                self.step(span, step);
            }
            Milestone::Fenced(database, region) | Milestone::Promoted(Some((database, region))) => {
                self.server(span, database, region);
            }
            Milestone::Serving(name, region) => self.serving(span, name, region),
            Milestone::Recovered(Some(tier)) => {
                let Some(estate) = self.estate else { return };
                if estate.tiers.iter().all(|known| known.id != *tier) {
                    let known: Vec<&str> = estate.tiers.iter().map(|known| known.id.as_str()).collect();
                    let help = format!("its tiers are {}", known.join(", "));
                    self.error("scenario::unknown-name", span, format!("the estate has no tier `{tier}`"), help);
                }
            }
            _ => {}
        }
    }

    /// A step of what is walked; where nothing is, any may be meant.
    fn step(&mut self, span: Range<usize>, step: &StepId) {
        if self.walked.is_empty() || self.walked.iter().any(|runbook| runbook.step(step).is_some()) {
            return;
        }
        let known = self.walked.iter().flat_map(Runbook::steps).map(|step| step.id.as_str());
        let help = did_you_mean(step.as_str(), known)
            .unwrap_or_else(|| "`switchback print RUNBOOK` shows its steps".to_owned());
        let message = format!("no runbook that is walked has a step `{step}`");
        self.error("scenario::unknown-step", span, message, help);
    }

    fn server(&mut self, span: Range<usize>, database: &DatabaseId, region: &RegionId) {
        let Some(estate) = self.estate.filter(|_| named(database.as_str()) && named(region.as_str())) else { return };
        if estate.database(database).is_some_and(|known| known.servers.contains_key(region)) {
            return;
        }
        let known: Vec<String> = estate
            .databases
            .iter()
            .flat_map(|database| database.servers.keys().map(|region| format!("{}@{region}", database.id)))
            .collect();
        let server = format!("{database}@{region}");
        let help = did_you_mean(&server, known.iter().map(String::as_str))
            .unwrap_or_else(|| "write $DATABASE@$FROM, $DATABASE@$TO, or a server of the estate".to_owned());
        self.error("scenario::unknown-name", span, format!("the estate has no server {server}"), help);
    }

    fn serving(&mut self, span: Range<usize>, name: &str, region: &RegionId) {
        let Some(estate) = self.estate.filter(|_| named(name) && named(region.as_str())) else { return };
        let known =
            estate.service(&ServiceId::new(name)).is_some() || estate.database(&DatabaseId::new(name)).is_some();
        if !known {
            let services = estate.services.iter().map(|service| service.id.as_str());
            let help =
                did_you_mean(name, services).unwrap_or_else(|| "write $SERVICE, or one of the estate".to_owned());
            self.error("scenario::unknown-name", span, format!("the estate has no service `{name}`"), help);
        } else if estate.region(region).is_none() {
            let regions = estate.regions.iter().map(|region| region.id.as_str());
            let help = did_you_mean(region.as_str(), regions).unwrap_or_else(|| "write $FROM or $TO".to_owned());
            self.error("scenario::unknown-name", span, format!("the estate has no region `{region}`"), help);
        }
    }

    /// What has an effect on a world that is well, or on the one that the lines before it have left.
    fn effect(&mut self, span: &Range<usize>, lines: &[WorldLine], before: &mut Vec<WorldLine>) {
        let Some(estate) = self.estate else { return };
        for line in lines {
            let fresh = World::new(estate, 0).apply(line);
            let mut used = World::new(estate, 0);
            for earlier in before.iter() {
                // What had none was told of where it stands.
                let _ = used.apply(earlier);
            }
            if let (Err(why), Err(_)) = (fresh, used.apply(line)) {
                let help = "the names are those of the estate; $FROM, $DATABASE and so on fit any".to_owned();
                self.error("scenario::no-effect", span.clone(), format!("`{line}` has no effect: {why}"), help);
            }
            before.push(line.clone());
        }
    }

    /// The names of tests are an estate's own: one that ships names the usual ones.
    fn test(&mut self, span: Range<usize>, test: &str) {
        let Some(estate) = self.estate.filter(|estate| !estate.tests.is_empty()) else { return };
        let known = estate.tests.iter().map(|known| known.name.as_str());
        if let Some(help) = did_you_mean(test, known.clone()).filter(|_| known.clone().all(|known| known != test)) {
            let message = format!("the estate's schedule has no test `{test}`");
            self.found.push(Diagnostic::warning("scenario::unknown-test", span, message).help(help));
        }
    }
}

/// Not a name that stands for something only once it is bound.
fn named(text: &str) -> bool {
    !text.contains('$')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::demo_estate;
    use crate::scenario::{names, parse};

    struct Shipped;

    impl Shelf for Shipped {
        fn runbook(&self, name: &str) -> Option<Runbook> {
            let text = match name {
                "regional-failover" => include_str!("../../../runbooks/regional-failover.md"),
                "network-outage" => include_str!("../../../runbooks/network-outage.md"),
                _ => return None,
            };
            Some(crate::runbook::parse(text.into(), None))
        }

        fn names(&self) -> Vec<String> {
            vec!["regional-failover".to_owned(), "network-outage".to_owned()]
        }
    }

    fn found(rest: &str) -> Vec<(String, &'static str)> {
        let estate = demo_estate();
        let text = format!("title = \"x\"\n{rest}\n[[wrong]]\ntext = \"w\"\naction = \"closed\"\n");
        let parsed = parse(&text, &names(&estate, None, None).values);
        assert_eq!(parsed.diagnostics, vec![], "{rest}");
        let said = fits(&parsed, Some(&estate), &Shipped);
        said.iter().map(|found| (text[found.span.clone()].to_owned(), found.code)).collect()
    }

    #[test]
    fn what_is_there_is_not_complained_about() {
        let text = include_str!("../../../scenarios/regional-outage.toml");
        let estate = demo_estate();
        let parsed = parse(text, &names(&estate, None, None).values);
        assert_eq!(fits(&parsed, Some(&estate), &Shipped), vec![]);
        assert_eq!(fits(&parse(text, &std::collections::BTreeMap::new()), None, &Shipped), vec![], "without an estate");
        let nested = "[[expect]]\ntext = \"e\"\naction = \"step promote done\"\n[play]\nseverity = 1\n[[play.runbook]]\nrunbook = \"network-outage\"\n";
        assert_eq!(found(nested), vec![], "a step of what a step opens");
    }

    #[test]
    fn what_is_not_there_is_found_where_it_is_named() {
        let play = "[play]\nseverity = 1\n[[play.runbook]]\nrunbook = \"regional-failover\"\n";
        for (text, at, code) in [
            (
                "[play]\nseverity = 1\n[[play.runbook]]\nrunbook = \"regional-failovr\"\n".to_owned(),
                "\"regional-failovr\"",
                "scenario::unknown-runbook",
            ),
            (format!("{play}values = {{ DATABSE = \"x\" }}\n"), "DATABSE", "scenario::unknown-variable"),
            (format!("{play}values = {{ MAX_LOSS = \"lots\" }}\n"), "MAX_LOSS", "scenario::value"),
            (
                format!("[[expect]]\ntext = \"e\"\naction = \"step promot done\"\n{play}"),
                "\"step promot done\"",
                "scenario::unknown-step",
            ),
            (format!("[[fault]]\non = \"promot\"\ndoes = \"fails\"\n{play}"), "\"promot\"", "scenario::unknown-step"),
            (
                "[[expect]]\ntext = \"e\"\naction = \"fenced orders@us-east-1\"\n".to_owned(),
                "\"fenced orders@us-east-1\"",
                "scenario::unknown-name",
            ),
            (
                "[[expect]]\ntext = \"e\"\naction = \"serving ordrs $TO\"\n".to_owned(),
                "\"serving ordrs $TO\"",
                "scenario::unknown-name",
            ),
            (
                "[[expect]]\ntext = \"e\"\naction = \"recovered tier 9\"\n".to_owned(),
                "\"recovered tier 9\"",
                "scenario::unknown-name",
            ),
            (
                "[[inject]]\nid = \"a\"\nat = \"1m\"\neffect = [\"down us-east-9\"]\n".to_owned(),
                "\"down us-east-9\"",
                "scenario::no-effect",
            ),
        ] {
            assert_eq!(found(&text), vec![(at.to_owned(), code)], "{text}");
        }
        assert_eq!(found("counts_as = [\"failover-dril\"]\n")[0].1, "scenario::unknown-test");
        assert_eq!(found("counts_as = [\"something-else\"]\n"), vec![]);
    }
}
