//! A dry run, for people.

use std::fmt::Write;

use domain::dry_run::{Answer, Confirm, Does, DryRun, DryStep, Looked, Otherwise, Shown, Standing};
use domain::time::human;

/// The width of the words that lines begin with.
const LABEL: usize = 9;

/// The whole of it; `host` is the machine that shell blocks would run on.
pub(super) fn text(dry: &DryRun, host: &str) -> String {
    let mut page = Page { out: String::new() };
    page.first(dry, host);
    let count = dry.steps.iter().filter(|step| step.main).count();
    let (mut phase, mut number) = (None, 0);
    for step in &dry.steps {
        if phase.replace(&step.phase) != Some(&step.phase) {
            let _ = writeln!(page.out, "\n{}", step.phase);
        }
        number += usize::from(step.main);
        let place = if step.main { format!("[{number}/{count}]") } else { "[on demand]".to_owned() };
        page.step(&place, step);
    }
    page.last(dry);
    page.out
}

struct Page {
    out: String,
}

impl Page {
    fn first(&mut self, dry: &DryRun, host: &str) {
        let side =
            |side: &Option<domain::ident::RegionId>| side.as_ref().map_or("not given".to_owned(), ToString::to_string);
        let (from, to) = (side(&dry.from), side(&dry.to));
        let _ = writeln!(self.out, "{}", dry.title);
        let mode = dry.mode.word();
        let _ = writeln!(
            self.out,
            "Dry run of {}, {mode}, {from} ▸ {to}, on {} ({}), from {host}",
            dry.runbook,
            dry.estate,
            dry.kind.word()
        );
        let _ = writeln!(self.out, "Nothing is executed and nothing is recorded. Runbook SHA-256 {}", dry.sha256);
        if !dry.values.is_empty() {
            let _ = writeln!(self.out, "\nValues");
            let wide = dry.values.keys().map(String::len).max().unwrap_or_default();
            for (name, value) in &dry.values {
                let _ = writeln!(self.out, "  {name:wide$}  {value}");
            }
        }
    }

    fn step(&mut self, place: &str, step: &DryStep) {
        let owner = step.owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
        let _ = writeln!(self.out, "\n{place} {} <{}>{owner}", step.title, step.id);
        match &step.standing {
            Standing::ToDo => {}
            Standing::NotApplicable { because } => return self.line("skips", &format!("not applicable: {because}")),
            Standing::LeftOut => return self.line("skips", "--start-at begins after it: recorded as skipped"),
            Standing::Ended { state } => return self.line("ended", state.word()),
        }
        if step.point_of_no_return {
            self.line("warning", "point of no return");
        }
        self.does(&step.does);
        if !matches!(step.does, Does::ByHand { .. } | Does::Opens { .. }) {
            self.line(
                "confirm",
                &match &step.confirm {
                    Confirm::Key => "one key".to_owned(),
                    Confirm::Yes => "y".to_owned(),
                    Confirm::Type(text) => format!("type {text}"),
                },
            );
        }
        for (label, said) in [("approval", &step.approval), ("undo", &step.undo)] {
            if let Some(said) = said {
                self.line(label, said);
            }
        }
        step.guards.iter().for_each(|guard| self.looked("guard", guard));
        step.verifies.iter().for_each(|verify| self.looked("verify", verify));
    }

    fn does(&mut self, does: &Does) {
        match does {
            Does::ByHand { because, ticks } => {
                let why = because.as_ref().map(|why| format!("; written to run, but {why}")).unwrap_or_default();
                self.line("by hand", &format!("ticked by a person{why}"));
                ticks.iter().for_each(|tick| self.line("", &format!("[ ] {tick}")));
            }
            Does::Opens { runbook } => {
                self.line("opens", &format!("{runbook}, as a run of its own: it has a dry run, too"));
            }
            Does::Open { why, later: true } => self.line("runs", &format!("not known before then: {why}")),
            Does::Open { why, later: false } => self.line("CANNOT", &format!("be settled: {why}")),
            Does::Runs(shown) => self.runs(shown),
        }
    }

    fn runs(&mut self, shown: &Shown) {
        let program = if shown.argv.is_empty() { shown.lang.name().to_owned() } else { shown.argv.join(" ") };
        let mut how = program;
        if let Some(target) = &shown.target {
            let _ = write!(how, " on {target}");
        }
        if let Some(place) = &shown.place {
            let _ = write!(how, " ({place})");
        }
        let _ = write!(how, ", {} at most", human(shown.timeout));
        if shown.readonly {
            how.push_str(", only reads");
        } else if shown.idempotent {
            how.push_str(", may be repeated");
        }
        self.line("runs", &how);
        shown.text.trim_end().lines().for_each(|line| self.line("", &format!("| {line}")));
        shown.env.iter().for_each(|(name, value)| self.line("with", &format!("{name}={value}")));
        shown.secrets.iter().for_each(|(name, from)| self.line("secret", &format!("{name}, found at {from}")));
    }

    fn looked(&mut self, label: &str, looked: &Looked) {
        let otherwise = match looked.otherwise.filter(|_| looked.answer != Answer::Met) {
            Some(Otherwise::Skips) => "; the step is then skipped",
            Some(Otherwise::Asks) => "; a person has to accept it",
            Some(Otherwise::Stops) | None => "",
        };
        let flag = looked.wants.map(|flag| format!("; {flag} says so")).unwrap_or_default();
        self.line(label, &format!("{}: {}, {}{otherwise}{flag}", looked.asks, looked.answer.word(), looked.seen));
    }

    fn last(&mut self, dry: &DryRun) {
        if !dry.on_demand.is_empty() {
            let _ =
                writeln!(self.out, "\nOn demand, and not looked at (--on-demand does): {}", dry.on_demand.join("; "));
        }
        if !dry.needs.is_empty() {
            let _ = writeln!(self.out, "\nAn unattended run as things are would also need");
            dry.needs.iter().for_each(|need| self.line("", need));
        }
        if dry.in_the_way.is_empty() {
            let _ = writeln!(self.out, "\nNothing that is known now stands in the way.");
        } else {
            let _ = writeln!(self.out, "\nIn the way");
            dry.in_the_way.iter().for_each(|found| self.line("", found));
        }
    }

    fn line(&mut self, label: &str, text: &str) {
        for (index, text) in text.lines().enumerate() {
            let label = if index == 0 { label } else { "" };
            let _ = writeln!(self.out, "  {label:LABEL$} {text}");
        }
    }
}
