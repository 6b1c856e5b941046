//! The list of needs, one kind after the other.

mod channels;

use std::collections::{BTreeMap, BTreeSet};

use super::place::{Lives, Places};
use super::{Fate, Need, Surroundings};
use crate::estate::{CheckKind, Estate, Mirror};
use crate::execution::{Part, RunContext, resolve};
use crate::ident::RegionId;
use crate::log::Mode;
use crate::route53::CONTROL_REGION;
use crate::runbook::{Lang, Runbook, Step, VariableKind};

pub(super) struct Needs<'a> {
    estate: &'a Estate,
    around: &'a Surroundings,
    leaving: &'a RegionId,
    places: Places<'a>,
    pub(super) found: Vec<Need>,
}

/// What is said of a need, but where it lives.
struct About<'t> {
    what: &'t str,
    name: String,
    needed: bool,
    /// When it goes, or may.
    remedy: &'t str,
}

impl<'a> Needs<'a> {
    pub(super) fn new(estate: &'a Estate, around: &'a Surroundings, leaving: &'a RegionId) -> Self {
        Self { estate, around, leaving, places: Places::new(estate, around), found: Vec::new() }
    }

    pub(super) fn collect(&mut self) {
        self.console();
        self.own_network();
        self.probes();
        self.log();
        self.runbooks();
        self.name_servers();
        self.credentials();
        self.control_plane();
        self.databases();
        self.clusters();
        self.endpoints();
        self.secrets();
        self.channels();
        self.backups();
    }

    /// Where something lives, as a need.
    fn add(&mut self, about: About<'_>, lives: Lives) {
        let own = self.estate.console.region.as_ref();
        let (lives_in, because) = match lives {
            Lives::In(region, because) => (Some(region), because),
            Lives::Here(because) => match own {
                Some(region) => (Some(region.clone()), format!("{because}, which runs in {region}")),
                None => {
                    return self.put(
                        about,
                        None,
                        Fate::Unknown,
                        format!("{because}, and nothing says where that runs"),
                    );
                }
            },
            Lives::Elsewhere(because) => return self.put(about, None, Fate::Stays, because),
            Lives::Unknown(because) => return self.put(about, None, Fate::Unknown, because),
        };
        let fate = if lives_in.as_ref() == Some(self.leaving) { Fate::Goes } else { Fate::Stays };
        self.put(about, lives_in, fate, because);
    }

    fn put(&mut self, about: About<'_>, lives_in: Option<RegionId>, fate: Fate, because: String) {
        let About { what, name, needed, remedy } = about;
        let remedy = (fate != Fate::Stays && !remedy.is_empty()).then(|| remedy.to_owned());
        self.found.push(Need { what: what.to_owned(), name, needed, lives_in, fate, because, remedy });
    }

    fn console(&mut self) {
        let remedy = match self.estate.console.region {
            Some(_) => "open a console in another region: `switchback adopt` continues an incident from its log",
            None => "write [console] region = \"…\" if this machine is in one of them",
        };
        let about = About { what: "console", name: "this machine".to_owned(), needed: true, remedy };
        self.add(about, Lives::Here("it is this machine".to_owned()));
    }

    /// While this fails, everything that fails is doubted.
    fn own_network(&mut self) {
        if let Some(address) = &self.estate.console.connectivity {
            let remedy = "name one outside of every region: while it fails, the console holds itself for blind";
            let about = About { what: "own network check", name: address.clone(), needed: true, remedy };
            let lives = self.places.of(address);
            self.add(about, lives);
        }
    }

    fn probes(&mut self) {
        let count = self.estate.checks.iter().filter(|check| !check.paused).count();
        if count > 0 {
            let remedy = "keep a second console or `status --watch` outside of that region";
            let name = format!("{count} checks that this console asks");
            let about = About { what: "probes", name, needed: true, remedy };
            self.add(about, Lives::Here("they are asked from this machine".to_owned()));
        }
    }

    fn log(&mut self) {
        let state = &self.around.state;
        let about = About {
            what: "log",
            name: state.clone(),
            needed: true,
            remedy: "put --state on a disk of a machine outside of that region",
        };
        let lives = match &self.around.state_server {
            Some(server) => self.places.of(server),
            None => Lives::Here("it is on a disk of this machine".to_owned()),
        };
        self.add(about, lives);
        let remedy = "name a place outside of that region in [log] mirror";
        match &self.estate.log.mirror {
            None => {
                let about = About { what: "log mirror", name: "none".to_owned(), needed: false, remedy };
                self.put(about, None, Fate::Unknown, "without a copy the log is as safe as this machine".to_owned());
            }
            Some(Mirror::Path(path)) => {
                let about = About { what: "log mirror", name: path.clone(), needed: false, remedy };
                let lives = self.named(path).unwrap_or_else(|| Lives::Here("it is a path on this machine".to_owned()));
                self.add(about, lives);
            }
            Some(Mirror::Command(argv)) => {
                let about = About { what: "log mirror", name: argv.join(" "), needed: false, remedy };
                let lives = self.command(&argv.join(" "));
                self.add(about, lives);
            }
        }
    }

