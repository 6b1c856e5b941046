//! What the members' answers mean together.

use std::collections::BTreeMap;

use domain::ident::RegionId;
use domain::reading::Stream;
use domain::replication::{CopiesReading, CopyReading, CopyRole, CopySource, Handover};
use domain::untrusted::sanitise_line;
use serde::Deserialize;
use serde_json::Value;

use super::Own;

/// `/cluster`: what the members wrote to the store they share.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct View {
    members: Vec<Member>,
    pause: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Member {
    name: String,
    role: String,
    state: String,
    timeline: Option<u32>,
    /// Bytes, or `unknown`.
    lag: Option<Value>,
}

/// Everything that was answered.
#[derive(Debug, Default)]
pub(super) struct Answers<'a> {
    views: Vec<(&'a str, View)>,
    owns: Vec<(&'a str, Own)>,
    /// Members that told nothing, and those that told of themselves alone.
    silent: Vec<(&'a str, String)>,
    cut_off: Vec<(&'a str, String)>,
    handovers: Vec<Handover>,
}

/// What it comes to.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) reading: Option<CopiesReading>,
    pub(super) bad: Vec<String>,
    pub(super) soft: Vec<String>,
}

impl Member {
    /// It leads a cluster that follows another one: it is a copy itself, and takes no writes.
    fn leads_a_standby(&self) -> bool {
        self.role == "standby_leader"
    }

    /// Since version 3.1 a member that follows another says how it is fed where others say that they run.
    fn runs(&self) -> bool {
        let followed = ["streaming", "in archive recovery"];
        self.state == "running" || self.leads_a_standby() && followed.contains(&self.state.as_str())
    }
}

impl View {
    fn leader(&self) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| matches!(member.role.as_str(), "leader" | "master" | "primary" | "standby_leader"))
    }
}

impl<'a> Answers<'a> {
    /// With the changes of leader that the cluster remembers.
    pub(super) fn after(handovers: Vec<Handover>) -> Self {
        Self { handovers, ..Self::default() }
    }

    pub(super) fn take(&mut self, member: &'a str, cluster: Result<View, String>, own: Result<Own, String>) {
        // Any JSON at all would do for what has no field that must be there.
        let own = own
            .and_then(|own| if own.state.is_empty() { Err("it is no member of Patroni".to_owned()) } else { Ok(own) });
        match (&cluster, &own) {
            (Err(why), Err(_)) => self.silent.push((member, why.clone())),
            (Err(why), Ok(_)) => self.cut_off.push((member, why.clone())),
            (Ok(_), _) => {}
        }
        self.views.extend(cluster.ok().map(|view| (member, view)));
        self.owns.extend(own.ok().map(|own| (member, own)));
    }

