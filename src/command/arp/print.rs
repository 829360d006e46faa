//! `arp -n` and `route -n`, as net-tools print them from `/proc/net/arp` and `/proc/net/route`.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::NetTools;
use crate::command::task::{Printed, Show, Tables};
use crate::world::Space;
use crate::world::neigh::{Neigh, nud};
use crate::world::route::{Route, RouteKind, table};

/// `ARPHRD_LOOPBACK`.
const LOOPBACK: u16 = 772;

impl Show for NetTools {
    fn tables(&self) -> Tables {
        match self {
            Self::Arp { .. } => Tables::LINKS | Tables::NEIGHS,
            Self::Route { .. } => Tables::LINKS | Tables::ROUTES,
        }
    }

    fn print(&self, known: &Space) -> Printed {
        match self {
            Self::Arp { dev } => arp(known, dev.as_deref()),
            Self::Route { numeric } => route(known, *numeric),
        }
    }
}

/// Without any entry there is not even a heading.
fn arp(known: &Space, dev: Option<&str>) -> Printed {
    let rows: Vec<&Neigh> = known
        .neighs
        .iter()
        .filter(|row| row.dst.is_ipv4() && row.state & !nud::NOARP != 0)
        .collect();
    let lines: String = rows
        .iter()
        .filter(|row| dev.is_none_or(|dev| known.link_name(row.link) == dev))
        .map(|row| arp_line(row, known))
        .collect();
    Printed::table(match dev {
        _ if !lines.is_empty() => {
            format!(
                "Address                  HWtype  HWaddress           \
                 Flags Mask            Iface\n{lines}"
            )
        }
        Some(_) => format!("arp: in {} entries no match found.\n", rows.len()),
        None => String::new(),
    })
}

fn arp_line(row: &Neigh, known: &Space) -> String {
    let dev = known.link_name(row.link);
    let Some(mac) = row.mac.filter(|_| row.state & nud::VALID != 0) else {
        return format!("{:<33}{:<42}{dev}\n", row.dst.to_string(), "(incomplete)");
    };
    let hardware = match known.links.get(&row.link).map(|link| link.hardware) {
        Some(LOOPBACK) => "loop",
        _ => "ether",
    };
    let flags = if row.state & nud::PERMANENT != 0 {
        "CM"
    } else {
        "C"
    };
    format!(
        "{:<25}{hardware:<8}{:<20}{flags:<22}{dev}\n",
        row.dst.to_string(),
        mac.to_string()
    )
}

/// Exits with 1 where there is no table yet, as in a namespace whose `lo` was never up.
fn route(known: &Space, numeric: bool) -> Printed {
    let mut out = "Kernel IP routing table\n\
                   Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
        .to_owned();
    for row in &known.routes {
        if let (IpNet::V4(dst), table::MAIN) = (row.dst, row.table) {
            out.push_str(&route_line(row, dst, known, numeric));
        }
    }
    let table = known.routes.iter().any(|row| row.dst.addr().is_ipv4());
    Printed {
        out,
        err: String::new(),
        status: u8::from(!table),
    }
}

/// `/proc/net/route` leaves out broadcast and multicast routes.
fn route_line(row: &Route, dst: Ipv4Net, known: &Space, numeric: bool) -> String {
    let refused = match row.kind {
        RouteKind::Broadcast | RouteKind::Multicast => return String::new(),
        RouteKind::Unreachable | RouteKind::Prohibit => true,
        RouteKind::Unicast
        | RouteKind::Local
        | RouteKind::Anycast
        | RouteKind::Blackhole
        | RouteKind::Throw => false,
    };
    let mut flags = if refused { "!" } else { "U" }.to_owned();
    if row.via.is_some() {
        flags.push('G');
    }
    if dst.prefix_len() == 32 {
        flags.push('H');
    }
    let gateway = match row.via {
        _ if refused => "-".to_owned(),
        Some(IpAddr::V4(via)) => via.to_string(),
        // One of IPv6 does not fit in the file.
        Some(IpAddr::V6(_)) | None => Ipv4Addr::UNSPECIFIED.to_string(),
    };
    let destination = match dst.prefix_len() {
        0 if !numeric => "default".to_owned(),
        _ => dst.network().to_string(),
    };
    let mut text = format!(
        "{destination:<15} {gateway:<15} {:<15} {flags:<5} {:<6} ",
        dst.netmask().to_string(),
        row.metric.unwrap_or(0),
    );
    let _ = if refused {
        writeln!(text, "{:<2} {:>7} -", "-", 0)
    } else {
        let dev = row.dev.map_or("*".to_owned(), |dev| known.link_name(dev));
        writeln!(text, "{:<2} {:>7} {dev}", 0, 0)
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_route_has_a_name_without_n() {
        let known = Space {
            routes: vec![Route {
                dst: IpNet::V4(Ipv4Net::default()),
                table: table::MAIN,
                via: Some(IpAddr::V4(Ipv4Addr::new(172, 16, 0, 20))),
                dev: Some(3),
                ..Route::default()
            }],
            ..Space::default()
        };
        for (numeric, start) in [(false, "default "), (true, "0.0.0.0 ")] {
            let printed = route(&known, numeric);
            assert_eq!(printed.status, 0);
            let row = printed.out.lines().nth(2).unwrap_or_default();
            assert!(row.starts_with(start), "{row}");
            assert!(
                row.ends_with("172.16.0.20     0.0.0.0         UG    0      0        0 if3"),
                "{row}"
            );
        }
    }
}
