//! Refusals of `ip link`.

use super::{Case, errno};
use crate::command::link::{Link, Setting};
use crate::world::link::{self as row, LinkKind};

pub(super) fn refused(case: Case<'_>, command: &Link) -> Option<String> {
    match command {
        Link::Set(set) => set
            .settings
            .iter()
            .find_map(|setting| setting_refused(case, &set.dev, setting)),
        Link::Del { dev } if dev == "lo" => {
            Some("lo comes and goes with its namespace; it cannot be deleted.".to_owned())
        }
        Link::Add(_) | Link::Del { .. } | Link::Show(_) => None,
    }
}

fn setting_refused(case: Case<'_>, dev: &str, setting: &Setting) -> Option<String> {
    match setting {
        Setting::Master(master) => master_refused(case, dev, master),
        Setting::Netns(_) if case.says("immutable") || case.is(errno::EINVAL) => {
            let what = match case.space?.link(dev)?.kind {
                LinkKind::Bridge => "a bridge",
                LinkKind::None => "lo",
                LinkKind::Veth
                | LinkKind::Macvlan { .. }
                | LinkKind::Vxlan { .. }
                | LinkKind::Other(_) => return None,
            };
            Some(format!(
                "{dev} cannot be moved: {what} stays in the namespace in which it was made."
            ))
        }
        Setting::Netns(_)
        | Setting::Up
        | Setting::Down
        | Setting::NoMaster
        | Setting::Name(_)
        | Setting::Address(_)
        | Setting::Mtu(_)
        | Setting::Promisc(_) => None,
    }
}

fn master_refused(case: Case<'_>, dev: &str, master: &str) -> Option<String> {
    let space = case.space?;
    let (port, master) = (space.link(dev)?, space.link(master)?);
    if master.kind != LinkKind::Bridge {
        return Some(format!(
            "{} is {}, and only a bridge takes ports.",
            master.name,
            kind(master)
        ));
    }
    if port.kind == LinkKind::Bridge {
        return Some(
            "A bridge cannot be plugged into a bridge. A veth pair with one end in each joins them."
                .to_owned(),
        );
    }
    (dev == "lo").then(|| "lo carries no Ethernet frames, so no bridge takes it.".to_owned())
}

fn kind(link: &row::Link) -> String {
    match &link.kind {
        LinkKind::None if link.name == "lo" => "the loopback device".to_owned(),
        LinkKind::None => "a network card".to_owned(),
        LinkKind::Veth => "an end of a cable (veth)".to_owned(),
        LinkKind::Bridge => "a bridge".to_owned(),
        LinkKind::Macvlan { .. } => "a macvlan".to_owned(),
        LinkKind::Vxlan { .. } => "a vxlan".to_owned(),
        LinkKind::Other(kind) => format!("a device of the kind {kind}"),
    }
}
