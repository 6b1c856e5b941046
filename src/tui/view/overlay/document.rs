//! A runbook or another document, page by page: what is wrong with it, its steps, its text, what it would be.

use domain::diagnostic::Severity;
use domain::document::{Basis, Document, Finding, Line as DiffLine, Listed, Sign, Standing};
use domain::runbook::Confidence;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::help::Own;
use super::{Sheet, inside};
use crate::action::Acts;
use crate::model::{DocumentView, Overlay, Page, Purpose};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, fold, wrap};

const WIDTH: u16 = 116;
/// Columns of a line's number.
const NUMBER: usize = 4;

pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "S",
        title: "start it",
        help: "In the incident that is open; where none is, one is declared with it. A foreign document is walked by hand.",
    },
    Own {
        acts: Acts::Records,
        keys: "a enter",
        title: "adopt",
        help: "Of a foreign document: a shows what it would be as a runbook, against what it is; Enter there asks for the \
               name of a new file beside it. Nothing is written before that is accepted, and nothing is overwritten.",
    },
    Own {
        acts: Acts::Looks,
        keys: "tab ← →",
        title: "another page",
        help: "What is wrong, steps, text, as a runbook.",
    },
    Own {
        acts: Acts::Looks,
        keys: "y",
        title: "copy",
        help: "The commands of the step under the cursor, to the clipboard of your terminal (OSC 52); some terminals and \
               tmux have to be told to allow it.",
    },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose, or scroll", help: "A step, or the text." },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "To what lies below." },
];

pub(super) fn sheet(view: &View<'_>, shown: &DocumentView, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let document = &*shown.document;
    let (lines, selected) = match shown.page {
        Page::Findings => (findings(view, document, width), None),
        Page::Steps => steps(view, document, shown.step, width),
        Page::Text => (text(view, document, width), None),
        Page::Proposal => (proposal(view, document, width), None),
    };
    let mut list = List::of(lines);
    list.offset = shown.scroll;
    list.selected = selected;
    list.lit = selected.is_some();
    let foreign = matches!(document.standing, Standing::Foreign { .. });
    let title = if foreign { format!("{} (foreign, read-only)", document.title) } else { document.title.clone() };
    Sheet {
        title,
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: vec![Line::default(), pages(view, shown, width)],
        keys: keys(view, shown),
    }
}

fn keys(view: &View<'_>, shown: &DocumentView) -> Vec<(&'static str, &'static str)> {
    let below = view.model.ui.overlays.iter().rev().find(|overlay| !matches!(overlay, Overlay::Document(_)));
    let waiting = matches!(below, Some(Overlay::Form(form)) if form.purpose == Purpose::StartRun);
    let mut keys = match shown.page {
        Page::Proposal => vec![("enter", "adopts it, in a new file")],
        _ if waiting => vec![("enter", "starts it all the same")],
        _ => Vec::new(),
    };
    if shown.page == Page::Steps {
        keys.push(("y", "copies"));
    }
    if shown.document.proposal.is_some() && shown.page != Page::Proposal {
        keys.push(("a", "adopt"));
    }
    if shown.pages().len() > 1 {
        keys.push(("tab", "next page"));
    }
    keys.extend([("↑↓", if shown.page == Page::Steps { "choose" } else { "scroll" }), ("?", "help"), ("esc", "back")]);
    keys
}

