//! What is said in the clear before TLS begins, as short as the protocols allow.

use std::io;

use domain::estate::StartTls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// RFC 5321, 4.5.3.1.5: the longest line of an answer, with room to spare for those who exceed it.
const LINE: usize = 2048;
/// A server that greets with more lines than this is not waited for.
const LINES: usize = 100;
/// Protocol 1234.5679: a length, and the request's code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
/// LDAPMessage 1: ExtendedRequest of 1.3.6.1.4.1.1466.20037.
const LDAP_REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// Asks for TLS in the words of the protocol.
///
/// # Errors
/// What the server said instead: a sentence.
pub(super) async fn ask(stream: &mut TcpStream, how: StartTls) -> Result<(), String> {
    let asked = match how {
        StartTls::Smtp => smtp(stream).await,
        StartTls::Postgres => postgres(stream).await,
        StartTls::Ldap => ldap(stream).await,
    };
    asked.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => "it closed the connection before TLS began".to_owned(),
        _ => format!("TLS cannot be asked for: {error}"),
    })
}

async fn smtp(stream: &mut TcpStream) -> io::Result<()> {
    expect(stream, "220", "its greeting").await?;
    stream.write_all(b"EHLO switchback\r\n").await?;
    expect(stream, "250", "EHLO").await?;
    stream.write_all(b"STARTTLS\r\n").await?;
    expect(stream, "220", "STARTTLS").await
}

/// Reads one reply of one or more lines.
async fn expect(stream: &mut TcpStream, code: &str, after: &str) -> io::Result<()> {
    for _ in 0..LINES {
        let line = line(stream).await?;
        if line.starts_with(code.as_bytes()) && line.get(3) == Some(&b'-') {
            continue;
        }
        if line.starts_with(code.as_bytes()) {
            return Ok(());
        }
        let said = domain::untrusted::sanitise_line(&line);
        return Err(io::Error::other(format!("{after} is answered with `{}`", super::process::shorten(&said, 80))));
    }
    Err(io::Error::other(format!("{after} is answered without end")))
}

/// One line, byte by byte: what follows it may belong to TLS.
async fn line(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < LINE {
        match stream.read_u8().await? {
            b'\n' => return Ok(line),
            byte => line.push(byte),
        }
    }
    Err(io::Error::other("its answer is one endless line"))
}

async fn postgres(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&SSL_REQUEST).await?;
    match stream.read_u8().await? {
        b'S' => Ok(()),
        b'N' => Err(io::Error::other("the server does not offer it")),
        _ => Err(io::Error::other("this is no PostgreSQL server")),
    }
}

async fn ldap(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(LDAP_REQUEST).await?;
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let length = match head {
        [0x30, length @ ..=0x7f] => usize::from(length),
        [0x30, 0x81] => usize::from(stream.read_u8().await?),
        [0x30, 0x82] => usize::from(stream.read_u16().await?),
        [0x30, 0x84] => usize::try_from(stream.read_u32().await?).unwrap_or(usize::MAX),
        _ => return Err(io::Error::other("this is no LDAP server")),
    };
    if length > LINE {
        return Err(io::Error::other("its answer is too long for this request"));
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await?;
    // An ExtendedResponse whose first element, an enumeration, is `success`.
    let response = answer.iter().position(|byte| *byte == 0x78).map(|at| &answer[at..]);
    match response
        .and_then(|response| response.windows(2).position(|tag| tag == [0x0a, 0x01]).map(|at| &response[at..]))
    {
        Some([_, _, 0, ..]) => Ok(()),
        Some([_, _, code, ..]) => Err(io::Error::other(format!("the server refuses it with LDAP result {code}"))),
        _ => Err(io::Error::other("its answer is no LDAP response")),
    }
}
