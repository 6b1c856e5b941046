//! A kubeconfig: contexts, and where their clusters are. Its users are not looked at.

use super::region::hint;
use super::{Context, Found, Source, Trouble};
use crate::yaml::Node;

pub(super) fn read(source: &Source<'_>) -> Result<Found, Trouble> {
    let root = source.yaml()?;
    let Some(contexts) = root.get("contexts") else {
        return Err(source.trouble(0, "no `contexts` stand in it"));
    };
    let contexts = contexts.items().iter().filter_map(|context| {
        let name = text(context, "name")?;
        let cluster = context.get("context").and_then(|inner| text(inner, "cluster")).unwrap_or_default();
        let server = server(&root, cluster).unwrap_or_default();
        let place = hint(&[name, cluster, server]);
        Some(Context { name: name.to_owned(), place, origin: source.at(context.span.start) })
    });
    Ok(Found { contexts: contexts.collect(), ..Found::default() })
}

fn server<'n>(root: &'n Node, cluster: &str) -> Option<&'n str> {
    let clusters = root.get("clusters")?.items();
    let found = clusters.iter().find(|found| text(found, "name") == Some(cluster))?;
    text(found.get("cluster")?, "server")
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.text().filter(|text| !text.trim().is_empty())
}
