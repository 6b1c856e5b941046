//! PostgreSQL as the console meets it: connections by libpq's conventions and with deadlines, one reading that works
//! on primary and standby, one write through the application's own path.

mod connect;
mod conninfo;
mod control_data;
mod dsn;
mod environment;
mod error;
mod passfile;
mod reading;
mod service;
mod verify;
mod write_test;

pub use connect::{Client, Row, connect};
pub use control_data::clean_stop;
pub use dsn::{Dsn, DsnError, Roots, Secret, SessionAttrs, SslMode, Target};
pub use environment::Environment;
pub use error::Error;
pub use reading::{Look, look, read};
pub use write_test::try_write;
