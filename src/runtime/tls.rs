//! One TLS configuration, made when it is first needed and shared: one of its own for each client costs a tenth of a
//! megabyte and a millisecond.

mod authorities;
mod certificate;
mod verifier;

use std::sync::{Arc, OnceLock};

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};

pub use authorities::{Authorities, certificates, config_trusting};
pub use certificate::validity;
pub use verifier::Verifier;

/// The one source of cryptography, installed as the default of the process at first use.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| {
        // Somebody may have installed one before; either is the same ring.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Arc::new(rustls::crypto::ring::default_provider())
    }))
}

/// The authorities the operating system trusts.
#[must_use]
pub fn native_roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    Arc::clone(ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a certificate of the system's store cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        Arc::new(roots)
    }))
}

/// A configuration that checks servers by `verifier`, before client certificates are added.
///
/// # Errors
/// The provider knows no protocol version that is safe: a broken build.
pub fn builder(
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>, rustls::Error> {
    Ok(ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier))
}

/// The shared configuration: the system's authorities, host names checked.
///
/// # Errors
/// The provider knows no protocol version that is safe: a broken build.
pub fn client_config() -> Result<ClientConfig, rustls::Error> {
    static CONFIG: OnceLock<Result<ClientConfig, rustls::Error>> = OnceLock::new();
    CONFIG
        .get_or_init(|| {
            Ok(ClientConfig::builder_with_provider(provider())
                .with_safe_default_protocol_versions()?
                .with_root_certificates(native_roots())
                .with_no_client_auth())
        })
        .clone()
}

/// The configuration that takes any certificate.
///
/// # Errors
/// The provider knows no protocol version that is safe: a broken build.
pub fn unverified_config() -> Result<ClientConfig, rustls::Error> {
    static CONFIG: OnceLock<Result<ClientConfig, rustls::Error>> = OnceLock::new();
    CONFIG.get_or_init(|| Ok(builder(Arc::new(Verifier::of_anything()))?.with_no_client_auth())).clone()
}
