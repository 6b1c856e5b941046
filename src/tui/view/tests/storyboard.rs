//! A failover in ten pictures, as a film and as a sheet of stills. Both are SVG, made from the code users see; the film moves
//! by CSS alone, and stands still for who has asked for less motion.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use domain::log::Event;
use domain::reading::Status;
use ratatui::buffer::Buffer;

use super::look::drawn;
use super::pictures::{grounds, kept};
use super::story::{self, Told, at, later};
use super::svg::{Ground, MARGIN, rows, sheet, size};
use super::{readings, scenes};
use crate::model::Model;

/// Fits a page of about 850 points without being made smaller.
const FILM: (u16, u16) = (100, 30);
const STILLS: (u16, u16) = (80, 24);
/// For one picture.
const SECONDS: usize = 4;
/// Shown where nothing moves: the box before the point of no return.
const STILL: usize = 5;
/// Room for the words beneath a picture.
const CAPTION: f64 = 30.0;

struct Frame {
    says: &'static str,
    model: Model,
}

fn frames() -> Vec<Frame> {
    let frame = |says, model| Frame { says, model };
    vec![
        frame("All is well: every reading has a value, a source and an age", healthy()),
        frame("us-east-1 goes dark; the console says what is known, and what is not", story::alerted()),
        frame("Declared: one form, every answer filled in, two keys", told("02:11:08", &[Told::until_declared])),
        frame("Decided, with a reason and a name; the clock to recovery runs on", told("02:12:02", &UNTIL_DECIDED)),
        frame("The old side is fenced by statement, the loss accepted by name", story::incident()),
        frame("The point of no return: what it costs stands beside the key", scenes::named("confirm")),
        frame("Promoted: the standby takes writes", story::promoted("02:16:08")),
        frame("The name points to us-west-2", story::switched()),
        frame("Service is back: what was promised beside what was measured", restored()),
        frame("Closed: the log is the record, and nobody can quietly change it", closed()),
    ]
}

const UNTIL_DECIDED: [fn(&mut Told); 2] = [Told::until_declared, Told::decides];

fn told(now: &str, parts: &[fn(&mut Told)]) -> Model {
    let mut told = Told::new(now);
    for part in parts {
        part(&mut told);
    }
    told.model
}

fn healthy() -> Model {
    let mut model = story::healthy();
    later(&mut model, "02:06:40");
    model.status = Some(Arc::new(readings::healthy(at("02:06:38"))));
    model
}

fn restored() -> Model {
    let mut model = story::restored();
    let status: Status = readings::promoted(at("02:18:08"));
    model.status = Some(Arc::new(status));
    model
}

fn closed() -> Model {
    let mut told = Told { model: restored() };
    let reason = "us-west-2 serves; the old side is fenced and will be rebuilt".to_owned();
    told.say("mara", "02:24:30", Event::IncidentClosed { reason });
    let mut model = told.model;
    later(&mut model, "02:24:33");
    model.status = Some(Arc::new(readings::promoted(at("02:24:31"))));
    model
}

/// Which pictures, first and last, look the same in a row of the screen.
type Span = (usize, usize);

/// Rows that do not change from one picture to the next are drawn once.
fn film(frames: &[Frame], screens: &[Buffer], ground: &Ground) -> String {
    let (width, height) = size(&screens[0]);
    let drawn: Vec<Vec<String>> = screens.iter().map(|screen| rows(screen, ground)).collect();
    let mut parts: BTreeMap<Span, String> = BTreeMap::new();
    for y in (0..FILM.1).map(usize::from) {
        let mut from = 0;
        for at in 1..=frames.len() {
            if at == frames.len() || drawn[at][y] != drawn[from][y] {
                parts.entry((from, at - 1)).or_default().push_str(&drawn[from][y]);
                from = at;
            }
        }
    }
    for (at, frame) in frames.iter().enumerate() {
        let words = caption(frame, at, frames.len(), height - MARGIN, width, ground);
        parts.entry((at, at)).or_default().push_str(&words);
    }
    let mut body = style(parts.keys(), frames.len());
    let _ = writeln!(body, "<g transform=\"translate({MARGIN} {MARGIN})\">");
    for ((from, to), drawn) in &parts {
        let class = if (*from..=*to).contains(&STILL) { "f s" } else { "f" };
        let _ = writeln!(body, "<g class=\"{class} k{from}-{to}\">\n{drawn}</g>");
    }
    body.push_str("</g>\n");
    sheet(ground, (width, height + CAPTION), &body)
}

