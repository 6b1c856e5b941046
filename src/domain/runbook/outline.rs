//! Markdown as the few shapes a runbook is made of: headings, list items two levels deep, fences and text, each with
//! its place in the source. What stands where nothing of it counts is kept aside as [`Outline::misplaced`].

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

type Span = Range<usize>;

#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) nodes: Vec<Node>,
    pub(super) misplaced: Vec<Misplaced>,
}

#[derive(Debug)]
pub(super) enum Node {
    Heading {
        level: u8,
        text: String,
        span: Span,
    },
    Item(Item),
    Fence(Fence),
    /// A paragraph, by its place only.
    Text(Span),
    /// Code by indentation: where fences hide.
    Indented(Span),
    Other(Span),
}

#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) span: Span,
    /// `Some(true)` when it is ticked in the source.
    pub(super) task: Option<bool>,
    /// First line, without emphasis and comments.
    pub(super) title: String,
    /// HTML comments on the title line.
    pub(super) comments: Vec<(String, Span)>,
    /// Links on the title line: where they lead.
    pub(super) links: Vec<(String, Span)>,
    pub(super) children: Vec<Node>,
}

/// A fenced code block. `pieces` maps offsets of `text` to offsets of the source, indentation being taken away.
#[derive(Clone, Debug, Default)]
pub(super) struct Fence {
    pub(super) info: String,
    pub(super) span: Span,
    pub(super) text: String,
    /// Its closing line is there.
    pub(super) closed: bool,
    pieces: Vec<(usize, usize)>,
}

impl Fence {
    /// Place in the source of a range of the text.
    pub(super) fn source(&self, range: Span) -> Span {
        let place = |at: usize| {
            let after = self.pieces.partition_point(|(text, _)| *text <= at);
            self.pieces.get(after.wrapping_sub(1)).map_or(self.span.start, |(text, source)| source + (at - text))
        };
        let start = place(range.start);
        start..place(range.end.saturating_sub(1).max(range.start)).max(start) + usize::from(range.end > range.start)
    }
}

#[derive(Debug)]
pub(super) enum Misplaced {
    /// A task item below the second level, in a quote, or under an item that is no step.
    Task(Span),
    /// A fence in a sub-step, a quote or a deeper list.
    Fence(Fence),
}

enum Frame {
    List,
    Item(Box<Item>),
    /// Anything whose inside is only shown.
    Opaque(Span),
    Heading {
        level: u8,
        text: String,
        span: Span,
    },
    Code {
        fence: Fence,
        fenced: bool,
    },
}

struct Builder<'a> {
    source: &'a str,
    base: usize,
    outline: Outline,
    /// Never deeper than two items with their lists, and one frame of what is only shown.
    stack: Vec<Frame>,
    /// Containers open inside the opaque frame, itself included; counted, because their depth has no limit.
    shown_only: usize,
    items: usize,
    /// Text that stands in the item or at top level now, not yet closed.
    open: Option<Span>,
    /// The title line of the innermost item is being read.
    in_title: bool,
}

