//! A signature as `ssh-keygen -Y sign` makes it (`PROTOCOL.sshsig` of OpenSSH).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha512};

use super::public_key::{PublicKey, Unverified};
use super::wire::{Wire, put};

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// What a signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshSig {
    pub key: PublicKey,
    namespace: Vec<u8>,
    reserved: Vec<u8>,
    hash: HashKind,
    signature: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HashKind {
    Sha256,
    Sha512,
}

impl HashKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SshSigError {
    #[error("this is no signature of ssh-keygen")]
    NotASignature,
    #[error("the signature was made for another purpose")]
    OtherNamespace,
    #[error(transparent)]
    Unverified(#[from] Unverified),
}

impl SshSig {
    /// The inside of the armour that `ssh-keygen` prints, on one line.
    #[must_use]
    pub fn unarmoured(armour: &str) -> Option<String> {
        let inside = armour.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
        Some(inside.split_ascii_whitespace().collect())
    }

    /// Reads what [`Self::unarmoured`] gives.
    ///
    /// # Errors
    /// When it is no signature.
    pub fn parse(text: &str) -> Result<Self, SshSigError> {
        let blob = BASE64_STANDARD.decode(text).map_err(|_| SshSigError::NotASignature)?;
        Self::of_blob(&blob).ok_or(SshSigError::NotASignature)
    }

    fn of_blob(blob: &[u8]) -> Option<Self> {
        let mut wire = Wire(blob);
        if wire.take(MAGIC.len())? != MAGIC || wire.number()? != 1 {
            return None;
        }
        let key = PublicKey::of_blob(wire.string()?)?;
        let (namespace, reserved) = (wire.string()?.to_vec(), wire.string()?.to_vec());
        let hash = match wire.text()? {
            "sha256" => HashKind::Sha256,
            "sha512" => HashKind::Sha512,
            _ => return None,
        };
        let signature = wire.string()?.to_vec();
        wire.end()?;
        Some(Self { key, namespace, reserved, hash, signature })
    }

