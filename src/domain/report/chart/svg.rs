//! The chart as SVG, drawn with the colours of the page around it. What a colour says, a pattern or a word says too.

use std::fmt::Write;
use std::time::Duration;

use super::{Allowance, Bar, Chart, Outcome, Stretch};
use crate::reading::Verdict;
use crate::report::text::html;
use crate::report::{Point, verdict_word};
use crate::time::{at_offset, human, since};

/// Units of the drawing: about a pixel on a wide page.
const WIDTH: f64 = 1000.0;
const LEFT: f64 = 290.0;
const RIGHT: f64 = 985.0;
const ROW: f64 = 26.0;
const BAR: f64 = 14.0;
/// A line of the labels at the top.
const LABEL: f64 = 17.0;
/// About how wide a character is.
const CHARACTER: f64 = 7.0;
/// What fits left of the bars.
const LONGEST_NAME: usize = 37;

impl Chart {
    /// The drawing as an element of an HTML page whose style names its colours; `id` tells it from others of the page.
    #[must_use]
    pub fn svg(&self, id: usize) -> String {
        let labels = self.labels();
        let lines = labels.iter().map(|label| label.line + 1).max().unwrap_or(0);
        let top = f64::from(u32::try_from(lines).unwrap_or(0)) * LABEL + 22.0;
        let bars = self.bars().count() + if self.groups.len() > 1 { self.groups.len() } else { 0 };
        let rows = self.allowances.len() + bars;
        let bottom = top + ROW * f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) + 6.0;
        let mut drawing = Drawing { out: String::new(), y: top, id };
        let _ = writeln!(
            drawing.out,
            "<svg viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-labelledby=\"chart-{id}-name chart-{id}-told\">",
            bottom + 48.0
        );
        let _ = writeln!(drawing.out, "<title id=\"chart-{id}-name\">The run against its objectives</title>");
        let _ = write!(drawing.out, "<desc id=\"chart-{id}-told\">");
        for line in self.told() {
            html(&line, &mut drawing.out);
            drawing.out.push(' ');
        }
        drawing.out.push_str("</desc>\n");
        drawing.patterns();
        self.axis(&mut drawing.out, top - ROW / 2.0 - 6.0, bottom);
        labels.iter().for_each(|label| label.line(&mut drawing.out, bottom));
        self.allowances.iter().for_each(|allowance| self.allowance(&mut drawing, allowance));
        for group in &self.groups {
            if self.groups.len() > 1 {
                drawing.name(&group.title, LONGEST_NAME, "name");
                drawing.y += ROW;
            }
            group.bars.iter().for_each(|bar| self.bar(&mut drawing, bar));
        }
        labels.iter().for_each(|label| label.text(&mut drawing.out));
        self.legend(&mut drawing, bottom + 40.0);
        drawing.out.push_str("</svg>\n");
        drawing.out
    }

    fn x(&self, at: crate::time::Timestamp) -> f64 {
        LEFT + self.share(at) * (RIGHT - LEFT)
    }

    /// Each marked instant with its place: no two labels of a line overlap.
    fn labels(&self) -> Vec<Label> {
        let mut moments = self.moments.clone();
        moments.sort_by_key(|moment| (moment.at, moment.point));
        let mut ends: Vec<f64> = Vec::new();
        let mut labels: Vec<Label> = Vec::new();
        for moment in moments {
            let x = self.x(moment.at);
            let text = if moment.point == Point::Impact {
                moment.point.name().to_owned()
            } else {
                format!("{} +{}", moment.point.name(), human(since(moment.at, self.from)))
            };
            let width = text.len() as f64 * CHARACTER;
            let (from, anchor) = if x + width > WIDTH { (x - width, "end") } else { (x, "start") };
            let line = ends.iter().position(|end| *end + 8.0 <= from).unwrap_or(ends.len());
            if line == ends.len() {
                ends.push(0.0);
            }
            ends[line] = from + width;
            labels.push(Label { x, line, text, anchor, no_return: moment.point == Point::NoReturn });
        }
        labels
    }

    fn axis(&self, out: &mut String, top: f64, bottom: f64) {
        let step = tick(since(self.to, self.from));
        let mut at = self.from;
        while at <= self.to {
            let x = self.x(at);
            let _ =
                writeln!(out, "<line class=\"axis\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.1}\" y2=\"{bottom:.1}\"/>");
            let name = human(since(at, self.from));
            let _ = writeln!(
                out,
                "<text class=\"soft\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
                bottom + 15.0
            );
            at = at_offset(at, step);
        }
    }

    fn allowance(&self, drawing: &mut Drawing, allowance: &Allowance) {
        let given = since(allowance.limit, allowance.from);
        let used = allowance.recovered.map(|at| human(since(at, allowance.from)));
        let used = used.unwrap_or_else(|| "not seen back".to_owned());
        let said = format!("{used} of {}: {}", human(given), verdict_word(allowance.verdict));
        drawing.left(&said);
        drawing.name(&format!("Tier {}", allowance.tier), LONGEST_NAME.saturating_sub(said.chars().count()), "name");
        let (from, limit) = (self.x(allowance.from), self.x(allowance.limit));
        let top = drawing.y - BAR + 2.0;
        let fill = match allowance.verdict {
            Verdict::Ok => "f-good",
            Verdict::Missed => "f-bad",
            Verdict::AtRisk | Verdict::Unknown => "f-unknown",
            Verdict::NotApplicable => "f-plain",
        };
        let out = &mut drawing.out;
        if let Some(recovered) = allowance.recovered {
            let width = (self.x(recovered) - from).max(1.0);
            let _ = writeln!(
                out,
                "<rect class=\"used {fill}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
                top + 3.0,
                BAR - 6.0
            );
        }
        let _ = writeln!(
            out,
            "<rect class=\"frame\" x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>",
            (limit - from).max(1.0)
        );
        if allowance.limit > self.to {
            let x = RIGHT + 3.0;
            let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\">▸</text>", top + BAR - 3.0);
        } else {
            let _ = writeln!(
                out,
                "<line class=\"limit\" x1=\"{limit:.1}\" x2=\"{limit:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                top - 3.0,
                top + BAR + 3.0
            );
        }
        drawing.y += ROW;
    }

    fn bar(&self, drawing: &mut Drawing, bar: &Bar) {
        let line = if bar.line { "▲ " } else { "" };
        let name = format!("{}. {line}{}", bar.number, bar.title);
        drawing.name(&name, LONGEST_NAME, if bar.line { "name" } else { "" });
        for stretch in &bar.stretches {
            self.stretch(drawing, stretch);
        }
        let (first, last) = (bar.stretches.first(), bar.stretches.last());
        if let (Some(first), Some(last)) = (first, last) {
            let tried = bar.stretches.iter().filter(|stretch| stretch.outcome.tried()).count();
            let said = last_word(tried, last, since(last.to, first.from));
            drawing.beside(&said, self.x(first.from), self.x(last.to));
        }
        drawing.y += ROW;
    }

    fn stretch(&self, drawing: &mut Drawing, stretch: &Stretch) {
        let (from, to) = (self.x(stretch.from), self.x(stretch.to));
        let (top, id) = (drawing.y - BAR + 2.0, drawing.id);
        let fill = match stretch.outcome {
            Outcome::Succeeded => "class=\"f-good\"".to_owned(),
            Outcome::ByHand => "class=\"f-hand\"".to_owned(),
            Outcome::Skipped => "class=\"f-skip\"".to_owned(),
            Outcome::Failed => format!("fill=\"url(#chart-{id}-failed)\" class=\"s-bad\""),
            Outcome::Unknown => format!("fill=\"url(#chart-{id}-unknown)\" class=\"s-unknown\""),
            Outcome::Undone => format!("fill=\"url(#chart-{id}-undone)\" class=\"s-warn\""),
            Outcome::Open => format!("fill=\"url(#chart-{id}-open)\" class=\"s-plain\""),
        };
        // What took no time to speak of is a diamond: a bar of no width is not seen.
        if to - from < 3.0 {
            let (x, y, r) = (from, top + BAR / 2.0, BAR / 2.0);
            let _ = writeln!(
                drawing.out,
                "<path {fill} d=\"M{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}Z\"/>",
                x - r,
                y - r,
                x + r,
                y + r
            );
        } else {
            let _ = writeln!(
                drawing.out,
                "<rect {fill} x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BAR}\" rx=\"2\"/>",
                to - from
            );
        }
    }

    /// The outcomes that occur, each with its pattern.
    fn legend(&self, drawing: &mut Drawing, y: f64) {
        drawing.y = y;
        let mut x = LEFT;
        let stretches: Vec<_> = self.bars().flat_map(|bar| &bar.stretches).map(|stretch| stretch.outcome).collect();
        for outcome in Outcome::ALL.into_iter().filter(|outcome| stretches.contains(outcome)) {
            let scale = (self.to.duration_since(self.from).as_secs_f64()) / (RIGHT - LEFT);
            let at = |x: f64| at_offset(self.from, Duration::from_secs_f64(((x - LEFT) * scale).max(0.0)));
            self.stretch(drawing, &Stretch { from: at(x), to: at(x + 26.0), outcome });
            let word = outcome.word();
            let _ = writeln!(drawing.out, "<text class=\"soft\" x=\"{:.1}\" y=\"{y:.1}\">{word}</text>", x + 32.0);
            x += 32.0 + word.len() as f64 * CHARACTER + 22.0;
        }
    }
}

