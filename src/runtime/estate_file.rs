//! Finding and reading `switchback.toml`, and keeping the last text that loaded: a slip in the file must not cost the
//! console.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::diagnostic::Diagnostic;
use domain::estate::{Estate, Parsed, parse};
use rustix::fs::OFlags;

use super::beats;
use super::paths::{Paths, private_dir};

/// What a file is called where no other name is given.
pub const FILE_NAME: &str = "switchback.toml";

/// A longer file is refused.
pub const MAX_BYTES: u64 = 1024 * 1024;

const KEPT_TEXT: &str = "estate.toml";
const KEPT_PATH: &str = "estate.path";

/// Where the estate is: `--config`, `$SWITCHBACK_CONFIG`, `./switchback.toml`, the XDG configuration directory. The first
/// two are taken at their word, whether the file exists or not. `None` means the demonstration estate.
#[must_use]
pub fn find(config: Option<&Path>, paths: &Paths) -> Option<PathBuf> {
    let named = std::env::var_os("SWITCHBACK_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    config
        .map(Path::to_path_buf)
        .or(named)
        .or_else(|| [PathBuf::from(FILE_NAME), paths.config.join(FILE_NAME)].into_iter().find(|path| path.exists()))
}

/// An estate that can be used.
#[derive(Debug)]
pub struct Loaded {
    pub estate: Estate,
    pub path: PathBuf,
    /// Why this is not what the file says now, but the last text of it that loaded.
    pub banner: Option<String>,
    /// About the file as it is now: warnings, or the errors that the banner speaks of.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why there is no estate to use.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file has errors, and no earlier text of it is kept.
    #[error("{} has errors", .path.display())]
    Wrong { path: PathBuf, parsed: Box<Parsed> },
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("there is no file {}: look at the path", .path.display())]
    Missing { path: PathBuf },
    #[error("{} cannot be read: {why}", .path.display())]
    Io { path: PathBuf, why: std::io::Error },
    #[error("{} is a folder or a device, and a file is needed", .path.display())]
    NotAFile { path: PathBuf },
    #[error("{0} may be written by others, who could choose what is executed: run `chmod go-w {0}`", .path.display())]
    WritableByOthers { path: PathBuf },
    #[error("{} belongs to another user, who could choose what is executed: make it yours", .path.display())]
    Foreign { path: PathBuf },
    #[error(
        "{} lies in {}, where others may put a file in its place: run `chmod o-w` on that folder, or move it",
        .path.display(), .folder.display()
    )]
    Replaceable { path: PathBuf, folder: PathBuf },
    #[error("{} is longer than 1 MiB, and not read: is it the file that is meant?", .path.display())]
    TooLong { path: PathBuf },
    #[error("{} is not UTF-8 text: is it the file that is meant?", .path.display())]
    NotText { path: PathBuf },
}

/// The text of an estate's file.
///
/// # Errors
/// The file cannot be read, is no regular file, belongs to somebody else than this user and root, may be written by its
/// group or others or be replaced by them, or is longer than 1 MiB. What is checked is the file that was opened, whatever
/// its path names a moment later.
pub fn read(path: &Path) -> Result<String, ReadError> {
    let io = |why: std::io::Error| match why.kind() {
        ErrorKind::NotFound => ReadError::Missing { path: path.to_owned() },
        _ => ReadError::Io { path: path.to_owned(), why },
    };
    // Not blocking: opening a pipe that nobody writes to must not hang.
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).unwrap_or_default();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(io)?;
    let meta = file.metadata().map_err(io)?;
    let path = || path.to_owned();
    if !meta.is_file() {
        return Err(ReadError::NotAFile { path: path() });
    }
    if !trusted(meta.uid()) {
        return Err(ReadError::Foreign { path: path() });
    }
    if meta.mode() & 0o022 != 0 {
        return Err(ReadError::WritableByOthers { path: path() });
    }
    if let Some(folder) = open_folder(&path()).map_err(io)? {
        return Err(ReadError::Replaceable { path: path(), folder });
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLong { path: path() });
    }
    String::from_utf8(bytes).map_err(|_| ReadError::NotText { path: path() })
}

fn trusted(owner: u32) -> bool {
    owner == 0 || owner == rustix::process::geteuid().as_raw()
}

