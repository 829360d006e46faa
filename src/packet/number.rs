//! Numbers that headers hold, which more than one place has to know.

/// Ethertypes of VLAN tags: 802.1Q, 802.1ad, and what came before it.
pub(super) const TAGS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
/// A VLAN tag and the ethertype behind it, bytes.
pub(super) const TAG: usize = 4;
/// The identifier within a VLAN tag.
pub(super) const VLAN_ID: u16 = 0x0fff;

/// Hardware type, protocol, and the lengths of both kinds of address (RFC 826).
pub(super) const ARP_OF_IPV4_OVER_ETHERNET: (u16, u16, u16) = (1, 0x0800, 0x0604);
/// Who has this address?
pub(super) const ARP_REQUEST: u16 = 1;
/// It is here.
pub(super) const ARP_REPLY: u16 = 2;

/// Ethertypes (IEEE 802 Numbers).
pub(crate) mod ethertype {
    pub const IPV4: u16 = 0x0800;
    pub const ARP: u16 = 0x0806;
    pub const RARP: u16 = 0x8035;
    pub const IPV6: u16 = 0x86dd;
}

/// IP protocol numbers (IANA, "Protocol Numbers").
pub(crate) mod proto {
    pub const HOP_BY_HOP: u8 = 0;
    pub const ICMP: u8 = 1;
    pub const TCP: u8 = 6;
    pub const UDP: u8 = 17;
    pub const ROUTING: u8 = 43;
    pub const FRAGMENT: u8 = 44;
    pub const AUTHENTICATION: u8 = 51;
    pub const ICMPV6: u8 = 58;
    pub const DESTINATION: u8 = 60;
    pub const SCTP: u8 = 132;
    pub const MOBILITY: u8 = 135;
    pub const HIP: u8 = 139;
    pub const SHIM6: u8 = 140;
}

/// UDP's header, bytes.
pub(super) const UDP_HEADER: usize = 8;
/// Ports to which VXLAN is sent: the one it was given (RFC 7348), and the one Linux had chosen
/// before, which `ip link add … type vxlan` still takes where none is said.
pub(super) const VXLAN: [u16; 2] = [4789, 8472];
/// VXLAN's header, bytes.
pub(super) const VXLAN_HEADER: usize = 8;
/// The flag which says that the network identifier holds.
pub(super) const VXLAN_VALID: u8 = 0x08;
