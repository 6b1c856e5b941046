//! Which plane of AWS a block uses: the one that changes what is configured lives in one region, the one that answers
//! lives everywhere.

use crate::runbook::{Block, Lang};

/// Where the control plane of Route 53 lives, whatever region the records are about.
pub const CONTROL_REGION: &str = "us-east-1";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Needs us-east-1 to work.
    Control,
    /// Answers in every region.
    Data,
}

/// Commands of the `aws` line that change what Route 53 is configured to.
const CONTROL: [&str; 4] = [
    "route53 change-resource-record-sets",
    "route53 update-health-check",
    "route53 create-health-check",
    "route53-recovery-control-config",
];
const DATA: [&str; 1] = ["route53-recovery-cluster"];

impl Plane {
    /// The plane a block uses, as far as its text tells.
    #[must_use]
    pub fn of(block: &Block) -> Option<Self> {
        match block.lang {
            Lang::Route53 => Some(Self::Control),
            Lang::Bash | Lang::Sh => {
                let words = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
                let names = |list: &[&str]| list.iter().any(|name| words.contains(name));
                if names(&CONTROL) { Some(Self::Control) } else { names(&DATA).then_some(Self::Data) }
            }
            Lang::Sql | Lang::Http | Lang::Check | Lang::World | Lang::Text => None,
        }
    }

    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Control => "Route 53 control plane (us-east-1)",
            Self::Data => "data plane",
        }
    }
}
