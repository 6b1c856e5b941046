//! Names of actions: for the code, and for a person's keymap. The second kind is public and stays as it is.

macro_rules! ids {
    ($($id:ident $name:literal,)+) => {
        /// An action of the [table](super).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Id {
            $($id,)+
        }

        impl Id {
            pub const ALL: &[Self] = &[$(Self::$id,)+];

            /// Its public name: what a keymap, the documentation and a bug report call it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$id => $name,)+
                }
            }
        }
    };
}

ids! {
    Open "open",
    Execute "execute",
    OpenChild "open-child",
    Tick "tick",
    Untick "untick",
    Skip "skip",
    Retry "retry",
    Rollback "rollback",
    DoneByHand "done-by-hand",
    SettleSucceeded "settle-succeeded",
    SettleFailed "settle-failed",
    Override "override",
    AcceptLoss "accept-loss",
    StateFence "state-fence",
    Approve "approve",
    Decline "decline",
    Mode "mode",
    SetValue "set-value",
    CancelStep "cancel-step",
    Pause "pause",
    Abort "abort",
    Declare "declare",
    Decide "decide",
    StartRun "start-run",
    Note "note",
    Capture "capture",
    HandOver "hand-over",
    TakeCommand "take-command",
    Brief "brief",
    Waiting "waiting",
    Proposals "proposals",
    Propose "propose",
    Tasks "tasks",
    AddTask "add-task",
    Role "role",
    Solo "solo",
    Status "status",
    LateNote "late-note",
    Severity "severity",
    Impact "impact",
    Correct "correct",
    Close "close",
    ContinueLog "continue-log",
    FailPrimary "fail-primary",
    Comms "comms",
    Update "update",
    Alerts "alerts",
    Silence "silence",
    Runbooks "runbooks",
    AcknowledgeAll "acknowledge-all",
    Readiness "readiness",
    Theme "theme",
    Palette "palette",
    Filter "filter",
    Help "help",
    FocusRegions "focus-regions",
    FocusReplication "focus-replication",
    FocusObjectives "focus-objectives",
    FocusBackups "focus-backups",
    FocusChecklist "focus-checklist",
    FocusLog "focus-log",
    NextPanel "next-panel",
    PreviousPanel "previous-panel",
    Zoom "zoom",
    Unzoom "unzoom",
    Down "down",
    Up "up",
    PageDown "page-down",
    PageUp "page-up",
    Top "top",
    Bottom "bottom",
    PreviousRun "previous-run",
    NextRun "next-run",
    GoToRun "run",
    ToParent "to-parent",
    Messages "messages",
    AcknowledgeMessage "acknowledge-message",
    Facilitator "facilitator",
    FireInject "fire-inject",
    SkipInject "skip-inject",
    AnswerQuestion "answer-question",
    EvaluatorNote "evaluator-note",
    PauseExercise "pause-exercise",
    Faster "faster",
    Slower "slower",
    EndExercise "end-exercise",
    Score "score",
    Rate "rate",
    AddStrength "add-strength",
    AddImprovement "add-improvement",
    AddAction "add-action",
    RealWorld "real-world",
    Quit "quit",
}

impl Id {
    /// The action of that public name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|id| id.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_is_one_actions_own_and_leads_back_to_it() {
        let names: BTreeSet<_> = Id::ALL.iter().map(|id| id.name()).collect();
        assert_eq!(names.len(), Id::ALL.len());
        assert!(Id::ALL.iter().all(|id| Id::named(id.name()) == Some(*id)));
        assert_eq!(Id::named("no-such-action"), None);
    }

    #[test]
    fn names_are_words_in_small_letters_with_hyphens_between() {
        for name in Id::ALL.iter().map(|id| id.name()) {
            let words: Vec<&str> = name.split('-').collect();
            let plain = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
            assert!(words.iter().all(plain), "{name}");
        }
    }
}
