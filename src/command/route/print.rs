//! `ip route show` and `ip route get`, as iproute2 prints them.

use std::fmt::Write;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{Get, ShowRoutes, Table};
use crate::command::task::{Printed, Refusal, Show, Tables};
use crate::command::{Family, View};
use crate::world::route::{Route, RouteKind};
use crate::world::{Space, names};

const MAIN: u32 = 254;
const LOCAL: u32 = 255;
const BOOT: u8 = 3;
const GLOBAL: u8 = 0;

impl Show for ShowRoutes {
    fn tables(&self) -> Tables {
        Tables::LINKS | Tables::ROUTES
    }

    fn print(&self, known: &Space) -> Printed {
        if let Some(refusal) = self.no_table(known) {
            return refusal.into();
        }
        match self.chosen(known) {
            Ok(rows) => Printed::table(rows.into_iter().map(|row| self.line(row, known)).collect()),
            Err(refusal) => refusal.into(),
        }
    }
}

impl ShowRoutes {
    /// A column that all rows shown have in common, because it was asked for, is left out.
    fn line(&self, row: &Route, known: &Space) -> String {
        let mut columns = Columns::all();
        columns.set(Columns::VIA, self.via.is_none());
        columns.set(Columns::DEV, self.dev.is_none());
        columns.set(Columns::TABLE, self.table == Some(Table::All));
        columns.set(Columns::PROTO, self.proto.is_none());
        columns.set(Columns::SCOPE, self.scope.is_none());
        line(row, known, self.view, columns, &Asked::default())
    }

    fn no_table(&self, known: &Space) -> Option<Refusal> {
        let Some(Table::Id(id)) = self.table else {
            return None;
        };
        let (family, word) = match self.view.family {
            None | Some(Family::V4) => (Family::V4, "ipv4"),
            Some(Family::V6) => (Family::V6, "ipv6"),
        };
        let there = known
            .routes
            .iter()
            .any(|row| row.table == id && super::family_of(row.dst.addr()) == family);
        // These are there before any route is.
        let always = id == MAIN || family == Family::V6 && id == LOCAL;
        (!there && !always).then(|| Refusal {
            text: format!("Error: {word}: FIB table does not exist.\nDump terminated"),
            status: 2,
        })
    }
}

bitflags::bitflags! {
    /// Which of a row's columns are shown.
    #[derive(Clone, Copy)]
    struct Columns: u8 {
        const VIA = 1;
        const DEV = 1 << 1;
        const TABLE = 1 << 2;
        const PROTO = 1 << 3;
        const SCOPE = 1 << 4;
    }
}

/// What the answer to a look-up repeats of the question, each with a space behind it.
#[derive(Default)]
struct Asked {
    from: String,
    uid: &'static str,
    iif: String,
}

/// What `ip route get` prints: the kernel's answer `row` to the question `get`.
///
/// The answer tells no source where none was asked about; iproute2 then shows nothing for IPv4,
/// and `from ::` for IPv6.
pub fn print_get(row: &Route, known: &Space, get: &Get) -> Printed {
    let v6 = get.to.is_ipv6();
    let asked = Asked {
        from: match get.from {
            Some(from) => format!("from {from} "),
            None if v6 => "from :: ".to_owned(),
            None => String::new(),
        },
        // A packet that comes in by a device belongs to no user.
        uid: if v6 || get.iif.is_some() {
            ""
        } else {
            "uid 0 "
        },
        iif: match &get.iif {
            Some(dev) => format!("iif {dev} "),
            None => String::new(),
        },
    };
    Printed::table(line(row, known, get.view, Columns::all(), &asked))
}

/// One route, as `ip route` prints it, without what stands at the end of its line.
pub fn route(row: &Route, known: &Space) -> String {
    let line = ShowRoutes::default().line(row, known);
    line.trim_end().to_owned()
}

