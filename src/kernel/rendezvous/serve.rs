//! The session's side: who knocks is looked at, asked what it wants, and answered.
//!
//! All of it is tasks of the one runtime that wait for their socket. A stranger is sent away unheard.
//! Whoever is allowed in has a moment to say a line and to take the answer, and only a few may at a
//! time; others wait in the kernel's queue. So neither garbage nor a flood nor somebody who says
//! nothing costs more than that.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::unistd::geteuid;
use tokio::io::Interest;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::spawn_local;
use tokio::time::timeout;

use super::board::{Board, Wish};
use super::protocol::{LONGEST_REPLY, LONGEST_REQUEST, Reply, Request, Status, line, whole};
use super::{Door, descriptors};
use crate::kernel::machine::Machine;
use crate::world::Ns;

/// So many are listened to at a time.
const ASKING: usize = 16;

/// So many may be within at a time.
const WITHIN: usize = 64;

/// So long somebody may take to ask, and to take the answer.
const MOMENT: Duration = Duration::from_secs(1);

/// So long the session may take to answer: a packet that gets no answer is waited for, and followed
/// then.
pub(super) const ANSWER: Duration = Duration::from_secs(12);

/// Tells those who are within that their namespaces are void.
#[derive(Debug, Default)]
pub struct Rounds(watch::Sender<u64>);

impl Rounds {
    /// The namespaces are being dropped.
    pub fn end(&self) {
        self.0.send_modify(|round| *round += 1);
    }
}

/// A session as those who ask see it.
struct Host {
    machine: Rc<Machine>,
    board: Board,
    since: u64,
    rounds: watch::Receiver<u64>,
    within: Arc<Semaphore>,
}

/// Begins to answer at `door`. Must be called within a `LocalSet`.
///
/// # Errors
/// If the runtime cannot watch the socket.
pub fn serve(door: Door, machine: Rc<Machine>, rounds: &Rounds, board: Board) -> Result<()> {
    let Door { listener, since } = door;
    let listener = listener
        .set_nonblocking(true)
        .and_then(|()| UnixListener::from_std(listener))
        .context("listening for a second terminal")?;
    let host = Rc::new(Host {
        machine,
        board,
        since,
        rounds: rounds.0.subscribe(),
        within: Arc::new(Semaphore::new(WITHIN)),
    });
    spawn_local(receive(listener, host));
    Ok(())
}

async fn receive(listener: UnixListener, host: Rc<Host>) {
    let asking = Arc::new(Semaphore::new(ASKING));
    // Never closed, so there is always a place to come.
    while let Ok(place) = asking.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) if is_same_user(&stream) => {
                spawn_local(attend(stream, host.clone(), place));
            }
            Ok(_) => {}
            // The one who knocked has gone; the next is as welcome.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            // Out of descriptors or memory: asking again at once would turn in a circle.
            Err(_) => tokio::time::sleep(MOMENT).await,
        }
    }
}

/// Is it the user who started this session? See [`super`] for why this holds in a user namespace.
fn is_same_user(stream: &UnixStream) -> bool {
    let peer = stream.peer_cred();
    peer.is_ok_and(|peer| peer.uid() == geteuid().as_raw())
}

/// Hears one out. If it goes, or takes too long, there is nobody to be answered.
async fn attend(stream: UnixStream, host: Rc<Host>, place: OwnedSemaphorePermit) {
    let mut rounds = host.rounds.clone();
    rounds.mark_unchanged();
    let Ok(Ok(request)) = timeout(MOMENT, hear(&stream)).await else {
        return;
    };
    let Some(answer) = host.answer(&stream, request).await else {
        return;
    };
    let handed: Vec<BorrowedFd> = answer.rooms.iter().flatten().map(AsFd::as_fd).collect();
    let Ok(Ok(())) = timeout(MOMENT, say(&stream, &sized(&answer.reply), &handed)).await else {
        return;
    };
    drop(answer.rooms);
    drop(place);
    if let Some(within) = answer.within {
        tokio::select! {
            () = leaves(&stream) => {}
            // Nobody is told who has left at the same moment.
            _ = rounds.changed() => drop(timeout(MOMENT, say(&stream, &line(&Reply::Anew), &[])).await),
        }
        drop(within);
    }
}

