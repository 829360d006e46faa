//! `link`: a device is there, and in such a state.

use serde::Deserialize;
use toml::Spanned;

use super::look::{self, Differences, Found};
use super::words::{DevName, MacText, NsName};
use super::{Flaw, Form, Judge, Mention, Predicate, Verdict};
use crate::world::link::{self as row, LinkFlags, LinkKind, PortState};
use crate::world::ready::other_end;
use crate::world::{Ns, Space, World};

/// `link = { ns = "host", name = "hlink3", … }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table such as { ns = \"host\", name = \"br0\" }"
)]
pub struct Link {
    ns: Spanned<NsName>,
    name: Spanned<DevName>,
    kind: Option<Kind>,
    up: Option<bool>,
    carrier: Option<bool>,
    forwarding: Option<bool>,
    promisc: Option<bool>,
    master: Option<Spanned<DevName>>,
    #[serde(default)]
    no_master: bool,
    peer: Option<End>,
    mtu: Option<u32>,
    address: Option<MacText>,
}

/// A device, by namespace and name.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { ns = \"app1\", name = \"clink1\" }"
)]
pub struct End {
    /// Namespace.
    pub ns: Spanned<NsName>,
    /// Device.
    pub name: Spanned<DevName>,
}

/// Kinds of device that a lesson can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Veth,
    Bridge,
    Macvlan,
    Vxlan,
}

impl Kind {
    fn is(self, kind: &LinkKind) -> bool {
        match self {
            Self::Veth => matches!(kind, LinkKind::Veth),
            Self::Bridge => matches!(kind, LinkKind::Bridge),
            Self::Macvlan => matches!(kind, LinkKind::Macvlan { .. }),
            Self::Vxlan => matches!(kind, LinkKind::Vxlan { .. }),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Veth => "veth",
            Self::Bridge => "bridge",
            Self::Macvlan => "macvlan",
            Self::Vxlan => "vxlan",
        }
    }
}

fn kind_word(kind: &LinkKind) -> &str {
    match kind {
        LinkKind::None => "no virtual device",
        LinkKind::Veth => "veth",
        LinkKind::Bridge => "bridge",
        LinkKind::Macvlan { .. } => "macvlan",
        LinkKind::Vxlan { .. } => "vxlan",
        LinkKind::Other(name) => name,
    }
}

