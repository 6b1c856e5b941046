//! A page as one HTML file: no script, nothing loaded, readable offline, in the dark and on paper.

use std::fmt::Write;

use crate::report::page::{Block, Cell, Figure, Item, Page, Row, Section, Table, verdict_mark};
use crate::report::text::{html, utc_to};
use crate::report::{Chart, Mark};

const STYLE: &str = include_str!("style.css");
/// A browser is told to run nothing and load nothing, should an escape ever have been forgotten.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

impl Page {
    /// The page as HTML. The same page gives the same bytes.
    #[must_use]
    pub fn html(&self) -> String {
        let mut writer = Writer { out: String::with_capacity(1 << 16), charts: 0 };
        writer.head(self);
        writer.top(self);
        writer.contents(self);
        writer.raw("<main>\n");
        self.sections.iter().for_each(|section| writer.section(section));
        writer.raw("</main>\n</body>\n</html>\n");
        writer.out
    }
}

struct Writer {
    out: String,
    charts: usize,
}

impl Writer {
    /// Markup of this page's own.
    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text of others.
    fn said(&mut self, text: &str) {
        html(text, &mut self.out);
    }

    fn element(&mut self, tag: &str, text: &str) {
        self.raw("<");
        self.raw(tag);
        self.raw(">");
        self.said(text);
        self.raw("</");
        self.raw(tag.split(' ').next().unwrap_or(tag));
        self.raw(">\n");
    }

