//! The checklist as one HTML file: no script, nothing loaded, black on white, a step never cut by the end of a page.

use super::sheet::{Sheet, SheetBlock, SheetPhase, SheetStep, Standing};
use crate::report::text::{Text, html};

const STYLE: &str = include_str!("checklist.css");

pub(super) fn page(sheet: &Sheet) -> String {
    let mut page = Page { text: Text::new(), out: String::new() };
    let title = page.said(&sheet.title);
    page.raw(&format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    ));
    page.first(sheet);
    sheet.phases.iter().for_each(|phase| page.phase(phase));
    page.people(sheet);
    page.raw("</body>\n</html>\n");
    page.out
}

struct Page {
    text: Text,
    out: String,
}

impl Page {
    /// Markup of this page's own.
    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text of others: without secrets or control sequences, and escaped.
    fn said(&self, text: &str) -> String {
        let clean = self.text.clean(text);
        let mut escaped = String::with_capacity(clean.len());
        html(&clean, &mut escaped);
        escaped
    }

    fn element(&mut self, tag: &str, class: &str, text: &str) {
        let text = self.said(text);
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.raw(&format!("<{tag}{class}>{text}</{tag}>\n"));
    }

    fn first(&mut self, sheet: &Sheet) {
        self.raw("<table class=\"facts\">\n");
        sheet.facts.iter().for_each(|(name, value)| self.pair(name, Some(value)));
        self.raw("</table>\n");
        sheet.purpose.iter().for_each(|paragraph| self.element("p", "", paragraph));
        self.raw("<h2>Values</h2>\n<table class=\"facts\">\n");
        sheet.values.iter().for_each(|(name, value)| self.pair(name, value.as_deref()));
        self.raw("</table>\n");
    }

    fn pair(&mut self, name: &str, value: Option<&str>) {
        let name = self.said(name);
        let value = value.map_or_else(|| "<span class=\"blank\"></span>".to_owned(), |value| self.said(value));
        self.raw(&format!("<tr><th>{name}</th><td>{value}</td></tr>\n"));
    }

    fn phase(&mut self, phase: &SheetPhase) {
        let on_demand = if phase.on_demand { " (only when it is decided)" } else { "" };
        self.element("h2", "", &format!("{}{on_demand}", phase.title));
        for group in &phase.groups {
            if let Some(title) = &group.title {
                self.element("h3", "", title);
            }
            group.steps.iter().for_each(|step| self.step(step));
        }
    }

    fn step(&mut self, step: &SheetStep) {
        let over = matches!(step.standing, Standing::Done(_) | Standing::Left(_) | Standing::NotApplicable);
        let class = match (over, step.no_return) {
            (true, _) => "step over",
            (false, true) => "step line",
            (false, false) => "step",
        };
        let mark = match &step.standing {
            Standing::Done(_) => "✓",
            Standing::Left(_) | Standing::NotApplicable => "–",
            Standing::Open(_) | Standing::ToDo => "",
        };
        let title = self.said(&step.title);
        let number = step.number;
        self.raw(&format!(
            "<section class=\"{class}\">\n<h4><span class=\"box\">{mark}</span>{number}. {title}</h4>\n"
        ));
        match &step.standing {
            Standing::Done(said) | Standing::Left(said) | Standing::Open(said) => self.element("p", "so-far", said),
            Standing::NotApplicable => self.element("p", "so-far", "not applicable"),
            Standing::ToDo => {}
        }
        if !over {
            self.open_step(step);
        }
        self.raw("</section>\n");
    }

    fn open_step(&mut self, step: &SheetStep) {
        if !step.facts.is_empty() {
            let facts: Vec<_> =
                step.facts.iter().map(|(name, said)| format!("<b>{name}</b> {}", self.said(said))).collect();
            self.raw(&format!("<p class=\"what\">{}</p>\n", facts.join(" &middot; ")));
        }
        self.set_apart(step);
        step.prose.iter().for_each(|paragraph| self.element("p", "", paragraph));
        for (tick, done) in &step.ticks {
            let tick = self.said(tick);
            let mark = if *done { "✓" } else { "" };
            self.raw(&format!("<p class=\"tick\"><span class=\"box\">{mark}</span>{tick}</p>\n"));
        }
        step.blocks.iter().for_each(|block| self.block(block));
        self.raw(
            "<p class=\"sign\">Started <span class=\"time\"></span> Done <span class=\"time\"></span> Initials \
             <span class=\"time\"></span></p>\n",
        );
    }

    /// What is not to be read over.
    fn set_apart(&mut self, step: &SheetStep) {
        if step.no_return {
            self.raw("<p class=\"apart\"><b>POINT OF NO RETURN.</b>");
            if let Some(undo) = &step.undo {
                let undo = self.said(undo);
                self.raw(&format!(" Taking it back costs: {undo}."));
            }
            self.raw("</p>\n");
        } else if let Some(undo) = &step.undo {
            let undo = self.said(undo);
            self.raw(&format!("<p class=\"what\"><b>Undo</b> {undo}</p>\n"));
        }
        for fence in &step.fences {
            let fence = self.said(fence);
            self.raw(&format!(
                "<p class=\"apart\"><b>FENCED?</b> {fence} accepts no write, because <span class=\"blank long\"></span>, \
                 says <span class=\"blank\"></span> at <span class=\"time\"></span></p>\n"
            ));
        }
        if let Some(approval) = &step.approval {
            let approval = self.said(approval);
            self.raw(&format!(
                "<p class=\"sign\">Approved ({approval}) by <span class=\"blank\"></span> at <span class=\"time\"></span></p>\n"
            ));
        }
    }

    fn block(&mut self, block: &SheetBlock) {
        self.element("p", "does", &block.heading);
        block.with.iter().for_each(|with| self.element("p", "with", with));
        let text = self.said(block.text.trim_end());
        self.raw(&format!("<pre>{text}</pre>\n"));
    }

    fn people(&mut self, sheet: &Sheet) {
        if sheet.people.is_empty() {
            return;
        }
        self.raw("<h2>People</h2>\n<table class=\"people\">\n");
        for person in &sheet.people {
            let roles: Vec<_> = person.roles.iter().map(|role| role.name()).collect();
            let cells = [
                self.said(person.name.as_str()),
                roles.join(", "),
                self.said(person.phone.as_deref().unwrap_or_default()),
                self.said(person.email.as_deref().unwrap_or_default()),
            ];
            self.raw(&format!("<tr><td>{}</td></tr>\n", cells.join("</td><td>")));
        }
        self.raw("</table>\n");
    }
}
