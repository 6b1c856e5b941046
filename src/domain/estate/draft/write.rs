//! The file's pieces in their order: what is told is written with its source, what is not stands there to be filled in.

use std::time::Duration;

use super::block::{Block, quoted};
use super::{By, Check, Database, Draft, InRegion, Service};
use crate::found::{Dns, Endpoint, Http, Look};

/// Roles of somebody who is alone until others are added.
const EVERY_ROLE: &str =
    r#"["commander", "deputy", "operator", "scribe", "comms", "internal-comms", "data-owner", "observer"]"#;

/// What is looked at less often holds up a decision.
const BRISK: Duration = Duration::from_secs(60);

pub(super) fn blocks(draft: &Draft) -> Vec<Block> {
    let mut blocks = vec![top(draft)];
    blocks.push(heading("Where it runs", "Which side serves is observed, never read from here."));
    blocks.extend(draft.regions.iter().enumerate().map(|(at, _)| region(draft, at)));
    blocks.push(heading("What was promised", "Clocks run against it, and exercises are scored by it."));
    blocks.push(tier(draft));
    blocks.push(heading("What users notice", "Each health address is a check `SERVICE@REGION`, every 10 s."));
    blocks.extend(draft.services.iter().map(|found| service(draft, found)));
    blocks.push(serving(draft));
    blocks.push(heading("Databases", "Each server is a check `DATABASE@REGION`: role, lag, positions. Passwords stay in ~/.pgpass or the service file."));
    blocks.extend(draft.databases.iter().map(|found| database(draft, found)));
    if draft.databases.is_empty() {
        blocks.push(another_database(draft));
    }
    blocks.push(write_test(draft));
    blocks.push(heading(
        "More checks",
        "Every kind and its options: `docs/probes.md`; checks to copy: `docs/estate-examples.md`.",
    ));
    blocks.extend(draft.checks.iter().map(check));
    blocks.extend(draft.clusters.iter().map(cluster));
    blocks.extend([backups(draft), people(draft), aws(draft), more(draft)]);
    blocks.extend(apart(draft));
    blocks
}

fn heading(title: &str, what: &str) -> Block {
    let rule = "─".repeat(114_usize.saturating_sub(title.chars().count()));
    Block::new().line("").line(format!("# ── {title} {rule}")).say(what)
}

fn first(draft: &Draft) -> &str {
    draft.regions.first().map_or("us-east-1", |region| region.value.as_str())
}

fn top(draft: &Draft) -> Block {
    Block::new()
        .say("switchback.toml: the estate, begun by `switchback config init`. What stands behind `#` beside a value says where it comes from; lines that begin with `#` wait for you.")
        .say("`switchback config check` says what is wrong and where; `switchback config print-default` shows every key there is.")
        .say("No secrets belong in this file: passwords live in ~/.pgpass or in the libpq service file.")
        .line("")
        .key("name", &quoted(&draft.name.value), &draft.name.by.to_string())
}

fn region(draft: &Draft, at: usize) -> Block {
    let told = &draft.regions[at];
    let block = Block::new().line(format!("[regions.{}]", told.value)).say(&told.by.to_string());
    match at {
        0 => block.key("role", "\"primary\"", "serves today; or \"active\", together with the other active ones"),
        1 => block.key("role", "\"standby\"", "the order of the regions is the order of preference"),
        _ => block.key("role", "\"standby\"", ""),
    }
}

fn tier(draft: &Draft) -> Block {
    let objective = |text: &str| if text.trim() == "0" { "0".to_owned() } else { quoted(text) };
    let (rto, rpo) = (&draft.targets.rto, &draft.targets.rpo);
    Block::new()
        .line("[tiers.1]")
        .key("rto", &objective(&rto.value), &format!("{}; how soon its services must be back", rto.by))
        .key("rpo", &objective(&rpo.value), &format!("{}; how much may be lost, or 0", rpo.by))
        .line("")
        .say("More tiers, where not everything was promised the same:")
        .line("# [tiers.2]")
        .open("rto", "\"4h\"", "")
        .open("rpo", "\"1h\"", "")
}

fn service(draft: &Draft, service: &Service) -> Block {
    let mut block = Block::new().line(format!("[services.{}]", service.name)).key(
        "tier",
        "1",
        "every service is in it until you say otherwise",
    );
    block = match draft.databases.as_slice() {
        [only] if !only.servers.is_empty() => {
            block.key("databases", &format!("[{}]", quoted(&only.name)), "a guess: the only database there is")
        }
        _ => block.open("databases", "[\"…\"]", "those whose loss is its loss"),
    };
    block = block.line("").line(format!("[services.{}.health]", service.name));
    for (region, told) in &service.health {
        block = block.key(region, &quoted(&told.value), &told.by.to_string());
    }
    for region in missing(draft, &service.health) {
        block = block.open(region, "\"https://…/health\"", "not found: its health address there");
    }
    block
}

