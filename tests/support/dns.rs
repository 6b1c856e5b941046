//! Name servers on loopback: one of our own that can misbehave, and dnsmasq.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, CNAME};
use hickory_proto::rr::{Name, RData, Record};

use super::wait::until;

/// What is answered to every question.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// These records: owner, time to live, and an address or another name.
    Records(Vec<(&'static str, u32, &'static str)>),
    Code(ResponseCode),
    /// Over UDP that there is more; over TCP these addresses.
    Cut(usize),
    /// Cut in the middle of a record.
    Chopped,
    /// Never.
    Silence,
    /// Answers to other questions first, then this one.
    AfterStrangers(&'static str),
    /// Nothing but answers with another identity.
    Strangers,
    /// The right identity, and these bytes behind it.
    Raw(Vec<u8>),
}

/// Answers over UDP and TCP until the test's process ends.
pub(crate) fn serve(answer: Answer) -> SocketAddr {
    let (udp, tcp) = sockets();
    let address = udp.local_addr().unwrap();
    let answer = Arc::new(answer);
    let over_tcp = Arc::clone(&answer);
    std::thread::spawn(move || {
        let mut datagram = [0; 2048];
        while let Ok((length, from)) = udp.recv_from(&mut datagram) {
            for reply in replies(&answer, &datagram[..length], false) {
                let _ = udp.send_to(&reply, from);
            }
        }
    });
    std::thread::spawn(move || {
        for stream in tcp.incoming().map_while(Result::ok) {
            let _ = converse(stream, &over_tcp);
        }
    });
    address
}

/// Of the same number.
fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
}

fn converse(mut stream: TcpStream, answer: &Answer) -> std::io::Result<()> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question)?;
    for reply in replies(answer, &question, true) {
        stream.write_all(&u16::try_from(reply.len()).unwrap().to_be_bytes())?;
        stream.write_all(&reply)?;
    }
    Ok(())
}

fn replies(answer: &Answer, question: &[u8], tcp: bool) -> Vec<Vec<u8>> {
    let Ok(asked) = Message::from_vec(question) else { return Vec::new() };
    let with = |records: &[(&str, u32, &str)], code: ResponseCode| {
        let mut message = Message::response(asked.metadata.id, OpCode::Query);
        message.metadata.message_type = MessageType::Response;
        message.metadata.authoritative = true;
        message.metadata.response_code = code;
        message.add_queries(asked.queries.clone());
        message.add_answers(records.iter().map(|(name, ttl, data)| {
            let data = match data.parse::<std::net::Ipv4Addr>() {
                Ok(address) => RData::A(A(address)),
                Err(_) => RData::CNAME(CNAME(Name::from_ascii(data).unwrap())),
            };
            Record::from_rdata(Name::from_ascii(name).unwrap(), *ttl, data)
        }));
        message
    };
    let fine = ResponseCode::NoError;
    let stranger = || {
        let mut message = with(&[("www.example.com.", 60, "203.0.113.66")], fine);
        message.metadata.id = message.metadata.id.wrapping_add(1);
        message.to_vec().unwrap()
    };
    match answer {
        Answer::Records(records) => vec![with(records, fine).to_vec().unwrap()],
        Answer::Code(code) => vec![with(&[], *code).to_vec().unwrap()],
        Answer::Cut(_) if !tcp => {
            let mut message = with(&[], fine);
            message.metadata.truncation = true;
            vec![message.to_vec().unwrap()]
        }
        Answer::Cut(many) => {
            let addresses: Vec<String> = (0..*many).map(|n| format!("10.0.{}.{}", n / 256, n % 256)).collect();
            let records: Vec<_> = addresses.iter().map(|address| ("www.example.com.", 60, address.as_str())).collect();
            vec![with(&records, fine).to_vec().unwrap()]
        }
        Answer::Chopped => {
            let mut bytes = with(&[("www.example.com.", 60, "192.0.2.1")], fine).to_vec().unwrap();
            bytes.truncate(bytes.len() - 3);
            vec![bytes]
        }
        Answer::Silence => Vec::new(),
        Answer::AfterStrangers(address) => {
            vec![stranger(), stranger(), with(&[("www.example.com.", 60, address)], fine).to_vec().unwrap()]
        }
        Answer::Strangers => vec![stranger()],
        Answer::Raw(bytes) => vec![[&question[..2], bytes].concat()],
    }
}

/// A real one, with records of its own; ends with the test.
#[derive(Debug)]
pub(crate) struct Dnsmasq {
    pub(crate) port: u16,
    process: Child,
}

impl Dnsmasq {
    /// `options` are its own, such as `--host-record=www.example.com,192.0.2.1,60`.
    pub(crate) fn new(options: &[&str]) -> Self {
        let (udp, tcp) = sockets();
        let port = udp.local_addr().unwrap().port();
        drop((udp, tcp));
        let process = Command::new("/usr/sbin/dnsmasq")
            .args(["--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces"])
            .args(["--listen-address=127.0.0.1", "--pid-file", "--user=", "--log-facility=-"])
            .arg(format!("--port={port}"))
            .args(options)
            .stderr(Stdio::null())
            .spawn()
            .expect("dnsmasq is installed by scripts/test");
        until("dnsmasq listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { port, process }
    }
}

impl Drop for Dnsmasq {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