/// The pages there are, the one that is shown marked.
fn pages(view: &View<'_>, shown: &DocumentView, width: usize) -> Line<'static> {
    let mut row = Row::new();
    for page in shown.pages() {
        let name = match page {
            Page::Findings => "what is wrong",
            Page::Steps => "steps",
            Page::Text => "text",
            Page::Proposal => "as a runbook",
        };
        let here = page == shown.page;
        let (name, style) = if here {
            (format!("[{name}]"), view.bold(Role::Accent))
        } else {
            (format!(" {name} "), view.style(Role::Muted))
        };
        row = row.put(name, style).gap(1);
    }
    let place = shown.document.path.clone().unwrap_or_else(|| "ships with the program".to_owned());
    row.right(format!("  {place}"), view.style(Role::Muted)).fit(width)
}

fn findings(view: &View<'_>, document: &Document, width: usize) -> Vec<Line<'static>> {
    let mut lines = styled(
        "A step with an error in it is done by hand, with the reason beside it; the rest runs.",
        view.style(Role::Muted),
        width,
    );
    for found in &document.findings {
        lines.push(Line::default());
        lines.extend(finding(view, found, width));
    }
    lines
}

fn finding(view: &View<'_>, found: &Finding, width: usize) -> Vec<Line<'static>> {
    let (sign, word, role) = match found.severity {
        Severity::Error => (view.symbols().down, "error", Role::Down),
        Severity::Warning => (view.symbols().warning, "warning", Role::Warning),
        Severity::Note => (view.symbols().dot, "note", Role::Muted),
    };
    let head = Row::new()
        .put(format!("{sign} {word} "), view.bold(role))
        .put(format!("line {}, column {}", found.line, found.column), view.style(Role::Strong))
        .right(format!("  {}", found.code), view.style(Role::Muted));
    let mut lines = vec![head.fit(width)];
    lines.extend(indented(&found.message, 2, view.style(Role::Text), width));
    if let Some(help) = &found.help {
        lines.extend(indented(&format!("help: {help}"), 2, view.style(Role::Accent), width));
    }
    lines
}

/// The steps, and where the one under the cursor begins.
fn steps(view: &View<'_>, document: &Document, cursor: usize, width: usize) -> (Vec<Line<'static>>, Option<usize>) {
    let mut lines = preface(view, document, width);
    let (mut phase, mut selected) = (None, None);
    for (at, step) in document.steps.iter().enumerate() {
        if phase != Some(&step.phase) {
            lines.push(Line::default());
            lines.push(Line::styled(step.phase.clone(), view.style(Role::Title)));
            phase = Some(&step.phase);
        }
        if at == cursor {
            selected = Some(lines.len());
        }
        lines.push(step_line(view, step, width));
        for command in step.commands.iter().flat_map(|command| command.lines()) {
            let parts = fold(command, width.saturating_sub(6)).into_iter();
            lines.extend(parts.map(|part| Line::styled(format!("      {part}"), view.style(Role::Muted))));
        }
    }
    (lines, selected)
}

fn step_line(view: &View<'_>, step: &Listed, width: usize) -> Line<'static> {
    let (word, role, how) = match &step.basis {
        Basis::Inferred { confidence, how } => {
            let role = match confidence {
                Confidence::High => Role::Ok,
                Confidence::Medium => Role::Text,
                Confidence::Low => Role::Warning,
            };
            (confidence.word(), role, format!("{how}, line {}", step.line))
        }
        Basis::ByHand { because: None } => ("hand", Role::Muted, format!("by hand, line {}", step.line)),
        Basis::ByHand { because: Some(_) } => {
            ("hand", Role::Warning, format!("by hand: has an error, line {}", step.line))
        }
        Basis::Runs { language } => ("runs", Role::Ok, format!("{language}, line {}", step.line)),
    };
    Row::new()
        .cell(7, word, view.style(role))
        .put(step.title.clone(), view.style(Role::Text))
        .right(format!("  {how}"), view.style(Role::Muted))
        .fit(width)
}

/// Of a foreign document: what that means, and what was left out or changed.
fn preface(view: &View<'_>, document: &Document, width: usize) -> Vec<Line<'static>> {
    let Standing::Foreign { steps } = document.standing else { return Vec::new() };
    let steps = if steps == 1 { "1 step was inferred".to_owned() } else { format!("{steps} steps were inferred") };
    let text = format!(
        "No runbook of this console (its front matter does not say `runbook: 1`): it is only read, and nothing in it runs. \
         {steps}, with the confidence at the left; walked in an incident, each is done by hand."
    );
    let mut lines = styled(&text, view.style(Role::Text), width);
    for note in &document.notes {
        lines.extend(styled(&format!("{} {note}", view.symbols().dot), view.style(Role::Muted), width));
    }
    lines
}

fn text(view: &View<'_>, document: &Document, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (number, text) in (1..).zip(&document.lines) {
        for (at, part) in fold(text, width.saturating_sub(NUMBER + 2)).into_iter().enumerate() {
            let number = if at == 0 { format!("{number:>NUMBER$}  ") } else { " ".repeat(NUMBER + 2) };
            let style = view.style(Role::Text);
            lines.push(Line::from(vec![Span::styled(number, view.style(Role::Muted)), Span::styled(part, style)]));
        }
    }
    lines
}

fn proposal(view: &View<'_>, document: &Document, width: usize) -> Vec<Line<'static>> {
    let Some(proposal) = &document.proposal else { return Vec::new() };
    let text = format!(
        "What Enter would write as {}, against the document: - goes, + comes. Each step says from what it was inferred, and \
         how sure that is; no block is marked to run. The document itself stays as it is.",
        proposal.file.as_str()
    );
    let mut lines = styled(&text, view.style(Role::Text), width);
    for note in &document.notes {
        lines.extend(styled(&format!("{} {note}", view.symbols().dot), view.style(Role::Muted), width));
    }
    lines.push(Line::default());
    for line in &proposal.lines {
        lines.extend(diff_line(view, line, width));
    }
    lines
}

fn diff_line(view: &View<'_>, line: &DiffLine, width: usize) -> Vec<Line<'static>> {
    let (sign, style) = match line.sign {
        Sign::Stays => (" ", view.style(Role::Muted)),
        Sign::Goes => ("-", view.style(Role::Down)),
        Sign::Comes => ("+", view.style(Role::Ok)),
        Sign::LeftOut => {
            return vec![Line::styled(format!("  {} {}", view.symbols().ellipsis, line.text), view.style(Role::Title))];
        }
    };
    let mut lines: Vec<Line<'static>> = fold(&line.text, width.saturating_sub(2))
        .into_iter()
        .map(|part| Line::styled(format!("{sign} {part}"), style))
        .collect();
    if let Some(because) = &line.because {
        lines.extend(indented(because, 4, view.style(Role::Accent), width));
    }
    lines
}

fn styled(text: &str, style: Style, width: usize) -> Vec<Line<'static>> {
    wrap(text, width).into_iter().map(|line| Line::styled(line, style)).collect()
}

fn indented(text: &str, by: usize, style: Style, width: usize) -> Vec<Line<'static>> {
    let parts = wrap(text, width.saturating_sub(by)).into_iter();
    parts.map(|part| Line::styled(format!("{}{part}", " ".repeat(by)), style)).collect()
}
