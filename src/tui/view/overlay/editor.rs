//! Several lines of text being written.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use crate::model::{Editor, EditorFor};
use crate::theme::Role;
use crate::view::context::View;
use crate::view::hints::keys;
use crate::widget::{dialog, ellipsis, placed};

const WIDTH: u16 = 80;
/// Rows of text before it scrolls.
const ROWS: u16 = 10;

pub(super) fn draw(view: &View<'_>, editor: &Editor, screen: Rect, buffer: &mut Buffer) {
    // Long lines are folded: about this many rows.
    let folded = |line: &String| 1 + line.chars().count() / usize::from(WIDTH - 8);
    let written = editor.area.lines().iter().map(folded).sum::<usize>();
    let written = u16::try_from(written).unwrap_or(u16::MAX);
    let rows = written.clamp(3, ROWS);
    let area = placed(screen, WIDTH, rows + 6);
    let (title, about) = describe(editor);
    let inner = dialog(view.theme, area, title, Role::BorderFocus, buffer);
    if inner.height < 4 {
        return;
    }
    let width = usize::from(inner.width);
    let about = ellipsis(&about, width, view.symbols().ellipsis);
    buffer.set_stringn(inner.x, inner.y, about, width, view.style(Role::Muted));
    let text = Rect { y: inner.y + 1, height: inner.height - 3, ..inner };
    let mut area = editor.area.clone();
    area.set_style(view.style(Role::Strong));
    area.set_cursor_line_style(Style::new());
    area.set_cursor_style(Style::new().add_modifier(Modifier::REVERSED));
    area.render(text, buffer);
    if let Some(problem) = &editor.problem {
        let line = Line::styled(format!("{} {problem}", view.symbols().warning), view.bold(Role::Warning));
        buffer.set_line(inner.x, text.bottom(), &line, inner.width);
    }
    let mut pairs = vec![("enter", done(editor)), ("alt-enter", "new line")];
    if matches!(editor.purpose, EditorFor::Decide { .. }) {
        pairs.push(("tab", "failover or not"));
    }
    pairs.push(("esc", "cancels"));
    let pairs = pairs.into_iter().map(|(key, word)| (key.to_owned(), word, true));
    let line = keys(view, pairs, width);
    buffer.set_line(inner.x.saturating_sub(1), inner.bottom() - 1, &line, inner.width);
}

fn describe(editor: &Editor) -> (&'static str, String) {
    match &editor.purpose {
        EditorFor::Note { about: Some((_, _, title)) } => ("Note", format!("about {title}")),
        EditorFor::Note { about: None } => ("Note", "about the incident".to_owned()),
        EditorFor::Decide { failover: true } => ("Decide", "to fail over: the execution clock starts".to_owned()),
        EditorFor::Decide { failover: false } => ("Decide", "not to fail over, or something else".to_owned()),
        EditorFor::EvaluatorNote { inject } => {
            let about =
                inject.as_ref().map_or_else(|| "about the exercise".to_owned(), |inject| format!("about {inject}"));
            ("Evaluator's note", format!("{about}; players do not read it"))
        }
        EditorFor::Capture => ("One-off command", "a shell command; what it prints goes into the log".to_owned()),
    }
}

const fn done(editor: &Editor) -> &'static str {
    match editor.purpose {
        EditorFor::Capture => "asks once more",
        EditorFor::Note { .. } | EditorFor::EvaluatorNote { .. } | EditorFor::Decide { .. } => "records it",
    }
}
