//! What errors and resets tell, where the tables alone do not; and what is known where nothing tells.

use std::net::IpAddr;

use super::forwarded::Landing;
use super::packet::Packet;
use super::scene::Scene;
use super::walk::Walk;
use crate::trace::answer::{Answer, Unreachable};
use crate::trace::{Asked, Cause, Diagnosis, Leg};
use crate::world::Ns;

impl Scene<'_> {
    /// What the answer itself says, once nothing was found on the request's way that would stop it.
    pub fn told(&self, landing: Option<&Landing>) -> Option<Diagnosis> {
        match &self.evidence.answer {
            Answer::Unreachable { by, code } => {
                let port = matches!(self.evidence.question.what, Asked::Tcp { .. });
                // A refusal bears the address that was asked for, wherever it was sent on to.
                if let (true, Unreachable::Port, Some(landing)) = (port, *code, landing) {
                    return Some(self.refused(&landing.ns, Some(landing)));
                }
                let ns = self.who(*by);
                self.error(*by, ns.as_ref(), *code)
            }
            Answer::Reply { .. } | Answer::Silence { .. } => None,
            Answer::Failed(text) => Some(Diagnosis::of(
                Cause::Unknown,
                &self.evidence.question.from,
                format!(
                    "{} could not send the packet at all: {text}.",
                    self.evidence.question.from
                ),
            )),
        }
    }

    /// The namespace that has an address; the sender's own where nobody is named.
    fn who(&self, by: Option<IpAddr>) -> Option<Ns> {
        match by {
            None => Some(self.evidence.question.from.clone()),
            Some(by) => self.holders(by).first().map(|(end, _)| end.ns.clone()),
        }
    }

    fn error(&self, by: Option<IpAddr>, ns: Option<&Ns>, code: Unreachable) -> Option<Diagnosis> {
        let to = self.evidence.question.to;
        let asked_for_port = matches!(self.evidence.question.what, Asked::Tcp { .. });
        let place = ns.map_or_else(|| "somebody unknown".to_owned(), ToString::to_string);
        let who = match by {
            Some(by) => format!("{place} ({by})"),
            None => place,
        };
        let (cause, sentence) = match code {
            Unreachable::Port if asked_for_port => return ns.map(|ns| self.refused(ns, None)),
            Unreachable::NoRoute | Unreachable::Network => (
                Cause::NoRoute,
                format!("{who} says that it has no route to {to}."),
            ),
            Unreachable::Host => (
                Cause::Unresolved,
                format!(
                    "{who} says that nobody answers for {to} on the network where it should be."
                ),
            ),
            Unreachable::TooBig => return self.told_too_big(ns?),
            Unreachable::Port | Unreachable::Prohibited => (
                Cause::Filtered,
                format!("{who} refuses the packet: {}.", code.words()),
            ),
            Unreachable::TtlExceeded => (
                Cause::Loop,
                format!(
                    "{who} says that the packet's time to live (TTL) was used up there: it passed \
                     too many routers, or goes round in a circle."
                ),
            ),
            Unreachable::Other(..) => (
                Cause::Unknown,
                format!("{who} sends an error back: {}.", code.words()),
            ),
        };
        let at = ns.map(|ns| (ns.clone(), None));
        let found = Diagnosis {
            cause,
            at,
            sentence,
            evidence: Vec::new(),
        };
        Some(found.shown_by([format!("the answer: {}", self.evidence.answer.words())]))
    }

    fn told_too_big(&self, ns: &Ns) -> Option<Diagnosis> {
        let packet = Packet::request(self);
        let walk = Walk::new(self, ns.clone(), packet, Vec::new());
        let out = walk.way_out()?;
        Some(walk.too_big(&out, walk.packet.length))
    }

    /// A rule may refuse a connection as well (`REJECT --reject-with tcp-reset`). From afar the two
    /// look the same; the rule's counter tells.
    fn refused(&self, ns: &Ns, landing: Option<&Landing>) -> Diagnosis {
        let from = self.evidence.question.from.clone();
        match Walk::new(self, from, Packet::request(self), Vec::new()).run() {
            Err(found) if found.cause == Cause::Filtered => found,
            Ok(_) | Err(_) => self.port_closed(ns, landing),
        }
    }

    fn port_closed(&self, ns: &Ns, landing: Option<&Landing>) -> Diagnosis {
        let landing = landing.filter(|landing| landing.ns == *ns);
        let to = landing.map_or(self.evidence.question.to, |landing| landing.to);
        let asked = match self.evidence.question.what {
            Asked::Tcp { port, .. } => Some(port),
            Asked::Echo { .. } => None,
        };
        let port = landing.map_or(asked, |landing| landing.port);
        let port = port.map_or_else(|| "that port".to_owned(), |port| format!("port {port}"));
        let sentence = format!(
            "The packet arrives in {ns}, but nobody listens on {port} of {to}: the kernel there \
             refuses the connection (RST)."
        );
        let seen = (self.trail.seen.iter())
            .find(|seen| seen.reset)
            .map(|seen| format!("{}: a reset was seen at {}", seen.at.ns, seen.dev));
        let found = Diagnosis::of(Cause::PortClosed, ns, sentence).shown_by(seen);
        match landing {
            Some(landing) => landing.with_its_rule(found),
            None => found,
        }
    }

    /// Nothing that stops the answer was found: it may have been a refusal. If that was not seen
    /// either, nothing that is known explains the silence.
    pub fn refused_or_unknown(&self, landing: Option<&Landing>) -> Diagnosis {
        let reset = self
            .trail
            .seen
            .iter()
            .find(|seen| seen.reset && seen.is_out());
        reset.map_or_else(|| self.unknown(), |seen| self.refused(&seen.at.ns, landing))
    }

    fn unknown(&self) -> Diagnosis {
        let question = &self.evidence.question;
        let last = self.trail.last(Leg::Reply).map(|seen| (seen, "The answer"));
        let last =
            last.or_else(|| (self.trail.last(Leg::Request)).map(|seen| (seen, "The packet")));
        let (at, sentence) = match last {
            Some((seen, what)) => (
                Some((seen.at.ns.clone(), Some(seen.dev.clone()))),
                format!(
                    "{what} was last seen {} {} in {}; why it went no further cannot be told from \
                     the tables.",
                    if seen.is_out() {
                        "leaving by"
                    } else {
                        "coming in by"
                    },
                    seen.dev,
                    seen.at.ns
                ),
            ),
            None => (
                Some((question.from.clone(), None)),
                format!(
                    "No packet to {} was seen anywhere, and the tables do not tell why.",
                    question.to
                ),
            ),
        };
        let found = Diagnosis {
            cause: Cause::Unknown,
            at,
            sentence,
            evidence: Vec::new(),
        };
        let missed = self.evidence.missed;
        let missed = (missed > 0).then(|| format!("{missed} packets passed that were not seen"));
        found
            .shown_by([format!("the answer: {}", self.evidence.answer.words())])
            .shown_by(missed)
    }
}
