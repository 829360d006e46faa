//! `ip address show`, as iproute2 prints it.

use std::fmt::Write;

use ipnet::IpNet;

use super::ShowAddrs;
use super::heading::{footing, heading};
use crate::command::Family;
use crate::command::task::{Printed, Refusal, Show, Tables};
use crate::world::addr::Addr;
use crate::world::link::Link;
use crate::world::{Space, names};

impl Show for ShowAddrs {
    fn tables(&self) -> Tables {
        Tables::LINKS | Tables::ADDRS
    }

    fn print(&self, known: &Space) -> Printed {
        match self.chosen(known) {
            Ok(_) => Printed::table(
                known
                    .links
                    .values()
                    .filter(|link| self.wants_link(link, known))
                    .map(|link| self.block(link, known))
                    .collect(),
            ),
            Err(refusal) => refusal.into(),
        }
    }
}

impl ShowAddrs {
    /// The addresses that are meant, in the kernel's order, IPv4 before IPv6.
    ///
    /// # Errors
    /// The device does not exist.
    pub(super) fn chosen<'a>(&self, known: &'a Space) -> Result<Vec<&'a Addr>, Refusal> {
        if let Some(dev) = self.dev.as_ref().filter(|dev| known.link(dev).is_none()) {
            return Err(Refusal {
                text: format!("Device \"{dev}\" does not exist."),
                status: 1,
            });
        }
        let (four, six): (Vec<_>, Vec<_>) = known
            .addrs
            .iter()
            .filter(|addr| self.wants(addr))
            .filter(|addr| {
                known
                    .links
                    .get(&addr.link)
                    .is_some_and(|link| self.names(link))
            })
            .partition(|addr| matches!(addr.net, IpNet::V4(_)));
        Ok(four.into_iter().chain(six).collect())
    }

    fn names(&self, link: &Link) -> bool {
        self.dev.as_ref().is_none_or(|dev| *dev == link.name) && (!self.up || link.is_up())
    }

    fn wants(&self, addr: &Addr) -> bool {
        let family = match addr.net {
            IpNet::V4(_) => Family::V4,
            IpNet::V6(_) => Family::V6,
        };
        self.view.family.is_none_or(|wanted| wanted == family)
            && self.scope.is_none_or(|scope| scope == addr.scope)
    }

    /// A device without any address is shown too, unless a family was asked for; one whose
    /// addresses are all left out is not.
    fn wants_link(&self, link: &Link, known: &Space) -> bool {
        let mut own = known
            .addrs
            .iter()
            .filter(|addr| addr.link == link.index)
            .peekable();
        let bare = own.peek().is_none();
        self.names(link) && (own.any(|addr| self.wants(addr)) || bare && self.view.family.is_none())
    }

    fn block(&self, link: &Link, known: &Space) -> String {
        let mut text = heading(link, known, self);
        for addr in self.chosen(known).unwrap_or_default() {
            if addr.link != link.index {
                continue;
            }
            if self.view.brief {
                text.push_str(&ends(addr));
            } else {
                text.push_str(&lines(addr));
            }
        }
        text.push_str(&footing(link, self));
        text
    }
}

/// The two lines of one address.
fn lines(addr: &Addr) -> String {
    let mut text = match addr.net {
        IpNet::V4(_) => "    inet ".to_owned(),
        IpNet::V6(_) => "    inet6 ".to_owned(),
    };
    text.push_str(&ends(addr));
    if let Some(broadcast) = addr.broadcast {
        let _ = write!(text, "brd {broadcast} ");
    }
    let _ = write!(text, "scope {} ", names::scope(addr.scope));
    text.push_str(&flags(addr));
    text.push_str(addr.label.as_deref().unwrap_or_default());
    let _ = writeln!(
        text,
        "\n       valid_lft {} preferred_lft {}",
        lifetime(addr.valid),
        lifetime(addr.preferred)
    );
    text
}

/// The address, the other end's, and the prefix length, which belongs to the latter.
fn ends(addr: &Addr) -> String {
    let length = addr.net.prefix_len();
    let own = addr.net.addr();
    match addr.peer {
        Some(peer) => format!("{own} peer {peer}/{length} "),
        None => format!("{own}/{length} "),
    }
}

fn lifetime(seconds: u32) -> String {
    match seconds {
        u32::MAX => "forever".to_owned(),
        seconds => format!("{seconds}sec"),
    }
}

/// `IFA_F_PERMANENT`: its absence is what is shown, as `dynamic`.
const PERMANENT: u32 = 0x80;

/// `IFA_F_*` in the order in which iproute2 shows them.
const FLAGS: [(u32, &str); 12] = [
    (0x01, "secondary"),
    (0x02, "nodad"),
    (0x04, "optimistic"),
    (0x08, "dadfailed"),
    (0x10, "home"),
    (0x20, "deprecated"),
    (0x40, "tentative"),
    (PERMANENT, "dynamic"),
    (0x100, "mngtmpaddr"),
    (0x200, "noprefixroute"),
    (0x400, "autojoin"),
    (0x800, "stable-privacy"),
];

fn flags(addr: &Addr) -> String {
    let mut text = String::new();
    let mut left = addr.flags;
    for (bit, name) in FLAGS {
        if (left & bit != 0) != (bit == PERMANENT) {
            text.push_str(match (name, addr.net) {
                ("secondary", IpNet::V6(_)) => "temporary",
                _ => name,
            });
            text.push(' ');
        }
        left &= !bit;
    }
    if left != 0 {
        let _ = write!(text, "flags {left:02x} ");
    }
    text
}
