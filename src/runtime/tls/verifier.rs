//! What is believed of the certificate that a server shows.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{DigitallySignedStruct, SignatureScheme};

use super::Authorities;

/// See the module. That the server holds the key of its certificate is checked in any case.
#[derive(Debug)]
pub struct Verifier {
    believes: Believes,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Debug)]
enum Believes {
    /// Any certificate: for `tls_verify = false` and `sslmode=require`.
    Anything,
    /// What the authorities vouch for; where names are checked, only for the name that was meant.
    Vouched { by: Authorities, check_name: bool },
}

impl Verifier {
    #[must_use]
    pub fn new(by: Authorities, check_name: bool) -> Self {
        Self::that(Believes::Vouched { by, check_name })
    }

    #[must_use]
    pub fn of_anything() -> Self {
        Self::that(Believes::Anything)
    }

    fn that(believes: Believes) -> Self {
        Self { believes, algorithms: super::provider().signature_verification_algorithms }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Believes::Vouched { by, check_name } = &self.believes {
            by.vouch(end_entity, intermediates, now)?;
            if *check_name {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
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
