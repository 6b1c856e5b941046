//! From an act to entries: decided, written, folded, carried out, as a session does it.

use std::sync::Arc;

use super::chance::Chance;
use super::{Kit, Rehearsal};
use crate::drill::count_writes;
use crate::engine::{Act, Became, Command, Effect, Refusal, TellAct, decide, evolve, react};
use crate::ident::{Hash, IncidentId};
use crate::log::{BootClock, Draft, Entry, Event, Header, Kind, LOG_VERSION, Stamp, encode, encode_header};
use crate::people::Actor;
use crate::runbook::world_lines;
use crate::time::{Now, Timestamp};

/// The machine that nothing of it ran on.
pub(super) const HOST: &str = "exercise";

/// The author of what nobody did.
const CONSOLE: &str = "switchback";

/// Whether the lines of the log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Every entry is hashed and chained, and is what will be read back.
    Log,
    /// Only what it folds to is of interest.
    None,
}

#[derive(Debug)]
pub(super) struct Record {
    header: Header,
    head: Hash,
    seq: u64,
    lines: Vec<u8>,
    ink: Ink,
    chance: Chance,
    ids: u64,
}

impl Record {
    pub(super) fn new(kit: &Kit, (seed, now): (u64, Now), chance: Chance, ink: Ink) -> Self {
        let header = Header {
            version: LOG_VERSION,
            incident: kit.incident(seed),
            label: kit.start.label.clone(),
            kind: Kind::Drill,
            created_at: now.wall,
            created_by: kit.created_by.clone(),
        };
        // A header of plain fields always has its line.
        let (lines, head) = encode_header(&header).unwrap_or_else(|_| (Vec::new(), Hash::ZERO));
        Self { header, head, seq: 0, lines, ink, chance, ids: 0 }
    }

    pub(super) const fn incident(&self) -> IncidentId {
        self.header.incident
    }

    pub(super) fn id(&mut self, at: Timestamp) -> ulid::Ulid {
        self.ids += 1;
        self.chance.id(self.ids, at)
    }

    pub(super) fn close(self) -> (Header, Vec<u8>) {
        let lines = if self.ink == Ink::Log { self.lines } else { Vec::new() };
        (self.header, lines)
    }

    /// `None` for what could not be read back: nothing that the engine says is such.
    fn write(&mut self, draft: Draft, now: Now) -> Option<Entry> {
        let clock = BootClock { id: HOST.to_owned(), at: now.boot };
        let seq = self.seq + 1;
        let entry = match self.ink {
            Ink::Log => {
                let stamp = Stamp { recorded_at: now.wall, clock };
                let (line, entry) = encode(&draft, seq, self.head, &stamp).ok()?;
                self.lines.extend(line);
                entry
            }
            Ink::None => {
                let Draft { occurred_at, kind, actor, event } = draft;
                let (prev, hash) = (Hash::ZERO, Hash::ZERO);
                Entry {
                    seq,
                    occurred_at,
                    recorded_at: now.wall,
                    clock,
                    kind,
                    actor,
                    event,
                    prev,
                    signature: None,
                    hash,
                }
            }
        };
        self.seq = seq;
        self.head = entry.hash;
        Some(entry)
    }
}

impl Rehearsal<'_> {
    /// What the console saw by itself.
    pub(super) fn note(&mut self, command: Command) {
        // What is known already, or belongs to no open incident, is not recorded.
        let _ = self.act(&Actor::claimed(CONSOLE, HOST), command);
    }

    pub(super) fn act(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        let act = Act { actor: actor.clone(), command };
        let decision = decide(&self.state, &self.board, &act, self.now)?;
        let occurred_at = decision.occurred_at.unwrap_or(self.now.wall);
        let mut effects = Vec::new();
        for event in decision.events {
            effects.extend(self.append(Draft { occurred_at, kind: Kind::Drill, actor: actor.clone(), event }));
        }
        for effect in effects {
            self.carry_out(effect);
        }
        Ok(())
    }

    fn append(&mut self, draft: Draft) -> Vec<Effect> {
        let looks = matches!(draft.event, Event::IncidentOpened { .. });
        let Some(entry) = self.record.write(draft, self.now).map(Arc::new) else { return Vec::new() };
        evolve(&mut self.state, &entry);
        if looks {
            self.look_at_tiers_soon();
        }
        react(&self.state, &entry)
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Execute(resolved) => self.execute(*resolved),
            Effect::Verify { run, step, attempt } => self.verify(run, &step, attempt),
            Effect::WatchHold { run, step } => self.watch_hold(run, &step),
            Effect::Retry { run, step, part, delay } => {
                self.queue.put(self.now.boot + delay, super::Job::Retry { run, step, part });
            }
            Effect::Affect(lines) => self.affect(&lines),
            // Nothing of an exercise leaves the machine.
            Effect::SendUpdate { update, way } => {
                let shown = TellAct::Record { update, way, became: Became::Shown };
                let _ = self.act(&Actor::claimed(CONSOLE, HOST), Command::Tell(Box::new(shown)));
            }
            Effect::CountWrites => self.facilitate(count_writes(&self.world)),
            // Nobody types commands here, nobody stops the clock, nobody is waited for.
            Effect::ExecuteCapture { .. } | Effect::Pace(_) | Effect::Answered { .. } | Effect::Bell => {}
        }
    }

    /// A line that has no effect is told to whoever evaluates: the scenario does not fit the estate.
    fn affect(&mut self, lines: &[String]) {
        for line in lines {
            let applied = world_lines(line, &std::collections::BTreeMap::new())
                .into_iter()
                .try_for_each(|line| line.and_then(|line| self.world.apply(&line)));
            if let Err(why) = applied {
                self.told_to_evaluators(format!("`{line}` had no effect on the simulated estate: {why}"));
            }
        }
    }
}
