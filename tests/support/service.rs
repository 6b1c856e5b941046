//! A service in one region, and its switch.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::estate::Estate;
use super::http::{Answer, HttpServer};

/// See the module.
pub(crate) struct Service {
    server: HttpServer,
    failing: Arc<AtomicBool>,
}

impl Service {
    pub(crate) fn up() -> Self {
        let failing = Arc::new(AtomicBool::new(false));
        let switch = Arc::clone(&failing);
        let server = HttpServer::new(move |_| match switch.load(Ordering::SeqCst) {
            true => Answer::text("500 Internal Server Error", ""),
            false => Answer::text("200 OK", ""),
        });
        Self { server, failing }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url("/")
    }

    pub(crate) fn fails(&self, fails: bool) {
        self.failing.store(fails, Ordering::SeqCst);
    }

    /// Its estate, with a check twice a second.
    pub(crate) fn estate(&self, dir: &Path) -> Estate {
        self.estate_with(dir, "")
    }

    /// The same, and `rest`.
    pub(crate) fn estate_with(&self, dir: &Path, rest: &str) -> Estate {
        let text = format!(
            "name = \"orders\"\n[regions.us-east-1]\nrole = \"primary\"\n[services.api]\n\
             health = {{ us-east-1 = \"{}\" }}\n[health]\ninterval = \"500ms\"\ntimeout = \"500ms\"\n{rest}",
            self.server.url("/")
        );
        let file = dir.join("switchback.toml");
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        Estate { file, state: dir.join("state") }
    }
}
