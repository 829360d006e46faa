//! A receiver that was put in the place of the packet's own (`DNAT`), told with whatever is wrong
//! there.

use super::packet::Rewritten;
use super::scene::Scene;
use super::walk::{Arrival, Walk};
use crate::trace::{Asked, Diagnosis};
use crate::world::Ns;
use std::net::IpAddr;

/// Where a request has arrived.
pub(super) struct Landing {
    pub ns: Ns,
    /// The address that it was sent on to, in the end.
    pub to: IpAddr,
    pub port: Option<u16>,
    /// What sent it on, in a sentence.
    sent_on: Option<(String, Option<String>)>,
}

impl Landing {
    /// Of a packet that has arrived.
    pub fn of(scene: &Scene<'_>, arrival: &Arrival<'_>) -> Self {
        Self {
            ns: arrival.ns.clone(),
            to: arrival.packet.dst,
            port: arrival.packet.dport,
            sent_on: sent_on(scene, &arrival.rewritten),
        }
    }

    /// What is wrong there, and why the packet is there at all.
    pub fn with_its_rule(&self, found: Diagnosis) -> Diagnosis {
        found.sent_on(self.sent_on.clone())
    }
}

impl Walk<'_> {
    /// What stops a request, and, where it is not under way to whom it was sent, why.
    pub fn with_its_rule(&self, found: Diagnosis) -> Diagnosis {
        if self.is_answer() {
            return found;
        }
        found.sent_on(sent_on(self.scene, &self.rewritten))
    }
}

/// The last namespace that gave it another receiver, and the rule's line.
fn sent_on(scene: &Scene<'_>, rewritten: &[Rewritten]) -> Option<(String, Option<String>)> {
    let by = rewritten.iter().rev().find(|it| it.dst.is_some())?;
    let (_, new) = by.dst?;
    let question = &scene.evidence.question;
    let was = match question.what {
        Asked::Tcp { port, .. } => format!("{} port {port}", question.to),
        Asked::Echo { .. } => question.to.to_string(),
    };
    let now = match by.port {
        Some((old, new_port)) if old != new_port => format!("{new} port {new_port}"),
        Some(_) | None => new.to_string(),
    };
    let says = match &by.rule {
        Some(rule) => format!("as the rule `{rule}` says"),
        None => "as it has done since the connection began (conntrack)".to_owned(),
    };
    let sentence = format!(
        "The packet was for {was}; {} sends it on to {now}, {says}.",
        by.ns
    );
    let rule = by.rule.as_ref().map(|rule| format!("{}: {rule}", by.ns));
    Some((sentence, rule))
}

impl Diagnosis {
    /// With what sent the packet on behind, if anything did: a sentence, and the rule's line.
    fn sent_on(mut self, by: Option<(String, Option<String>)>) -> Self {
        let Some((sentence, rule)) = by else {
            return self;
        };
        self.sentence.push(' ');
        self.sentence.push_str(&sentence);
        self.shown_by(rule)
    }
}
