//! A person's public key, as OpenSSH writes it, and whether a signature was made with it.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::wire::Wire;

/// What can be verified.
const KINDS: [&str; 6] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];
/// Of RSA, in bits: shorter ones are not safe, longer ones are not read.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The flag of a security key's signature that says somebody touched it.
const TOUCHED: u8 = 1;

/// A key without its comment: `ssh-ed25519 AAAA…`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey {
    blob: Vec<u8>,
}

/// Why a text is not a key that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("this is a private key")]
    Private,
    #[error("this is a certificate, and only plain keys are read")]
    Certificate,
    #[error("this is no public key of OpenSSH")]
    NotAKey,
    #[error("keys of the kind `{0}` cannot be verified here")]
    Kind(String),
    #[error("the text of the key is damaged: it was cut, or a character of it is wrong")]
    Damaged,
    #[error("it says it is `{said}`, and it is `{is}`")]
    OtherKind { said: String, is: String },
    #[error("it has {0} bits: an RSA key needs 2048 to 8192")]
    Bits(usize),
}

impl KeyError {
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Private => {
                "remove it, and take it out of use: others may have read it; write the line of its .pub file".to_owned()
            }
            Self::Certificate => "write the plain key: the line of the .pub file without -cert".to_owned(),
            Self::NotAKey => "write the line of a .pub file, such as \"ssh-ed25519 AAAA… mara\"".to_owned(),
            Self::Kind(_) => format!("use one of {}", KINDS.join(", ")),
            Self::Damaged | Self::OtherKind { .. } => "copy the whole line of the .pub file again".to_owned(),
            Self::Bits(_) => "make another: ssh-keygen -t ed25519".to_owned(),
        }
    }
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    #[error("the signature does not match")]
    Mismatch,
    #[error("the signature is malformed")]
    Malformed,
    #[error("signatures of the kind `{0}` cannot be verified here")]
    Algorithm(String),
    #[error("the security key was not touched")]
    NotTouched,
}

impl PublicKey {
    /// Reads one line of a `.pub` file. Its comment is not kept.
    ///
    /// # Errors
    /// When it is no such line, or of a kind that cannot be verified.
    pub fn parse(line: &str) -> Result<Self, KeyError> {
        if line.contains("PRIVATE KEY") {
            return Err(KeyError::Private);
        }
        let mut words = line.split_ascii_whitespace();
        let (Some(said), Some(text)) = (words.next(), words.next()) else { return Err(KeyError::NotAKey) };
        if said.contains("-cert-v") {
            return Err(KeyError::Certificate);
        }
        if !KINDS.contains(&said) {
            let looks = ["ssh-", "ecdsa-", "sk-"].iter().any(|begin| said.starts_with(begin));
            let kind: String = said.chars().filter(char::is_ascii_graphic).take(64).collect();
            return Err(if looks { KeyError::Kind(kind) } else { KeyError::NotAKey });
        }
        let key = Self { blob: BASE64_STANDARD.decode(text).map_err(|_| KeyError::Damaged)? };
        match key.kind() {
            Some(is) if is == said => {}
            Some(is) => return Err(KeyError::OtherKind { said: said.to_owned(), is: is.to_owned() }),
            None => return Err(KeyError::Damaged),
        }
        match key.parts() {
            Some(Parts::Rsa { modulus, .. }) if !RSA_BITS.contains(&bits(modulus)) => {
                Err(KeyError::Bits(bits(modulus)))
            }
            Some(_) => Ok(key),
            None => Err(KeyError::Damaged),
        }
    }

    /// The key inside a signature; whether it can be used is seen when it is.
    pub(super) fn of_blob(blob: &[u8]) -> Option<Self> {
        let key = Self { blob: blob.to_vec() };
        key.kind().is_some().then_some(key)
    }

    fn kind(&self) -> Option<&str> {
        Wire(&self.blob).text().filter(|kind| kind.bytes().all(|byte| byte.is_ascii_graphic()))
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(Sha256::digest(&self.blob)))
    }

    /// `None` of a kind that is not known here, or that is damaged.
    fn parts(&self) -> Option<Parts<'_>> {
        let mut wire = Wire(&self.blob);
        let parts = match wire.text()? {
            "ssh-ed25519" => Parts::Ed25519 { point: wire.string()?, application: None },
            "sk-ssh-ed25519@openssh.com" => Parts::Ed25519 { point: wire.string()?, application: Some(wire.string()?) },
            "ecdsa-sha2-nistp256" => Parts::Ecdsa { curve: curve(&mut wire, "nistp256")?, application: None },
            "ecdsa-sha2-nistp384" => Parts::Ecdsa { curve: curve(&mut wire, "nistp384")?, application: None },
            "sk-ecdsa-sha2-nistp256@openssh.com" => {
                Parts::Ecdsa { curve: curve(&mut wire, "nistp256")?, application: Some(wire.string()?) }
            }
            "ssh-rsa" => Parts::Rsa { exponent: wire.positive()?, modulus: wire.positive()? },
            _ => return None,
        };
        wire.end()?;
        match &parts {
            Parts::Ed25519 { point, .. } if point.len() != 32 => None,
            Parts::Ecdsa { curve, .. } if curve.point.len() != 1 + 2 * curve.size => None,
            _ => Some(parts),
        }
    }

    /// Whether `signature`, in the form of RFC 4253 and its successors, is of this key over `message`.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Unverified> {
        let mut wire = Wire(signature);
        let (Some(algorithm), Some(bytes)) = (wire.text(), wire.string()) else { return Err(Unverified::Malformed) };
        let kind = self.kind().unwrap_or_default();
        let expected = if kind == "ssh-rsa" { algorithm.starts_with("rsa-sha2-") } else { algorithm == kind };
        let parts = self.parts().filter(|_| expected);
        let parts = parts.ok_or_else(|| Unverified::Algorithm(algorithm.escape_debug().take(64).collect()))?;
        let message = parts.message(message, &mut wire)?;
        wire.end().ok_or(Unverified::Malformed)?;
        let held = match parts {
            Parts::Ed25519 { point, .. } => UnparsedPublicKey::new(&ED25519, point).verify(&message, bytes),
            Parts::Ecdsa { curve, .. } => {
                let fixed = curve.fixed(bytes).ok_or(Unverified::Malformed)?;
                UnparsedPublicKey::new(curve.algorithm, curve.point).verify(&message, &fixed)
            }
            Parts::Rsa { exponent, modulus } => {
                let algorithm = match algorithm {
                    "rsa-sha2-256" => &RSA_PKCS1_2048_8192_SHA256,
                    "rsa-sha2-512" => &RSA_PKCS1_2048_8192_SHA512,
                    other => return Err(Unverified::Algorithm(other.escape_debug().take(64).collect())),
                };
                let padded = padded(bytes, modulus.len()).ok_or(Unverified::Malformed)?;
                RsaPublicKeyComponents { n: modulus, e: exponent }.verify(algorithm, &message, &padded)
            }
        };
        held.map_err(|_| Unverified::Mismatch)
    }
}

