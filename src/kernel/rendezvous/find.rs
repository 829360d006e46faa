//! The second terminal's side: which sessions there are, and what they say.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::socket::{getsockopt, sockopt::PeerCredentials};
use nix::unistd::{Uid, geteuid};
use socket2::{Domain, SockAddr, Socket, Type};

use super::descriptors;
use super::protocol::{LONGEST_REPLY, Reply, Request, Status, Told, line, whole};
use super::serve::ANSWER;
use super::visit::Visit;
use crate::world::Ns;

/// A session that says nothing for so long does not answer (it is stopped, perhaps). Longer than
/// it lets others take.
const PATIENCE: Duration = Duration::from_secs(2);

/// A session that runs.
#[derive(Clone, Debug)]
pub struct Session {
    /// The process that was started: the guardian's.
    pub pid: i32,
    /// What it says of itself.
    pub status: Status,
    name: String,
}

/// This user's sessions.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Those that answer, the oldest first.
    pub sessions: Vec<Session>,
    /// Processes of those that do not.
    pub silent: Vec<i32>,
}

impl Found {
    /// Looks for them.
    ///
    /// # Errors
    /// If the kernel does not list its sockets.
    pub fn look() -> Result<Self> {
        let mut found = Self::default();
        let ours = super::prefix(geteuid());
        for name in names()?.into_iter().filter(|name| name.starts_with(&ours)) {
            // One that has ended meanwhile, or that somebody else has opened under our name, is
            // none of our sessions.
            let Ok((connection, pid)) = connect(&name) else {
                continue;
            };
            match ask(&connection, &Request::Status) {
                Ok((Reply::Status(status), _)) => {
                    found.sessions.push(Session { pid, status, name });
                }
                Ok((
                    Reply::Enter
                    | Reply::Anew
                    | Reply::NoSuchNs(_)
                    | Reply::Map(_)
                    | Reply::Why(_)
                    | Reply::Refused(_),
                    _,
                ))
                | Err(_) => {
                    found.silent.push(pid);
                }
            }
        }
        let age = |session: &Session| (session.status.since, session.pid);
        found.sessions.sort_by_key(age);
        found.silent.sort_unstable();
        Ok(found)
    }
}

impl Session {
    /// Asks to be let into namespace `ns`. `Err` within: there is none of that name, but these.
    ///
    /// # Errors
    /// If the session has ended or refuses.
    pub fn enter(&self, ns: &str) -> Result<Result<Visit, Vec<String>>> {
        let request = Request::Enter { ns: ns.to_owned() };
        let (connection, reply, rooms) = self.ask(&request)?;
        match reply {
            Reply::Enter => Visit::new(connection, Ns::from_name(ns), rooms).map(Ok),
            Reply::NoSuchNs(namespaces) => Ok(Err(namespaces)),
            Reply::Status(_) | Reply::Anew | Reply::Map(_) | Reply::Why(_) | Reply::Refused(_) => {
                Err(self.no_answer(reply))
            }
        }
    }

    /// Asks what there is, and how it is plugged.
    ///
    /// # Errors
    /// If the session has ended or refuses.
    pub fn map(&self) -> Result<serde_json::Value> {
        match self.ask(&Request::Map)?.1 {
            Reply::Map(map) => Ok(map),
            other => Err(self.no_answer(other)),
        }
    }

    /// Has a packet sent from namespace `from` to an address, or a namespace; what became of it.
    ///
    /// # Errors
    /// If the session has ended or refuses.
    pub fn why(&self, from: &str, to: &str) -> Result<Told> {
        let (from, to) = (from.to_owned(), to.to_owned());
        match self.ask(&Request::Why { from, to })?.1 {
            Reply::Why(told) => Ok(told),
            other => Err(self.no_answer(other)),
        }
    }

