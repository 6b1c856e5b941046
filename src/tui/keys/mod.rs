//! Keys as the rest of the package knows them: no terminal library's type goes past `input.rs`.

mod key;

pub use key::{Code, Key};
