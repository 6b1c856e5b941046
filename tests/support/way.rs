//! A way to a server that can be cut, and a second one beside it.

use std::io::copy;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Passes on what comes in at its port while it is open, or while there is a second way: a file that says so.
pub(crate) struct Way {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
    carried: Arc<Mutex<Vec<TcpStream>>>,
}

impl Way {
    pub(crate) fn to(port: u16, second: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, carried) = (Arc::new(AtomicBool::new(false)), Arc::<Mutex<Vec<TcpStream>>>::default());
        let (closed, kept) = (Arc::clone(&cut), Arc::clone(&carried));
        std::thread::spawn(move || {
            for from in listener.incoming().map_while(Result::ok) {
                if closed.load(Ordering::SeqCst) && !second.exists() {
                    continue;
                }
                let Ok(to) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend([from.try_clone().unwrap(), to.try_clone().unwrap()]);
                for (from, to) in [(from.try_clone().unwrap(), to.try_clone().unwrap()), (to, from)] {
                    std::thread::spawn(move || carry(from, to));
                }
            }
        });
        Self { address, cut, carried }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Nobody comes through any more, and who is on the way falls off.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for stream in self.carried.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    let _ = copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
