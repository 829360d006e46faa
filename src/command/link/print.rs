//! `ip link show`, as iproute2 prints it.

pub(in crate::command) mod line;

use std::fmt::Write;

use super::ShowLinks;
use crate::command::task::{Printed, Refusal, Show, Tables};
use crate::world::Space;
use crate::world::link::{Counters, Detail, Details, Link, LinkKind, Mac, Stats, Value};

impl Show for ShowLinks {
    fn tables(&self) -> Tables {
        Tables::LINKS
    }

    fn print(&self, known: &Space) -> Printed {
        match self.chosen(known) {
            Ok(links) => Printed::table(
                links
                    .into_iter()
                    .map(|link| self.device(link, known))
                    .collect(),
            ),
            Err(refusal) => refusal.into(),
        }
    }
}

impl ShowLinks {
    fn chosen<'a>(&self, known: &'a Space) -> Result<Vec<&'a Link>, Refusal> {
        let master = match &self.master {
            None => None,
            Some(name) => match known.link(name) {
                None => return Err(Refusal::argument(name, "Device does not exist\n")),
                found => found,
            },
        };
        if let Some(name) = &self.dev
            && known.link(name).is_none()
        {
            return Err(Refusal {
                text: format!("Device \"{name}\" does not exist."),
                status: 1,
            });
        }
        Ok(known
            .links
            .values()
            .filter(|link| self.dev.as_ref().is_none_or(|name| link.name == *name))
            .filter(|link| master.is_none_or(|master| link.master == Some(master.index)))
            .filter(|link| {
                self.kind
                    .as_ref()
                    .is_none_or(|kind| kind == kind_name(&link.kind))
            })
            .filter(|link| !self.up || link.is_up())
            .collect())
    }

    fn device(&self, link: &Link, known: &Space) -> String {
        if self.view.brief {
            let mac = link.mac.map(|mac| format!("{mac} ")).unwrap_or_default();
            return format!(
                "{}{mac}<{}> \n",
                line::brief(link, known),
                line::flags(link, known)
            );
        }
        let mut text = format!(
            "{}: {}: <{}> mtu {} qdisc {} ",
            link.index,
            line::name(link, known),
            line::flags(link, known),
            link.mtu,
            link.qdisc
        );
        if let Some(master) = link.master {
            let _ = write!(text, "master {} ", known.link_name(master));
        }
        let _ = write!(
            text,
            "state {} mode DEFAULT group {} ",
            line::state(link.state),
            line::group(link.group)
        );
        if link.qlen > 0 {
            let _ = write!(text, "qlen {}", link.qlen);
        }
        text.push_str("\n    ");
        text.push_str(&line::hardware(link));
        text.push_str(&line::other_end(link, known));
        if let Some(details) = link.details.as_deref().filter(|_| self.view.details) {
            text.push_str(&detailed(link, details, known));
        }
        text.push('\n');
        if let Some(stats) = link.stats.as_deref().filter(|_| self.view.stats) {
            text.push_str(&counted(stats));
        }
        text
    }
}

/// A kind as `ip` names it; empty for a device without one.
fn kind_name(kind: &LinkKind) -> &str {
    match kind {
        LinkKind::None => "",
        LinkKind::Veth => "veth",
        LinkKind::Bridge => "bridge",
        LinkKind::Macvlan { .. } => "macvlan",
        LinkKind::Vxlan { .. } => "vxlan",
        LinkKind::Other(name) => name,
    }
}

/// What `-d` adds.
pub(in crate::command) fn detailed(link: &Link, details: &Details, known: &Space) -> String {
    let mut text = format!(
        " promiscuity {}  allmulti {} minmtu {} maxmtu {} ",
        details.promiscuity, details.allmulti, details.min_mtu, details.max_mtu
    );
    if link.kind != LinkKind::None {
        let _ = write!(text, "\n    {} ", kind_name(&link.kind));
        text.extend(details.kind.iter().map(|detail| said(detail, known)));
    }
    if !details.port.is_empty() {
        text.push_str("\n    bridge_slave ");
        text.extend(details.port.iter().map(|detail| said(detail, known)));
    }
    if let Some(mode) = details.addr_gen_mode {
        let _ = write!(text, "addrgenmode {} ", addr_gen_mode(mode));
    }
    let _ = write!(
        text,
        "numtxqueues {} numrxqueues {} gso_max_size {} gso_max_segs {} tso_max_size {} \
         tso_max_segs {} gro_max_size {} ",
        details.tx_queues,
        details.rx_queues,
        details.gso_max_size,
        details.gso_max_segs,
        details.tso_max_size,
        details.tso_max_segs,
        details.gro_max_size
    );
    text
}

