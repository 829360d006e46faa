//! Values behind the words of an expression.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::{Family, Ports};
use crate::world::Ns;
use crate::world::link::Mac;

/// Bytes of a device's name (`IFNAMSIZ`, less the one at its end).
const LONGEST_DEVICE: usize = 15;

/// What is wrong with a value, and what to do.
pub(super) struct Bad {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

fn bad(message: impl Into<String>, help: impl Into<String>) -> Bad {
    Bad {
        message: message.into(),
        help: Some(help.into()),
    }
}

/// An address of that family, if one is told.
pub(super) fn address(text: &str, family: Option<Family>) -> Result<IpAddr, Bad> {
    let addr = text.parse().map_err(|_| match text.parse::<IpNet>() {
        Ok(net) => bad(
            format!("`{text}` is a prefix"),
            format!("`net {}` takes all addresses within one", net.trunc()),
        ),
        Err(_) => bad(
            format!("`{text}` is not an address"),
            "such as 172.16.0.1".to_owned(),
        ),
    })?;
    of_family(text, addr, family)?;
    Ok(addr)
}

fn of_family(text: &str, addr: IpAddr, family: Option<Family>) -> Result<(), Bad> {
    let wrong = |word: &str, wants: &str, is: &str| {
        bad(
            format!("`{text}` is an {is} address, and `{word}` is about {wants}"),
            format!("without `{word}` it fits"),
        )
    };
    match (family, addr) {
        (Some(Family::Ip), IpAddr::V6(_)) => Err(wrong("ip", "IPv4", "IPv6")),
        (Some(Family::Arp), IpAddr::V6(_)) => Err(wrong("arp", "IPv4", "IPv6")),
        (Some(Family::Ip6), IpAddr::V4(_)) => Err(wrong("ip6", "IPv6", "IPv4")),
        (Some(Family::Ip | Family::Arp) | None, IpAddr::V4(_))
        | (Some(Family::Ip6) | None, IpAddr::V6(_)) => Ok(()),
    }
}

/// A prefix of that family; `10` and `192.168` are `10.0.0.0/8` and `192.168.0.0/16`, and an
/// address is the prefix with just that, as in pcap-filter(7).
pub(super) fn net(text: &str, family: Option<Family>) -> Result<IpNet, Bad> {
    let (addr, length) = match text.split_once('/') {
        Some((addr, length)) => (addr, Some(length)),
        None => (text, None),
    };
    let not_a_prefix = || {
        bad(
            format!("`{text}` is not an address with its prefix length"),
            "such as 172.16.0.0/16".to_owned(),
        )
    };
    let (addr, natural) = whole(addr).ok_or_else(not_a_prefix)?;
    of_family(text, addr, family)?;
    let length = match length {
        Some(length) => length.parse().map_err(|_| not_a_prefix())?,
        None => natural,
    };
    let net = IpNet::new(addr, length).map_err(|_| {
        let most = if addr.is_ipv4() { 32 } else { 128 };
        bad(
            format!("a prefix length of {length} is too long"),
            format!("at most {most}"),
        )
    })?;
    if net.trunc() == net {
        Ok(net)
    } else {
        Err(bad(
            format!("`{text}` has bits behind its prefix length"),
            format!("did you mean `{}`?", net.trunc()),
        ))
    }
}

/// An address, of IPv4 perhaps only its first numbers, and how many bits were written.
fn whole(text: &str) -> Option<(IpAddr, u8)> {
    if text.contains(':') {
        return text.parse().ok().map(|addr: Ipv6Addr| (addr.into(), 128));
    }
    let parts: Vec<&str> = text.split('.').collect();
    let missing = 4_usize.checked_sub(parts.len())?;
    let filled = text.to_owned() + &".0".repeat(missing);
    let addr: Ipv4Addr = filled.parse().ok()?;
    let bits = 8 * u8::try_from(parts.len()).ok()?;
    Some((addr.into(), bits))
}

/// A port.
pub(super) fn port(text: &str) -> Result<u16, Bad> {
    text.parse().map_err(|_| {
        bad(
            format!("`{text}` is not a port"),
            "a port is a number from 0 to 65535, such as 80".to_owned(),
        )
    })
}

/// Ports from one to another.
pub(super) fn ports(text: &str) -> Result<Ports, Bad> {
    let (from, to) = text.split_once('-').ok_or_else(|| {
        bad(
            format!("`{text}` is not a range of ports"),
            "such as 8000-8080".to_owned(),
        )
    })?;
    let (from, to) = (port(from)?, port(to)?);
    Ok(Ports {
        from: from.min(to),
        to: from.max(to),
    })
}

/// A hardware address.
pub(super) fn mac(text: &str) -> Result<Mac, Bad> {
    let wrong = |message: String| bad(message, "such as 02:00:00:00:00:01");
    text.parse().map_err(wrong)
}

/// A device's name: any that the kernel takes (`dev_valid_name`), but for its blanks.
pub(super) fn device(text: &str) -> Result<String, Bad> {
    if (1..=LONGEST_DEVICE).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err(bad(
            format!("`{text}` is not the name of a device"),
            format!("a name has 1 to {LONGEST_DEVICE} bytes"),
        ))
    }
}

/// A namespace's name.
pub(super) fn namespace(text: &str) -> Result<Ns, Bad> {
    if text.is_empty() || text.contains('/') {
        return Err(bad(
            format!("`{text}` is not the name of a namespace"),
            "such as `host` or `app1`",
        ));
    }
    Ok(Ns::from_name(text))
}

/// VXLAN's network identifier.
pub(super) fn vni(text: &str) -> Result<u32, Bad> {
    let number = text.parse().ok().filter(|vni| *vni < 1 << 24);
    number.ok_or_else(|| {
        bad(
            format!("`{text}` is not a network identifier of VXLAN"),
            "a number from 0 to 16777215",
        )
    })
}
