//! Whether templates give texts: each is tried at every status, on an incident that is made up for it.

use std::sync::Arc;

use super::{Audience, Draft, Facts, TemplateError, Templates};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::engine::{Incident, State};
use crate::estate::Estate;
use crate::ident::IncidentId;
use crate::log::{IncidentStatus, Kind, Sev};
use crate::objective::Learned;
use crate::time::Timestamp;

/// A template that gives no text, or an audience whose template there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The template; `None`: what is wrong stands in the estate.
    pub template: Option<String>,
    pub diagnostic: Diagnostic,
}

/// Tries what each audience of the estate would be told, and what no audience uses by itself.
#[must_use]
pub fn check(templates: &Templates, estate: &Estate) -> Vec<Checked> {
    let mut found = Vec::new();
    for audience in &estate.audiences {
        found.extend(unknown(templates, audience));
    }
    // A template of a status, or one that nobody uses yet, is tried as outsiders would be told with it.
    let mut tried = estate.audiences.clone();
    let audience = |name: &str| Audience { template: name.to_owned(), ..Audience::usual().swap_remove(0) };
    tried.extend(templates.names().filter(|name| !name.starts_with('_') && !used(estate, name)).map(audience));
    for audience in &tried {
        for status in IncidentStatus::ALL {
            let state = sample(estate, status);
            let learned = Learned::default();
            let facts = Facts { state: &state, reading: None, learned: &learned, now: Timestamp::UNIX_EPOCH };
            if let Err(error) = Draft::from_template(templates, audience, status, &facts) {
                found.push(wrong(templates, &error));
            }
        }
    }
    found.dedup();
    found
}

/// Its name begins with that of an audience's templates: that audience's try is the one that counts.
fn used(estate: &Estate, name: &str) -> bool {
    let own = |audience: &Audience| name == audience.template || name.starts_with(&format!("{}-", audience.template));
    estate.audiences.iter().any(own)
}

fn wrong(templates: &Templates, error: &TemplateError) -> Checked {
    let source = templates.text(&error.name).unwrap_or_default();
    let start: usize = source.split_inclusive('\n').take(error.line.saturating_sub(1)).map(str::len).sum();
    let line = source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let diagnostic = Diagnostic::error("template::no-text", start..start + line.len(), &error.why).help(&error.remedy);
    Checked { template: Some(error.name.clone()), diagnostic }
}

/// A name that no template has, and no usual audience: a slip, which would be told in the words of the status alone.
fn unknown(templates: &Templates, audience: &Audience) -> Option<Checked> {
    let name = audience.template.as_str();
    let written = name != audience.id.as_str();
    if !written || templates.names().any(|known| known == name || known.starts_with(&format!("{name}-"))) {
        return None;
    }
    let message = format!("{} is to be told by the template `{name}`, and there is none", audience.id);
    let help = did_you_mean(name, templates.names()).unwrap_or_else(|| {
        format!("add {name}.txt to a folder of `templates`, or leave `template` out for the usual words")
    });
    Some(Checked { template: None, diagnostic: Diagnostic::warning("template::unknown", 0..0, message).help(help) })
}

/// An incident of this estate at its most telling.
fn sample(estate: &Estate, status: IncidentStatus) -> State {
    let at = Timestamp::UNIX_EPOCH;
    let mut regions = estate.regions.iter().map(|region| region.id.clone());
    let incident = Incident {
        id: IncidentId(ulid::Ulid::nil()),
        label: "INC-1970-0001".to_owned(),
        kind: Kind::Live,
        severity: Sev(1),
        title: "A region fails".to_owned(),
        opened_at: at,
        impact_at: at,
        impact_basis: "as declared".to_owned(),
        from: regions.next(),
        to: regions.next(),
        estate: Arc::new(estate.clone()),
        status,
        commander: Some("mara".into()),
        decided_at: (status >= IncidentStatus::FailingOver).then_some(at),
        closed_at: None,
        recovered: std::collections::BTreeMap::new(),
        recovery_point: std::collections::BTreeMap::new(),
        no_return_at: None,
    };
    State { incident: Some(incident), ..State::default() }
}
