//! An identity that is verified: a person's SSH key vouches once for the key of a console's session, and that key signs
//! each entry the console appends. Pure: what is signed, and whether it holds. Who signs is the runtime's.

mod allowed_signers;
mod keyring;
mod looked;
mod public_key;
mod session_key;
mod sshsig;
mod standing;
mod statement;
mod tally;
mod wire;

pub use allowed_signers::{AllowedSigners, Skipped};
pub use keyring::{Keyring, Trust};
pub use public_key::{KeyError, PublicKey, Unverified};
pub use session_key::{SessionId, SessionKey, Signed};
pub use sshsig::{SshSig, SshSigError};
pub use standing::{Standing, Vouched, Why, standing};
pub use statement::{NAMESPACE, Statement, Vouching};
pub use tally::{Tally, Trouble, tally};

#[cfg(test)]
mod tests;
