//! `ip link add`, `ip link set`, `ip link del` -> requests, with the attributes that `ip` sends and
//! no others.

use std::net::IpAddr;

use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoMacVlan, InfoVeth, InfoVxlan, LinkAttribute, LinkFlags, LinkInfo,
    LinkMessage, MacVlanMode,
};

use super::{Add, AddKind, Link, MacvlanMode, Set, Setting};
use crate::command::request::device;
use crate::command::task::{Change, Needs, Printed, Refusal, Request, Tables};
use crate::world::{Ns, Space};

impl Change for Link {
    fn needs(&self) -> Needs {
        let mut devices = Vec::new();
        match self {
            Self::Add(add) => {
                devices.extend(masters(&add.with));
                devices.extend(add.below.clone());
                match &add.kind {
                    AddKind::Veth { with, .. } => devices.extend(masters(with)),
                    AddKind::Vxlan { dev, .. } => devices.extend(dev.clone()),
                    AddKind::Bridge | AddKind::Macvlan { .. } => {}
                }
            }
            Self::Set(set) => {
                devices.push(set.dev.clone());
                devices.extend(masters(&set.settings));
            }
            Self::Del { dev } => devices.push(dev.clone()),
            Self::Show(_) => {}
        }
        Needs {
            devices,
            tables: Tables::empty(),
        }
    }

    fn lower(&self, known: &Space) -> Result<Vec<Request>, Refusal> {
        match self {
            Self::Add(add) => Ok(vec![added(add, known)?]),
            Self::Set(set) => Ok(vec![changed(set, known)?]),
            Self::Del { dev } => {
                let mut message = LinkMessage::default();
                message.header.index = device(known, dev)?;
                Ok(vec![Request::new(RouteNetlinkMessage::DelLink(message), 0)])
            }
            Self::Show(_) => Ok(Vec::new()),
        }
    }

    fn refused(&self, errno: i32, text: Option<&str>) -> Refusal {
        let refusal = Refusal::kernel(errno, text);
        Refusal {
            text: self.warning().to_owned() + &refusal.text,
            ..refusal
        }
    }

    fn accepted(&self) -> Printed {
        Printed {
            err: self.warning().to_owned(),
            ..Printed::default()
        }
    }
}

impl Link {
    /// What `ip` warns of before it asks the kernel.
    fn warning(&self) -> &'static str {
        match self {
            Self::Add(Add {
                kind: AddKind::Vxlan { port: None, .. },
                ..
            }) => NO_PORT,
            Self::Add(_) | Self::Set(_) | Self::Del { .. } | Self::Show(_) => "",
        }
    }
}

/// Linux chose a port for VXLAN before IANA did.
const NO_PORT: &str = "vxlan: destination port not specified
Will use Linux kernel default (non-standard value)
Use 'dstport 4789' to get the IANA assigned value
Use 'dstport 0' to get default and quiet this message
";

fn masters(settings: &[Setting]) -> impl Iterator<Item = String> {
    settings.iter().filter_map(|setting| match setting {
        Setting::Master(name) => Some(name.clone()),
        _ => None,
    })
}

/// `ip` looks at all words before it looks for the device below.
fn added(add: &Add, known: &Space) -> Result<Request, Refusal> {
    let (mut message, into) = set_up(add.name.as_deref(), &add.with, known)?;
    let (kind, data, peer_into) = kind(&add.kind, known)?;
    if let Some(below) = &add.below {
        message
            .attributes
            .push(LinkAttribute::Link(device(known, below)?));
    }
    let infos = std::iter::once(LinkInfo::Kind(kind)).chain(data.map(LinkInfo::Data));
    message
        .attributes
        .push(LinkAttribute::LinkInfo(infos.collect()));
    let message = RouteNetlinkMessage::NewLink(message);
    Ok(Request {
        into,
        peer_into,
        ..Request::new(message, NLM_F_CREATE | NLM_F_EXCL)
    })
}

fn changed(set: &Set, known: &Space) -> Result<Request, Refusal> {
    let (mut message, into) = set_up(None, &set.settings, known)?;
    message.header.index = device(known, &set.dev)?;
    Ok(Request {
        into,
        ..Request::new(RouteNetlinkMessage::NewLink(message), 0)
    })
}