/// What stands beside a bar: what it took, how often it was tried, and how it ended unless that is as it should be.
fn last_word(tries: usize, last: &Stretch, took: Duration) -> String {
    let took = if took.is_zero() { String::new() } else { human(took) };
    let ended = match last.outcome {
        Outcome::Succeeded => "",
        other => other.word(),
    };
    let again = if tries > 1 { format!("{tries} tries") } else { String::new() };
    let parts = [took.as_str(), again.as_str(), ended];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Six to twelve ticks, at times that are easy to read.
fn tick(whole: Duration) -> Duration {
    const STEPS: [u64; 16] = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200];
    let fits = |step: &&u64| whole.as_secs() / **step <= 10;
    let days = whole.as_secs() / 86_400 / 10 + 1;
    Duration::from_secs(STEPS.iter().find(fits).copied().unwrap_or(days * 86_400))
}

struct Label {
    x: f64,
    line: usize,
    text: String,
    anchor: &'static str,
    no_return: bool,
}

impl Label {
    fn y(&self) -> f64 {
        self.line as f64 * LABEL + 13.0
    }

    fn line(&self, out: &mut String, bottom: f64) {
        let class = if self.no_return { "moment noreturn" } else { "moment" };
        let (x, y) = (self.x, self.y());
        let _ = writeln!(out, "<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{y:.1}\" y2=\"{bottom:.1}\"/>");
    }

