//! Which tool a file belongs to, told by what stands in it: people name their files as they like.

use std::fmt;

use super::ini;
use crate::yaml;

/// A tool whose file can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    PgService,
    Gatus,
    Prometheus,
    Blackbox,
    Kubeconfig,
    Aws,
}

impl Kind {
    /// By the keys at the top of the text; `None` where they are of no tool that is known here. What is too long or broken
    /// is judged by its name, so that the trouble is told by whoever reads it.
    #[must_use]
    pub fn of(file: &str, text: &str) -> Option<Self> {
        let known = yaml::read_within(text, 0, super::LONGEST).root.and_then(|root| {
            let has = |key: &str| root.get(key).is_some();
            match () {
                () if has("endpoints") || has("external-endpoints") => Some(Self::Gatus),
                () if has("scrape_configs") => Some(Self::Prometheus),
                () if has("modules") => Some(Self::Blackbox),
                () if has("contexts") || has("clusters") => Some(Self::Kubeconfig),
                () => None,
            }
        });
        known.or_else(|| Self::of_sections(text)).or_else(|| Self::of_name(file))
    }

    fn of_sections(text: &str) -> Option<Self> {
        const LIBPQ: [&str; 6] = ["host", "hostaddr", "port", "dbname", "user", "service"];
        let sections = ini::sections(text);
        let keys = || sections.iter().flat_map(|section| section.keys.iter().map(|(key, ..)| key.as_str()));
        let named = |word: &str| sections.iter().any(|section| section.name.starts_with(word));
        if keys().any(|key| LIBPQ.contains(&key)) {
            return Some(Self::PgService);
        }
        let aws =
            named("profile ") || named("sso-session ") || keys().any(|key| key == "region" || key == "sso_region");
        aws.then_some(Self::Aws)
    }

    fn of_name(file: &str) -> Option<Self> {
        const NAMES: [(&str, Kind); 7] = [
            ("pg_service", Kind::PgService),
            ("gatus", Kind::Gatus),
            ("blackbox", Kind::Blackbox),
            ("prometheus", Kind::Prometheus),
            ("kube", Kind::Kubeconfig),
            (".aws/", Kind::Aws),
            ("aws", Kind::Aws),
        ];
        NAMES.into_iter().find_map(|(word, kind)| file.to_lowercase().contains(word).then_some(kind))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PgService => "PostgreSQL services",
            Self::Gatus => "Gatus",
            Self::Prometheus => "Prometheus",
            Self::Blackbox => "blackbox exporter",
            Self::Kubeconfig => "kubectl",
            Self::Aws => "AWS",
        })
    }
}
