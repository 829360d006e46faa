use super::super::testing::{World, holds, not, read};

const MAC: &str = "02:00:00:00:00:04";
const KNOWN: &str = "neigh = { ns = 'app3', dst = '172.16.0.40', known = true }";
const UNKNOWN: &str = "neigh = { ns = 'app3', dst = '172.16.0.40', known = false }";
const OF_DEVICE: &str =
    "neigh = { ns = 'app3', dst = '172.16.0.40', mac-of = { ns = 'app4', name = 'clink4' } }";

fn world() -> World {
    World::new()
        .link("app3", "clink3", |_| {})
        .link("app4", "clink4", |link| link.mac = MAC.parse().ok())
}

fn with(mac: Option<&str>, state: u16) -> World {
    world().neigh("app3", "172.16.0.40", "clink3", mac, state)
}

#[test]
fn known_in_any_state_that_is_no_failure() {
    for state in [2, 4, 8, 16, 64, 128] {
        holds(KNOWN, &with(Some(MAC), state));
        holds(OF_DEVICE, &with(Some(MAC), state));
    }
    holds(
        "neigh = { ns = 'app3', dst = '172.16.0.40', state = 'reachable', dev = 'clink3' }",
        &with(Some(MAC), 2),
    );
}

#[test]
fn near_misses_say_both() {
    not(
        KNOWN,
        &with(None, 32),
        "172.16.0.40 in app3: found no address (FAILED), wanted a hardware address",
    );
    not(
        OF_DEVICE,
        &with(Some("02:00:00:00:00:05"), 2),
        "172.16.0.40 in app3: found 02:00:00:00:00:05, wanted 02:00:00:00:00:04",
    );
    not(
        "neigh = { ns = 'app3', dst = '172.16.0.40', state = 'reachable' }",
        &with(Some(MAC), 4),
        "172.16.0.40 in app3: found STALE, wanted REACHABLE",
    );
    not(
        KNOWN,
        &world().neigh("app3", "172.16.0.1", "clink3", Some(MAC), 2),
        "app3 has not asked for 172.16.0.40; its neighbours: 172.16.0.1",
    );
}

#[test]
fn unknown_after_a_failure_and_before_any_question() {
    holds(UNKNOWN, &with(None, 32));
    holds(UNKNOWN, &with(None, 1));
    // What it was before it failed tells nothing.
    holds(UNKNOWN, &with(Some(MAC), 32));
    holds(UNKNOWN, &world());
    not(
        UNKNOWN,
        &with(Some(MAC), 2),
        "172.16.0.40 in app3: found 02:00:00:00:00:04, wanted no hardware address",
    );
}

#[test]
fn unknown_with_an_address_contradicts_itself() {
    let wrong =
        "neigh = { ns = 'app3', dst = '172.16.0.40', known = false, mac = '02:00:00:00:00:04' }";
    assert!(read(wrong).is_err());
}