    fn text(&self, out: &mut String) {
        let (class, x) = if self.no_return { ("bad", self.x) } else { ("", self.x) };
        let x = if self.anchor == "end" { x - 4.0 } else { x + 4.0 };
        let (y, anchor, text) = (self.y(), self.anchor, &self.text);
        let _ =
            writeln!(out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>");
    }
}

struct Drawing {
    out: String,
    /// The baseline of the row being drawn.
    y: f64,
    id: usize,
}

impl Drawing {
    fn name(&mut self, name: &str, longest: usize, class: &str) {
        let short = shortened(name, longest);
        let _ = write!(self.out, "<text class=\"{class}\" x=\"4\" y=\"{:.1}\">", self.y);
        html(&short, &mut self.out);
        if short != name {
            self.out.push_str("<title>");
            html(name, &mut self.out);
            self.out.push_str("</title>");
        }
        self.out.push_str("</text>\n");
    }

    /// Left of where the bars begin.
    fn left(&mut self, said: &str) {
        let (x, y) = (LEFT - 12.0, self.y);
        let _ = write!(self.out, "<text class=\"soft\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">");
        html(said, &mut self.out);
        self.out.push_str("</text>\n");
    }

    /// Right of the bar, or left of it where there is no room.
    fn beside(&mut self, said: &str, from: f64, to: f64) {
        if said.is_empty() {
            return;
        }
        let width = said.chars().count() as f64 * CHARACTER;
        let (x, anchor) = if to + 10.0 + width <= WIDTH {
            (to + 10.0, "start")
        } else if from - 10.0 - width >= LEFT {
            (from - 10.0, "end")
        } else {
            (to - 8.0, "end")
        };
        let _ = write!(self.out, "<text class=\"beside\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">", self.y);
        html(said, &mut self.out);
        self.out.push_str("</text>\n");
    }

    fn patterns(&mut self) {
        let id = self.id;
        self.out.push_str("<defs>\n");
        for (name, class, path) in [
            ("failed", "s-bad", "M-2 2L2 -2M0 8L8 0M6 10L10 6"),
            ("unknown", "s-unknown", "M-2 2L2 -2M0 8L8 0M6 10L10 6M-2 6L2 10M0 0L8 8M6 -2L10 2"),
            ("undone", "s-warn", "M0 2H8M0 6H8"),
            ("open", "s-plain", "M2 0V8M6 0V8"),
        ] {
            let _ = writeln!(
                self.out,
                "<pattern id=\"chart-{id}-{name}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
                 <rect class=\"back\" width=\"8\" height=\"8\"/><path class=\"{class}\" stroke-width=\"2\" d=\"{path}\"/></pattern>"
            );
        }
        self.out.push_str("</defs>\n");
    }
}

fn shortened(name: &str, longest: usize) -> String {
    if name.chars().count() <= longest {
        return name.to_owned();
    }
    let kept: String = name.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
