//! `ip link` commands, made up.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tutor::command::View;
use tutor::command::link::{Add, AddKind, Link, MacvlanMode, Set, Setting, ShowLinks};

use super::generate::{any_address, dev, mac, ns, view};

pub fn link() -> BoxedStrategy<Link> {
    let show = (
        of(dev()),
        of(dev()),
        of("[a-z]{2,8}"),
        any::<bool>(),
        view(),
    )
        .prop_map(|(dev, master, kind, up, view)| {
            Link::Show(ShowLinks {
                dev,
                master,
                kind,
                up,
                view: View { ..view },
            })
        });
    let set = (dev(), settings(1)).prop_map(|(dev, settings)| Link::Set(Set { dev, settings }));
    prop_oneof![
        add().prop_map(Link::Add),
        set,
        dev().prop_map(|dev| Link::Del { dev }),
        show,
    ]
    .boxed()
}

/// No keyword twice; `name` belongs to `ip link set` alone.
fn settings(least: usize) -> BoxedStrategy<Vec<Setting>> {
    let up = any::<bool>().prop_map(|up| if up { Setting::Up } else { Setting::Down });
    let master = of(dev()).prop_map(|dev| dev.map_or(Setting::NoMaster, Setting::Master));
    let mut choices = vec![
        up.boxed(),
        master.boxed(),
        ns().prop_map(Setting::Netns).boxed(),
        mac().prop_map(Setting::Address).boxed(),
        any::<u32>().prop_map(Setting::Mtu).boxed(),
        any::<bool>().prop_map(Setting::Promisc).boxed(),
    ];
    if least > 0 {
        choices.push(dev().prop_map(Setting::Name).boxed());
    }
    let all: Vec<usize> = (0..choices.len()).collect();
    prop::sample::subsequence(all, least..=choices.len())
        .prop_shuffle()
        .prop_flat_map(move |chosen| {
            chosen
                .into_iter()
                .map(|at| choices[at].clone())
                .collect::<Vec<_>>()
        })
        .boxed()
}

fn add() -> BoxedStrategy<Add> {
    let mode = select(vec![
        MacvlanMode::Private,
        MacvlanMode::Vepa,
        MacvlanMode::Bridge,
        MacvlanMode::Passthru,
    ]);
    let vxlan = (
        0..1_u32 << 24,
        of(any_address()),
        of(any_address()),
        of(any::<u16>()),
        of(dev()),
        of(any::<bool>()),
    );
    let kind = prop_oneof![
        (of(dev()), settings(0)).prop_map(|(peer, with)| {
            let with = with
                .into_iter()
                .filter(|setting| !matches!(setting, Setting::Name(_)))
                .collect();
            AddKind::Veth { peer, with }
        }),
        Just(AddKind::Bridge),
        of(mode).prop_map(|mode| AddKind::Macvlan { mode }),
        vxlan.prop_map(|(id, local, remote, port, dev, learning)| AddKind::Vxlan {
            id,
            local,
            remote,
            port,
            dev,
            learning,
        }),
    ];
    (of(dev()), of(dev()), dev(), settings(0), kind)
        .prop_map(|(name, below, lower, with, kind)| {
            let below = if matches!(kind, AddKind::Macvlan { .. }) {
                Some(lower)
            } else {
                below
            };
            Add {
                name,
                below,
                with,
                kind,
            }
        })
        .boxed()
}
