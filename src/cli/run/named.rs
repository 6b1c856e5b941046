//! What the command line names: regions of the estate, steps that wait for an approval, and who gives it. Looked at
//! before anything is opened, so that a slip costs no incident.

use domain::dry_run::Given;
use domain::estate::Estate;
use domain::ident::PersonId;
use domain::people::{Role, Seat};
use domain::runbook::{Approval, Runbook, RunbookKind, Step};

use super::super::{Exit, Failure};
use super::Args;

/// # Errors
/// `--from` or `--to` is no region of the estate (2).
pub(super) fn regions(estate: &Estate, args: &Args) -> Result<(), Failure> {
    let known: Vec<&str> = estate.regions.iter().map(|region| region.id.as_str()).collect();
    for (flag, named) in [("--from", &args.from), ("--to", &args.to)] {
        if let Some(named) = named.as_deref().filter(|named| !known.contains(named)) {
            let help = like(named, &known, "its regions are");
            return Err(usage(format!("{flag} {named}: {} has no such region; {help}", estate.name)));
        }
    }
    Ok(())
}

/// # Errors
/// A runbook that leaves a region is told to go to the same one (2).
pub(super) fn sides_differ(runbook: &Runbook, args: &Args) -> Result<(), Failure> {
    match (&args.from, &args.to) {
        (Some(from), Some(to)) if from == to && leaves(runbook) => {
            Err(usage(format!("--to {to}: that is the region that is left (--from): name the other one")))
        }
        _ => Ok(()),
    }
}

/// It moves something from one side to the other: a restore or a maintenance within one region does not.
pub(super) fn leaves(runbook: &Runbook) -> bool {
    let moves = |line: &str| {
        let line = line.trim_start();
        (line.starts_with("serving ") && line.contains("$TO"))
            || (line.starts_with("fenced ") && line.contains("$FROM"))
    };
    let checks = |step: &Step| step.guards.iter().chain(&step.verifies).any(|block| block.text.lines().any(moves));
    runbook.kind == RunbookKind::Failover || runbook.steps().any(checks)
}

/// # Errors
/// `--approve` names a step that neither the runbook nor what it opens has (2).
pub(super) fn approved_steps(runbooks: &[Runbook], given: &Given) -> Result<(), Failure> {
    for (named, by) in &given.approvals {
        if steps(runbooks).any(|step| step.id == *named) {
            continue;
        }
        let waiting: Vec<&str> =
            steps(runbooks).filter(|step| step.approval.is_some()).map(|step| step.id.as_str()).collect();
        let help = if waiting.is_empty() {
            "none of its steps wants an approval".to_owned()
        } else {
            like(named.as_str(), &waiting, "an approval is wanted by")
        };
        return Err(usage(format!("--approve {named}={by}: the runbook has no step `{named}`; {help}")));
    }
    Ok(())
}

/// # Errors
/// The one who is said to have approved a step is the one who runs it, is nobody the estate knows, or may not (4).
pub(super) fn approvers(
    runbooks: &[Runbook],
    given: &Given,
    estate: &Estate,
    actor: &PersonId,
    commander: Option<&PersonId>,
) -> Result<(), Failure> {
    for (named, by) in &given.approvals {
        let wanted = steps(runbooks).filter(|step| step.id == *named).filter_map(|step| step.approval.as_ref());
        for approval in wanted {
            let refused = |why: &str| Err(Failure::new(Exit::Refused, format!("--approve {named}={by}: {why}")));
            if by == actor {
                return refused("a second name is needed than that of who runs it");
            }
            let seats = seats(approval);
            if seats.iter().any(|seat| holds(estate, seat, by, commander)) {
                continue;
            }
            let wanted = seats.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
            let may: Vec<&str> = estate
                .people
                .iter()
                .map(|person| &person.name)
                .filter(|name| *name != actor && seats.iter().any(|seat| holds(estate, seat, name, None)))
                .map(PersonId::as_str)
                .collect();
            let who = if may.is_empty() { String::new() } else { format!(": {}", may.join(", ")) };
            return if estate.people.iter().any(|person| person.name == *by) {
                refused(&format!("{by} is not {wanted}{who}"))
            } else {
                refused(&format!("[people] of the estate has no `{by}`; {wanted} may approve it{who}"))
            };
        }
    }
    Ok(())
}

fn steps(runbooks: &[Runbook]) -> impl Iterator<Item = &Step> {
    runbooks.iter().flat_map(Runbook::steps)
}

fn seats(approval: &Approval) -> Vec<&Seat> {
    [Some(&approval.by), approval.fallback.as_ref().map(|(seat, _)| seat)].into_iter().flatten().collect()
}

