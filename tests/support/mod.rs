//! What several promises need: servers, waiting.

pub(crate) mod attempts;
pub(crate) mod certificates;
pub(crate) mod cluster;
pub(crate) mod console;
pub(crate) mod dns;
pub(crate) mod estate;
pub(crate) mod hands;
pub(crate) mod http;
pub(crate) mod lab;
pub(crate) mod log;
pub(crate) mod moments;
pub(crate) mod moto;
pub(crate) mod patroni;
pub(crate) mod pgbackrest;
pub(crate) mod postgres;
pub(crate) mod pty;
pub(crate) mod redis;
pub(crate) mod rerun;
pub(crate) mod service;
pub(crate) mod silent;
pub(crate) mod sim_disk;
pub(crate) mod small_disk;
pub(crate) mod smtp;
pub(crate) mod stand_in_ssh;
pub(crate) mod wait;
pub(crate) mod way;
