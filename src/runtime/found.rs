//! Files of other tools on this machine: where their owners keep them, and what they tell. They are read as what they are,
//! somebody else's: bounded, never executed, and one that is broken costs nothing but itself.

mod places;

use std::path::{Path, PathBuf};

use domain::found::{Found, Kind, LONGEST, Trouble, read, trouble};
use domain::untrusted::sanitise_line;

use super::regular_file;
pub use places::{Places, shown};

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub struct Looked {
    pub found: Found,
    pub files: Vec<File>,
    /// Sentences: of files that tell nothing because something is wrong with them.
    pub troubles: Vec<String>,
}

/// A file that told something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As people know it, `~/.kube/config`.
    pub shown: String,
    pub kind: Kind,
    pub tells: String,
}

/// Why a file that was named tells nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("{file} cannot be read: {why}")]
    Io { file: String, why: std::io::Error },
    #[error("{file} is longer than {} KiB", LONGEST / 1024)]
    TooLong { file: String },
    #[error("{file}:{line}:{column}: this is not UTF-8 text")]
    NotText { file: String, line: usize, column: usize },
    #[error(
        "{file} is no file that can be read here: name a kubeconfig, a pg_service.conf, the `aws` command's config, or a configuration of Gatus, Prometheus or its blackbox exporter"
    )]
    NoKind { file: String },
    #[error(transparent)]
    Broken(#[from] Trouble),
}

/// Everything in the usual places. What is not there is passed over.
#[must_use]
pub fn look(places: &Places) -> Looked {
    let mut looked = Looked::default();
    for (path, kind) in places.all() {
        let shown = shown(&path, places.home());
        let told = text(&path, &shown).and_then(|text| {
            // In the working folder a name such as `config.yaml` may be anybody's.
            let of_its_kind = Kind::of(&shown, &text) == Some(kind);
            Ok(if of_its_kind { Some(read(kind, &shown, &text)?) } else { None })
        });
        match told {
            // The modules that come with a package say nothing while nobody probes with them.
            Ok(Some(found)) if kind == Kind::Blackbox && !looked.found.has_targets() => drop(found),
            Ok(Some(found)) if !found.is_empty() => looked.take(shown, kind, found),
            Ok(_) => {}
            Err(Unread::Io { why, .. }) if why.kind() == std::io::ErrorKind::NotFound => {}
            Err(why) => looked.troubles.push(sanitise_line(&why.to_string())),
        }
    }
    looked
}

/// Exactly these files, each of whatever kind it is.
///
/// # Errors
/// The first that cannot be used.
pub fn look_at(files: &[PathBuf]) -> Result<Looked, Unread> {
    let mut looked = Looked::default();
    for path in files {
        let shown = sanitise_line(&path.display().to_string());
        let text = text(path, &shown)?;
        let kind = Kind::of(&shown, &text).ok_or_else(|| match trouble(&shown, &text) {
            Some(trouble) => Unread::Broken(trouble),
            None => Unread::NoKind { file: shown.clone() },
        })?;
        looked.take(shown.clone(), kind, read(kind, &shown, &text)?);
    }
    Ok(looked)
}

impl Looked {
    fn take(&mut self, shown: String, kind: Kind, found: Found) {
        let tells = found.count().iter().map(|(count, word)| counted(*count, word)).collect::<Vec<_>>().join(", ");
        self.files.push(File { shown, kind, tells });
        self.found.add(found);
    }
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn text(path: &Path, shown: &str) -> Result<String, Unread> {
    let file = || shown.to_owned();
    let bytes = regular_file::bytes(path, LONGEST).map_err(|why| Unread::Io { file: file(), why })?;
    let bytes = bytes.ok_or_else(|| Unread::TooLong { file: file() })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..good]);
        let (line, column) = domain::diagnostic::line_column(&before, good);
        Unread::NotText { file: file(), line, column }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn files_are_found_where_their_owners_keep_them() {
        let home = tempfile::tempdir().unwrap();
        written(&home, ".pg_service.conf", b"[orders-east]\nhost=db.us-east-1.example.com\n");
        written(&home, ".aws/config", b"[profile west]\nregion = us-west-2\n");
        written(&home, "elsewhere/kube", b"contexts: [{name: shop-east}]\n");
        written(&home, "here/gatus.yaml", b"endpoints: [{name: a, url: 'https://a.example.com'}]\n");
        written(&home, "here/prometheus.yml", b"broken: [\n");
        let kube = home.path().join("elsewhere/kube");
        let variable = |name: &str| match name {
            "HOME" => Some(home.path().into()),
            "KUBECONFIG" => Some(format!("/nowhere:{}", kube.display()).into()),
            _ => None,
        };
        let looked = look(&Places::new(&variable, &home.path().join("here")));
        let files: Vec<_> = looked.files.iter().map(|file| (file.shown.as_str(), file.tells.as_str())).collect();
        assert!(files.contains(&("~/.pg_service.conf", "1 service")), "{files:?}");
        assert!(files.contains(&("~/elsewhere/kube", "1 context")), "{files:?}");
        assert!(files.contains(&("~/.aws/config", "1 profile")), "{files:?}");
        assert!(files.contains(&("~/here/gatus.yaml", "1 endpoint")), "{files:?}");
        assert!(looked.troubles.iter().any(|why| why.starts_with("~/here/prometheus.yml:")), "{:?}", looked.troubles);
    }

    #[test]
    fn a_file_that_tells_nothing_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let why = |name: &str, bytes: &[u8]| look_at(&[written(&folder, name, bytes)]).unwrap_err().to_string();
        assert!(why("latin.conf", b"[a]\nhost=caf\xe9\n").contains("latin.conf:2:9: this is not UTF-8 text"));
        assert!(why("long.yaml", &vec![b'#'; LONGEST + 1]).contains("longer than 1024 KiB"));
        assert!(why("deep.yaml", "[".repeat(40).as_bytes()).contains("deep.yaml:1:"));
        assert!(why("notes.txt", b"nothing\n").contains("is no file that can be read here"));
        assert!(why("gatus.yaml", b"endpoints: [\n").contains("gatus.yaml:"));
        let missing = look_at(&[folder.path().join("missing")]).unwrap_err().to_string();
        assert!(missing.contains("cannot be read"), "{missing}");
        assert!(look_at(&[folder.path().to_owned()]).is_err());
    }
}