    fn head(&mut self, page: &Page) {
        self.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        let _ = writeln!(self.out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
        self.raw(concat!("<meta name=\"generator\" content=\"switchback ", env!("CARGO_PKG_VERSION"), "\">\n"));
        if let Some(incident) = page.incident {
            let _ = writeln!(self.out, "<meta name=\"incident\" content=\"{incident}\">");
        }
        self.element("title", &page.title);
        self.raw("<style>\n");
        self.raw(STYLE);
        self.printed(page);
        self.raw("</style>\n</head>\n<body>\n");
    }

    /// What stands in the margins of every printed page. No text of others is in it: a style sheet has an escape of its
    /// own.
    fn printed(&mut self, page: &Page) {
        self.raw("@page { font: 8pt sans-serif; @bottom-right { content: counter(page) \" / \" counter(pages); } ");
        if let Some(head) = page.head {
            let _ = write!(self.out, "@bottom-left {{ content: \"last hash {}\"; }} ", head.short());
        }
        if let Some(mark) = page.watermark {
            let _ =
                write!(self.out, "@top-center {{ content: \"{mark}\"; }} @bottom-center {{ content: \"{mark}\"; }} ");
        }
        self.raw("}\n");
    }

    fn top(&mut self, page: &Page) {
        if let Some(mark) = page.watermark {
            self.element("div class=\"band\" role=\"note\"", mark);
        }
        self.raw("<header>\n");
        self.element("h1", &page.title);
        for warning in &page.warnings {
            self.element("p class=\"warning\" role=\"alert\"", warning);
        }
        if let Some(notice) = page.notice {
            self.element("p class=\"notice\"", notice);
        }
        self.raw("</header>\n");
    }

    fn contents(&mut self, page: &Page) {
        self.raw("<nav aria-label=\"Contents\">\n");
        for section in page.sections.iter().filter(|section| !section.title.is_empty()) {
            let _ = writeln!(self.out, "<a href=\"#{}\">{}</a>", anchor(section.title), section.title);
        }
        self.raw("</nav>\n");
    }

    fn section(&mut self, section: &Section) {
        if section.title.is_empty() {
            self.raw("<section class=\"first\">\n");
        } else {
            let anchor = anchor(section.title);
            let _ = writeln!(self.out, "<section id=\"{anchor}\">\n<h2>{}</h2>", section.title);
        }
        section.blocks.iter().for_each(|block| self.block(block));
        self.raw("</section>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, title) => self.element(if *level <= 3 { "h3" } else { "h4" }, title),
            Block::Paragraph(text) => self.element("p", text),
            Block::Figures(figures) => self.figures(figures),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::List(items) => self.items(items),
            Block::Code { text, .. } => {
                self.raw("<pre>");
                self.said(text);
                self.raw("</pre>\n");
            }
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn figures(&mut self, figures: &[Figure]) {
        self.raw("<ul class=\"figures\">\n");
        for figure in figures {
            let mark = verdict_mark(figure.verdict);
            let _ = write!(self.out, "<li class=\"{}\"><span class=\"name\">{}</span> <b>", class(mark), figure.name);
            self.said(&figure.value);
            self.raw("</b> <span class=\"beside\">");
            self.sign(mark);
            self.said(&figure.beside);
            self.raw("</span></li>\n");
        }
        self.raw("</ul>\n");
    }

    fn facts(&mut self, facts: &[(&'static str, Cell)]) {
        self.raw("<dl>\n");
        for (name, value) in facts {
            let _ = write!(self.out, "<div><dt>{name}</dt><dd>");
            self.cell(value);
            self.raw("</dd></div>\n");
        }
        self.raw("</dl>\n");
    }

    fn table(&mut self, table: &Table) {
        let _ = writeln!(
            self.out,
            "<table class=\"of-{}\" aria-label=\"{}\">\n<thead><tr>",
            anchor(table.name),
            table.name
        );
        for column in &table.columns {
            let _ = write!(self.out, "<th scope=\"col\">{column}</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            match row {
                Row::Group(title) => {
                    let span = table.columns.len();
                    let _ = write!(self.out, "<tr class=\"group\"><th colspan=\"{span}\" scope=\"rowgroup\">");
                    self.said(title);
                    self.raw("</th></tr>\n");
                }
                Row::Cells(cells) => {
                    self.raw("<tr>");
                    for cell in cells {
                        self.raw("<td>");
                        self.cell(cell);
                        self.raw("</td>");
                    }
                    self.raw("</tr>\n");
                }
            }
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.said(text),
            Cell::Time(at) => {
                self.raw("<time>");
                utc_to(*at, &mut self.out);
                self.raw("</time>");
            }
            Cell::Number(number) => {
                let _ = write!(self.out, "{number}");
            }
            Cell::Hash(hash) => {
                let _ = write!(self.out, "<code>{hash}</code>");
            }
            Cell::Id(id) => {
                let _ = write!(self.out, "<code>{id}</code>");
            }
            Cell::Word(mark, word) => {
                let _ = write!(self.out, "<span class=\"word {}\">", class(*mark));
                self.sign(*mark);
                self.raw(word);
                self.raw("</span>");
            }
            Cell::Said(mark, text) => {
                let _ = write!(self.out, "<i class=\"{}\">{}</i> ", class(*mark), mark.sign());
                self.said(text);
            }
        }
    }

    fn sign(&mut self, mark: Mark) {
        if mark != Mark::Plain {
            let _ = write!(self.out, "{} ", mark.sign());
        }
    }

    fn items(&mut self, items: &[Item]) {
        self.raw("<ul>\n");
        for item in items {
            let _ = write!(self.out, "<li><span class=\"lead\">{}</span>{}", item.lead, item.gap());
            self.said(&item.text);
            if let Some(hash) = item.hash {
                let _ = write!(self.out, " <code>{hash}</code>");
            }
            if !item.under.is_empty() {
                self.items(&item.under);
            }
            self.raw("</li>\n");
        }
        self.raw("</ul>\n");
    }

    fn chart(&mut self, chart: &Chart) {
        self.charts += 1;
        self.raw("<figure>\n");
        self.out.push_str(&chart.svg(self.charts));
        self.raw("<figcaption>");
        self.raw("Time since the impact at <time>");
        utc_to(chart.from, &mut self.out);
        self.raw("</time>. Bars are steps; the frames above them are the time each tier had. ");
        if chart.left_out > 0 {
            let _ = write!(self.out, "{} later steps are in the plan below. ", chart.left_out);
        }
        self.raw("</figcaption>\n</figure>\n");
    }
}

const fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain => "plain",
        Mark::Good => "good",
        Mark::Started => "started",
        Mark::Warning => "warn",
        Mark::Bad => "bad",
        Mark::Unknown => "unknown",
        Mark::Waiting => "waiting",
    }
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}
