//! What stands around the console on this machine: where its names, logs, credentials and runbooks come from.

use std::collections::BTreeMap;
use std::path::Path;

use domain::estate::{Channel, ChannelKind, Endpoint, Estate, Outlet, OutletKind};
use domain::ident::{DatabaseId, RegionId};
use domain::readiness::Surroundings;

use super::{Looker, PATIENCE, kube};
use crate::runtime::dns::system_resolvers;
use crate::runtime::postgres::Dsn;
use crate::runtime::probe::process::run_with;
use crate::runtime::secret;

const OUTPUT: usize = 64 * 1024;

/// Reads files and settings; asks no network.
pub async fn surroundings(looker: &Looker) -> Surroundings {
    let counted = super::counted(&looker.library, &looker.estate);
    let looked = super::read(&looker.library, &looker.estate);
    let runbooks: Vec<_> = looked
        .into_iter()
        .filter(|(name, _)| counted.contains(name))
        .filter_map(|(name, read)| Some((name, read.ok()?)))
        .collect();
    let usable: Vec<_> = runbooks.iter().map(|(name, runbook)| (name.as_str(), runbook.as_ref())).collect();
    let contexts = kube::used(&looker.estate, &usable);
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Surroundings {
        resolvers: system_resolvers().into_iter().map(|(host, _)| host).collect(),
        state: looker.paths.state.display().to_string(),
        state_server: server_of(&looker.paths.state),
        folders: folders(looker).await,
        aws_region: variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")),
        aws_endpoint: variable("AWS_ENDPOINT_URL_STS").or_else(|| variable("AWS_ENDPOINT_URL")),
        servers: servers(&looker.estate),
        clusters: clusters(contexts.into_iter().collect(), looker.starts_programs).await,
        channel_hosts: channel_hosts(&looker.estate).await,
        runbooks,
    }
}

/// Services and files of libpq are read: what the estate names is not always a host.
fn servers(estate: &Estate) -> BTreeMap<(DatabaseId, RegionId), Vec<String>> {
    let each = estate.databases.iter().flat_map(|database| {
        database.servers.iter().map(move |(region, dsn)| ((database.id.clone(), region.clone()), dsn))
    });
    let hosts = |dsn: &str| {
        let targets = Dsn::resolve(dsn).map(|dsn| dsn.targets).unwrap_or_default();
        targets.into_iter().map(|target| target.host).filter(|host| !host.is_empty()).collect()
    };
    each.map(|(key, dsn)| (key, hosts(dsn))).collect()
}

/// Folders of runbooks, and the remote they come from.
async fn folders(looker: &Looker) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for folder in looker.library.folders().iter().filter(|folder| folder.is_dir()) {
        let remote = if looker.starts_programs { remote_of(folder).await } else { None };
        found.push((folder.display().to_string(), remote));
    }
    found
}

async fn remote_of(folder: &Path) -> Option<String> {
    let folder = folder.display().to_string();
    let argv = ["git", "-C", &folder, "remote", "get-url", "origin"].map(str::to_owned);
    let finished = tokio::time::timeout(PATIENCE, run_with(&argv, &[], Vec::new(), OUTPUT)).await.ok()?.ok()?;
    if !finished.status.success() {
        return None;
    }
    let url = finished.first_line()?;
    // Who and what with is nobody's business here: only the host is told. `user@host:path` is one, too.
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    (!host.is_empty()).then(|| host.to_owned())
}

/// The server a folder is mounted from: `server:/export` of NFS, `//server/share`.
fn server_of(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    mounted_from(&mounts, folder)
}

fn mounted_from(mounts: &str, folder: &Path) -> Option<String> {
    let lines = mounts.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?))
    });
    let (from, _) = lines.filter(|(_, at)| folder.starts_with(at)).max_by_key(|(_, at)| at.len())?;
    if let Some(share) = from.strip_prefix("//") {
        return share.split('/').next().map(str::to_owned);
    }
    let (server, export) = from.split_once(':')?;
    export.starts_with('/').then(|| server.to_owned())
}

/// Addresses of the clusters of these contexts, as the kubeconfig says.
async fn clusters(contexts: Vec<String>, may_start: bool) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for context in contexts {
        let address = if may_start { address_of(&context).await } else { None };
        found.push((context, address));
    }
    found
}

async fn address_of(context: &str) -> Option<String> {
    let argv = ["kubectl", &format!("--context={context}"), "config", "view", "--minify"];
    let argv: Vec<String> =
        argv.into_iter().chain(["--output=jsonpath={.clusters[0].cluster.server}"]).map(str::to_owned).collect();
    let env: Vec<String> = std::env::var_os("KUBECONFIG").map(|_| "KUBECONFIG".to_owned()).into_iter().collect();
    let finished = tokio::time::timeout(PATIENCE, run_with(&argv, &env, Vec::new(), OUTPUT)).await.ok()?.ok()?;
    if finished.status.success() { finished.first_line() } else { None }
}

/// An address that is a secret is let go of but for its host.
async fn channel_hosts(estate: &Estate) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let alerts = estate.notify.iter().filter_map(|Channel { id, kind, .. }| match kind {
        ChannelKind::Webhook(webhook) => Some((id, webhook)),
        _ => None,
    });
    let updates = estate.outlets.iter().filter_map(|Outlet { id, kind, .. }| match kind {
        OutletKind::Webhook(webhook) => Some((id, webhook)),
        _ => None,
    });
    for (id, webhook) in alerts.chain(updates) {
        let Endpoint::Secret(source) = &webhook.url else { continue };
        let Ok(url) = secret::read(source).await else { continue };
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        found.insert(id.to_string(), host.to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_a_share_lives_where_its_server_does() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\nnas.us-east-1.example.com:/x /mnt/logs nfs4 rw 0 0\n//win/share /mnt/w cifs rw 0 0\n";
        let of = |folder: &str| mounted_from(mounts, Path::new(folder));
        assert_eq!(of("/mnt/logs/switchback").as_deref(), Some("nas.us-east-1.example.com"));
        assert_eq!(of("/mnt/w").as_deref(), Some("win"));
        assert_eq!(of("/home/ana/.local/state"), None);
    }
}
