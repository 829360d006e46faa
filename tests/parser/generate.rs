//! Commands of every kind, made up.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tutor::command::netns::{InForm, Netns, NsRef};
use tutor::command::ping::{Ping, Source};
use tutor::command::sysctl::{Action, Form, Sysctl};
use tutor::command::tcpdump::Tcpdump;
use tutor::command::{Command, Family, View};
use tutor::command::{arp, bridge, policy};
use tutor::world::link::Mac;

use super::{generate_filter, generate_ip, generate_link, generate_rules};

/// Any command.
pub fn command() -> BoxedStrategy<Command> {
    let leaf = prop_oneof![
        1 => Just(Command::Exit),
        1 => netns().prop_map(Command::Netns),
        1 => view().prop_map(|view| Command::Policy(policy::Policy { view })),
        3 => generate_ip::addr().prop_map(Command::Addr),
        6 => generate_ip::route().prop_map(Command::Route),
        3 => generate_ip::neigh().prop_map(Command::Neigh),
        6 => generate_link::link().prop_map(Command::Link).boxed(),
        6 => generate_rules::iptables()
            .prop_map(Command::Iptables)
            .boxed(),
        1 => bridge().prop_map(Command::Bridge).boxed(),
        1 => net_tools().prop_map(Command::NetTools).boxed(),
        1 => sysctl().prop_map(Command::Sysctl).boxed(),
        1 => ping().prop_map(Command::Ping).boxed(),
        1 => tcpdump().prop_map(Command::Tcpdump).boxed(),
        1 => enter().boxed(),
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
    .boxed()
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

fn enter() -> BoxedStrategy<Command> {
    (ns(), any::<bool>())
        .prop_map(|(ns, exec)| {
            let exec = exec && matches!(ns, NsRef::Name(_));
            let form = if exec {
                InForm::NetnsExec
            } else {
                InForm::Nsenter
            };
            Command::Enter { ns, form }
        })
        .boxed()
}

fn form() -> BoxedStrategy<InForm> {
    select(vec![InForm::IpOption, InForm::NetnsExec, InForm::Nsenter]).boxed()
}

/// A device's name, odd ones and keywords among them.
pub fn dev() -> BoxedStrategy<String> {
    let keywords = [
        "up", "dev", "type", "master", "default", "a", "all", "#x", "it's", "-n", "$x", "é", "0",
    ];
    prop_oneof![
        3 => "[a-z]{1,5}[0-9]{1,3}",
        1 => "[!-.;-~&&[^!+]]{3,15}",
        1 => select(keywords.to_vec()).prop_map(str::to_owned),
    ]
    .boxed()
}

/// A namespace's name.
pub fn name() -> BoxedStrategy<String> {
    prop_oneof!["[a-z]{1,8}[2-9]", "[!-.0-~]{3,30}"].boxed()
}

pub fn ns() -> BoxedStrategy<NsRef> {
    prop_oneof![4 => name().prop_map(NsRef::Name), 1 => Just(NsRef::Pid(1))].boxed()
}

pub fn family() -> BoxedStrategy<Family> {
    select(vec![Family::V4, Family::V6]).boxed()
}

pub fn view() -> BoxedStrategy<View> {
    (of(family()), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(family, brief, details, stats)| View {
            family,
            brief,
            details,
            stats,
        })
        .boxed()
}

pub fn address(family: Family) -> BoxedStrategy<IpAddr> {
    match family {
        Family::V4 => any::<[u8; 4]>().prop_map(IpAddr::from).boxed(),
        Family::V6 => any::<[u8; 16]>().prop_map(IpAddr::from).boxed(),
    }
}

pub fn any_address() -> BoxedStrategy<IpAddr> {
    family().prop_flat_map(address).boxed()
}

pub fn net(family: Family) -> BoxedStrategy<IpNet> {
    let most = match family {
        Family::V4 => 32_u8,
        Family::V6 => 128,
    };
    (address(family), 0..=most)
        .prop_map(|(address, length)| IpNet::new(address, length).unwrap())
        .boxed()
}

pub fn net4() -> BoxedStrategy<Ipv4Net> {
    (any::<[u8; 4]>(), 0..=32_u8)
        .prop_map(|(address, length)| Ipv4Net::new(address.into(), length).unwrap().trunc())
        .boxed()
}

pub fn mac() -> BoxedStrategy<Mac> {
    any::<[u8; 6]>().prop_map(Mac).boxed()
}

fn netns() -> BoxedStrategy<Netns> {
    prop_oneof![
        name().prop_map(Netns::Add),
        name().prop_map(Netns::Del),
        Just(Netns::List),
    ]
    .boxed()
}

fn bridge() -> BoxedStrategy<bridge::Bridge> {
    // `bridge` knows no `-br`.
    let view = view().prop_map(|view| View {
        brief: false,
        ..view
    });
    (any::<bool>(), of(dev()), of(dev()), view)
        .prop_map(|(link, bridge, port, view)| {
            if link {
                bridge::Bridge::Link { dev: port, view }
            } else {
                bridge::Bridge::Fdb { bridge, port, view }
            }
        })
        .boxed()
}

fn net_tools() -> BoxedStrategy<arp::NetTools> {
    prop_oneof![
        of(dev()).prop_map(|dev| arp::NetTools::Arp { dev }),
        any::<bool>().prop_map(|numeric| arp::NetTools::Route { numeric }),
    ]
    .boxed()
}

fn sysctl() -> BoxedStrategy<Sysctl> {
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
    .boxed()
}

fn ping() -> BoxedStrategy<Ping> {
    let seconds = || of((0..1_000_000_u64).prop_map(Duration::from_millis));
    let source = |own| {
        prop_oneof![
            address(own).prop_map(Source::Address),
            "[a-z]{1,9}[0-9]{1,3}".prop_map(Source::Device)
        ]
    };
    family()
        .prop_flat_map(move |own| {
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
        .boxed()
}

fn tcpdump() -> BoxedStrategy<Tcpdump> {
    (
        of(dev()),
        of(1..=u32::MAX),
        any::<bool>(),
        any::<bool>(),
        of(generate_filter::tcpdump()),
    )
        .prop_map(|(dev, count, numeric, link_header, filter)| Tcpdump {
            dev,
            count,
            numeric,
            link_header,
            filter,
        })
        .boxed()
}
