//! The bridge while nothing is wrong: where one would fail over to and why, which runbooks are there, what serves whom.

use domain::console::RunbookEntry;
use domain::document::Standing;
use domain::log::Kind;
use domain::readiness::Verdict;
use domain::reading::{Advice, Health, RegionStatus, ServiceStatus};
use ratatui::text::Line;

use super::context::{Content, View};
use super::look;
use super::overlay::runbooks::standing;
use super::regions::waiting;
use crate::action::Id;
use crate::theme::Role;
use crate::widget::{Frame, Item, List, Row, wrap};

/// Stands where the checklist will be.
pub(super) fn readiness(view: &View<'_>, width: usize) -> Content {
    let mut lines = recommendation(view, width);
    lines.push(Line::default());
    lines.extend(summary(view, width));
    lines.push(Line::default());
    lines.extend(candidates(view, width));
    lines.push(Line::default());
    lines.extend(runbooks(view, width));
    Content { frame: Frame::new("Readiness"), list: List::of(lines), spots: Vec::new() }
}

fn declares(view: &View<'_>, role: Role, width: usize) -> Line<'static> {
    let row = Row::new().gap(2).put(view.model.key(Id::Declare), view.style(Role::Key));
    row.put(" declares an incident, with every answer filled in", view.style(role)).fit(width)
}

fn recommendation(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let Some(status) = &view.model.status else {
        let declares =
            (view.kind() == Kind::Paper && !view.model.scene.read_only).then(|| declares(view, Role::Muted, width));
        return std::iter::once(waiting(view)).chain(declares).collect();
    };
    let recommended = &status.recommendation;
    let mut lines = Vec::new();
    if recommended.advice != Advice::None {
        let act = if recommended.failover { "Fail over" } else { "Move traffic" };
        let name = |region: &Option<domain::ident::RegionId>| region.as_ref().map(ToString::to_string);
        let from = name(&recommended.from).unwrap_or_else(|| "the failing region".to_owned());
        let to = name(&recommended.to).unwrap_or_else(|| "no region that could take over".to_owned());
        lines.push(
            Row::new()
                .put(format!("{} {act} ", view.symbols().warning), view.bold(Role::Warning))
                .put(from, view.bold(Role::Down))
                .put(format!(" {} ", view.symbols().to), view.style(Role::Muted))
                .put(to, view.bold(Role::Ok))
                .fit(width),
        );
    } else if let Some(withheld) = &recommended.withheld {
        for part in wrap(&format!("{} Wait: {withheld}", view.symbols().unknown), width) {
            lines.push(Row::new().put(part, view.bold(Role::Warning)).fit(width));
        }
    } else {
        let (sign, role, text) = if status.regions.iter().any(|region| region.status != Health::Ok) {
            (view.symbols().unknown, Role::Unknown, "Look closer: nothing says that failing over would help")
        } else {
            (view.symbols().ok, Role::Ok, "Nothing to do: every region is well")
        };
        lines.push(Row::new().put(format!("{sign} "), view.style(role)).put(text, view.style(Role::Text)).fit(width));
    }
    for reason in &recommended.because {
        for part in wrap(reason, width.saturating_sub(2)) {
            lines.push(Row::new().gap(2).put(part, view.style(Role::Muted)).fit(width));
        }
    }
    if !view.model.scene.read_only {
        let role = if recommended.failover { Role::Warning } else { Role::Muted };
        lines.push(declares(view, role, width));
    }
    if view.model.scene.kind == Kind::Demo && !recommended.failover {
        let failing = "fails the primary now; else it fails by itself";
        let row = Row::new()
            .gap(2)
            .put(view.model.key(Id::FailPrimary), view.style(Role::Key))
            .put(format!(" {failing}"), view.style(Role::Muted));
        lines.push(row.fit(width));
    }
    lines
}

fn candidates(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let Some(status) = &view.model.status else { return Vec::new() };
    let mut regions: Vec<&RegionStatus> = status.regions.iter().filter(|region| region.serving != Some(true)).collect();
    regions.sort_by_key(|region| (region.candidate.is_none(), region.candidate));
    let mut lines = vec![Line::styled("failover to", view.style(Role::Title))];
    for region in regions {
        let rank = region.candidate.map_or_else(|| view.symbols().not_applicable.to_owned(), |rank| rank.to_string());
        let style = if region.candidate == Some(1) { view.style(Role::Accent) } else { view.style(Role::Text) };
        lines.push(
            Row::new()
                .put(format!(" {rank} "), style)
                .cell(12, region.name.as_str(), style)
                .put(region.candidate_because.join(", "), view.style(Role::Muted))
                .fit(width),
        );
    }
    lines
}

fn runbooks(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("runbooks", view.style(Role::Title))];
    for runbook in &view.model.scene.runbooks {
        let (sign, role, note) = evaluated(view, runbook).unwrap_or_else(|| standing(view, runbook));
        lines.push(
            Row::new()
                .put(format!(" {sign} "), view.style(role))
                .put(runbook.title.clone(), view.style(Role::Text))
                .right(format!(" {note}"), view.style(role))
                .fit(width),
        );
    }
    if view.model.scene.runbooks.is_empty() {
        lines.push(Line::styled(" none was found", view.style(Role::Warning)));
    }
    lines
}

