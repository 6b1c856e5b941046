//! Why a question to AWS has no answer, in plain words with the remedy.

use domain::untrusted::sanitise_line;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct AwsError {
    text: String,
    sent: Sent,
}

/// What is known of a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It never left this machine.
    Not,
    /// AWS answered, and did nothing of it.
    #[cfg(feature = "aws")]
    Refused,
    /// As refused; later it may be taken.
    #[cfg(feature = "aws")]
    NotNow,
    /// It may have been carried out.
    Perhaps,
}

impl AwsError {
    pub(super) fn new(sent: Sent, text: impl AsRef<str>) -> Self {
        Self { text: sanitise_line(text.as_ref()), sent }
    }

    /// AWS said no, or there is nothing to ask it with: to ask again changes nothing.
    #[must_use]
    pub(crate) fn is_an_answer(&self) -> bool {
        match self.sent {
            Sent::Not => !self.text.contains("cannot be reached") && !self.text.contains("built without"),
            #[cfg(feature = "aws")]
            Sent::Refused => true,
            #[cfg(feature = "aws")]
            Sent::NotNow => false,
            Sent::Perhaps => false,
        }
    }

    /// What was asked for has not happened.
    #[must_use]
    pub fn nothing_happened(&self) -> bool {
        self.sent != Sent::Perhaps
    }

    /// The same request may be taken in a moment.
    #[cfg(feature = "aws")]
    pub(super) fn not_now(&self) -> bool {
        self.sent == Sent::NotNow
    }
}
