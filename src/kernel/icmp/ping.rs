//! The `ping` command, with the timing and the exit status of iputils 20221126.

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::os::fd::BorrowedFd;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context;
use tokio::time::{Instant, sleep_until};

use super::echo::{self, Heard};
use super::probe::refused;
use super::refused::{Refused, reason};
use super::socket::{Arrival, EchoSocket, Wanted, fresh_id, open};
use crate::command::ping::Ping;
use crate::command::ping::print::{self, Peer, Reply, SIZE, Statistics};
use crate::kernel::Text;
use crate::lesson::probe::{Answer, Unreachable};

/// Between requests, where `-i` does not say.
const INTERVAL: Duration = Duration::from_secs(1);
/// For the first answer after the last request, where `-W` does not say.
const LINGER: Duration = Duration::from_secs(10);
/// `-i 0` means "as fast as answers come", but not faster than this without an answer.
const SHORTEST: Duration = Duration::from_millis(10);

/// How a `ping` has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinged {
    /// Its exit status: 0 answered, 1 not answered, 2 could not be sent.
    pub status: u8,
    /// What came back: a reply if there was any, else the last error, else silence.
    pub answer: Answer,
    /// The identifier of its requests, if any could be sent.
    pub identifier: Option<u16>,
}

/// Sends echo requests from the namespace and prints what ping prints, line by line as it happens
/// and the statistics at the end, which `stop` brings about as `^C` does.
///
/// One word of difference: this release of iputils forgot to say `sendmsg: Operation not
/// permitted` when a firewall of this host refuses a request; those before and after say it, and
/// so does this one, since a learner needs it.
///
/// # Errors
/// The socket cannot be watched or read.
pub async fn ping(
    ns: BorrowedFd<'_>,
    ping: &Ping,
    print: &mut dyn FnMut(Text),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Pinged> {
    let size = ping.size.unwrap_or(SIZE);
    let wanted = Wanted {
        to: ping.to,
        source: ping.source.as_ref(),
        ttl: ping.ttl,
    };
    let opened = match open(ns, &wanted) {
        Ok(opened) => opened,
        Err(no) => {
            print(Text::Err(format!("ping: {}\n", explain(&no))));
            return Ok(Pinged {
                status: 2,
                answer: no.answer(),
                identifier: None,
            });
        }
    };
    if let (true, Some(crate::command::ping::Source::Device(dev))) = (opened.foreign, &ping.source)
    {
        print(Text::Err(format!(
            "ping: Warning: source address might be selected on device other than: {dev}\n"
        )));
    }
    let to = match ping.to {
        IpAddr::V4(to) if to.is_unspecified() => opened.source,
        other => other,
    };
    print(Text::Out(print::header(ping, to, opened.source)));
    let family = echo::family(to);
    let socket = EchoSocket::new(opened, family, fresh_id(), size)
        .with_context(|| format!("ping {to}: cannot watch the socket"))?;
    let mut run = Run {
        ping,
        to,
        socket,
        size,
        statistics: Statistics::default(),
        answered: HashSet::new(),
        acknowledged: 0,
        started: Instant::now(),
        answer: None,
    };
    run.go(print, stop).await?;
    print(Text::Out(run.statistics.print(ping.to)));
    Ok(Pinged {
        status: run.statistics.status(),
        answer: run.answer(),
        identifier: Some(run.socket.identifier()),
    })
}

/// What ping says when it could not begin.
fn explain(refused: &Refused) -> String {
    if refused.errno == Some(nix::libc::EACCES) && refused.text.starts_with("connect") {
        // Also what a `prohibit` route brings.
        return "Do you want to ping broadcast? Then -b. If not, check your local firewall rules"
            .to_owned();
    }
    refused.text.clone()
}

struct Run<'a> {
    ping: &'a Ping,
    to: IpAddr,
    socket: EchoSocket,
    size: u16,
    statistics: Statistics,
    /// Sequence numbers answered since they were last sent.
    answered: HashSet<u16>,
    /// The newest sequence number that anything came back for.
    acknowledged: u16,
    started: Instant,
    /// What came back so far; a reply is not replaced by an error.
    answer: Option<Answer>,
}

