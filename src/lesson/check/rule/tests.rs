use super::super::testing::{World, holds, not, read};
use crate::world::ruleset::rule::{Not, Rule, Target};
use crate::world::ruleset::{Base, Chain, Entry};

const WANTED: &str = "rule = { ns = 'host', table = 'nat', chain = 'POSTROUTING', \
                      src = '172.16.0.0/16', out = '! br0', target = 'MASQUERADE' }";

fn chain(name: &str, drop: Option<bool>, rules: Vec<Rule>) -> Chain {
    let entries = rules.into_iter().map(|rule| Entry {
        rule,
        ..Entry::default()
    });
    Chain {
        name: name.to_owned(),
        handle: 1,
        base: drop.map(|drop| Base {
            kind: "nat".to_owned(),
            hook: 4,
            priority: 100,
            drop,
            counters: None,
        }),
        rules: entries.collect(),
    }
}

fn masquerade(src: &str, not: bool, out: &str) -> Rule {
    Rule {
        src: src.parse().ok().map(|is| Not { not: false, is }),
        oif: Some(Not {
            not,
            is: out.to_owned(),
        }),
        target: Some(Target::Masquerade),
        ..Rule::default()
    }
}

fn nat(rules: Vec<Rule>) -> World {
    World::new().chain("host", "nat", chain("POSTROUTING", Some(false), rules))
}

#[test]
fn found_among_others_whatever_their_order() {
    let wanted = masquerade("172.16.0.0/16", true, "br0");
    let other = masquerade("10.0.0.0/8", false, "eth0");
    holds(WANTED, &nat(vec![other.clone(), wanted.clone()]));
    holds(WANTED, &nat(vec![wanted, other]));
}

#[test]
fn near_misses_say_both() {
    not(
        WANTED,
        &nat(vec![masquerade("172.16.0.0/16", false, "br0")]),
        "POSTROUTING of nat in host, rule `-s 172.16.0.0/16 -o br0 -j MASQUERADE`: \
         found -o br0, wanted ! -o br0",
    );
    not(
        WANTED,
        &nat(vec![masquerade("172.16.0.0/24", true, "br0")]),
        "POSTROUTING of nat in host, rule `-s 172.16.0.0/24 ! -o br0 -j MASQUERADE`: \
         found -s 172.16.0.0/24, wanted -s 172.16.0.0/16",
    );
    not(
        WANTED,
        &World::new().space("host"),
        "POSTROUTING of nat in host holds no rule, wanted -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
    );
}

#[test]
fn policies_are_accept_until_told() {
    let accept = "rule = { ns = 'host', chain = 'FORWARD', policy = 'ACCEPT' }";
    let drop = "rule = { ns = 'host', chain = 'FORWARD', policy = 'DROP' }";
    let empty = World::new().space("host");
    let dropping = World::new().chain("host", "filter", chain("FORWARD", Some(true), vec![]));
    holds(accept, &empty);
    holds(drop, &dropping);
    not(
        drop,
        &empty,
        "policy of FORWARD of filter in host: found ACCEPT, wanted DROP",
    );
    not(
        accept,
        &dropping,
        "policy of FORWARD of filter in host: found DROP, wanted ACCEPT",
    );
}

#[test]
fn chains_of_a_user() {
    let wanted = "rule = { ns = 'host', chain = 'my-new-rule' }";
    holds(
        wanted,
        &World::new().chain("host", "filter", chain("my-new-rule", None, vec![])),
    );
    not(
        wanted,
        &World::new().chain("host", "filter", chain("mine", None, vec![])),
        "there is no chain my-new-rule of filter in host; found INPUT, FORWARD, OUTPUT, mine",
    );
    not(
        wanted,
        &World::new().chain("host", "nat", chain("my-new-rule", None, vec![])),
        "there is no chain my-new-rule of filter in host; found INPUT, FORWARD, OUTPUT",
    );
}

#[test]
fn every_term_is_compared() {
    let world = nat(vec![Rule {
        target: Some(Target::Accept),
        ..Rule::default()
    }]);
    for term in [
        "src = '10.0.0.1'",
        "dst = '10.0.0.0/8'",
        "in = 'eth0'",
        "out = 'eth+'",
        "proto = 'tcp'",
        "sport = 80",
        "dport = '80:90'",
        "state = 'RELATED,ESTABLISHED'",
        "target = 'DROP'",
    ] {
        let text =
            format!("rule = {{ ns = 'host', table = 'nat', chain = 'POSTROUTING', {term} }}");
        let verdict = super::super::testing::judge(&text, &world);
        assert!(matches!(verdict, crate::lesson::Verdict::Not(_)), "{text}");
    }
    holds(
        "rule = { ns = 'host', table = 'nat', chain = 'POSTROUTING', target = 'ACCEPT' }",
        &world,
    );
}

#[test]
fn contradictions() {
    for wrong in [
        "policy = 'DROP', target = 'DROP'",
        "target = 'DROP', to = '10.0.0.1'",
        "dport = '70000'",
        "state = 'OLD'",
        "src = '10.0.0.0/33'",
    ] {
        let text = format!("rule = {{ ns = 'host', chain = 'FORWARD', {wrong} }}");
        assert!(read(&text).is_err(), "{text}");
    }
}
