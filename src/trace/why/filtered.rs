//! A rule, or a chain's policy, that drops or refuses a packet.

use super::rules::{Between, Hit, Hook};
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis};
use crate::world::Ns;
use crate::world::cable::End;

/// A chain that a packet has to pass, between these devices.
#[derive(Clone, Copy)]
pub(super) struct Passage<'a> {
    hook: Hook,
    iif: Option<&'a End>,
    oif: Option<&'a End>,
}

impl<'a> Passage<'a> {
    pub fn of(hook: Hook, iif: Option<&'a End>, oif: Option<&'a End>) -> Self {
        Self { hook, iif, oif }
    }
}

impl Walk<'_> {
    /// Nothing in this namespace drops the packet there.
    pub fn passes(&self, passage: Passage<'_>) -> Result<(), Diagnosis> {
        // What is delivered here leaves no more; only an answer shows that it was.
        let has_passed = match passage.hook {
            Hook::Input => self.arrives,
            Hook::Prerouting | Hook::Forward | Hook::Output | Hook::Postrouting => self.has_left(),
        };
        if has_passed {
            return Ok(());
        }
        let name = |end: Option<&End>| end.map(|end| self.scene.name(end));
        let (iif, oif) = (name(passage.iif), name(passage.oif));
        let between = Between {
            iif: iif.as_deref(),
            oif: oif.as_deref(),
        };
        let hit = (self.scene).filtered(&self.ns, passage.hook, &self.packet, between);
        match hit {
            Some(hit) => Err(self.dropped(&self.ns, &hit, "")),
            None => Ok(()),
        }
    }

    /// Nothing drops it where it goes from port to port of a bridge, which asks the packet filter
    /// too where `bridge-nf-call-iptables` is set.
    pub fn passes_bridges(&self, crossings: &[(End, End)]) -> Result<(), Diagnosis> {
        for (inn, out) in crossings {
            if self.arrives || self.scene.trail.left_by(self.packet.leg, out) {
                continue;
            }
            let asks = self
                .scene
                .setting(&inn.ns, "net.bridge.bridge-nf-call-iptables");
            let Some(bridge) = self.scene.bridge_of(inn).filter(|_| asks == Some(1)) else {
                continue;
            };
            let bridge = self.scene.name(&bridge);
            let between = Between {
                iif: Some(&bridge),
                oif: Some(&bridge),
            };
            let hit = (self.scene).filtered(&inn.ns, Hook::Forward, &self.packet, between);
            if let Some(hit) = hit {
                let why = format!(
                    " The packet is only switched by {bridge}, from {} to {}, but \
                     net.bridge.bridge-nf-call-iptables is 1: bridged packets are filtered as well.",
                    self.scene.name(inn),
                    self.scene.name(out),
                );
                return Err(self.dropped(&inn.ns, &hit, &why));
            }
        }
        Ok(())
    }

    fn dropped(&self, ns: &Ns, hit: &Hit, why: &str) -> Diagnosis {
        let does = if hit.refuses {
            "refuses it with an error"
        } else {
            "throws it away without a word"
        };
        let what = self.packet.called();
        let sentence = if hit.policy {
            let program = if self.packet.dst.is_ipv4() {
                "iptables "
            } else {
                ""
            };
            format!(
                "In {ns}, no rule of the chain {} lets {what} pass, and the chain's policy, DROP, \
                 {does} (`{program}{}`).{why}",
                hit.chain, hit.rule
            )
        } else {
            format!(
                "In {ns}, the rule `{}` fits {what} and {does}.{why}",
                hit.rule
            )
        };
        let counted = hit.counted.map(|(before, after)| {
            format!(
                "{ns}: {} has counted {after} packet{}, {} of them since the probe began",
                hit.rule,
                if after == 1 { "" } else { "s" },
                after.saturating_sub(before)
            )
        });
        Diagnosis::of(Cause::Filtered, ns, sentence)
            .shown_by(counted)
            .shown_by([format!("{ns}: {}", self.packet.ends())])
    }
}
