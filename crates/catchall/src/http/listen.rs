//! Listening: connections are counted, and whoever says nothing for too long is hung up on, so that open sockets alone do not
//! bring the server down.

use std::collections::HashMap;
use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

use crate::app::held;

/// Connections at once; the others wait to be taken.
const ALL: usize = 4096;
/// Connections at once from one address that is not this machine's; the next is hung up on.
const FROM_ONE: usize = 512;
/// A connection on which nothing moves for so long ends. Longer than a handler may take.
const QUIET: Duration = Duration::from_secs(90);

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Guarded>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Guarded>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// A listener that counts.
pub struct Guarded {
    listener: TcpListener,
    all: Arc<Semaphore>,
    by_address: Counts,
}

impl Guarded {
    /// Around a listener.
    pub fn new(listener: TcpListener) -> Guarded {
        Guarded {
            listener,
            all: Arc::new(Semaphore::new(ALL)),
            by_address: Counts::default(),
        }
    }
}

impl Listener for Guarded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let Ok(permit) = self.all.clone().acquire_owned().await else {
                // The semaphore is never closed; without it nobody is taken.
                std::future::pending::<()>().await;
                continue;
            };
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    let Some(counted) = Counted::of(&self.by_address, address.ip()) else {
                        continue;
                    };
                    let _ = stream.set_nodelay(true);
                    let connection = Connection {
                        stream,
                        quiet: Box::pin(tokio::time::sleep(QUIET)),
                        _counted: counted,
                        _permit: permit,
                    };
                    return (connection, address);
                }
                // Out of file handles, say: others end, then it goes on.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One of the connections of an address, for as long as it lives.
struct Counted {
    counts: Counts,
    address: IpAddr,
}

impl Counted {
    fn of(counts: &Counts, address: IpAddr) -> Option<Counted> {
        let mut all = held(counts);
        let own = all.entry(address).or_default();
        if *own >= FROM_ONE && !address.is_loopback() {
            return None;
        }
        *own += 1;
        Some(Counted {
            counts: counts.clone(),
            address,
        })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut all = held(&self.counts);
        if let Some(own) = all.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.address);
            }
        }
    }
}

/// A connection that ends when nothing moves on it.
pub struct Connection {
    stream: TcpStream,
    quiet: Pin<Box<Sleep>>,
    _counted: Counted,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    /// Something moved, or nothing did for too long.
    fn moved<T>(&mut self, context: &mut Context<'_>, polled: Poll<Result<T>>) -> Poll<Result<T>> {
        if polled.is_ready() {
            self.quiet.as_mut().reset(Instant::now() + QUIET);
            return polled;
        }
        match self.quiet.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(Error::from(ErrorKind::TimedOut))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, into);
        self.moved(context, polled)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.moved(context, polled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_gives_them_back() {
        let counts = Counts::default();
        let address: IpAddr = "192.0.2.7".parse().unwrap();
        let mut kept: Vec<Counted> = (0..FROM_ONE)
            .filter_map(|_| Counted::of(&counts, address))
            .collect();
        assert_eq!(kept.len(), FROM_ONE);
        assert!(Counted::of(&counts, address).is_none());
        assert!(Counted::of(&counts, "192.0.2.8".parse().unwrap()).is_some());
        kept.pop();
        assert!(Counted::of(&counts, address).is_some());
        kept.clear();
        assert!(held(&counts).is_empty());
    }
}
