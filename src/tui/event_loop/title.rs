//! The title of the window: what this is, before anything else, where a person looks for the right window.

use domain::engine::Incident;
use domain::log::Kind;
use domain::untrusted::sanitise_line;

use crate::model::Model;

/// `LIVE INC-2026-0007 SEV1 orders - switchback`, in plain text that ends no sequence.
pub(crate) fn title(model: &Model, kind: Kind) -> String {
    let mut words = Vec::new();
    if model.exercising() && model.conduct.real_world.is_some() {
        words.push("REAL WORLD:".to_owned());
    }
    words.push(named(kind).to_owned());
    if let Some(incident) = &model.state.incident {
        words.extend([incident.label.clone(), standing(incident)]);
    }
    words.extend([model.scene.estate.name.clone(), "- switchback".to_owned()]);
    sanitise_line(&words.join(" "))
}

const fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Live => "LIVE",
        Kind::Lab => "LAB",
        Kind::Demo => "DEMO",
        Kind::Drill => "EXERCISE",
        Kind::Paper => "PAPER EXERCISE",
    }
}

fn standing(incident: &Incident) -> String {
    if incident.closed_at.is_some() { "closed".to_owned() } else { incident.severity.to_string() }
}
