//! `ip address add|del|flush` -> requests.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::address::{
    AddressAttribute, AddressFlags, AddressHeaderFlags, AddressMessage,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::{Addr, Broadcast, Spec};
use crate::command::request::device;
use crate::command::task::{Change, Needs, Printed, Refusal, Request, Tables};
use crate::world::{Space, addr};

const HOST: u8 = 254;

impl Change for Addr {
    fn needs(&self) -> Needs {
        match self {
            Self::Add(spec) | Self::Del(spec) => Needs {
                devices: vec![spec.dev.clone()],
                tables: Tables::empty(),
            },
            Self::Flush(_) => Needs {
                devices: Vec::new(),
                tables: Tables::LINKS | Tables::ADDRS,
            },
            Self::Show(_) => Needs::default(),
        }
    }

    fn lower(&self, known: &Space) -> Result<Vec<Request>, Refusal> {
        match self {
            Self::Add(spec) => {
                let message = RouteNetlinkMessage::NewAddress(added(spec, known)?);
                Ok(vec![Request::new(message, NLM_F_CREATE | NLM_F_EXCL)])
            }
            Self::Del(spec) => {
                let message = RouteNetlinkMessage::DelAddress(deleted(spec, known)?);
                Ok(vec![Request::new(message, 0)])
            }
            Self::Flush(which) => {
                let (four, six): (Vec<_>, Vec<_>) =
                    (which.chosen(known)?.into_iter()).partition(|row| row.net.addr().is_ipv4());
                // Secondary IPv4 addresses stand last, and go with their primary one unless the
                // device promotes them: from the last to the first is right either way.
                Ok(four.into_iter().rev().chain(six).map(flushed).collect())
            }
            Self::Show(_) => Ok(Vec::new()),
        }
    }

    fn refused(&self, errno: i32, text: Option<&str>) -> Refusal {
        let mut refusal = Refusal::kernel(errno, text);
        if let Self::Del(spec) = self
            && is_wildcard(spec)
        {
            refusal.text = format!("{}\n{}", wildcard_warning(spec), refusal.text);
        }
        refusal
    }

    fn accepted(&self) -> Printed {
        let err = match self {
            Self::Del(spec) if is_wildcard(spec) => wildcard_warning(spec) + "\n",
            Self::Add(_) | Self::Del(_) | Self::Flush(_) | Self::Show(_) => String::new(),
        };
        Printed {
            err,
            ..Printed::default()
        }
    }
}

fn added(spec: &Spec, known: &Space) -> Result<AddressMessage, Refusal> {
    let mut message = base(spec);
    let IpNet::V4(prefix) = spec.peer.unwrap_or(spec.net) else {
        if spec.broadcast.is_some() {
            return Err(Refusal {
                text: "Broadcast can be set only for IPv4 addresses".to_owned(),
                status: 1,
            });
        }
        return placed(message, spec, known);
    };
    let broadcast = match spec.broadcast {
        Some(Broadcast::Address(ip)) => Some(ip),
        Some(Broadcast::FromPrefix) => from_prefix(prefix),
        None => None,
    };
    message
        .attributes
        .extend(broadcast.map(AddressAttribute::Broadcast));
    placed(message, spec, known)
}

/// A /31 or /32 has no broadcast address.
fn from_prefix(prefix: Ipv4Net) -> Option<Ipv4Addr> {
    (prefix.prefix_len() <= 30).then(|| prefix.broadcast())
}

fn placed(
    mut message: AddressMessage,
    spec: &Spec,
    known: &Space,
) -> Result<AddressMessage, Refusal> {
    message.header.scope = spec.scope.unwrap_or(default_scope(spec.net.addr())).into();
    message.header.index = device(known, &spec.dev)?;
    Ok(message)
}

fn deleted(spec: &Spec, known: &Space) -> Result<AddressMessage, Refusal> {
    let mut message = base(spec);
    if is_wildcard(spec) {
        message
            .attributes
            .retain(|attribute| !matches!(attribute, AddressAttribute::Address(_)));
    }
    message.header.scope = spec.scope.unwrap_or(0).into();
    message.header.index = device(known, &spec.dev)?;
    Ok(message)
}

/// `ip addr del 10.0.0.1 dev x` names no prefix: the address goes whatever prefix it has.
fn is_wildcard(spec: &Spec) -> bool {
    !spec.prefix_written && spec.peer.is_none() && matches!(spec.net, IpNet::V4(_))
}

fn wildcard_warning(spec: &Spec) -> String {
    let ip = spec.net.addr();
    format!(
        "Warning: Executing wildcard deletion to stay compatible with old scripts.\n         \
         Explicitly specify the prefix length ({ip}/32) to avoid this warning.\n         \
         This special behaviour is likely to disappear in further releases,\n         \
         fix your scripts!"
    )
}

/// Family, prefix length, flags and both ends; the kernel wants the other end even where it is
/// this one.
fn base(spec: &Spec) -> AddressMessage {
    let prefix = spec.peer.unwrap_or(spec.net);
    let mut message = AddressMessage::default();
    message.header.family = family(spec.net.addr());
    message.header.prefix_len = prefix.prefix_len();
    match u8::try_from(spec.flags) {
        Ok(flags) => message.header.flags = AddressHeaderFlags::from_bits_retain(flags),
        Err(_) => message
            .attributes
            .push(AddressAttribute::Flags(AddressFlags::from_bits_retain(
                spec.flags,
            ))),
    }
    message.attributes.extend([
        AddressAttribute::Local(spec.net.addr()),
        AddressAttribute::Address(prefix.addr()),
    ]);
    message
}

fn flushed(row: &addr::Addr) -> Request {
    let mut message = AddressMessage::default();
    message.header.family = family(row.net.addr());
    message.header.prefix_len = row.net.prefix_len();
    message.header.scope = row.scope.into();
    message.header.index = row.link;
    message.attributes = vec![
        AddressAttribute::Local(row.net.addr()),
        AddressAttribute::Address(row.peer.unwrap_or(row.net.addr())),
    ];
    Request::new(RouteNetlinkMessage::DelAddress(message), 0)
}

/// Addresses of 127.0.0.0/8 are the host's own business; all others may be known everywhere.
fn default_scope(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(ip) if ip.is_loopback() => HOST,
        IpAddr::V4(_) | IpAddr::V6(_) => 0,
    }
}

fn family(ip: IpAddr) -> AddressFamily {
    match ip {
        IpAddr::V4(_) => AddressFamily::Inet,
        IpAddr::V6(_) => AddressFamily::Inet6,
    }
}
