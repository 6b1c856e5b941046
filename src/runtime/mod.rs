//! The only wing that touches the world: files, processes, sockets, clocks.

pub mod alerts;
pub mod aws;
pub mod beats;
pub mod capability;
pub mod clock;
pub mod dns;
pub mod estate_file;
pub mod exec;
pub mod http;
pub mod journal;
pub mod lab;
pub mod learned;
pub mod library;
pub mod notify;
pub mod past;
pub mod paths;
pub mod postgres;
pub mod probe;
pub mod readings;
pub(crate) mod replace;
pub mod session;
pub mod sim;
pub mod supervisor;
pub mod test_records;
pub mod tls;
