//! How steps go wrong by themselves, as a scenario says it: "promotion times out the first time", "the smoke test fails
//! until the names are moved".

use std::cell::Cell;
use std::collections::BTreeMap;

use super::World;
use super::control::Change;
use crate::execution::{Part, Resolved};
use crate::ident::StepId;
use crate::runbook::{CheckLine, Lang, WorldLine, check_lines, world_lines};

/// One thing that goes wrong. Of several that hold, the first counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub on: FaultOn,
    pub does: FaultDoes,
    /// How often; every time while `None`.
    pub times: Option<u32>,
    /// From when on it is over; with `None` and without `times` only `heal all` ends it.
    pub until: Option<Until>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultOn {
    /// The run of this step, whatever it does.
    Step(StepId),
    /// Whatever promotes a server.
    Promotion,
    /// The write through the application's own path, and writes by SQL.
    WriteTest,
    /// Whatever moves names: `route53` blocks, and steps that `serve` in the simulation.
    Names,
    /// Blocks of these languages that no `world drill` stands in for.
    Shell,
    Http,
    Sql,
    /// Whatever runs.
    Run,
    /// Guards and verifies that are asked of the world: not those that read the console's own checks.
    Verify,
}

impl FaultOn {
    /// As it is written: `promote`, `write test`, `route53`, `shell`, `http`, `sql`, `any run`, `any verify`; anything
    /// else is the id of a step.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text {
            "promote" => Self::Promotion,
            "write test" => Self::WriteTest,
            "route53" | "dns" => Self::Names,
            "shell" => Self::Shell,
            "http" => Self::Http,
            "sql" => Self::Sql,
            "any run" => Self::Run,
            "any verify" => Self::Verify,
            step => Self::Step(StepId::new(step)),
        }
    }
}

/// How it goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultDoes {
    /// It ends wrongly, says this, and has no effect.
    Fails(String),
    /// It ends when its time is over, and has no effect.
    TimesOut,
    /// It takes effect, and nobody is told: the link was lost.
    Unknown,
    /// It takes so many times as long.
    Slow(f64),
}

/// What ends a fault.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// This is so in the world: `serving all us-west-2`.
    Holds(CheckLine),
    /// This was done to the world: `dns works`.
    Done(WorldLine),
}

impl Until {
    /// Reads a line of a `check` block, or of a `world` block.
    ///
    /// # Errors
    /// Why it is neither.
    pub fn read(line: &str) -> Result<Self, String> {
        let values = BTreeMap::new();
        let one = "write one line of a `check` block or of a `world` block";
        let [checked] = <[_; 1]>::try_from(check_lines(line, &values)).map_err(|_| one.to_owned())?;
        let [done] = <[_; 1]>::try_from(world_lines(line, &values)).map_err(|_| one.to_owned())?;
        match (checked, done) {
            // `lag db@west < 5s` is a question, `lag db@west 5s` is an order: never both.
            (Ok(line), _) => Ok(Self::Holds(line)),
            (_, Ok(line)) => Ok(Self::Done(line)),
            (Err(question), Err(order)) => Err(format!("{question}; as an order: {order}")),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Faults(Vec<Armed>);

#[derive(Clone, Debug, PartialEq)]
struct Armed {
    fault: Fault,
    /// How often it went wrong. Questions change nothing else in the world.
    used: Cell<u32>,
    over: bool,
}

impl Faults {
    pub(super) fn arm(&mut self, fault: Fault) {
        self.0.push(Armed { fault, used: Cell::new(0), over: false });
    }

    /// What `line` ends is over.
    pub(super) fn ordered(&mut self, line: &WorldLine) {
        let all = matches!(line, WorldLine::Heal { name, region: None } if name == "all");
        for armed in &mut self.0 {
            armed.over |= all || matches!(&armed.fault.until, Some(Until::Done(ends)) if ends == line);
        }
    }
}

impl World {
    /// What goes wrong by itself.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        faults.into_iter().for_each(|fault| self.faults.arm(fault));
        self
    }

    /// From now on this goes wrong as well.
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.arm(fault);
    }

    /// One is over: that of this place among those that were given, counted from 0.
    pub fn end_fault(&mut self, place: usize) {
        if let Some(armed) = self.faults.0.get_mut(place) {
            armed.over = true;
        }
    }

    /// The fault that strikes something of which `strikes` is true. Asking uses it up.
    pub(super) fn fault(&self, strikes: impl Fn(&FaultOn) -> bool) -> Option<&FaultDoes> {
        let holds = |armed: &&Armed| {
            let used_up = armed.fault.times.is_some_and(|times| armed.used.get() >= times);
            let ended = matches!(&armed.fault.until, Some(Until::Holds(line)) if self.holds(line));
            !armed.over && !used_up && strikes(&armed.fault.on) && !ended
        };
        let armed = self.faults.0.iter().find(holds)?;
        armed.used.set(armed.used.get().saturating_add(1));
        Some(&armed.fault.does)
    }

    pub(super) fn fault_of(&self, block: &Resolved, change: &Change<'_>) -> Option<&FaultDoes> {
        let effect = |is: fn(&WorldLine) -> bool| change.effects.iter().any(is);
        self.fault(|on| match on {
            FaultOn::Step(step) => *step == block.step && block.part == Part::Run,
            FaultOn::Promotion => effect(|line| matches!(line, WorldLine::Promote { .. })),
            FaultOn::WriteTest => block.lang == Lang::Sql && super::meaning::writes(&block.text),
            FaultOn::Names => change.moves_names || effect(|line| matches!(line, WorldLine::Serve { .. })),
            FaultOn::Shell => matches!(block.lang, Lang::Bash | Lang::Sh),
            FaultOn::Http => block.lang == Lang::Http,
            FaultOn::Sql => block.lang == Lang::Sql,
            FaultOn::Run => block.part == Part::Run,
            FaultOn::Verify => false,
        })
    }
}
