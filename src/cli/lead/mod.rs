//! Roles, handing command over, decisions in the making, tasks: without the screen.

mod told;

use domain::diagnostic::did_you_mean;
use domain::engine::{Command, LeadAct};
use domain::forgotten::Seen;
use domain::ident::PersonId;
use domain::log::Sev;
use domain::objective::Learned;
use domain::people::Person;
use domain::report::Brief;
use domain::time::{Timestamp, deadline};
use domain::untrusted::sanitise_line;

use super::acts::Incident;
use super::args::{self, Global, TaskAct};
use super::stdout::say;
use super::{Exit, Failure};

pub(super) use told::{brief, forgotten, tasks};

/// One act, then the label and the head, as every act says them.
fn act(mut incident: Incident, act: LeadAct) -> Result<Exit, Failure> {
    incident.act(Command::Lead(Box::new(act)))?;
    incident.say();
    Ok(Exit::Yes)
}

fn named(incident: &Incident, name: Option<String>) -> PersonId {
    name.map_or_else(|| incident.actor.name.clone(), |name| person(incident, name))
}

/// Whoever is meant. A name that the estate does not know is taken, as people join who are not in it; but it may be a slip.
fn person(incident: &Incident, name: String) -> PersonId {
    let estate = incident.state.incident.as_ref().map(|incident| &incident.estate);
    if let Some(why) = estate.and_then(|estate| nobody(&estate.people, &name)) {
        eprintln!("switchback: {why}");
    }
    PersonId::new(name)
}

fn nobody(people: &[Person], name: &str) -> Option<String> {
    let known = || people.iter().map(|person| person.name.as_str());
    if people.is_empty() || known().any(|known| known == name) {
        return None;
    }
    let near =
        did_you_mean(name, known()).unwrap_or_else(|| format!("it knows {}.", known().collect::<Vec<_>>().join(", ")));
    Some(format!("nobody in the estate is called `{}`: {near} It is recorded as it is written", sanitise_line(name)))
}

/// # Errors
/// As every act; and when command is taken from somebody without a reason, or given up.
pub(super) fn role(global: &Global, args: args::Role) -> Result<Exit, Failure> {
    let incident = Incident::open(global, &args.incident)?;
    let (by, role) = (named(&incident, args.by), args.role);
    let taken =
        if args.release { LeadAct::Release { by, role } } else { LeadAct::Assume { by, role, reason: args.reason } };
    act(incident, taken)
}

/// # Errors
/// As every act; and for who is not in command.
pub(super) fn solo(global: &Global, args: args::Solo) -> Result<Exit, Failure> {
    let incident = Incident::open(global, &args.incident)?;
    act(incident, args.reason.map_or(LeadAct::EndSolo, |reason| LeadAct::BeginSolo { reason }))
}

/// Offers command, with the brief as the log gives it.
///
/// # Errors
/// As every act; and for who is not in command.
pub(super) fn handoff(global: &Global, args: args::Handoff) -> Result<Exit, Failure> {
    let incident = Incident::open(global, &args.incident)?;
    let by = incident.actor.name.clone();
    let offered = match (args.to, args.withdraw) {
        (Some(to), _) => {
            let learned = Learned::default();
            let now = incident.now().wall;
            let seen = Seen { state: &incident.state, status: None, learned: &learned, now };
            let brief = Brief::of(&seen).map(|brief| brief.text()).unwrap_or_default();
            LeadAct::Offer { to: person(&incident, to), brief }
        }
        (None, reason) => LeadAct::Decline { by, reason: reason.unwrap_or_default() },
    };
    act(incident, offered)
}

/// # Errors
/// As every act; and when command was offered to nobody, or to somebody else.
pub(super) fn accept(global: &Global, args: args::Accept) -> Result<Exit, Failure> {
    let incident = Incident::open(global, &args.incident)?;
    let spoken = args.spoken_by.is_some();
    let by = named(&incident, args.spoken_by);
    let answer = match args.decline {
        Some(reason) => LeadAct::Decline { by, reason },
        None => LeadAct::Accept { by, spoken },
    };
    act(incident, answer)
}

