//! The wall's pages at every size, and when they turn.

use std::sync::Arc;
use std::time::Duration;

use domain::console::{Feed, Told, Written};
use domain::report::{Display, Names};
use domain::time::{Now, Timestamp, at_offset};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::look::dump;
use super::scenes;
use crate::input::{Input, Mouse, MouseKind};
use crate::keys::{Code, Key};
use crate::model::{Exit, Model};
use crate::theme::{ASCII, Depth, SHIPPED, Theme};
use crate::view::render_wall;
use crate::wall::{Freshness, Page, Wall, update};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];
pub(super) const PICTURED: [&str; 13] = [
    "wall",
    "regions",
    "checklist",
    "timeline",
    "calm",
    "down",
    "readiness",
    "stale",
    "split-brain",
    "back",
    "closed",
    "drill",
    "paper",
];

/// What a follower of this console's log and readings tells, the readings `old` when they are shown.
fn watching(model: &Model, old: Duration) -> Wall {
    let mut wall = Wall::new(model.scene.clone(), model.real, None);
    let mut tell = |told| update(&mut wall, Input::Told(told), model.real);
    let mut display = Display::new(Names::Roles);
    display.take(&model.state);
    if model.state.id().is_some() {
        tell(Told::Incident(Some(Box::new(display.state()))));
    }
    if let Some(pace) = model.conduct.pace {
        tell(Told::Pace(pace));
    }
    let at = before(model.real.wall, old);
    let readings = model.status.as_ref().map(|_| Written { at, good_for: Duration::from_secs(15) });
    if let Some(status) = &model.status {
        tell(Told::Status(Arc::new(display.readings(status))));
    }
    tell(Told::Feed(Feed { looked_at: model.real.wall, log: None, readings, pinned: false }));
    wall
}

fn before(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_sub(by).unwrap()
}

fn page(name: &str, page: Page) -> Wall {
    let mut wall = watching(&scenes::named(name), Duration::from_secs(2));
    assert!(wall.pages().contains(&page));
    wall.page = page;
    wall
}

pub(super) fn named(name: &str) -> Wall {
    match name {
        "wall" => page("bridge", Page::Overview),
        "regions" => page("bridge", Page::Regions),
        "checklist" => page("running", Page::Checklist),
        "timeline" => page("finished", Page::Timeline),
        "calm" => page("healthy", Page::Overview),
        "down" => page("alerted", Page::Overview),
        "readiness" => page("healthy", Page::Readiness),
        "stale" => watching(&scenes::named("bridge"), Duration::from_secs(75)),
        "split-brain" => page("broken", Page::Regions),
        "back" => page("finished", Page::Overview),
        "closed" => watching(&super::story::closed_early(), Duration::from_secs(2)),
        "drill" => page("drill", Page::Overview),
        "paper" => page("paper", Page::Overview),
        other => panic!("no page is called {other}"),
    }
}

