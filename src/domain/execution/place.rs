//! Where a block acts: `On:` with its variables settled, looked up in the estate.

use std::collections::BTreeMap;

use super::{AwsPlace, ResolvedTarget};
use crate::estate::Estate;
use crate::ident::{CheckId, DatabaseId, RegionId};
use crate::runbook::{Target, substitute};

/// What a connection string says of where it leads; a name that is found elsewhere (a service file) is not here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) user: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<String>,
    pub(super) dbname: Option<String>,
    service: Option<String>,
}

/// Looks up `On:`.
///
/// # Errors
/// A sentence: a variable without a value, a name or a server that the estate does not have.
pub(super) fn target(
    on: &Target,
    values: &BTreeMap<String, String>,
    estate: &Estate,
) -> Result<ResolvedTarget, String> {
    let name = substitute(&on.0, values)?;
    let (thing, at) =
        name.split_once('@').map_or((name.as_str(), None), |(thing, at)| (thing, Some(RegionId::new(at))));
    if let Some(at) = &at
        && estate.region(at).is_none()
        && estate.check(&CheckId::new(name.as_str())).is_none()
    {
        return Err(format!("`{name}`: the estate has no region `{at}`"));
    }
    let mut target =
        ResolvedTarget { name: name.clone(), region: at, database: None, dsn: None, address: None, aws: None };
    if let Some(database) = estate.database(&DatabaseId::new(thing)) {
        target.database = Some(database.id.clone());
        if let Some(at) = &target.region {
            let dsn = database.servers.get(at).ok_or_else(|| format!("`{thing}` has no server in `{at}`"))?;
            target.address = Some(place(dsn).to_string());
            target.dsn = Some(dsn.clone());
        }
        return Ok(target);
    }
    if let Some(account) = estate.aws_account(thing) {
        let profile =
            account.profile.as_ref().map_or_else(|| "the environment's".to_owned(), |name| format!("`{name}`"));
        target.address = Some(format!("AWS profile {profile}"));
        target.aws = Some(AwsPlace { profile: account.profile.clone(), region: account.region.clone() });
        return Ok(target);
    }
    if let Some(check) = estate.check(&CheckId::new(name.as_str())) {
        target.region = target.region.or_else(|| check.region.clone());
        return Ok(target);
    }
    if estate.region(&RegionId::new(thing)).is_some() {
        target.region = Some(RegionId::new(thing));
        return Ok(target);
    }
    let service = estate.services.iter().any(|service| service.id.as_str() == thing);
    let checks = estate.checks.iter().any(|check| check.id.as_str().split('@').next() == Some(thing));
    if service || checks { Ok(target) } else { Err(format!("`{thing}` is nothing of the estate")) }
}

/// Reads `host=… port=…` and `postgresql://user@host:port/name`.
pub(super) fn place(dsn: &str) -> Place {
    let rest = dsn.strip_prefix("postgresql://").or_else(|| dsn.strip_prefix("postgres://"));
    rest.map_or_else(|| keywords(dsn), url)
}

fn url(rest: &str) -> Place {
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, dbname) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host, ""),
    };
    let user = user.split(':').next().unwrap_or_default();
    Place { user: filled(user), host: filled(host), port: filled(port), dbname: filled(dbname), service: None }
}

fn keywords(text: &str) -> Place {
    let mut place = Place::default();
    let mut rest = text.trim_start();
    while let Some((key, value)) = rest.split_once('=') {
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        let slot = match key.trim() {
            "user" => &mut place.user,
            "host" | "hostaddr" => &mut place.host,
            "port" => &mut place.port,
            "dbname" => &mut place.dbname,
            "service" => &mut place.service,
            _ => &mut None,
        };
        *slot = Some(value.to_owned()).filter(|value| !value.is_empty());
        rest = after.trim_start();
    }
    place
}

impl std::fmt::Display for Place {
    /// `postgres@127.0.0.1:5433/orders`, as far as the connection string says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let (Some(service), None) = (&self.service, &self.host) {
            return write!(f, "service {service}");
        }
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        f.write_str(self.host.as_deref().unwrap_or("localhost"))?;
        if let Some(port) = &self.port {
            write!(f, ":{port}")?;
        }
        self.dbname.as_ref().map_or(Ok(()), |dbname| write!(f, "/{dbname}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_where_a_connection_string_leads() {
        for (dsn, shown) in [
            ("host=127.0.0.1 port=5433 user=postgres dbname=orders", "postgres@127.0.0.1:5433/orders"),
            ("host='/run/my pg' dbname = orders", "/run/my pg/orders"),
            ("service=orders-east", "service orders-east"),
            ("postgresql://app@db.east:5432/orders?sslmode=require", "app@db.east:5432/orders"),
            ("postgres://[::1]/x", "[::1]/x"),
            ("postgres://[::1]:5/x", "[::1]:5/x"),
            ("dbname=orders", "localhost/orders"),
            ("", "localhost"),
        ] {
            assert_eq!(place(dsn).to_string(), shown, "{dsn}");
        }
    }
}
