//! What INFO replication and ROLE mean.

use std::time::Duration;

use domain::time::human;

use super::{CopyPosition, CopyReading, CopyRole, Info, Stream, Value};

/// Above what a healthy pair climbs to: a master pings its replicas every 10 s, a replica answers every second.
const SILENT: u64 = 20;

/// One server, and the replicas it knows.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) role: CopyRole,
    pub(super) text: String,
    pub(super) leader: Option<String>,
    pub(super) copies: Vec<CopyReading>,
    /// A soft condition that is not met.
    pub(super) trouble: Option<String>,
}

impl Standing {
    pub(super) fn read(member: &str, info: &Info, role: Option<&Value>) -> Self {
        match info.text("role") {
            Some("master") => Self::of_master(member, info),
            Some("slave") => Self::of_replica(member, info, role),
            _ => Self {
                role: CopyRole::Unknown,
                text: "role unknown".to_owned(),
                leader: None,
                copies: Vec::new(),
                trouble: Some("it does not tell its role".to_owned()),
            },
        }
    }

    fn of_master(member: &str, info: &Info) -> Self {
        let position = info.text("master_replid").zip(info.number("master_repl_offset"));
        let position = position.map(|(history, end)| CopyPosition { history: history.to_owned(), end });
        let replicas: Vec<CopyReading> = info.replicas().map(|fields| replica_of(&fields, position.as_ref())).collect();
        let online = replicas.iter().filter(|copy| copy.state == Stream::Streaming).count();
        let mut own = CopyReading {
            member: member.to_owned(),
            role: CopyRole::Primary,
            state: if online > 0 { Stream::Streaming } else { Stream::Absent },
            position,
            ..CopyReading::default()
        };
        if online == 0 {
            own.notes.push("no replica is connected: not protected".to_owned());
        }
        Self {
            role: CopyRole::Primary,
            text: format!("master, {online} of {} replicas online", replicas.len()),
            leader: Some(member.to_owned()),
            copies: [own].into_iter().chain(replicas).collect(),
            trouble: None,
        }
    }

    fn of_replica(member: &str, info: &Info, role: Option<&Value>) -> Self {
        let up = info.text("master_link_status") == Some("up");
        let down_for: Option<i64> = info.number("master_link_down_since_seconds");
        let silent = info.number::<u64>("master_last_io_seconds_ago").filter(|silence| up && *silence > SILENT);
        let syncing = info.flag("master_sync_in_progress") == Some(true);
        // Before the first synchronisation its offset is none.
        let synced = up || down_for.is_some_and(|seconds| seconds >= 0);
        let doing = role.and_then(Value::list).and_then(|role| role.get(3)).and_then(Value::text);
        let master = info.text("master_host").zip(info.text("master_port"));
        let master = master.map(|(host, port)| super::sanitise_line(&format!("{host}:{port}")));
        let (state, text, note) = match () {
            () if syncing => {
                (Stream::Unknown, "replica, synchronising", Some("a whole synchronisation is under way".to_owned()))
            }
            () if silent.is_some() => {
                let silence = Duration::from_secs(silent.unwrap_or_default());
                (
                    Stream::Unknown,
                    "replica, master silent",
                    Some(format!("no word from its master for {}", human(silence))),
                )
            }
            () if up => (Stream::Streaming, "replica, link up", None),
            () if !synced => {
                (Stream::Absent, "replica, never synchronised", Some("never synchronised with its master".to_owned()))
            }
            () => {
                let since = down_for.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
                let since = since.map(|since| format!(" for {}", human(since))).unwrap_or_default();
                (Stream::Absent, "replica, link down", Some(format!("link down{since}")))
            }
        };
        let doing =
            doing.filter(|_| !up).map(|doing| format!(" ({})", super::sanitise_line(&super::shorten(doing, 20))));
        let note = note.map(|note| format!("{note}{}", doing.unwrap_or_default()));
        let position = info.text("master_replid").zip(info.number("slave_repl_offset")).filter(|_| synced);
        let own = CopyReading {
            member: member.to_owned(),
            role: CopyRole::Standby,
            state,
            position: position.map(|(history, end)| CopyPosition { history: history.to_owned(), end }),
            notes: note.iter().cloned().collect(),
            ..CopyReading::default()
        };
        let trouble = note.map(|note| match &master {
            Some(master) => format!("{note}, master {master}"),
            None => note,
        });
        Self {
            role: CopyRole::Standby,
            text: text.to_owned(),
            leader: master.filter(|_| up),
            copies: vec![own],
            trouble,
        }
    }
}

/// A line `slave0:…` of a master.
fn replica_of(fields: &std::collections::BTreeMap<&str, &str>, master: Option<&CopyPosition>) -> CopyReading {
    let of = |key: &str| fields.get(key).copied().unwrap_or_default();
    let member = super::sanitise_line(&format!("{}:{}", of("ip"), of("port")));
    let silence = of("lag").parse::<u64>().ok().filter(|silence| *silence > SILENT);
    let (state, note) = match (of("state"), silence) {
        ("online", None) => (Stream::Streaming, None),
        ("online", Some(silence)) => {
            (Stream::Unknown, Some(format!("no word from it for {}", human(Duration::from_secs(silence)))))
        }
        (other, _) => {
            (Stream::Unknown, Some(format!("not a copy yet: {}", super::sanitise_line(&super::shorten(other, 20)))))
        }
    };
    let offset = of("offset").parse::<u64>().ok().filter(|_| of("state") == "online");
    let position = master.zip(offset).map(|(master, end)| CopyPosition { history: master.history.clone(), end });
    CopyReading {
        member,
        role: CopyRole::Standby,
        state,
        lag_bytes: master.zip(offset).map(|(master, offset)| master.end.saturating_sub(offset)),
        position,
        notes: note.into_iter().collect(),
        second_hand: true,
        ..CopyReading::default()
    }
}
