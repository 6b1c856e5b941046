//! A group as one of its Sentinels sees it.

use super::{
    BTreeMap, Client, CopiesReading, CopyReading, CopyRole, CopySource, Error, Outcome, Payload, RegionId, Stream,
    Value, sanitise_line,
};

pub(super) async fn look(
    mut client: Client,
    group: &str,
    members: &BTreeMap<String, RegionId>,
) -> Result<Outcome, Error> {
    client.ask(&["PING"]).await?;
    let master = match client.ask(&["SENTINEL", "MASTER", group]).await {
        Err(Error::Refused(said)) if said.contains("No such master") => {
            let why = format!(
                "this Sentinel knows no group `{}`: write the name of its `sentinel monitor`",
                sanitise_line(group)
            );
            return Ok(Outcome::Unknown { why });
        }
        master => master?,
    };
    let replicas = client.ask(&["SENTINEL", "REPLICAS", group]).await?;
    let master = Fields::of(&master);
    let leader = master.member();
    let down = master.flagged("o_down") || master.flagged("s_down");
    let mut copies = vec![CopyReading {
        member: leader.clone(),
        region: members.get(&leader).cloned(),
        role: CopyRole::Primary,
        state: if down { Stream::Unknown } else { Stream::Streaming },
        ..CopyReading::default()
    }];
    for replica in replicas.list().unwrap_or_default() {
        let replica = Fields::of(replica);
        let gone = replica.flagged("s_down") || replica.flagged("disconnected");
        let linked = replica.get("master-link-status") == Some("ok");
        let (state, note) = match () {
            () if gone => (Stream::Unknown, Some("down, says the Sentinel")),
            () if linked => (Stream::Streaming, None),
            () => (Stream::Absent, Some("link down")),
        };
        let member = replica.member();
        copies.push(CopyReading {
            region: members.get(&member).cloned(),
            member,
            role: CopyRole::Standby,
            state,
            notes: note.iter().map(|note| (*note).to_owned()).collect(),
            second_hand: true,
            ..CopyReading::default()
        });
    }
    let others: u32 = master.get("num-other-sentinels").and_then(|many| many.parse().ok()).unwrap_or(0);
    let quorum: u32 = master.get("quorum").and_then(|many| many.parse().ok()).unwrap_or(0);
    let payload = Payload::Copies {
        copies: Box::new(CopiesReading {
            source: CopySource::Redis,
            text: format!("master {leader}"),
            leader: (!down).then(|| leader.clone()),
            copies,
            handovers: Vec::new(),
        }),
    };
    Ok(match () {
        () if master.flagged("failover_in_progress") => {
            Outcome::Bad { why: format!("a failover from {leader} is under way"), payload }
        }
        () if down => Outcome::Bad { why: format!("master {leader} is down, says the Sentinel"), payload },
        () if others + 1 < quorum => {
            let why = format!("{} of {quorum} Sentinels that have to agree: nothing would fail over", others + 1);
            Outcome::Soft { why, payload }
        }
        () => Outcome::Good { payload },
    })
}

/// What a Sentinel says of one server.
struct Fields(BTreeMap<String, String>);

impl Fields {
    fn of(value: &Value) -> Self {
        Self(value.pairs().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
    fn member(&self) -> String {
        sanitise_line(&format!("{}:{}", self.get("ip").unwrap_or("?"), self.get("port").unwrap_or("?")))
    }
    fn flagged(&self, flag: &str) -> bool {
        self.get("flags").is_some_and(|flags| flags.split(',').any(|known| known == flag))
    }
}
