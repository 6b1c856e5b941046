//! Switchback: the incident console for failing a region over, and back.
//!
//! [`runtime`] is the only wing that touches the world; [`cli`] wires it to the domain and to the screen.

pub mod cli;
pub mod runtime;