pub(super) fn drawn(wall: &Wall, theme: &Theme, (columns, rows): (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    let mut wall = wall.clone();
    wall.model.ui.looks = theme.clone().into();
    render_wall(&wall, area, &mut buffer);
    buffer
}

fn text(buffer: &Buffer) -> String {
    buffer.content().iter().map(Cell::symbol).collect()
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn every_page_looks_as_it_did_in_colour_and_without() {
    let dark = Theme::named("dark").unwrap();
    let mono = dark.clone().at_depth(Depth::Never);
    settings().bind(|| {
        for name in PICTURED {
            for (columns, rows) in SIZES {
                for (theme, end) in [(&dark, ""), (&mono, "-mono")] {
                    let looks = dump(&drawn(&named(name), theme, (columns, rows)), theme);
                    insta::assert_snapshot!(format!("wall-{name}-{columns}x{rows}{end}"), looks);
                }
            }
        }
    });
}

#[test]
fn no_size_is_too_small_and_every_one_says_what_it_is() {
    for (name, _) in SHIPPED {
        let theme = Theme::named(name).unwrap();
        for wall in PICTURED.map(named) {
            for columns in [1, 2, 7, 20, 43, 44, 59, 60, 80, 101, 240] {
                for rows in [1, 2, 3, 11, 12, 13, 17, 24, 36, 70] {
                    drawn(&wall, &theme, (columns, rows));
                }
            }
        }
    }
    for size in [(30, 4), (44, 12), (80, 24), (120, 36), (240, 70)] {
        for (name, kind) in [("wall", "LIVE"), ("drill", "EXERCISE"), ("paper", "PAPER EXERCISE"), ("calm", "LIVE")] {
            let wall = named(name);
            for page in wall.pages() {
                let said = text(&drawn(&Wall { page, ..wall.clone() }, &Theme::default(), size));
                assert!(said.contains(kind), "{name} {page:?} {size:?}: {said}");
            }
        }
        assert!(text(&drawn(&named("stale"), &Theme::default(), size)).contains("STALE"), "{size:?}");
    }
}

#[test]
fn ascii_is_enough_for_the_wall() {
    let theme = Theme::named("mono").unwrap().with_symbols(&ASCII);
    for name in PICTURED {
        let text = text(&drawn(&named(name), &theme, (120, 36)));
        let strange: Vec<char> = text.chars().filter(|sign| !sign.is_ascii()).collect();
        assert!(strange.is_empty(), "{name}: {strange:?}");
    }
}

#[test]
fn nothing_that_is_stale_or_unseen_is_green() {
    let theme = Theme::named("dark").unwrap();
    let green = theme.style(crate::theme::Role::Ok).fg.unwrap();
    let is_green = |cell: &Cell| cell.fg == green && cell.symbol() != " ";
    let mut blind = scenes::named("healthy");
    let mut status = domain::reading::Status::clone(blind.status.as_deref().unwrap());
    status.blind = true;
    blind.status = Some(Arc::new(status));
    let walls = [
        watching(&scenes::named("bridge"), Duration::from_secs(75)),
        watching(&scenes::named("healthy"), Duration::from_secs(75)),
        watching(&blind, Duration::from_secs(2)),
    ];
    for wall in walls {
        for page in wall.pages() {
            let buffer = drawn(&Wall { page, ..wall.clone() }, &theme, (120, 36));
            // What the log says was done stays done.
            let greens = buffer.content().iter().filter(|cell| is_green(cell)).count();
            assert!(greens == 0 || page == Page::Checklist, "{page:?}: {greens}");
            let dimmed = |cell: &Cell| cell.modifier.contains(Modifier::DIM) || cell.fg == Color::Reset;
            let stale = matches!(wall.freshness(), Freshness::Stale(_));
            assert!(
                !stale || buffer.content()[120 * 8..120 * 34].iter().filter(|cell| cell.symbol() != " ").all(dimmed)
            );
        }
    }
}

#[test]
fn no_page_holds_what_is_private() {
    for name in ["bridge", "running", "failed", "finished", "broken"] {
        let wall = watching(&scenes::named(name), Duration::from_secs(2));
        for page in wall.pages() {
            let said = text(&drawn(&Wall { page, ..wall.clone() }, &Theme::default(), (240, 70)));
            for private in ["mara", "raj", "+31", "bastion", "pg_promote", "deploy-7", "timeout 2s", "[withheld]"] {
                assert!(!said.contains(private), "{name} {page:?}: {private} in {said}");
            }
        }
    }
}

/// Some seconds later, with readings as fresh as before.
fn later(wall: &mut Wall, seconds: u64) {
    let by = Duration::from_secs(seconds);
    let now = Now { wall: at_offset(wall.model.real.wall, by), boot: wall.model.real.boot + by };
    let mut feed = wall.feed.clone().unwrap();
    feed.looked_at = now.wall;
    feed.readings = feed.readings.map(|written| Written { at: now.wall, ..written });
    update(wall, Input::Told(Told::Feed(feed)), now);
}

fn press(wall: &mut Wall, key: Key) {
    let now = wall.model.real;
    update(wall, Input::Key { key, at: now.boot }, now);
}

#[test]
fn pages_turn_by_themselves_and_by_hand() {
    let mut wall = named("calm");
    let mut seen = vec![wall.page];
    for _ in 0..3 {
        later(&mut wall, 15);
        seen.push(wall.page);
    }
    assert_eq!(seen, [Page::Overview, Page::Regions, Page::Readiness, Page::Overview]);
    press(&mut wall, Key::of(Code::Left));
    assert_eq!(wall.page, Page::Readiness);
    later(&mut wall, 50);
    assert_eq!(wall.page, Page::Readiness, "a page that a person turned to stands longer");
    later(&mut wall, 10);
    assert_eq!(wall.page, Page::Overview);
    press(&mut wall, Key::char(' '));
    assert_eq!(wall.page, Page::Regions);
}

#[test]
fn a_breach_keeps_its_page_until_it_is_over() {
    let mut wall = page("bridge", Page::Timeline);
    later(&mut wall, 1);
    assert_eq!(wall.page, Page::Overview, "an objective is missed");
    later(&mut wall, 60);
    assert_eq!(wall.page, Page::Overview);
    press(&mut wall, Key::of(Code::Right));
    assert_eq!(wall.page, Page::Regions, "a person may look elsewhere");
    later(&mut wall, 61);
    assert_eq!(wall.page, Page::Overview);
    let mut split = page("broken", Page::Overview);
    split.told = split.told.map(|status| Arc::new(domain::reading::Status { blind: false, ..(*status).clone() }));
    later(&mut split, 1);
    assert_eq!(split.page, Page::Regions, "two sides take writes");
    let mut back = page("finished", Page::Overview);
    later(&mut back, 15);
    assert_ne!(back.page, Page::Overview, "all is back");
}

#[test]
fn only_two_keys_leave_and_nothing_else_does_anything() {
    for key in [Key::char('q'), Key::ctrl('c')] {
        let mut wall = named("wall");
        press(&mut wall, key);
        assert_eq!(wall.exit, Some(Exit::Quit));
    }
    let mut wall = named("calm");
    let dead = (' '..='~').filter(|sign| !matches!(sign, 'q' | ' ')).flat_map(|sign| {
        let key = Key::char(sign);
        [key, Key { ctrl: sign != 'c', ..key }, Key { alt: true, ..key }]
    });
    let named =
        [Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Backspace, Code::Delete, Code::Home, Code::End];
    for key in dead.chain(named.map(Key::of)) {
        press(&mut wall, key);
    }
    let now = wall.model.real;
    update(&mut wall, Input::Paste("q".to_owned()), now);
    update(&mut wall, Input::Mouse(Mouse { kind: MouseKind::Click, column: 1, row: 1, hit: None }), now);
    assert_eq!((wall.exit, wall.page), (None, Page::Overview));
}

#[test]
fn what_is_shown_goes_when_another_incident_comes() {
    let mut wall = page("bridge", Page::Timeline);
    let now = wall.model.real;
    update(&mut wall, Input::Told(Told::Incident(None)), now);
    assert!(!wall.busy() && wall.told.is_none() && wall.page == Page::Overview);
    let nothing = Feed { looked_at: now.wall, ..Feed::default() };
    update(&mut wall, Input::Told(Told::Feed(nothing)), now);
    assert!(text(&drawn(&wall, &Theme::default(), (80, 24))).contains("no readings yet"));
}
