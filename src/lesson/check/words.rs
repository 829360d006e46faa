//! Values of checks: names and addresses, each with a sentence for what it cannot be.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;

use crate::command::steers_terminal;
use crate::trace::Place;
use crate::world::Ns;
use crate::world::link::Mac;

/// Longest name of a device in bytes (`IFNAMSIZ` less its closing zero).
pub const LONGEST_DEVICE: usize = 15;

/// Longest name of a namespace in bytes: it is a file in `/run/netns`.
const LONGEST_SPACE: usize = 255;

/// A namespace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NsName(pub Ns);

impl TryFrom<String> for NsName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        space_name(&name)?;
        Ok(Self(Ns::from_name(&name)))
    }
}

/// Can a namespace be called so?
///
/// # Errors
/// Why not.
pub fn space_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name == "." || name == ".." {
        return Err(format!("a namespace cannot be called \"{name}\""));
    }
    if name.len() > LONGEST_SPACE {
        return Err(format!(
            "a namespace's name has at most {LONGEST_SPACE} bytes, this one has {}",
            name.len()
        ));
    }
    match name.chars().find(|char| unfit(*char)) {
        Some(char) => Err(format!("a namespace's name cannot hold {char:?}")),
        None => Ok(()),
    }
}

fn unfit(char: char) -> bool {
    char == '/' || char.is_whitespace() || steers_terminal(char)
}

/// A device's name (`dev_valid_name` of the kernel's `net/core/dev.c`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DevName(pub String);

impl TryFrom<String> for DevName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if name.len() > LONGEST_DEVICE {
            return Err(format!(
                "a device's name has at most {LONGEST_DEVICE} bytes, `{name}` has {}",
                name.len()
            ));
        }
        if name.is_empty() || name == "." || name == ".." {
            return Err(format!("a device cannot be called \"{name}\""));
        }
        match name.chars().find(|char| unfit(*char) || *char == ':') {
            Some(char) => Err(format!("a device's name cannot hold {char:?}")),
            None => Ok(Self(name)),
        }
    }
}

/// A device of a namespace, as `host/br0`.
///
/// # Errors
/// Why it is none.
pub fn place(text: &str) -> Result<Place, String> {
    let Some((ns, dev)) = text.split_once('/') else {
        return Err(format!("\"{text}\" is not a namespace and a device of it"));
    };
    let ns = NsName::try_from(ns.to_owned())?.0;
    let dev = DevName::try_from(dev.to_owned())?.0;
    Ok(Place { ns, dev })
}

/// Longest name of a chain in bytes (`XT_EXTENSION_MAXNAMELEN` less its closing zero).
const LONGEST_CHAIN: usize = 28;

/// A chain's name, or another target's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ChainName(pub String);

impl TryFrom<String> for ChainName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if name.is_empty() || name.len() > LONGEST_CHAIN {
            return Err(format!(
                "a chain's name has from 1 to {LONGEST_CHAIN} bytes, this one has {}",
                name.len()
            ));
        }
        match name
            .chars()
            .find(|char| char.is_whitespace() || steers_terminal(*char))
        {
            Some(char) => Err(format!("a chain's name cannot hold {char:?}")),
            None => Ok(Self(name)),
        }
    }
}

/// A hardware address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MacText(pub Mac);

impl TryFrom<String> for MacText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

/// An address without a prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Ip(pub IpAddr);

impl TryFrom<String> for Ip {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| format!("\"{text}\" is not an address such as 172.16.0.11 or fd00::11"))
    }
}

/// An address with its prefix length, as a device has it; host bits are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Cidr(pub IpNet);

impl TryFrom<String> for Cidr {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| {
            if text.parse::<IpAddr>().is_ok() {
                format!("the prefix length is missing: {text}/16, or another number than 16")
            } else {
                format!(
                    "\"{text}\" is not an address with its prefix length such as 172.16.0.11/16"
                )
            }
        })
    }
}

/// A prefix; `default` is `0.0.0.0/0`, an address alone is all of its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Prefix(pub IpNet);

impl TryFrom<String> for Prefix {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "default" {
            return Ok(Self(IpNet::V4(Ipv4Net::default())));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(IpNet::from(address)));
        }
        let net: IpNet = text.parse().map_err(|_| {
            format!("\"{text}\" is not a prefix such as 172.16.0.0/16, fd00::/64 or default")
        })?;
        if net.trunc() != net {
            return Err(format!(
                "{text} has bits behind its prefix length; the prefix is {}",
                net.trunc()
            ));
        }
        Ok(Self(net))
    }
}

/// The prefix as `ip route` prints it.
pub fn prefix_text(net: IpNet) -> String {
    match net {
        IpNet::V4(net) if net == Ipv4Net::default() => "default".to_owned(),
        IpNet::V6(net) if net == Ipv6Net::default() => "default (IPv6)".to_owned(),
        net if net.prefix_len() == net.max_prefix_len() => net.addr().to_string(),
        net => net.to_string(),
    }
}
