//! What the screen shows: the session's last word on everything, and where the person looking at it stands.
//!
//! Drawing reads this and nothing else; only `update` changes it.

mod alerts;
mod checklist;
mod comms;
mod confirm;
mod desktop;
mod editor;
mod exercise;
mod facilitator;
mod field;
mod filter;
mod form;
mod lead;
mod log_view;
mod menu;
mod messages;
mod output;
mod overlay;
mod palette;
mod place;
mod pressed;
mod readiness;
mod runbooks;
mod score;
mod ui;
mod veil;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::console::{BannerAbout, Prepared, Scene};
use domain::engine::{Run, State};
use domain::execution::{GuardResult, Part};
use domain::ident::{DatabaseId, RegionId, RunId, StepId};
use domain::objective::Learned;
use domain::readiness::Readiness;
use domain::reading::Status;
use domain::runbook::Step;
use domain::time::Now;

pub use alerts::{AlertList, answered, open};
pub use checklist::{ChecklistRow, checklist};
pub use comms::{CommsView, Drafting, Kept, Letter, Outbox};
pub use confirm::{ConfirmBox, LOOK, SETTLE, Subject, Waiting};
pub use desktop::Desktop;
pub use editor::{Editor, EditorFor};
pub use exercise::{Conduct, Delivered};
pub use facilitator::{FacilitatorPanel, FacilitatorRow, Pending as PendingInject};
pub use field::Field;
pub use filter::{Filter, Narrowed, Terms};
pub use form::{Form, FormField, NONE, Purpose};
pub use lead::{Chosen, LeadForm, LeadView, OfferView};
pub use log_view::LogView;
pub use menu::{Menu, MenuItem};
pub use messages::{MessageList, MessageView};
pub use output::{Outputs, Tail};
pub use overlay::{Message, Overlay, Scrolled};
pub use palette::{Given, Offer, Palette, Taken, TakenLine};
pub(crate) use pressed::HeldKey;
pub use pressed::Prefix;
pub use readiness::ReadinessList;
pub use runbooks::{DocumentView, Page, RunbookList, needs_a_look};
pub use score::{ScorePage, ScoreView, Scored};
pub use ui::{Exit, Hit, Notice, Panel, Pending, Ui, Wanted, Watched};
pub use veil::{sentence, veiled};

/// Everything on the screen.
#[derive(Clone, Debug)]
pub struct Model {
    pub scene: Scene,
    /// Without an incident: [`State::incident`] is `None`.
    pub state: State,
    /// `None` until the first reading has come.
    pub status: Option<Arc<Status>>,
    /// `None` until everything was looked at once.
    pub readiness: Option<Arc<Readiness>>,
    /// Of the step in focus, once it has been resolved.
    pub prepared: Option<Arc<Prepared>>,
    pub banners: BTreeMap<BannerAbout, String>,
    /// How many consoles have this incident open, this one included.
    pub consoles: usize,
    /// What steps took in earlier runs: forecasts rest on it.
    pub learned: Arc<Learned>,
    pub conduct: Conduct,
    /// The one clock of a frame: in an exercise the scenario's.
    pub now: Now,
    /// The machine's at the same moment: what keys and boxes go by.
    pub real: Now,
    pub ui: Ui,
}

impl Model {
    /// `seed` makes the ids of one-off commands this console starts unlike those of others.
    #[must_use]
    pub fn new(scene: Scene, now: Now, seed: u64) -> Self {
        Self {
            scene,
            state: State::default(),
            status: None,
            readiness: None,
            prepared: None,
            banners: BTreeMap::new(),
            consoles: 1,
            learned: Arc::default(),
            conduct: Conduct::default(),
            now,
            real: now,
            ui: Ui::new(seed),
        }
    }

    /// The run whose tab is open: the one chosen, else the newest.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.ui.run.and_then(|id| self.state.run(id)).or_else(|| self.state.runs.last())
    }

    /// The step under the cursor of the checklist.
    #[must_use]
    pub fn step(&self) -> Option<(&Run, &Step)> {
        let run = self.run()?;
        let chosen = self.ui.steps.get(&run.id).and_then(|id| run.runbook.step(id));
        chosen.or_else(|| checklist::first_open(run)).map(|step| (run, step))
    }

    /// The step the overlay on top is about, else the one under the cursor: what is resolved and guarded meanwhile.
    #[must_use]
    pub fn in_focus(&self) -> Option<Watched> {
        if let Some(about) = self.ui.overlays.iter().rev().find_map(Overlay::watches) {
            return Some(about);
        }
        if let Some(wanted) = &self.ui.wanted {
            return Some(wanted.what.clone());
        }
        let (run, step) = self.step()?;
        Some(Watched { run: run.id, step: step.id.clone(), part: Part::Run })
    }

    /// What was resolved for this step, if it is the one in focus.
    #[must_use]
    pub fn prepared_for(&self, run: RunId, step: &StepId, part: Part) -> Option<&Arc<Prepared>> {
        self.prepared.as_ref().filter(|prepared| prepared.run == run && prepared.step == *step && prepared.part == part)
    }

    /// The overlay on top: it gets the keys.
    #[must_use]
    pub fn overlay(&self) -> Option<&Overlay> {
        self.ui.overlays.last()
    }
}

/// The database and region a `loss DB@REGION …` guard is about.
#[must_use]
pub fn loss_guard(guard: &GuardResult) -> Option<(DatabaseId, RegionId)> {
    let (database, region) = guard.name.strip_prefix("loss ")?.split_whitespace().next()?.split_once('@')?;
    Some((DatabaseId::new(database), RegionId::new(region)))
}
