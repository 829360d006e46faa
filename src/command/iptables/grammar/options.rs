//! The options of iptables.

use super::rule::Part;
use crate::command::kit::{Flag, Key, Named, Slot, exact, flag};

/// What an option of iptables stands for.
#[derive(Clone, Copy)]
pub(super) enum Opt {
    Table,
    Do(Verb),
    Numeric,
    Verbose,
    Numbers,
    /// Accepted, and changes nothing.
    Nothing,
    Rule(Part),
}

/// What is done.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Append,
    Insert,
    Delete,
    Policy,
    Flush,
    NewChain,
    DeleteChain,
    ListRules,
    List,
}

pub(super) const OPTIONS: &[Flag<Opt>] = &[
    flag(&["-t", "--table"], Opt::Table, "in the table {}").value(Slot::Name(Named::Table)),
    flag(
        &["-A", "--append"],
        Opt::Do(Verb::Append),
        "add a rule at the end of a chain:",
    )
    .value(Slot::Chain),
    flag(
        &["-I", "--insert"],
        Opt::Do(Verb::Insert),
        "add a rule, before the others, to a chain:",
    )
    .value(Slot::Chain),
    flag(
        &["-D", "--delete"],
        Opt::Do(Verb::Delete),
        "delete a rule from a chain:",
    )
    .value(Slot::Chain),
    flag(
        &["-P", "--policy"],
        Opt::Do(Verb::Policy),
        "what becomes of packets for which no rule decides, in the chain",
    )
    .value(Slot::Chain),
    flag(
        &["-F", "--flush"],
        Opt::Do(Verb::Flush),
        "delete all rules of the table, or of one chain",
    )
    .optional(Slot::Chain),
    flag(
        &["-N", "--new-chain"],
        Opt::Do(Verb::NewChain),
        "make a chain of your own:",
    )
    .value(Slot::NewChain),
    flag(
        &["-X", "--delete-chain"],
        Opt::Do(Verb::DeleteChain),
        "delete your own chains, or one of them",
    )
    .optional(Slot::Chain),
    flag(
        &["-S", "--list-rules"],
        Opt::Do(Verb::ListRules),
        "show the rules as the commands that make them",
    )
    .optional(Slot::Chain),
    flag(
        &["-L", "--list"],
        Opt::Do(Verb::List),
        "show the rules as a table",
    )
    .optional(Slot::Chain),
    flag(
        &["-n", "--numeric"],
        Opt::Numeric,
        "addresses and ports as numbers",
    ),
    flag(
        &["-v", "--verbose"],
        Opt::Verbose,
        "with devices, and counters of packets and bytes",
    ),
    flag(&["--line-numbers"], Opt::Numbers, "with each rule's number"),
    flag(
        &["-w", "--wait"],
        Opt::Nothing,
        "wait if another iptables is at work; here none is",
    )
    .optional(Slot::Number("a number of seconds")),
    flag(&["-4", "--ipv4"], Opt::Nothing, "for IPv4, as always"),
    flag(
        &["-s", "--source", "--src"],
        Opt::Rule(Part::Src),
        "the packet comes from {}",
    )
    .value(Slot::Prefix),
    flag(
        &["-d", "--destination", "--dst"],
        Opt::Rule(Part::Dst),
        "the packet goes to {}",
    )
    .value(Slot::Prefix),
    flag(
        &["-i", "--in-interface"],
        Opt::Rule(Part::In),
        "it came in by the device {}",
    )
    .value(Slot::Device),
    flag(
        &["-o", "--out-interface"],
        Opt::Rule(Part::Out),
        "it leaves by the device {}",
    )
    .value(Slot::Device),
    flag(
        &["-p", "--protocol", "--proto"],
        Opt::Rule(Part::Proto),
        "it is of the protocol {}",
    )
    .value(Slot::Name(Named::Protocol)),
    flag(
        &["-m", "--match"],
        Opt::Rule(Part::Match),
        "with the conditions of the extension {}",
    )
    .value(Slot::Name(Named::Extension)),
    flag(
        &["--ctstate"],
        Opt::Rule(Part::CtState),
        "its connection is {}",
    )
    .value(Slot::Name(Named::States)),
    flag(
        &["--sport", "--source-port"],
        Opt::Rule(Part::Sport),
        "it comes from port {}",
    )
    .value(Slot::Number("a port, or two with a colon between them")),
    flag(
        &["--dport", "--destination-port"],
        Opt::Rule(Part::Dport),
        "it goes to port {}",
    )
    .value(Slot::Number("a port, or two with a colon between them")),
    flag(&["-j", "--jump"], Opt::Rule(Part::Jump), "then do this:")
        .value(Slot::Name(Named::Target)),
    flag(
        &["--reject-with"],
        Opt::Rule(Part::RejectWith),
        "and answer {}",
    )
    .value(Slot::Name(Named::Answer)),
    flag(
        &["--to-source"],
        Opt::Rule(Part::ToSource),
        "the new source is {}",
    )
    .value(Slot::Address),
    flag(
        &["--to-destination"],
        Opt::Rule(Part::ToDestination),
        "the new destination is {}",
    )
    .value(Slot::Address),
    flag(&["--to"], Opt::Rule(Part::To), "the new address is {}").value(Slot::Address),
    Flag::without(&["-C", "--check"]),
    Flag::without(&["-E", "--rename-chain"]),
    Flag::without(&["-R", "--replace"]),
    Flag::without(&["-Z", "--zero"]),
    Flag::without(&["-V", "--version"]),
    Flag::without(&["-c", "--set-counters"]),
    Flag::without(&["-f", "--fragment"]),
    Flag::without(&["-g", "--goto"]),
    Flag::without(&["-x", "--exact"]),
    Flag::without(&["-6", "--ipv6"]),
    Flag::without(&["--comment"]),
    Flag::without(&["--icmp-type"]),
    Flag::without(&["--state"]),
    Flag::without(&["--to-ports"]),
    Flag::without(&["--ports"]),
    Flag::without(&["--tcp-flags"]),
];

pub(super) const NOT: &[Key<()>] = &[exact("!", (), "only if what follows is not so:")];
