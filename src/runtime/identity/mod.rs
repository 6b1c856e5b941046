//! Proving who acts here: a key for this console, and the person's SSH key to vouch for it.

mod prover;
mod ssh_keygen;
mod unproven;

pub use prover::{About, KeyFile, Proof, Prover, session_key};
pub use unproven::Unproven;
