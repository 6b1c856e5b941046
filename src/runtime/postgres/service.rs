//! The connection service file: a section per service, `keyword=value` lines.

use std::path::PathBuf;

use super::conninfo::{Settings, accept};
use super::dsn::DsnError;
use super::environment::Environment;
use crate::runtime::regular_file;

/// Settings of service `name`, from the first file that has it.
///
/// Order: `servicefile`, `PGSERVICEFILE` or `~/.pg_service.conf`, then `pg_service.conf` in `PGSYSCONFDIR` or the
/// system's folders.
pub(super) fn look_up(name: &str, file: Option<&str>, environment: &Environment) -> Result<Settings, DsnError> {
    let files = candidates(file, environment);
    for path in &files {
        let Ok(Some(text)) = regular_file::text(path, |_| true) else { continue };
        if let Some(settings) = section(&text, name)? {
            return Ok(settings);
        }
    }
    Err(DsnError::Service { name: name.to_owned(), files })
}

fn candidates(file: Option<&str>, environment: &Environment) -> Vec<PathBuf> {
    let own = file
        .or_else(|| environment.variable("PGSERVICEFILE"))
        .map(|path| environment.expand(path))
        .or_else(|| environment.under_home(".pg_service.conf"));
    let system = match environment.variable("PGSYSCONFDIR") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => vec![PathBuf::from("/etc/postgresql-common"), PathBuf::from("/etc/sysconfig/pgsql")],
    };
    own.into_iter().chain(system.into_iter().map(|folder| folder.join("pg_service.conf"))).collect()
}

fn section(text: &str, name: &str) -> Result<Option<Settings>, DsnError> {
    let mut inside = false;
    let mut found = None;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(title) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            inside = title.trim_end_matches(']') == name;
            if inside {
                found = Some(Settings::new());
            }
        } else if inside {
            let wrong = || DsnError::Syntax(format!("line {} of the service file is not keyword=value", at + 1));
            let (keyword, value) = line.split_once('=').ok_or_else(wrong)?;
            match keyword.trim() {
                nested @ ("service" | "servicefile") => {
                    return Err(DsnError::Syntax(format!("`{nested}` cannot stand inside a service")));
                }
                keyword => accept(found.get_or_insert_default(), keyword, value.trim().to_owned())?,
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_section_is_read() {
        let text = "# ours\n[west]\nhost=w\n\n[east]\nhost = e\nport=5433\n[other]\nnonsense\n";
        let settings = section(text, "east").unwrap().unwrap();
        assert_eq!(settings.get("host").map(String::as_str), Some("e"));
        assert_eq!(settings.get("port").map(String::as_str), Some("5433"));
        assert_eq!(section(text, "north").unwrap(), None);
    }

    #[test]
    fn the_users_file_comes_before_the_systems() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pg_service.conf"), "[a]\nhost=system\n[b]\nhost=system-b\n").unwrap();
        std::fs::write(folder.path().join(".pg_service.conf"), "[a]\nhost=mine\n").unwrap();
        let environment = Environment {
            variables: [("PGSYSCONFDIR".to_owned(), folder.path().display().to_string())].into(),
            home: Some(folder.path().to_path_buf()),
            account: None,
        };
        let host = |name| look_up(name, None, &environment).unwrap().remove("host");
        assert_eq!(host("a").as_deref(), Some("mine"));
        assert_eq!(host("b").as_deref(), Some("system-b"));
        let missing = look_up("c", None, &environment).unwrap_err().to_string();
        assert!(missing.contains(".pg_service.conf"), "{missing}");
    }
}
