//! `sslmode` over rustls: what is believed about a server's certificate, and the certificate of our own.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};

use super::dsn::{Dsn, Roots, SslMode};
use super::error::Error;
use crate::runtime::tls::{self, Authorities};

/// The TLS configuration that `dsn` asks for.
pub(super) fn config(dsn: &Dsn) -> Result<ClientConfig, Error> {
    let verifier: Arc<dyn ServerCertVerifier> = match dsn.ssl_mode {
        SslMode::VerifyCa => Arc::new(Chain::new(dsn, false)?),
        SslMode::VerifyFull => Arc::new(Chain::new(dsn, true)?),
        SslMode::Disable | SslMode::Allow | SslMode::Prefer | SslMode::Require => Arc::new(tls::Unverified::new()),
    };
    let builder = tls::builder(verifier).map_err(|error| Error::Tls { why: error.to_string() })?;
    let Some((certificate, key)) = &dsn.client_certificate else { return Ok(builder.with_no_client_auth()) };
    let chain = tls::certificates(certificate).map_err(|why| Error::Files { why })?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| Error::Tls { why: error.to_string() })
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::Files { why: format!("{}: {error}", path.display()) }
}

/// Signed by a known authority; for `verify-full` also made for this host.
#[derive(Debug)]
struct Chain {
    authorities: Authorities,
    check_name: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Chain {
    fn new(dsn: &Dsn, check_name: bool) -> Result<Self, Error> {
        let authorities = match &dsn.roots {
            Some(Roots::System) => Authorities::system(),
            Some(Roots::File(path)) => Authorities::of_file(path).map_err(|why| Error::Files { why })?,
            None => {
                return Err(Error::Files {
                    why: "there is no ~/.postgresql/root.crt to verify with: name one with sslrootcert, or \
                          sslrootcert=system"
                        .into(),
                });
            }
        };
        let algorithms = tls::provider().signature_verification_algorithms;
        Ok(Self { authorities, check_name, algorithms })
    }
}

impl ServerCertVerifier for Chain {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.authorities.vouch(end_entity, intermediates, now)?;
        if self.check_name {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        }
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