/// Reads Markdown that stands at `base` in the file.
pub(super) fn outline(text: &str, base: usize) -> Outline {
    let options =
        Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut builder = Builder {
        source: text,
        base,
        outline: Outline::default(),
        stack: Vec::new(),
        shown_only: 0,
        items: 0,
        open: None,
        in_title: false,
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        builder.take(event, range.start + base..range.end + base);
    }
    builder.close_text();
    builder.outline
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::TaskListMarker(ticked) => self.task(ticked, span),
            Event::Text(text) => self.text(&text, span),
            Event::Code(text) => self.inline(Some(&text), span),
            Event::InlineHtml(html) => {
                if self.in_title
                    && let Some(Frame::Item(item)) = self.stack.last_mut()
                {
                    item.comments.push((html.into_string(), span.clone()));
                }
                self.inline(None, span);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.in_title = false;
                self.inline(Some(" "), span);
            }
            Event::Rule => {
                self.close_text();
                self.add(Node::Other(span));
            }
            _ => self.inline(None, span),
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        if is_inline(&tag) {
            if let (Tag::Link { dest_url, .. }, true, Some(Frame::Item(item))) =
                (tag, self.in_title, self.stack.last_mut())
            {
                item.links.push((dest_url.into_string(), span.clone()));
            }
            return self.inline(None, span);
        }
        self.close_text();
        if let Tag::CodeBlock(kind) = tag {
            let (info, fenced) = match kind {
                // As written: Markdown would take the backslashes out of a quoted value.
                CodeBlockKind::Fenced(_) => (self.info(&span), true),
                CodeBlockKind::Indented => (String::new(), false),
            };
            self.in_title = false;
            let closed = fenced && is_closed(&self.source[span.start - self.base..span.end - self.base]);
            self.stack.push(Frame::Code { fence: Fence { info, span, closed, ..Fence::default() }, fenced });
            return;
        }
        if self.shown_only > 0 {
            self.shown_only += 1;
            return;
        }
        match tag {
            Tag::Paragraph => {
                self.open = Some(span);
                return;
            }
            Tag::Item if self.items < 2 => {
                self.items += 1;
                self.stack.push(Frame::Item(Box::new(Item { span, ..Item::default() })));
                self.in_title = true;
                return;
            }
            Tag::List(_) => self.stack.push(Frame::List),
            Tag::Heading { level, .. } if self.stack.is_empty() => {
                self.stack.push(Frame::Heading { level: level as u8, text: String::new(), span });
            }
            _ => {
                self.shown_only = 1;
                self.stack.push(Frame::Opaque(span));
            }
        }
        self.in_title = false;
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image) {
            return;
        }
        self.close_text();
        let in_code = matches!(self.stack.last(), Some(Frame::Code { .. }));
        if self.shown_only > 1 && !in_code {
            self.shown_only -= 1;
            return;
        }
        if tag == TagEnd::Paragraph {
            return;
        }
        match self.stack.pop() {
            Some(Frame::Item(item)) => {
                self.items -= 1;
                self.add(Node::Item(*item));
            }
            Some(Frame::Heading { level, text, span }) => {
                self.add(Node::Heading { level, text: text.trim().to_owned(), span });
            }
            Some(Frame::Code { fence, fenced }) => self.code(fence, fenced),
            Some(Frame::Opaque(span)) => {
                self.shown_only = 0;
                self.add(Node::Other(span));
            }
            Some(Frame::List) | None => {}
        }
    }

    fn info(&self, span: &Span) -> String {
        let line = self.source[span.start - self.base..].lines().next().unwrap_or_default();
        line.trim_start().trim_start_matches(['`', '~']).trim().to_owned()
    }

    fn code(&mut self, fence: Fence, fenced: bool) {
        if !fenced {
            self.add(Node::Indented(fence.span));
        } else if self.shown_only > 0 || self.items > 1 {
            self.outline.misplaced.push(Misplaced::Fence(fence));
        } else {
            self.add(Node::Fence(fence));
        }
    }

    fn task(&mut self, ticked: bool, span: Span) {
        match self.stack.last_mut() {
            Some(Frame::Item(item)) => item.task = Some(ticked),
            _ => self.outline.misplaced.push(Misplaced::Task(span)),
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        match self.stack.last_mut() {
            Some(Frame::Code { fence, .. }) => {
                fence.pieces.push((fence.text.len(), span.start));
                // A carriage return before the line feed is the file's, not the block's.
                push_lines(&mut fence.text, text);
            }
            _ => self.inline(Some(text), span),
        }
    }

    /// Inline content: widens the open text, and spells the title while its line lasts.
    fn inline(&mut self, text: Option<&str>, span: Span) {
        match self.stack.last_mut() {
            Some(Frame::Heading { text: heading, .. }) => heading.push_str(text.unwrap_or_default()),
            Some(Frame::Opaque(_) | Frame::Code { .. }) => {}
            frame => {
                if self.in_title
                    && let (Some(Frame::Item(item)), Some(text)) = (frame, text)
                {
                    item.title.push_str(text);
                }
                self.open = Some(match self.open.take() {
                    Some(open) => open.start.min(span.start)..open.end.max(span.end),
                    None => span,
                });
            }
        }
    }

    fn close_text(&mut self) {
        if let Some(span) = self.open.take() {
            self.in_title = false;
            self.add(Node::Text(span));
        }
    }

    /// Adds to the innermost item, or to the top level.
    fn add(&mut self, node: Node) {
        if self.shown_only > 0 {
            return;
        }
        let item = self.stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Item(item) => Some(item),
            _ => None,
        });
        match item {
            Some(item) => item.children.push(node),
            None => self.outline.nodes.push(node),
        }
    }
}

/// Adds text with line feeds alone.
pub(super) fn push_lines(to: &mut String, text: &str) {
    if text.contains('\r') { to.push_str(&text.replace("\r\n", "\n")) } else { to.push_str(text) }
}

/// The last line of a fenced block is its closing one: as long as the opening one, of the same sign, nothing behind it.
fn is_closed(block: &str) -> bool {
    let mark = |line: &str, sign: char| line.len() - line.trim_start_matches(sign).len();
    let open = block.trim_start();
    let sign = if open.starts_with('~') { '~' } else { '`' };
    let Some((_, last)) = block.trim_end().rsplit_once('\n') else { return false };
    let last = last.trim_start_matches([' ', '\t', '>']);
    mark(last, sign) >= mark(open, sign) && last.trim_start_matches(sign).trim().is_empty()
}

const fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}