/// The nearest folder above a file that others may write to, and in which nothing keeps them from what is not theirs:
/// of the file itself, and of the link by which it was named.
fn open_folder(path: &Path) -> std::io::Result<Option<PathBuf>> {
    const STICKY: u32 = 0o1000;
    let named = std::path::absolute(path)?;
    let is = std::fs::canonicalize(path)?;
    for folder in is.ancestors().skip(1).chain(named.ancestors().skip(1)) {
        let meta = std::fs::metadata(folder)?;
        if meta.mode() & 0o002 != 0 && meta.mode() & STICKY == 0 {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

/// Loads the estate: what the file says, or, when it cannot be used, the last text of it that could.
///
/// # Errors
/// The file cannot be used, and none of its earlier texts is kept.
pub fn load(path: &Path, paths: &Paths) -> Result<Loaded, LoadError> {
    let mut loaded = load_text(path, paths)?;
    beats::give_files(&mut loaded.estate, paths);
    loaded.estate.keep_restore_tests_in(&paths.restore_tests().to_string_lossy());
    Ok(loaded)
}

fn load_text(path: &Path, paths: &Paths) -> Result<Loaded, LoadError> {
    let parsed = match read(path) {
        Ok(text) => parse(&text),
        Err(why) => {
            let Some(estate) = last_loaded(None, path, paths) else { return Err(why.into()) };
            let banner = format!("{why}. This is the estate as it last loaded.");
            return Ok(Loaded { estate, path: path.to_owned(), banner: Some(banner), diagnostics: Vec::new() });
        }
    };
    if parsed.ok() {
        // The copy is a convenience for a bad day; a full disk today must not stop the console.
        if let Err(why) = keep(&parsed.estate, path, paths) {
            tracing::warn!(%why, "the estate's text is not kept");
        }
        let Parsed { estate, diagnostics } = parsed;
        return Ok(Loaded { estate, path: path.to_owned(), banner: None, diagnostics });
    }
    match last_loaded(Some(&parsed.estate.name), path, paths) {
        Some(estate) => Ok(Loaded {
            estate,
            path: path.to_owned(),
            banner: Some(banner(path, &parsed)),
            diagnostics: parsed.diagnostics,
        }),
        None => Err(LoadError::Wrong { path: path.to_owned(), parsed: Box::new(parsed) }),
    }
}

/// Names the first error with its place; the others are counted.
fn banner(path: &Path, parsed: &Parsed) -> String {
    let errors = parsed.errors().count();
    let first = parsed.errors().next().map_or_else(String::new, |error| {
        let (line, column) = domain::diagnostic::line_column(&parsed.estate.source, error.span.start);
        format!("{}:{line}:{column}: {}", path.display(), error.message)
    });
    let more = match errors {
        0 | 1 => String::new(),
        2 => " (and 1 more error)".to_owned(),
        many => format!(" (and {} more errors)", many - 1),
    };
    format!("{first}{more}. This is the estate as it last loaded.")
}

fn keep(estate: &Estate, path: &Path, paths: &Paths) -> std::io::Result<()> {
    let folder = paths.estate(&estate.name);
    private_dir(&folder)?;
    let place = std::fs::canonicalize(path)?;
    for (name, bytes) in [(KEPT_TEXT, estate.source.as_bytes()), (KEPT_PATH, place.as_os_str().as_encoded_bytes())] {
        let kept = folder.join(name);
        if std::fs::read(&kept).is_ok_and(|old| old == bytes) {
            continue;
        }
        let new = folder.join(format!(".{name}.{}", std::process::id()));
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(bytes)?;
        file.sync_data()?;
        std::fs::rename(&new, &kept)?;
    }
    Ok(())
}

/// The text kept for this path, else under this name of an estate.
fn last_loaded(name: Option<&str>, path: &Path, paths: &Paths) -> Option<Estate> {
    let usable = |folder: &Path| {
        let parsed = parse(&read(&folder.join(KEPT_TEXT)).ok()?);
        parsed.ok().then_some(parsed.estate)
    };
    let place = absolute(path);
    let of_path = |folder: &PathBuf| {
        std::fs::read(folder.join(KEPT_PATH)).is_ok_and(|kept| kept == place.as_os_str().as_encoded_bytes())
    };
    let folders = std::fs::read_dir(paths.state.join("estates")).ok()?;
    let mut folders: Vec<PathBuf> = folders.flatten().map(|entry| entry.path()).filter(of_path).collect();
    // A file that changed its estate's name has two: the one of that name first, else the newest text.
    folders.sort_by_key(|folder| {
        let named = name.is_some_and(|name| paths.estate(name) == *folder);
        let kept = std::fs::metadata(folder.join(KEPT_TEXT)).and_then(|meta| meta.modified()).ok();
        (named, kept)
    });
    folders.iter().rev().find_map(|folder| usable(folder))
}

/// The path as `keep` wrote it; for one that is gone, its folder's.
fn absolute(path: &Path) -> PathBuf {
    let through_parent = |error: &std::io::Error| {
        let name = path.file_name().filter(|_| error.kind() == ErrorKind::NotFound)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(std::fs::canonicalize(folder).ok()?.join(name))
    };
    std::fs::canonicalize(path).unwrap_or_else(|error| through_parent(&error).unwrap_or_else(|| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    struct Home {
        folder: tempfile::TempDir,
        paths: Paths,
    }

    fn home() -> Home {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths { state: folder.path().join("state"), config: folder.path().join("config") };
        Home { folder, paths }
    }

    impl Home {
        fn write(&self, text: &str, mode: u32) -> PathBuf {
            let path = self.folder.path().join(FILE_NAME);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            path
        }
    }

    const GOOD: &str = "name = \"x\"\n[regions.a]\nrole = \"primary\"\n";

    #[test]
    fn a_broken_file_starts_from_the_last_text_that_loaded() {
        let home = home();
        let path = home.write(GOOD, 0o600);
        assert!(load(&path, &home.paths).unwrap().banner.is_none());

        home.write("name = \"x\"\n[regions.a]\nrole = \"primry\"\nzone = 1\n", 0o600);
        let loaded = load(&path, &home.paths).unwrap();
        let banner = loaded.banner.unwrap();
        assert!(banner.contains("switchback.toml:3:8: `primry`") && banner.contains("1 more error"), "{banner}");
        assert_eq!(loaded.estate.source, GOOD);

        std::fs::remove_file(&path).unwrap();
        let loaded = load(&path, &home.paths).unwrap();
        assert_eq!((loaded.estate.source.as_str(), loaded.banner.is_some()), (GOOD, true));
    }

    #[test]
    fn a_file_that_never_loaded_is_an_error() {
        let home = home();
        let path = home.write("name = 1", 0o600);
        assert!(matches!(load(&path, &home.paths), Err(LoadError::Wrong { .. })));
        let missing = home.folder.path().join("missing.toml");
        assert!(matches!(load(&missing, &home.paths), Err(LoadError::Read(ReadError::Missing { .. }))));
    }

    #[test]
    fn a_file_that_others_may_write_is_refused() {
        let home = home();
        for mode in [0o620, 0o602, 0o666] {
            let path = home.write(GOOD, mode);
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains("chmod go-w"), "{error}");
        }
        assert!(read(&home.write(GOOD, 0o644)).is_ok());
    }

    #[test]
    fn a_file_that_others_may_replace_is_refused() {
        let home = home();
        let path = home.write(GOOD, 0o600);
        let inner = home.folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        let link = inner.join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let open_to = |folder: &Path, mode| {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        for (mode, kept_out) in [(0o755, true), (0o777, false), (0o1777, true)] {
            open_to(home.folder.path(), mode);
            assert_eq!(read(&path).is_ok(), kept_out, "{mode:o}");
        }
        open_to(home.folder.path(), 0o700);
        assert!(read(&link).is_ok());
        open_to(&inner, 0o777);
        let error = read(&link).unwrap_err().to_string();
        assert!(error.contains("inner, where others may put a file"), "{error}");
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let me = rustix::process::geteuid().as_raw();
        assert!(trusted(me) && trusted(0) && !trusted(me + 1));
    }

    #[test]
    fn what_is_no_text_file_is_refused() {
        let home = home();
        let path = home.write(&"#".repeat(1024 * 1024 + 1), 0o600);
        assert!(matches!(read(&path), Err(ReadError::TooLong { .. })));
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(matches!(read(&path), Err(ReadError::NotText { .. })));
        assert!(matches!(read(home.folder.path()), Err(ReadError::NotAFile { .. })));
    }

    #[test]
    fn what_is_kept_is_private() {
        let home = home();
        load(&home.write(GOOD, 0o644), &home.paths).unwrap();
        let folder = home.paths.estate("x");
        assert_eq!(std::fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
        assert_eq!(std::fs::metadata(folder.join(KEPT_TEXT)).unwrap().mode() & 0o777, 0o600);
    }
}