/// Where nothing was found, a service to begin with.
fn serving(draft: &Draft) -> Block {
    let name = draft.services.first().map_or("checkout", |service| service.name.as_str());
    let mut block = Block::new();
    if draft.services.is_empty() {
        block = block.say("Nothing was found.").line(format!("# [services.{name}]")).open("tier", "1", "");
        block = block.line(format!("# [services.{name}.health]"));
        for region in &draft.regions {
            block = block.open(&region.value, &format!("\"https://{name}.{}.example.com/health\"", region.value), "");
        }
        block = block.line("");
    }
    block
        .say("Where users reach it, and where the answer names the region: tells which side serves.")
        .line(format!("# [services.{name}.serving]"))
        .open("url", "\"https://…/whoami\"", "the address users reach, through DNS and load balancers")
        .open("json", "\"region\"", "JSON path of the region's name in the answer")
}

fn database(draft: &Draft, database: &Database) -> Block {
    let known = !database.servers.is_empty();
    let heading = format!("[databases.{}.servers]", database.name);
    let mut block = Block::new().line(if known { heading } else { format!("# {heading}") });
    for (region, told) in &database.servers {
        block = block.key(region, &quoted(&told.value), &told.by.to_string());
    }
    for told in &database.elsewhere {
        block = block.open("REGION", &quoted(&told.value), &format!("{}; which region is it in?", told.by));
    }
    if database.elsewhere.is_empty() {
        for region in missing(draft, &database.servers) {
            block = block.open(region, "\"service=…\"", "not found: a service, a URL, or host=… dbname=…");
        }
    }
    block
}

fn another_database(draft: &Draft) -> Block {
    let mut block = Block::new()
        .say("Nothing was found. Connection strings as psql takes them, without a password:")
        .line("# [databases.orders-db.servers]");
    for region in &draft.regions {
        let example = format!("\"host=db.{}.example.com dbname=orders user=switchback\"", region.value);
        block = block.open(&region.value, &example, "");
    }
    block
}

fn write_test(draft: &Draft) -> Block {
    let database = draft.databases.iter().find(|database| !database.servers.is_empty());
    let name = database.map_or("orders-db", |database| database.name.as_str());
    Block::new()
        .say("A write through the application's own path: only its refusal proves that a fence holds. Without it a fence is a person's word.")
        .line(format!("# [databases.{name}.write_test.{}]", first(draft)))
        .open("url", "\"https://…/write-test\"", "or dsn = \"service=…\" and statement = \"INSERT …\"")
        .open("refused_body", "\"read-only\"", "text that a refusal contains")
}

fn missing<'d>(draft: &'d Draft, known: &[InRegion]) -> Vec<&'d str> {
    let names = draft.regions.iter().map(|region| region.value.as_str());
    names.filter(|name| known.iter().all(|(region, _)| region != name)).collect()
}

fn check(check: &Check) -> Block {
    let endpoint = &check.endpoint;
    let mut block = Block::new().say(&By::file(&endpoint.origin, &endpoint.name).to_string());
    if check.service.is_some() {
        block = block.say("In the place of the check that follows from the health address.");
    }
    if !endpoint.left.is_empty() {
        block = block.say(&format!("Not taken over: {}.", endpoint.left.join("; ")));
    }
    block = block.line("[[checks]]").key("name", &quoted(&check.name), "");
    block = look(block, endpoint);
    if let Some(every) = endpoint.every.filter(|every| every.as_secs() >= 1) {
        let why = if every > BRISK { "seldom for a failover: 10s unless written" } else { "" };
        block = block.key("interval", &span(every), why);
    }
    if let Some(slow) = endpoint.slow {
        block = block.key("degraded_over", &span(slow), "slower is degraded");
    }
    if check.service.is_none() && check.region.is_some() {
        block = block.open("critical", "true", "counts when its region is rolled up");
    }
    block
}

/// Exactly, in the largest unit that can say it.
fn span(span: Duration) -> String {
    let (ms, s) = (span.as_millis(), span.as_secs());
    match s {
        _ if ms % 1000 != 0 => format!("\"{ms}ms\""),
        _ if s % 3600 == 0 => format!("\"{}h\"", s / 3600),
        _ if s % 60 == 0 => format!("\"{}m\"", s / 60),
        _ => format!("\"{s}s\""),
    }
}

fn look(block: Block, endpoint: &Endpoint) -> Block {
    match &endpoint.look {
        Look::Http(http) => of_http(block.key("type", "\"http\"", ""), http),
        Look::Tcp { address, tls } => {
            let block = block.key("type", "\"tcp\"", "").key("address", &quoted(address), "");
            if *tls { block.key("tls", "true", "") } else { block }
        }
        Look::Tls { address, starttls, days } => {
            let mut block = block.key("type", "\"tls\"", "").key("address", &quoted(address), "");
            if *starttls {
                block = block.key("starttls", "\"smtp\"", "");
            }
            match days {
                Some(days) => block.key("days", &days.to_string(), "with fewer left it is degraded"),
                None => block,
            }
        }
        Look::Dns(dns) => of_dns(block.key("type", "\"dns\"", ""), dns),
        Look::None(why) => block.say(why),
    }
}

