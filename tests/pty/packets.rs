//! The packets pane, on the real kernel: what a learner sees of the pings that the article captures.

use std::process::Command;

use nix::errno::Errno;

use super::pty::{Pty, Who, command};
use super::seccomp::refuse_packet_sockets;

/// Room enough for the text beside the packets, and for each packet in a row of its own.
const WIDE: (u16, u16) = (200, 50);

/// The step of `bridge` that watches pings with `tcpdump -i br0`.
const WATCHING: &str = "5";

/// Lines of the screen that hold all of these.
fn lines(screen: &str, words: &[&str]) -> usize {
    let lines = screen.lines();
    lines
        .filter(|line| words.iter().all(|word| line.contains(word)))
        .count()
}

/// What tcpdump prints for a capture, without its times.
fn tcpdump(path: &str) -> Vec<String> {
    let read = Command::new("tcpdump").args(["-n", "-r", path]).output();
    let read = read.expect("tcpdump is installed");
    assert!(read.status.success(), "{read:?}");
    let text = String::from_utf8_lossy(&read.stdout).into_owned();
    let behind = |line: &str| line.split_once(' ').map(|(_, text)| text.to_owned());
    text.lines().filter_map(behind).collect()
}

/// The step that watches packets, once all its lines were carried out.
fn watched() -> Pty {
    let mut pty = Pty::start(
        Who::Ordinary,
        WIDE,
        &["--lesson", "bridge", "--step", WATCHING],
    );
    pty.shows("Nothing has passed since");
    pty.keys("a");
    pty.shows("step done");
    pty
}

#[test]
fn packets_are_seen_filtered_held_opened_and_written() {
    let mut pty = watched();

    // What the article's `tcpdump -i br0` shows.
    pty.keys("/icmp and dev br0\r");
    pty.shows("Packets: icmp and dev br0");
    let pair = |screen: &str, what: &str| {
        lines(
            screen,
            &[
                "host",
                "br0",
                "IP 172.16.0.30 > 172.16.0.40: ICMP echo",
                what,
            ],
        )
    };
    pty.until("both pings", |screen| {
        pair(screen, "echo request, id") == 2 && pair(screen, "echo reply, id") == 2
    });

    // With a letter wrong it says where, and changes nothing.
    pty.keys("/ and prot 80\r");
    pty.shows("did you mean port?");
    pty.keys("\x03\x1b");
    pty.shows("Packets: icmp and dev br0");

    // Held still, while more pass.
    pty.until("the prompt is closed", |screen| {
        !screen.contains("Ctrl-C stop")
    });
    pty.keys("\t ");
    pty.shows("held still");
    pty.keys("c");
    pty.keys(" ");
    pty.until("it goes on", |screen| !screen.contains("held still"));

    // The first of them, field by field.
    pty.keys("\x1b[H\r");
    pty.shows("Packet, field by field");
    pty.shows("source address  172.16.0.30");
    pty.shows("0x0000:");
    pty.keys("\x1b");
    pty.until("the list", |screen| !screen.contains("field by field"));

    // Written, and read by the real tcpdump.
    let path = pty
        .home()
        .join("pings.pcapng")
        .to_string_lossy()
        .into_owned();
    pty.keys(&format!(
        ":filter icmp and dev br0 and src 172.16.0.30\r:write {path}\r"
    ));
    pty.shows("Saved,");
    let read = tcpdump(&path);
    let requests = read
        .iter()
        .filter(|line| line.contains("echo request"))
        .count();
    let replies = read
        .iter()
        .filter(|line| line.contains("echo reply"))
        .count();
    assert!(requests >= 2 && replies >= 2, "{read:#?}");
    assert_eq!(requests + replies, read.len(), "{read:#?}");
    assert!(
        read.iter()
            .all(|line| line.starts_with("IP 172.16.0.30 > 172.16.0.40: ICMP echo re")),
        "{read:#?}"
    );
    let screen = pty.text();
    for line in read {
        assert!(screen.contains(&line), "{line} is not in\n{screen}");
    }
    pty.keys("\x03q");
    assert_eq!(pty.end().code(), Some(0));
}

/// As in a container whose seccomp filter lets nobody have a packet socket.
#[test]
fn what_is_refused_is_said_in_the_pane() {
    let (mut tutor, home) = command(Who::Ordinary, &["--lesson", "bridge", "--step", WATCHING]);
    refuse_packet_sockets(&mut tutor, Errno::EPERM);
    let mut pty = Pty::of(tutor, home, WIDE);
    for _ in 0..2 {
        pty.until("what is refused, where, and what helps", |screen| {
            let pane = screen.lines().filter_map(|line| line.split('│').nth(1));
            let words: Vec<&str> = pane.flat_map(str::split_whitespace).collect();
            let words = words.join(" ");
            words.contains("A packet socket in host was refused: Operation not permitted.")
                && words.contains("docker run --privileged")
                && words.contains("open it once more to try again")
        });
        pty.keys("d");
        pty.until("the tables", |screen| !screen.contains("A packet socket"));
        pty.keys("d");
    }
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
}

#[test]
fn a_click_chooses_a_packet_and_a_second_one_opens_it() {
    let mut pty = watched();
    pty.keys("/icmp and dev br0\r");
    let reply = "ICMP echo reply";
    pty.until("the pings", |screen| lines(screen, &["br0", reply]) == 4);
    let row = |screen: &str| (screen.lines()).position(|line| line.contains(reply));
    let click = |pty: &mut Pty| {
        let at = 1 + row(&pty.text()).expect("it is there");
        pty.keys(&format!("\x1b[<0;120;{at}M\x1b[<0;120;{at}m"));
    };
    click(&mut pty);
    pty.until("the chosen one", |screen| lines(screen, &["▶", reply]) == 1);
    click(&mut pty);
    pty.shows("Packet, field by field");
    pty.shows("type  0");
    pty.keys("\x1b\x1bq");
    assert_eq!(pty.end().code(), Some(0));
}

#[test]
fn who_only_presses_enter_is_not_caught_by_the_pane() {
    let mut pty = Pty::start(Who::Ordinary, WIDE, &["--lesson", "netns"]);
    pty.shows("step 1 of");
    pty.keys("d");
    pty.shows("Nothing has passed since");
    pty.keys("\t"); // even with the focus on the packets
    while !pty.text().contains("step 2 of") {
        let before = pty.text();
        pty.keys("\r");
        pty.until("something happens", |screen| screen != before);
    }
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
}
