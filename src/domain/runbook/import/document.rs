//! A document as sections of paragraphs, lists, code and tables, each with its place.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::super::front_matter;
use super::super::outline::push_lines;
use crate::untrusted::sanitise_line;

/// Lists inside lists inside lists are text.
const DEEPEST: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Document {
    /// Of the front matter, or of the first heading of the first level.
    pub(super) title: Option<String>,
    /// In the order of the document; the first has no heading.
    pub(super) sections: Vec<Section>,
}

#[derive(Debug, Default)]
pub(super) struct Section {
    /// 0 before the first heading.
    pub(super) level: u8,
    pub(super) title: String,
    pub(super) span: Range<usize>,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    List { ordered: bool, items: Vec<Item> },
    Code(Code),
    Table { header: Vec<String>, rows: Vec<Vec<String>>, span: Range<usize> },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    /// First word of the info string.
    pub(super) lang: String,
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) task: bool,
    /// Its first paragraph, without emphasis.
    pub(super) text: String,
    /// What stands in backquotes in it.
    pub(super) codes: Vec<String>,
    /// Its whole text is a link: an entry of a table of contents.
    pub(super) only_link: bool,
    pub(super) span: Range<usize>,
    pub(super) pieces: Vec<Piece>,
}

enum Frame {
    List { ordered: bool, items: Vec<Item> },
    Item(Item),
    Table { header: Vec<String>, rows: Vec<Vec<String>>, row: Vec<String>, span: Range<usize> },
}

#[derive(Default)]
struct Builder {
    document: Document,
    stack: Vec<Frame>,
    /// Lists deeper than we look.
    too_deep: usize,
    items: usize,
    inline: String,
    codes: Vec<String>,
    /// Characters of `inline` that stand in a link.
    linked: usize,
    links: usize,
    code: Option<Code>,
}

pub(super) fn read(source: &str) -> Document {
    let (front, rest) = front_matter::split(source);
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder::default();
    builder.document.sections.push(Section { span: rest..rest, ..Section::default() });
    for (event, range) in Parser::new_ext(&source[rest..], options).into_offset_iter() {
        builder.take(event, range.start + rest..range.end + rest);
    }
    builder.flush();
    let mut document = builder.document;
    let named = front.and_then(|front| {
        let line = source[front].lines().find_map(|line| line.strip_prefix("title:"))?;
        Some(line.trim().trim_matches(['"', '\'']).to_owned())
    });
    let first = document.sections.iter().find(|section| section.level == 1).map(|section| section.title.clone());
    document.title = named.or(first).map(|title| sanitise_line(&title)).filter(|title| !title.is_empty());
    document
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) {
        if let Some(code) = &mut self.code {
            match event {
                Event::Text(text) => push_lines(&mut code.text, &text),
                Event::End(TagEnd::CodeBlock) => {
                    if let Some(code) = self.code.take() {
                        self.add(Piece::Code(code));
                    }
                }
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::TaskListMarker(_) => {
                if let (0, Some(Frame::Item(item))) = (self.too_deep, self.stack.last_mut()) {
                    item.task = true;
                }
            }
            Event::Text(text) => self.push(&text),
            Event::Code(code) => {
                self.codes.push(code.to_string());
                self.push(&format!("`{code}`"));
            }
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Rule => self.flush(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.inline.push_str(text);
        if self.links > 0 {
            self.linked += text.len();
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        match tag {
            Tag::Heading { .. } => self.flush(),
            Tag::Link { .. } => self.links += 1,
            Tag::CodeBlock(kind) => {
                self.flush();
                let lang = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split(|c: char| c.is_whitespace() || c == '{').next().unwrap_or_default().to_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(Code { lang, text: String::new(), span });
            }
            Tag::List(_) if self.too_deep > 0 || self.items >= DEEPEST => {
                self.push("\n");
                self.too_deep += 1;
            }
            Tag::List(start) => {
                self.flush();
                self.stack.push(Frame::List { ordered: start.is_some(), items: Vec::new() });
            }
            Tag::Item if self.too_deep > 0 => self.push("\n"),
            Tag::Item => {
                self.items += 1;
                self.stack.push(Frame::Item(Item { span, ..Item::default() }));
            }
            Tag::Table(_) if self.too_deep == 0 => {
                self.flush();
                self.stack.push(Frame::Table { header: Vec::new(), rows: Vec::new(), row: Vec::new(), span });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Range<usize>) {
        match tag {
            TagEnd::Heading(level) => self.heading(level, span),
            TagEnd::Link => self.links = self.links.saturating_sub(1),
            TagEnd::Paragraph => self.flush(),
            TagEnd::List(_) if self.too_deep > 0 => self.too_deep -= 1,
            TagEnd::List(_) => {
                self.flush();
                if let Some(Frame::List { ordered, items }) = self.stack.pop() {
                    self.add(Piece::List { ordered, items });
                }
            }
            TagEnd::Item if self.too_deep > 0 => {}
            TagEnd::Item => {
                self.flush();
                self.items = self.items.saturating_sub(1);
                if let Some(Frame::Item(item)) = self.stack.pop()
                    && let Some(Frame::List { items, .. }) = self.stack.last_mut()
                {
                    items.push(item);
                }
            }
            TagEnd::TableCell => {
                let cell = sanitise_line(std::mem::take(&mut self.inline).trim());
                self.forget_inline();
                if let Some(Frame::Table { row, .. }) = self.stack.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(Frame::Table { header, row, .. }) = self.stack.last_mut() {
                    *header = std::mem::take(row);
                }
            }
            TagEnd::TableRow => {
                if let Some(Frame::Table { rows, row, .. }) = self.stack.last_mut() {
                    rows.push(std::mem::take(row));
                }
            }
            TagEnd::Table => {
                if let Some(Frame::Table { header, rows, span, .. }) = self.stack.pop() {
                    self.add(Piece::Table { header, rows, span });
                }
            }
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel, span: Range<usize>) {
        let title = sanitise_line(std::mem::take(&mut self.inline).trim());
        self.forget_inline();
        if self.stack.is_empty() {
            self.document.sections.push(Section { level: level as u8, title, span, pieces: Vec::new() });
        } else {
            self.add(Piece::Text(title));
        }
    }

    fn forget_inline(&mut self) {
        self.inline.clear();
        self.codes.clear();
        self.linked = 0;
    }

    /// The open text becomes the item's own, or a paragraph.
    fn flush(&mut self) {
        let text = self.inline.trim().to_owned();
        let (codes, only_link) = (std::mem::take(&mut self.codes), self.linked >= text.len() && self.linked > 0);
        self.forget_inline();
        if text.is_empty() {
            return;
        }
        if let Some(Frame::Item(item)) = self.stack.last_mut()
            && item.text.is_empty()
            && item.pieces.is_empty()
        {
            item.text = text;
            item.codes = codes;
            item.only_link = only_link;
            return;
        }
        self.add(Piece::Text(text));
    }

    fn add(&mut self, piece: Piece) {
        let item = self.stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Item(item) => Some(item),
            Frame::List { .. } | Frame::Table { .. } => None,
        });
        match (item, self.document.sections.last_mut()) {
            (Some(item), _) => item.pieces.push(piece),
            (None, Some(section)) => section.pieces.push(piece),
            (None, None) => {}
        }
    }
}
