//! Where tools keep their files: by their own variables first, as they do it themselves.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use domain::found::Kind;
use domain::untrusted::sanitise_line;

/// The places of one user in one folder.
#[derive(Clone, Debug)]
pub struct Places {
    home: PathBuf,
    all: Vec<(PathBuf, Kind)>,
}

impl Places {
    /// Of this process.
    #[must_use]
    pub fn of_environment() -> Self {
        Self::new(&|name| std::env::var_os(name), &std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")))
    }

    /// By these variables, in this folder.
    #[must_use]
    pub fn new(variable: &dyn Fn(&str) -> Option<OsString>, folder: &Path) -> Self {
        let named = |name: &str| variable(name).filter(|value| !value.is_empty());
        let home = named("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from);
        let mut all = Vec::new();
        match named("KUBECONFIG") {
            Some(list) => all.extend(std::env::split_paths(&list).map(|path| (path, Kind::Kubeconfig))),
            None => all.push((home.join(".kube/config"), Kind::Kubeconfig)),
        }
        let aws = named("AWS_CONFIG_FILE").map_or_else(|| home.join(".aws/config"), PathBuf::from);
        all.push((aws, Kind::Aws));
        // The user's service file first, then the system's: libpq reads both.
        let own = named("PGSERVICEFILE").map_or_else(|| home.join(".pg_service.conf"), PathBuf::from);
        let system = match named("PGSYSCONFDIR") {
            Some(folder) => vec![PathBuf::from(folder).join("pg_service.conf")],
            None => vec!["/etc/postgresql-common/pg_service.conf".into(), "/etc/pg_service.conf".into()],
        };
        all.extend(std::iter::once(own).chain(system).map(|path| (path, Kind::PgService)));
        let gatus = named("GATUS_CONFIG_PATH").map(PathBuf::from);
        let gatus =
            gatus.into_iter().chain(["gatus.yaml", "config/config.yaml", "config.yaml"].map(|name| folder.join(name)));
        all.extend(gatus.map(|path| (path, Kind::Gatus)));
        for (name, kind) in [("prometheus.yml", Kind::Prometheus), ("blackbox.yml", Kind::Blackbox)] {
            all.extend([folder.join(name), Path::new("/etc/prometheus").join(name)].map(|path| (path, kind)));
        }
        Self { home, all }
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn all(&self) -> Vec<(PathBuf, Kind)> {
        self.all.clone()
    }
}

/// The path as people write it: `~` for their home.
#[must_use]
pub fn shown(path: &Path, home: &Path) -> String {
    let shown = match path.strip_prefix(home) {
        Ok(rest) if home.parent().is_some() => Path::new("~").join(rest),
        _ => path.to_owned(),
    };
    sanitise_line(&shown.display().to_string())
}
