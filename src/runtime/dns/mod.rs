//! One question to one resolver: UDP first, TCP when the answer is cut.

mod message;
mod resolv_conf;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use domain::reading::Answer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::time::timeout;

pub use message::{Question, Reply};
pub use resolv_conf::system_resolvers;

/// A datagram that is lost is sent again after this share of the patience, twice at most.
const TRIES: u32 = 3;

/// Asks `resolver`, within `patience`.
///
/// # Errors
/// Why it told nothing: a sentence.
pub async fn ask(question: &Question, resolver: (&str, u16), patience: Duration) -> Result<Answer, String> {
    let mut strangers = 0_u32;
    match timeout(patience, exchange(question, resolver, patience, &mut strangers)).await {
        Ok(answer) => answer,
        Err(_) if strangers > 0 => Err(format!("no answer to this question, but {strangers} to none that was asked")),
        Err(_) => Err("it does not answer".to_owned()),
    }
}

async fn exchange(
    question: &Question,
    (host, port): (&str, u16),
    patience: Duration,
    strangers: &mut u32,
) -> Result<Answer, String> {
    let mut addresses = lookup_host((host, port)).await.map_err(|error| format!("{host} cannot be found: {error}"))?;
    let address = addresses.next().ok_or_else(|| format!("{host} has no address"))?;
    let failed = |error: io::Error| format!("it cannot be asked: {error}");
    match over_udp(question, address, patience / TRIES, strangers).await.map_err(failed)? {
        Reply::Answer(answer) => Ok(answer),
        Reply::Garbled(why) => Err(why),
        Reply::Cut => match over_tcp(question, address).await.map_err(failed)? {
            Reply::Answer(answer) => Ok(answer),
            Reply::Garbled(why) => Err(why),
            Reply::Cut => Err("its answer is cut even over TCP".to_owned()),
            Reply::Stranger => Err("over TCP it answers another question".to_owned()),
        },
        Reply::Stranger => Err("it answers another question".to_owned()),
    }
}

/// Waits for the answer to this question; others, of which anybody may send any number, are counted and left alone.
async fn over_udp(question: &Question, address: SocketAddr, again: Duration, strangers: &mut u32) -> io::Result<Reply> {
    let any: SocketAddr =
        if address.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any).await?;
    // Connected: only this address is heard, and its refusal too.
    socket.connect(address).await?;
    let mut datagram = vec![0; usize::from(message::DATAGRAM)];
    let mut tries = 0;
    loop {
        if tries < TRIES {
            socket.send(question.bytes()).await?;
            tries += 1;
        }
        let heard = timeout(again, async {
            loop {
                let length = socket.recv(&mut datagram).await?;
                match question.read(&datagram[..length]) {
                    Reply::Stranger => *strangers = strangers.saturating_add(1),
                    reply => return Ok(reply),
                }
            }
        });
        if let Ok(heard) = heard.await {
            return heard;
        }
    }
}

async fn over_tcp(question: &Question, address: SocketAddr) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(address).await?;
    let length = u16::try_from(question.bytes().len()).map_err(io::Error::other)?;
    // One segment: some servers take no other.
    stream.write_all(&[&length.to_be_bytes(), question.bytes()].concat()).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    Ok(question.read(&answer))
}
