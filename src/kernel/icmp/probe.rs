//! One-shot probes for checks.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::BorrowedFd;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::echo::{self, Heard};
use super::refused::{Refused, reason};
use super::socket::{Arrival, EchoSocket, Opened, Wanted, fresh_id, open};
use crate::command::Family;
use crate::command::ping::Source;
use crate::kernel::tcp;
use crate::lesson::probe::{Answer, Expect, Probe, Unreachable, What};

/// Payload of a probe, bytes; as ping's, so that it looks the same in a capture.
const SIZE: u16 = crate::command::ping::print::SIZE;
/// Between two tries when an answer is wanted, or silence.
const AGAIN: Duration = Duration::from_millis(200);
/// Between two tries when an error is wanted. A router's account of errors to one host grows by a
/// second's worth a second, and "no route" costs it two, the first of them even when nothing is
/// sent (`ip_error` in net/ipv4/route.c, `icmpv4_xrlim_allow` in net/ipv4/icmp.c): who asks more
/// often than every two seconds is never told again.
const AGAIN_ERROR: Duration = Duration::from_millis(2200);
/// An error is waited for this long: two tries, and ARP may fail after either.
const PATIENCE_ERROR: Duration = Duration::from_millis(5500);
/// A final answer is waited for this long: three ARP requests, one a second, and a margin.
pub(crate) const PATIENCE: Duration = Duration::from_millis(3500);
/// Where an answer is wanted, an error may still be a passing state (DAD, a port that has just
/// come up), but not for longer than this.
pub(crate) const PASSING: Duration = Duration::from_secs(1);
/// Just before [`PASSING`] ends.
const LAST_TRY: Duration = Duration::from_millis(800);
/// Silence that lasts this long is steady.
pub(crate) const STEADY: Duration = Duration::from_millis(1200);

/// Sends a probe from the namespace and says what came back.
///
/// Wanting a reply, it tries for 3.5 seconds, since a fresh bridge port, DAD or ARP
/// need a moment; wanting silence, it sends several requests over a short window and ends with the
/// first thing that comes; wanting an error, it waits long enough for ARP to fail.
///
/// Of a TCP probe, `listen` is the namespace in which the program listens meanwhile.
pub async fn probe(ns: BorrowedFd<'_>, probe: &Probe, listen: Option<BorrowedFd<'_>>) -> Answer {
    let ports = tcp::Ports::default();
    let _listener = match (&probe.what, listen) {
        (What::Tcp { port, .. }, Some(listen)) => {
            match ports.listen(listen, SocketAddr::new(probe.to, *port)) {
                Ok(listener) => listener,
                Err(error) => return Answer::Failed(format!("{error:#}")),
            }
        }
        (What::Tcp { .. }, None) | (What::Ping { .. }, _) => None,
    };
    Prober::default().probe(ns, probe).await
}

/// Probes from one namespace, over sockets that stay open between them: a probe that is answered
/// then costs microseconds.
///
/// An open socket keeps its namespace alive: drop this with the namespace.
#[derive(Default)]
pub struct Prober {
    v4: Option<EchoSocket>,
    v6: Option<EchoSocket>,
    seq: u16,
    identifier: Option<u16>,
    local_port: Option<u16>,
}

impl Prober {
    /// As [`probe`](fn@probe), where whoever is to listen does already; `ns` must be the same each
    /// time.
    pub async fn probe(&mut self, ns: BorrowedFd<'_>, probe: &Probe) -> Answer {
        match &probe.what {
            What::Ping { size: None } => self.echo(ns, probe.to, &probe.expect).await,
            What::Ping { size: Some(size) } => self.large(ns, probe.to, *size, &probe.expect).await,
            What::Tcp { port, .. } => {
                let to = SocketAddr::new(probe.to, *port);
                tcp::probe(ns, to, &probe.expect, &mut self.local_port).await
            }
        }
    }

