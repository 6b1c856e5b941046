//! Where the person stands: focus, cursors, what is open, what was asked and not answered yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::execution::Part;
use domain::ident::{AudienceId, CaptureId, InjectId, RunId, StepId};
use domain::time::Timestamp;

use super::{Desktop, Filter, HeldKey, Kept, LogView, Outputs, Overlay, Prefix, Taken};
use crate::keys::Keymap;
use crate::theme::Looks;

/// The six panels, in the order of their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Panel {
    Regions,
    Replication,
    Objectives,
    Backups,
    #[default]
    Checklist,
    Log,
}

impl Panel {
    pub const ALL: [Self; 6] =
        [Self::Regions, Self::Replication, Self::Objectives, Self::Backups, Self::Checklist, Self::Log];

    /// Its key, 1 to 6.
    #[must_use]
    pub const fn number(self) -> usize {
        self as usize + 1
    }

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Regions => "Regions",
            Self::Replication => "Replication",
            Self::Objectives => "Objectives",
            Self::Backups => "Backups",
            Self::Checklist => "Checklist",
            Self::Log => "Log",
        }
    }
}

/// What stands under the mouse, as the view that drew it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    Panel(Panel),
    /// A row of the log, counted in [`LogView::rows`]; or of a scrolled panel.
    Row(Panel, usize),
    Step(StepId),
    Tab(RunId),
    /// Anywhere in the overlay on top.
    Overlay,
}

/// A step, and which of its blocks, that the session resolves and guards for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub run: RunId,
    pub step: StepId,
    pub part: Part,
}

/// `x` was pressed on a step that is not resolved yet: its box opens when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub what: Watched,
    pub at: Duration,
}

/// One line for the person, until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    /// Something was not done.
    pub refused: bool,
}

/// Asked of the session, not answered yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// `execute Promote DR database`.
    pub what: String,
    /// Comes back with its text when it is refused.
    pub form: Option<Overlay>,
}

/// Why the screen was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person left; an incident goes on.
    Quit,
    /// The session ended by itself.
    Ended { reason: Option<String> },
    /// The terminal went away, or a signal asked.
    Signal,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Ui {
    pub focus: Panel,
    /// The focused panel has the whole screen.
    pub zoomed: bool,
    /// The run whose tab was chosen.
    pub run: Option<RunId>,
    /// The cursor of each run's checklist, once moved by hand; until then it follows the next open step.
    pub steps: BTreeMap<RunId, StepId>,
    /// First row shown of panels 1 to 4.
    pub scroll: BTreeMap<Panel, usize>,
    /// What the checklist is narrowed to.
    pub checklist: Filter,
    pub log: LogView,
    pub outputs: Outputs,
    /// What was taken from the palette.
    pub taken: Taken,
    /// Drawn bottom-up; the last has the keys.
    pub overlays: Vec<Overlay>,
    pub notice: Option<Notice>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The terminal window has the focus (or does not tell).
    pub attended: bool,
    /// The themes, and which of them is shown.
    pub looks: Looks,
    /// Clocks run by the second and things may turn; without it they move in steps, for slow lines and tired eyes.
    pub motion: bool,
    /// The keys of this person.
    pub keymap: Arc<Keymap>,
    /// The keys of a chord that is not heard out yet.
    pub prefix: Option<Prefix>,
    pub wanted: Option<Wanted>,
    pub exit: Option<Exit>,
    /// Something needs a person: ring, once.
    pub bell: bool,
    pub desktop: Desktop,
    /// To be given to the terminal's clipboard, once.
    pub copy: Option<String>,
    /// The document that was asked for, to be shown when it comes.
    pub reading: Option<String>,
    /// Updates that were begun, by audience: kept until they are sent or begun anew.
    pub drafts: BTreeMap<AudienceId, Kept>,

    /// The last offer of command that this console has opened by itself.
    pub(crate) offered: Option<u64>,
    /// Messages of the exercise that this console has opened by itself.
    pub(crate) opened: BTreeSet<InjectId>,
    /// The exercise has ended: its score opens as soon as nothing is being written.
    pub(crate) score_due: bool,
    /// A one-off command of this console: its output is shown once it is in the log.
    pub(crate) captured: Option<CaptureId>,
    /// Updates of which the bell has rung that they are overdue.
    pub(crate) rung: BTreeSet<(AudienceId, Timestamp)>,
    pub(crate) held: Option<HeldKey>,
    pub(crate) last_key: Option<Duration>,
    /// When the cursor last moved by itself: a key pressed just then was meant for another step.
    pub(crate) moved: Option<Duration>,
    pub(crate) watching: Option<Watched>,
    pub(crate) pending: BTreeMap<u64, Pending>,
    pub(crate) asked: u64,
    pub(crate) seed: u64,
}

impl Ui {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            focus: Panel::default(),
            zoomed: false,
            run: None,
            steps: BTreeMap::new(),
            scroll: BTreeMap::new(),
            checklist: Filter::none(),
            log: LogView::default(),
            outputs: Outputs::default(),
            taken: Taken::default(),
            overlays: Vec::new(),
            notice: None,
            size: (80, 24),
            attended: true,
            looks: Looks::default(),
            motion: true,
            keymap: Arc::default(),
            prefix: None,
            wanted: None,
            exit: None,
            bell: false,
            desktop: Desktop::default(),
            copy: None,
            reading: None,
            offered: None,
            drafts: BTreeMap::new(),
            opened: BTreeSet::new(),
            score_due: false,
            captured: None,
            rung: BTreeSet::new(),
            held: None,
            last_key: None,
            moved: None,
            watching: None,
            pending: BTreeMap::new(),
            asked: 0,
            seed,
        }
    }

    /// A filter is being typed: keys are text.
    #[must_use]
    pub fn filtering(&self) -> bool {
        let open = self.overlays.last().and_then(Overlay::filter);
        open.into_iter().chain([&self.log.filter, &self.checklist]).any(|filter| filter.editing().is_some())
    }

    /// The one that is being typed.
    pub(crate) fn typed_filter(&mut self) -> Option<&mut Filter> {
        let open = self.overlays.last_mut().and_then(Overlay::filter_mut);
        open.into_iter().chain([&mut self.log.filter, &mut self.checklist]).find(|filter| filter.editing().is_some())
    }

    /// The person is in the midst of something that what opens by itself would break into.
    #[must_use]
    pub(crate) fn waits(&self) -> bool {
        self.filtering() || self.wanted.is_some() || self.held.is_some() || self.prefix.is_some()
    }

    /// How many things were asked and are not answered yet.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.pending.len()
    }
}
