//! A small HTTP/1.1 server on loopback that can misbehave.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What is answered to one request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Status line without version, extra header lines, body.
    Say(&'static str, Vec<String>, Vec<u8>),
    /// Nothing, until the client goes.
    Hang,
    /// The head, and then a byte of the body now and then.
    Drip,
    /// A body of this many bytes.
    Huge(usize),
    /// These bytes, as they stand.
    Raw(Vec<u8>),
    /// This line again and again, until the client goes.
    Endless(&'static str),
    /// These bytes, and then the connection is reset.
    Reset(&'static str),
}

impl Answer {
    pub(crate) fn text(status: &'static str, body: &str) -> Self {
        Self::Say(status, vec!["content-type: text/plain".into()], body.as_bytes().to_vec())
    }
    pub(crate) fn json(body: &str) -> Self {
        Self::Say("200 OK", vec!["content-type: application/json".into()], body.as_bytes().to_vec())
    }
}

/// One request: its first line, its head, and as much of a body as it announces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let of = |line: &&String| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        self.head.iter().find(of)?.split_once(':').map(|(_, value)| value.trim())
    }
}

/// Stops when dropped, and lets go of every client that hangs on it.
#[derive(Debug)]
pub(crate) struct HttpServer {
    pub(crate) address: SocketAddr,
    ending: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
    _end: Sender<()>,
}

impl HttpServer {
    pub(crate) fn new(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ending = Arc::new(AtomicBool::new(false));
        let (end, ended) = channel();
        let (answer, ended, stop) = (Arc::new(answer), Arc::new(Mutex::new(ended)), Arc::clone(&ending));
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, ended) = (Arc::clone(&answer), Arc::clone(&ended));
                std::thread::spawn(move || serve(stream, &*answer, &ended));
            }
        });
        Self { address, ending, accepting: Some(accepting), _end: end }
    }

    /// Answers everything in the same way.
    pub(crate) fn always(answer: Answer) -> Self {
        Self::new(move |_| answer.clone())
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Request) -> Answer, ended: &Mutex<Receiver<()>>) {
    let Some(request) = read(&stream) else {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        return;
    };
    let _ = match answer(&request) {
        Answer::Say(status, headers, body) => {
            // One request for one connection, said so: a client that sends the next one here is reset.
            let mut head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
            for header in headers {
                head.push_str(&format!("{header}\r\n"));
            }
            stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.write_all(&body))
        }
        Answer::Hang => {
            // Ends when the client closes.
            stream.read_to_end(&mut Vec::new()).map(drop)
        }
        Answer::Drip => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n").and_then(|()| {
            while matches!(
                ended.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(Duration::from_millis(20)),
                Err(RecvTimeoutError::Timeout)
            ) {
                stream.write_all(b".")?;
            }
            Ok(())
        }),
        Answer::Huge(bytes) => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n");
            let chunk = vec![b'x'; 64 * 1024];
            stream
                .write_all(head.as_bytes())
                .and_then(|()| (0..bytes.div_ceil(chunk.len())).try_for_each(|_| stream.write_all(&chunk)))
        }
        Answer::Raw(bytes) => stream.write_all(&bytes),
        Answer::Endless(line) => {
            let many = line.repeat(1000);
            stream.write_all(b"HTTP/1.1 200 OK\r\n").and_then(|()| {
                loop {
                    stream.write_all(many.as_bytes())?;
                }
            })
        }
        Answer::Reset(bytes) => stream.write_all(bytes.as_bytes()).and_then(|()| {
            // What lingers for no time is thrown away at the close, and the other side is told so.
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))
        }),
    };
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut stream = BufReader::new(stream);
    let mut lines = stream.by_ref().lines();
    let line = lines.next()?.ok()?;
    let head = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let mut request = Request { line, head, body: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body).ok()?;
    Some(request)
}
