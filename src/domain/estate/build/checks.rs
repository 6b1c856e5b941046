//! Checks: those that are written, and those that follow from databases and services.

use std::time::Duration;

use super::super::check::{Around, CheckKind, HttpCheck, PostgresCheck};
use super::super::fields::Fields;
use super::super::model::{Check, CheckAlert, Estate, FailWhen};
use super::super::value;
use crate::diagnostic::Diagnostic;
use crate::ident::{CheckId, RegionId, ServiceId};

/// `[health]`: how a check behaves unless it says otherwise.
struct Usual {
    interval: Duration,
    timeout: Duration,
    fail_after: u32,
    recover_after: u32,
    fail_when: Option<FailWhen>,
    degraded_over: Option<Duration>,
}

pub(super) fn checks(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) -> Vec<Check> {
    let health = file.sub("health");
    let usual = Usual {
        interval: Duration::from_secs(10),
        timeout: Duration::from_secs(5),
        fail_after: 3,
        recover_after: 2,
        fail_when: None,
        degraded_over: None,
    };
    let usual = health.map_or(Usual { ..usual }, |fields| usual.over(&fields));
    let mut checks = derived(file, estate, &usual);
    let mut written: Vec<CheckId> = Vec::new();
    for fields in file.list("checks") {
        let Some(check) = written_check(&fields, estate, &usual, report) else { continue };
        if written.contains(&check.id) {
            report.push(
                Diagnostic::error(
                    "estate::duplicate",
                    fields.span_of("name"),
                    format!("there are two checks `{}`", check.id),
                )
                .help("give one of them another name"),
            );
            continue;
        }
        written.push(check.id.clone());
        match checks.iter_mut().find(|derived| derived.id == check.id) {
            Some(derived) => *derived = check,
            None => checks.push(check),
        }
    }
    super::calculated::calculated(file, &mut checks, report);
    checks
}

impl Usual {
    /// These figures, where `fields` does not say otherwise.
    fn over(&self, fields: &Fields<'_, '_>) -> Self {
        Self {
            interval: fields.take("interval", value::duration).unwrap_or(self.interval),
            timeout: fields.take("timeout", value::duration).unwrap_or(self.timeout),
            fail_after: fields.small("fail_after").unwrap_or(self.fail_after).max(1),
            recover_after: fields.small("recover_after").unwrap_or(self.recover_after).max(1),
            fail_when: fields.take("fail_when", value::fail_when).or(self.fail_when),
            degraded_over: fields.take("degraded_over", value::duration).or(self.degraded_over),
        }
    }

    fn check(&self, id: CheckId, kind: CheckKind) -> Check {
        Check {
            id,
            region: None,
            service: None,
            kind,
            interval: self.interval,
            timeout: self.timeout,
            fail_after: self.fail_after,
            recover_after: self.recover_after,
            fail_when: self.fail_when,
            degraded_over: self.degraded_over,
            critical: false,
            paused: false,
            alert: CheckAlert::Usual,
        }
    }
}

/// `DATABASE@REGION`, `SERVICE@REGION`, `serving:SERVICE`.
fn derived(file: &Fields<'_, '_>, estate: &Estate, usual: &Usual) -> Vec<Check> {
    let mut checks = Vec::new();
    for (name, fields) in file.named("services") {
        let service = ServiceId::new(name);
        for (region, address) in fields.per_name("health") {
            let (Some(region), Ok(url)) = (estate.region(&region.into()), value::url(address.get_ref())) else {
                continue;
            };
            let id = CheckId::new(format!("{name}@{}", region.id));
            let kind = CheckKind::Http(HttpCheck::get(url));
            let region = Some(region.id.clone());
            checks.push(Check { region, service: Some(service.clone()), critical: true, ..usual.check(id, kind) });
        }
        if let Some(serving) = fields.sub("serving")
            && let (Some(url), Some(json)) = (serving.take("url", value::url), serving.text("json"))
        {
            let kind = CheckKind::Http(HttpCheck { region_json: Some(json), ..HttpCheck::get(url) });
            let check = usual.check(super::serving_check(name), kind);
            checks.push(Check { service: Some(service), ..check });
        }
    }
    for database in &estate.databases {
        for region in estate.regions.iter().filter(|region| database.servers.contains_key(&region.id)) {
            let id = CheckId::new(format!("{}@{}", database.id, region.id));
            let kind = CheckKind::Postgres(PostgresCheck { database: database.id.clone(), query: None });
            checks.push(Check { region: Some(region.id.clone()), critical: true, ..usual.check(id, kind) });
        }
    }
    checks
}

fn written_check(
    fields: &Fields<'_, '_>,
    estate: &Estate,
    usual: &Usual,
    report: &mut Vec<Diagnostic>,
) -> Option<Check> {
    let name = fields.text("name")?;
    let (subject, place) =
        name.rsplit_once('@').map_or((name.as_str(), None), |(subject, place)| (subject, Some(place)));
    let region = match fields.name("region") {
        Some(written) => Some(RegionId::new(written)),
        None => place.map(RegionId::new),
    };
    if let (false, Some(region)) = (fields.has("region"), &region)
        && estate.region(region).is_none()
    {
        let known = estate.regions.iter().map(|region| region.id.as_str());
        let help = crate::diagnostic::did_you_mean(region.as_str(), known)
            .unwrap_or_else(|| "what follows `@` in a check's name is its region; or write `region`".to_owned());
        let message = format!("there is no region `{region}`");
        report.push(Diagnostic::error("estate::unknown-name", fields.span_of("name"), message).help(help));
    }
    let service = match fields.name("service") {
        Some(written) => Some(ServiceId::new(written)),
        None => estate.service(&subject.into()).map(|service| service.id.clone()),
    };
    let around = Around { subject, region: region.as_ref(), estate };
    let kind = CheckKind::read(fields, &around, report)?;
    let region = region.filter(|region| estate.region(region).is_some());
    let usually_critical = region.is_some() && (service.is_some() || matches!(kind, CheckKind::Postgres(_)));
    let mut usual = usual.over(fields);
    if matches!(kind, CheckKind::Calculated(_)) {
        // The others have their thresholds; it follows them at once.
        usual = Usual { fail_after: 1, recover_after: 1, degraded_over: None, ..usual };
    }
    if !fields.has("interval") {
        usual.interval = usual.interval.max(kind.unhurried());
    }
    Some(Check {
        service: service.filter(|service| estate.service(service).is_some()),
        critical: fields.take("critical", value::boolean).unwrap_or(usually_critical),
        paused: fields.take("paused", value::boolean).unwrap_or(false),
        alert: super::alerts::of_check(fields),
        region,
        ..usual.check(CheckId::new(name), kind)
    })
}