    fn runbooks(&mut self) {
        for (folder, remote) in &self.around.folders {
            let remedy = "keep a copy outside of that region";
            let about = About { what: "runbooks", name: folder.clone(), needed: true, remedy };
            self.add(about, Lives::Here("it is a folder of this machine".to_owned()));
            if let Some(remote) = remote {
                let remedy = "pull before it is needed: what is on this machine goes on working";
                let about = About { what: "runbook source", name: remote.clone(), needed: false, remedy };
                let lives = self.places.of(remote);
                self.add(about, lives);
            }
        }
    }

    fn name_servers(&mut self) {
        for resolver in &self.around.resolvers {
            let remedy = "add a name server outside of that region to this machine";
            // One that stays is enough, and there may be several.
            let needed = self.around.resolvers.len() == 1;
            let about = About { what: "name server", name: resolver.clone(), needed, remedy };
            let lives = self.places.of(resolver);
            self.add(about, lives);
        }
        let all_go = |need: &Need| need.what != "name server" || need.fate == Fate::Goes;
        if self.around.resolvers.len() > 1 && self.found.iter().all(all_go) {
            let servers = self.found.iter_mut().filter(|need| need.what == "name server");
            servers.for_each(|need| need.needed = true);
        }
        let asked: BTreeSet<&String> = self
            .estate
            .checks
            .iter()
            .filter_map(|check| match &check.kind {
                CheckKind::Dns(dns) => Some(dns.resolvers.iter().map(|(host, _)| host)),
                _ => None,
            })
            .flatten()
            .collect();
        for host in asked {
            let remedy = "ask resolvers of several regions in the checks that name it";
            let about = About { what: "resolver of checks", name: host.clone(), needed: false, remedy };
            let lives = self.places.of(host);
            self.add(about, lives);
        }
    }

    /// Tokens are signed by the region's own endpoint; a profile that says none asks the global one, in us-east-1.
    fn credentials(&mut self) {
        if !uses_aws(self.estate, &self.around.runbooks) {
            return;
        }
        let mut accounts: BTreeMap<String, Option<String>> = BTreeMap::new();
        for account in &self.estate.aws {
            accounts.insert(format!("aws {}", account.name), account.region.clone());
        }
        if accounts.is_empty() {
            accounts.insert("aws".to_owned(), None);
        }
        for (name, region) in accounts {
            let remedy = "use a profile whose `region` is another one, with regional STS endpoints";
            let about = About { what: "credentials", name, needed: true, remedy };
            let lives = match (&self.around.aws_endpoint, region.or_else(|| self.around.aws_region.clone())) {
                (Some(endpoint), _) => self.places.of(endpoint),
                (None, Some(region)) => self.aws_region(&region, "tokens are asked for at the STS of"),
                (None, None) => self.aws_region(CONTROL_REGION, "no region is set, so the global STS is asked, in"),
            };
            self.add(about, lives);
        }
    }

    /// Where changes of records are taken.
    fn control_plane(&mut self) {
        let users: Vec<&str> = self
            .around
            .runbooks
            .iter()
            .filter(|(_, runbook)| changes_records(runbook))
            .map(|(name, _)| name.as_str())
            .collect();
        if users.is_empty() {
            return;
        }
        let alternative = self.estate.traffic.alternative();
        let remedy = alternative.clone().unwrap_or_else(|| {
            "write [traffic] data_plane: a routing control or an inverted health check moves traffic without it"
                .to_owned()
        });
        let name = format!("Route 53 changes ({})", users.join(", "));
        let about = About { what: "dns control plane", name, needed: alternative.is_none(), remedy: &remedy };
        let lives = self.aws_region(CONTROL_REGION, "changes of records are taken in");
        self.add(about, lives);
    }

    /// A server is to go with its own region; one that lives somewhere else than its name says is a surprise.
    fn databases(&mut self) {
        for ((database, region), hosts) in &self.around.servers {
            for host in hosts {
                let surprise = region != self.leaving;
                let remedy =
                    if surprise { "mend the connection string: the standby has to outlive that region" } else { "" };
                let about = About { what: "database", name: format!("{database}@{region}"), needed: surprise, remedy };
                let lives = match self.places.named_in(host) {
                    Some(named) => Lives::In(named.clone(), format!("the name {host} says so")),
                    None => match self.places.of(host) {
                        here @ (Lives::Here(_) | Lives::Elsewhere(_)) => here,
                        Lives::In(..) | Lives::Unknown(_) => {
                            Lives::In(region.clone(), format!("the estate's file says so of {host}"))
                        }
                    },
                };
                self.add(about, lives);
            }
        }
    }

    fn clusters(&mut self) {
        for (context, address) in &self.around.clusters {
            let there = self.places.named_in(context) == Some(self.leaving);
            let about = About {
                what: "kubernetes",
                name: context.clone(),
                needed: !there,
                remedy: if there { "" } else { "steps that use this context cannot run: give them another" },
            };
            let lives = match (address, self.places.named_in(context)) {
                (_, Some(region)) => Lives::In(region.clone(), "the name of the context says so".to_owned()),
                (Some(address), None) => self.places.of(address),
                (None, None) => Lives::Unknown("the context is not in the kubeconfig".to_owned()),
            };
            self.add(about, lives);
        }
    }

