//! Bars and sparklines, in eighths of a cell where the terminal has them.

use ratatui::text::Span;

use crate::theme::{Role, Theme};

/// A bar of `columns` cells filled to `share` (0 to 1; more is full), on a quiet track.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn bar(theme: &Theme, share: f64, columns: usize, role: Role) -> Vec<Span<'static>> {
    let symbols = theme.symbols();
    let steps = symbols.bar_part.len() + 1;
    let filled = (share.clamp(0.0, 1.0) * (columns * steps) as f64).round() as usize;
    let mut text = symbols.bar_full.repeat(filled / steps);
    if let Some(part) = (filled % steps).checked_sub(1) {
        text.push_str(symbols.bar_part[part]);
    }
    let rest = columns.saturating_sub(filled.div_ceil(steps));
    vec![Span::styled(text, theme.style(role)), Span::styled(symbols.bar_empty.repeat(rest), theme.style(Role::Track))]
}

/// One sign for each of the last `columns` values; a failure stands as a sign of its own. What is steady stays low, at a
/// quarter of the height, so that only a rise stands out.
#[must_use]
pub fn spark(theme: &Theme, values: &[Option<u32>], columns: usize) -> Vec<Span<'static>> {
    let symbols = theme.symbols();
    let shown = &values[values.len().saturating_sub(columns)..];
    let usual = shown.iter().flatten().copied().min().unwrap_or_default();
    let highest = shown.iter().flatten().copied().max().unwrap_or_default().max(usual.saturating_mul(4)).max(1);
    let mut spans: Vec<Span<'static>> = Vec::new();
    for value in shown {
        let (sign, role) = match value {
            Some(value) => {
                let step = u64::from(*value) * 7 / u64::from(highest);
                (symbols.spark[usize::try_from(step).unwrap_or_default()], Role::Muted)
            }
            None => (symbols.down, Role::Down),
        };
        let style = theme.style(role);
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(sign),
            _ => spans.push(Span::styled(sign.to_owned(), style)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::ASCII;

    fn text(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn a_bar_is_as_long_as_asked_and_grows_by_eighths() {
        let theme = Theme::default();
        assert_eq!(text(&bar(&theme, 0.5, 4, Role::Ok)), "██──");
        assert_eq!(text(&bar(&theme, 0.53, 4, Role::Ok)), "██▏─");
        assert_eq!(text(&bar(&theme, 7.0, 4, Role::Ok)), "████");
        assert_eq!(text(&bar(&theme, -1.0, 4, Role::Ok)), "────");
        assert_eq!(text(&bar(&theme.with_symbols(&ASCII), 0.53, 4, Role::Ok)), "##--");
    }

    #[test]
    fn a_failure_in_a_sparkline_is_not_a_zero() {
        let theme = Theme::default();
        assert_eq!(text(&spark(&theme, &[Some(9), Some(0), None, Some(9)], 3)), "▁✗█");
        assert_eq!(text(&spark(&theme, &[], 3)), "");
    }
}