/// `IN6_ADDR_GEN_MODE_*` of `linux/if_link.h`.
fn addr_gen_mode(mode: u8) -> String {
    match mode {
        0 => "eui64".to_owned(),
        1 => "none".to_owned(),
        2 => "stable_secret".to_owned(),
        3 => "random".to_owned(),
        other => format!("{other:#x}"),
    }
}

/// One property, with a blank behind it.
pub(in crate::command) fn said(detail: &Detail, known: &Space) -> String {
    let name = detail.name;
    match &detail.value {
        Value::Number(number) => format!("{name} {number} "),
        Value::Hex(0) => format!("{name} 0 "),
        Value::Hex(number) | Value::Prefixed(number) => format!("{name} {number:#x} "),
        Value::Pair(low, high) => format!("{name} {low} {high} "),
        Value::Switch(true) => format!("{name} on "),
        Value::Switch(false) => format!("{name} off "),
        Value::Flag(true) => format!("{name} "),
        Value::Flag(false) => format!("no{name} "),
        Value::Timer(ticks) => format!("{name} {:4}.{:02} ", ticks / 100, ticks % 100),
        Value::Mac(mac) => format!("{name} {mac} "),
        Value::BridgeId(priority, mac) => format!("{name} {priority:04x}.{} ", short(*mac)),
        Value::Addr(ip) => format!("{name} {ip} "),
        Value::Device(index) => format!("{name} {} ", known.link_name(*index)),
        Value::Word(word) => format!("{name} {word} "),
    }
}

/// A hardware address without leading zeros, as the C library's `ether_ntoa` writes it.
fn short(mac: Mac) -> String {
    mac.0.map(|byte| format!("{byte:x}")).join(":")
}

/// What `-s` adds. A column is as wide as its title or the widest number in it, either way.
pub(in crate::command) fn counted(stats: &Stats) -> String {
    let rows = [values(&stats.rx), values(&stats.tx)];
    let mut widths = [10, 7, 6, 7, 7, 7];
    for row in &rows {
        for (width, value) in widths.iter_mut().zip(row) {
            *width = value.to_string().len().max(*width);
        }
    }
    let mut text = titles(
        "RX",
        ["bytes", "packets", "errors", "dropped", "missed", "mcast"],
        widths,
    );
    text.push_str(&numbers(&rows[0], widths));
    text.push_str(&titles(
        "TX",
        [
            "bytes", "packets", "errors", "dropped", "carrier", "collsns",
        ],
        widths,
    ));
    text.push_str(&numbers(&rows[1], widths));
    text
}

fn values(counters: &Counters) -> [u64; 6] {
    [
        counters.bytes,
        counters.packets,
        counters.errors,
        counters.dropped,
        counters.lost,
        counters.other,
    ]
}

/// The last column, of compressed packets, has no title while there are none.
fn titles(way: &str, titles: [&str; 6], widths: [usize; 6]) -> String {
    let [first, rest @ ..] = titles;
    let mut text = format!("    {way}: {first:>width$}", width = widths[0] - 4);
    for (title, width) in rest.iter().zip(&widths[1..]) {
        let _ = write!(text, " {title:>width$}");
    }
    let _ = writeln!(text, " {:>10}", "");
    text
}

fn numbers(values: &[u64; 6], widths: [usize; 6]) -> String {
    let mut text = "    ".to_owned();
    for (value, width) in values.iter().zip(widths) {
        let _ = write!(text, "{value:>width$} ");
    }
    text.push('\n');
    text
}
