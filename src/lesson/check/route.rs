//! `route`: a route is there, and such.

use ipnet::IpNet;
use serde::Deserialize;
use toml::Spanned;

use super::look::{self, Differences, Found};
use super::words::{DevName, Ip, NsName, Prefix, prefix_text};
use super::{Flaw, Form, Judge, Mention, Predicate, Verdict};
use crate::world::route::{Route as Row, RouteKind};
use crate::world::{Space, World};

/// `RT_TABLE_MAIN` of `linux/rtnetlink.h`.
const MAIN: u32 = 254;

/// `route = { ns = "app3", dst = "default", via = "172.16.0.1" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table such as { ns = \"app3\", dst = \"default\", via = \"172.16.0.1\" }"
)]
pub struct Route {
    ns: Spanned<NsName>,
    dst: Prefix,
    via: Option<Ip>,
    #[serde(default)]
    on_link: bool,
    dev: Option<Spanned<DevName>>,
    src: Option<Ip>,
    metric: Option<u32>,
    table: Option<u32>,
    kind: Option<Kind>,
    first: Option<bool>,
}

/// Kinds of route that a lesson can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Unicast,
    Blackhole,
    Unreachable,
    Prohibit,
}

impl Kind {
    fn row(self) -> RouteKind {
        match self {
            Self::Unicast => RouteKind::Unicast,
            Self::Blackhole => RouteKind::Blackhole,
            Self::Unreachable => RouteKind::Unreachable,
            Self::Prohibit => RouteKind::Prohibit,
        }
    }
}

impl Form for Route {
    fn title(&self) -> String {
        let mut text = format!("{} routes {}", self.ns.get_ref().0, prefix_text(self.dst()));
        if let Some(Kind::Blackhole | Kind::Unreachable | Kind::Prohibit) = self.kind {
            text.push_str(" nowhere");
        }
        text.extend(self.via.map(|via| format!(" via {}", via.0)));
        let out = |dev: &Spanned<DevName>| format!(" out of {}", dev.get_ref().0);
        text.extend(self.dev.as_ref().map(out));
        if self.on_link {
            text.push_str(", with no router between");
        }
        text.extend(self.src.map(|src| format!(", from {}", src.0)));
        match self.first {
            Some(true) => text.push_str(" before any other"),
            Some(false) => text.push_str(", but another route comes first"),
            None => {}
        }
        text
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![look::names_space(&self.ns)];
        all.extend(
            self.dev
                .as_ref()
                .map(|dev| look::names_device(&self.ns, dev)),
        );
        all
    }

    fn flaw(&self) -> Option<Flaw> {
        (self.via.is_some() && self.on_link).then(|| Flaw {
            at: None,
            message: "`via` and `on-link` cannot both hold".to_owned(),
            help: "`on-link` asks for a route without a router; leave one of them out".to_owned(),
        })
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::State(std::sync::Arc::new(*self))
    }
}

impl Predicate for Route {
    fn judge(&self, world: &World) -> Verdict {
        look::verdict(self.look(world))
    }
}

impl Route {
    /// `default` is of the family that its router is of.
    fn dst(&self) -> IpNet {
        match (self.dst.0, self.via.or(self.src)) {
            (IpNet::V4(net), Some(Ip(std::net::IpAddr::V6(_)))) if net.prefix_len() == 0 => {
                IpNet::V6(ipnet::Ipv6Net::default())
            }
            (dst, _) => dst,
        }
    }

    fn look(&self, world: &World) -> Found<()> {
        let ns = &self.ns.get_ref().0;
        let space = look::space(world, ns)?;
        if let Some(dev) = &self.dev {
            look::link(world, ns, &dev.get_ref().0)?;
        }
        let same = |row: &&Row| row.dst == self.dst() && row.table == self.table.unwrap_or(MAIN);
        let rows: Vec<&Row> = space.routes.iter().filter(same).collect();
        let differ = |row: &&Row| self.differences(row, space);
        let dst = prefix_text(self.dst());
        let Some((row, differences)) = look::nearest(rows.iter().copied(), differ) else {
            return look::not(format!(
                "{ns} has no route to {dst}; found {}",
                look::or_nothing(&self.others(space))
            ));
        };
        differences.settle(&format!("route to {dst} in {ns}"))?;
        self.rank(row, &rows, space)
    }

    fn differences(&self, row: &Row, space: &Space) -> Differences {
        let mut differ = Differences::default();
        if let Some(Ip(via)) = self.via {
            let found = row
                .via
                .map_or("no router".to_owned(), |via| format!("via {via}"));
            differ.unless(row.via == Some(via), found, format!("via {via}"));
        }
        if let (true, Some(via)) = (self.on_link, row.via) {
            differ.unless(false, format!("via {via}"), "no router");
        }
        if let Some(dev) = &self.dev {
            let found = row.dev.map(|index| space.link_name(index));
            let wanted = &dev.get_ref().0;
            differ.unless(
                found.as_ref() == Some(wanted),
                found.map_or("no device".to_owned(), |name| format!("dev {name}")),
                format!("dev {wanted}"),
            );
        }
        if let Some(Ip(src)) = self.src {
            let found = row
                .src
                .map_or("no source".to_owned(), |src| format!("src {src}"));
            differ.unless(row.src == Some(src), found, format!("src {src}"));
        }
        let metric = row.metric.unwrap_or(0);
        differ.compare(self.metric.as_ref(), &metric, |metric| {
            format!("metric {metric}")
        });
        let kind = self.kind.map(Kind::row);
        differ.compare(kind.as_ref(), &row.kind, |kind| kind.name().to_owned());
        differ
    }

    /// Is it the one that the kernel takes, of those with its prefix: lowest metric, then first?
    fn rank(&self, row: &Row, rows: &[&Row], space: &Space) -> Found<()> {
        let Some(wanted) = self.first else {
            return Ok(());
        };
        let first = rows.iter().min_by_key(|row| row.metric.unwrap_or(0));
        let taken = first.is_some_and(|first| **first == *row);
        let ns = &self.ns.get_ref().0;
        match (wanted, first) {
            (true, Some(first)) if !taken => look::not(format!(
                "in {ns}: {} comes before {}",
                line(first, space),
                line(row, space)
            )),
            (false, _) if taken => look::not(format!(
                "in {ns}: found {} first, wanted another route to {} before it",
                line(row, space),
                prefix_text(row.dst)
            )),
            (true | false, _) => Ok(()),
        }
    }

    fn others(&self, space: &Space) -> Vec<String> {
        let same = |row: &&Row| {
            row.table == self.table.unwrap_or(MAIN) && look::same_family(row.dst, self.dst())
        };
        space
            .routes
            .iter()
            .filter(same)
            .map(|row| line(row, space))
            .collect()
    }
}

/// The beginning of a route as `ip route` prints it.
fn line(row: &Row, space: &Space) -> String {
    let mut text = prefix_text(row.dst);
    text.extend(row.via.map(|via| format!(" via {via}")));
    let out = |dev| format!(" dev {}", space.link_name(dev));
    text.extend(row.dev.map(out));
    text
}

#[cfg(test)]
mod tests;
