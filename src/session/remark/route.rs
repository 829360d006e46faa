//! Refusals of `ip route`.

use std::net::IpAddr;

use super::way::routes;
use super::{Case, errno};
use crate::command::Family;
use crate::command::route::{Edit, Route, Spec};
use crate::world::Space;
use crate::world::link::Link;
use crate::world::route as row;

pub(super) fn refused(case: Case<'_>, command: &Route) -> Option<String> {
    match command {
        Route::Change(Edit::Del, spec) if case.is(errno::ESRCH) => not_there(case, spec),
        Route::Change(_, spec) => not_made(case, spec),
        Route::Get(get) if case.is(errno::ENETUNREACH) => no_route(case, get.to),
        Route::Get(_) | Route::Flush(_) | Route::Show(_) => None,
    }
}

/// A route as a learner would say it: `default via 172.16.0.1 dev clink3`.
pub(super) fn line(space: &Space, route: &row::Route) -> String {
    let mut words = vec![if route.dst.prefix_len() == 0 {
        "default".to_owned()
    } else {
        route.dst.to_string()
    }];
    words.extend(route.via.map(|via| format!("via {via}")));
    words.extend(route.dev.map(|dev| format!("dev {}", space.link_name(dev))));
    words.extend(route.metric.map(|metric| format!("metric {metric}")));
    words.join(" ")
}

fn not_made(case: Case<'_>, spec: &Spec) -> Option<String> {
    let space = case.space?;
    if case.is(errno::ENETDOWN) || case.says("not up") {
        let dev = spec.dev.as_deref()?;
        return Some(format!("{dev} is down: `ip link set {dev} up` first."));
    }
    if case.says("Invalid prefix") {
        let dst = spec.dst?;
        return Some(format!(
            "{dst} has bits behind its prefix length; the network is {}.",
            dst.trunc()
        ));
    }
    let gateway = case.says("invalid gateway") || case.is(errno::ENETUNREACH);
    spec.via
        .filter(|_| gateway)
        .map(|via| no_gateway(case, space, via))
}

/// A router must be reachable without a router in between.
fn no_gateway(case: Case<'_>, space: &Space, via: IpAddr) -> String {
    let ns = case.ns;
    if let Some(down) = down_towards(space, via) {
        return format!(
            "{via} would be reached by {down}, which is down: `ip link set {down} up` first."
        );
    }
    let networks: Vec<String> = routes(space)
        .filter(|route| route.via.is_none() && route.dst.addr().is_ipv4() == via.is_ipv4())
        .map(|route| line(space, route))
        .collect();
    let has = if networks.is_empty() {
        "it has no network yet".to_owned()
    } else {
        format!("it has {}", networks.join(", "))
    };
    format!("A router must be reachable directly, and {ns} has no network with {via} in it; {has}.")
}

/// A device that is down, and has an address in whose network `to` lies.
fn down_towards(space: &Space, to: IpAddr) -> Option<&str> {
    let addr = (space.addrs.iter()).find(|addr| {
        let down = space
            .links
            .get(&addr.link)
            .is_some_and(|link| !link.is_up());
        down && addr.net.contains(&to)
    })?;
    space.links.get(&addr.link).map(|link| link.name.as_str())
}

/// No route fits: a network whose device is down, no address at all, or only other networks.
pub(super) fn no_route(case: Case<'_>, to: IpAddr) -> Option<String> {
    let space = case.space?;
    let ns = case.ns;
    if let Some(down) = down_towards(space, to) {
        return Some(format!(
            "{down} has an address in that network but is down, and so is its route: `ip link set {down} up`."
        ));
    }
    let family = |address: IpAddr| address.is_ipv4() == to.is_ipv4();
    let lo = |index: u32| {
        space
            .links
            .get(&index)
            .is_some_and(|link: &Link| link.name == "lo")
    };
    let alone = (space.addrs.iter())
        .find(|addr| !lo(addr.link) && addr.net.prefix_len() == addr.net.max_prefix_len());
    let known: Vec<String> = routes(space)
        .filter(|route| family(route.dst.addr()))
        .map(|route| route.dst.to_string())
        .collect();
    let outside = space
        .addrs
        .iter()
        .any(|addr| !lo(addr.link) && family(addr.net.addr()));
    Some(if !known.is_empty() {
        format!(
            "No route of {ns} fits {to}: it knows {}. A default route would fit every address.",
            known.join(", ")
        )
    } else if let Some(addr) = alone.filter(|addr| family(addr.net.addr())) {
        format!(
            "{ns} has no route. {} is a network of one: an address brings a route with it if it has a shorter prefix length.",
            addr.net
        )
    } else if outside {
        format!("{ns} has no route, for {to} or anything else.")
    } else {
        format!("{ns} has no address yet, and so no route.")
    })
}

/// The route that was to be deleted is not there, or not like that.
fn not_there(case: Case<'_>, spec: &Spec) -> Option<String> {
    let space = case.space?;
    let known: Vec<&row::Route> = routes(space)
        .filter(|route| route.dst.addr().is_ipv4() == is_ipv4(spec))
        .collect();
    let lines = |routes: &[&row::Route]| -> Vec<String> {
        routes.iter().map(|route| line(space, route)).collect()
    };
    let like: Vec<&row::Route> = (known.iter().copied())
        .filter(|route| is_meant(spec, route))
        .collect();
    Some(if !like.is_empty() {
        let like = lines(&like).join(", and ");
        format!("There is {like}; what the line says beside the destination must fit it.")
    } else if known.is_empty() {
        format!("{} has no route at all.", case.ns)
    } else {
        let known = lines(&known).join("; ");
        format!("{} has no such route. It has {known}.", case.ns)
    })
}

/// Does the line speak of this destination?
pub(super) fn is_meant(spec: &Spec, route: &row::Route) -> bool {
    let same = spec
        .dst
        .map_or(route.dst.prefix_len() == 0, |dst| dst == route.dst);
    same && route.dst.addr().is_ipv4() == is_ipv4(spec)
}

/// Is it about IPv4, as whatever says nothing else is?
fn is_ipv4(spec: &Spec) -> bool {
    let told = spec.dst.map(|dst| dst.addr()).or(spec.via);
    told.map_or(spec.view.family != Some(Family::V6), |address| {
        address.is_ipv4()
    })
}
