//! `ip link add … type KIND …`

use super::{WORDS, Word, read};
use crate::command::ParseError;
use crate::command::kit::{
    Cursor, Key, Seen, Slot, device, exact, foreign, foreign_exact, host_address, number, prefix,
};
use crate::command::link::{AddKind, MacvlanMode};

#[derive(Clone, Copy)]
enum Kind {
    Veth,
    Bridge,
    Macvlan,
    Vxlan,
}

const KINDS: &[Key<Kind>] = &[
    exact("veth", Kind::Veth, "a virtual cable with two ends"),
    exact("bridge", Kind::Bridge, "a switch"),
    exact(
        "macvlan",
        Kind::Macvlan,
        "a second hardware address on another device",
    ),
    exact("vxlan", Kind::Vxlan, "an Ethernet that is carried over UDP"),
    foreign_exact("dummy"),
    foreign_exact("vlan"),
    foreign_exact("ipvlan"),
    foreign_exact("vrf"),
    foreign_exact("bond"),
    foreign_exact("gre"),
    foreign_exact("gretap"),
    foreign_exact("ipip"),
    foreign_exact("sit"),
    foreign_exact("ifb"),
    foreign_exact("geneve"),
    foreign_exact("macvtap"),
    foreign_exact("wireguard"),
    foreign_exact("tun"),
    foreign_exact("tap"),
];

/// A kind's name alone.
pub(super) fn name(c: &mut Cursor) -> Result<(), ParseError> {
    c.one_of(KINDS).map(|_| ())
}

/// What stands behind `type`.
pub(super) fn kind(c: &mut Cursor) -> Result<AddKind, ParseError> {
    match c.one_of(KINDS)? {
        Kind::Veth => {
            c.renote("a virtual cable (veth): what goes in at one end comes out at the other");
            veth(c)
        }
        Kind::Bridge => {
            c.renote("a bridge: a switch, into which other devices are plugged");
            Ok(AddKind::Bridge)
        }
        Kind::Macvlan => {
            c.renote("a macvlan: a second hardware address on the device below");
            macvlan(c)
        }
        Kind::Vxlan => {
            c.renote("a vxlan: Ethernet frames carried to another machine within UDP packets");
            vxlan(c)
        }
    }
}

const PEER: &[Key<()>] = &[exact("peer", (), "the other end of the cable:")];

fn veth(c: &mut Cursor) -> Result<AddKind, ParseError> {
    if c.choose(PEER)?.is_none() {
        return Ok(AddKind::Veth {
            peer: None,
            with: Vec::new(),
        });
    }
    let before = c.place();
    let end = read(c, Slot::NewDevice)?;
    if end.typed.is_some() || end.below.is_some() {
        return Err(ParseError {
            at: before,
            message: "the other end has a name and settings, and is a veth in any case".to_owned(),
            help: Some(possible()),
        });
    }
    Ok(AddKind::Veth {
        peer: end.name.or(end.dev),
        with: end.settings,
    })
}

fn possible() -> String {
    let known = WORDS
        .iter()
        .filter(|key| !matches!(key.to, None | Some(Word::Type | Word::Link)));
    let words: Vec<String> = known.map(|key| format!("`{}`", key.word)).collect();
    format!("here may stand: {}", words.join(", "))
}

const MODE: &[Key<()>] = &[prefix(
    "mode",
    (),
    "how it reaches others on the same device below: {}",
)];
const MODES: &[Key<MacvlanMode>] = &[
    exact("private", MacvlanMode::Private, "not at all"),
    exact("vepa", MacvlanMode::Vepa, "by way of the switch outside"),
    exact("bridge", MacvlanMode::Bridge, "directly"),
    exact("passthru", MacvlanMode::Passthru, "there are no others"),
    foreign_exact("source"),
];

fn macvlan(c: &mut Cursor) -> Result<AddKind, ParseError> {
    let mode = match c.choose(MODE)? {
        None => None,
        Some(()) => Some(c.one_of(MODES)?),
    };
    Ok(AddKind::Macvlan { mode })
}

#[derive(Clone, Copy)]
enum Vxlan {
    Id,
    Remote,
    Local,
    Dev,
    Port,
    Learning(bool),
}

// The order of iplink_vxlan.c.
const VXLAN: &[Key<Vxlan>] = &[
    prefix(
        "id",
        Vxlan::Id,
        "the network's number (VNI) is {}; both sides must have the same",
    ),
    prefix(
        "vni",
        Vxlan::Id,
        "the network's number (VNI) is {}; both sides must have the same",
    ),
    prefix(
        "group",
        Vxlan::Remote,
        "frames for unknown receivers go to {}",
    ),
    prefix(
        "remote",
        Vxlan::Remote,
        "frames for unknown receivers go to the machine {}",
    ),
    prefix(
        "local",
        Vxlan::Local,
        "its packets come from the address {}",
    ),
    prefix("dev", Vxlan::Dev, "its packets leave by the device {}"),
    foreign("ttl"),
    foreign("hoplimit"),
    foreign("tos"),
    foreign("dsfield"),
    foreign("df"),
    foreign("label"),
    foreign("flowlabel"),
    foreign("ageing"),
    foreign("maxaddress"),
    foreign("port"),
    foreign("srcport"),
    prefix("dstport", Vxlan::Port, "its packets go to the UDP port {}"),
    prefix(
        "nolearning",
        Vxlan::Learning(false),
        "do not learn behind which machine an address stands",
    ),
    prefix(
        "learning",
        Vxlan::Learning(true),
        "learn behind which machine an address stands",
    ),
];

fn vxlan(c: &mut Cursor) -> Result<AddKind, ParseError> {
    let mut seen = Seen::default();
    let (mut id, mut local, mut remote) = (None, None, None);
    let (mut port, mut dev, mut learning) = (None, None, None);
    while let Some(word) = c.choose_once(VXLAN, &mut seen)? {
        match word {
            Vxlan::Id => {
                let most = (1 << 24) - 1;
                id = Some(c.value(Slot::Number("a network's number"), |text| {
                    number(text, 0, most)
                })?);
            }
            Vxlan::Remote => remote = Some(c.value(Slot::Address, host_address)?),
            Vxlan::Local => local = Some(c.value(Slot::Address, host_address)?),
            Vxlan::Dev => dev = Some(c.value(Slot::Device, device)?),
            Vxlan::Port => {
                port = Some(c.value(Slot::Number("a port"), |text| number(text, 0, u16::MAX))?);
            }
            Vxlan::Learning(yes) => learning = Some(yes),
        }
    }
    let Some(id) = id else {
        let mut error = c.unexpected();
        if !c.at_end() {
            return Err(error);
        }
        "the network's number is missing".clone_into(&mut error.message);
        error.help = Some("`id 42`, say".to_owned());
        return Err(error);
    };
    Ok(AddKind::Vxlan {
        id,
        local,
        remote,
        port,
        dev,
        learning,
    })
}
