//! ICMP errors in ping's words.

use std::net::Ipv4Addr;

use crate::command::Family;

/// What an ICMP or ICMPv6 error says (RFC 792, RFC 4443).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IcmpError {
    /// ICMP or ICMPv6.
    pub family: Family,
    /// Type.
    pub kind: u8,
    /// Code.
    pub code: u8,
    /// The second word of its header: an MTU, a pointer or a gateway.
    pub info: u32,
}

impl IcmpError {
    /// A redirect tells of a better way; the request itself was forwarded.
    pub fn is_redirect(self) -> bool {
        self.family == Family::V4 && self.kind == 5
    }

    /// Will there be no answer? A redirect and a source quench only tell something.
    pub fn ends_request(&self) -> bool {
        self.family == Family::V6 || !matches!(self.kind, 4 | 5)
    }

    /// As ping words it.
    pub fn text(self) -> String {
        match self.family {
            Family::V4 => self.v4(),
            Family::V6 => self.v6(),
        }
    }

    fn v4(self) -> String {
        match (self.kind, self.code) {
            (3, code) => unreachable(code, self.info),
            (4, _) => "Source Quench".into(),
            (5, code) => redirect(code, self.info),
            (11, 0) => "Time to live exceeded".into(),
            (11, 1) => "Frag reassembly time exceeded".into(),
            (11, code) => format!("Time exceeded, Bad Code: {code}"),
            (12, _) => format!("Parameter problem: pointer = {}", self.info >> 24),
            (kind, _) => format!("Bad ICMP type: {kind}"),
        }
    }

    fn v6(self) -> String {
        match (self.kind, self.code) {
            (1, code) => {
                let why = match code {
                    0 => "No route",
                    1 => "Administratively prohibited",
                    2 => "Beyond scope of source address",
                    3 => "Address unreachable",
                    4 => "Port unreachable",
                    _ => return format!("Destination unreachable: Unknown code {code}"),
                };
                format!("Destination unreachable: {why}")
            }
            (2, 0) => format!("Packet too big: mtu={}", self.info),
            (2, code) => format!("Packet too big: mtu={}, code={code}", self.info),
            (3, 0) => "Time exceeded: Hop limit".into(),
            (3, 1) => "Time exceeded: Defragmentation failure".into(),
            (3, code) => format!("Time exceeded: code {code}"),
            (4, code) => {
                let what = match code {
                    0 => "Wrong header field".to_owned(),
                    1 => "Unknown header".to_owned(),
                    2 => "Unknown option".to_owned(),
                    _ => format!("code {code}"),
                };
                format!("Parameter problem: {what} at {}", self.info)
            }
            (kind, _) => format!("unknown icmp type: {kind}"),
        }
    }
}

/// Type 3, by code (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1).
fn unreachable(code: u8, info: u32) -> String {
    let what = match code {
        0 => "Destination Net Unreachable",
        1 => "Destination Host Unreachable",
        2 => "Destination Protocol Unreachable",
        3 => "Destination Port Unreachable",
        4 => return format!("Frag needed and DF set (mtu = {})", info & 0xffff),
        5 => "Source Route Failed",
        6 => "Destination Net Unknown",
        7 => "Destination Host Unknown",
        8 => "Source Host Isolated",
        9 => "Destination Net Prohibited",
        10 => "Destination Host Prohibited",
        11 => "Destination Net Unreachable for Type of Service",
        12 => "Destination Host Unreachable for Type of Service",
        13 => "Packet filtered",
        14 => "Precedence Violation",
        15 => "Precedence Cutoff",
        _ => return format!("Dest Unreachable, Bad Code: {code}"),
    };
    what.into()
}

/// Type 5, by code. There is no space before the bracket in ping either.
fn redirect(code: u8, gateway: u32) -> String {
    let what = match code {
        0 => "Redirect Network".to_owned(),
        1 => "Redirect Host".to_owned(),
        2 => "Redirect Type of Service and Network".to_owned(),
        3 => "Redirect Type of Service and Host".to_owned(),
        _ => format!("Redirect, Bad Code: {code}"),
    };
    format!("{what}(New nexthop: {})", Ipv4Addr::from_bits(gateway))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let say = |family, kind, code, info| {
            let error = IcmpError {
                family,
                kind,
                code,
                info,
            };
            error.text()
        };
        assert_eq!(say(Family::V4, 3, 1, 0), "Destination Host Unreachable");
        assert_eq!(say(Family::V4, 11, 0, 0), "Time to live exceeded");
        assert_eq!(
            say(Family::V4, 3, 4, 1400),
            "Frag needed and DF set (mtu = 1400)"
        );
        assert_eq!(
            say(Family::V4, 5, 1, 0x0a00_0001),
            "Redirect Host(New nexthop: 10.0.0.1)"
        );
        assert_eq!(
            say(Family::V6, 1, 3, 0),
            "Destination unreachable: Address unreachable"
        );
        assert_eq!(say(Family::V6, 2, 0, 1280), "Packet too big: mtu=1280");
    }
}
