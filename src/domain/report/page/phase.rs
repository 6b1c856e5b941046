//! The phases of a runbook by the words of NIST SP 800-34: what an auditor's form asks for.

use crate::runbook::{Phase, PhaseKind};

/// The contingency phase that a runbook's phase belongs to.
pub(super) fn contingency(phase: &Phase) -> &'static str {
    let title = phase.title.trim().to_lowercase();
    let first: String = title.chars().take_while(|c| c.is_alphabetic()).collect();
    match phase.kind {
        PhaseKind::Failback | PhaseKind::CleanUp => "reconstitution",
        PhaseKind::Main if phase.afterwards() => "reconstitution",
        PhaseKind::Main if ["pre", "before", "preparation", "detection"].contains(&first.as_str()) => {
            "activation and notification"
        }
        PhaseKind::Main | PhaseKind::Rollback => "recovery",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_have_the_names_an_auditor_knows() {
        let name = |title: &str, kind| contingency(&Phase { title: title.to_owned(), kind, groups: Vec::new() });
        assert_eq!(name("Pre-failover", PhaseKind::Main), "activation and notification");
        assert_eq!(name("During failover", PhaseKind::Main), "recovery");
        assert_eq!(name("Post-failover", PhaseKind::Main), "reconstitution");
        assert_eq!(name("Recovery to primary", PhaseKind::Failback), "reconstitution");
    }
}
