//! A test started again as a process of its own: to be killed, or to run where there is little room.

use std::ffi::OsString;

/// The words that run only the test `name` of `module`, with its output shown.
pub(crate) fn this_test(module: &str, name: &str) -> [OsString; 4] {
    let (_, module) = module.split_once("::").unwrap();
    let test = format!("{module}::{name}");
    [std::env::current_exe().unwrap().into(), "--exact".into(), test.into(), "--nocapture".into()]
}
