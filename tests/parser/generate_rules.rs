//! `iptables` commands, made up.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tutor::command::iptables::{Iptables, Op, Table};
use tutor::world::ruleset::rule::{CtStates, Not, Ports, Proto, Rule, Target};

use super::generate::{dev, net4};

pub fn iptables() -> BoxedStrategy<Iptables> {
    (select(vec![Table::Filter, Table::Nat]), op())
        .prop_map(|(table, op)| Iptables { table, op })
        .boxed()
}

/// Chains in which both devices may be compared.
fn chain() -> BoxedStrategy<String> {
    prop_oneof![Just("FORWARD".to_owned()), "[a-z][a-z0-9_]{0,20}"].boxed()
}

fn op() -> BoxedStrategy<Op> {
    let number = 1..=u32::MAX;
    prop_oneof![
        4 => (chain(), rule()).prop_map(|(chain, rule)| Op::Append(chain, rule)),
        1 => (chain(), number.clone(), rule()).prop_map(|(chain, number, rule)| Op::Insert(chain, number, rule)),
        1 => (chain(), rule()).prop_map(|(chain, rule)| Op::Delete(chain, rule)),
        1 => (chain(), number).prop_map(|(chain, number)| Op::DeleteNumber(chain, number)),
        1 => (chain(), any::<bool>()).prop_map(|(chain, drop)| Op::Policy(chain, drop)),
        1 => of(chain()).prop_map(Op::Flush),
        1 => chain().prop_map(Op::NewChain),
        1 => of(chain()).prop_map(Op::DeleteChain),
        1 => of(chain()).prop_map(Op::ListRules),
        1 => (of(chain()), any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(chain, numeric, verbose, numbers)| Op::List { chain, numeric, verbose, numbers }),
    ].boxed()
}

fn not<T: Clone + std::fmt::Debug>(
    is: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<Not<T>>> {
    of((any::<bool>(), is).prop_map(|(not, is)| Not { not, is }))
}

fn ports() -> BoxedStrategy<Ports> {
    (any::<u16>(), any::<u16>())
        .prop_map(|(a, b)| Ports {
            first: a.min(b),
            last: a.max(b),
        })
        .boxed()
}

fn target(ports_known: bool) -> BoxedStrategy<Target> {
    let with = of(ports()).prop_map(move |ports| ports.filter(|_| ports_known));
    let rewritten = (any::<[u8; 4]>(), with).boxed();
    let answers = [
        "icmp-host-unreachable",
        "icmp-admin-prohibited",
        "tcp-reset",
    ];
    prop_oneof![
        select(vec![
            Target::Accept,
            Target::Drop,
            Target::Return,
            Target::Masquerade
        ]),
        of(select(answers.to_vec())).prop_map(|with| Target::Reject {
            with: with.map(str::to_owned)
        }),
        rewritten
            .clone()
            .prop_map(|(to, with)| Target::Snat(to.into(), with)),
        rewritten.prop_map(|(to, with)| Target::Dnat(to.into(), with)),
        "[a-z]{3}_[a-z]{3}".prop_map(Target::Chain),
    ]
    .boxed()
}

fn rule() -> BoxedStrategy<Rule> {
    let proto = prop_oneof![
        Just(Proto::Icmp),
        Just(Proto::Tcp),
        Just(Proto::Udp),
        (18..=255_u8).prop_map(Proto::Other),
    ];
    let states = (1..128_u8).prop_map(CtStates::from_bits_truncate);
    let conditions = (
        not(net4()),
        not(net4()),
        not(dev()),
        not(dev()),
        not(states),
        any::<bool>(),
    );
    (conditions, not(proto), not(ports()), not(ports()))
        .prop_flat_map(
            |((src, dst, iif, oif, ctstate, first), proto, sport, dport)| {
                let known = matches!(
                    proto,
                    Some(Not {
                        is: Proto::Tcp | Proto::Udp,
                        ..
                    })
                );
                let (sport, dport) = (sport.filter(|_| known), dport.filter(|_| known));
                let both = ctstate.is_some() && (sport.is_some() || dport.is_some());
                of(target(known)).prop_map(move |target| Rule {
                    src,
                    dst,
                    iif: iif.clone(),
                    oif: oif.clone(),
                    proto,
                    sport,
                    dport,
                    ctstate,
                    ctstate_first: both && first,
                    target,
                })
            },
        )
        .boxed()
}
