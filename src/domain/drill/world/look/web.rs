//! Pages, ports and certificates.

use std::time::Duration;

use super::{Sight, World, bad, good};
use crate::estate::{Check, HttpCheck, TcpCheck, TlsCheck};
use crate::ident::ServiceId;
use crate::reading::{Outcome, Payload, Validity};
use crate::time::{Timestamp, at_offset};

const DAY: Duration = Duration::from_secs(86_400);

/// How long a certificate is good for, of which some has passed.
const ISSUED_FOR: Duration = Duration::from_secs(90 * 86_400);

/// An open port, or the words that are expected of it.
pub(super) fn look_at_port(tcp: &TcpCheck) -> Outcome {
    let words = tcp.expect.as_deref().map(crate::untrusted::sanitise_line);
    good(words.filter(|words| !words.is_empty()).unwrap_or_else(|| "open".to_owned()))
}

impl World {
    pub(super) fn look_at_page(&self, sight: &Sight<'_>, http: &HttpCheck) -> Option<Outcome> {
        let Some(service) = &sight.check.service else {
            return (!sight.trouble.is_down()).then(|| self.certified(sight.check, http, good("200 OK")));
        };
        let serving = self.routes.serving(service);
        let behind = sight.check.region.as_ref().or(serving);
        if sight.trouble.is_down() {
            return Some(refused("503 Service Unavailable"));
        }
        if behind == serving && !self.can_write(service) {
            return Some(refused("503 Service Unavailable: the database is read-only"));
        }
        if let Some(why) = self.wrong_data(service, http) {
            return Some(refused(&why));
        }
        let page = match (&http.region_json, behind) {
            (Some(_), Some(region)) => Outcome::Good { payload: Payload::Serving { region: region.clone() } },
            _ => good("200 OK"),
        };
        Some(self.certified(sight.check, http, page))
    }

    /// What a check that reads the answer says of data that is wrong.
    fn wrong_data(&self, service: &ServiceId, http: &HttpCheck) -> Option<String> {
        let service = self.estate.service(service)?;
        let mut databases = service.databases.iter().filter_map(|database| self.clusters.get(database));
        databases.find(|cluster| cluster.corrupt.is_some())?;
        let contains = http.body_contains.as_ref().map(|wanted| format!("the body does not contain `{wanted}`"));
        let matches = || http.body_regex.as_ref().map(|pattern| format!("the body does not match `{pattern}`"));
        let equals = || http.json.as_ref().map(|(path, wanted)| format!("`{path}` is not `{wanted}`: it is `null`"));
        contains.or_else(matches).or_else(equals)
    }

    /// What the certificate that comes with a page makes of it.
    fn certified(&self, check: &Check, http: &HttpCheck, page: Outcome) -> Outcome {
        if !http.url.starts_with("https:") || http.cert_days.is_none() && !self.certificates.contains_key(&check.id) {
            return page;
        }
        let validity = self.validity(check);
        match (validity.judge(http.cert_days.unwrap_or(0), self.wall(self.at)), page) {
            (Outcome::Bad { .. }, page) if !http.tls_verify && http.cert_days.is_none() => page,
            (Outcome::Bad { .. }, _) if http.tls_verify => {
                bad(format!("its certificate ended on {}", validity.until.strftime("%Y-%m-%d")))
            }
            (Outcome::Soft { why, .. }, Outcome::Good { payload }) => Outcome::Soft { why, payload },
            (wrong @ Outcome::Bad { .. }, _) => wrong,
            (_, page) => page,
        }
    }

    pub(super) fn look_at_certificate(&self, sight: &Sight<'_>, tls: &TlsCheck) -> Outcome {
        self.validity(sight.check).judge(tls.days, self.wall(self.at))
    }

    /// From when to when the certificate that a check sees is good.
    fn validity(&self, check: &Check) -> Validity {
        let until = self.certificates.get(&check.id).copied().unwrap_or_else(|| {
            self.begun + DAY * 40 + DAY.mul_f64(40.0 * self.noise.of("certificate").of(check.id.as_str()).share(0))
        });
        let until: Timestamp = match until.checked_sub(self.at) {
            Some(left) => at_offset(self.wall(self.at), left),
            None => self.wall(until),
        };
        Validity { from: until.checked_sub(ISSUED_FOR).unwrap_or(Timestamp::MIN), until }
    }
}

fn refused(why: &str) -> Outcome {
    let text = why.split(':').next().unwrap_or_default().to_owned();
    Outcome::Bad { why: why.to_owned(), payload: Payload::Text { text } }
}