/// # Errors
/// As every act.
pub(super) fn propose(global: &Global, args: args::Propose) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    let proposed = LeadAct::Propose { text: args.text, failover: args.failover };
    incident.act(Command::Lead(Box::new(proposed)))?;
    say(format_args!("proposal {}", incident.state.entries.last().map_or(0, |entry| entry.seq)));
    incident.say();
    Ok(Exit::Yes)
}

/// # Errors
/// As every act; and when nothing is proposed.
pub(super) fn object(global: &Global, args: args::Object) -> Result<Exit, Failure> {
    let incident = Incident::open(global, &args.incident)?;
    let last = incident.state.lead.open_proposals().last().map(|(seq, _)| seq);
    let none = || Failure::new(Exit::Refused, "nothing is proposed that is not decided yet");
    let proposal = args.proposal.or(last).ok_or_else(none)?;
    let by = named(&incident, args.spoken_by);
    act(incident, LeadAct::Object { proposal, by, text: args.text })
}

/// # Errors
/// As every act; and for who neither commands nor is deputy, of a proposal.
pub(super) fn decide(global: &Global, args: args::Decide) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    match (args.proposal, args.drop) {
        (Some(proposal), Some(reason)) => act(incident, LeadAct::DropProposal { proposal, reason }),
        (Some(proposal), None) => act(incident, LeadAct::Settle { proposal, text: args.text }),
        (None, _) => {
            incident.act(Command::Decide { text: args.text.unwrap_or_default(), failover: args.failover })?;
            incident.say();
            Ok(Exit::Yes)
        }
    }
}

/// # Errors
/// As every act; and when there is no such task, or it has its end.
pub(super) fn task(global: &Global, args: args::Task) -> Result<Exit, Failure> {
    if matches!(args.what, TaskAct::List) {
        return tasks(global, &args.incident);
    }
    let mut incident = Incident::open(global, &args.incident)?;
    let now = incident.now().wall;
    let adds = matches!(args.what, TaskAct::Add { .. });
    let done = match args.what {
        TaskAct::List => return Ok(Exit::Yes),
        TaskAct::Add { text, owner, due } => {
            LeadAct::AddTask { text, owner: owner.map(|owner| person(&incident, owner)), due: until(due, now)? }
        }
        TaskAct::Assign { task, owner, due } => {
            // A time that is not said stays as it is.
            let known = incident.state.lead.tasks.get(&task).and_then(|task| task.due);
            let owner = Some(named(&incident, owner));
            LeadAct::Assign { task, owner, due: until(due, now)?.or(known) }
        }
        TaskAct::Done { task, text } => LeadAct::EndTask { task, done: true, text },
        TaskAct::Drop { task, reason } => LeadAct::EndTask { task, done: false, text: reason },
    };
    incident.act(Command::Lead(Box::new(done)))?;
    if adds {
        say(format_args!("task {}", incident.state.entries.last().map_or(0, |entry| entry.seq)));
    }
    incident.say();
    Ok(Exit::Yes)
}

fn until(due: Option<String>, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
    due.map(|due| deadline(&due, now).map_err(|why| Failure::new(Exit::Usage, why))).transpose()
}

/// # Errors
/// As every act.
pub(super) fn severity(global: &Global, args: args::Severity) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    incident.act(Command::ChangeSeverity { severity: Sev(args.severity), reason: args.reason })?;
    incident.say();
    Ok(Exit::Yes)
}

/// # Errors
/// As every act; and when there is no such entry.
pub(super) fn correct(global: &Global, args: args::Correct) -> Result<Exit, Failure> {
    let mut incident = Incident::open(global, &args.incident)?;
    incident.act(Command::Correct { supersedes: args.entry, text: args.text })?;
    incident.say();
    Ok(Exit::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_estate_does_not_know_is_asked_about() {
        let person =
            |name: &str| Person { name: name.into(), roles: Vec::new(), phone: None, email: None, keys: Vec::new() };
        let people = [person("ana"), person("mara")];
        let asked = nobody(&people, "anna").unwrap();
        assert!(asked.contains("`anna`") && asked.contains("did you mean `ana`?"), "{asked}");
        assert!(nobody(&people, "zoltan").unwrap().contains("it knows ana, mara."));
        assert_eq!((nobody(&people, "ana"), nobody(&[], "whoever")), (None, None));
    }
}
