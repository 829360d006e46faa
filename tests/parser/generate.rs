//! Commands of every kind, made up.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tutor::command::netns::{InForm, Netns, NsRef};
use tutor::command::ping::{Ping, Source};
use tutor::command::sysctl::{Action, Form, Sysctl};
use tutor::command::tcpdump::{Filter, Tcpdump};
use tutor::command::{Command, Family, View};
use tutor::command::{addr, arp, bridge, neigh, policy, route};
use tutor::world::link::Mac;
use tutor::world::route::RouteKind;

/// Any command.
pub fn command() -> impl Strategy<Value = Command> {
    let leaf = prop_oneof![
        Just(Command::Exit),
        ip(),
        super::generate_link::link().prop_map(Command::Link),
        super::generate_rules::iptables().prop_map(Command::Iptables),
        bridge().prop_map(Command::Bridge),
        net_tools().prop_map(Command::NetTools),
        sysctl().prop_map(Command::Sysctl),
        ping().prop_map(Command::Ping),
        tcpdump().prop_map(Command::Tcpdump),
        enter(),
    ];
    leaf.prop_recursive(3, 8, 1, |inner| {
        (ns(), form(), inner).prop_map(|(ns, form, command)| {
            // `ip -n` stands only before what `ip` and `bridge` do, `ip netns exec` takes a name.
            let form = match (&ns, form) {
                (_, InForm::IpOption) if !takes_option(&command) => InForm::Nsenter,
                (NsRef::Pid(_), InForm::NetnsExec) => InForm::Nsenter,
                (_, form) => form,
            };
            Command::In {
                ns,
                form,
                command: Box::new(command),
            }
        })
    })
}

fn takes_option(command: &Command) -> bool {
    match command {
        Command::In { form, .. } | Command::Enter { form, .. } => *form != InForm::Nsenter,
        Command::Netns(_)
        | Command::Link(_)
        | Command::Addr(_)
        | Command::Route(_)
        | Command::Neigh(_)
        | Command::Policy(_)
        | Command::Bridge(_) => true,
        Command::Exit
        | Command::NetTools(_)
        | Command::Sysctl(_)
        | Command::Iptables(_)
        | Command::Ping(_)
        | Command::Tcpdump(_) => false,
    }
}

fn enter() -> impl Strategy<Value = Command> {
    (ns(), any::<bool>()).prop_map(|(ns, exec)| {
        let exec = exec && matches!(ns, NsRef::Name(_));
        let form = if exec {
            InForm::NetnsExec
        } else {
            InForm::Nsenter
        };
        Command::Enter { ns, form }
    })
}

fn form() -> impl Strategy<Value = InForm> {
    select(vec![InForm::IpOption, InForm::NetnsExec, InForm::Nsenter])
}

/// A device's name, odd ones and keywords among them.
pub fn dev() -> impl Strategy<Value = String> {
    let keywords = [
        "up", "dev", "type", "master", "default", "a", "all", "#x", "it's", "-n", "$x", "é", "0",
    ];
    prop_oneof![
        3 => "[a-z]{1,5}[0-9]{1,3}",
        1 => r##"[!-.;-~&&[^!+]]{3,15}"##,
        1 => select(keywords.to_vec()).prop_map(str::to_owned),
    ]
}

/// A namespace's name.
pub fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}[2-9]", r##"[!-.0-~]{3,30}"##]
}

pub fn ns() -> impl Strategy<Value = NsRef> {
    prop_oneof![4 => name().prop_map(NsRef::Name), 1 => Just(NsRef::Pid(1))]
}

pub fn family() -> impl Strategy<Value = Family> {
    select(vec![Family::V4, Family::V6])
}

pub fn view() -> impl Strategy<Value = View> {
    (of(family()), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(family, brief, details, stats)| View {
            family,
            brief,
            details,
            stats,
        },
    )
}

pub fn address(family: Family) -> BoxedStrategy<IpAddr> {
    match family {
        Family::V4 => any::<[u8; 4]>().prop_map(IpAddr::from).boxed(),
        Family::V6 => any::<[u8; 16]>().prop_map(IpAddr::from).boxed(),
    }
}

pub fn any_address() -> impl Strategy<Value = IpAddr> {
    family().prop_flat_map(address)
}

pub fn net(family: Family) -> impl Strategy<Value = IpNet> {
    let most = match family {
        Family::V4 => 32,
        Family::V6 => 128,
    };
    (address(family), 0..=most).prop_map(|(address, length)| IpNet::new(address, length).unwrap())
}

pub fn net4() -> impl Strategy<Value = Ipv4Net> {
    (any::<[u8; 4]>(), 0..=32_u8)
        .prop_map(|(address, length)| Ipv4Net::new(address.into(), length).unwrap().trunc())
}

pub fn mac() -> impl Strategy<Value = Mac> {
    any::<[u8; 6]>().prop_map(Mac)
}