/// One route, with its line end.
fn line(row: &Route, known: &Space, view: View, columns: Columns, asked: &Asked) -> String {
    let cloned = row.flags & CLONED != 0;
    let mut text = String::new();
    if row.kind != RouteKind::Unicast || view.details {
        text.push_str(row.kind.name());
        text.push(' ');
    }
    let _ = write!(text, "{} {}", destination(row.dst), asked.from);
    if let Some(via) = row.via.filter(|_| columns.contains(Columns::VIA)) {
        text.push_str(&router(row.dst, via));
    }
    if let Some(dev) = row.dev.filter(|_| columns.contains(Columns::DEV)) {
        let _ = write!(text, "dev {} ", known.link_name(dev));
    }
    if columns.contains(Columns::TABLE) && row.table != 0 && (row.table != MAIN || view.details) {
        let _ = write!(text, "table {} ", names::table(row.table));
    }
    if columns.contains(Columns::PROTO) && !cloned && (row.proto != BOOT || view.details) {
        let _ = write!(text, "proto {} ", names::protocol(row.proto));
    }
    if columns.contains(Columns::SCOPE) && !cloned && (row.scope != GLOBAL || view.details) {
        let _ = write!(text, "scope {} ", names::scope(row.scope));
    }
    if let Some(src) = row.src {
        let _ = write!(text, "src {src} ");
    }
    if let Some(metric) = row.metric {
        let _ = write!(text, "metric {metric} ");
    }
    text.push_str(&flags(row.flags));
    text.push_str(asked.uid);
    if row.dst.addr().is_ipv4() && cloned {
        text.push_str("\n    cache ");
        text.push_str(&cache_flags(row.flags));
    }
    if let Some(mtu) = row.mtu {
        let _ = write!(text, "mtu {mtu} ");
    }
    text.push_str(&asked.iif);
    match row.pref {
        Some(0) => text.push_str("pref medium"),
        Some(1) => text.push_str("pref high"),
        Some(3) => text.push_str("pref low"),
        Some(other) => _ = write!(text, "{other}"),
        None => {}
    }
    text.push('\n');
    text
}

/// A destination of full length is one address; of no length, `default`.
fn destination(dst: IpNet) -> String {
    if dst.prefix_len() == 0 {
        "default".to_owned()
    } else if dst.prefix_len() == dst.max_prefix_len() {
        dst.addr().to_string()
    } else {
        dst.to_string()
    }
}

fn router(dst: IpNet, via: IpAddr) -> String {
    match (dst, via) {
        (IpNet::V4(_), IpAddr::V6(via)) => format!("via inet6 {via} "),
        (IpNet::V6(_), IpAddr::V4(via)) => format!("via inet {via} "),
        (IpNet::V4(_), IpAddr::V4(_)) | (IpNet::V6(_), IpAddr::V6(_)) => format!("via {via} "),
    }
}

/// `RTM_F_CLONED`: the row is the answer to a look-up.
const CLONED: u32 = 0x200;

/// `RTNH_F_*` and `RTM_F_*` in the order in which iproute2 shows them. The last bit is also
/// `RTCF_MULTICAST` in the answer to a look-up, and iproute2 shows it by both names.
const FLAGS: [(u32, &str); 11] = [
    (0x1, "dead "),
    (0x4, "onlink "),
    (0x2, "pervasive "),
    (0x8, "offload "),
    (0x40, "trap "),
    (0x100, "notify "),
    (0x10, "linkdown "),
    (0x20, "unresolved "),
    (0x4000, "rt_offload "),
    (0x8000, "rt_trap "),
    (0x2000_0000, "rt_offload_failed "),
];

fn flags(flags: u32) -> String {
    FLAGS
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, word)| *word)
        .collect()
}

/// `RTCF_*` of `linux/in_route.h` in the order in which iproute2 shows them.
const CACHE_FLAGS: [(u32, &str); 9] = [
    (0x8000_0000, "local"),
    (0x4000_0000, "reject"),
    (0x2000_0000, "mc"),
    (0x1000_0000, "brd"),
    (0x0002_0000, "dst-direct"),
    (0x0400_0000, "src-direct"),
    (0x0004_0000, "redirected"),
    (0x0100_0000, "redirect"),
    (0x0001_0000, "notify"),
];

fn cache_flags(flags: u32) -> String {
    let words: Vec<&str> = CACHE_FLAGS
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, word)| *word)
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!("<{}> ", words.join(","))
    }
}
