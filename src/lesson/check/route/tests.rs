use super::super::testing::{World, holds, not, read};
use crate::world::route::RouteKind;

fn world() -> World {
    World::new()
        .link("host", "hlink1", |_| {})
        .link("host", "hlink2", |_| {})
        .space("app3")
}

fn two() -> World {
    let from = |src: &'static str| {
        move |route: &mut crate::world::route::Route| {
            route.src = src.parse().ok();
        }
    };
    world()
        .route("host", "172.16.0.0/16", "hlink1", from("172.16.0.10"))
        .route("host", "172.16.0.0/16", "hlink2", from("172.16.0.20"))
}

#[test]
fn passes_whatever_is_not_asked_for() {
    let world = world().route("host", "0.0.0.0/0", "hlink1", |route| {
        route.via = "172.16.0.1".parse().ok();
        route.metric = Some(100);
        route.proto = 16;
    });
    for holding in [
        "dst = 'default'",
        "dst = '0.0.0.0/0', via = '172.16.0.1'",
        "dst = 'default', dev = 'hlink1', metric = 100, kind = 'unicast'",
    ] {
        holds(&format!("route = {{ ns = 'host', {holding} }}"), &world);
    }
}

#[test]
fn near_misses_say_both() {
    let world = two();
    not(
        "route = { ns = 'host', dst = 'default', via = '172.16.0.1' }",
        &world,
        "host has no route to default; found 172.16.0.0/16 dev hlink1, 172.16.0.0/16 dev hlink2",
    );
    not(
        "route = { ns = 'host', dst = '172.16.0.0/16', via = '172.16.0.1' }",
        &world,
        "route to 172.16.0.0/16 in host: found no router, wanted via 172.16.0.1",
    );
    not(
        "route = { ns = 'host', dst = '172.16.0.0/16', dev = 'hlink2', src = '172.16.0.10' }",
        &world,
        "route to 172.16.0.0/16 in host: found dev hlink1, wanted dev hlink2",
    );
    not(
        "route = { ns = 'host', dst = '172.16.0.0/16', table = 100 }",
        &world,
        "host has no route to 172.16.0.0/16; found nothing",
    );
}

#[test]
fn of_equal_prefixes_the_first_is_taken() {
    let world = two();
    holds(
        "route = { ns = 'host', dst = '172.16.0.0/16', dev = 'hlink1', first = true }",
        &world,
    );
    holds(
        "route = { ns = 'host', dst = '172.16.0.0/16', dev = 'hlink2', first = false }",
        &world,
    );
    not(
        "route = { ns = 'host', dst = '172.16.0.0/16', dev = 'hlink2', first = true }",
        &world,
        "in host: 172.16.0.0/16 dev hlink1 comes before 172.16.0.0/16 dev hlink2",
    );
    not(
        "route = { ns = 'host', dst = '172.16.0.0/16', dev = 'hlink1', first = false }",
        &world,
        "in host: found 172.16.0.0/16 dev hlink1 first, wanted another route to 172.16.0.0/16 \
         before it",
    );
}

#[test]
fn a_lower_metric_comes_first() {
    let world = world()
        .route("host", "10.0.0.0/8", "hlink1", |route| {
            route.metric = Some(10);
        })
        .route("host", "10.0.0.0/8", "hlink2", |_| {});
    holds(
        "route = { ns = 'host', dst = '10.0.0.0/8', dev = 'hlink2', first = true }",
        &world,
    );
}

#[test]
fn default_is_of_its_router_s_family() {
    let world = world().route("host", "::/0", "hlink1", |route| {
        route.via = "fd00::1".parse().ok();
    });
    holds(
        "route = { ns = 'host', dst = 'default', via = 'fd00::1' }",
        &world,
    );
    holds("route = { ns = 'host', dst = '::/0' }", &world);
    not(
        "route = { ns = 'host', dst = 'default' }",
        &world,
        "host has no route to default; found nothing",
    );
}

#[test]
fn a_route_that_leads_nowhere() {
    let world = world().route("host", "10.0.0.0/8", "hlink1", |route| {
        route.kind = RouteKind::Blackhole;
        route.dev = None;
    });
    holds(
        "route = { ns = 'host', dst = '10.0.0.0/8', kind = 'blackhole' }",
        &world,
    );
    not(
        "route = { ns = 'host', dst = '10.0.0.0/8', kind = 'prohibit' }",
        &world,
        "route to 10.0.0.0/8 in host: found blackhole, wanted prohibit",
    );
}

#[test]
fn before_anything_is_there() {
    not(
        "route = { ns = 'app3', dst = 'default', via = '172.16.0.1' }",
        &world(),
        "app3 has no route to default; found nothing",
    );
    not(
        "route = { ns = 'app3', dst = 'default', dev = 'clink3' }",
        &world(),
        "there is no device clink3 in app3; found nothing",
    );
}

#[test]
fn a_prefix_without_bits_behind_it() {
    let why = read("route = { ns = 'host', dst = '172.16.0.1/16' }").expect_err("host bits");
    assert!(why.contains("the prefix is 172.16.0.0/16"), "{why}");
    assert!(read("route = { ns = 'host', dst = 'default', via = '::1', on-link = true }").is_err());
}
