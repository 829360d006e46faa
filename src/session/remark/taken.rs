//! What is there already: EEXIST, and its like.

use super::route::{is_meant, line};
use super::{Case, errno};
use crate::command::Command;
use crate::command::addr::Addr;
use crate::command::link::{Add, AddKind, Link, Set, Setting};
use crate::command::mention::moved_into;
use crate::command::neigh::Neigh;
use crate::command::netns::Netns;
use crate::command::route::{Edit, Route, Spec};
use crate::world::Ns;

/// What of the command is there already.
pub(super) fn remark(case: Case<'_>, command: &Command) -> Option<String> {
    let taken = case.is(errno::EEXIST)
        || case.is(errno::ENOTUNIQ)
        || case.says("File exists")
        || case.says("already");
    if !taken {
        return None;
    }
    match command {
        Command::Netns(Netns::Add(name)) => Some(format!(
            "The namespace {name} is there already; a line that makes it need not run twice."
        )),
        Command::Link(Link::Add(add)) => born(case, add),
        Command::Link(Link::Set(set)) => renamed_or_moved(case, set),
        Command::Addr(Addr::Add(spec)) => Some(format!(
            "{} has {} already; nothing was changed.",
            spec.dev, spec.net
        )),
        Command::Route(Route::Change(Edit::Add, spec)) => route(case, spec),
        Command::Neigh(Neigh::Set { to, dev, .. }) => Some(format!(
            "The neighbour table has an entry for {to} on {dev} already; `ip neigh replace` changes it."
        )),
        Command::Netns(Netns::Del(_) | Netns::List)
        | Command::Link(Link::Del { .. } | Link::Show(_))
        | Command::Addr(Addr::Del(_) | Addr::Flush(_) | Addr::Show(_))
        | Command::Route(Route::Change(..) | Route::Flush(_) | Route::Show(_) | Route::Get(_))
        | Command::Neigh(Neigh::Del { .. } | Neigh::Flush(_) | Neigh::Show(_))
        | Command::In { .. }
        | Command::Enter { .. }
        | Command::Exit
        | Command::Policy(_)
        | Command::Bridge(_)
        | Command::NetTools(_)
        | Command::Sysctl(_)
        | Command::Iptables(_)
        | Command::Ping(_)
        | Command::Tcpdump(_) => None,
    }
}

/// A device that was to be made: the name of which end is taken, and where.
fn born(case: Case<'_>, add: &Add) -> Option<String> {
    let place = |with: &[Setting]| {
        let into = with.iter().find_map(moved_into);
        into.unwrap_or_else(|| case.ns.clone())
    };
    let mut ends = vec![(add.name.as_deref(), place(&add.with))];
    if let AddKind::Veth { peer, with } = &add.kind {
        ends.push((peer.as_deref(), place(with)));
    }
    if let [first, second] = &ends[..]
        && first == second
        && first.0.is_some()
    {
        return Some(
            "The two ends of a cable need two names as long as both are in one namespace."
                .to_owned(),
        );
    }
    let (name, ns) = ends.into_iter().find_map(|(name, ns)| {
        let space = case.world.spaces.get(&ns)?;
        name.filter(|name| space.link(name).is_some())
            .map(|name| (name, ns))
    })?;
    Some(format!(
        "{ns} has a device {name} already, and a name is there only once. `ip link del {name}` would take that one away."
    ))
}

fn renamed_or_moved(case: Case<'_>, set: &Set) -> Option<String> {
    set.settings.iter().find_map(|setting| {
        if let Setting::Name(name) = setting {
            return Some(format!("{} has a device {name} already.", case.ns));
        }
        let there: Ns = moved_into(setting)?;
        let dev = &set.dev;
        Some(format!(
            "{there} has a device {dev} already. Rename one of them first: `ip link set {dev} name NEW`."
        ))
    })
}

/// A route to the same prefix: what tells two of them apart is the metric.
fn route(case: Case<'_>, spec: &Spec) -> Option<String> {
    let space = case.space?;
    let same = space.routes.iter().find(|route| {
        route.table == spec.table.unwrap_or(254)
            && route.metric.unwrap_or(0) == spec.metric.unwrap_or(0)
            && is_meant(spec, route)
    })?;
    Some(format!(
        "{} has that route already: {}. `ip route replace …` changes it, `ip route del …` takes it away.",
        case.ns,
        line(space, same)
    ))
}
