//! What was intended, carried out: what a person in that role would ask of the console.

use std::collections::BTreeMap;

use super::cast::Cast;
use super::intent::Intent;
use super::{Asked, Commander, Manner};
use crate::comms::likely_status;
use crate::console::{Declaration, Request};
use crate::drill::rehearsal::Seen;
use crate::engine::{Command, Exercise, ExerciseAct, TellAct};
use crate::ident::InjectId;
use crate::log::{EndEx, Mode, Sev, Way};
use crate::people::{Actor, Role};
use crate::scenario::{Choice, Milestone};

impl Commander {
    pub(super) fn carry_out(&self, seen: &Seen<'_>, cast: &Cast, intent: &Intent) -> Vec<Asked> {
        let commander = || cast.actor(Role::Commander);
        let act = |actor: Actor, command: Command| vec![(actor, Request::Act(Box::new(command)))];
        match intent {
            Intent::Acknowledge(inject) => act(cast.actor(reads(seen, inject)), acknowledges(inject)),
            Intent::Declare => vec![(commander(), Request::Declare(Box::new(self.declaration(seen))))],
            Intent::Decide => {
                let play = self.play(seen);
                let failover = play.decides == Some(Choice::FailOver);
                let text = format!("decided {}: {}", play.decides.map_or("", Choice::word), play.because);
                act(commander(), Command::Decide { text: text.trim_end_matches([' ', ':']).to_owned(), failover })
            }
            Intent::Start(at) => self.starts(seen, commander(), *at).into_iter().collect(),
            Intent::Write(at) => {
                let Some(expected) = seen.scenario().expected.get(*at) else { return Vec::new() };
                match &expected.action {
                    Milestone::Noted(words) => {
                        let text = format!("{}: {words}", expected.text);
                        act(cast.actor(Role::Scribe), Command::Note { text, run: None, step: None, occurred_at: None })
                    }
                    Milestone::Told(audience) => {
                        let told = TellAct::Issue {
                            audience: audience.clone(),
                            status: likely_status(seen.state()),
                            subject: expected.text.clone(),
                            text: "We are on it.".to_owned(),
                            ways: vec![Way::Clipboard],
                        };
                        act(cast.actor(Role::Comms), Command::Tell(Box::new(told)))
                    }
                    _ => Vec::new(),
                }
            }
            Intent::Close if self.manner == Manner::Expected && seen.tier_open() => Vec::new(),
            Intent::Close => {
                act(commander(), Command::Close { reason: "everything is back, and was checked".to_owned() })
            }
            Intent::Finish => {
                let end = ExerciseAct::End { why: EndEx::Finished, text: "played to its end".to_owned() };
                act(Actor::claimed("facilitator", commander().host.as_str()), Command::Exercise(Box::new(end)))
            }
            about => {
                let found = about.step().and_then(|(run, step)| seen.step(run, step));
                found.map(|(run, step)| self.at_the_box(seen, cast, about, (run, step))).unwrap_or_default()
            }
        }
    }

    fn declaration(&self, seen: &Seen<'_>) -> Declaration {
        let (from, to) = seen.sides();
        let last_good = from.as_ref().and_then(|from| Some((seen.last_good(from)?, from)));
        let alarm = seen.state().exercise.as_deref().and_then(Exercise::impact_at);
        let (impact_at, impact_basis) = match (last_good, alarm) {
            (Some((at, from)), _) => (at, format!("last good sample of {from}")),
            (None, Some(at)) => (at, "as it was reported".to_owned()),
            (None, None) => (seen.now().wall, "as declared".to_owned()),
        };
        Declaration {
            severity: self.play(seen).severity.unwrap_or(Sev(2)),
            title: seen.scenario().title.clone(),
            impact_at,
            impact_basis,
            from,
            to,
            runbook: None,
            mode: Mode::Forced,
            values: BTreeMap::new(),
        }
    }

    fn starts(&self, seen: &Seen<'_>, actor: Actor, at: usize) -> Option<Asked> {
        let play = self.play(seen);
        let walked = play.runbooks.get(at)?;
        let (from, to) = seen.sides();
        let (from, to) = if walked.back { (to, from) } else { (from, to) };
        let (runbook, mode, values) = (walked.runbook.clone(), walked.mode, walked.values.clone());
        Some((actor, Request::StartRun { runbook, mode, from, to, values, parent: None }))
    }
}

fn reads(seen: &Seen<'_>, inject: &InjectId) -> Role {
    seen.scenario().inject(inject).map_or(Role::Commander, |inject| inject.to)
}

fn acknowledges(inject: &InjectId) -> Command {
    Command::Exercise(Box::new(ExerciseAct::Acknowledge { inject: inject.clone() }))
}
