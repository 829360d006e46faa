//! The prompt in the real binary: lines are typed, completed, mended, pasted and kept.

#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;

use pty::{Pty, Who};

const WIDE: (u16, u16) = (200, 50);

/// What stands below an empty prompt.
const EMPTY: &str = "Tab what may stand here";

/// A lesson at a step, with the prompt open.
fn open(lesson: &str, step: usize) -> Pty {
    let number = step.to_string();
    let mut pty = Pty::start(
        Who::Ordinary,
        WIDE,
        &["--lesson", lesson, "--step", &number],
    );
    pty.shows(&format!("step {step} of"));
    // The tables, or the map that the step brings, are there once the sandbox stands.
    pty.until("the sandbox is built", |screen| {
        screen.contains("links") || screen.contains("▶ host")
    });
    pty.keys("i");
    pty.shows(EMPTY);
    pty
}

#[test]
fn a_device_that_a_line_has_made_completes_the_next() {
    let mut pty = open("bridge", 4);
    pty.keys("ip link add br0 type bri\t");
    pty.shows("# ip link add br0 type bridge");
    pty.keys("\r");
    pty.shows("1/6");
    pty.keys("ip link set b\t");
    pty.shows("# ip link set br0 ");
    pty.keys("up\r");
    pty.shows("2/6");
    pty.keys("ip link set hl\t\t");
    pty.shows("▶ hlink3");
    pty.keys("\rmaster br\t");
    pty.shows("# ip link set hlink3 master br0");
    pty.keys("\r");
    pty.shows("3/6");
}

#[test]
fn a_wrong_line_is_pointed_at_mended_and_run() {
    let mut pty = open("bridge", 4);
    pty.keys("ip lnk add br0 type bridge\r");
    pty.shows("column 4: lnk is not understood here");
    pty.shows("did you mean link?");
    assert!(!pty.text().contains("1/6"), "nothing was done");
    // The cursor stands behind the word that is wrong.
    pty.keys("\x17link\r");
    pty.shows("1/6");
    pty.keys("ip link set br0 up; ip addr\r");
    pty.shows("one line holds one command");
    pty.keys("\x03");
    pty.shows(EMPTY);
    pty.keys("sudo ip link set br0 up\r");
    pty.shows("2/6");
}

#[test]
fn lines_are_kept_from_one_run_to_the_next() {
    let state = std::env::temp_dir().join(format!("tutor-history-{}", std::process::id()));
    std::fs::create_dir_all(&state).expect("a temporary directory can be made");
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(&state, all).expect("permissions can be set");
    let path = state.to_string_lossy().into_owned();
    let start = || {
        let mut pty = Pty::start_with(
            Who::Ordinary,
            WIDE,
            &["--lesson", "stack"],
            &[("XDG_STATE_HOME", &path)],
        );
        pty.shows("links");
        pty.keys("i");
        pty.shows(EMPTY);
        pty
    };
    let mut pty = start();
    pty.keys("ip -br link\r");
    // Counted once it has ended: until then Ctrl-C would be for the command.
    pty.shows("1/1");
    pty.keys(":nonsense\r");
    pty.shows("there is no :nonsense");
    pty.keys("\x03:quit\r");
    assert_eq!(pty.end().code(), Some(0));
    let mut pty = start();
    pty.keys("\x12br");
    pty.shows("# ip -br link");
    pty.keys("\x1b");
    pty.until("the search is over", |screen| !screen.contains("search: "));
    pty.keys("\x1b[A\x1b[A");
    pty.shows("# ip -br link");
    drop(pty);
    std::fs::remove_dir_all(state).expect("the temporary directory can be removed");
}

#[test]
fn a_paste_waits_line_by_line() {
    let mut pty = open("bridge", 4);
    pty.keys("\x1b[200~ip link add br0 type bridge\rip link set br0 up\r\x1b[201~");
    pty.shows("1 more line pasted");
    assert!(!pty.text().contains("1/6"), "nothing was run");
    pty.keys("\r");
    pty.shows("1/6");
    pty.shows("# ip link set br0 up");
    pty.keys("\r");
    pty.shows("2/6");
}

#[test]
fn ten_megabytes_in_one_line_are_refused_and_stop_nothing() {
    let mut pty = open("stack", 1);
    let line = "x".repeat(10_000_000);
    pty.keys(&format!("\x1b[200~{line}\x1b[201~"));
    pty.shows("10000000 bytes");
    pty.keys("ip -br addr\r");
    pty.shows("127.0.0.1/8");
}
