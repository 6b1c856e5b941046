//! What a certificate says of itself.

use domain::reading::Validity;
use domain::time::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// When the certificate is valid.
///
/// # Errors
/// It is no X.509 certificate that can be read: a sentence.
pub fn validity(der: &[u8]) -> Result<Validity, String> {
    let certificate = Certificate::from_der(der).map_err(|error| format!("its certificate cannot be read: {error}"))?;
    let validity = certificate.tbs_certificate.validity;
    let at = |time: x509_cert::time::Time| {
        let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    };
    Ok(Validity { from: at(validity.not_before), until: at(validity.not_after) })
}
