//! `switchback update`: audiences told without the screen. The same log, the same channels, and what came of it.

mod may;
mod told;

use std::io::{BufRead, IsTerminal, Read, Write, stdin};
use std::sync::Arc;

use domain::comms::{Audience, Draft, Facts, LONGEST, Outgoing, due, likely_status, ways};
use domain::diagnostic::did_you_mean;
use domain::engine::{Became, Command, TellAct};
use domain::log::{IncidentStatus, Way};
use domain::people::Actor;
use domain::untrusted::{sanitise, sanitise_line};

use self::may::{not_told_meanwhile, of_this_estate};
use self::told::{Told, finish, not_sent, recorded, say};
use super::acts::Incident;
use super::args::{Global, Update, UpdateStatus};
use super::setup::Setup;
use super::{Exit, Failure};
use crate::runtime::comms::{Courier, write_beside};
use crate::runtime::learned::learned;
use crate::runtime::{readings, templates};

/// The author of what came of it.
const CONSOLE: &str = "switchback";

/// # Errors
/// As every act; and when there is no such audience, no text, or the template is wrong.
pub(super) fn run(global: &Global, asked: &Update) -> Result<Exit, Failure> {
    let setup = Setup::of_estate(global)?;
    let mut incident = Incident::open(global, &asked.incident)?;
    of_this_estate(&incident, &setup)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if asked.again || asked.arrived {
        return settle(&mut incident, &setup, asked, &runtime);
    }
    let letters = letters(&incident, &setup, asked)?;
    if asked.dry_run {
        let told: Vec<Told> = letters.iter().map(|(audience, ready)| not_sent(audience, ready, asked)).collect();
        return say(&told, asked.json).map(|()| Exit::Yes);
    }
    if !asked.yes {
        confirm(&letters, asked)?;
    }
    let mut told = Vec::new();
    for (audience, ready) in letters {
        let ways = ways_of(&audience, asked);
        not_told_meanwhile(&incident, &audience)?;
        incident.act(Command::Tell(Box::new(TellAct::Issue {
            audience: audience.id.clone(),
            status: ready.status,
            subject: ready.subject,
            text: ready.body,
            ways: ways.clone(),
        })))?;
        let update = incident.state.updates.issued.keys().next_back().copied().unwrap_or_default();
        for way in &ways {
            send(&mut incident, &setup, update, way, &runtime)?;
        }
        told.extend(recorded(&incident, update));
    }
    let exit = finish(&told, asked)?;
    incident.vouch();
    Ok(exit)
}

/// The audiences that are named, else those that are overdue, else the next; each with its text.
fn letters(incident: &Incident, setup: &Setup, asked: &Update) -> Result<Vec<(Audience, Draft)>, Failure> {
    let state = &incident.state;
    let open = state.open().ok_or_else(|| Failure::new(Exit::Refused, "the incident is closed"))?;
    let now = incident.now().wall;
    let audiences = match &asked.audience {
        Some(name) => vec![audience(&open.estate.audiences, name)?.clone()],
        None => {
            let due = due(&open.estate.audiences, &state.updates, open.opened_at);
            let late = due.iter().filter(|due| due.at <= now).count().max(1);
            let due = due.into_iter().take(late);
            due.filter_map(|due| open.estate.audiences.iter().find(|known| known.id == due.audience).cloned()).collect()
        }
    };
    let text = asked.text.as_deref().map(text).transpose()?;
    if audiences.is_empty() {
        return Err(Failure::new(Exit::Refused, "nobody is to be told any more: who is all the same is named"));
    }
    let status = asked.status.map_or_else(|| likely_status(state), IncidentStatus::from);
    let (templates, unread) = templates::load(&setup.estate, setup.beside.as_deref());
    for why in unread {
        eprintln!("{}", sanitise_line(&why));
    }
    // Of a simulated world nothing but its log is outside the console that plays it.
    let real = open.kind.executes().then(|| setup.paths.estate(&open.estate.name));
    let reading = real.and_then(|folder| readings::fresh(&folder, now));
    let learned = learned(&setup.paths, open.kind);
    let facts = Facts { state, reading: reading.as_ref(), learned: &learned, now };
    let letter = |audience: Audience| {
        let draft = match &text {
            Some(text) => Draft::of_text(status, text),
            None => Draft::from_template(&templates, &audience, status, &facts)
                .map_err(|error| Failure::new(Exit::Config, format!("{error}; {}", error.remedy)))?,
        };
        let ready = draft.ready(&audience, state);
        Ok((audience, ready))
    };
    audiences.into_iter().map(letter).collect()
}

fn audience<'a>(audiences: &'a [Audience], name: &str) -> Result<&'a Audience, Failure> {
    let known = || audiences.iter().map(|audience| audience.id.as_str());
    audiences.iter().find(|audience| audience.id.as_str() == name).ok_or_else(|| {
        let help = did_you_mean(name, known())
            .unwrap_or_else(|| format!("there is {}", known().collect::<Vec<_>>().join(", ")));
        Failure::new(Exit::Usage, format!("there is no audience `{name}`; {help}"))
    })
}

