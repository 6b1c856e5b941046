//! The table.

use super::{Id, enabled, exercise, incident, lead, row, step};
use crate::keys::{Chord, Found, Key};
use crate::model::{Model, Panel};

/// What taking an action can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// Only on this screen.
    Looks,
    /// Appends to the log.
    Records,
    /// Runs something.
    Executes,
}

/// Where its key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Everywhere,
    In(Panel),
}

impl Scope {
    /// Everywhere, then the panels in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Everywhere).chain(Panel::ALL.into_iter().map(Self::In))
    }

    /// Its table of a keymap: `[keys.checklist]`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::In(Panel::Regions) => "regions",
            Self::In(Panel::Replication) => "replication",
            Self::In(Panel::Objectives) => "objectives",
            Self::In(Panel::Backups) => "backups",
            Self::In(Panel::Checklist) => "checklist",
            Self::In(Panel::Log) => "log",
        }
    }
}

/// One action.
#[derive(Clone, Copy)]
pub struct Action {
    pub id: Id,
    pub title: &'static str,
    pub help: &'static str,
    /// As a keymap has them, before a person changed any; the first is the one that is shown.
    pub keys: &'static [&'static str],
    pub scope: Scope,
    pub acts: Acts,
    /// Its word in the hint line; those without one are in the help only.
    pub hint: Option<&'static str>,
    pub(super) enabled: fn(&Model) -> Result<(), String>,
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Action").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A key and its word at the foot of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub key: Chord,
    pub word: &'static str,
    pub enabled: bool,
}

const EVERYWHERE: Scope = Scope::Everywhere;
const CHECKLIST: Scope = Scope::In(Panel::Checklist);
const LOG: Scope = Scope::In(Panel::Log);
const LOOKS: Acts = Acts::Looks;
const RECORDS: Acts = Acts::Records;
const EXECUTES: Acts = Acts::Executes;

/// What the keys that begin a chord are for.
pub const PREFIXES: &[(&str, &str)] = &[("g", "go to"), ("e", "the incident")];

macro_rules! table {
    ($($id:ident $title:literal [$($key:expr),*] $scope:ident $acts:ident $hint:expr, $enabled:expr, $help:literal;)+) => {
        /// In the order of hints, help and palette.
        pub const TABLE: &[Action] = &[$(Action {
            id: Id::$id, title: $title, help: $help, keys: &[$($key),*], scope: $scope, acts: $acts, hint: $hint,
            enabled: $enabled,
        }),+];
    };
}

