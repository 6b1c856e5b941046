//! What something means at a glance, and the sign that says so without a colour.

/// What an entry means at a glance; each front end has a colour for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Plain,
    Good,
    Started,
    Warning,
    Bad,
    Unknown,
    /// Something waits for a person.
    Waiting,
}

impl Mark {
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Plain => '·',
            Self::Good => '✓',
            Self::Started => '▸',
            Self::Warning => '!',
            Self::Bad => '✗',
            Self::Unknown => '?',
            Self::Waiting => '…',
        }
    }
}
