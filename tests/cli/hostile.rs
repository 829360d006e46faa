//! A lesson is data from a stranger: it runs no program, names no file, and steers no terminal.

use std::collections::BTreeMap;
use std::path::Path;

use super::{assert_plain, program};
use crate::program::{Program, Ran};

/// The beginning of a lesson, six lines long.
const HEAD: &str = "format = 1
title = \"A lesson\"
summary = \"For the tests.\"
minutes = 1

[[step]]
";

/// Lines that would run something, reach a file, or do something that is not seen.
const LINES: &[&str] = &[
    // Programs.
    "sh",
    "sudo sh",
    "/bin/sh",
    "ip link show; touch pwned",
    "ip link show && touch pwned",
    "ip link show || touch pwned",
    "ip link show & touch pwned",
    "ip link show | sh",
    "ip link add `touch pwned` type bridge",
    "ip link add $(touch pwned) type bridge",
    "ip link add \"$(touch pwned)\" type bridge",
    "ip link add ${IFS} type bridge",
    "ip netns exec app1 touch pwned",
    "ip netns exec app1 sh -c id",
    "nsenter --net=/run/netns/app1 touch pwned",
    "tcpdump -i lo -z sh",
    "echo $(touch pwned) > /proc/sys/net/ipv4/ip_forward",
    // Files.
    "ip link show > pwned",
    "ip link show >> pwned",
    "ip link show < /etc/passwd",
    "ip -batch lines",
    "ip -b lines",
    "ip -force -batch -",
    "iptables-restore lines",
    "tcpdump -w pwned",
    "tcpdump -i lo -w pwned",
    "tcpdump -r pwned",
    "tcpdump -F lines",
    "echo 1 > pwned",
    "echo 1 > /etc/passwd",
    "echo 1 | tee pwned",
    "echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward pwned",
    "cat /etc/passwd",
    "cat /proc/sys/net/../../version",
    "sysctl -p lines",
    "sysctl -w -f",
    // Names that climb.
    "ip netns add ../../etc/x",
    "ip netns add a/b",
    "ip netns add ..",
    "ip netns add .",
    "ip netns del ../app1",
    "ip -n ../app1 link show",
    "ip link add a/b type bridge",
    "ip link add .. type bridge",
    "ip link add x type veth peer name y netns ../app1",
    "ip link set lo netns /etc/passwd",
    "nsenter --net=/etc/passwd ip link show",
    "nsenter --net=/run/netns/../../etc/passwd ip link show",
    "nsenter --net=/proc/2/ns/net ip link show",
    // Settings that are not the network's.
    "sysctl -w kernel.hostname=x",
    "sysctl -w net.ipv4.conf.../../../kernel.hostname=x",
    "sysctl -w net/../kernel/hostname=x",
    "sysctl -w net..kernel.hostname=x",
    "echo x > /proc/sys/kernel/core_pattern",
    "echo x > /proc/sys/net/../kernel/core_pattern",
    "echo x > /proc/sys/net/ipv4/../../kernel/core_pattern",
    // What a terminal would obey, and what turns the direction of writing.
    "ip link add x\u{1b}[2J type bridge",
    "ip link add x type bridge # \u{1b}]0;pwned\u{7}",
    "ip link add x\u{9b}2J type bridge",
    "ip link add \u{202e}x type bridge",
    "ip link add x type bridge # \u{202e}pwned",
    "ip link add '\u{2066}x' type bridge",
    "ip netns add \u{202e}x",
    // Numbers without an end.
    "ping -c 99999999999999999999 127.0.0.1",
    "ip link set lo mtu 99999999999999999999",
];

/// Everything below a directory, with what is in it.
fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(directory).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        let shown = path.display().to_string();
        if path.is_dir() {
            found.extend(contents(&path));
            found.insert(shown, Vec::new());
        } else {
            found.insert(shown, std::fs::read(&path).expect("it can be read"));
        }
    }
    found
}

/// Tries a lesson; nothing may have been written.
fn tried(program: &Program, lesson: &str) -> Ran {
    program.file("x.toml", lesson);
    program.file("lines", "link add pwned type bridge\n");
    let before = contents(program.home());
    let ran = program.run(&["test", "x.toml"]);
    assert_eq!(contents(program.home()), before, "something was written");
    assert_plain(&ran.out);
    assert_plain(&ran.err);
    ran
}