    /// The identifier of the echo requests that were sent last; none before the first.
    pub fn identifier(&self) -> Option<u16> {
        self.identifier
    }

    /// The port from which a connection was tried last; none before the first.
    pub fn local_port(&self) -> Option<u16> {
        self.local_port
    }

    async fn echo(&mut self, ns: BorrowedFd<'_>, to: IpAddr, expect: &Expect) -> Answer {
        let slot = match echo::family(to) {
            Family::V4 => &mut self.v4,
            Family::V6 => &mut self.v6,
        };
        let mut socket = match slot.take().map_or_else(|| ready(ns, to), Ok) {
            Ok(socket) => socket,
            Err(no) => return no.answer(),
        };
        self.identifier = Some(socket.identifier());
        let mut trial = Trial::new(to, SIZE, expect, self.seq.wrapping_add(1));
        let answer = trial.run(&mut socket).await;
        self.seq = trial.next.wrapping_sub(1);
        *match echo::family(to) {
            Family::V4 => &mut self.v4,
            Family::V6 => &mut self.v6,
        } = Some(socket);
        answer
    }

    /// Requests of a size of their own, none of which may be broken into fragments, over a socket of
    /// their own.
    async fn large(
        &mut self,
        ns: BorrowedFd<'_>,
        to: IpAddr,
        size: u16,
        expect: &Expect,
    ) -> Answer {
        let family = echo::family(to);
        let opened = opened(ns, to).and_then(|opened| {
            opened.keep_whole(family)?;
            EchoSocket::new(opened, family, fresh_id(), size).map_err(Refused::of("socket"))
        });
        match opened {
            Ok(mut socket) => {
                self.identifier = Some(socket.identifier());
                Trial::new(to, size, expect, 1).run(&mut socket).await
            }
            Err(no) => no.answer(),
        }
    }
}

fn ready(ns: BorrowedFd<'_>, to: IpAddr) -> Result<EchoSocket, Refused> {
    EchoSocket::new(opened(ns, to)?, echo::family(to), fresh_id(), SIZE)
        .map_err(Refused::of("socket"))
}

fn opened(ns: BorrowedFd<'_>, to: IpAddr) -> Result<Opened, Refused> {
    // From any address: the route is asked for with each request.
    let any = match echo::family(to) {
        Family::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Family::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let wanted = Wanted {
        to,
        source: Some(&Source::Address(any)),
        ttl: None,
    };
    open(ns, &wanted)
}

/// One probe under way.
struct Trial<'a> {
    to: IpAddr,
    /// Bytes of payload.
    size: u16,
    expect: &'a Expect,
    /// Sequence number of its first request; older ones are another probe's.
    first: u16,
    next: u16,
    begun: Instant,
    /// The newest answer that was not the wanted one, and when such a one first came.
    last: Option<(Instant, Answer)>,
}

impl<'a> Trial<'a> {
    fn new(to: IpAddr, size: u16, expect: &'a Expect, first: u16) -> Self {
        Self {
            to,
            size,
            expect,
            first,
            next: first,
            begun: Instant::now(),
            last: None,
        }
    }

    async fn run(&mut self, socket: &mut EchoSocket) -> Answer {
        loop {
            if let Some(answer) = self.send(socket) {
                return answer;
            }
            let sent = Instant::now();
            let mut again = sent + self.again();
            loop {
                tokio::select! {
                    biased;
                    arrival = socket.hear(self.to) => {
                        let answer = match arrival {
                            Ok(arrival) => self.heard(&arrival),
                            Err(error) => Some(Answer::Failed(reason(&error))),
                        };
                        if let Some(answer) = answer.and_then(|answer| self.weigh(answer)) {
                            return answer;
                        }
                        again = again.max(sent + self.again());
                    }
                    () = sleep_until(again.min(self.end())) => break,
                }
            }
            if Instant::now() >= self.end() {
                return self.close();
            }
        }
    }

