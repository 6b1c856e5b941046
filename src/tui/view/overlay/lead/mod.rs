//! Who leads: the brief, what waits for a person, proposals, tasks, and command that is offered.

mod brief;
mod offered;
mod work;

use ratatui::layout::Rect;

use super::Sheet;
use super::help::Own;
use crate::action::Acts;
use crate::model::LeadView;
use crate::view::context::View;

/// The keys of the brief, and of command that is offered.
pub(super) const BRIEF: &[Own] = &[
    Own {
        acts: Acts::Looks,
        keys: "y",
        title: "copy",
        help: "The brief as plain text goes to the terminal's clipboard (OSC 52), to be pasted into a chat.",
    },
    Own { acts: Acts::Records, keys: "h", title: "hand command over", help: "The brief goes with the offer." },
    Own { acts: Acts::Records, keys: "r", title: "roles", help: "Assume one, or release it." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "scroll", help: "What waits for somebody stands last." },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "To what lies below." },
];

pub(super) const OFFERED: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "y",
        title: "accept",
        help: "You are in command from that moment on, and who offered it is not any more.",
    },
    Own { acts: Acts::Records, keys: "n", title: "decline", help: "With a reason; command stays where it is." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "scroll", help: "Through the brief that came with it." },
    Own { acts: Acts::Looks, keys: "esc q", title: "later", help: "It stays open: h opens it again." },
];

pub(super) const WAITING: &[Own] = &[
    Own { acts: Acts::Looks, keys: "enter", title: "answer", help: "Opens what answers it." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose", help: "The most urgent stands first." },
    Own { acts: Acts::Looks, keys: "esc q w", title: "back", help: "To what lies below." },
];

pub(super) const PROPOSALS: &[Own] = &[
    Own { acts: Acts::Records, keys: "n", title: "propose", help: "Strong objections are asked for." },
    Own { acts: Acts::Records, keys: "o", title: "object", help: "Yours, or what somebody else said." },
    Own {
        acts: Acts::Records,
        keys: "enter",
        title: "decide",
        help: "Who commands does, or a deputy; the objections are named with the decision.",
    },
    Own { acts: Acts::Records, keys: "x", title: "drop", help: "With a reason." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose", help: "The oldest stands first." },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "To what lies below." },
];

pub(super) const TASKS: &[Own] = &[
    Own { acts: Acts::Records, keys: "n", title: "add", help: "With an owner and a time, where they are known." },
    Own { acts: Acts::Records, keys: "a", title: "assign", help: "Who does it, until when." },
    Own {
        acts: Acts::Records,
        keys: "space enter",
        title: "done",
        help: "With a line of evidence, which may be empty.",
    },
    Own { acts: Acts::Records, keys: "x", title: "drop", help: "It is not needed any more; with a reason." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose", help: "The oldest stands first." },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "To what lies below." },
];

pub(super) const fn keys(of: &LeadView) -> &'static [Own] {
    match of {
        LeadView::Brief { .. } => BRIEF,
        LeadView::Waiting(_) => WAITING,
        LeadView::Proposals(_) => PROPOSALS,
        LeadView::Tasks(_) => TASKS,
        LeadView::Offered(_) => OFFERED,
    }
}

pub(super) fn sheet(view: &View<'_>, of: &LeadView, screen: Rect) -> Sheet {
    match of {
        LeadView::Brief { scroll } => brief::sheet(view, *scroll, screen),
        LeadView::Waiting(list) => work::waiting(view, list, screen),
        LeadView::Proposals(list) => work::proposals(view, list, screen),
        LeadView::Tasks(list) => work::tasks(view, list, screen),
        LeadView::Offered(offer) => offered::sheet(view, offer, screen),
    }
}
