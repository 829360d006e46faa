//! Routes: `default  via 172.16.0.1  br0`.

use std::net::IpAddr;

use super::{Part, Row, Table, is_noise, keys, left_out};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::names;
use crate::world::route::{Route, RouteKind, table};

/// `RTNH_F_DEAD` and `RTNH_F_LINKDOWN` of `linux/rtnetlink.h`.
const DEAD: u32 = 1;
const LINK_DOWN: u32 = 16;

pub(super) fn table(space: &Space) -> Table {
    let (hidden, shown): (Vec<&Route>, Vec<&Route>) = space
        .routes
        .iter()
        .filter(|route| route.table != table::LOCAL)
        .partition(|route| is_noise(&route.dst.to_string()));
    Table {
        title: "routes",
        rows: shown.iter().map(|route| row(space, route)).collect(),
        empty: Some("none"),
        hidden: left_out(hidden.len(), "IPv6-local"),
        there: keys(&space.routes),
        owns: |key| matches!(key, RowKey::Route(table, dst, ..) if *table != table::LOCAL && !is_noise(dst)),
    }
}

fn row(space: &Space, route: &Route) -> Row {
    let dst = if route.dst.prefix_len() == 0 {
        match route.dst.addr() {
            IpAddr::V4(_) => "default".to_owned(),
            IpAddr::V6(_) => "default (IPv6)".to_owned(),
        }
    } else {
        route.dst.to_string()
    };
    let dev = route
        .dev
        .map_or_else(String::new, |dev| space.link_name(dev));
    let mut way = match route.via {
        Some(via) => Part::new(Slot::Dim, "via ").and(Slot::Text, via.to_string()),
        None => kind(route.kind),
    };
    if !dev.is_empty() {
        let gap = if way.0.iter().all(|(_, text)| text.is_empty()) {
            ""
        } else {
            " "
        };
        way = way
            .and(Slot::Dim, format!("{gap}dev "))
            .and(Slot::Code, dev);
    }
    Row {
        key: Some(route.into()),
        cells: vec![Part::new(Slot::Text, dst), way],
        tail: details(route),
    }
}

fn kind(kind: RouteKind) -> Part {
    match kind {
        RouteKind::Unicast => Part::new(Slot::Text, ""),
        RouteKind::Local => Part::new(Slot::Dim, "local"),
        RouteKind::Broadcast => Part::new(Slot::Dim, "broadcast"),
        RouteKind::Anycast => Part::new(Slot::Dim, "anycast"),
        RouteKind::Multicast => Part::new(Slot::Dim, "multicast"),
        RouteKind::Blackhole => Part::new(Slot::Bad, "blackhole"),
        RouteKind::Unreachable => Part::new(Slot::Bad, "unreachable"),
        RouteKind::Prohibit => Part::new(Slot::Bad, "prohibit"),
        RouteKind::Throw => Part::new(Slot::Bad, "throw"),
    }
}

fn details(route: &Route) -> Vec<Part> {
    let mut tail = Vec::new();
    if route.flags & DEAD != 0 {
        tail.push(Part::new(Slot::Bad, "dead"));
    }
    if route.flags & LINK_DOWN != 0 {
        tail.push(Part::new(Slot::Bad, "linkdown"));
    }
    if let Some(src) = route.src {
        tail.push(Part::new(Slot::Dim, format!("src {src}")));
    }
    if let Some(metric) = route.metric.filter(|metric| *metric != 0) {
        tail.push(Part::new(Slot::Dim, format!("metric {metric}")));
    }
    if let Some(mtu) = route.mtu {
        tail.push(Part::new(Slot::Dim, format!("mtu {mtu}")));
    }
    if route.table != table::MAIN {
        tail.push(Part::new(
            Slot::Dim,
            format!("table {}", names::table(route.table)),
        ));
    }
    tail
}