/// A file, or standard input; its first line is the subject.
fn text(path: &str) -> Result<String, Failure> {
    let mut text = Vec::new();
    let limit = LONGEST as u64 + 1;
    let read = match path {
        "-" => stdin().lock().take(limit).read_to_end(&mut text),
        path => std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut text)),
    };
    read.map_err(|error| Failure::new(Exit::Usage, format!("--text {path}: {error}")))?;
    if text.len() > LONGEST {
        let message = format!("--text {path}: it is longer than {} kB, and none of it was sent", LONGEST / 1024);
        return Err(Failure::new(Exit::Usage, message));
    }
    Ok(sanitise(&text))
}

/// Its channels; without any, or with `--file`, a file of the incident's folder.
fn ways_of(audience: &Audience, asked: &Update) -> Vec<Way> {
    // There is no clipboard here.
    let file = || Way::File(format!("{}.txt", audience.id));
    let mut all: Vec<Way> = ways(audience).into_iter().filter(|way| *way != Way::Clipboard).collect();
    if all.is_empty() || asked.file {
        all.push(file());
    }
    all
}

fn confirm(letters: &[(Audience, Draft)], asked: &Update) -> Result<(), Failure> {
    let hint = "nothing was sent: --yes sends it, --dry-run only shows it";
    if asked.text.as_deref() == Some("-") || !stdin().is_terminal() {
        return Err(Failure::new(Exit::Refused, hint));
    }
    for (audience, ready) in letters {
        let ways: Vec<String> = ways_of(audience, asked).iter().map(Way::to_string).collect();
        println!("{} ({}), by {}:\n\n{}\n", audience.id, ready.status.word(), ways.join(", "), ready.text());
    }
    print!("Send? Type y, then Enter: ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    if line.trim() == "y" { Ok(()) } else { Err(Failure::new(Exit::Refused, hint)) }
}

/// One attempt, and its outcome in the log.
fn send(
    incident: &mut Incident,
    setup: &Setup,
    update: u64,
    way: &Way,
    runtime: &tokio::runtime::Runtime,
) -> Result<(), Failure> {
    let state = &incident.state;
    let issued = state.updates.issued.get(&update);
    let outgoing = issued.and_then(|issued| Outgoing::of(state, update, issued));
    let Some(outgoing) = outgoing else { return Ok(()) };
    let courier = Courier::of(outgoing.kind, &setup.estate);
    let became = match (&courier, way) {
        (Courier::Shown, _) => Became::Shown,
        (_, Way::Channel(channel)) => {
            let before = state.updates.before(update, channel);
            runtime.block_on(courier.send(channel, &outgoing, &before))
        }
        (_, Way::Clipboard) => Became::Failed {
            why: "there is no clipboard here".to_owned(),
            remedy: Some("copy its text, send it by hand, then --arrived".to_owned()),
            unsure: false,
        },
        (_, Way::File(name)) => match write_beside(incident.dir(), name, &outgoing.whole()) {
            Ok(file) => Became::Delivered { receipt: Some(file.display().to_string()) },
            Err(why) => Became::Failed { why, remedy: None, unsure: false },
        },
    };
    let act = TellAct::Record { update, way: way.clone(), became };
    let author = Actor::claimed(CONSOLE, &setup.actor.host);
    incident.act_as(&author, Command::Tell(Box::new(act)))
}

/// The newest update of an audience, on every way that it did not arrive on, or nobody knows of: tried again, or said to
/// have arrived.
fn settle(
    incident: &mut Incident,
    setup: &Setup,
    asked: &Update,
    runtime: &tokio::runtime::Runtime,
) -> Result<Exit, Failure> {
    let name = asked.audience.as_deref().unwrap_or_default();
    let open = incident.state.incident.as_ref();
    let estate = open.map_or_else(|| Arc::clone(&setup.estate), |open| Arc::clone(&open.estate));
    let id = audience(&estate.audiences, name)?.id.clone();
    let last = incident.state.updates.last(&id).map(|(seq, update)| {
        let open = update.ways.iter().filter(|(_, state)| !state.reached()).map(|(way, _)| way.clone());
        (seq, open.collect::<Vec<_>>())
    });
    let Some((update, ways)) = last.filter(|(_, ways)| !ways.is_empty()) else {
        return Err(Failure::new(Exit::Refused, format!("the last update of {id} failed on no way")));
    };
    for way in &ways {
        let act = match asked.arrived {
            true => TellAct::Vouch { update, way: way.clone() },
            false => TellAct::Retry { update, way: way.clone() },
        };
        incident.act(Command::Tell(Box::new(act)))?;
        if asked.again {
            send(incident, setup, update, way, runtime)?;
        }
    }
    let told: Vec<Told> = recorded(incident, update).into_iter().collect();
    let exit = finish(&told, asked)?;
    incident.vouch();
    Ok(exit)
}

impl From<UpdateStatus> for IncidentStatus {
    fn from(word: UpdateStatus) -> Self {
        match word {
            UpdateStatus::Investigating => Self::Investigating,
            UpdateStatus::Identified => Self::Identified,
            UpdateStatus::FailingOver => Self::FailingOver,
            UpdateStatus::Monitoring => Self::Monitoring,
            UpdateStatus::Resolved => Self::Resolved,
        }
    }
}
