//! `ip addr`, `ip route` and `ip neigh` commands, made up.

use ipnet::IpNet;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tutor::command::{Family, View, addr, neigh, route};
use tutor::world::route::RouteKind;

use super::generate::{address, any_address, dev, family, mac, net, view};

pub fn addr() -> BoxedStrategy<addr::Addr> {
    let spec = family().prop_flat_map(|family| {
        let broadcast = match family {
            Family::V4 => of(prop_oneof![
                Just(addr::Broadcast::FromPrefix),
                any::<[u8; 4]>().prop_map(|bytes| addr::Broadcast::Address(bytes.into())),
            ])
            .boxed(),
            Family::V6 => Just(None).boxed(),
        };
        let flags = select(vec![0, 2, 0x200, 0x610, 0x712]);
        (
            net(family),
            any::<bool>(),
            dev(),
            broadcast,
            of(net(family)),
            of(any::<u8>()),
            flags,
        )
    });
    let spec = spec
        .prop_map(|(net, written, dev, broadcast, peer, scope, flags)| {
            let all = net.max_prefix_len();
            let net = if written {
                net
            } else {
                IpNet::new(net.addr(), all).unwrap()
            };
            addr::Spec {
                net,
                prefix_written: written,
                dev,
                broadcast,
                peer,
                scope,
                flags,
            }
        })
        .boxed();
    let show = (of(dev()), of(any::<u8>()), any::<bool>(), view())
        .prop_map(|(dev, scope, up, view)| addr::ShowAddrs {
            dev,
            scope,
            up,
            view,
        })
        .boxed();
    let flush = show
        .clone()
        .prop_filter("flush needs a word", |show| show.dev.is_some() || show.up);
    prop_oneof![
        spec.clone().prop_map(addr::Addr::Add),
        spec.prop_map(addr::Addr::Del),
        show.prop_map(addr::Addr::Show),
        flush.prop_map(addr::Addr::Flush),
    ]
    .boxed()
}

fn route_kind() -> BoxedStrategy<RouteKind> {
    select(vec![
        RouteKind::Unicast,
        RouteKind::Local,
        RouteKind::Broadcast,
        RouteKind::Anycast,
        RouteKind::Multicast,
        RouteKind::Blackhole,
        RouteKind::Unreachable,
        RouteKind::Prohibit,
        RouteKind::Throw,
    ])
    .boxed()
}

pub fn route() -> BoxedStrategy<route::Route> {
    let edit = select(vec![
        route::Edit::Add,
        route::Edit::Del,
        route::Edit::Replace,
        route::Edit::Change,
    ]);
    let numbers = (
        of(any::<u32>()),
        of(any::<u32>()),
        of(any::<u8>()),
        of(any::<u8>()),
        of(any::<u32>()),
    );
    let spec =
        (family(), any_address(), numbers, view()).prop_flat_map(|(own, via, numbers, view)| {
            (
                of(net(own)),
                of(Just(via)),
                of(dev()),
                of(address(own)),
                route_kind(),
                any::<bool>(),
            )
                .prop_map(move |(dst, via, dev, src, kind, onlink)| {
                    let (metric, table, proto, scope, mtu) = numbers;
                    let view = View {
                        family: view.family.and(Some(own)),
                        ..view
                    };
                    route::Spec {
                        dst,
                        view,
                        kind,
                        via,
                        dev,
                        src,
                        metric,
                        table,
                        proto,
                        scope,
                        onlink,
                        mtu,
                    }
                })
        });
    let get = family().prop_flat_map(|own| {
        (address(own), of(address(own)), of(dev()), of(dev()), view()).prop_map(
            move |(to, from, iif, oif, view)| {
                let view = View {
                    family: view.family.and(Some(own)),
                    ..view
                };
                route::Get {
                    to,
                    from,
                    iif,
                    oif,
                    view,
                }
            },
        )
    });
    prop_oneof![
        (edit, spec).prop_map(|(edit, spec)| route::Route::Change(edit, spec)),
        show_routes().prop_map(route::Route::Show),
        show_routes()
            .prop_filter("flush needs a word", |show| show.dev.is_some())
            .prop_map(route::Route::Flush),
        get.prop_map(route::Route::Get),
    ]
    .boxed()
}

fn show_routes() -> BoxedStrategy<route::ShowRoutes> {
    let selects = select(vec![
        route::Select::Exact,
        route::Select::Root,
        route::Select::Match,
    ]);
    let table = of(prop_oneof![
        Just(route::Table::All),
        any::<u32>().prop_map(route::Table::Id)
    ]);
    let filters = (
        of(dev()),
        table,
        of(any::<u8>()),
        of(any::<u8>()),
        selects,
        view(),
    );
    (family(), filters)
        .prop_flat_map(|(own, (dev, table, proto, scope, select, view))| {
            (of(net(own)), of(address(own))).prop_map(move |(dst, via)| {
                let view = View {
                    family: view.family.and(Some(own)),
                    ..view
                };
                let select = if dst.is_some() {
                    select
                } else {
                    route::Select::Exact
                };
                route::ShowRoutes {
                    dst,
                    select,
                    dev: dev.clone(),
                    table,
                    via,
                    proto,
                    scope,
                    view,
                }
            })
        })
        .boxed()
}

pub fn neigh() -> BoxedStrategy<neigh::Neigh> {
    let set = (
        any::<bool>(),
        any_address(),
        of(mac()),
        dev(),
        of(0..u16::MAX),
    )
        .prop_map(|(replace, to, mac, dev, state)| neigh::Neigh::Set {
            replace,
            to,
            mac,
            dev,
            state,
        });
    let show = (
        of(family().prop_flat_map(net)),
        dev(),
        of(any::<u16>()),
        view(),
    )
        .prop_map(|(to, dev, state, view)| {
            let family = view.family.and(to.map(|to| match to {
                IpNet::V4(_) => Family::V4,
                IpNet::V6(_) => Family::V6,
            }));
            neigh::ShowNeighs {
                to,
                dev: Some(dev),
                state,
                view: View { family, ..view },
            }
        })
        .boxed();
    prop_oneof![
        set,
        (any_address(), dev()).prop_map(|(to, dev)| neigh::Neigh::Del { to, dev }),
        show.clone().prop_map(neigh::Neigh::Show),
        show.prop_map(neigh::Neigh::Flush),
    ]
    .boxed()
}
