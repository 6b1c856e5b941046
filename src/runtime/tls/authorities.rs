//! Whose signature under a certificate is believed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, RootCertStore};

use super::Verifier;

/// Authorities, and certificates that need no signature by another because they were named themselves.
#[derive(Clone, Debug)]
pub struct Authorities {
    roots: Arc<RootCertStore>,
    pinned: Vec<CertificateDer<'static>>,
}

impl Authorities {
    /// Those that the operating system trusts.
    #[must_use]
    pub fn system() -> Self {
        Self { roots: super::native_roots(), pinned: Vec::new() }
    }

    /// Those of a PEM file, which are at the same time pinned.
    ///
    /// # Errors
    /// The file cannot be read, is not PEM, or holds no certificate: a sentence with its path.
    pub fn of_file(path: &Path) -> Result<Self, String> {
        let pinned = certificates(path)?;
        if pinned.is_empty() {
            return Err(format!("{}: there is no certificate in it", path.display()));
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(pinned.iter().cloned());
        Ok(Self { roots: Arc::new(roots), pinned })
    }

    /// Whether one of them stands for `end_entity` at `now`.
    ///
    /// # Errors
    /// Why none does: nobody known signed it, or something in the chain does not hold.
    pub fn vouch(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        if self.pinned.iter().any(|pinned| pinned.as_ref() == end_entity.as_ref()) {
            return Ok(());
        }
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let algorithms = super::provider().signature_verification_algorithms;
        verify_server_cert_signed_by_trust_anchor(&certificate, &self.roots, intermediates, now, algorithms.all)
    }
}

/// The certificates of a PEM file, in its order.
///
/// # Errors
/// The file cannot be read or is not PEM: a sentence with its path.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error: rustls::pki_types::pem::Error| format!("{}: {error}", path.display()))
}

/// One configuration for everybody who trusts the certificates of the same file as it stands.
///
/// # Errors
/// The file cannot be used: a sentence with its path.
pub fn config_trusting(path: &Path) -> Result<ClientConfig, String> {
    static MADE: Mutex<BTreeMap<PathBuf, (Option<SystemTime>, ClientConfig)>> = Mutex::new(BTreeMap::new());
    // Authorities are replaced while consoles run.
    let written = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, config)) = made.get(path).filter(|(of, _)| written.is_some() && *of == written) {
        return Ok(config.clone());
    }
    let verifier = Verifier::new(Authorities::of_file(path)?, true);
    let builder = super::builder(Arc::new(verifier)).map_err(|error| error.to_string())?;
    let config = builder.with_no_client_auth();
    made.insert(path.to_owned(), (written, config.clone()));
    Ok(config)
}
