//! What holds of every command and of every line.

use proptest::prelude::*;
use tutor::command::{expected, explain, parse};

use super::generate;

/// Words that grammars know, so that made-up lines get far into them.
const WORDS: &[&str] = &[
    "ip",
    "link",
    "addr",
    "route",
    "neigh",
    "netns",
    "rule",
    "add",
    "del",
    "set",
    "show",
    "flush",
    "get",
    "exec",
    "dev",
    "via",
    "default",
    "type",
    "veth",
    "bridge",
    "peer",
    "name",
    "up",
    "master",
    "-n",
    "-4",
    "-6",
    "-br",
    "x",
    "br0",
    "10.0.0.1/8",
    "10.0.0.1",
    "fd00::1/64",
    "nsenter",
    "--net=/run/netns/x",
    "bash",
    "exit",
    "sudo",
    "iptables",
    "-t",
    "nat",
    "-A",
    "-I",
    "-L",
    "-nvL",
    "FORWARD",
    "!",
    "-s",
    "-o",
    "-p",
    "tcp",
    "--dport",
    "80",
    "-m",
    "conntrack",
    "--ctstate",
    "NEW",
    "-j",
    "ACCEPT",
    "SNAT",
    "--to-source",
    "ping",
    "-c2",
    "-W",
    "1",
    "tcpdump",
    "-i",
    "icmp",
    "and",
    "host",
    "sysctl",
    "-w",
    "net.ipv4.ip_forward=1",
    "echo",
    ">",
    "|",
    "tee",
    "/proc/sys/net/ipv4/ip_forward",
    "cat",
    "fdb",
    "br",
    "arp",
    "'",
    "\"",
    "\\",
    "#",
    "&",
    "é",
    "$SHELL",
    "-",
    "--",
    "''",
];

fn lines() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop::sample::select(WORDS), 0..14).prop_map(|words| words.join(" ")),
        prop::collection::vec(prop::sample::select(WORDS), 0..9).prop_map(|words| words.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_command_comes_back_from_its_line(command in generate::command()) {
        let line = command.canonical();
        let read = parse(&line);
        prop_assert!(read.is_ok(), "{line}\n{read:?}");
        prop_assert_eq!(read.ok().and_then(|line| line.command), Some(command), "{}", line);
    }

    #[test]
    fn every_line_is_read_or_refused_in_its_place(line in lines()) {
        match parse(&line) {
            Ok(read) => {
                let again = read.to_string();
                prop_assert_eq!(parse(&again), Ok(read));
                let explained = explain(&line);
                prop_assert!(explained.is_ok_and(|groups| groups.iter().all(|group| !group.words.is_empty())));
            }
            Err(error) => {
                prop_assert!(line.get(error.at.clone()).is_some(), "{line:?} {error:?}");
                prop_assert!(!error.message.is_empty());
            }
        }
        expected(&line);
    }

    #[test]
    fn explanations_leave_no_word_out(command in generate::command()) {
        let line = command.canonical();
        let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let groups = explain(&line).unwrap_or_default();
        let words: String = groups.iter().map(|group| group.words.as_str()).collect();
        prop_assert_eq!(squeeze(&words), squeeze(&line));
    }
}