    /// Each thing that is wrong, and the copies as the first member that knows the cluster tells them.
    pub(super) fn told(mut self, regions: &BTreeMap<String, RegionId>) -> Told {
        let (mut bad, mut soft) = (Vec::new(), Vec::new());
        let primaries: Vec<&str> =
            self.owns.iter().filter(|(_, own)| own.runs_as_primary()).map(|(at, _)| *at).collect();
        if primaries.len() > 1 {
            bad.push(format!("SPLIT BRAIN: {} run as primary", primaries.join(" and ")));
        }
        let Some((_, view)) = self.views.first() else {
            bad.push(match (self.cut_off.first(), self.silent.first()) {
                (Some((at, why)), _) => {
                    format!("{at} answers, and cannot read the cluster ({why}): the store may be out of its reach, nothing fails over")
                }
                (None, Some((at, why))) => format!("no member answers; {at}: {why}"),
                (None, None) => "no member is named".to_owned(),
            });
            return Told { reading: None, bad, soft };
        };
        match view.leader() {
            None => bad.push("no leader".to_owned()),
            Some(leader) if !leader.runs() => {
                bad.push(format!("the leader {} is {}", plain(&leader.name), plain(&leader.state)));
            }
            Some(_) => {}
        }
        soft.extend(self.contradictions());
        if view.pause {
            soft.push("paused: nothing fails over by itself".to_owned());
        }
        let senders = self.owns.iter().find(|(_, own)| own.runs_as_primary()).map(|(_, own)| own);
        let copies: Vec<CopyReading> = view.members.iter().map(|member| copy(member, view, senders, regions)).collect();
        let wrong = copies.iter().filter(|copy| copy.role == CopyRole::Standby && copy.state != Stream::Streaming);
        soft.extend(wrong.map(|copy| format!("{}: {}", copy.member, copy.notes.join(", "))));
        if leader_alone(view) {
            soft.push("no replica: nothing can take over".to_owned());
        }
        let silent = self.silent.iter().map(|(at, why)| format!("{at} does not tell: {why}"));
        soft.extend(silent);
        let leader = view.leader().map(|leader| plain(&leader.name));
        let text = leader.as_ref().map_or_else(|| "no leader".to_owned(), |leader| format!("leader {leader}"));
        let reading = CopiesReading {
            source: CopySource::Patroni,
            text,
            leader,
            copies,
            handovers: std::mem::take(&mut self.handovers),
        };
        Told { reading: Some(reading), bad, soft }
    }

    /// Each reads the same store: for more than a moment they can only differ when some do not reach it.
    fn contradictions(&self) -> Option<String> {
        let says = |view: &View| view.leader().map_or_else(|| "nobody".to_owned(), |leader| plain(&leader.name));
        let first = says(&self.views.first()?.1);
        let differs = self.views.iter().any(|(_, view)| says(view) != first);
        let each = self.views.iter().map(|(at, view)| format!("{at} says {}", says(view)));
        differs.then(|| format!("members disagree on who leads: {}", each.collect::<Vec<_>>().join(", ")))
    }
}

/// A member that died is taken out of the store after its time: what is left looks well.
fn leader_alone(view: &View) -> bool {
    view.members.len() == 1 && view.leader().is_some()
}

impl Own {
    fn runs_as_primary(&self) -> bool {
        self.state == "running" && matches!(self.role.as_str(), "master" | "primary")
    }
}

fn copy(member: &Member, view: &View, primary: Option<&Own>, regions: &BTreeMap<String, RegionId>) -> CopyReading {
    let name = plain(&member.name);
    let leader = view.leader();
    let leads = leader.is_some_and(|leader| leader.name == member.name);
    let mut notes = Vec::new();
    let sender = primary.and_then(|primary| {
        primary.replication.iter().find(|sender| sender.application_name.as_deref() == Some(member.name.as_str()))
    });
    let sync = member.role == "sync_standby" || member.role == "quorum_standby";
    if sync || sender.is_some_and(|sender| matches!(sender.sync_state.as_deref(), Some("sync" | "quorum"))) {
        notes.push("synchronous".to_owned());
    }
    // Before version 3.1 a member says `running` whether it is fed or not: the leader's own list of senders tells.
    let streams = member.state == "streaming"
        || member.state == "running" && sender.is_some_and(|sender| sender.state.as_deref() == Some("streaming"));
    let state = match () {
        () if leads && member.leads_a_standby() && !streams => Stream::Unknown,
        // One that is stopped or starts feeds nothing.
        () if leads && !member.runs() => Stream::Unknown,
        () if leads => Stream::Streaming,
        () if streams => Stream::Streaming,
        () if member.state == "running" && primary.is_none() => Stream::Unknown,
        () if member.state == "running" => Stream::Absent,
        () => Stream::Unknown,
    };
    let leads_a_standby = leads && member.leads_a_standby();
    if leads_a_standby && !streams {
        let known = member.state != "running";
        notes.push(if known { plain(&member.state) } else { "what feeds it is not told".to_owned() });
    }
    if leads_a_standby {
        notes.push("leads a standby cluster".to_owned());
    }
    if !leads && !streams {
        notes.push(match member.state.as_str() {
            "running" if primary.is_some() => "nothing feeds it".to_owned(),
            "running" => "runs; who feeds it only the leader's own member tells".to_owned(),
            other => plain(other),
        });
    }
    let behind = leader.and_then(|leader| leader.timeline).zip(member.timeline).filter(|(leader, own)| own != leader);
    if let Some((leader, own)) = behind {
        notes.push(format!("on timeline {own}, the leader on {leader}"));
    }
    CopyReading {
        region: regions.get(&member.name).cloned(),
        member: name,
        role: match () {
            // Before version 3.1 nothing tells whether it is fed.
            () if leads_a_standby && member.state == "running" => CopyRole::Unknown,
            () if leads && !leads_a_standby => CopyRole::Primary,
            () => CopyRole::Standby,
        },
        state: if behind.is_some() && state == Stream::Streaming { Stream::Unknown } else { state },
        lag_bytes: member.lag.as_ref().and_then(Value::as_u64).filter(|_| !leads && behind.is_none()),
        timeline: member.timeline,
        notes,
        ..CopyReading::default()
    }
}