table! {
    Declare "declare an incident" ["i"] EVERYWHERE RECORDS Some("declare"), incident::no_incident,
        "One form with every answer filled in; Enter declares, and starts its runbook.";
    Open "open" ["enter"] EVERYWHERE LOOKS Some("open"), incident::something_to_open,
        "What is under the cursor, whole; of a step that failed, what can be done about it.";
    Execute "execute the step" ["x"] CHECKLIST EXECUTES Some("execute"), step::execute,
        "A block that only reads runs at once; one that changes something asks first.";
    OpenChild "open as a child run" [] CHECKLIST RECORDS None, step::open_child,
        "The runbook that its title links to, walked in its place: sides, mode and values are those of this run.";
    Tick "tick a manual step" ["space"] CHECKLIST RECORDS Some("tick"), step::tick,
        "Its next sub-step; then the step, with a line of evidence, which may be empty.";
    Untick "untick the last sub-step" [] CHECKLIST RECORDS None, step::untick,
        "It was not done after all; both stay in the log.";
    Skip "skip the step" ["s"] CHECKLIST RECORDS Some("skip"), step::skip,
        "With a reason; the run is then completed with exceptions.";
    Retry "retry the step" ["R"] CHECKLIST EXECUTES None, step::retry,
        "Another attempt of a step that failed, if that does no harm.";
    Approve "ask for approval, or approve" ["a"] CHECKLIST RECORDS None, step::approval,
        "Asks for the approval the step needs; answers the request that stands.";
    Decline "decline approval" [] CHECKLIST RECORDS None, step::decline,
        "The step is held.";
    Override "override a guard" ["o"] CHECKLIST RECORDS None, step::guard,
        "Break glass: one named guard, with a reason and an authority, marked for ever.";
    AcceptLoss "accept the loss" ["L"] CHECKLIST RECORDS None, step::loss,
        "You accept the interval of possible loss that a guard asks about.";
    DoneByHand "done by hand" ["H"] CHECKLIST RECORDS None, step::done_by_hand,
        "The step was carried out elsewhere; say how you know.";
    SettleSucceeded "unknown: it took effect" [] CHECKLIST RECORDS None, step::settle,
        "With the evidence for it.";
    SettleFailed "unknown: it did not take effect" [] CHECKLIST RECORDS None, step::settle,
        "With the evidence for it.";
    Rollback "run its rollback" [] CHECKLIST EXECUTES None, step::rollback,
        "The rollback that the runbook declares for this step.";
    CancelStep "end what is running" ["K"] EVERYWHERE EXECUTES None, step::cancel,
        "The running step or one-off command is told to end, then made to.";
    Note "note" ["n"] EVERYWHERE RECORDS Some("note"), incident::incident,
        "Free text into the log; Enter records it, Alt-Enter begins a new line.";
    Capture "one-off command" ["!"] EVERYWHERE EXECUTES Some("command"), incident::capture,
        "A shell command, confirmed, with its output in the log.";
    Decide "decide" ["d"] EVERYWHERE RECORDS Some("decide"), incident::incident,
        "Records the decision; its text is the recommendation until you change it.";
    StateFence "state the fence" ["f"] EVERYWHERE RECORDS None, incident::fence,
        "How the old side was isolated, and who says so.";
    Mode "change the mode" ["M"] EVERYWHERE RECORDS None, mode_enabled,
        "Planned or forced, for the run or for one step.";
    Pause "pause or resume the run" ["p"] EVERYWHERE RECORDS None, incident::pause,
        "Nothing new is started while it is paused.";
    StartRun "start a runbook" ["S"] EVERYWHERE RECORDS None, incident::start_run,
        "Another runbook in this incident, in a tab of its own.";
    SetValue "set a variable" ["V"] EVERYWHERE RECORDS None, incident::variable,
        "A value of this run; what was approved or typed before is asked again.";
    Abort "abort the run" [] EVERYWHERE RECORDS None, incident::abort,
        "With a reason. Nothing is undone by it.";
    HandOver "hand command over" ["h"] EVERYWHERE RECORDS Some("hand over"), lead::hand_over,
        "Offers command to somebody, with the brief; it stays until they accept, on their console or as spoken.";
    TakeCommand "take command" ["e t"] EVERYWHERE RECORDS None, incident::take_command,
        "You become the incident commander; from somebody who has not offered it with a reason only.";
    Brief "brief" ["b"] EVERYWHERE LOOKS None, lead::declared,
        "Situation, objectives, done and next, who holds what, decisions, tasks, timers, risks; y copies it.";
    Waiting "what am I forgetting?" ["w"] EVERYWHERE LOOKS None, lead::declared,
        "Everything that waits for a person, most urgent first; Enter opens what answers it.";
    Proposals "proposals" ["D"] EVERYWHERE LOOKS None, incident::incident,
        "What is proposed and not decided: object, decide, drop, or propose something.";
    Propose "propose" ["e p"] EVERYWHERE RECORDS None, incident::incident,
        "Strong objections are asked for; then who commands, or a deputy, decides.";
    Tasks "tasks" ["t"] EVERYWHERE LOOKS None, incident::incident,
        "Who does what until when: add, assign, done.";
    AddTask "add a task" ["e k"] EVERYWHERE RECORDS None, incident::incident,
        "With an owner and a time, where they are known.";
    Role "assume or release a role" ["e r"] EVERYWHERE RECORDS None, incident::incident,
        "Deputy, operator, scribe, comms, data owner, observer: for yourself, or as somebody said.";
    Solo "work alone" ["e a"] EVERYWHERE RECORDS None, lead::solo,
        "One person commands and operates; said in the log. Once more ends it.";
    Status "change the status" ["e s"] EVERYWHERE RECORDS None, incident::incident,
        "Investigating, identified, failing over, monitoring, resolved: what updates say.";
    LateNote "late entry" ["N"] EVERYWHERE RECORDS None, incident::incident,
        "A note about something that happened before: 14:12 is today, in UTC as the screen shows it.";
    Severity "change the severity" ["e v"] EVERYWHERE RECORDS None, incident::incident,
        "With a reason.";
    Impact "correct the start of impact" ["e i"] EVERYWHERE RECORDS None, incident::incident,
        "The total clock starts there.";
    Correct "correct an entry" [] LOG RECORDS None, incident::entry,
        "A new entry that supersedes the one under the cursor; nothing is taken back.";
    ContinueLog "continue the log elsewhere" [] EVERYWHERE LOOKS None, log_elsewhere,
        "At another path, chained to the last good entry.";
    Close "close the incident" ["e c"] EVERYWHERE RECORDS None, incident::incident,
        "With a reason, once the old side is reinstated or permanently fenced.";
    FailPrimary "fail the primary now" ["F"] EVERYWHERE RECORDS None, incident::fail_primary,
        "Demonstration only: the primary region fails, instead of a little later.";
    Comms "comms: audiences and updates" ["c"] EVERYWHERE LOOKS None, incident::always,
        "Who is due when, what each was told last, on which way it failed: write, send, try again.";
    Update "tell everybody who is due" ["u"] EVERYWHERE RECORDS Some("update"), incident::incident,
        "Their texts from templates: look, then x and y sends them all; what was sent is in the log.";
    Alerts "alerts" ["A"] EVERYWHERE LOOKS None, incident::always,
        "What fires, who is on it, what is kept quiet: acknowledge there, or silence.";
    Silence "silence an alert" [] EVERYWHERE RECORDS None, incident::some_alert,
        "Nobody is told of it, or of anything of its rule, until a time: the form asks until when and why.";
    Runbooks "runbooks and documents" ["B"] EVERYWHERE LOOKS None, incident::always,
        "What is wrong with each, its steps, its text; a document that is no runbook is read there, and adopted.";
    Messages "messages of the exercise" ["m"] EVERYWHERE LOOKS None, exercise::some,
        "Every message that was delivered, to be read again; what nobody has acknowledged is marked.";
    AcknowledgeMessage "acknowledge a message" [] EVERYWHERE RECORDS None, exercise::unread,
        "Opens the oldest message of the exercise that nobody has acknowledged; a acknowledges it.";
    Facilitator "facilitator's panel" ["E"] EVERYWHERE LOOKS None, exercise::some,
        "The master scenario events list: what comes next, what is expected and observed. Players look away.";
    FireInject "fire an inject now" [] EVERYWHERE RECORDS None, exercise::pending,
        "One that has not fired yet, held back or not.";
    SkipInject "leave an inject out" [] EVERYWHERE RECORDS None, exercise::pending,
        "With a reason: it does not fire any more.";
    AnswerQuestion "answer for the simulated world" [] EVERYWHERE RECORDS None, exercise::question,
        "What it knows nothing of, the facilitator says: it holds, or it does not. The answer is recorded.";
    EvaluatorNote "evaluator's note" [] EVERYWHERE RECORDS None, exercise::some,
        "For the after-action report; players do not read it.";
    PauseExercise "pause or resume the exercise" ["P"] EVERYWHERE RECORDS None, exercise::running,
        "Anybody may: the scenario's clock stands still, and nothing is executed until it goes on.";
    Faster "faster" [] EVERYWHERE RECORDS None, exercise::faster,
        "The scenario's clock goes faster than the wall's; the log keeps the scenario's times.";
    Slower "slower" [] EVERYWHERE RECORDS None, exercise::slower,
        "Down to the pace of the wall clock.";
    EndExercise "end the exercise (EndEx)" [] EVERYWHERE RECORDS None, exercise::running,
        "Asks first. The score is shown, and the hotwash follows.";
    Score "score of the exercise" ["="] EVERYWHERE LOOKS None, exercise::over,
        "Measured against targets, actions expected and observed, the chart of the run, the hotwash.";
    Rate "rate an expected action" [] EVERYWHERE RECORDS None, exercise::rate,
        "P, S, M or U, with a comment: how it was performed.";
    AddStrength "hotwash: a strength" [] EVERYWHERE RECORDS None, exercise::some,
        "What went well, for the after-action report.";
    AddImprovement "hotwash: something to be improved" [] EVERYWHERE RECORDS None, exercise::some,
        "What did not go well, for the after-action report.";
    AddAction "hotwash: an action item" [] EVERYWHERE RECORDS None, exercise::some,
        "What is to be done, by whom, and until when.";
    RealWorld "REAL WORLD: end the exercise" ["W"] EVERYWHERE RECORDS None, exercise::running,
        "Something real goes on: ends the exercise at once, confirmed with y.";
    AcknowledgeAll "acknowledge every alert" [] EVERYWHERE RECORDS None, incident::alert,
        "You are on everything that fires: nobody is reminded of it any more.";
    Readiness "readiness" ["r"] EVERYWHERE LOOKS None, incident::always,
        "Runbooks, tests, credentials, tools: what could be relied on now, and what to do about the rest.";
    Palette "palette" [":", "ctrl-p"] EVERYWHERE LOOKS Some("palette"), incident::always,
        "Every action by name, and why it cannot be taken now.";
    Filter "filter" ["/"] EVERYWHERE LOOKS Some("filter"), incident::always,
        "The checklist, or the log: words, !word, actor:NAME, step:ID, state:NAME, type:NAME. Esc clears it.";
    Help "help" ["?"] EVERYWHERE LOOKS Some("help"), incident::always,
        "The keys that work here.";
    FocusRegions "regions" ["1", "g r"] EVERYWHERE LOOKS None, incident::always, "Focus the panel.";
    FocusReplication "replication" ["2", "g p"] EVERYWHERE LOOKS None, incident::always, "Focus the panel.";
    FocusObjectives "objectives" ["3", "g o"] EVERYWHERE LOOKS None, incident::always, "Focus the panel.";
    FocusBackups "backups" ["4", "g b"] EVERYWHERE LOOKS None, incident::always, "Focus the panel.";
    FocusChecklist "checklist" ["5", "g c"] EVERYWHERE LOOKS None, incident::always, "Focus the panel.";
    FocusLog "log" ["6", "g l"] EVERYWHERE LOOKS None, incident::always, "Focus the panel.";
    NextPanel "next panel" ["tab"] EVERYWHERE LOOKS None, incident::always, "Focus goes round.";
    PreviousPanel "previous panel" ["shift-tab"] EVERYWHERE LOOKS None, incident::always,
        "Focus goes round the other way.";
    Zoom "zoom" ["+"] EVERYWHERE LOOKS None, incident::always, "The focused panel takes the whole screen; once more gives it back.";
    Unzoom "back" ["_", "-", "esc"] EVERYWHERE LOOKS None, incident::always,
        "One thing back: the filter, the zoom, the cursor, the run that a step was opened in.";
    Down "down" ["j", "down"] EVERYWHERE LOOKS None, incident::always, "In the focused panel.";
    Up "up" ["k", "up"] EVERYWHERE LOOKS None, incident::always, "In the focused panel.";
    PageDown "page down" ["page-down", "ctrl-d"] EVERYWHERE LOOKS None, incident::always,
        "In the focused panel.";
    PageUp "page up" ["page-up", "ctrl-u"] EVERYWHERE LOOKS None, incident::always,
        "In the focused panel.";
    Top "first" ["g g", "home"] EVERYWHERE LOOKS None, incident::always, "In the focused panel.";
    Bottom "last" ["G", "end", "g e"] EVERYWHERE LOOKS None, incident::always,
        "In the focused panel; the log follows again.";
    PreviousRun "previous run" ["["] EVERYWHERE LOOKS None, incident::other_runs, "Tabs of the checklist.";
    NextRun "next run" ["]", "g n"] EVERYWHERE LOOKS None, incident::other_runs, "Tabs of the checklist.";
    ToParent "back to the run it is a part of" ["U", "g u"] EVERYWHERE LOOKS None, incident::parent,
        "From a runbook that was opened for a step, up to that step.";
    GoToRun "go to a run" [] EVERYWHERE LOOKS None, incident::other_runs,
        "By the name of its runbook; its tab comes to the front.";
    Theme "change the theme" [] EVERYWHERE LOOKS None, incident::always,
        "The colours of this console; what is under the cursor is shown at once.";
    Quit "quit" ["q", "ctrl-c"] EVERYWHERE LOOKS None, incident::always,
        "Asks first while an incident is open: it goes on without this console.";
}

