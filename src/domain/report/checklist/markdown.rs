//! The checklist as Markdown that reads well unrendered, too.

use super::sheet::{Sheet, SheetBlock, SheetPhase, SheetStep, Standing};
use crate::report::text::Text;

const BLANK: &str = "____________";
const TIME: &str = "______";

pub(super) fn page(sheet: &Sheet) -> String {
    let mut page = Page { text: Text::new(), out: String::new() };
    page.first(sheet);
    sheet.phases.iter().for_each(|phase| page.phase(phase));
    page.people(sheet);
    page.out
}

struct Page {
    text: Text,
    out: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// With an empty line before and after it.
    fn paragraph(&mut self, line: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        self.line(line);
        self.out.push('\n');
    }

    /// Text of others, that begins no block of its own.
    fn said(&self, text: &str) -> String {
        let text = self.text.line(text);
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = digits.len() < text.len() && digits.starts_with(['.', ')']);
        match text.chars().next() {
            Some('#' | '-' | '+' | '=') => format!("\\{text}"),
            _ if numbered => text.replacen(['.', ')'], "\u{2024}", 1),
            _ => text,
        }
    }

    fn first(&mut self, sheet: &Sheet) {
        let title = self.text.line(&sheet.title);
        self.paragraph(&format!("# {title}"));
        self.line("| | |");
        self.line("| --- | --- |");
        for (name, value) in &sheet.facts {
            let value = self.text.line(value);
            self.line(&format!("| {name} | {value} |"));
        }
        self.out.push('\n');
        for paragraph in &sheet.purpose {
            let paragraph = self.said(paragraph);
            self.paragraph(&paragraph);
        }
        self.paragraph("## Values");
        for (name, value) in &sheet.values {
            let value = value.as_ref().map_or_else(|| BLANK.to_owned(), |value| self.text.line(value));
            let name = self.text.line(name);
            self.line(&format!("- {name}: {value}"));
        }
    }

    fn phase(&mut self, phase: &SheetPhase) {
        let title = self.text.line(&phase.title);
        let on_demand = if phase.on_demand { " (only when it is decided)" } else { "" };
        self.paragraph(&format!("## {title}{on_demand}"));
        for group in &phase.groups {
            if let Some(title) = &group.title {
                let title = self.text.line(title);
                self.paragraph(&format!("### {title}"));
            }
            group.steps.iter().for_each(|step| self.step(step));
        }
    }

    fn step(&mut self, step: &SheetStep) {
        let title = self.text.line(&step.title);
        let number = step.number;
        let (mark, end) = match &step.standing {
            Standing::Done(said) => ("☑", Some(said.as_str())),
            Standing::Left(said) => ("–", Some(said.as_str())),
            Standing::NotApplicable => ("–", Some("not applicable")),
            Standing::Open(said) => ("☐", Some(said.as_str())),
            Standing::ToDo => ("☐", None),
        };
        self.paragraph(&format!("#### {mark} {number}\\. {title}"));
        if let Some(end) = end {
            let end = self.text.line(end);
            self.paragraph(&format!("**So far: {end}**"));
        }
        if matches!(step.standing, Standing::Done(_) | Standing::Left(_) | Standing::NotApplicable) {
            return;
        }
        let facts: Vec<_> = step.facts.iter().map(|(name, said)| format!("{name}: {}", self.text.line(said))).collect();
        if !facts.is_empty() {
            self.paragraph(&facts.join("; "));
        }
        self.set_apart(step);
        for paragraph in &step.prose {
            let paragraph = self.said(paragraph);
            self.paragraph(&paragraph);
        }
        for (tick, done) in &step.ticks {
            let tick = self.text.line(tick);
            self.line(&format!("- [{}] {tick}", if *done { "x" } else { " " }));
        }
        step.blocks.iter().for_each(|block| self.block(block));
        self.paragraph(&format!("Started {TIME}   Done {TIME}   Initials {TIME}"));
    }

    /// What is not to be read over.
    fn set_apart(&mut self, step: &SheetStep) {
        let undo = step.undo.as_ref().map(|undo| self.text.line(undo));
        match (step.no_return, undo) {
            (true, undo) => {
                let undo = undo.map(|undo| format!(" Taking it back costs: {undo}.")).unwrap_or_default();
                self.paragraph(&format!("> **POINT OF NO RETURN.**{undo}"));
            }
            (false, Some(undo)) => self.paragraph(&format!("Undo: {undo}")),
            (false, None) => {}
        }
        for fence in &step.fences {
            let fence = self.text.line(fence);
            self.paragraph(&format!(
                "> **FENCED?** {fence} accepts no write, because {BLANK}{BLANK}{BLANK}, says {BLANK} at {TIME}"
            ));
        }
        if let Some(approval) = &step.approval {
            let approval = self.text.line(approval);
            self.paragraph(&format!("Approved ({approval}) by {BLANK} at {TIME}"));
        }
    }

    fn block(&mut self, block: &SheetBlock) {
        let heading = self.text.line(&block.heading);
        self.paragraph(&format!("{heading}:"));
        for with in &block.with {
            let with = self.text.line(with);
            self.line(&format!("- {with}"));
        }
        if !block.with.is_empty() {
            self.out.push('\n');
        }
        let text = self.text.block(block.lang, &block.text);
        self.out.push_str(&text);
    }

    fn people(&mut self, sheet: &Sheet) {
        if sheet.people.is_empty() {
            return;
        }
        self.paragraph("## People");
        self.line("| Name | Roles | Phone | Mail |");
        self.line("| --- | --- | --- | --- |");
        for person in &sheet.people {
            let roles: Vec<_> = person.roles.iter().map(|role| role.name()).collect();
            let cell = |text: &Option<String>| text.as_ref().map(|text| self.text.line(text)).unwrap_or_default();
            let name = self.text.line(person.name.as_str());
            let row = format!("| {name} | {} | {} | {} |", roles.join(", "), cell(&person.phone), cell(&person.email));
            self.line(&row);
        }
    }
}
