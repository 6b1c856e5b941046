//! The password file, `host:port:database:user:password`, read by libpq's rules.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::runtime::regular_file;

/// What is asked of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// The answer, or why the file was not believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Password(String),
    Nothing,
    /// It is there, and others may read it: libpq ignores such a file, and so does this.
    OpenToOthers,
}

pub(super) fn look_up(path: &Path, wanted: Wanted<'_>) -> Found {
    let text = match regular_file::text(path, |metadata| metadata.permissions().mode() & 0o077 == 0) {
        Ok(Some(text)) => text,
        Ok(None) => return Found::OpenToOthers,
        Err(_) => return Found::Nothing,
    };
    text.lines().find_map(|line| password(line, wanted)).map_or(Found::Nothing, Found::Password)
}

fn password(line: &str, wanted: Wanted<'_>) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    let port = wanted.port.to_string();
    // A connection through the default socket folder is called `localhost` here.
    let host = if wanted.host.starts_with('/') { "localhost" } else { wanted.host };
    for value in [host, &port, wanted.database, wanted.user] {
        let (field, tail) = field(rest)?;
        let literal = rest.starts_with('/') && field == wanted.host;
        if !(rest.starts_with("*:") || field == value || literal) {
            return None;
        }
        rest = tail;
    }
    let (password, _) = field(rest).unwrap_or_else(|| (unescape(rest), ""));
    (!password.is_empty()).then_some(password)
}

/// Up to the next `:` that is not escaped.
fn field(text: &str) -> Option<(String, &str)> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ':' => return Some((unescape(&text[..at]), &text[at + 1..])),
            _ => {}
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            _ => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(text: &str, mode: u32, wanted: Wanted<'_>) -> Found {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        look_up(&path, wanted)
    }

    const EAST: Wanted<'static> = Wanted { host: "db.east", port: 5432, database: "orders", user: "mara" };

    #[test]
    fn the_first_line_that_matches_wins() {
        let text = "# comment\ndb.west:5432:orders:mara:no\n*:5432:*:mara:yes\ndb.east:5432:orders:mara:late\n";
        assert_eq!(in_file(text, 0o600, EAST), Found::Password("yes".into()));
    }

    #[test]
    fn escapes_keep_colons_and_backslashes() {
        let wanted = Wanted { host: "::1", ..EAST };
        assert_eq!(in_file(r"\:\:1:5432:orders:mara:a\:b\\c", 0o600, wanted), Found::Password(r"a:b\c".into()));
    }

    #[test]
    fn a_socket_folder_is_called_localhost() {
        let wanted = Wanted { host: "/run/postgresql", ..EAST };
        assert_eq!(in_file("localhost:*:*:*:pw", 0o600, wanted), Found::Password("pw".into()));
        assert_eq!(in_file("/run/postgresql:*:*:*:pw", 0o600, wanted), Found::Password("pw".into()));
    }

    #[test]
    fn a_file_that_others_may_read_is_not_believed() {
        assert_eq!(in_file("*:*:*:*:pw", 0o640, EAST), Found::OpenToOthers);
    }

    #[test]
    fn a_password_may_be_followed_by_a_comment_field_and_must_not_be_empty() {
        assert_eq!(in_file("*:*:*:*:pw:kept for raj", 0o600, EAST), Found::Password("pw".into()));
        assert_eq!(in_file("*:*:*:*:", 0o600, EAST), Found::Nothing);
    }
}