/// `/history`: `[timeline, position, cause, time, new leader]`; the last two since version 2.1.
pub(super) fn history(lines: &[Value]) -> Vec<Handover> {
    let handover = |line: &Value| {
        let at = line.get(3)?.as_str()?;
        Some(Handover {
            at: at.parse().or_else(|_| at.replacen(' ', "T", 1).parse()).ok()?,
            to: line.get(4).and_then(Value::as_str).map(plain),
            timeline: line.get(0).and_then(Value::as_u64).and_then(|timeline| u32::try_from(timeline).ok()),
            because: line.get(2).and_then(Value::as_str).map(plain),
        })
    };
    // The newest are of interest, and a cluster may be years old.
    let newest = lines.len().saturating_sub(20);
    lines[newest..].iter().filter_map(handover).collect()
}

fn plain(text: &str) -> String {
    sanitise_line(&super::super::process::shorten(text, 80))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(members: &Value) -> Told {
        let view = serde_json::from_value(json!({ "members": members })).unwrap();
        let mut answers = Answers::default();
        answers.take("a:8008", Ok(view), Err("refused".to_owned()));
        answers.told(&BTreeMap::new())
    }

    #[test]
    fn the_leader_of_a_standby_cluster_is_a_copy_and_well_while_it_is_fed() {
        for (state, role, fed, soft) in [
            ("running", CopyRole::Unknown, Stream::Unknown, None),
            ("streaming", CopyRole::Standby, Stream::Streaming, None),
            (
                "in archive recovery",
                CopyRole::Standby,
                Stream::Unknown,
                Some("b1: in archive recovery, leads a standby cluster"),
            ),
        ] {
            let told = told(&json!([
                {"name": "b1", "role": "standby_leader", "state": state, "timeline": 3},
                {"name": "b2", "role": "replica", "state": "streaming", "timeline": 3, "lag": 0},
            ]));
            assert_eq!(told.bad, Vec::<String>::new(), "{state}");
            assert_eq!(told.soft.first().map(String::as_str), soft, "{state}");
            let reading = told.reading.unwrap();
            assert_eq!((reading.copies[0].role, reading.copies[0].state), (role, fed), "{state}");
            assert_eq!(reading.leader.as_deref(), Some("b1"));
        }
    }

    #[test]
    fn a_leader_that_does_not_run_feeds_nobody() {
        let told = told(&json!([
            {"name": "a1", "role": "leader", "state": "stopped", "timeline": 3},
            {"name": "a2", "role": "replica", "state": "streaming", "timeline": 3, "lag": 0},
        ]));
        assert_eq!(told.bad, ["the leader a1 is stopped"]);
        assert_eq!(told.reading.unwrap().copies[0].state, Stream::Unknown);
    }
}
