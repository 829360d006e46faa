//! A shell as people use one.

use super::{SIZE, Taught};
use crate::pty::Who;

fn a_change_made_in_the_shell_is_seen(who: Who) {
    let mut taught = Taught::in_shell(who);
    taught.pty.shows("lo  DOWN");
    taught.line("ip link set lo up");
    taught.pty.shows("1/1");
    taught.pty.shows("lo  UP");
    taught.line("ip netns add app2");
    taught.pty.shows("3 app2");
    taught.leave();
    taught.pty.keys("q");
    assert_eq!(taught.pty.end().code(), Some(0));
}

#[test]
fn a_change_made_in_the_shell_is_seen_by_an_ordinary_user() {
    a_change_made_in_the_shell_is_seen(Who::Ordinary);
}

#[test]
fn a_change_made_in_the_shell_is_seen_by_whoever_runs_this() {
    a_change_made_in_the_shell_is_seen(Who::Myself);
}

#[test]
fn a_shell_that_was_left_lives_on() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("kept=73");
    taught.leave();
    taught.pty.keys("s");
    taught.pty.shows("Shell in app1");
    taught.line("echo it-is-$kept");
    taught.pty.shows("it-is-73");
    taught.leave();
    // Another namespace, another shell.
    taught.pty.keys("1s");
    taught.pty.shows("Shell in host");
    taught.line("echo it-''is-not-$kept; ip netns identify $$ | wc -c");
    taught.pty.shows("it-is-not-");
    // F12 leads out as well.
    taught.pty.keys("\x1b[24~");
    taught.pty.shows("q quit");
}

#[test]
fn a_full_screen_program_has_its_keys_its_mouse_and_its_size() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    // What vim and less ask for: the other screen, application cursor keys, mouse reports.
    taught.line(
        r"printf '\033[?1049h\033[?1h\033[?1000h\033[?1006h\033[2J\033[3;5Hful%s' l; stty -icanon -echo",
    );
    taught.pty.shows("full");
    taught.line(r"echo ready-$((1+1)); a=$(dd bs=3 count=1 2>/dev/null | od -An -tx1); echo key-$a; b=$(dd bs=1 count=9 2>/dev/null)");
    taught.pty.shows("ready-2");
    taught.pty.keys("\x1b[A");
    taught.pty.shows("key- 1b 4f 41"); // ESC O A
    // A click in the second cell of the shell's second row. The first row of all is 1 in a report.
    let top = rows_above_the_shell(&taught);
    taught.pty.keys(&format!("\x1b[<0;2;{}M", top + 2));
    taught.line(r"printf '\033[?1l\033[?1000l\033[?1049l'; stty sane; echo mouse-${b#?}");
    taught.pty.shows("mouse-[<0;2;2M");
    assert!(
        !taught.pty.text().contains("full"),
        "the first screen is back"
    );
}

/// How many rows are above the first one of the shell.
fn rows_above_the_shell(taught: &Taught) -> usize {
    let text = taught.pty.text();
    let title = text.lines().position(|line| line.contains("Shell in app1"));
    title.expect("the shell is shown") + 1
}

#[test]
fn the_shell_follows_the_size_of_the_terminal() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("stty size");
    taught.pty.until("it is as wide as the screen", |screen| {
        screen.lines().any(|line| line.trim_end().ends_with(" 120"))
    });
    taught.line("while sleep 0.1; do stty size; done");
    for (columns, rows) in [(200, 50), (80, 24), (61, 15), (10, 3), (100, 30)] {
        taught.pty.resize(columns, rows);
    }
    taught.pty.until("it is told the last size", |screen| {
        screen.lines().any(|line| line.trim_end().ends_with(" 100"))
    });
    taught.pty.keys("\x03");
    taught.pty.resize(SIZE.0, SIZE.1);
    taught.answers();
}

#[test]
fn what_has_scrolled_away_is_looked_back_at() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("echo first-$((10 + 1)); seq 1000 1200");
    // The line that was typed names the last number as well.
    taught
        .pty
        .until("the first line has scrolled away", |screen| {
            screen.contains("1199") && !screen.contains("first-11")
        });
    for _ in 0..20 {
        taught.pty.keys("\x1b[5;2~"); // Shift and page up
    }
    taught.pty.shows("first-11");
    taught.pty.shows("lines back");
    taught.pty.keys("\r");
    taught.pty.until("a key leads to the end", |screen| {
        !screen.contains("lines back")
    });
    taught.pty.shows("1200");
}

#[test]
fn pasted_text_is_no_command_until_enter() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    // bash has asked for it: what is pasted waits, even with a line end in it.
    taught
        .pty
        .keys("\x1b[200~echo pasted-$((20 + 2))\n\x1b[201~");
    taught.pty.shows("echo pasted-$((20 + 2))");
    assert!(!taught.pty.text().contains("pasted-22"));
    taught.pty.keys("\r");
    taught.pty.shows("pasted-22");
}

#[test]
fn the_environment_is_that_of_this_terminal() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("echo $TERM/$COLORTERM/$TUTOR_NETNS/${LINES+set}");
    taught.pty.shows("xterm-256color/truecolor/app1/");
    // Nothing of the program's is open in it, and nothing is ignored or blocked.
    taught.line("ls /proc/self/fd | tr '\\n' +; echo end");
    taught.pty.shows("0+1+2+3+end");
    // Of the standard signals, that is: the others are nobody's but the C library's.
    // (Of the C library's own, the last bit, nobody can tell.)
    taught.line("grep -Ec 'Sig(Blk|Ign):.00000000[08]0000000' /proc/self/status; echo end");
    taught.pty.until("none is", |screen| {
        let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
        lines.windows(2).any(|two| two == ["2", "end"])
    });
    taught.line("sh -c 'echo up-$((1 + 1)); sleep 1000'");
    taught.pty.shows("up-2");
    taught.pty.keys("\x1a");
    taught.pty.shows("Stopped");
    taught.line("kill %1; wait; echo gone-$((1 + 1))");
    taught.pty.shows("gone-2");
}
