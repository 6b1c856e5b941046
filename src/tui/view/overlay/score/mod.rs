//! The score of an exercise in pages: what was measured, what was expected and observed, injects, the hotwash.

mod actions;
mod chart;
mod hotwash;
mod result;

use domain::drill::score::Outcome;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::facilitator::injects;
use super::help::Own;
use crate::action::Acts;
use crate::model::{ScorePage, ScoreView, Scored};
use crate::theme::Role;
use crate::view::context::View;
use crate::view::hints::keys;
use crate::widget::{List, dialog, over, padded, placed};

const WIDTH: u16 = 150;
const TALLEST: u16 = 54;

/// The keys of the score.
pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "r",
        title: "rate an action",
        help: "The expected action under the cursor: P, S, M or U, with a comment.",
    },
    Own {
        acts: Acts::Records,
        keys: "+ -",
        title: "a strength, an improvement",
        help: "What went well, and what did not, for the after-action report.",
    },
    Own {
        acts: Acts::Records,
        keys: "a",
        title: "an action item",
        help: "What is to be done, by whom, and until when.",
    },
    Own { acts: Acts::Looks, keys: "tab ← →", title: "pages", help: "Result, actions, injects, hotwash." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose, or scroll", help: "In the page." },
    Own { acts: Acts::Looks, keys: "esc q =", title: "back", help: "To what lies below; = shows the score again." },
];

pub(super) fn draw(view: &View<'_>, shown: &ScoreView, screen: Rect, buffer: &mut Buffer) {
    let height = if screen.height >= 30 { (screen.height - 2).min(TALLEST) } else { screen.height };
    let area = placed(screen, WIDTH, height);
    let Some(scored) = view.model.conduct.scored.as_deref() else {
        dialog(view.theme, area, "Score", Role::BorderFocus, buffer);
        return;
    };
    let title = format!("EXERCISE {}: {}", scored.score.label, scored.score.title);
    let inner = dialog(view.theme, area, &title, Role::Warning, buffer);
    if inner.height < 5 {
        return;
    }
    buffer.set_line(inner.x, inner.y, &tabs(view, shown.page), inner.width);
    let body = Rect { y: inner.y + 2, height: inner.height.saturating_sub(3), ..inner };
    let width = usize::from(body.width);
    let mut list = match shown.page {
        ScorePage::Result => List::of(result::lines(view, scored, body)),
        ScorePage::Actions => actions::list(view, &scored.score, shown.action, width),
        ScorePage::Injects => injects(view, width),
        ScorePage::Hotwash => List::of(hotwash::lines(view, &scored.score, width)),
    };
    list.offset = shown.scroll;
    list.draw(view.theme, body, buffer);
    let foot = keys(view, pairs(shown.page).into_iter(), width);
    buffer.set_line(inner.x.saturating_sub(1), inner.bottom() - 1, &foot, inner.width);
    let hidden = padded(&list.hidden(view.theme, usize::from(body.height)));
    if !hidden.is_empty() {
        let line = Line::from(hidden);
        let wide = u16::try_from(line.width()).unwrap_or(u16::MAX).min(inner.width);
        over(buffer, inner.right() - wide, area.bottom() - 1, &line, wide);
    }
}

/// How an outcome looks.
pub(super) const fn looks(outcome: Outcome) -> Role {
    match outcome {
        Outcome::Passed => Role::Ok,
        Outcome::Failed => Role::Down,
        Outcome::Open => Role::Unknown,
    }
}

fn tabs(view: &View<'_>, page: ScorePage) -> Line<'static> {
    let mut spans = Vec::new();
    for other in ScorePage::ALL {
        let here = other == page;
        let style = view.style(if here { Role::Accent } else { Role::Muted });
        let text =
            if here { format!("{} {}", view.symbols().next, other.title()) } else { format!("  {}", other.title()) };
        spans.push(Span::styled(text, style));
        spans.push(Span::raw("  "));
    }
    Line::from(spans)
}

fn pairs(page: ScorePage) -> Vec<(String, &'static str, bool)> {
    let own: &[(&str, &'static str)] = match page {
        ScorePage::Actions => &[("r", "rate"), ("↑↓", "choose")],
        _ => &[("+", "strength"), ("-", "improvement"), ("a", "action item"), ("↑↓", "scroll")],
    };
    let always = [("tab", "next page"), ("esc", "back"), ("?", "help")];
    own.iter().copied().chain(always).map(|(key, word)| (key.to_owned(), word, true)).collect()
}

/// The line that leads to the report.
fn report(view: &View<'_>, scored: &Scored, width: usize) -> Line<'static> {
    crate::widget::Row::new()
        .put(format!("switchback export {}", scored.score.label), view.style(Role::Accent))
        .put(" writes the after-action report", view.style(Role::Muted))
        .fit(width)
}