/// A text as TOML's basic strings write it.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_ascii() && !c.is_control() => c.to_string(),
        c => format!("\\U{:08X}", u32::from(c)),
    };
    text.chars().map(escape).collect()
}

#[test]
fn lines_that_reach_beyond_the_sandbox_are_refused_where_they_stand() {
    let lines: Vec<String> = LINES.iter().map(|line| escaped(line)).collect();
    let lesson = format!(
        "{HEAD}title = \"A\"\ntext = \"B\"\nrun = \"\"\"\nip netns add app1\n{}\n\"\"\"\n",
        lines.join("\n")
    );
    let ran = tried(&program(), &lesson);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
    for (number, line) in (11..).zip(LINES) {
        let place = format!("--> x.toml:{number}:");
        assert!(
            ran.err.contains(&place),
            "{line:?} is not refused: {}",
            ran.err
        );
    }
}

#[test]
fn texts_that_steer_a_terminal_are_refused_where_they_stand() {
    let program = program();
    for hostile in [
        "\u{1b}[2J",
        "\u{9b}2J",
        "\u{7}",
        "\r",
        "\u{202e}",
        "\u{2067}",
    ] {
        let text = format!("\"a {} b\"", escaped(hostile));
        let of_check = |key: &str| format!("{HEAD}[[step.check]]\n{key} = {text}\n");
        let of_step = |key: &str| format!("{HEAD}{key} = {text}\n");
        for (line, lesson) in [
            (2, HEAD.replace("\"A lesson\"", &text)),
            (3, HEAD.replace("\"For the tests.\"", &text)),
            (5, HEAD.replace("\n\n", &format!("\ntags = [{text}]\n"))),
            (7, of_step("title")),
            (7, of_step("text")),
            (7, of_step("notes")),
            (7, of_step("done")),
            (7, of_step("at")),
            (7, format!("{HEAD}hints = [\"a\", {text}]\n")),
            (8, of_check("title")),
            (8, of_check("why")),
            (
                8,
                format!("{HEAD}[[step.check]]\nnetns = {{ name = {text} }}\n"),
            ),
        ] {
            let ran = tried(&program, &lesson);
            assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
            let place = format!("--> x.toml:{line}:");
            assert!(ran.err.contains(&place), "{lesson}\n{}", ran.err);
        }
    }
}

#[test]
fn raw_bytes_that_steer_a_terminal_are_refused() {
    let lesson = HEAD.replace("A lesson", "\u{1b}[2J\u{7}");
    let ran = tried(&program(), &lesson);
    assert_eq!(ran.status, Some(2), "{ran:#?}");
    assert!(ran.err.contains("--> x.toml:2:"), "{}", ran.err);
}

#[test]
fn a_base_names_no_file() {
    let program = program();
    for name in ["../x", "/etc/passwd", "./lines", "..", ""] {
        let base = format!("base = \"{name}\"\nminutes");
        let lesson = HEAD.replace("minutes", &base) + "title = \"A\"\ntext = \"B\"\n";
        let ran = tried(&program, &lesson);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
        assert!(ran.err.contains("--> x.toml:4:"), "{name:?}: {}", ran.err);
    }
}

/// As many of anything as the largest file holds.
#[test]
fn a_great_many_of_anything_is_no_trouble() {
    let program = program();
    let step = "[[step]]\ntitle = \"A\"\ntext = \"B\"\n";
    let check = "[[step.check]]\nnetns = { name = \"app9\" }\n";
    let whole = format!("{HEAD}title = \"A\"\ntext = \"B\"\n");
    let many = |text: &str| text.repeat((1 << 20) / text.len() - 256);
    for lesson in [
        HEAD.replace("[[step]]\n", &many(step)),
        format!("{whole}{}", many(check)),
        format!("{whole}hints = [{}]\n", many("\"a\",")),
        format!("{whole}run = '''\n{}'''\n", many("ipp link show it\n")),
        format!("{HEAD}x = {}\n", many("[")),
        format!("{HEAD}x.{}y = 1\n", many("a.")),
    ] {
        program.file("x.toml", &lesson);
        let ran = program.run(&["lint", "x.toml"]);
        let start = &lesson[..lesson.len().min(300)];
        assert!(matches!(ran.status, Some(0 | 2)), "{start}\n{}", ran.err);
        assert_eq!(ran.err, "", "{start}");
        assert!(!ran.out.is_empty(), "{start}");
        assert_plain(&ran.out);
    }
}