enum Parts<'a> {
    /// With an application: of a security key.
    Ed25519 {
        point: &'a [u8],
        application: Option<&'a [u8]>,
    },
    Ecdsa {
        curve: Curve<'a>,
        application: Option<&'a [u8]>,
    },
    Rsa {
        exponent: &'a [u8],
        modulus: &'a [u8],
    },
}

struct Curve<'a> {
    point: &'a [u8],
    /// Of a coordinate, in bytes.
    size: usize,
    algorithm: &'static dyn VerificationAlgorithm,
}

fn curve<'a>(wire: &mut Wire<'a>, name: &str) -> Option<Curve<'a>> {
    if wire.text()? != name {
        return None;
    }
    let point = wire.string()?;
    Some(match name {
        "nistp256" => Curve { point, size: 32, algorithm: &ECDSA_P256_SHA256_FIXED },
        _ => Curve { point, size: 48, algorithm: &ECDSA_P384_SHA384_FIXED },
    })
}

impl Curve<'_> {
    /// Two numbers of SSH as the two of fixed width that the algorithm takes.
    fn fixed(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut wire = Wire(bytes);
        let (r, s) = (wire.positive()?, wire.positive()?);
        wire.end()?;
        Some([padded(r, self.size)?, padded(s, self.size)?].concat())
    }
}

impl Parts<'_> {
    /// What was signed: of a security key (`PROTOCOL.u2f` of OpenSSH) not the message itself.
    fn message(&self, message: &[u8], rest: &mut Wire<'_>) -> Result<Vec<u8>, Unverified> {
        let (Self::Ed25519 { application: Some(application), .. } | Self::Ecdsa { application: Some(application), .. }) =
            self
        else {
            return Ok(message.to_vec());
        };
        let (Some(flags), Some(counter)) = (rest.byte(), rest.number()) else { return Err(Unverified::Malformed) };
        if flags & TOUCHED == 0 {
            return Err(Unverified::NotTouched);
        }
        let mut signed = Sha256::digest(application).to_vec();
        signed.push(flags);
        signed.extend_from_slice(&counter.to_be_bytes());
        signed.extend_from_slice(&Sha256::digest(message));
        Ok(signed)
    }
}

fn padded(number: &[u8], width: usize) -> Option<Vec<u8>> {
    let zeros = width.checked_sub(number.len())?;
    Some([vec![0; zeros].as_slice(), number].concat())
}

fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind().unwrap_or("?"), BASE64_STANDARD.encode(&self.blob))
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind().unwrap_or("?"), self.fingerprint())
    }
}

impl Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let blob = text.split_once(' ').and_then(|(_, text)| BASE64_STANDARD.decode(text).ok());
        let key = blob.and_then(|blob| Self::of_blob(&blob)).filter(|key| key.to_string() == text);
        key.ok_or_else(|| serde::de::Error::custom("expected a public key of OpenSSH"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtaKBG0qGSBgwGbH1fYg9xCrQEnKDYaGrxn7fs52IyC mara";

    #[test]
    fn a_key_survives_its_text_without_its_comment() {
        let key = PublicKey::parse(LINE).unwrap();
        assert_eq!(key.to_string(), LINE.trim_end_matches(" mara"));
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<PublicKey>(&json).unwrap(), key);
    }

    #[test]
    fn what_is_no_key_says_what_it_is() {
        let certificate = LINE.replace("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com");
        let cut = &LINE[..60];
        let other = LINE.replace("ssh-ed25519", "ssh-rsa");
        let p521 = "ecdsa-sha2-nistp521 AAAA";
        for (text, expected) in [
            ("-----BEGIN OPENSSH PRIVATE KEY-----", KeyError::Private),
            (&certificate, KeyError::Certificate),
            ("mara", KeyError::NotAKey),
            ("mara ssh-ed25519 AAAA", KeyError::NotAKey),
            (p521, KeyError::Kind("ecdsa-sha2-nistp521".to_owned())),
            (cut, KeyError::Damaged),
            (&other, KeyError::OtherKind { said: "ssh-rsa".to_owned(), is: "ssh-ed25519".to_owned() }),
        ] {
            assert_eq!(PublicKey::parse(text).unwrap_err(), expected, "{text}");
        }
    }
}
