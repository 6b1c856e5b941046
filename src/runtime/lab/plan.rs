//! Where everything of a lab is: folders, ports, names.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::LabError;

/// One of the two regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    East,
    West,
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::East, Self::West];

    /// The region it plays.
    #[must_use]
    pub const fn region(self) -> &'static str {
        match self {
            Self::East => "us-east-1",
            Self::West => "us-west-2",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::East => "east",
            Self::West => "west",
        }
    }

    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::East => Self::West,
            Self::West => Self::East,
        }
    }

    #[must_use]
    pub fn of_region(region: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|side| side.region() == region)
    }
}

/// One thing per side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides<T> {
    pub east: T,
    pub west: T,
}

impl<T: Copy> Sides<T> {
    #[must_use]
    pub const fn of(&self, side: Side) -> T {
        match side {
            Side::East => self.east,
            Side::West => self.west,
        }
    }
}

/// What `lab up` decided, kept in `lab.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lab {
    pub dir: PathBuf,
    pub databases: Sides<u16>,
    pub apps: Sides<u16>,
    pub edge: u16,
    /// Folder of PostgreSQL's programs.
    pub bindir: PathBuf,
    /// The unprivileged account PostgreSQL runs as, when the lab was started as root.
    pub account: Option<Account>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

impl Lab {
    /// `--dir`, else a folder of this user's in the system's temporary folder: a home folder may be closed to the
    /// account that PostgreSQL runs as.
    #[must_use]
    pub fn default_dir() -> PathBuf {
        std::env::temp_dir().join(format!("switchback-lab-{}", rustix::process::getuid().as_raw()))
    }

    /// Chooses free ports.
    pub(super) fn plan(dir: &Path, bindir: PathBuf, account: Option<Account>) -> Result<Self, LabError> {
        let mut held = Vec::new();
        let mut port = || -> Result<u16, LabError> {
            let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(LabError::io("127.0.0.1"))?;
            let port = listener.local_addr().map_err(LabError::io("127.0.0.1"))?.port();
            held.push(listener);
            Ok(port)
        };
        Ok(Self {
            dir: dir.to_path_buf(),
            databases: Sides { east: port()?, west: port()? },
            apps: Sides { east: port()?, west: port()? },
            edge: port()?,
            bindir,
            account,
        })
    }

    /// Reads what `lab up` wrote.
    ///
    /// # Errors
    /// [`LabError::NoLab`] where there is none.
    pub fn load(dir: &Path) -> Result<Self, LabError> {
        let text = std::fs::read_to_string(dir.join("lab.json")).map_err(|_| LabError::NoLab(dir.to_path_buf()))?;
        serde_json::from_str(&text)
            .map_err(|error| LabError::Other(format!("{}: {error}", dir.join("lab.json").display())))
    }

    pub(super) fn save(&self) -> Result<(), LabError> {
        let path = self.dir.join("lab.json");
        let text = serde_json::to_string_pretty(self).map_err(|error| LabError::Other(error.to_string()))?;
        std::fs::write(&path, text).map_err(LabError::io(path))
    }

    #[must_use]
    pub fn data(&self, side: Side) -> PathBuf {
        self.dir.join(side.name()).join("data")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.dir.join("logs").join(format!("{name}.log"))
    }

    /// Where the client remembers what was acknowledged, one JSON document a line.
    pub(super) fn acknowledged(&self) -> PathBuf {
        self.dir.join("client.jsonl")
    }

    /// Password file of the lab's two accounts.
    pub(super) fn passfile(&self) -> PathBuf {
        self.dir.join("pgpass")
    }

    /// Connection string of `user` on one side; the password is in the password file.
    #[must_use]
    pub fn dsn(&self, side: Side, user: &str) -> String {
        format!(
            "host=127.0.0.1 port={} dbname=orders user={user} passfile={} sslmode=disable",
            self.databases.of(side),
            self.passfile().display()
        )
    }
}