fn of_http(mut block: Block, http: &Http) -> Block {
    block = block.key("url", &quoted(&http.url), "");
    if let Some(method) = &http.method {
        block = block.key("method", &quoted(method), "");
    }
    let status = |text: &String| if text.contains('-') { quoted(text) } else { text.clone() };
    match http.status.as_slice() {
        [] => {}
        [one] => block = block.key("status", &status(one), ""),
        many => {
            block = block.key("status", &format!("[{}]", many.iter().map(status).collect::<Vec<_>>().join(", ")), "");
        }
    }
    if let Some(text) = &http.contains {
        block = block.key("body_contains", &quoted(text), "");
    }
    if let Some(expression) = &http.matches {
        block = block.key("body_regex", &quoted(expression), "");
    }
    if let Some((path, value)) = &http.json {
        block = block.key("json", &format!("{{ path = {}, equals = {} }}", quoted(path), quoted(value)), "");
    }
    if let Some(days) = http.cert_days {
        block = block.key("cert_days", &days.to_string(), "with fewer left it is degraded");
    }
    if http.any_certificate {
        block = block.key("tls_verify", "false", "so it was there: anybody can answer in its place");
    }
    block
}

fn of_dns(mut block: Block, dns: &Dns) -> Block {
    block = block.key("query", &quoted(&dns.query), "");
    if let Some(record) = &dns.record {
        block = block.key("record", &quoted(record), "");
    }
    if let Some(resolver) = &dns.resolver {
        block = block.key("resolvers", &format!("[{}]", quoted(resolver)), "");
    }
    match &dns.rcode {
        Some(rcode) => block.key("rcode", &quoted(rcode), ""),
        None => block,
    }
}

fn cluster((region, told): &InRegion) -> Block {
    Block::new()
        .line("[[checks]]")
        .key("name", &quoted(&format!("nodes@{region}")), "")
        .key("type", "\"kubernetes\"", "asked by `kubectl get nodes`")
        .key("context", &quoted(&told.value), &told.by.to_string())
        .key("nodes_ready", "\"75 %\"", "fewer is down")
        .key("interval", "\"30s\"", "")
}

fn backups(draft: &Draft) -> Block {
    let name = draft.databases.first().map_or("orders-db", |database| database.name.as_str());
    heading("Backups", "Nothing here tells how it is backed up. pgBackRest, WAL-G, Barman, Velero, RDS, S3, files, or a command: `docs/probes.md`.")
        .line("")
        .line(format!("# [backups.{name}]"))
        .open("type", "\"archiver\"", "asks PostgreSQL when it last archived; or another kind")
        .open("every", "\"1h\"", "older is late")
}

fn people(draft: &Draft) -> Block {
    let block = heading("People", "Without anybody here everybody may do everything.").line("");
    match &draft.person {
        Some(person) => {
            let block = block.line(format!("[people.{}]", person.name)).key(
                "roles",
                EVERY_ROLE,
                "all of them, until others are here",
            );
            match &person.phone {
                Some(phone) => block.key("phone", &quoted(phone), &By::Answer.to_string()),
                None => block.open("phone", "\"+1 555 0100\"", "stands on the line that waits for you"),
            }
        }
        None => block.line("# [people.mara]").open("roles", "[\"commander\", \"data-owner\"]", "").open(
            "phone",
            "\"+1 555 0100\"",
            "stands on the line that waits for her",
        ),
    }
}

fn aws(draft: &Draft) -> Block {
    let block =
        heading("Amazon's cloud", "Credentials are found where the `aws` command finds them; none are written here.")
            .line("");
    match &draft.profile {
        Some(profile) => block.line("[aws.dns]").say("What `On: dns` of a `route53` step means.").key(
            "profile",
            &quoted(&profile.value),
            &profile.by.to_string(),
        ),
        None => block.line("# [aws.dns]").open(
            "profile",
            "\"…\"",
            "of ~/.aws/config; what `On: dns` of a `route53` step means",
        ),
    }
}

fn more(draft: &Draft) -> Block {
    let last = draft.regions.last().map_or("us-west-2", |region| region.value.as_str());
    heading(
        "This console, and who is told",
        "Alerts: `docs/notifications.md`. Updates during an incident: `docs/communication.md`.",
    )
    .line("")
    .line("# [console]")
    .open("region", &quoted(last), "where this machine is, if in a region of ours")
    .open("connectivity", "\"192.0.2.1:443\"", "of our own network: while it fails, nothing that fails is believed")
    .line("")
    .line("# [notify.on-call]")
    .open("type", "\"pagerduty\"", "")
    .open("routing_key", "\"env:PAGERDUTY_ROUTING_KEY\"", "named, never written")
    .line("")
    .line("# [tests.failover-drill]")
    .open("kind", "\"drill\"", "")
    .open("every", "\"3mo\"", "")
    .open("runbook", "\"regional-failover\"", "")
}

fn apart(draft: &Draft) -> Option<Block> {
    let lines = draft.apart.iter();
    (!draft.apart.is_empty()).then(|| {
        lines.fold(heading("Found as well", "Nothing above was made of these alone.").line(""), |block, line| {
            block.say(line)
        })
    })
}