fn ip() -> impl Strategy<Value = Command> {
    prop_oneof![
        prop_oneof![
            name().prop_map(Netns::Add),
            name().prop_map(Netns::Del),
            Just(Netns::List),
        ]
        .prop_map(Command::Netns),
        addr().prop_map(Command::Addr),
        route().prop_map(Command::Route),
        neigh().prop_map(Command::Neigh),
        view().prop_map(|view| Command::Policy(policy::Policy { view })),
    ]
}

fn addr() -> impl Strategy<Value = addr::Addr> {
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
    let spec = spec.prop_map(|(net, written, dev, broadcast, peer, scope, flags)| {
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
    });
    let show =
        (of(dev()), of(any::<u8>()), any::<bool>(), view()).prop_map(|(dev, scope, up, view)| {
            addr::ShowAddrs {
                dev,
                scope,
                up,
                view,
            }
        });
    let flush = show
        .clone()
        .prop_filter("flush needs a word", |show| show.dev.is_some() || show.up);
    prop_oneof![
        spec.clone().prop_map(addr::Addr::Add),
        spec.prop_map(addr::Addr::Del),
        show.prop_map(addr::Addr::Show),
        flush.prop_map(addr::Addr::Flush),
    ]
}

fn route_kind() -> impl Strategy<Value = RouteKind> {
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
}

fn route() -> impl Strategy<Value = route::Route> {
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
}

fn show_routes() -> impl Strategy<Value = route::ShowRoutes> {
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
    (family(), filters).prop_flat_map(|(own, (dev, table, proto, scope, select, view))| {
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
}

fn neigh() -> impl Strategy<Value = neigh::Neigh> {
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
        });
    prop_oneof![
        set,
        (any_address(), dev()).prop_map(|(to, dev)| neigh::Neigh::Del { to, dev }),
        show.clone().prop_map(neigh::Neigh::Show),
        show.prop_map(neigh::Neigh::Flush),
    ]
}

fn bridge() -> impl Strategy<Value = bridge::Bridge> {
    // `bridge` knows no `-br`.
    let view = view().prop_map(|view| View {
        brief: false,
        ..view
    });
    (any::<bool>(), of(dev()), of(dev()), view).prop_map(|(link, bridge, port, view)| {
        if link {
            bridge::Bridge::Link { dev: port, view }
        } else {
            bridge::Bridge::Fdb { bridge, port, view }
        }
    })
}

fn net_tools() -> impl Strategy<Value = arp::NetTools> {
    prop_oneof![
        of(dev()).prop_map(|dev| arp::NetTools::Arp { dev }),
        any::<bool>().prop_map(|numeric| arp::NetTools::Route { numeric }),
    ]
}

fn sysctl() -> impl Strategy<Value = Sysctl> {
    let name = "net(\\.[a-z0-9_-]{1,9}(/[0-9]{1,3})?){1,4}";
    let read = select(vec![Form::Sysctl, Form::SysctlValue, Form::File]);
    let write = select(vec![Form::Sysctl, Form::SysctlValue, Form::File, Form::Tee]);
    let value = "[0-9a-z][ -~]{0,9}|";
    prop_oneof![
        (name, read).prop_map(|(name, form)| Sysctl {
            name,
            action: Action::Read,
            form
        }),
        (name, write, value).prop_map(|(name, form, value)| Sysctl {
            name,
            action: Action::Write(value),
            form
        }),
    ]
}

fn ping() -> impl Strategy<Value = Ping> {
    let seconds = || of((0..1_000_000_u64).prop_map(Duration::from_millis));
    let source = |own| {
        prop_oneof![
            address(own).prop_map(Source::Address),
            "[a-z]{1,9}[0-9]{1,3}".prop_map(Source::Device)
        ]
    };
    family().prop_flat_map(move |own| {
        let sizes = (
            of(1..=u32::MAX),
            of(0..=65_507_u16),
            of(1..=u8::MAX),
            any::<bool>(),
        );
        (address(own), seconds(), seconds(), of(source(own)), sizes).prop_map(
            |(to, timeout, interval, source, (count, size, ttl, quiet))| Ping {
                to,
                count,
                timeout,
                interval,
                source,
                size,
                ttl,
                quiet,
            },
        )
    })
}

fn tcpdump() -> impl Strategy<Value = Tcpdump> {
    let filter = prop_oneof![
        any::<Index>().prop_map(|any| {
            any.get(&[
                Filter::Icmp,
                Filter::Icmp6,
                Filter::Arp,
                Filter::Tcp,
                Filter::Udp,
            ])
            .clone()
        }),
        any_address().prop_map(Filter::Host),
        any::<u16>().prop_map(Filter::Port),
    ];
    let filters = prop::collection::vec(filter, 0..4);
    (
        of(dev()),
        of(1..=u32::MAX),
        any::<bool>(),
        any::<bool>(),
        filters,
    )
        .prop_map(|(dev, count, numeric, link_header, filter)| Tcpdump {
            dev,
            count,
            numeric,
            link_header,
            filter,
        })
}
