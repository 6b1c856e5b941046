//! `sslmode` over rustls: what is believed about a server's certificate, and the certificate of our own.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use super::dsn::{Dsn, Roots, SslMode};
use super::error::Error;
use crate::runtime::tls::{self, Authorities, Verifier};

/// The TLS configuration that `dsn` asks for.
pub(super) fn config(dsn: &Dsn) -> Result<ClientConfig, Error> {
    let verifier = match dsn.ssl_mode {
        SslMode::VerifyCa => Verifier::new(authorities(dsn)?, false),
        SslMode::VerifyFull => Verifier::new(authorities(dsn)?, true),
        SslMode::Disable | SslMode::Allow | SslMode::Prefer | SslMode::Require => Verifier::of_anything(),
    };
    let builder = tls::builder(Arc::new(verifier)).map_err(|error| Error::Tls { why: error.to_string() })?;
    let Some((certificate, key)) = &dsn.client_certificate else { return Ok(builder.with_no_client_auth()) };
    let chain = tls::certificates(certificate).map_err(|why| Error::Files { why })?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| Error::Tls { why: error.to_string() })
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::Files { why: format!("{}: {error}", path.display()) }
}

/// Whoever is named to vouch for servers.
fn authorities(dsn: &Dsn) -> Result<Authorities, Error> {
    match &dsn.roots {
        Some(Roots::System) => Ok(Authorities::system()),
        Some(Roots::File(path)) => Authorities::of_file(path).map_err(|why| Error::Files { why }),
        None => Err(Error::Files {
            why: "there is no ~/.postgresql/root.crt to verify with: name one with sslrootcert, or \
                  sslrootcert=system"
                .into(),
        }),
    }
}
