//! Neighbours (ARP, NDP): the row behind `ip neigh show`.

use std::net::IpAddr;

use super::link::Mac;

/// What is known of a neighbour (`NUD_*` of `linux/neighbour.h`). A bridge's forwarding entries have
/// the same states.
pub mod nud {
    /// Asked for.
    pub const INCOMPLETE: u16 = 0x01;
    /// It has answered not long ago.
    pub const REACHABLE: u16 = 0x02;
    /// It has answered once; asked for again when it is used.
    pub const STALE: u16 = 0x04;
    /// Used again, and about to be asked for.
    pub const DELAY: u16 = 0x08;
    /// Asked for again.
    pub const PROBE: u16 = 0x10;
    /// It has not answered.
    pub const FAILED: u16 = 0x20;
    /// It needs no asking.
    pub const NOARP: u16 = 0x40;
    /// Somebody has written it down.
    pub const PERMANENT: u16 = 0x80;

    /// Those in which nobody has answered.
    pub const UNANSWERED: u16 = INCOMPLETE | FAILED;
    /// Those in which there is a hardware address to send to (`NUD_VALID`).
    pub const VALID: u16 = REACHABLE | STALE | DELAY | PROBE | NOARP | PERMANENT;

    /// Names, in the order in which iproute2 shows them.
    pub const NAMES: [(u16, &str); 8] = [
        (INCOMPLETE, "INCOMPLETE"),
        (REACHABLE, "REACHABLE"),
        (STALE, "STALE"),
        (DELAY, "DELAY"),
        (PROBE, "PROBE"),
        (FAILED, "FAILED"),
        (NOARP, "NOARP"),
        (PERMANENT, "PERMANENT"),
    ];
}

/// One neighbour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neigh {
    /// ifindex of the device on which it was asked for.
    pub link: u32,
    /// Its address.
    pub dst: IpAddr,
    /// Its hardware address, if known.
    pub mac: Option<Mac>,
    /// As [`nud`] has it.
    pub state: u16,
    /// `NTF_*`.
    pub flags: u8,
}

impl Neigh {
    /// Was it asked for, and nobody has answered?
    pub fn is_unanswered(&self) -> bool {
        self.state & nud::UNANSWERED != 0
    }
}
