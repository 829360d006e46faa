//! Each thing tried, in a network namespace that is gone when the trial is.

use std::fs;
use std::io;
use std::os::fd::AsFd;

use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoMacVlan, InfoVeth, InfoVxlan, LinkAttribute, LinkInfo, LinkMessage,
    MacVlanMode,
};
use nix::sched::{CloneFlags, unshare};
use socket2::{Domain, Protocol, Socket, Type};

use crate::command::request::meaning;
use crate::command::{self, Command};
use crate::kernel::netfilter::Netfilter;
use crate::kernel::sandbox::wire::Wire;
use crate::lesson::Need;

/// The rule that the lesson of NAT is about.
const MASQUERADE: &str = "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE";
/// `ETH_P_ALL` of `linux/if_ether.h`.
const EVERY_PROTOCOL: i32 = 3;
/// Below what the trial of macvlan stands.
const LOWER: &str = "lower";

/// Tries it. It may work with a remark; the error says why it does not.
pub fn attempt(need: Need) -> Result<Option<String>, String> {
    aside(|| {
        match need {
            Need::Veth => device(veth("veth1")),
            Need::Bridge => device(link("bridge1", InfoKind::Bridge, None)),
            Need::Nat => return nat(),
            Need::Conntrack => conntrack(),
            Need::Icmp => socket(Domain::IPV4, Protocol::ICMPV4),
            Need::Capture => socket(Domain::PACKET, Protocol::from(EVERY_PROTOCOL.to_be() >> 16)),
            Need::Vxlan => {
                let vxlan = vec![InfoVxlan::Id(42), InfoVxlan::Port(4789)];
                let data = InfoData::Vxlan(vxlan);
                device(link("vxlan1", InfoKind::Vxlan, Some(data)))
            }
            Need::Macvlan => macvlan(),
        }
        .map(|()| None)
    })
}

/// Tries to write a setting of a namespace.
pub fn settings() -> Result<(), String> {
    aside(|| fs::write("/proc/sys/net/ipv4/ip_forward", "1").map_err(|error| said(&error)))
}

/// On a thread that stands in a namespace of its own.
fn aside<T: Send>(f: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    let tried = std::thread::scope(|scope| {
        scope
            .spawn(|| {
                unshare(CloneFlags::CLONE_NEWNET)
                    .map_err(|errno| format!("no network namespace: {}", errno.desc()))?;
                f()
            })
            .join()
    });
    tried.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Makes a device.
fn device(message: LinkMessage) -> Result<(), String> {
    ask(&[RouteNetlinkMessage::NewLink(message)])
}

fn ask(requests: &[RouteNetlinkMessage]) -> Result<(), String> {
    Wire::open()
        .and_then(|mut wire| wire.ask(requests))
        .map_err(|error| said(&error))
}

fn link(name: &str, kind: InfoKind, data: Option<InfoData>) -> LinkMessage {
    let mut info = vec![LinkInfo::Kind(kind)];
    info.extend(data.map(LinkInfo::Data));
    let mut message = LinkMessage::default();
    message.attributes = vec![
        LinkAttribute::IfName(name.to_owned()),
        LinkAttribute::LinkInfo(info),
    ];
    message
}

fn veth(name: &str) -> LinkMessage {
    let mut peer = LinkMessage::default();
    peer.attributes = vec![LinkAttribute::IfName("peer".to_owned())];
    let data = InfoData::Veth(InfoVeth::Peer(peer));
    link(name, InfoKind::Veth, Some(data))
}

/// A macvlan stands on another device, here an end of a veth pair.
fn macvlan() -> Result<(), String> {
    device(veth(LOWER)).map_err(|why| format!("it needs veth here, and that fails: {why}"))?;
    let lower = nix::net::if_::if_nametoindex(LOWER).map_err(|errno| errno.desc().to_owned())?;
    let data = InfoData::MacVlan(vec![InfoMacVlan::Mode(MacVlanMode::Bridge)]);
    let mut message = link("macvlan1", InfoKind::MacVlan, Some(data));
    message.attributes.push(LinkAttribute::Link(lower));
    device(message)
}

/// Writes the rule and sees whether it stands as iptables would write it.
fn nat() -> Result<Option<String>, String> {
    let netfilter = netfilter()?;
    let line = command::parse(MASQUERADE).map_err(|error| error.to_string())?;
    let Some(Command::Iptables(rule)) = line.command else {
        return Err("the rule is none".to_owned());
    };
    let printed = netfilter
        .perform(&rule)
        .map_err(|error| format!("{error:#}"))?;
    if printed.status != 0 {
        return Err(printed.err.trim_end().to_owned());
    }
    let native = "works, but without xtables' extensions (CONFIG_NFT_COMPAT), so the real iptables \
                  will not list the rules";
    Ok((!netfilter.writes_as_iptables(&rule)).then(|| native.to_owned()))
}

fn conntrack() -> Result<(), String> {
    let flows = netfilter()?.flows();
    flows.map(drop).map_err(|error| format!("{error:#}"))
}

fn netfilter() -> Result<Netfilter, String> {
    let here = fs::File::open("/proc/thread-self/ns/net").map_err(|error| said(&error))?;
    Netfilter::open(here.as_fd()).map_err(|error| format!("{error:#}"))
}

fn socket(domain: Domain, protocol: Protocol) -> Result<(), String> {
    let opened = Socket::new(domain, Type::RAW, Some(protocol));
    opened.map(drop).map_err(|error| said(&error))
}

/// What the kernel said, in words. "Not supported" is how it says that it knows no such thing.
fn said(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(nix::libc::EOPNOTSUPP | nix::libc::EPROTONOSUPPORT) => {
            "this kernel has no such thing".to_owned()
        }
        Some(errno) => meaning(errno),
        None => error.to_string(),
    }
}