impl Form for Link {
    fn title(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.kind.map(|kind| format!("is a {}", kind.word())));
        words.extend(
            self.up
                .map(|up| (if up { "is up" } else { "is down" }).to_owned()),
        );
        words.extend(self.carrier.map(|it| carrier_words(it).to_owned()));
        words.extend(self.forwarding.map(|it| forwarding_words(it).to_owned()));
        words.extend(self.promisc.map(|it| promisc_words(it).to_owned()));
        let plugged = |master: &Spanned<DevName>| format!("is plugged into {}", master.get_ref().0);
        words.extend(self.master.as_ref().map(plugged));
        words.extend(self.no_master.then(|| "is plugged into nothing".to_owned()));
        let ends = |peer: &End| {
            format!(
                "has its other end {} in {}",
                peer.name.get_ref().0,
                peer.ns.get_ref().0
            )
        };
        words.extend(self.peer.as_ref().map(ends));
        words.extend(self.mtu.map(|mtu| format!("has MTU {mtu}")));
        words.extend(self.address.map(|mac| format!("has the address {}", mac.0)));
        if words.is_empty() {
            words.push("is there".to_owned());
        }
        format!(
            "{} in {} {}",
            self.name.get_ref().0,
            self.ns.get_ref().0,
            words.join(", ")
        )
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![
            look::names_space(&self.ns),
            look::names_device(&self.ns, &self.name),
        ];
        all.extend(
            self.master
                .as_ref()
                .map(|it| look::names_device(&self.ns, it)),
        );
        if let Some(peer) = &self.peer {
            all.push(look::names_space(&peer.ns));
            all.push(look::names_device(&peer.ns, &peer.name));
        }
        all
    }

    fn flaw(&self) -> Option<Flaw> {
        (self.master.is_some() && self.no_master).then(|| Flaw {
            at: None,
            message: "`master` and `no-master` cannot both hold".to_owned(),
            help: "leave one of them out".to_owned(),
        })
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Link {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Link {
    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let (space, link) = look::link(world, ns, &self.name.get_ref().0)?;
        let mut differ = self.own(link);
        if let Some(master) = &self.master {
            let wanted = &master.get_ref().0;
            let found = link.master.map(|index| space.link_name(index));
            differ.unless(
                found.as_ref() == Some(wanted),
                found.map_or("no master".to_owned(), |found| format!("master {found}")),
                format!("master {wanted}"),
            );
        }
        if let (true, Some(index)) = (self.no_master, link.master) {
            let found = format!("master {}", space.link_name(index));
            differ.unless(false, found, "no master");
        }
        if let Some(peer) = &self.peer {
            let there = ends_at(world, space, link);
            let wanted = (&peer.ns.get_ref().0, peer.name.get_ref().0.as_str());
            differ.unless(
                there == Some(wanted),
                there.map_or("no other end".to_owned(), |(ns, name)| {
                    format!("its other end {name} in {ns}")
                }),
                format!("{} in {}", wanted.1, wanted.0),
            );
        }
        differ.settle(&format!("{} in {ns}", link.name))
    }

    /// What the device alone tells.
    fn own(&self, link: &row::Link) -> Differences {
        let mut differ = Differences::default();
        if let Some(kind) = self.kind {
            differ.unless(kind.is(&link.kind), kind_word(&link.kind), kind.word());
        }
        let up = |up: &bool| (if *up { "up" } else { "down" }).to_owned();
        differ.compare(self.up.as_ref(), &link.is_up(), up);
        let carrier = link.flags.contains(LinkFlags::LOWER_UP);
        let say = |it: &bool| carrier_words(*it).to_owned();
        differ.compare(self.carrier.as_ref(), &carrier, say);
        let forwarding = link.port == Some(PortState::Forwarding);
        let say = |it: &bool| forwarding_words(*it).to_owned();
        differ.compare(self.forwarding.as_ref(), &forwarding, say);
        let promisc = link.flags.contains(LinkFlags::PROMISC);
        let say = |it: &bool| promisc_words(*it).to_owned();
        differ.compare(self.promisc.as_ref(), &promisc, say);
        differ.compare(self.mtu.as_ref(), &link.mtu, |mtu| format!("MTU {mtu}"));
        if let Some(MacText(wanted)) = self.address {
            let found = link.mac.map_or("none".to_owned(), |mac| mac.to_string());
            let same = link.mac == Some(wanted);
            differ.unless(same, format!("address {found}"), wanted.to_string());
        }
        differ
    }
}

fn carrier_words(carrier: bool) -> &'static str {
    if carrier {
        "has a carrier"
    } else {
        "has no carrier"
    }
}

fn forwarding_words(forwarding: bool) -> &'static str {
    if forwarding {
        "passes frames"
    } else {
        "passes no frames"
    }
}

fn promisc_words(promisc: bool) -> &'static str {
    if promisc {
        "takes every frame"
    } else {
        "takes its own frames only"
    }
}

/// Namespace and name of the other end of a cable.
fn ends_at<'a>(world: &'a World, space: &'a Space, link: &row::Link) -> Option<(&'a Ns, &'a str)> {
    let end = other_end(world, space, link)?;
    let holds = |space: &Space| space.links.values().any(|it| std::ptr::eq(it, end));
    let (ns, _) = world.spaces.iter().find(|(_, space)| holds(space))?;
    Some((ns, &end.name))
}

#[cfg(test)]
mod tests;
