//! A slow link: every byte arrives in order, and late.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// One direction of it.
pub(crate) enum Far {
    From { arriving: Receiver<(Instant, Vec<u8>)>, left: Vec<u8> },
    To { sending: Sender<(Instant, Vec<u8>)>, latency: Duration },
}

impl Far {
    pub(crate) fn from(mut near: Box<dyn Read + Send>, latency: Duration) -> Self {
        let (sending, arriving) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = near.read(&mut buffer) {
                if sending.send((Instant::now() + latency, buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        Self::From { arriving, left: Vec::new() }
    }

    pub(crate) fn to(mut near: Box<dyn Write + Send>, latency: Duration) -> Self {
        let (sending, arriving) = channel::<(Instant, Vec<u8>)>();
        thread::spawn(move || {
            for (due, bytes) in arriving {
                thread::sleep(due.saturating_duration_since(Instant::now()));
                if near.write_all(&bytes).and_then(|()| near.flush()).is_err() {
                    return;
                }
            }
        });
        Self::To { sending, latency }
    }
}

impl Read for Far {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self::From { arriving, left } = self else { return Ok(0) };
        if left.is_empty() {
            let Ok((due, bytes)) = arriving.recv() else { return Ok(0) };
            thread::sleep(due.saturating_duration_since(Instant::now()));
            *left = bytes;
        }
        let count = left.as_slice().read(buffer)?;
        left.drain(..count);
        Ok(count)
    }
}

impl Write for Far {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self::To { sending, latency } = self else { return Ok(0) };
        sending.send((Instant::now() + *latency, bytes.to_vec())).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