/// As the engine will decide it; a list of people that gives nobody this role lets any of them answer for it.
fn holds(estate: &Estate, seat: &Seat, by: &PersonId, commander: Option<&PersonId>) -> bool {
    match seat {
        Seat::Person(person) => person == by,
        Seat::Role(role) => {
            let commands = *role == Role::Commander && commander == Some(by);
            let held = estate.people.iter().any(|person| person.roles.contains(role));
            let mut people = estate.people.iter().filter(|person| !held || person.roles.contains(role));
            commands || estate.people.is_empty() || people.any(|person| person.name == *by)
        }
    }
}

fn like(named: &str, known: &[&str], otherwise: &str) -> String {
    domain::diagnostic::did_you_mean(named, known.iter().copied())
        .unwrap_or_else(|| format!("{otherwise} {}", known.join(", ")))
}

fn usage(message: String) -> Failure {
    Failure::new(Exit::Usage, message)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clap::Parser;
    use domain::ident::StepId;

    use super::*;

    const PEOPLE: &str = "[people.dora]\nroles = [\"data-owner\"]\n[people.raj]\nroles = [\"operator\"]\n";

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn args(words: &[&str]) -> Args {
        Line::try_parse_from(["run", "walk"].iter().chain(words)).unwrap_or_else(|error| panic!("{error}")).args
    }

    fn estate(more: &str) -> Estate {
        let text = format!("name = \"orders\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n{more}");
        domain::estate::parse(&text).estate
    }

    fn runbook(kind: &str, approval: &str) -> Runbook {
        let head = format!("---\nrunbook: 1\ntype: {kind}\n---\n\n# Walk\n\n## Do\n\n");
        let step = format!("- [ ] **Promote** <!-- id: promote -->\n\n  Approval: {approval}\n");
        domain::runbook::parse(Arc::from(head + &step), None)
    }

    fn said(step: &str, by: &str) -> Given {
        Given { approvals: vec![(StepId::from(step), PersonId::new(by))], ..Given::default() }
    }

    fn refused(result: Result<(), Failure>) -> Option<(Exit, String)> {
        result.err().map(|failure| (failure.exit, failure.message))
    }

    #[test]
    fn a_region_is_one_of_the_estate() {
        for (words, says) in [
            (["--to", "us-west-1"], "did you mean `us-west-2`?"),
            (["--from", "mars"], "its regions are us-east-1, us-west-2"),
        ] {
            let (exit, message) = refused(regions(&estate(""), &args(&words))).unwrap();
            assert!(exit == Exit::Usage && message.contains(says), "{message}");
        }
        assert_eq!(refused(regions(&estate(""), &args(&["--from", "us-east-1", "--to", "us-west-2"]))), None);
    }

    #[test]
    fn a_failover_goes_to_another_region_and_a_restore_may_stay() {
        let same = args(&["--from", "us-east-1", "--to", "us-east-1"]);
        let (exit, message) = refused(sides_differ(&runbook("failover", "data-owner"), &same)).unwrap();
        assert!(exit == Exit::Usage && message.contains("the region that is left"), "{message}");
        assert_eq!(refused(sides_differ(&runbook("restore", "data-owner"), &same)), None);
    }

    #[test]
    fn an_approval_is_for_a_step_that_is_there() {
        let walk = [runbook("failover", "data-owner")];
        let (exit, message) = refused(approved_steps(&walk, &said("promot", "dora"))).unwrap();
        assert!(exit == Exit::Usage && message.contains("did you mean `promote`?"), "{message}");
        assert_eq!(refused(approved_steps(&walk, &said("promote", "dora"))), None);
    }

    #[test]
    fn an_approval_is_given_by_who_may_give_it() {
        let (listed, free) = (estate(PEOPLE), estate(""));
        let me = PersonId::new("mara");
        for (estate, approval, by, commander, says) in [
            (&listed, "data-owner", "dora", None, None),
            (&listed, "data-owner", "raj", None, Some("raj is not data-owner: dora")),
            (&listed, "data-owner", "dara", None, Some("has no `dara`; data-owner may approve it: dora")),
            (&listed, "data-owner or operator after 2m", "raj", None, None),
            (&listed, "commander", "zoe", None, Some("has no `zoe`")),
            (&listed, "commander", "zoe", Some("zoe"), None),
            (&listed, "commander", "raj", None, None),
            (&listed, "zoe", "zoe", None, None),
            (&free, "data-owner", "anybody", None, None),
            (&free, "data-owner", "mara", None, Some("a second name is needed")),
        ] {
            let commander = commander.map(PersonId::new);
            let walk = [runbook("failover", approval)];
            let found = refused(approvers(&walk, &said("promote", by), estate, &me, commander.as_ref()));
            match (found, says) {
                (None, None) => {}
                (Some((Exit::Refused, message)), Some(says)) => assert!(message.contains(says), "{message}"),
                (found, says) => panic!("{approval}={by}: {found:?} and not {says:?}"),
            }
        }
    }
}