    fn ask(&self, request: &Request) -> Result<(UnixStream, Reply, Vec<OwnedFd>)> {
        let pid = self.pid;
        let (connection, _) = connect(&self.name).with_context(|| format!("session {pid}"))?;
        // A packet takes its time; the session answers at last that it has none.
        connection.set_read_timeout(Some(PATIENCE + ANSWER))?;
        let (reply, rooms) =
            ask(&connection, request).with_context(|| format!("asking session {pid}"))?;
        Ok((connection, reply, rooms))
    }

    /// Why there is no answer to what was asked.
    fn no_answer(&self, reply: Reply) -> anyhow::Error {
        let pid = self.pid;
        match reply {
            Reply::Refused(why) => anyhow!("session {pid}: {why}"),
            Reply::Status(_)
            | Reply::Enter
            | Reply::Anew
            | Reply::NoSuchNs(_)
            | Reply::Map(_)
            | Reply::Why(_) => {
                anyhow!("session {pid} answers something else than what was asked")
            }
        }
    }
}

/// Other users of whom a session seems to run. Anybody can choose such a name, so this is a hint.
pub fn strangers() -> BTreeSet<u32> {
    let names = names().unwrap_or_default();
    let users = names
        .iter()
        .filter_map(|name| name.split('/').nth(1)?.parse().ok());
    users
        .filter(|user| Uid::from_raw(*user) != geteuid())
        .collect()
}

/// Names of all sockets that may be a session's.
fn names() -> Result<Vec<String>> {
    let sockets = fs::read("/proc/net/unix").context("/proc/net/unix cannot be read")?;
    Ok(listening(&String::from_utf8_lossy(&sockets)))
}

/// Names out of `/proc/net/unix` (`unix_seq_show` of `net/unix/af_unix.c`): an abstract one stands
/// behind an `@`, and one that listens has the flag `__SO_ACCEPTCON`.
fn listening(sockets: &str) -> Vec<String> {
    let name = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let name = fields.get(7)?.strip_prefix('@')?;
        let listens = *fields.get(3)? == "00010000";
        (listens && name.starts_with("tutor/")).then(|| name.to_owned())
    };
    sockets.lines().filter_map(name).collect()
}

/// Connects to the session of that name, which must be this user's; its process.
fn connect(name: &str) -> io::Result<(UnixStream, i32)> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    // Connecting too waits as long as sending may, if the queue is full.
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.connect(&SockAddr::unix(format!("\0{name}"))?)?;
    let peer = getsockopt(&socket, PeerCredentials)?;
    if peer.uid() != geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok((OwnedFd::from(socket).into(), peer.pid()))
}

/// Asks, and waits for the answer and the descriptors that come with it.
fn ask(mut connection: &UnixStream, request: &Request) -> Result<(Reply, Vec<OwnedFd>)> {
    connection
        .write_all(&line(request))
        .context("it does not listen")?;
    let mut heard = Vec::new();
    let mut handed = Vec::new();
    loop {
        if let Some(reply) = whole(&heard, LONGEST_REPLY) {
            let reply = reply.context("its answer is not understood; is it another version?")?;
            return Ok((reply, handed));
        }
        let mut some = [0; 4096];
        let (length, with_it) =
            descriptors::receive(connection.as_fd(), &mut some).context("it does not answer")?;
        if length == 0 {
            bail!("it has ended");
        }
        heard.extend_from_slice(&some[..length]);
        handed.extend(with_it);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_that_listen_under_our_name_are_found() {
        let sockets = "\
Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 25410 @tutor/1000/77/00ff
0000000000000000: 00000003 00000000 00000000 0001 03 25411 @tutor/1000/77/00ff
0000000000000000: 00000002 00000000 00010000 0001 01 25412 /run/tutor/1000/78
0000000000000000: 00000003 00000000 00000000 0001 03 25413
0000000000000000: 00000002 00000000 00010000 0001 01 25414 @other
0000000000000000: 00000002 00000000 00010000 0001 01 25415 @tutor/0/79/aa
";
        assert_eq!(listening(sockets), ["tutor/1000/77/00ff", "tutor/0/79/aa"]);
    }
}