    /// Where `http` steps of the runbooks go while the region is left: status pages, switches of traffic.
    fn endpoints(&mut self) {
        let mut seen = BTreeSet::new();
        let found: Vec<(String, String, String)> = self
            .around
            .runbooks
            .iter()
            .flat_map(|(name, runbook)| runbook.steps().map(move |step| (name, runbook, step)))
            .filter_map(|(name, runbook, step)| {
                let url = self.asks(runbook, step)?;
                let what = if step.title.to_lowercase().contains("status page") { "status page" } else { "endpoint" };
                Some((what.to_owned(), format!("{name}: {}", step.title), url))
            })
            .collect();
        for (what, name, url) in found {
            if seen.insert((name.clone(), url.clone())) {
                let remedy = "name one outside of that region in the runbook's step";
                let lives = self.places.of(&url);
                self.add(About { what: &what, name, needed: true, remedy }, lives);
            }
        }
    }

    /// The address of an `http` run, with what leaving this region would take for the variables.
    fn asks(&self, runbook: &Runbook, step: &Step) -> Option<String> {
        step.run.as_ref().filter(|run| run.lang == Lang::Http)?;
        let to = self.estate.preferred_beside(Some(self.leaving)).map(|region| &region.id);
        let given = BTreeMap::new();
        let context = RunContext::supposed(Mode::Forced, Some(self.leaving), to, &given);
        let text = resolve(runbook, &context, &step.id, Part::Run, 1, self.estate).ok()?.text;
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        line.split_whitespace().nth(1).or(Some(line)).map(str::to_owned)
    }

    /// Commands that fetch secrets: a vault that is gone gives none.
    fn secrets(&mut self) {
        let mut fetched: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (name, runbook) in &self.around.runbooks {
            for variable in &runbook.vars {
                if let VariableKind::Secret { from } = &variable.kind
                    && let Some(command) = from.strip_prefix("cmd:")
                {
                    fetched.entry(command.trim().to_owned()).or_default().insert(name);
                }
            }
        }
        for (command, users) in fetched {
            let users: Vec<&str> = users.into_iter().collect();
            // What fetches a secret may say more than is for everybody's eyes; its program tells enough.
            let program = command.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
            let name = format!("{program} ({})", users.join(", "));
            let remedy = "replicate the secret to another region, and ask there";
            let lives = self.command(&command);
            self.add(About { what: "secret", name, needed: true, remedy }, lives);
        }
    }

    /// Copies of a set that lie there; needed when there is no other.
    fn backups(&mut self) {
        for backup in &self.estate.backups {
            let at = self.found.len();
            for place in &backup.destinations {
                let name = format!("{}: {}", backup.id, place.name);
                let remedy = "keep a copy outside of that region";
                let lives =
                    self.named(&place.name).unwrap_or_else(|| Lives::Unknown("its name tells no region".to_owned()));
                self.add(About { what: "backup copy", name, needed: false, remedy }, lives);
            }
            let copies = &mut self.found[at..];
            if !copies.is_empty() && copies.iter().all(|copy| copy.fate == Fate::Goes) {
                copies.iter_mut().for_each(|copy| copy.needed = true);
            }
        }
    }

    fn named(&self, text: &str) -> Option<Lives> {
        let region = self.places.named_in(text)?;
        Some(Lives::In(region.clone(), "its name says so".to_owned()))
    }

    /// Where what a command asks lives: the region it names, else that of the environment for what asks AWS.
    fn command(&self, command: &str) -> Lives {
        if let Some(region) = self.places.named_in(command) {
            return Lives::In(region.clone(), "the command names that region".to_owned());
        }
        match (command.split_whitespace().next(), &self.around.aws_region) {
            (Some("aws"), Some(region)) => self.aws_region(region, "the environment's region is"),
            _ => Lives::Unknown("nothing tells whom the command asks".to_owned()),
        }
    }

    /// The estate's region that is in one of Amazon's.
    fn aws_region(&self, name: &str, why: &str) -> Lives {
        let region = self.estate.regions.iter().find(|region| self.estate.aws_region(&region.id) == name);
        match region {
            Some(region) => Lives::In(region.id.clone(), format!("{why} {name}")),
            None => Lives::Elsewhere(format!("{why} {name}, which is no region of the estate")),
        }
    }
}

fn changes_records(runbook: &Runbook) -> bool {
    runbook.steps().any(|step| step.run.as_ref().is_some_and(|run| run.lang == Lang::Route53))
}

fn uses_aws(estate: &Estate, runbooks: &[(String, std::sync::Arc<Runbook>)]) -> bool {
    let asks = |kind: &CheckKind| matches!(kind, CheckKind::Route53(_) | CheckKind::CloudWatch(_));
    let calls = |runbook: &Runbook| changes_records(runbook) || super::super::tools(runbook).contains_key("aws");
    !estate.aws.is_empty()
        || estate.checks.iter().any(|check| asks(&check.kind))
        || runbooks.iter().any(|(_, runbook)| calls(runbook))
}
