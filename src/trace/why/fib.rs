//! Routing: which route a namespace's kernel takes for a packet.
//!
//! The same decision as `RTM_GETROUTE` gives, made on the tables, since the route itself has to be
//! named, and those that it stands before. (`ip-rule(8)`, `ip-route(8)`.)

use std::fmt::Write;
use std::net::IpAddr;

use super::scene::Scene;
use crate::world::cable::End;
use crate::world::policy::{PolicyAction, PolicyRule};
use crate::world::route::{Route, RouteKind, table};
use crate::world::{Ns, Space};

/// `RTNH_F_DEAD` of `linux/rtnetlink.h`.
const DEAD: u32 = 1;
/// The tables that are looked into where no rule is known.
const USUAL: [u32; 3] = [table::LOCAL, table::MAIN, table::DEFAULT];

/// What is to be sent, as far as routes care.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub to: IpAddr,
    pub from: Option<IpAddr>,
    pub iif: Option<&'a str>,
}

/// What a kernel does with a packet.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// It is its own.
    Here,
    /// It goes on.
    On(&'a Route),
    /// A route says that it is to be thrown away, or refused.
    Refused(&'a Route),
    /// A rule says so.
    Forbidden(&'a PolicyRule),
    /// No route fits.
    None,
}

impl<'a> Scene<'a> {
    /// What `ns` does with a packet.
    pub fn way(&self, ns: &Ns, wanted: Wanted<'_>) -> Way<'a> {
        let Some(space) = self.space(ns) else {
            return Way::None;
        };
        let rules = rules(space, wanted);
        if rules.is_empty() {
            let found = USUAL
                .iter()
                .find_map(|table| in_table(space, *table, wanted.to));
            return found.map_or(Way::None, taken);
        }
        for rule in rules {
            match rule.action {
                PolicyAction::Lookup => {
                    if let Some(route) = in_table(space, rule.table, wanted.to) {
                        return taken(route);
                    }
                }
                PolicyAction::Goto(_) | PolicyAction::Nop => {}
                PolicyAction::Blackhole | PolicyAction::Unreachable | PolicyAction::Prohibit => {
                    return Way::Forbidden(rule);
                }
            }
        }
        Way::None
    }

    /// Every route of the main table that would take a packet to `to` on, the chosen one among
    /// them.
    pub fn covering(&self, ns: &Ns, to: IpAddr) -> Vec<&'a Route> {
        let routes = self.space(ns).into_iter().flat_map(|it| &it.routes);
        routes
            .filter(|route| route.table != table::LOCAL && route.kind == RouteKind::Unicast)
            .filter(|route| alive(route) && route.dst.contains(&to))
            .collect()
    }

    /// A route as `ip route` begins its line.
    pub fn route_line(&self, ns: &Ns, route: &Route) -> String {
        let mut line = match route.kind {
            RouteKind::Unicast => String::new(),
            other => format!("{} ", other.name()),
        };
        if route.dst.prefix_len() == 0 {
            line.push_str("default");
        } else if route.dst.prefix_len() == route.dst.max_prefix_len() {
            line.push_str(&route.dst.addr().to_string());
        } else {
            line.push_str(&route.dst.to_string());
        }
        if let Some(via) = route.via {
            let _ = write!(line, " via {via}");
        }
        if let Some(end) = leaves_by(ns, route) {
            let _ = write!(line, " dev {}", self.name(&end));
        }
        if let Some(metric) = route.metric.filter(|metric| *metric != 0) {
            let _ = write!(line, " metric {metric}");
        }
        line
    }
}

/// The device that a route of a namespace leaves by.
pub(super) fn leaves_by(ns: &Ns, route: &Route) -> Option<End> {
    Some(End {
        ns: ns.clone(),
        index: route.dev?,
    })
}

fn taken(route: &Route) -> Way<'_> {
    match route.kind {
        RouteKind::Local | RouteKind::Broadcast | RouteKind::Anycast | RouteKind::Multicast => {
            Way::Here
        }
        RouteKind::Unicast => Way::On(route),
        RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit | RouteKind::Throw => {
            Way::Refused(route)
        }
    }
}

/// The rules that fit, in their order.
fn rules<'a>(space: &'a Space, wanted: Wanted<'_>) -> Vec<&'a PolicyRule> {
    let mut rules: Vec<&PolicyRule> = (space.policy.iter())
        .filter(|rule| rule.v6 == wanted.to.is_ipv6() && fits(rule, wanted))
        .collect();
    rules.sort_by_key(|rule| rule.priority);
    rules
}

/// `FIB_RULE_INVERT` of `linux/fib_rules.h`.
const INVERT: u32 = 2;

fn fits(rule: &PolicyRule, wanted: Wanted<'_>) -> bool {
    let src = rule.src.is_none_or(|net| {
        net.prefix_len() == 0 || wanted.from.is_some_and(|from| net.contains(&from))
    });
    let dst = rule.dst.is_none_or(|net| net.contains(&wanted.to));
    // What is sent by this namespace itself counts as coming in by `lo`.
    let iif = (rule.iif.as_deref()).is_none_or(|iif| wanted.iif.unwrap_or("lo") == iif);
    let unmarked = rule.mark.is_none_or(|(mark, _)| mark == 0);
    let all = src && dst && iif && rule.oif.is_none() && unmarked;
    all != (rule.flags & INVERT != 0)
}

/// The longest prefix; of those the smallest metric; of those the first.
fn in_table(space: &Space, table: u32, to: IpAddr) -> Option<&Route> {
    let mut best: Option<&Route> = None;
    let fitting = (space.routes.iter())
        .filter(|route| route.table == table && alive(route))
        .filter(|route| route.dst.addr().is_ipv4() == to.is_ipv4() && route.dst.contains(&to));
    for route in fitting {
        let better = best.is_none_or(|best| {
            let (length, metric) = (route.dst.prefix_len(), route.metric.unwrap_or(0));
            length > best.dst.prefix_len()
                || length == best.dst.prefix_len() && metric < best.metric.unwrap_or(0)
        });
        if better {
            best = Some(route);
        }
    }
    best.filter(|route| route.kind != RouteKind::Throw)
}

fn alive(route: &Route) -> bool {
    route.flags & DEAD == 0
}
