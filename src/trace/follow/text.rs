//! A packet in a few words.

use std::net::{IpAddr, SocketAddr};

use super::sight::{Sight, What};
use crate::command::Family;
use crate::packet::{Arp, Body, IcmpError, Ip, Tcp, TcpFlags};
use crate::trace::answer::Unreachable;

/// What was seen.
pub(super) fn text(sight: &Sight) -> String {
    let inner = match &sight.what {
        What::Arp(it) => arp(it),
        What::Ip(it) => ip(it),
    };
    match &sight.tunnel {
        Some(tunnel) => format!(
            "VXLAN {} {} → {}: {inner}",
            tunnel.vni, tunnel.outer.src, tunnel.outer.dst
        ),
        None => inner,
    }
}

fn arp(arp: &Arp) -> String {
    if arp.reply {
        format!("{} is at {}", arp.sender, arp.sender_mac)
    } else {
        format!("who has {}? tell {}", arp.target, arp.sender)
    }
}

fn ip(ip: &Ip) -> String {
    let Ip { src, dst, .. } = ip;
    match &ip.body {
        Body::Echo { reply: false, .. } => format!("echo request {src} → {dst}"),
        Body::Echo { reply: true, .. } => format!("echo reply {src} → {dst}"),
        Body::Tcp(it) => tcp(*src, *dst, it),
        Body::Error(it) => error(*src, it),
        Body::Solicit { target } => format!("who has {target}? tell {src}"),
        Body::Advert {
            target,
            mac: Some(mac),
        } => format!("{target} is at {mac}"),
        Body::Advert { target, mac: None } => format!("{target} is here"),
        Body::Icmp { kind, code } => format!("ICMP {kind}/{code} {src} → {dst}"),
        Body::Udp {
            src: from, dst: to, ..
        } => {
            let (from, to) = (SocketAddr::new(*src, *from), SocketAddr::new(*dst, *to));
            format!("UDP {from} → {to}")
        }
        Body::Other | Body::Cut => format!("packet {src} → {dst}"),
    }
}

fn tcp(src: IpAddr, dst: IpAddr, tcp: &Tcp) -> String {
    let what = if tcp.flags.contains(TcpFlags::RST) {
        "TCP reset"
    } else if tcp.flags.contains(TcpFlags::SYN | TcpFlags::ACK) {
        "TCP SYN-ACK"
    } else if tcp.flags.contains(TcpFlags::SYN) {
        "TCP SYN"
    } else {
        "TCP"
    };
    let (from, to) = (SocketAddr::new(src, tcp.src), SocketAddr::new(dst, tcp.dst));
    format!("{what} {from} → {to}")
}

fn error(src: IpAddr, error: &IcmpError) -> String {
    let family = match src {
        IpAddr::V4(_) => Family::V4,
        IpAddr::V6(_) => Family::V6,
    };
    let code = Unreachable::from_icmp(family, error.kind, error.code);
    let largest = match error.mtu {
        Some(mtu) if code == Unreachable::TooBig => format!(" ({mtu} bytes)"),
        Some(_) | None => String::new(),
    };
    format!("{src} says: {}{largest}", code.words())
}