/// One line. What cannot be read is an error for the asker, not for us.
async fn hear(stream: &UnixStream) -> io::Result<Result<Request, io::Error>> {
    let mut heard = Vec::new();
    loop {
        if let Some(request) = whole(&heard, LONGEST_REQUEST) {
            return Ok(request);
        }
        let mut some = [0; 512];
        stream.readable().await?;
        match stream.try_read(&mut some) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => heard.extend_from_slice(&some[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits until a visitor's end is closed. A visitor has nothing more to say; one who talks all the
/// same has left.
async fn leaves(stream: &UnixStream) {
    loop {
        if stream.readable().await.is_err() {
            return;
        }
        match stream.try_read(&mut [0]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(_) | Err(_) => return,
        }
    }
}

/// What is answered, and what comes with it.
struct Answer {
    reply: Reply,
    rooms: Option<[OwnedFd; 4]>,
    /// Held for as long as the asker is within.
    within: Option<OwnedSemaphorePermit>,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self {
            reply,
            rooms: None,
            within: None,
        }
    }
}

impl Host {
    /// The answer; none when the asker has gone before it was there.
    async fn answer(
        &self,
        stream: &UnixStream,
        request: Result<Request, io::Error>,
    ) -> Option<Answer> {
        Some(match request {
            Ok(Request::Status) => self.status().into(),
            Ok(Request::Enter { ns }) => self.enter(&ns),
            Ok(Request::Map) => self.ask(stream, Wish::Map).await?.into(),
            Ok(Request::Why { from, to }) => {
                let wish = Wish::Why { from, to };
                self.ask(stream, wish).await?.into()
            }
            Err(error) => {
                let words = format!("the session does not understand the request: {error}");
                Reply::Refused(words).into()
            }
        })
    }

    fn enter(&self, ns: &str) -> Answer {
        let Ok(within) = self.within.clone().try_acquire_owned() else {
            return too_many().into();
        };
        match self.rooms(&Ns::from_name(ns)) {
            Ok(rooms) => Answer {
                reply: Reply::Enter,
                rooms: Some(rooms),
                within: Some(within),
            },
            Err(reply) => reply.into(),
        }
    }

    /// Has the session answer; whoever leaves meanwhile wants no answer.
    async fn ask(&self, stream: &UnixStream, wish: Wish) -> Option<Reply> {
        let answered = timeout(ANSWER, self.board.ask(wish));
        let reply = tokio::select! {
            reply = answered => reply.ok().flatten(),
            () = leaves(stream) => return None,
        };
        let busy = "the session has no answer; it is being left, or too busy";
        Some(reply.unwrap_or_else(|| Reply::Refused(busy.to_owned())))
    }

    fn status(&self) -> Reply {
        match self.namespaces() {
            Ok(namespaces) => Reply::Status(Status {
                lesson: self.board.standing(),
                namespaces,
                since: self.since,
            }),
            Err(error) => Reply::Refused(format!("{error:#}")),
        }
    }

    fn namespaces(&self) -> Result<Vec<String>> {
        let mut all = self.machine.all()?;
        all.sort();
        Ok(all.iter().map(|ns| ns.name().to_owned()).collect())
    }

    /// The namespaces that a process in `ns` stands in: user, mount, pid, network.
    fn rooms(&self, ns: &Ns) -> Result<[OwnedFd; 4], Reply> {
        let Ok(net) = self.machine.fd(ns) else {
            let all = self.namespaces();
            return Err(all.map_or_else(
                |error| Reply::Refused(format!("{error:#}")),
                Reply::NoSuchNs,
            ));
        };
        let open = |kind: &str| {
            let opened = File::open(format!("/proc/self/ns/{kind}"));
            opened.map(OwnedFd::from).map_err(|error| {
                let words = format!("the session cannot open its {kind} namespace: {error}");
                Reply::Refused(words)
            })
        };
        Ok([open("user")?, open("mnt")?, open("pid")?, net])
    }
}

/// A reply as a line that is not longer than one may be.
fn sized(reply: &Reply) -> Vec<u8> {
    let told = line(reply);
    if told.len() <= LONGEST_REPLY {
        return told;
    }
    let words = format!("the answer has {} bytes, which is too long", told.len());
    line(&Reply::Refused(words))
}

fn too_many() -> Reply {
    Reply::Refused(format!("there are {WITHIN} shells in this session already"))
}

/// Says a line, and hands over `descriptors` with it.
async fn say(stream: &UnixStream, line: &[u8], handed: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut rest = line;
    let mut handed = handed;
    while !rest.is_empty() {
        let sent = stream
            .async_io(Interest::WRITABLE, || {
                descriptors::send(stream.as_fd(), rest, handed)
            })
            .await?;
        if sent == 0 {
            return Err(Errno::EPIPE.into());
        }
        rest = &rest[sent..];
        handed = &[];
    }
    Ok(())
}
