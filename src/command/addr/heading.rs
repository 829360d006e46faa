//! A device's own lines, between which its addresses stand.

use std::fmt::Write;

use super::ShowAddrs;
use crate::command::Family;
use crate::command::link::print::{counted, detailed, line};
use crate::world::Space;
use crate::world::link::{Details, Link};

/// The lines above the addresses (with `-br` the start of the only line).
///
/// For one family `ip` leaves out the hardware addresses; for all devices of IPv6 it asks the
/// kernel for a table that also lacks the queueing discipline, the group and more.
pub(super) fn heading(link: &Link, known: &Space, asked: &ShowAddrs) -> String {
    let view = asked.view;
    if view.brief {
        return line::brief(link, known);
    }
    let short = view.family == Some(Family::V6) && asked.dev.is_none();
    let mut text = format!(
        "{}: {}: <{}> mtu {} ",
        link.index,
        line::name(link, known),
        line::flags(link, known),
        link.mtu
    );
    if !short {
        let _ = write!(text, "qdisc {} ", link.qdisc);
    }
    if let Some(master) = link.master.filter(|_| !short) {
        let _ = write!(text, "master {} ", known.link_name(master));
    }
    let _ = write!(text, "state {} ", line::state(link.state));
    if !short {
        let _ = write!(text, "group {} ", line::group(link.group));
    }
    if link.qlen > 0 {
        let _ = write!(text, "qlen {}", link.qlen);
    }
    if view.family.is_none() || view.details {
        text.push_str("\n    ");
        let brd = link.broadcast.filter(|_| !short);
        text.push_str(&line::hardware(&Link {
            broadcast: brd,
            ..link.clone()
        }));
    }
    if !short {
        text.push_str(&line::other_end(link, known));
        if let Some(details) = link.details.as_deref().filter(|_| view.details) {
            // `ip address` does not ask for the families' own settings.
            let details = Details {
                addr_gen_mode: None,
                ..details.clone()
            };
            text.push_str(&detailed(link, &details, known));
        }
    }
    text.push('\n');
    text
}

/// The lines below the addresses: with `-s` what has passed.
pub(super) fn footing(link: &Link, asked: &ShowAddrs) -> String {
    if asked.view.brief {
        return "\n".to_owned();
    }
    match link.stats.as_deref() {
        Some(stats) if asked.view.stats => counted(stats),
        Some(_) | None => String::new(),
    }
}
