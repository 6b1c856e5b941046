//! One TLS configuration for everything that speaks HTTP, made when it is first needed and shared: a client with a
//! configuration of its own costs a tenth of a megabyte and a millisecond.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

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

/// Takes any certificate: for `tls_verify = false` and `sslmode=require`.
#[derive(Debug)]
pub struct Unverified {
    algorithms: WebPkiSupportedAlgorithms,
}

impl Unverified {
    #[must_use]
    pub fn new() -> Self {
        Self { algorithms: provider().signature_verification_algorithms }
    }
}

impl Default for Unverified {
    fn default() -> Self {
        Self::new()
    }
}

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// What distinguishes one HTTP client from the shared one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    pub verify: bool,
    pub follow_redirects: bool,
    /// Connect to this address when the URL names this host.
    pub resolve: Option<(String, SocketAddr)>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self { verify: true, follow_redirects: true, resolve: None }
    }
}

/// Why there is no HTTP client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[from] reqwest::Error),
}

/// An HTTP client over the shared configuration. It keeps no connection between requests: keep-alive hides failure.
///
/// # Errors
/// TLS or the client cannot be set up: a broken build or system.
pub fn http_client(options: &HttpOptions) -> Result<reqwest::Client, ClientError> {
    let config = if options.verify { client_config()? } else { unverified_config()? };
    let redirects = if options.follow_redirects {
        reqwest::redirect::Policy::limited(10)
    } else {
        reqwest::redirect::Policy::none()
    };
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .pool_max_idle_per_host(0)
        .pool_idle_timeout(Duration::ZERO)
        .redirect(redirects)
        .user_agent(concat!("switchback/", env!("CARGO_PKG_VERSION")));
    if let Some((host, address)) = &options.resolve {
        // A proxy would connect to wherever it resolves the name itself.
        builder = builder.resolve(host, *address).no_proxy();
    }
    Ok(builder.build()?)
}

/// The client for everything without wishes of its own, made once.
///
/// # Errors
/// TLS or the client cannot be set up: a broken build or system.
pub fn shared_http_client() -> Result<reqwest::Client, ClientError> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    let client = http_client(&HttpOptions::default())?;
    Ok(CLIENT.get_or_init(|| client).clone())
}

fn unverified_config() -> Result<ClientConfig, rustls::Error> {
    static CONFIG: OnceLock<Result<ClientConfig, rustls::Error>> = OnceLock::new();
    CONFIG.get_or_init(|| Ok(builder(Arc::new(Unverified::new()))?.with_no_client_auth())).clone()
}
