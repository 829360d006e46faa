//! `conntrack`: the kernel follows a connection, and how it rewrites it.

use ipnet::IpNet;
use serde::Deserialize;
use toml::Spanned;

use super::look::{self, Differences, Found};
use super::words::{Ip, NsName, Prefix, prefix_text};
use super::{Form, Judge, Mention, Predicate, Verdict};
use crate::lesson::Need;
use crate::world::World;
use crate::world::conntrack::Flow as Row;

/// `conntrack = { ns = "host", proto = "icmp", src = "172.16.0.40", nat-src = "192.168.64.3" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table such as { ns = \"host\", proto = \"icmp\", dst = \"8.8.8.8\" }"
)]
pub struct Conntrack {
    ns: Spanned<NsName>,
    proto: Option<Proto>,
    src: Option<Prefix>,
    dst: Option<Prefix>,
    port: Option<u16>,
    nat_src: Option<Ip>,
    nat_dst: Option<Ip>,
}

/// IP protocols, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Proto {
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    Icmpv6 = 58,
}

fn proto_word(number: u8) -> String {
    match number {
        1 => "icmp".to_owned(),
        6 => "tcp".to_owned(),
        17 => "udp".to_owned(),
        58 => "icmpv6".to_owned(),
        other => format!("protocol {other}"),
    }
}

impl Form for Conntrack {
    fn title(&self) -> String {
        let any = |prefix: Option<Prefix>| {
            prefix.map_or("anywhere".to_owned(), |prefix| prefix_text(prefix.0))
        };
        let what = self
            .proto
            .map_or("a connection".to_owned(), |proto| proto_word(proto as u8));
        let mut text = format!(
            "{} follows {what} from {} to {}",
            self.ns.get_ref().0,
            any(self.src),
            any(self.dst)
        );
        text.extend(self.port.map(|port| format!(", port {port}")));
        text.extend(
            self.nat_src
                .map(|src| format!(", seen outside as {}", src.0)),
        );
        text.extend(self.nat_dst.map(|dst| format!(", sent on to {}", dst.0)));
        text
    }

    fn mentions(&self) -> Vec<Mention> {
        vec![look::names_space(&self.ns)]
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Conntrack]
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Conntrack {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Conntrack {
    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let space = look::space(world, ns)?;
        match look::nearest(&space.flows, |row| self.differences(row)) {
            None => look::not(format!("{ns} follows no connection")),
            Some((row, differences)) => differences.settle(&format!(
                "{} {} → {} in {ns}",
                proto_word(row.proto),
                row.original.src,
                row.original.dst
            )),
        }
    }

    fn differences(&self, row: &Row) -> Differences {
        let mut differ = Differences::default();
        let proto = self.proto.map(|proto| proto as u8);
        differ.compare(proto.as_ref(), &row.proto, |number| proto_word(*number));
        let within = |prefix: IpNet, address| prefix.contains(&address);
        if let Some(Prefix(src)) = self.src {
            let same = within(src, row.original.src);
            let wanted = format!("from {}", prefix_text(src));
            differ.unless(same, format!("from {}", row.original.src), wanted);
        }
        if let Some(Prefix(dst)) = self.dst {
            let same = within(dst, row.original.dst);
            let wanted = format!("to {}", prefix_text(dst));
            differ.unless(same, format!("to {}", row.original.dst), wanted);
        }
        differ.compare(self.port.as_ref(), &row.original.dst_port, |port| {
            format!("port {port}")
        });
        // An answer comes back to where the rewritten packet said that it came from.
        if let Some(Ip(src)) = self.nat_src {
            let found = if row.reply.dst == row.original.src {
                "its own source".to_owned()
            } else {
                format!("source {}", row.reply.dst)
            };
            differ.unless(row.reply.dst == src, found, format!("source {src}"));
        }
        if let Some(Ip(dst)) = self.nat_dst {
            let found = format!("destination {}", row.reply.src);
            differ.unless(row.reply.src == dst, found, format!("destination {dst}"));
        }
        differ
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, holds, not};

    const WANTED: &str = "conntrack = { ns = 'host', proto = 'icmp', src = '172.16.0.0/16', \
                          dst = '8.8.8.8', nat-src = '192.168.64.3' }";

    fn world(proto: u8, src: &str, dst: &str, outside: &str) -> World {
        World::new()
            .flow("host", 17, "10.0.0.1", "10.0.0.2", "10.0.0.1")
            .flow("host", proto, src, dst, outside)
    }

    #[test]
    fn any_address_within_the_prefix() {
        holds(WANTED, &world(1, "172.16.0.40", "8.8.8.8", "192.168.64.3"));
    }

    #[test]
    fn near_misses() {
        not(
            WANTED,
            &world(1, "172.16.0.40", "8.8.8.8", "172.16.0.40"),
            "icmp 172.16.0.40 → 8.8.8.8 in host: found its own source, wanted source 192.168.64.3",
        );
        not(
            WANTED,
            &world(1, "172.16.0.40", "1.1.1.1", "192.168.64.3"),
            "icmp 172.16.0.40 → 1.1.1.1 in host: found to 1.1.1.1, wanted to 8.8.8.8",
        );
        not(
            WANTED,
            &world(17, "172.16.0.40", "8.8.8.8", "192.168.64.3"),
            "udp 172.16.0.40 → 8.8.8.8 in host: found udp, wanted icmp",
        );
        not(
            WANTED,
            &World::new().space("host"),
            "host follows no connection",
        );
    }
}
