//! The thread that sends requests.
//!
//! The kernel carries out a request within the sender's `sendmsg`: tens of milliseconds where a
//! device changes its namespace or goes. The thread that draws must not wait for that.

use std::cell::{Cell, OnceCell};
use std::os::fd::{FromRawFd, IntoRawFd};
use std::sync::LazyLock;
use std::{fmt, io, thread};

use anyhow::{Context, Result, anyhow};
use futures::Stream;
use netlink_packet_core::NetlinkMessage;
use netlink_proto::sys::TokioSocket;
use netlink_proto::{ConnectionHandle, NetlinkCodec};
use netlink_sys::{Socket, SocketAddr};
use tokio::runtime::{Builder, Handle};

use super::message::Rtm;
use super::turn::{Reading, Turns};
use crate::kernel::sandbox::leave_host;

static SERVICE: LazyLock<io::Result<Handle>> = LazyLock::new(start);

/// A socket that the thread serves from when it is first used. It is closed when this is dropped.
pub struct Served {
    socket: Cell<Option<Socket>>,
    handle: OnceCell<ConnectionHandle<Rtm>>,
    turns: Turns,
}

impl Served {
    /// A non-blocking socket that is to be served.
    pub fn new(socket: Socket) -> Self {
        Self {
            socket: Cell::new(Some(socket)),
            handle: OnceCell::new(),
            turns: Turns::default(),
        }
    }

    /// Sends a request for a whole table when no other one is being read.
    ///
    /// # Errors
    /// There can be no further thread, or the connection is lost.
    pub async fn read(
        &self,
        asked: NetlinkMessage<Rtm>,
    ) -> Result<impl Stream<Item = NetlinkMessage<Rtm>> + Unpin + use<>> {
        let turn = self.turns.clone().lock_owned().await;
        let answers = (self.handle()?)
            .request(asked, SocketAddr::new(0, 0))
            .context("rtnetlink has closed")?;
        Ok(Reading::new(Box::pin(answers), turn, handle()?.clone()))
    }

    /// Where requests are handed in.
    ///
    /// # Errors
    /// There can be no further thread.
    pub fn handle(&self) -> Result<&ConnectionHandle<Rtm>> {
        if let Some(handle) = self.handle.get() {
            return Ok(handle);
        }
        let service = handle()?;
        let socket = self.socket.take().context("rtnetlink's socket is gone")?;
        let _entered = service.enter();
        // SAFETY: this is a netlink socket that nobody else holds, as it was just given up.
        let socket = unsafe { TokioSocket::from_raw_fd(socket.into_raw_fd()) };
        let (mut connection, handle, _unasked) =
            netlink_proto::from_socket_with_codec::<Rtm, _, NetlinkCodec>(socket);
        // The stream of answers tells which request of a batch each belongs to.
        connection.set_forward_ack(true);
        service.spawn(connection);
        Ok(self.handle.get_or_init(|| handle))
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").finish_non_exhaustive()
    }
}

/// The runtime of that thread, which is started when it is first wanted and lives as long as the
/// program.
fn handle() -> Result<&'static Handle> {
    SERVICE
        .as_ref()
        .map_err(|error| anyhow!("no thread for rtnetlink: {error}"))
}

fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("rtnetlink".to_owned())
        .spawn(move || {
            leave_host();
            runtime.block_on(std::future::pending::<()>());
        })?;
    Ok(handle)
}
