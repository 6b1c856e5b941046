//! Single checks, and the clocks they were answered with.

use super::{About, Look};
use crate::alert::Rule;
use crate::estate::{Check, CheckAlert, CheckKind, Service};
use crate::ident::ServiceId;
use crate::reading::status::skew_sentence;
use crate::reading::{AlertSeverity, Health};

impl Look<'_> {
    pub(super) fn check(&mut self, check: &Check) {
        let seen = self.board.check_status(check, self.now).filter(|_| !check.paused);
        let Some(seen) = seen else { return };
        let subject = check.id.to_string();
        let about = || About { subject: subject.clone(), region: check.region.clone(), service: check.service.clone() };
        if matches!(seen.status, Health::Down | Health::Stale | Health::Unknown) {
            // Of a certificate that is out, or out of sight, nothing says that it was renewed.
            self.unknown(Rule::CertificateExpiring, &subject);
        }
        match seen.status {
            Health::Down if self.spoken_for(check) => self.unknown(Rule::CheckDown, &subject),
            Health::Down => {
                let why = seen.error.as_deref().unwrap_or("it fails");
                let text = format!("{subject} is down: {why}");
                let since = seen.since.unwrap_or(self.now.wall);
                self.found_as(Rule::CheckDown, self.severity_of(check, Rule::CheckDown), about(), text, since);
            }
            Health::Stale | Health::Unknown => {
                self.unknown(Rule::CheckDown, &subject);
                if check.critical && !self.spoken_for(check) {
                    let why = seen.error.as_deref().unwrap_or("no answer was seen");
                    let text = format!("{subject} is {}: {why}", seen.status.word());
                    let since = seen.measured_at.unwrap_or(self.now.wall);
                    self.found_as(
                        Rule::CheckUnknown,
                        self.severity_of(check, Rule::CheckUnknown),
                        about(),
                        text,
                        since,
                    );
                }
            }
            Health::Degraded if matches!(check.kind, CheckKind::Tls(_)) => {
                let why = seen.error.as_deref().unwrap_or("few days are left");
                let (text, since) = (format!("certificate {subject}: {why}"), seen.since.unwrap_or(self.now.wall));
                let severity = self.severity_of(check, Rule::CertificateExpiring);
                self.found_as(Rule::CertificateExpiring, severity, about(), text, since);
            }
            Health::Ok | Health::Degraded => {}
        }
    }

    /// Its own word, else its rule's. That something is not known is never worse than its rule says.
    fn severity_of(&self, check: &Check, rule: Rule) -> Option<AlertSeverity> {
        let usual = self.board.estate.alerts.rule(rule).severity;
        match (check.alert, rule) {
            (CheckAlert::Off, _) => None,
            (CheckAlert::As(own), Rule::CheckDown) => Some(own),
            (CheckAlert::As(own), _) => usual.map(|usual| usual.min(own)),
            (CheckAlert::Usual, _) => usual,
        }
    }

    /// A check that was given a severity of its own always speaks for itself.
    fn spoken_for(&self, check: &Check) -> bool {
        let region = check.region.as_ref().is_some_and(|region| self.region_is_down(region));
        let of = |service: &&Service| {
            check.service.as_ref() == Some(&service.id) || service.serving.as_ref() == Some(&check.id)
        };
        let service = self.board.estate.services.iter().filter(of).any(|service| self.service_is_down(&service.id));
        check.alert == CheckAlert::Usual && (region || service)
    }

    fn service_is_down(&self, service: &ServiceId) -> bool {
        self.status.services.iter().any(|known| known.name == *service && known.status == Health::Down)
    }

    pub(super) fn clocks(&mut self) {
        let limit = i64::try_from(self.board.estate.alerts.skew_over.as_millis()).unwrap_or(i64::MAX);
        let skews = self.board.tracks.iter().filter_map(|(check, track)| Some((track.skew_ms?, check)));
        let Some((skew, check)) = skews.max_by_key(|(skew, _)| skew.abs()).filter(|(skew, _)| skew.abs() > limit)
        else {
            return;
        };
        let text = skew_sentence(check, skew);
        self.found(Rule::ClockSkew, About::default(), text, self.now.wall);
    }
}
