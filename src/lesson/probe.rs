//! Probes: what to send, and what counts as an answer.

use std::net::IpAddr;
use std::time::Duration;

use super::check::Verdict;
use crate::command::Family;
use crate::world::Ns;

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
}

/// What a probe sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An echo request (ICMP, ICMPv6).
    Ping,
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

/// Why something cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// No route here: the kernel refused to send (ENETUNREACH).
    NoRoute,
    /// ICMP 3/0: a router has no route.
    Network,
    /// ICMP 3/1: nobody answers for that address (ARP or NDP failed).
    Host,
    /// ICMP 3/3, or a TCP reset.
    Port,
    /// ICMP 3/4: too big.
    TooBig,
    /// ICMP 3/9, 3/10, 3/13: prohibited.
    Prohibited,
    /// ICMP 11/0: TTL used up.
    TtlExceeded,
    /// Another error, by type and code.
    Other(u8, u8),
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An answer, after this long.
    Reply {
        /// Round trip.
        rtt: Duration,
    },
    /// An error.
    Unreachable {
        /// Who sent it; absent when this namespace's own kernel refused.
        by: Option<IpAddr>,
        /// Which.
        code: Unreachable,
    },
    /// Nothing within this time.
    Silence {
        /// How long was waited.
        waited: Duration,
    },
    /// It could not be sent at all, and why (errno text), for another reason than routing.
    Failed(String),
}

impl Unreachable {
    /// The meaning of an ICMP (RFC 792, RFC 1812 5.2.7.1) or ICMPv6 (RFC 4443) error.
    pub fn from_icmp(family: Family, kind: u8, code: u8) -> Self {
        match (family, kind, code) {
            (Family::V4, 3, 0 | 6) | (Family::V6, 1, 0) => Self::Network,
            (Family::V4, 3, 1 | 7) | (Family::V6, 1, 3) => Self::Host,
            (Family::V4, 3, 3) | (Family::V6, 1, 4) => Self::Port,
            (Family::V4, 3, 4) | (Family::V6, 2, 0) => Self::TooBig,
            (Family::V4, 3, 9 | 10 | 13) | (Family::V6, 1, 1 | 5 | 6) => Self::Prohibited,
            (Family::V4, 11, 0) | (Family::V6, 3, 0) => Self::TtlExceeded,
            (Family::V4 | Family::V6, kind, code) => Self::Other(kind, code),
        }
    }

    /// In words that follow "says:".
    fn words(self) -> String {
        match self {
            Self::NoRoute => "no route here (Network is unreachable)".into(),
            Self::Network => "no route to that network".into(),
            Self::Host => "nobody answers for that address (no ARP or NDP reply)".into(),
            Self::Port => "nobody listens on that port".into(),
            Self::TooBig => "too big for the next link".into(),
            Self::Prohibited => "prohibited by a filter or route".into(),
            Self::TtlExceeded => "TTL used up on the way".into(),
            Self::Other(kind, code) => format!("ICMP error {kind}/{code}"),
        }
    }
}

impl Probe {
    /// A short line for lists of checks.
    pub fn title(&self) -> String {
        let Self { from, to, .. } = self;
        match (&self.expect, &self.what) {
            (Expect::Reply, What::Ping) => format!("{from} → {to} answers"),
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

    fn target(&self) -> String {
        match self.what {
            What::Ping => self.to.to_string(),
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

impl Answer {
    /// What was found.
    fn words(&self) -> String {
        match self {
            Self::Reply { rtt } => format!("answered after {:.2} ms", rtt.as_secs_f64() * 1000.0),
            Self::Unreachable { by: None, code } => code.words(),
            Self::Unreachable { by: Some(by), code } => format!("{by} says: {}", code.words()),
            Self::Silence { waited } => format!(
                "no answer within {:.1} s (dropped on the way, or no way back)",
                waited.as_secs_f64()
            ),
            Self::Failed(why) => format!("could not be sent ({why})"),
        }
    }
}

fn at_port(to: IpAddr, port: u16) -> String {
    std::net::SocketAddr::new(to, port).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(expect: Expect) -> Probe {
        Probe {
            from: Ns::from_name("app3"),
            to: "172.16.0.40".parse().unwrap(),
            what: What::Ping,
            expect,
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
