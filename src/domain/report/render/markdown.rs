//! A page as Markdown: reads well unrendered, and in every tracker and wiki.

use std::fmt::Write;

use crate::report::page::{Block, Cell, Figure, Item, Page, Row, Section, Table};
use crate::report::text::{fenced, markdown, utc};

impl Page {
    /// The page as Markdown. The same page gives the same bytes.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut writer = Writer { out: String::new(), mark: self.watermark };
        let _ = writeln!(writer.out, "# {}\n", markdown(&self.title));
        writer.watermark();
        for warning in &self.warnings {
            let _ = writeln!(writer.out, "**{}**\n", markdown(warning));
        }
        if let Some(notice) = self.notice {
            let _ = writeln!(writer.out, "{notice}\n");
        }
        self.sections.iter().for_each(|section| writer.section(section));
        writer.out.truncate(writer.out.trim_end().len());
        writer.out.push('\n');
        writer.out
    }
}

struct Writer {
    out: String,
    mark: Option<&'static str>,
}

impl Writer {
    fn watermark(&mut self) {
        if let Some(mark) = self.mark {
            let _ = writeln!(self.out, "**{mark}**\n");
        }
    }

    fn section(&mut self, section: &Section) {
        if !section.title.is_empty() {
            let _ = writeln!(self.out, "## {}\n", section.title);
            self.watermark();
        }
        section.blocks.iter().for_each(|block| self.block(block));
    }

    /// Each ends with an empty line.
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, title) => {
                let hashes = "#".repeat(usize::from(*level));
                let _ = writeln!(self.out, "{hashes} {}\n", markdown(title));
            }
            Block::Paragraph(text) => {
                let _ = writeln!(self.out, "{}\n", paragraph(text));
            }
            Block::Figures(figures) => self.figures(figures),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::List(items) => {
                self.items(items, "");
                self.out.push('\n');
            }
            Block::Code { language, text } => {
                self.out.push_str(&fenced(language, text));
                self.out.push('\n');
            }
            Block::Chart(chart) => {
                self.out.push_str(&fenced("", &chart.lines(60).join("\n")));
                self.out.push('\n');
            }
        }
    }

    fn figures(&mut self, figures: &[Figure]) {
        for figure in figures {
            let (name, value, beside) = (figure.name, markdown(&figure.value), markdown(&figure.beside));
            let _ = writeln!(self.out, "- **{name}: {value}**, {beside}");
        }
        self.out.push('\n');
    }

    fn facts(&mut self, facts: &[(&'static str, Cell)]) {
        for (row, (name, value)) in facts.iter().enumerate() {
            self.out.push_str("| ");
            self.out.push_str(name);
            self.out.push_str(" | ");
            self.cell(value);
            self.out.push_str(" |\n");
            if row == 0 {
                self.out.push_str("| --- | --- |\n");
            }
        }
        self.out.push('\n');
    }

    fn table(&mut self, table: &Table) {
        let _ = writeln!(self.out, "| {} |", table.columns.join(" | "));
        let _ = writeln!(self.out, "|{}", " --- |".repeat(table.columns.len()));
        for row in &table.rows {
            match row {
                Row::Cells(cells) => {
                    self.out.push('|');
                    for cell in cells {
                        self.out.push(' ');
                        self.cell(cell);
                        self.out.push_str(" |");
                    }
                    self.out.push('\n');
                }
                Row::Group(title) => {
                    let rest = "  |".repeat(table.columns.len().saturating_sub(2));
                    let _ = writeln!(self.out, "|  | **{}** |{rest}", markdown(title));
                }
            }
        }
        self.out.push('\n');
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.out.push_str(&markdown(text)),
            Cell::Time(at) => self.out.push_str(&utc(*at)),
            Cell::Number(number) => {
                let _ = write!(self.out, "{number}");
            }
            Cell::Hash(hash) => {
                let _ = write!(self.out, "`{hash}`");
            }
            Cell::Id(id) => {
                let _ = write!(self.out, "{id}");
            }
            Cell::Word(_, word) => self.out.push_str(word),
            Cell::Said(mark, text) => {
                let _ = write!(self.out, "{} {}", mark.sign(), markdown(text));
            }
        }
    }

    fn items(&mut self, items: &[Item], indent: &str) {
        for item in items {
            let _ = write!(self.out, "{indent}- {}{}{}", item.lead, item.gap(), markdown(&item.text));
            if let Some(hash) = item.hash {
                let _ = write!(self.out, " `{hash}`");
            }
            self.out.push('\n');
            self.items(&item.under, &format!("{indent}  "));
        }
    }
}

/// Text that begins no block of its own.
fn paragraph(text: &str) -> String {
    let text = markdown(text);
    match text.chars().next() {
        Some('#' | '-' | '+' | '=') => format!("\\{text}"),
        _ => text,
    }
}
