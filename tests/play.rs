//! `tutor play` and `:save`: scripts of strangers, and scripts that go round.

#[path = "support/program.rs"]
mod program;
#[allow(dead_code)] // Only who runs the program, and how.
#[path = "support/pty.rs"]
mod pty;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use program::{Program, Ran};
use pty::Who;

/// The program with `input` typed into it.
fn typed(program: &Program, arguments: &[&str], input: &str) -> Ran {
    let mut command = program.command(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Who does not read all of it has a reason.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    Ran {
        status: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

const CABLE: &str = "\u{feff}#!/bin/sh\r\nset -e\r\n# a cable\r\nsudo ip netns add red\r\nip link add v1 type veth \\\r\n  peer name v2\r\n\r\n\
    ip link set v2 netns red\r\nip addr add 10.0.0.1/24 dev v1\r\nip -n red addr add 10.0.0.2/24 dev v2\r\n\
    ip link set v1 up\r\nip -n red link set v2 up\r\nsleep 1\r\nping -c 1 10.0.0.2\r\n";

#[test]
fn a_script_is_shown_as_a_terminal_would() {
    let program = Program::new(Who::Ordinary);
    let ran = program
        .file("x.sh", CABLE)
        .run(&["play", "x.sh", "--plain"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    let begins =
        "root@host:~# sudo ip netns add red\nroot@host:~# ip link add v1 type veth peer name v2\n";
    assert!(ran.out.starts_with(begins), "{ran:#?}");
    assert!(
        ran.out.contains("\n1 packets transmitted, 1 received"),
        "{ran:#?}"
    );
    let ran = typed(&program, &["play", "-", "--plain"], CABLE);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
}

#[test]
fn the_first_line_that_fails_ends_it() {
    let program = Program::new(Who::Ordinary);
    program.file("x.sh", "ip link add br0 type bridge\n\nip link set nope up\nip link set nada up\nip netns add red\n");
    let ran = program.run(&["play", "x.sh", "--plain"]);
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let err = &ran.err;
    assert!(err.starts_with("Cannot find device \"nope\"\n"), "{ran:#?}");
    assert!(
        err.ends_with("tutor: x.sh:3: `ip link set nope up` failed\n"),
        "{ran:#?}"
    );
    assert!(
        !ran.out.contains("nada") && !ran.out.contains("red"),
        "{ran:#?}"
    );
    let ran = program.run(&["play", "x.sh", "--plain", "--keep-going"]);
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    assert!(
        ran.err.contains("x.sh:4:") && ran.out.contains("red"),
        "{ran:#?}"
    );
}

#[test]
fn what_cannot_be_read_is_said_before_anything_is_done() {
    let program = Program::new(Who::Ordinary);
    let text = "ip link add br0 type bridge\nfor i in 1 2; do\nip addr add 10.0.0.1/33 dev br0\ncurl http://example.org | sh\n";
    let ran = program.file("x.sh", text).run(&["play", "x.sh", "--plain"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
    for told in ["x.sh:2:13", "x.sh:3:22", "x.sh:4:1", "3 errors"] {
        assert!(ran.err.contains(told), "{told}: {ran:#?}");
    }
}

#[test]
fn hostile_files_are_refused_in_words() {
    let program = Program::new(Who::Ordinary);
    let files: [(&str, Vec<u8>); 9] = [
        ("esc.sh", b"ip link \x1b]0;x\x07\n".to_vec()),
        ("nul.sh", b"ip link\0\n".to_vec()),
        ("bytes.sh", vec![0xff, 0xfe, b'\n']),
        ("long.sh", [vec![b'x'; 5000], vec![b'\n']].concat()),
        ("large.sh", vec![b'#'; 1024 * 1024 + 1]),
        ("lines.sh", b"ip link\n".repeat(1_001)),
        ("many.sh", b"a\n".repeat(100_000)),
        ("joined.sh", b"ip link \\\n".repeat(100_000)),
        ("exit.sh", b"exit\n".to_vec()),
    ];
    for (name, bytes) in files {
        let ran = program.file(name, bytes).run(&["play", name, "--plain"]);
        assert_eq!(
            (ran.status, ran.out.as_str()),
            (Some(2), ""),
            "{name}: {}",
            &ran.err[..ran.err.len().min(900)]
        );
        assert!(ran.err.contains(name), "{name}: {}", ran.err);
        assert!(
            !ran.err.contains('\x1b') && ran.err.len() < 200_000,
            "{name}"
        );
    }
    for name in ["/dev/zero", "/", "nowhere.sh"] {
        let ran = program.run(&["play", name, "--plain"]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
        assert!(ran.err.contains(name), "{ran:#?}");
    }
    for arguments in [
        &["play", "-"][..],
        &["play"],
        &["play", "--keep-going", "--plain"],
        &["play", "esc.sh", "--keep-going"],
    ] {
        let ran = program.run(arguments);
        assert_eq!(ran.status, Some(2), "{arguments:?}: {ran:#?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
    let ran = program
        .file("none.sh", "# nothing\n\n")
        .run(&["play", "none.sh", "--plain"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""), "{ran:#?}");
}

/// The lines of a session by which much is changed, in several namespaces.
const SESSION: &str = "\
ip netns add red
ip link add v1 type veth peer name v2 netns red
ip link set v1 up
ip addr add 10.0.0.1/24 dev v1
ip link set nope up
ip netns exec red bash
ip addr add 10.0.0.2/24 dev v2
ip link set v2 up
echo 1 > /proc/sys/net/ipv4/ip_forward
iptables -A FORWARD -i v2 -j DROP
ping -c 1 10.0.0.1
exit
ip link add br0 type bridge
u
ping -c 1 8.8.8.8
iptables -t nat -A POSTROUTING -o enp0s1 -j MASQUERADE
";

/// What shows the tables, for a comparison.
const LOOKS: &str = "
ip -4 addr show v1
ip -n red -4 addr show v2
ip netns exec red sysctl net.ipv4.ip_forward
ip netns exec red iptables -S
iptables -t nat -S
ip route
ip link show type bridge
";

/// The output behind the first of [`LOOKS`], without what the kernel draws by lot.
fn looked(out: &str) -> &str {
    let at = out
        .rfind("ip -4 addr show v1")
        .expect("the looks were carried out");
    out[at..]
        .split("\nroot@host:~# \nLeft")
        .next()
        .unwrap_or_default()
}

#[test]
fn what_is_saved_does_the_same_again() {
    let program = Program::new(Who::Ordinary);
    open_to_all(&program);
    let input = format!("{SESSION}:save s.sh\n:save s.sh\n:save l.toml\n:save no/such.sh\n{LOOKS}");
    let ran = typed(&program, &["play", "--uplink", "--plain"], &input);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    for told in [
        "Saved, ",
        "s.sh is there already",
        "Saved as a lesson",
        "there is no directory no",
    ] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    let script = fs::read_to_string(program.home().join("s.sh")).expect("it was saved");
    for line in [
        "#!/bin/sh\n",
        "\n# tutor: uplink\n",
        "\n# ip link set nope up    (it failed)\n",
        "\nip -n red addr add 10.0.0.2/24 dev v2\n",
        "\nip netns exec red sysctl -w net.ipv4.ip_forward=1\n",
        "\nip netns exec red iptables -A FORWARD -i v2 -j DROP\n",
    ] {
        assert!(script.contains(line), "{line}: {script}");
    }
    assert!(
        !script.contains("br0") && !script.contains("exit"),
        "{script}"
    );
    program.file("again.sh", format!("{script}{LOOKS}"));
    let again = program.run(&["play", "again.sh", "--plain"]);
    assert_eq!(
        (again.status, again.err.as_str()),
        (Some(0), ""),
        "{script}\n{again:#?}"
    );
    let rows = |out: &str| -> Vec<String> {
        let rows = looked(out).lines().filter(|row| !row.is_empty());
        rows.map(str::to_owned).collect()
    };
    assert_eq!(rows(&ran.out), rows(&again.out));
    let lint = program.run(&["lint", "l.toml"]);
    assert_eq!((lint.status, lint.out.as_str()), (Some(0), ""), "{lint:#?}");
    let test = program.run(&["test", "l.toml"]);
    assert_eq!(test.status, Some(0), "{test:#?}");
}

/// An ordinary user may write there.
fn open_to_all(program: &Program) {
    let all = PermissionsExt::from_mode(0o777);
    fs::set_permissions(program.home(), all).expect("permissions can be set");
}
