//! A write through the application's own path: the only look that can prove that a fence holds.

/// What a write met. Only an answer proves anything: a failure to connect is never [`WriteAnswer::Refused`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteAnswer {
    /// It was taken: this side accepts writes.
    Accepted,
    /// It was refused with an error that is known as a refusal.
    Refused { error: String },
    /// Neither; the write may even have been taken.
    NoAnswer { why: String },
}
