//! The estate and the runbooks that `lab up` writes.

use super::LabError;
use super::cluster::{ADMIN, APP};
use super::plan::{Lab, Side};

const ESTATE: &str = include_str!("switchback.toml");
const FAILOVER: &str = include_str!("regional-failover.md");

impl Lab {
    pub(super) fn write_files(&self) -> Result<(), LabError> {
        let runbooks = self.dir.join("runbooks");
        crate::runtime::paths::private_dir(&runbooks).map_err(LabError::io(&runbooks))?;
        for (path, text) in [
            (self.dir.join("switchback.toml"), self.filled(ESTATE)),
            (runbooks.join("regional-failover.md"), self.filled(FAILOVER)),
        ] {
            std::fs::write(&path, text).map_err(LabError::io(&path))?;
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, private).map_err(LabError::io(&path))?;
        }
        Ok(())
    }

    /// The places in both templates that only this lab knows.
    fn filled(&self, template: &str) -> String {
        let mut text = template.to_owned();
        let places = [
            ("@EDGE@", self.edge.to_string()),
            ("@APP_EAST@", self.apps.east.to_string()),
            ("@APP_WEST@", self.apps.west.to_string()),
            ("@DSN_EAST@", self.dsn(Side::East, ADMIN)),
            ("@DSN_WEST@", self.dsn(Side::West, ADMIN)),
            ("@APP_DSN_EAST@", self.dsn(Side::East, APP)),
            ("@APP_DSN_WEST@", self.dsn(Side::West, APP)),
            ("@BINDIR@", self.bindir.display().to_string()),
            ("@DATA_EAST@", self.data(Side::East).display().to_string()),
            ("@DATA_WEST@", self.data(Side::West).display().to_string()),
            ("@ACCOUNT@", self.account.as_ref().map_or_else(String::new, |account| account.name.clone())),
        ];
        for (place, value) in places {
            text = text.replace(place, &value);
        }
        text
    }
}

/// The estate of a lab, for tests of what has to fit it.
#[cfg(test)]
pub(crate) fn example_estate() -> domain::estate::Estate {
    domain::estate::parse(&tests::lab().filled(ESTATE)).estate
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn lab() -> Lab {
        Lab {
            dir: "/tmp/lab".into(),
            databases: super::super::plan::Sides { east: 5501, west: 5502 },
            apps: super::super::plan::Sides { east: 8001, west: 8002 },
            edge: 8000,
            bindir: "/usr/lib/postgresql/15/bin".into(),
            account: None,
        }
    }

    #[test]
    fn the_estate_and_the_runbook_of_a_lab_are_right() {
        let parsed = domain::estate::parse(&lab().filled(ESTATE));
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let runbook = domain::runbook::parse(std::sync::Arc::from(lab().filled(FAILOVER)), Some(&parsed.estate));
        assert!(runbook.diagnostics.is_empty(), "{:?}", runbook.diagnostics);
        assert!(runbook.steps().all(|step| step.manual_because.is_none()));
    }
}
