use super::super::testing::{World, holds, not, read};
use crate::world::link::{LinkFlags, LinkKind, PortState};

fn bridged() -> World {
    World::new()
        .link("host", "br0", |link| link.kind = LinkKind::Bridge)
        .link("host", "br1", |link| link.kind = LinkKind::Bridge)
        .link("host", "hlink3", |link| {
            link.flags = LinkFlags::UP | LinkFlags::LOWER_UP;
            link.master = Some(1);
            link.port = Some(PortState::Forwarding);
            link.mac = "02:00:00:00:00:03".parse().ok();
        })
}

#[test]
fn asks_only_for_what_it_says() {
    let world = bridged();
    for holding in [
        "name = 'hlink3'",
        "name = 'hlink3', up = true, carrier = true, forwarding = true, promisc = false",
        "name = 'hlink3', master = 'br0', mtu = 1500, address = '02:00:00:00:00:03'",
        "name = 'br0', kind = 'bridge', up = false, no-master = true",
    ] {
        holds(&format!("link = {{ ns = 'host', {holding} }}"), &world);
    }
}

#[test]
fn near_misses_say_both() {
    let world = bridged();
    not(
        "link = { ns = 'host', name = 'hlink3', master = 'br1', mtu = 1400 }",
        &world,
        "hlink3 in host: found MTU 1500, master br0, wanted MTU 1400, master br1",
    );
    not(
        "link = { ns = 'host', name = 'br0', up = true, master = 'br1' }",
        &world,
        "br0 in host: found down, no master, wanted up, master br1",
    );
    not(
        "link = { ns = 'host', name = 'hlink3', no-master = true }",
        &world,
        "hlink3 in host: found master br0, wanted no master",
    );
    not(
        "link = { ns = 'host', name = 'hlink3', kind = 'veth' }",
        &world,
        "hlink3 in host: found no virtual device, wanted veth",
    );
    not(
        "link = { ns = 'host', name = 'br0', forwarding = true }",
        &world,
        "br0 in host: found passes no frames, wanted passes frames",
    );
}

#[test]
fn says_where_the_device_is() {
    let world = bridged().space("app3");
    not(
        "link = { ns = 'app3', name = 'hlink3' }",
        &world,
        "there is no device hlink3 in app3; it is in host",
    );
    not(
        "link = { ns = 'host', name = 'hlink9' }",
        &world,
        "there is no device hlink9 in host; found br0, br1, hlink3",
    );
    not(
        "link = { ns = 'app9', name = 'hlink9' }",
        &world,
        "there is no namespace app9; there are app3",
    );
}

/// Two cables from `host`, whose far ends have the same ifindex.
fn cables() -> World {
    let end = |peer, peer_ns| {
        move |link: &mut crate::world::link::Link| {
            link.kind = LinkKind::Veth;
            link.peer = Some(peer);
            link.peer_ns = peer_ns;
        }
    };
    let mut world = World::new()
        .link("host", "hlink1", end(1, Some(0)))
        .link("host", "hlink2", end(1, Some(1)))
        .link("app1", "clink1", end(1, Some(0)))
        .link("app2", "clink2", end(2, Some(0)));
    let host = world.0.spaces.get_mut(&crate::world::Ns::Host);
    let nsids = &mut host.expect("it was made").nsids;
    nsids.insert(0, "app1".to_owned());
    nsids.insert(1, "app2".to_owned());
    world
}

#[test]
fn the_other_end_by_relation() {
    let world = cables();
    for holding in [
        "ns = 'host', name = 'hlink1', peer = { ns = 'app1', name = 'clink1' }",
        "ns = 'host', name = 'hlink2', peer = { ns = 'app2', name = 'clink2' }",
        "ns = 'app1', name = 'clink1', peer = { ns = 'host', name = 'hlink1' }",
        "ns = 'app2', name = 'clink2', peer = { ns = 'host', name = 'hlink2' }",
    ] {
        holds(&format!("link = {{ {holding} }}"), &world);
    }
    not(
        "link = { ns = 'host', name = 'hlink1', peer = { ns = 'app2', name = 'clink2' } }",
        &world,
        "hlink1 in host: found its other end clink1 in app1, wanted clink2 in app2",
    );
}

#[test]
fn both_ends_in_one_namespace() {
    let world = World::new()
        .link("host", "a", |link| {
            link.kind = LinkKind::Veth;
            link.peer = Some(2);
        })
        .link("host", "b", |link| {
            link.kind = LinkKind::Veth;
            link.peer = Some(1);
        })
        .link("app1", "lo", |_| {});
    holds(
        "link = { ns = 'host', name = 'a', peer = { ns = 'host', name = 'b' } }",
        &world,
    );
    not(
        "link = { ns = 'host', name = 'a', peer = { ns = 'app1', name = 'b' } }",
        &world,
        "a in host: found its other end b in host, wanted b in app1",
    );
}

#[test]
fn titles_are_plain_words() {
    let title = |text: &str| read(text).expect("a right check").title;
    assert_eq!(
        title("link = { ns = 'host', name = 'hlink3', up = true, master = 'br0' }"),
        "hlink3 in host is up, is plugged into br0"
    );
    assert_eq!(
        title("link = { ns = 'host', name = 'br0' }"),
        "br0 in host is there"
    );
}

#[test]
fn cannot_be_plugged_and_not() {
    let wrong = "link = { ns = 'host', name = 'a', master = 'br0', no-master = true }";
    assert!(read(wrong).is_err());
    let long = "link = { ns = 'host', name = 'a234567890123456' }";
    let why = read(long).expect_err("16 bytes");
    assert!(why.contains("at most 15 bytes"), "{why}");
}