impl Run<'_> {
    async fn go(
        &mut self,
        print: &mut dyn FnMut(Text),
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        let mut stop = pin!(stop);
        let mut next = Instant::now();
        let mut end = None;
        while !self.complete() {
            let wake = end.unwrap_or(next);
            tokio::select! {
                biased;
                () = &mut stop => break,
                arrival = self.socket.hear(self.to) => {
                    let arrival = arrival.with_context(|| format!("ping {}: cannot receive", self.to))?;
                    self.arrived(&arrival, print);
                    if self.interval().is_zero() && self.in_flight() == 0 {
                        next = Instant::now();
                    }
                }
                () = sleep_until(wake) => {
                    if end.is_some() {
                        break;
                    }
                    next = wake.max(Instant::now() - self.interval()) + self.interval().max(SHORTEST);
                    self.send(print);
                    end = self.last().then(|| Instant::now() + self.linger());
                }
            }
        }
        Ok(())
    }

    fn interval(&self) -> Duration {
        self.ping.interval.unwrap_or(INTERVAL)
    }

    fn count(&self) -> Option<u64> {
        self.ping.count.map(u64::from)
    }

    /// Has everything asked for come back?
    fn complete(&self) -> bool {
        self.count()
            .is_some_and(|count| self.statistics.received + self.statistics.errors >= count)
    }

    /// Was the last request sent?
    fn last(&self) -> bool {
        self.count()
            .is_some_and(|count| self.statistics.transmitted >= count)
    }

    /// How long to wait once the last request was sent: if anything was answered, twice the
    /// longest round trip but at least one interval; else what `-W` says.
    fn linger(&self) -> Duration {
        if self.statistics.received > 0 {
            (self.statistics.longest() * 2).max(self.interval())
        } else {
            self.ping.timeout.unwrap_or(LINGER)
        }
    }

    /// The sequence number of the newest request; it wraps.
    fn newest(&self) -> u16 {
        let [low, high, ..] = self.statistics.transmitted.to_le_bytes();
        u16::from_le_bytes([low, high])
    }

    fn in_flight(&self) -> u16 {
        self.newest().wrapping_sub(self.acknowledged)
    }

    fn send(&mut self, print: &mut dyn FnMut(Text)) {
        let seq = self.newest().wrapping_add(1);
        let elapsed = self.started.elapsed();
        self.answered.remove(&seq);
        let sent = self.socket.send(self.to, seq, self.size);
        match sent {
            Ok(()) => {}
            // The device's queue is full: try again an interval later.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
            Err(error) => {
                self.answered_with(refused(&error));
                if !self.ping.quiet {
                    print(Text::Err(format!("ping: sendmsg: {}\n", reason(&error))));
                }
            }
        }
        self.statistics.transmitted += 1;
        self.statistics.elapsed = elapsed;
    }

    fn arrived(&mut self, arrival: &Arrival, print: &mut dyn FnMut(Text)) {
        let peer = Peer {
            addr: arrival.from,
            zone: self.socket.device(arrival.scope),
        };
        match arrival.heard {
            Heard::Reply {
                seq,
                bytes,
                ttl,
                sent,
            } => {
                self.acknowledge(seq);
                let rtt = sent.map(|sent| arrival.at.saturating_sub(sent));
                if let Some(rtt) = rtt {
                    self.statistics.time(rtt);
                }
                self.answered_with(Answer::Reply {
                    rtt: rtt.unwrap_or_default(),
                });
                let duplicate = !self.answered.insert(seq);
                if duplicate {
                    self.statistics.duplicates += 1;
                } else {
                    self.statistics.received += 1;
                }
                let reply = Reply {
                    from: peer,
                    seq,
                    bytes,
                    ttl,
                    rtt,
                    duplicate,
                };
                self.say(print, || print::reply(&reply, self.ping));
            }
            Heard::Error { seq, error } => {
                if error.ends_request() {
                    self.acknowledge(seq);
                    self.statistics.errors += 1;
                    self.answered_with(Answer::Unreachable {
                        by: Some(arrival.from),
                        code: Unreachable::from_icmp(error.family, error.kind, error.code),
                    });
                }
                self.say(print, || print::error(&peer, seq, &error));
            }
        }
    }

    fn answered_with(&mut self, answer: Answer) {
        let replied = self.answer.as_ref().is_some_and(Answer::is_reply);
        if !replied || answer.is_reply() {
            self.answer = Some(answer);
        }
    }

    fn answer(&mut self) -> Answer {
        self.answer.take().unwrap_or_else(|| Answer::Silence {
            waited: self.started.elapsed(),
        })
    }

    fn say(&self, print: &mut dyn FnMut(Text), line: impl FnOnce() -> String) {
        if !self.ping.quiet {
            print(Text::Out(line()));
        }
    }

    fn acknowledge(&mut self, seq: u16) {
        let behind = self.newest().wrapping_sub(seq);
        if behind > 0x7fff {
            return;
        }
        self.statistics.pipe = self.statistics.pipe.max(u64::from(behind) + 1);
        if seq.wrapping_sub(self.acknowledged) <= 0x7fff {
            self.acknowledged = seq;
        }
    }
}
