//! Where things are kept, by the XDG conventions; everything of ours is 0700 and 0600.

use std::path::{Path, PathBuf};

/// The folders of one user on one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `--state`, `$SWITCHBACK_STATE`, else `$XDG_STATE_HOME/switchback`, else `~/.local/state/switchback`.
    pub state: PathBuf,
    /// `$XDG_CONFIG_HOME/switchback`, else `~/.config/switchback`.
    pub config: PathBuf,
}

impl Paths {
    /// By the environment; `state` is what `--state` said.
    #[must_use]
    pub fn from_environment(state: Option<&Path>) -> Self {
        let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from);
        let base = |variable: &str, fallback: &str| {
            std::env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
                .unwrap_or_else(|| home.join(fallback))
                .join("switchback")
        };
        let state = state
            .map(Path::to_path_buf)
            .or_else(|| std::env::var_os("SWITCHBACK_STATE").map(PathBuf::from))
            .unwrap_or_else(|| base("XDG_STATE_HOME", ".local/state"));
        Self { state, config: base("XDG_CONFIG_HOME", ".config") }
    }

    /// One folder per incident, named by its id.
    #[must_use]
    pub fn incidents(&self) -> PathBuf {
        self.state.join("incidents")
    }

    /// The ledger that runbooks and people append restore tests to.
    #[must_use]
    pub fn restore_tests(&self) -> PathBuf {
        self.state.join("restore-tests.jsonl")
    }

    /// Samples, `live.json` and the last text that loaded, per estate.
    #[must_use]
    pub fn estate(&self, name: &str) -> PathBuf {
        let safe: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' }).collect();
        self.state.join("estates").join(safe.trim_start_matches('.'))
    }
}

/// Makes a folder and its missing parents, 0700.
///
/// # Errors
/// What the system said.
pub fn private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
