//! The screen: keys in, requests out, a picture of the incident's state.
//!
//! `update` is a pure state machine over [`Model`]; `view` draws it; the event loop and `term` are the only places that
//! touch a terminal or a clock. Nothing here knows of the log, a process or a probe: only [`domain::console`].

pub mod action;
pub mod clipboard;
pub mod desktop;
mod event_loop;
pub mod fault;
pub mod input;
pub mod keys;
pub mod model;
mod term;
pub mod theme;
pub mod update;
pub mod view;
pub mod wall;
pub mod widget;

pub use event_loop::{Options, run};
pub use input::Input;
pub use model::{Exit, Model};
pub use update::update;
