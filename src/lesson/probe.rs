//! Probes: what to send, and what counts as an answer.

mod demand;

use std::net::IpAddr;

use super::check::Verdict;
use crate::trace::Story;
pub use crate::trace::answer::{Answer, Unreachable};
use crate::world::Ns;
pub use demand::Demand;

/// Something sent to see what comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Sent from this namespace.
    pub from: Ns,
    /// To this address.
    pub to: IpAddr,
    /// What is sent.
    pub what: What,
    /// What should come back; tells how long to wait and whether to try again.
    pub expect: Expect,
    /// What should be true of the way besides; judged when the packet has been followed.
    pub demands: Vec<Demand>,
}

/// What a probe sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An echo request (ICMP, ICMPv6).
    Ping {
        /// Bytes of payload, where that matters: such a request must not be broken into fragments.
        size: Option<u16>,
    },
    /// A TCP connection to this port. Somebody must listen: unless `listen` is absent, the
    /// program itself does, in that namespace, while the probe runs.
    Tcp {
        /// Port.
        port: u16,
        /// Where the program listens meanwhile.
        listen: Option<Ns>,
    },
}

/// What a lesson says will come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expect {
    /// An answer. Tried again until a deadline: a fresh port, DAD or ARP need a moment.
    #[default]
    Reply,
    /// An error: no route here, or an ICMP error.
    Unreachable {
        /// Who sent it, if the lesson says.
        by: Option<IpAddr>,
        /// Which error, if the lesson says.
        code: Option<Unreachable>,
    },
    /// Nothing, steadily, over a short window.
    Timeout,
}

impl Probe {
    /// A short line for lists of checks.
    pub fn title(&self) -> String {
        let Self { from, to, .. } = self;
        match (&self.expect, &self.what) {
            (Expect::Reply, What::Ping { size: None }) => format!("{from} → {to} answers"),
            (Expect::Reply, What::Ping { size: Some(size) }) => {
                format!("{from} → {to} answers {size} bytes")
            }
            (Expect::Reply, What::Tcp { port, .. }) => {
                format!("{from} → {} accepts", at_port(*to, *port))
            }
            (Expect::Unreachable { .. }, _) => format!("{from} → {} is unreachable", self.target()),
            (Expect::Timeout, _) => format!("{from} → {} stays silent", self.target()),
        }
    }

    /// Is that what should have come back? If not: from where, to where, found, wanted.
    pub fn judge(&self, answer: &Answer) -> Verdict {
        let holds = match (&self.expect, answer) {
            (Expect::Reply, Answer::Reply { .. }) | (Expect::Timeout, Answer::Silence { .. }) => {
                true
            }
            (
                Expect::Unreachable { by, code },
                Answer::Unreachable {
                    by: found_by,
                    code: found,
                },
            ) => {
                code.is_none_or(|code| code == *found) && by.is_none_or(|by| Some(by) == *found_by)
            }
            (
                Expect::Reply,
                Answer::Unreachable { .. } | Answer::Silence { .. } | Answer::Failed(_),
            )
            | (
                Expect::Unreachable { .. },
                Answer::Reply { .. } | Answer::Silence { .. } | Answer::Failed(_),
            )
            | (
                Expect::Timeout,
                Answer::Reply { .. } | Answer::Unreachable { .. } | Answer::Failed(_),
            ) => false,
        };
        if holds {
            return Verdict::Holds;
        }
        Verdict::Not(format!(
            "{} → {}: {}; wanted {}",
            self.from,
            self.target(),
            answer.words(),
            self.expect.words()
        ))
    }

    /// Does the packet's story meet every [demand](Self::demands)?
    /// If not: from where, to where, found, wanted.
    pub fn judge_story(&self, story: &Story) -> Verdict {
        let verdicts = self.demands.iter().map(|demand| demand.judge(story));
        let missed = verdicts.into_iter().find_map(|verdict| match verdict {
            Verdict::Not(why) => Some(why),
            Verdict::Holds | Verdict::TooSoon => None,
        });
        match missed {
            Some(why) => Verdict::Not(format!("{} → {}: {why}", self.from, self.target())),
            None => Verdict::Holds,
        }
    }

    fn target(&self) -> String {
        match self.what {
            What::Ping { size: None } => self.to.to_string(),
            What::Ping { size: Some(size) } => format!("{} with {size} bytes", self.to),
            What::Tcp { port, .. } => at_port(self.to, port),
        }
    }
}

impl Expect {
    fn words(&self) -> String {
        match self {
            Self::Reply => "an answer".into(),
            Self::Timeout => "silence".into(),
            Self::Unreachable { by, code } => {
                let what = code.map_or("an error".into(), |code| format!("\"{}\"", code.words()));
                match by {
                    Some(by) => format!("{what} from {by}"),
                    None => what,
                }
            }
        }
    }
}

fn at_port(to: IpAddr, port: u16) -> String {
    std::net::SocketAddr::new(to, port).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn probe(expect: Expect) -> Probe {
        Probe {
            from: Ns::from_name("app3"),
            to: "172.16.0.40".parse().unwrap(),
            what: What::Ping { size: None },
            expect,
            demands: Vec::new(),
        }
    }

    fn host_unreachable() -> Answer {
        Answer::Unreachable {
            by: Some("172.16.0.30".parse().unwrap()),
            code: Unreachable::Host,
        }
    }

    fn said(expect: Expect, answer: &Answer) -> String {
        match probe(expect).judge(answer) {
            Verdict::Not(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_wanted_holds() {
        let reply = Answer::Reply {
            rtt: Duration::from_micros(80),
        };
        let silence = Answer::Silence {
            waited: Duration::from_millis(1200),
        };
        let any = Expect::Unreachable {
            by: None,
            code: None,
        };
        let host = Expect::Unreachable {
            by: Some("172.16.0.30".parse().unwrap()),
            code: Some(Unreachable::Host),
        };
        for (expect, answer) in [
            (Expect::Reply, &reply),
            (Expect::Timeout, &silence),
            (any, &host_unreachable()),
            (host, &host_unreachable()),
        ] {
            assert_eq!(probe(expect).judge(answer), Verdict::Holds);
        }
    }

    #[test]
    fn a_miss_says_where_found_and_wanted() {
        assert_eq!(
            said(Expect::Reply, &host_unreachable()),
            "app3 → 172.16.0.40: 172.16.0.30 says: nobody answers for that address \
             (no ARP or NDP reply); wanted an answer"
        );
        let other = Expect::Unreachable {
            by: Some("172.16.0.1".parse().unwrap()),
            code: Some(Unreachable::Network),
        };
        assert!(
            said(other, &host_unreachable())
                .ends_with("; wanted \"no route to that network\" from 172.16.0.1")
        );
    }

    #[test]
    fn titles() {
        assert_eq!(probe(Expect::Reply).title(), "app3 → 172.16.0.40 answers");
        let mut tcp = probe(Expect::Timeout);
        tcp.what = What::Tcp {
            port: 80,
            listen: None,
        };
        assert_eq!(tcp.title(), "app3 → 172.16.0.40:80 stays silent");
    }
}