fn style<'s>(spans: impl Iterator<Item = &'s Span>, all: usize) -> String {
    let seconds = SECONDS * all;
    let mut moves = String::new();
    let mut keys = String::new();
    for (from, to) in spans {
        let (on, off) = (100 * from / all, 100 * (to + 1) / all);
        let _ = write!(moves, ".k{from}-{to}{{animation:k{from}-{to} {seconds}s step-end infinite}}");
        let _ = write!(keys, "@keyframes k{from}-{to}{{");
        let begins = if *from == 0 { "visible" } else { "hidden" };
        let _ = write!(keys, "0%{{visibility:{begins}}}");
        if *from > 0 {
            let _ = write!(keys, "{on}%{{visibility:visible}}");
        }
        if to + 1 < all {
            let _ = write!(keys, "{off}%{{visibility:hidden}}");
        }
        keys.push('}');
    }
    format!(
        "<style>.f{{visibility:hidden}}.s{{visibility:visible}}\n@media (prefers-reduced-motion:no-preference){{{moves}}}\n\
         {keys}</style>\n"
    )
}

/// What is to be seen, and how far the story has come.
fn caption(frame: &Frame, at: usize, all: usize, top: f64, width: f64, ground: &Ground) -> String {
    let mut words = format!(
        "<text x=\"0\" y=\"{:.1}\" fill=\"{}\" font-weight=\"bold\">{}</text>\n",
        top + 8.0,
        ground.fg,
        frame.says
    );
    for step in 0..all {
        #[allow(clippy::cast_precision_loss)]
        let x = width - 2.0 * MARGIN - (all - step) as f64 * 12.0;
        let opacity = if step <= at { "1" } else { ".25" };
        let _ = writeln!(
            words,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" rx=\"2\" fill=\"{}\" fill-opacity=\"{opacity}\"/>",
            top, ground.fg
        );
    }
    words
}

/// Two beside each other, in the order of reading.
fn stills(frames: &[Frame], screens: &[Buffer], ground: &Ground) -> String {
    let (width, height) = size(&screens[0]);
    let mut body = String::new();
    for (at, (frame, screen)) in frames.iter().zip(screens).enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let (x, y) = ((at % 2) as f64 * width, (at / 2) as f64 * (height + CAPTION));
        let _ = writeln!(body, "<g transform=\"translate({:.1} {:.1})\">", x + MARGIN, y + MARGIN);
        let _ = writeln!(
            body,
            "<text x=\"0\" y=\"14\" fill=\"{}\" font-weight=\"bold\">{}. {}</text>",
            ground.fg,
            at + 1,
            frame.says
        );
        let _ = writeln!(body, "<g transform=\"translate(0 {CAPTION})\">\n{}</g>\n</g>", rows(screen, ground).concat());
    }
    #[allow(clippy::cast_precision_loss)]
    let lines = frames.len().div_ceil(2) as f64;
    sheet(ground, (2.0 * width, lines * (height + CAPTION) + MARGIN), &body)
}

#[test]
fn the_story_of_a_failover_shows_what_users_see() {
    let frames = frames();
    for (theme, ground, end) in grounds() {
        let screens = |size| frames.iter().map(|frame| drawn(&frame.model, &theme, size)).collect::<Vec<_>>();
        kept(&format!("failover{end}"), &film(&frames, &screens(FILM), &ground));
        kept(&format!("failover-stills{end}"), &stills(&frames, &screens(STILLS), &ground));
    }
}
