//! What needs a person's eye, and what people are told of it.

mod notice;

pub use notice::{Notice, NoticeState};
