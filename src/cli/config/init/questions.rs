//! The questions, in the order of the file: few, each with what was found as its answer.

use std::path::PathBuf;

use domain::estate::draft::{Database, Draft, InRegion, Person, Service, Targets, Told, said};
use domain::found::Found;

use super::ask::{Answer, Asker, Ended};
use super::taken;

/// The draft as the person wants it, and where it goes.
pub(super) fn ask(
    asker: &mut Asker<'_>,
    found: &Found,
    proposal: &Draft,
    actor: &str,
    wanted: PathBuf,
) -> Result<(Draft, PathBuf), Ended> {
    let path = path(asker, wanted)?;
    let mut draft = whole(asker, found, proposal)?;
    databases(asker, &mut draft)?;
    services(asker, &mut draft)?;
    targets(asker, &mut draft.targets)?;
    profile(asker, found, &mut draft)?;
    draft.person = person(asker, actor)?;
    asker.say("")?;
    Ok((draft, path))
}

/// A name that nothing has yet.
fn path(asker: &mut Asker<'_>, wanted: PathBuf) -> Result<PathBuf, Ended> {
    if wanted.as_os_str() == "-" || !taken(&wanted) {
        return Ok(wanted);
    }
    let free = (2..).map(|number| {
        let stem = wanted.file_stem().unwrap_or_default().to_string_lossy();
        wanted.with_file_name(format!("{stem}-{number}.toml"))
    });
    let free = free.into_iter().find(|path| !taken(path)).unwrap_or_else(|| wanted.clone());
    asker.say(&format!("{} is there already, and is left as it is.", wanted.display()))?;
    let unused = |text: &str| {
        let path = PathBuf::from(text);
        if taken(&path) { Err(format!("{text} is there already")) } else { Ok(path) }
    };
    match asker.ask("Write to", &free.display().to_string(), unused)? {
        Answer::Is(path) => Ok(path),
        Answer::Same | Answer::Nothing => Ok(free),
    }
}

/// Name and regions: what was found is placed anew by them.
fn whole(asker: &mut Asker<'_>, found: &Found, proposal: &Draft) -> Result<Draft, Ended> {
    let text = |text: &str| Ok(text.to_owned());
    let name = match asker.ask("What is the estate called", &proposal.name.value, text)? {
        Answer::Is(name) => Told::answered(name),
        Answer::Same | Answer::Nothing => proposal.name.clone(),
    };
    let known: Vec<&str> = proposal.regions.iter().map(|region| region.value.as_str()).collect();
    let regions = match asker.ask("Its regions, the one that serves today first", &known.join(", "), names)? {
        Answer::Is(names) => names.into_iter().map(|name| kept(&proposal.regions, name)).collect(),
        Answer::Same | Answer::Nothing => proposal.regions.clone(),
    };
    Ok(Draft::of(found, name, regions))
}

/// What was told by a file stays so where the answer repeats it.
fn kept(told: &[Told<String>], name: String) -> Told<String> {
    told.iter().find(|told| told.value == name).cloned().unwrap_or_else(|| Told::answered(name))
}

