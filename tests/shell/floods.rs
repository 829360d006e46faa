//! Shells that print more than anybody can read.

use std::time::{Duration, Instant};

use super::Taught;
use crate::pty::Who;

/// A key is answered within this, also on a slow machine that does other work. The benchmark
/// measures how long it takes.
const AT_ONCE: Duration = Duration::from_secs(5);

#[test]
fn a_flood_keeps_nobody_from_leaving_and_loses_nothing() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("yes flood-$((1 + 1))");
    taught.pty.shows("flood-2");
    for _ in 0..5 {
        let began = Instant::now();
        taught.leave();
        assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
        taught.pty.keys("s");
        taught.pty.shows("flood-2");
    }
    taught.pty.keys("\x03");
    taught.answers();
}

#[test]
fn a_line_of_ten_megabytes_and_bytes_without_meaning_do_no_harm() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("head -c 10000000 /dev/zero | tr '\\0' x; echo; echo line-$((1 + 1))");
    taught.pty.shows("line-2");
    // Reset after it: bytes without meaning may have asked for anything, and been answered.
    taught.line(
        r"head -c 3000000 /dev/urandom; printf '\033c'; stty sane; while read -t 0.2 -n 1000; do :; done; echo rand-$((1 + 1))",
    );
    taught.pty.shows("rand-2");
    taught.pty.keys("\x03");
    taught
        .line(r"printf 'a\377b\202\033]0;evil\007\342\200\256\033[31mred\n'; echo bad-$((1 + 1))");
    taught.pty.shows("bad-2");
    assert!(!taught.pty.text().contains('\u{202e}'));
    taught.leave();
    taught.pty.keys("q");
    assert_eq!(taught.pty.end().code(), Some(0));
    let written = String::from_utf8_lossy(&taught.pty.raw);
    assert!(
        !written.contains("\x1b]0;"),
        "no title reaches the terminal around"
    );
}

#[test]
fn a_large_paste_arrives_whole() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    // What comes before the echo is off is echoed, at last below the count, which it scrolls away.
    taught.line("stty -echo; echo begun-$((1 + 1)); cat | wc -c | sed s/^/got-/; stty echo");
    taught.pty.shows("begun-2");
    // Lines, since the kernel keeps no more than 4,095 bytes of one (`termios(3)`).
    let text = "0123456789abcdef\n".repeat(6_000);
    taught.pty.keys(&format!("\x1b[200~{text}\x1b[201~"));
    taught.pty.keys("\x04");
    taught.pty.shows("got-102000");
}

#[test]
fn a_storm_of_sizes_during_a_flood_ends_well() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("yes 'a line that is lon''ger than some of the screens that it is shown on'");
    taught.pty.shows("a line that is longer than");
    for n in 0..60_u16 {
        taught.pty.resize(60 + n * 2, 16 + n / 2);
    }
    taught.pty.keys("\x03");
    taught.answers();
    taught.leave();
}
