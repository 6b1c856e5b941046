//! Servers of one database, brought together by what they are called.

use super::place::Places;
use super::{By, Database, Told, plain_name};
use crate::found::{PgService, without_place};

/// More servers are not looked at.
const MOST: usize = 200;

pub(super) fn of(services: &[PgService], places: &Places) -> Vec<Database> {
    let mut databases: Vec<Database> = Vec::new();
    for service in services.iter().take(MOST) {
        // A name that the service file can hold and a connection string cannot is left where it is.
        if service.name.contains(|c: char| c.is_whitespace() || "'\\\"=".contains(c)) {
            continue;
        }
        let name = name_of(service);
        let database = match databases.iter().position(|database| database.name == name) {
            Some(at) => &mut databases[at],
            None => {
                databases.push(Database { name, servers: Vec::new(), elsewhere: Vec::new() });
                let last = databases.len() - 1;
                &mut databases[last]
            }
        };
        let told = Told::new(format!("service={}", service.name), By::file(&service.origin, &called(service)));
        match places.of(service.place.as_ref()) {
            Some(region) if database.servers.iter().all(|(taken, _)| taken != region) => {
                database.servers.push((region.to_owned(), told));
            }
            _ => database.elsewhere.push(told),
        }
    }
    for database in &mut databases {
        database.servers.sort_by_key(|(region, _)| places.order(region));
    }
    databases
}

/// `orders-db` of `orders-east`; where its name says only where it is, by what it holds.
fn name_of(service: &PgService) -> String {
    let by_name = plain_name(&without_place(&service.name));
    let name =
        by_name.or_else(|| service.database.as_deref().and_then(plain_name)).unwrap_or_else(|| "main".to_owned());
    if name.ends_with("db") { name } else { format!("{name}-db") }
}

/// Host and database, for whoever reads the file and has not the service file at hand.
fn called(service: &PgService) -> String {
    let host = service.host.as_deref().and_then(|host| host.split(',').next());
    match (host, &service.database) {
        (Some(host), Some(database)) => format!("{database} on {host}"),
        (Some(host), None) => host.to_owned(),
        (None, Some(database)) => database.clone(),
        (None, None) => String::new(),
    }
}
