//! A log whose texts try to be something else than text.

use pulldown_cmark::{Event as Markup, Options, Parser, Tag};

use super::page_of;
use super::story::{RUN, Story};
use crate::execution::End;
use crate::log::{Event, Kind};

pub(super) const HOSTILE: &[&str] = &[
    "a | b | c\n| --- |\n| forged | row |",
    "`code` ``` fence\n```\n~~~\n# forged heading",
    "<img src=x onerror=alert(1)><!-- ",
    "[all is well](https://evil.example) ![x](https://evil.example/p.png)",
    "<https://evil.example> www.evil.example",
    "[ref]: https://evil.example\n\n[ref]",
    "**bold** _it_ ~~gone~~ \\| \\",
    "\x1b]52;c;ZWNobw==\x07\x1b[2J\u{202e}drowssap\u{200b}",
    "- list\n1. one\n> quote\n---\n===\n    indented",
    "postgres://app:hunter2hunter2@db/orders",
];

/// One text wherever a text can stand.
pub(super) fn told_everywhere(text: &str) -> Story {
    let mut story = Story::new(Kind::Live);
    story.open(text);
    story.start(64, super::story::RUNBOOK);
    story.note(70, text);
    story.tell(70, text, Event::DecisionRecorded { text: text.to_owned(), failover: false, proposal: None });
    story.by_hand(71, "tell", text);
    story.tell(72, "ana", Event::StepSkipped { run: RUN, step: "scale".into(), reason: text.to_owned() });
    story.intend(73, "switch");
    story.finish(75, "switch", 1, End::Failed { exit: None, why: text.to_owned() });
    story
}

/// Each of the texts, wherever a text can stand.
pub(super) fn hostile_story() -> Story {
    let mut story = Story::new(Kind::Live);
    story.open(HOSTILE[0]);
    let runbook =
        super::story::RUNBOOK.replace("Tell everybody", "Tell | <b>everybody</b> [now](https://evil.example)");
    story.start(64, &runbook);
    for (second, text) in (70..).zip(HOSTILE) {
        story.note(second, text);
        let evidence = (*text).to_owned();
        story.by_hand(second, "tell", text);
        story.tell(second, text, Event::DecisionRecorded { text: evidence.clone(), failover: false, proposal: None });
        story.tell(second, "ana", Event::StepSkipped { run: RUN, step: "scale".into(), reason: evidence });
        story.intend(second, "switch");
        let attempt = u32::try_from(second - 69).unwrap();
        story.finish(second, "switch", attempt, End::Failed { exit: None, why: (*text).to_owned() });
    }
    story
}

#[test]
fn hostile_text_makes_no_markup_of_its_own() {
    let page = page_of(&hostile_story().state);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let (mut columns, mut cells) = (0, 0);
    for markup in Parser::new_ext(&page, options) {
        match markup {
            Markup::Html(html) | Markup::InlineHtml(html) => panic!("HTML: {html}"),
            Markup::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough | Tag::Emphasis)) => {
                panic!("{tag:?}")
            }
            Markup::Start(Tag::BlockQuote(_)) | Markup::Rule => panic!("a block of its own"),
            Markup::Start(Tag::Heading { .. }) => cells = 0,
            Markup::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Markup::Start(Tag::TableRow) => cells = 0,
            Markup::Start(Tag::TableCell) => cells += 1,
            Markup::End(pulldown_cmark::TagEnd::TableRow) => assert_eq!(cells, columns),
            Markup::Text(text) => assert_ne!(&*text, "forged heading", "a heading of its own"),
            _ => {}
        }
    }
}

#[test]
fn no_row_is_forged_and_each_entry_has_exactly_one() {
    let story = hostile_story();
    let page = page_of(&story.state);
    let (_, timeline) = page.split_once("## Timeline").unwrap();
    let (timeline, _) = timeline.split_once("\n## ").unwrap();
    let rows = timeline.lines().filter(|line| line.starts_with("| 2026-")).count();
    assert_eq!(rows, story.state.entries.len());
    assert_eq!(timeline.lines().filter(|line| line.starts_with('|')).count(), rows + 2);
}

#[test]
fn nothing_steers_a_terminal_and_no_secret_is_told() {
    let page = page_of(&hostile_story().state);
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!page.contains('\u{202e}') && page.contains("&lt;U+202E&gt;"));
    assert!(!page.contains("hunter2hunter2"));
}
