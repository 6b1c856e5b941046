//! Where one stands, in the last row while something lies over the bridge: the way back is as long as this.

use ratatui::text::{Line, Span};

use super::context::View;
use crate::theme::Role;
use crate::widget::width as columns;

const BETWEEN: &str = " › ";

/// `Checklist › Regional failover › Warm the cache › Help`; the beginning gives way where room is short.
pub(super) fn line(view: &View<'_>, width: usize) -> Line<'static> {
    let crumbs = view.model.crumbs();
    let needed = |crumbs: &[String]| crumbs.iter().map(|crumb| columns(crumb) + columns(BETWEEN)).sum::<usize>();
    let mut first = 0;
    while needed(&crumbs[first..]) > width.saturating_sub(4) && first + 1 < crumbs.len() {
        first += 1;
    }
    let mut spans = vec![Span::raw(" ")];
    if first > 0 {
        spans.push(Span::styled(format!("{}{BETWEEN}", view.symbols().ellipsis), view.style(Role::Muted)));
    }
    let last = crumbs.len().saturating_sub(1);
    for (at, crumb) in crumbs.into_iter().enumerate().skip(first) {
        let here = at == last;
        spans.push(Span::styled(crumb, view.style(if here { Role::Text } else { Role::Muted })));
        if !here {
            spans.push(Span::styled(BETWEEN, view.style(Role::Muted)));
        }
    }
    Line::from(spans)
}

/// `Regional failover › Warm the cache`, for the title of a checklist that is a part of another.
pub(super) fn runs(view: &View<'_>) -> Option<String> {
    let titles: Vec<&str> = view.model.runs_around().into_iter().map(|run| run.runbook.title.as_str()).collect();
    (!titles.is_empty()).then(|| titles.join(BETWEEN))
}
