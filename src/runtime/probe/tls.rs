//! The certificate a server presents. Any is taken in the handshake, and judged afterwards: so that what is wrong with
//! it can be told.

use std::path::Path;
use std::sync::Arc;

use domain::estate::TlsCheck;
use domain::reading::Outcome;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Look, Looking, Seen, starttls};
use crate::runtime::tls::{self, Authorities};
use crate::runtime::{clock, http};

#[derive(Debug)]
pub(super) struct TlsProbe {
    check: TlsCheck,
    name: ServerName<'static>,
}

impl TlsProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(check: &TlsCheck) -> Result<Self, String> {
        let name = check.server_name.as_ref().unwrap_or(&check.host).clone();
        let name = ServerName::try_from(name.clone()).map_err(|_| format!("`{name}` is no name that a server has"))?;
        Ok(Self { check: check.clone(), name })
    }

    async fn look(&self) -> Seen {
        // Read each time: authorities are replaced while consoles run.
        let authorities = match &self.check.ca {
            None => Ok(Authorities::system()),
            Some(path) => Authorities::of_file(Path::new(path)),
        };
        let authorities = match authorities {
            Ok(authorities) => authorities,
            Err(why) => return Seen::unknown(why),
        };
        match self.chain().await {
            Ok(chain) => Seen::new(self.judge(&chain, &authorities)),
            Err(why) => Seen::bad(why),
        }
    }

    /// The certificates it presents, its own first.
    async fn chain(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let address = (self.check.host.as_str(), self.check.port);
        let mut stream = TcpStream::connect(address).await.map_err(|error| format!("cannot connect: {error}"))?;
        if let Some(how) = self.check.starttls {
            starttls::ask(&mut stream, how).await?;
        }
        let config = tls::unverified_config().map_err(|error| error.to_string())?;
        let connected = TlsConnector::from(Arc::new(config)).connect(self.name.clone(), stream).await;
        let stream = connected.map_err(|error| format!("the handshake fails: {}", http::with_causes(&error)))?;
        let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
        Ok(chain.iter().map(|certificate| certificate.clone().into_owned()).collect())
    }

    fn judge(&self, chain: &[CertificateDer<'_>], authorities: &Authorities) -> Outcome {
        let Some((own, intermediates)) = chain.split_first() else {
            return Outcome::Unknown { why: "it presented no certificate".to_owned() };
        };
        let now = clock::now().wall;
        let validity = match tls::validity(own) {
            Ok(validity) => validity.judge(self.check.days, now),
            Err(why) => return Outcome::Unknown { why },
        };
        // Its time first: of an expired certificate the chain has nothing else to say.
        let (Outcome::Good { payload } | Outcome::Soft { payload, .. }) = &validity else { return validity };
        let payload = payload.clone();
        let named = ParsedCertificate::try_from(own).and_then(|own| verify_server_name(&own, &self.name));
        let at =
            UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0)));
        match (authorities.vouch(own, intermediates, at), named) {
            (Ok(()), Ok(())) => validity,
            (Err(error), _) => Outcome::Bad { why: untrusted(&error), payload },
            (Ok(()), Err(error)) => Outcome::Bad { why: misnamed(&self.name, &error), payload },
        }
    }
}

fn untrusted(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate is signed by nobody who is trusted here: name its authority with `ca`".to_owned()
        }
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            "its certificate is not signed by the authority it names: was that one renewed?".to_owned()
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "a certificate between its own and the authority has expired".to_owned()
        }
        other => format!("its certificate is not trusted: {}", domain::untrusted::sanitise_line(&other.to_string())),
    }
}

fn misnamed(name: &ServerName<'_>, error: &Error) -> String {
    let name = name.to_str();
    match error {
        Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) => {
            let made_for = match &presented[..] {
                [] => "no name at all".to_owned(),
                names => super::process::shorten(&domain::untrusted::sanitise_line(&names.join(", ")), 120),
            };
            format!("its certificate is not made for {name} but for {made_for}")
        }
        _ => format!("its certificate is not made for {name}"),
    }
}

impl Look for TlsProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.look())
    }
    fn host(&self) -> &str {
        &self.check.host
    }
}