fn mode_enabled(model: &Model) -> Result<(), String> {
    incident::open_run(model).map(|_| ())
}

fn log_elsewhere(model: &Model) -> Result<(), String> {
    incident::may_write(model)?;
    incident::log_broken(model)
}

/// Its key works with the focus where it is.
#[must_use]
pub fn works_here(action: &Action, model: &Model) -> bool {
    match action.scope {
        Scope::Everywhere => true,
        Scope::In(panel) => panel == model.ui.focus,
    }
}

/// The action that one key alone stands for with the focus where it is.
#[must_use]
pub fn for_key(key: Key, model: &Model) -> Option<&'static Action> {
    match model.ui.keymap.on_bridge(model.ui.focus, &[key]) {
        Found::Bound(id) => Some(row(id)),
        Found::Begun | Found::Nothing => None,
    }
}

/// The hint line of the bridge: what can be done first, then what always can.
#[must_use]
pub fn hints(model: &Model) -> Vec<Hint> {
    let shown = TABLE.iter().filter(|action| works_here(action, model));
    let hint = |action: &'static Action| {
        let (word, key) = (action.hint?, model.ui.keymap.shown(model.ui.focus, action.id)?);
        Some(Hint { key: key.clone(), word, enabled: enabled(model, action.id).is_ok() })
    };
    shown.filter_map(hint).filter(|hint| hint.enabled || hint.word != "declare").collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_key_stands_for_two_actions_in_one_place() {
        let mut seen = BTreeSet::new();
        for (action, key) in TABLE.iter().flat_map(|action| action.keys.iter().map(move |key| (action, *key))) {
            let chord = Chord::parse(key).unwrap();
            let clash = seen
                .iter()
                .find(|other: &&Chord| chord.after(other.keys()).is_some() || other.after(chord.keys()).is_some());
            assert!(clash.is_none(), "{key} of {} is taken by {clash:?}", action.title);
            seen.insert(chord);
        }
    }

    #[test]
    fn what_begins_a_chord_is_named() {
        for (key, _) in PREFIXES {
            assert!(TABLE.iter().flat_map(|action| action.keys).any(|keys| keys.starts_with(&format!("{key} "))));
        }
        let begun = TABLE.iter().flat_map(|action| action.keys).filter_map(|keys| keys.split_once(' '));
        for (first, _) in begun {
            assert!(PREFIXES.iter().any(|(key, _)| *key == first), "{first}");
        }
    }

    #[test]
    fn every_action_has_one_row_and_says_what_it_does() {
        let ids: BTreeSet<_> = TABLE.iter().map(|action| action.id).collect();
        assert_eq!(ids.len(), TABLE.len());
        assert_eq!(ids.last(), Some(&Id::Quit));
        assert!(TABLE.iter().all(|action| action.help.ends_with('.') && !action.title.is_empty()));
        assert_eq!(ids.len(), Id::Quit as usize + 1, "an id without a row");
    }
}