    fn send(&mut self, socket: &EchoSocket) -> Option<Answer> {
        let sent = socket.send(self.to, self.next, self.size);
        self.next = self.next.wrapping_add(1);
        match sent {
            Ok(()) => None,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => self.weigh(refused(&error)),
        }
    }

    /// What an arrival says about this probe, if it is about one of its requests.
    fn heard(&self, arrival: &Arrival) -> Option<Answer> {
        let sent = self.next.wrapping_sub(self.first);
        let mine = |seq: u16| seq.wrapping_sub(self.first) < sent;
        match arrival.heard {
            Heard::Reply { seq, sent, .. } => mine(seq).then(|| Answer::Reply {
                rtt: sent.map_or(Duration::ZERO, |sent| arrival.at.saturating_sub(sent)),
            }),
            Heard::Error { seq, error } => {
                (mine(seq) && error.ends_request()).then(|| Answer::Unreachable {
                    by: Some(arrival.from),
                    code: Unreachable::from_icmp(error.family, error.kind, error.code),
                })
            }
        }
    }

    /// The answer, if it ends the probe; else it is kept for the end.
    fn weigh(&mut self, answer: Answer) -> Option<Answer> {
        let passing = match (&answer, self.expect) {
            (Answer::Reply { .. }, _) => false,
            (_, Expect::Reply) | (Answer::Failed(_), _) => true,
            (Answer::Unreachable { .. } | Answer::Silence { .. }, _) => false,
        };
        if !passing {
            return Some(answer);
        }
        let since = self.last.as_ref().map_or_else(Instant::now, |(at, _)| *at);
        self.last = Some((since, answer));
        None
    }

    /// How long to wait before the next request.
    fn again(&self) -> Duration {
        match (self.expect, &self.last) {
            (Expect::Unreachable { .. }, _) => AGAIN_ERROR,
            // Not to use up what a router may tell us: one last try, at the end.
            (Expect::Reply, Some((_, Answer::Unreachable { by: Some(_), .. }))) => LAST_TRY,
            (Expect::Reply | Expect::Timeout, _) => AGAIN,
        }
    }

    fn end(&self) -> Instant {
        let patience = match self.expect {
            Expect::Timeout => STEADY,
            Expect::Reply => PATIENCE,
            Expect::Unreachable { .. } => PATIENCE_ERROR,
        };
        let end = self.begun + patience;
        match (self.expect, &self.last) {
            (Expect::Timeout, _) | (_, None) => end,
            (_, Some((since, _))) => (*since + PASSING).min(end),
        }
    }

    fn close(&mut self) -> Answer {
        let silence = Answer::Silence {
            waited: self.begun.elapsed(),
        };
        match (self.last.take(), self.expect) {
            // A firewall of this host that drops what it sends is silence as well.
            (None, _) | (Some((_, Answer::Failed(_))), Expect::Timeout) => silence,
            (Some((_, answer)), _) => answer,
        }
    }
}

impl Refused {
    /// What it means for a request that it could not even be begun.
    pub(super) fn answer(self) -> Answer {
        self.errno.map_or(Answer::Failed(self.text), |errno| {
            refused(&io::Error::from_raw_os_error(errno))
        })
    }
}

/// What it means that the kernel would not send.
pub(crate) fn refused(error: &io::Error) -> Answer {
    let unreachable = |code| Answer::Unreachable { by: None, code };
    match error.raw_os_error() {
        Some(nix::libc::ENETUNREACH) => unreachable(Unreachable::NoRoute),
        Some(nix::libc::EHOSTUNREACH) => unreachable(Unreachable::Host),
        Some(nix::libc::EACCES) => unreachable(Unreachable::Prohibited),
        Some(nix::libc::ECONNREFUSED) => unreachable(Unreachable::Port),
        Some(nix::libc::EMSGSIZE) => unreachable(Unreachable::TooBig),
        _ => Answer::Failed(reason(error)),
    }
}
