//! Who commands, what is being decided, who does what.

use clap::{Args as ClapArgs, Subcommand};
use domain::people::Role as Name;

use super::{INCIDENT, between};

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Brief {
    #[arg(default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Forgotten {
    #[arg(default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Role {
    /// commander, deputy, operator, scribe, comms (outside), internal-comms, data-owner, observer
    #[arg(value_parser = role)]
    pub(in crate::cli) role: Name,
    /// Whose role it is, if not yours
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) by: Option<String>,
    /// It is given up; command is handed over instead
    #[arg(long)]
    pub(in crate::cli) release: bool,
    /// Needed to take command from somebody who has not offered it
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

fn role(text: &str) -> Result<Name, String> {
    Name::parse(text).ok_or_else(|| {
        let names = Name::ALL.map(Name::name);
        domain::diagnostic::did_you_mean(text, names).unwrap_or_else(|| format!("write one of {}", names.join(", ")))
    })
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(in crate::cli) struct Solo {
    /// You command and operate; why nobody else does
    #[arg(group = "what")]
    pub(in crate::cli) reason: Option<String>,
    /// You are not alone any more
    #[arg(long, group = "what")]
    pub(in crate::cli) end: bool,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(in crate::cli) struct Handoff {
    /// To whom command is offered; it stays with you until they accept
    #[arg(value_name = "NAME", group = "what")]
    pub(in crate::cli) to: Option<String>,
    /// Take the offer back
    #[arg(long, group = "what", value_name = "REASON")]
    pub(in crate::cli) withdraw: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Accept {
    /// It was said, and you write it down: who accepted
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) spoken_by: Option<String>,
    /// Say no, with a reason
    #[arg(long, value_name = "REASON")]
    pub(in crate::cli) decline: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Propose {
    /// What should be done: strong objections are asked for
    pub(in crate::cli) text: String,
    /// It is to fail over
    #[arg(long)]
    pub(in crate::cli) failover: bool,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Object {
    /// Why not
    pub(in crate::cli) text: String,
    /// The proposal's entry [default: the last that is open]
    #[arg(long, value_name = "ENTRY")]
    pub(in crate::cli) proposal: Option<u64>,
    /// Who said it, if not you
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) spoken_by: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Decide {
    /// What is decided [default, with --proposal: as it was proposed]
    #[arg(required_unless_present = "proposal")]
    pub(in crate::cli) text: Option<String>,
    /// It is to fail over: the execution clock begins
    #[arg(long, conflicts_with = "proposal")]
    pub(in crate::cli) failover: bool,
    /// The entry that proposed it
    #[arg(long, value_name = "ENTRY")]
    pub(in crate::cli) proposal: Option<u64>,
    /// Neither do it nor decide it: the proposal is dropped, with a reason
    #[arg(long, value_name = "REASON", requires = "proposal", conflicts_with = "text")]
    pub(in crate::cli) drop: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Task {
    #[command(subcommand)]
    pub(in crate::cli) what: TaskAct,
    #[arg(long, global = true, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

/// Tasks are named by the entry that added them.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TaskAct {
    /// Those without an end
    List,
    /// Something somebody has to do
    Add {
        /// What is to be done
        text: String,
        /// Who does it [default: nobody yet]
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// Until when: 20m, 02:40 (UTC), RFC 3339
        #[arg(long, value_name = "TIME")]
        due: Option<String>,
    },
    /// Who does it, until when
    Assign {
        /// The entry that added it
        #[arg(value_name = "ENTRY")]
        task: u64,
        /// Who does it [default: you]
        #[arg(value_name = "NAME")]
        owner: Option<String>,
        /// Until when: 20m, 02:40 (UTC), RFC 3339
        #[arg(long, value_name = "TIME")]
        due: Option<String>,
    },
    /// It is done
    Done {
        /// The entry that added it
        #[arg(value_name = "ENTRY")]
        task: u64,
        /// What shows it
        #[arg(default_value = "")]
        text: String,
    },
    /// It is not needed any more
    Drop {
        /// The entry that added it
        #[arg(value_name = "ENTRY")]
        task: u64,
        /// Why not
        reason: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Severity {
    /// From 1, the worst, to 5
    #[arg(value_parser = between(1_u8, 5), value_name = "1-5")]
    pub(in crate::cli) severity: u8,
    /// Why it changes
    pub(in crate::cli) reason: String,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Correct {
    /// The entry that is wrong; it stays, and is marked
    pub(in crate::cli) entry: u64,
    /// What is right
    pub(in crate::cli) text: String,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}
