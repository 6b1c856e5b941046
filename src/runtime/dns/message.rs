//! Questions and answers on the wire.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::reading::Answer;
use domain::untrusted::sanitise_line;
use hickory_proto::op::{Edns, Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, Record, RecordType};

/// What a resolver is told it may send in one datagram: no more than passes unfragmented everywhere (DNS Flag Day 2020).
pub(super) const DATAGRAM: u16 = 1232;
/// A name may lead to another this often.
const CHAIN: usize = 16;
/// More records are not kept.
const RECORDS: usize = 256;

/// A question with an identity of its own.
#[derive(Clone, Debug)]
pub struct Question {
    id: u16,
    name: Name,
    record: RecordType,
    bytes: Vec<u8>,
}

/// What a message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Answer(Answer),
    /// There is more than fits in a datagram.
    Cut,
    /// It is an answer to something else.
    Stranger,
    /// It has our question's identity, and cannot be read: a sentence.
    Garbled(String),
}

impl Question {
    /// # Errors
    /// The name or the type of record cannot be asked for.
    pub fn new(name: &str, record: &str) -> Result<Self, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("`{name}` cannot be asked for: {error}");
        let mut name_asked = Name::from_ascii(name).map_err(|error| wrong(&error))?;
        name_asked.set_fqdn(true);
        let record = record.parse::<RecordType>().map_err(|error| wrong(&error))?;
        let mut message = Message::query();
        message.metadata.recursion_desired = true;
        message.add_query(Query::query(name_asked.clone(), record));
        let mut edns = Edns::new();
        edns.set_max_payload(DATAGRAM);
        message.set_edns(edns);
        let bytes = message.to_vec().map_err(|error| wrong(&error))?;
        Ok(Self { id: message.metadata.id, name: name_asked.to_lowercase(), record, bytes })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What `bytes` are to this question.
    #[must_use]
    pub fn read(&self, bytes: &[u8]) -> Reply {
        let ours = bytes.get(..2).is_some_and(|id| id == self.id.to_be_bytes());
        if !ours {
            return Reply::Stranger;
        }
        let message = match Message::from_vec(bytes) {
            Ok(message) => message,
            // Some servers cut in the middle of a record.
            Err(_) if bytes.get(2).is_some_and(|flags| flags & 0x02 != 0) => return Reply::Cut,
            Err(error) => {
                let error = sanitise_line(&error.to_string());
                return Reply::Garbled(format!("its answer cannot be read: {error}"));
            }
        };
        let asked = |query: &Query| query.name.to_lowercase() == self.name && query.query_type == self.record;
        if message.metadata.message_type != MessageType::Response || !self.repeated(&message, asked) {
            return Reply::Stranger;
        }
        if message.metadata.truncation {
            return Reply::Cut;
        }
        Reply::Answer(self.answer(&message))
    }

    /// The question stands in its answer; a server that could not read it may leave it out.
    fn repeated(&self, message: &Message, asked: impl Fn(&Query) -> bool) -> bool {
        match &message.queries[..] {
            [] => message.metadata.response_code == ResponseCode::FormErr,
            [query] => asked(query),
            _ => false,
        }
    }

    /// The records at the end of the chain of names that begins with ours; others in the message are not believed.
    fn answer(&self, message: &Message) -> Answer {
        let mut name = self.name.clone();
        let mut ttl: Option<u32> = None;
        let mut passed = |record: &Record| ttl = Some(ttl.map_or(record.ttl, |ttl| ttl.min(record.ttl)));
        let mut records = BTreeSet::new();
        for _ in 0..CHAIN {
            let of_name = || message.answers.iter().filter(|record| record.name.to_lowercase() == name);
            for record in of_name().filter(|record| record.record_type() == self.record).take(RECORDS) {
                passed(record);
                records.insert(plain(&record.data));
            }
            let next = of_name().find_map(|record| match &record.data {
                RData::CNAME(target) if records.is_empty() => Some((record, target.0.to_lowercase())),
                _ => None,
            });
            let Some((record, target)) = next else { break };
            passed(record);
            name = target;
        }
        Answer {
            rcode: code(message.metadata.response_code),
            records,
            ttl: ttl.map(|ttl| Duration::from_secs(ttl.into())),
            authoritative: message.metadata.authoritative,
        }
    }
}

fn code(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        other => format!("RCODE {}", u16::from(other)),
    }
}

/// As people write it: no last dot, the parts of a text joined, of an SOA its serial number.
fn plain(data: &RData) -> String {
    let name = |name: &Name| name.to_ascii().trim_end_matches('.').to_owned();
    let text = match data {
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        RData::CNAME(target) => name(&target.0),
        RData::NS(server) => name(&server.0),
        RData::MX(mx) => format!("{} {}", mx.preference, name(&mx.exchange)),
        RData::SRV(srv) => format!("{} {} {} {}", srv.priority, srv.weight, srv.port, name(&srv.target)),
        RData::SOA(soa) => soa.serial.to_string(),
        RData::TXT(txt) => String::from_utf8_lossy(&txt.txt_data.concat()).into_owned(),
        other => other.to_string(),
    };
    sanitise_line(&text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked() -> Question {
        Question::new("www.example.com", "A").unwrap()
    }

    fn with_id(question: &Question, mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.splice(..2.min(bytes.len()), question.id.to_be_bytes());
        bytes
    }

    #[test]
    fn pointers_in_circles_are_told() {
        let question = asked();
        // An answer whose question's name points to itself.
        let head = [0, 0, 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        let circle = with_id(&question, [&head[..], &[0xc0, 12, 0, 1, 0, 1]].concat());
        assert!(matches!(question.read(&circle), Reply::Garbled(why) if why.contains("cannot be read")));
    }

    proptest! {
        #[test]
        fn no_message_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let question = asked();
            let _ = question.read(&with_id(&question, bytes));
        }

        #[test]
        fn no_damage_panics(at in 0_usize..40, byte: u8, cut in 0_usize..60) {
            let question = asked();
            let mut bytes = question.bytes().to_vec();
            bytes[2] |= 0x80;
            let place = at % bytes.len();
            bytes[place] = byte;
            bytes.truncate(bytes.len().saturating_sub(cut % 20));
            let _ = question.read(&with_id(&question, bytes));
        }
    }
}