fn names(text: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split([',', ' ']).filter(|name| !name.is_empty()) {
        let name = said::name(name)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { Err("write at least one".to_owned()) } else { Ok(names) }
}

fn databases(asker: &mut Asker<'_>, draft: &mut Draft) -> Result<(), Ended> {
    let known: Vec<&str> = draft.databases.iter().map(|database| database.name.as_str()).collect();
    let question = if known.is_empty() { "PostgreSQL databases, such as orders-db" } else { "PostgreSQL databases" };
    match asker.ask(question, &known.join(", "), names)? {
        Answer::Same => {}
        Answer::Nothing => draft.databases.clear(),
        Answer::Is(names) => {
            let mut old = std::mem::take(&mut draft.databases);
            draft.databases = names
                .into_iter()
                .map(|name| match old.iter().position(|known| known.name == name) {
                    Some(at) => old.swap_remove(at),
                    None => Database { name, servers: Vec::new(), elsewhere: Vec::new() },
                })
                .collect();
        }
    }
    let regions: Vec<String> = draft.regions.iter().map(|region| region.value.clone()).collect();
    for database in &mut draft.databases {
        placed(asker, &regions, database)?;
        let intro = format!("{}, as psql would connect to it; without a password", database.name);
        in_each(asker, &regions, &intro, &mut database.servers, "service=NAME or host=… dbname=…", said::server)?;
    }
    Ok(())
}

/// Servers of which it is not known where they are: their region is asked for. Who does not know leaves them in the file,
/// commented out.
fn placed(asker: &mut Asker<'_>, regions: &[String], database: &mut Database) -> Result<(), Ended> {
    for told in std::mem::take(&mut database.elsewhere) {
        let free = |region: &&String| database.servers.iter().all(|(taken, _)| taken != *region);
        let free: Vec<&str> = regions.iter().filter(free).map(String::as_str).collect();
        let question = format!("  Where is {} ({:#}): {}, or Enter", told.value, told.by, free.join(", "));
        let one = |text: &str| match free.iter().find(|region| **region == text) {
            Some(region) => Ok((*region).to_owned()),
            None => Err(format!("`{text}` is none of {}", free.join(", "))),
        };
        match if free.is_empty() { Answer::Same } else { asker.ask(&question, "", one)? } {
            Answer::Is(region) => database.servers.push((region, told)),
            Answer::Same => database.elsewhere.push(told),
            Answer::Nothing => {}
        }
    }
    Ok(())
}

fn services(asker: &mut Asker<'_>, draft: &mut Draft) -> Result<(), Ended> {
    let known: Vec<&str> = draft.services.iter().map(|service| service.name.as_str()).collect();
    let question =
        if known.is_empty() { "Services that users notice, such as checkout" } else { "Services that users notice" };
    match asker.ask(question, &known.join(", "), names)? {
        Answer::Same => {}
        Answer::Nothing => draft.services.clear(),
        Answer::Is(names) => {
            let mut old = std::mem::take(&mut draft.services);
            draft.services = names
                .into_iter()
                .map(|name| match old.iter().position(|known| known.name == name) {
                    Some(at) => old.swap_remove(at),
                    None => Service { name, health: Vec::new() },
                })
                .collect();
        }
    }
    let regions: Vec<String> = draft.regions.iter().map(|region| region.value.clone()).collect();
    for service in draft.services.iter_mut().filter(|service| service.health.is_empty()) {
        let intro = format!("{}, its health address", service.name);
        in_each(asker, &regions, &intro, &mut service.health, "https://…/health", said::address)?;
    }
    draft.keep_checks_of_services();
    Ok(())
}

/// One line per region of which nothing is known yet.
fn in_each(
    asker: &mut Asker<'_>,
    regions: &[String],
    intro: &str,
    known: &mut Vec<InRegion>,
    form: &str,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<(), Ended> {
    let regions_known = regions.iter().all(|region| known.iter().any(|(placed, _)| placed == region));
    asker.say(&format!("  {intro}{}", if regions_known { ":" } else { ", or Enter:" }))?;
    for region in regions {
        if let Some((_, told)) = known.iter().find(|(placed, _)| placed == region) {
            asker.say(&format!("    in {region}: {} ({:#})", told.value, told.by))?;
            continue;
        }
        if let Answer::Is(value) = asker.ask(&format!("    in {region} ({form})"), "", &read)? {
            known.push((region.clone(), Told::answered(value)));
        }
    }
    known.sort_by_key(|(placed, _)| regions.iter().position(|region| region == placed));
    Ok(())
}

fn targets(asker: &mut Asker<'_>, targets: &mut Targets) -> Result<(), Ended> {
    for (question, target) in [
        ("How soon must services be back (RTO)", &mut targets.rto),
        ("How much may be lost (RPO), or 0", &mut targets.rpo),
    ] {
        match asker.ask(question, &target.value, said::objective)? {
            Answer::Is(value) => *target = Told::answered(value),
            Answer::Nothing => *target = Told::answered("n/a".to_owned()),
            Answer::Same => {}
        }
    }
    Ok(())
}

fn profile(asker: &mut Asker<'_>, found: &Found, draft: &mut Draft) -> Result<(), Ended> {
    if found.profiles.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = found.profiles.iter().map(|profile| profile.name.as_str()).take(8).collect();
    let question = format!("AWS profile that changes DNS in Route 53 ({}), or Enter", known.join(", "));
    let one = |text: &str| match found.profiles.iter().find(|profile| profile.name == text) {
        Some(profile) => Ok(profile.name.clone()),
        None => Err(format!("there is no profile `{text}`")),
    };
    if let Answer::Is(name) = asker.ask(&question, "", one)? {
        draft.profile = Some(Told::answered(name));
    }
    Ok(())
}

fn person(asker: &mut Asker<'_>, actor: &str) -> Result<Option<Person>, Ended> {
    let default = if said::name(actor).is_ok() { actor } else { "" };
    let name = match asker.ask("Your name in the log", default, said::name)? {
        Answer::Is(name) => name,
        Answer::Same if !default.is_empty() => default.to_owned(),
        Answer::Same | Answer::Nothing => return Ok(None),
    };
    let line = |text: &str| Ok(text.to_owned());
    let phone = match asker.ask("Your telephone number, or Enter", "", line)? {
        Answer::Is(phone) => Some(phone),
        Answer::Same | Answer::Nothing => None,
    };
    Ok(Some(Person { name, phone }))
}