    /// Whether its key signed `message` for `namespace`.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn verify(&self, namespace: &str, message: &[u8]) -> Result<(), SshSigError> {
        if self.namespace != namespace.as_bytes() {
            return Err(SshSigError::OtherNamespace);
        }
        let mut signed = MAGIC.to_vec();
        for part in [&self.namespace, &self.reserved, self.hash.name().as_bytes(), &self.hash.digest(message)] {
            put(&mut signed, part);
        }
        Ok(self.key.verify(&signed, &self.signature)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `ssh-keygen -Y sign -n switchback-incident` of OpenSSH 9.2 over `hello`.
    const MADE: [(&str, &str); 4] = [
        (
            "ssh-ed25519",
            "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgm1ooEbSoZIGDAZsfV9iD3EKtAScoNhoavGft+znYjIIAAAATc3dpdGNoYmFjay1pbmNpZGVudAAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEDVk6M3prhRp0kOJGwUmfEJovBJim2ZJsmQkrIaVu5gz/Bb84nDTYm/1ipX+eWEWINyaA44CW6llK97anb7VzgA",
        ),
        (
            "ecdsa-sha2-nistp256",
            "U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAEEE3frpUdWdHEHFQBNZsApUkUzIlwVzG4D3A1hDK9uFqMH3560n3f2AmujE3c2kbSkf39PZOJQ8TQftrUas68rfCwAAABNzd2l0Y2hiYWNrLWluY2lkZW50AAAAAAAAAAZzaGE1MTIAAABjAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAABIAAAAIDJipVYBrYQPgd6Ln+XvvojsNICPkdCxh8ppd7/+GAD8AAAAIDRHMS57zxfr4BEoF00teg/9ecp+uzQrAvhxkH+du7BO",
        ),
        (
            "ecdsa-sha2-nistp384",
            "U1NIU0lHAAAAAQAAAIgAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAGEE1JgaHZ8i4LLJ6lpbWpUnkGMGNlIGOIzYYmC3dWDu+4JLf6cYga0SN0L/QoCYCOTUUd3gcDSkGPXlfuuVpvtzp+Jum3zdaUhKmpl7mSOhqN+nPcGSnXGTzjIWiTXvxJtTAAAAE3N3aXRjaGJhY2staW5jaWRlbnQAAAAAAAAABnNoYTUxMgAAAIMAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAGgAAAAweIblFN/eIfC/HTozMc1oc3qnEwFfDVl0evD+L/CJyzG/PVlbeqgo74H/jZ8Iv3uFAAAAMF7MIhqNIbCoUfquQNDBNFEmZs+93NVCF7zhPE6HgdYmrhslQVGJhIWSSaFzRp2yxQ==",
        ),
        (
            "ssh-rsa",
            "U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAMbdiR2i0Dbl3iAZDw7KL26FSZ9smi9/6J8sEdhpt/4nuzzXLRaBjpdBaHwKiG97UI7kvZr4e601VjDUhZy9htqbjWyABPT1n0cTVpN2FQ8lVmoOHbeQZHs9UOxeeCq0dp5ItEdkQRpKBi5rNMIZ2hXeNydL8btWA8CUepSIsuWBLAIXANK2x9Iu0NwrmnTUdm6OINudyHw2JWTYAif1wSx3UZjcGSGEXu3FvHzFIriZwiqfy4pQQvS224BG21dWC+MP/cuB+6RK0Oom39mn2MBLFiV7iM0+ZRG2C0s5L5MsGoTpWq56FuZ4Dqu7Fqx0YS8K11nAkha84LFbUZd2ET8AAAATc3dpdGNoYmFjay1pbmNpZGVudAAAAAAAAAAGc2hhNTEyAAABFAAAAAxyc2Etc2hhMi01MTIAAAEANVt/q2E1k+I/j5oD/WcYaQDRmPw742lSpjkR2K6X1l+c2gv4R5910aaQTgK4onrB7bqUUsvtPlOMMIyzdgrDjnf2AeCBKzBmMgyAL/EAYILI2Y3XyQsc2kDEmUcEfSf9OOZ3PacuWeHp0idi8qzlKuN6OpEd/V1kysWUDtt9cKZXvX0zRxh+L6yCTEuha0ePtDqt7eOEZoQrNJwrsLlNmq6bViFYaGKfFiSh5OFP1MvEK7M/L6fGRkOeU9pYev2+g1CDw9RyHTQTUva12UOaiKaFtbMYj4n81xiCCJW9fa82wz5iL3cSjht+okZ2xE9IE58LPL1YsooFJ6A5ZgZGKw==",
        ),
    ];

    #[test]
    fn signatures_of_every_kind_of_key_hold_over_what_was_signed_and_nothing_else() {
        for (kind, text) in MADE {
            let signature = SshSig::parse(text).unwrap();
            assert!(signature.key.to_string().starts_with(&format!("{kind} ")));
            assert_eq!(signature.verify("switchback-incident", b"hello"), Ok(()), "{kind}");
            let mismatch = Err(SshSigError::Unverified(Unverified::Mismatch));
            assert_eq!(signature.verify("switchback-incident", b"hellp"), mismatch, "{kind}");
            assert_eq!(signature.verify("file", b"hello"), Err(SshSigError::OtherNamespace), "{kind}");
        }
    }

    #[test]
    fn no_flip_of_any_bit_of_a_signature_goes_unseen() {
        for (kind, text) in MADE {
            let blob = BASE64_STANDARD.decode(text).unwrap();
            let key = SshSig::of_blob(&blob).unwrap().key;
            for bit in 0..blob.len() * 8 {
                let mut flipped = blob.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let held = SshSig::of_blob(&flipped)
                    .filter(|signature| signature.key == key)
                    .is_some_and(|signature| signature.verify("switchback-incident", b"hello").is_ok());
                assert!(!held, "bit {bit} of {kind}");
            }
        }
    }

    #[test]
    fn the_armour_is_taken_off() {
        let armour = format!("{BEGIN}\nU1NI\nU0lH\n{END}\n");
        assert_eq!(SshSig::unarmoured(&armour).as_deref(), Some("U1NIU0lH"));
        assert_eq!(SshSig::unarmoured("U1NIU0lH"), None);
    }
}