/// A device's message with its settings, and the namespace that it goes to.
fn set_up(
    name: Option<&str>,
    settings: &[Setting],
    known: &Space,
) -> Result<(LinkMessage, Option<Ns>), Refusal> {
    let mut message = LinkMessage::default();
    let mut into = None;
    let named = name.map(|name| LinkAttribute::IfName(name.to_owned()));
    message.attributes.extend(named);
    let LinkMessage {
        header, attributes, ..
    } = &mut message;
    let mut turn = |flag: LinkFlags, on: bool| {
        header.flags.set(flag, on);
        header.change_mask |= flag;
    };
    for setting in settings {
        match setting {
            Setting::Up => turn(LinkFlags::Up, true),
            Setting::Down => turn(LinkFlags::Up, false),
            Setting::Promisc(on) => turn(LinkFlags::Promisc, *on),
            Setting::Master(name) => {
                attributes.push(LinkAttribute::Controller(master(known, name)?));
            }
            Setting::NoMaster => attributes.push(LinkAttribute::Controller(0)),
            Setting::Netns(ns) => {
                // Filled in when the request is sent.
                attributes.push(LinkAttribute::NetNsFd(0));
                into = Some(ns.resolve());
            }
            Setting::Name(name) => attributes.push(LinkAttribute::IfName(name.clone())),
            Setting::Address(mac) => attributes.push(LinkAttribute::Address(mac.0.to_vec())),
            Setting::Mtu(bytes) => attributes.push(LinkAttribute::Mtu(*bytes)),
        }
    }
    Ok((message, into))
}

/// `ip` has other words for a master that does not exist than for other devices.
fn master(known: &Space, name: &str) -> Result<u32, Refusal> {
    known
        .link(name)
        .map(|link| link.index)
        .ok_or_else(|| Refusal::argument(name, "Device does not exist\n"))
}

/// What kind of device it is, what only that kind has, and where a veth's peer is born.
fn kind(
    kind: &AddKind,
    known: &Space,
) -> Result<(InfoKind, Option<InfoData>, Option<Ns>), Refusal> {
    Ok(match kind {
        AddKind::Bridge => (InfoKind::Bridge, None, None),
        AddKind::Veth { peer, with } if peer.is_none() && with.is_empty() => {
            (InfoKind::Veth, None, None)
        }
        AddKind::Veth { peer, with } => {
            let (peer, into) = set_up(peer.as_deref(), with, known)?;
            let data = InfoData::Veth(InfoVeth::Peer(peer));
            (InfoKind::Veth, Some(data), into)
        }
        AddKind::Macvlan { mode } => {
            let data = mode.map(|mode| InfoData::MacVlan(vec![InfoMacVlan::Mode(macvlan(mode))]));
            (InfoKind::MacVlan, data, None)
        }
        AddKind::Vxlan { .. } => (InfoKind::Vxlan, Some(vxlan(kind, known)?), None),
    })
}

fn macvlan(mode: MacvlanMode) -> MacVlanMode {
    match mode {
        MacvlanMode::Private => MacVlanMode::Private,
        MacvlanMode::Vepa => MacVlanMode::Vepa,
        MacvlanMode::Bridge => MacVlanMode::Bridge,
        MacvlanMode::Passthru => MacVlanMode::Passthrough,
    }
}

fn vxlan(kind: &AddKind, known: &Space) -> Result<InfoData, Refusal> {
    let AddKind::Vxlan {
        id,
        local,
        remote,
        port,
        dev,
        learning,
    } = kind
    else {
        return Ok(InfoData::Vxlan(Vec::new()));
    };
    let mut attributes = vec![
        InfoVxlan::Id(*id),
        InfoVxlan::Learning(learning.unwrap_or(true)),
    ];
    attributes.extend(remote.map(|ip| match ip {
        IpAddr::V4(ip) => InfoVxlan::Group(ip),
        IpAddr::V6(ip) => InfoVxlan::Group6(ip),
    }));
    attributes.extend(local.map(|ip| match ip {
        IpAddr::V4(ip) => InfoVxlan::Local(ip),
        IpAddr::V6(ip) => InfoVxlan::Local6(ip),
    }));
    if let Some(name) = dev {
        let found = device(known, name).map_err(|refusal| Refusal {
            status: 255,
            ..refusal
        })?;
        attributes.push(InfoVxlan::Link(found));
    }
    attributes.extend(port.map(InfoVxlan::Port));
    Ok(InfoData::Vxlan(attributes))
}
