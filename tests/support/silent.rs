//! An address that answers nothing: packets to it are dropped, as by a firewall.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// Longer than any connection on loopback takes to be made.
const MADE: Duration = Duration::from_millis(300);

/// Silent for as long as it lives.
#[derive(Debug)]
pub(crate) struct Silent {
    pub(crate) address: SocketAddr,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl Silent {
    /// A listener that accepts nothing, with its queue full: the kernel drops what comes after.
    pub(crate) fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let listener = TcpListener::from(socket);
        let address = listener.local_addr().unwrap();
        let waiting = std::iter::from_fn(|| TcpStream::connect_timeout(&address, MADE).ok()).collect();
        Self { address, _listener: listener, _waiting: waiting }
    }
}