/// How the readiness rates a runbook; `None` of a document that is none, and of one with errors
/// that it does not rate.
fn evaluated(view: &View<'_>, runbook: &RunbookEntry) -> Option<(&'static str, Role, String)> {
    let readiness = view.model.readiness.as_ref().filter(|_| runbook.standing == Standing::Native)?;
    let Some(row) = readiness.runbook(&runbook.name) else {
        // It ships with the program: that it reads well says nothing of this estate.
        return (runbook.errors == 0).then(|| (view.symbols().dot, Role::Muted, "not evaluated".to_owned()));
    };
    let look = look::readiness(view.symbols(), row.verdict);
    if row.verdict == Verdict::Ready {
        return Some((look.sign, look.role, String::new()));
    }
    // Of an error the line says where.
    let line = row.reasons.first().filter(|reason| reason.starts_with("line "));
    let place = line.and_then(|reason| reason.split_once(':')).map(|(line, _)| format!(", {line}"));
    Some((look.sign, look.role, format!("{}{}", row.verdict.word(), place.unwrap_or_default())))
}

/// What the readiness comes to, the age of the looks, and the key that opens it.
fn summary(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let heading =
        Row::new().put("readiness ", view.style(Role::Title)).put(view.model.key(Id::Readiness), view.style(Role::Key));
    let (text, look, age) = match &view.model.readiness {
        None => ("being looked at".to_owned(), look::readiness(view.symbols(), Verdict::Unknown), String::new()),
        Some(readiness) => {
            let worst = readiness.rows.first().map_or(Verdict::Ready, |row| row.verdict);
            let age = format!(" looked at {} ago", view.quantised(view.since(readiness.looked_at)));
            (readiness.summary(), look::readiness(view.symbols(), worst), age)
        }
    };
    let mut lines = vec![heading.right(age, view.style(Role::Muted)).fit(width)];
    for (at, part) in wrap(&text, width.saturating_sub(3)).into_iter().enumerate() {
        let sign = if at == 0 { look.sign } else { " " };
        let row = Row::new().put(format!(" {sign} "), view.style(look.role));
        lines.push(row.put(part, view.style(Role::Text)).fit(width));
    }
    lines
}

/// Stands where the step in focus will be.
pub(super) fn services(view: &View<'_>, width: usize) -> Content {
    let mut content = Content { frame: Frame::new("Services"), ..Content::default() };
    let Some(status) = &view.model.status else {
        content.list = List::of(vec![waiting(view)]);
        return content;
    };
    let mut services: Vec<&ServiceStatus> = status.services.iter().collect();
    services.sort_by_key(|service| (look::badness(service.status), service.tier.clone(), service.name.clone()));
    let name_width = services.iter().map(|service| service.name.as_str().len()).max().unwrap_or(0).min(width / 3);
    for service in services {
        let sign = look::health(view.symbols(), service.status);
        let well = service.status == Health::Ok;
        let tier = service.tier.as_ref().map(|tier| format!("tier {tier}")).unwrap_or_default();
        let serving = service.serving.as_ref().map_or("served from ?".to_owned(), |region| format!("from {region}"));
        let word = if well { "ok".to_owned() } else { service.status.word().to_uppercase() };
        let since = service.since.filter(|_| !well).map(|at| view.quantised(view.since(at))).unwrap_or_default();
        let line = Row::new()
            .put(format!("{} ", sign.sign), view.style(sign.role))
            .cell(name_width, service.name.as_str(), view.style(Role::Text))
            .gap(1)
            .cell(8, &tier, view.style(Role::Muted))
            .put(format!("{word} {since}"), if well { view.style(sign.role) } else { view.bold(sign.role) })
            .right(format!(" {serving}"), view.style(Role::Muted))
            .fit(width);
        content.list.items.push(Item { line, red: service.status == Health::Down });
    }
    if content.list.items.is_empty() {
        content.list = List::of(vec![Line::styled("no service is configured", view.style(Role::Muted))]);
    }
    content
}
