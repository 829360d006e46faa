//! An interactive shell in a session: its terminal, its jobs, and its end.

use std::process::Command;

use nix::sys::signal::{Signal, kill};

use crate::machine::{self, Machine};
use crate::pty::{Pty, Who, command};
use crate::{EVERYBODY, PASSED_ON, Session, WIDE, pass_on};

/// A second terminal: an interactive shell of the machine's own.
fn second(who: Who, mark: &str) -> Pty {
    let (tutor, home) = command(who, &[]);
    let mut shell = Command::new("bash");
    shell.args(["--norc", "--noprofile", "-i"]);
    shell.envs(
        tutor
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    shell.env("SHELL", "/bin/bash").env("PS1", "outside> ");
    shell.env(machine::MARK, mark);
    pass_on(&mut shell);
    become_user(&mut shell, who);
    let mut pty = Pty::of(shell, home, WIDE);
    pty.shows("outside>");
    pty
}

fn become_user(shell: &mut Command, who: Who) {
    use std::os::unix::process::CommandExt;
    if who == Who::Ordinary && nix::unistd::geteuid().is_root() {
        shell.uid(65_534).gid(65_534);
    }
}

/// A word that belongs to nobody else.
fn mark(name: &str, who: Who) -> String {
    format!("{name}-{}-{who:?}", std::process::id())
}

/// Enters the session from a second terminal, and gives the shell there a prompt of its own.
fn enter(pty: &mut Pty, session: &Session, ns: &str) {
    let pid = session.pty.pid();
    pty.keys(&format!("PS1= {PASSED_ON} shell --session {pid} {ns}\r"));
    pty.keys("PS1='in'side'> '\r");
    pty.shows("inside> ");
}

#[test]
fn jobs_work_as_in_any_shell() {
    for who in EVERYBODY {
        let session = Session::start(who);
        let mut pty = second(who, &mark("jobs", who));
        enter(&mut pty, &session, "app3");
        pty.keys("echo in $TUTOR_NETNS\r");
        pty.shows("in app3");
        // Ctrl-Z and Ctrl-C go to what runs there, not to what opened the door.
        let waits = "trap 'echo going' CONT; echo ready; while :; do sleep 9 & wait; done";
        pty.keys(&format!("bash -c \"{waits}\"; echo never\r"));
        pty.shows("\nready");
        pty.keys("\x1a");
        pty.shows("Stopped");
        pty.keys("fg\r");
        pty.shows("\ngoing");
        pty.keys("\x03");
        pty.keys("echo then $?\r");
        pty.shows("then 130");
        // A stopped shell is a job of the shell outside, which has the terminal meanwhile.
        pty.keys("suspend\r");
        pty.until("the shell outside is back", |screen| {
            screen.trim_end().ends_with("outside>")
        });
        pty.keys("fg\r");
        pty.keys("echo back in $TUTOR_NETNS\r");
        pty.shows("back in app3");
        pty.keys("exit 5\r");
        pty.keys("echo left with $?\r");
        pty.shows("left with 5");
    }
}

#[test]
fn in_a_pipeline_the_pager_has_the_terminal() {
    let session = Session::start(Who::Ordinary);
    let mut pty = second(Who::Ordinary, &mark("pipeline", Who::Ordinary));
    let pid = session.pty.pid();
    // What stands for a pager reads a key from the terminal while the other program lives.
    let pager = "sh -c 'head -n 1; read key </dev/tty; echo got-$key'";
    pty.keys(&format!(
        "{PASSED_ON} shell --session {pid} -- yes | {pager}\r"
    ));
    pty.shows("\ny");
    pty.keys("k\r");
    pty.shows("got-k");
    let ready = "sh -c 'echo rea''dy; exec sleep 1000'";
    pty.keys(&format!(
        "{PASSED_ON} shell --session {pid} -- {ready} | cat\r"
    ));
    pty.shows("\nready");
    pty.keys("\x03");
    pty.keys("echo ended ${PIPESTATUS[0]}\r");
    pty.shows("ended 130");
}

#[test]
fn when_the_session_ends_its_shells_end() {
    let before = Machine::snapshot().expect("the machine can be looked at");
    for who in EVERYBODY {
        for first_process in [false, true] {
            let word = mark(if first_process { "end-1" } else { "end-2" }, who);
            let mut session = Session::start(who);
            let mut pty = second(who, &word);
            enter(&mut pty, &session, "app3");
            // Something that has taken the whole screen, and something in the background. What is
            // typed does not read as what is printed, which comes once the line has been taken.
            pty.keys("sleep 1000 & stty raw -echo; printf '\\033[?1049h\\033[?25l\\033[?1000hfu''ll'; sleep 1000\r");
            pty.shows("full");
            let guardian = session.guardian();
            let victim = if first_process {
                child_of(guardian)
            } else {
                guardian
            };
            kill(victim, Signal::SIGKILL).expect("it can be killed");
            session.pty.end();
            pty.shows("The session has ended.");
            pty.keys(
                "echo left with $?; stty -a | grep -o ' icanon'; stty -a | grep -o ' echo '\r",
            );
            pty.shows("left with 137");
            pty.shows("\n icanon");
            pty.shows("\n echo");
            assert!(
                !pty.screen.screen().alternate_screen(),
                "the screen is given back"
            );
            pty.keys("exit\r");
            pty.end();
            machine::ensure_gone(&word).expect("no process is left");
        }
    }
    before.ensure_unchanged().expect("the machine is as it was");
}

fn child_of(process: nix::unistd::Pid) -> nix::unistd::Pid {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(path).expect("children are listed");
    let child = children
        .split_whitespace()
        .next()
        .and_then(|pid| pid.parse().ok());
    nix::unistd::Pid::from_raw(child.expect("the guardian has a child"))
}

#[test]
fn when_the_sandbox_is_made_anew_its_shells_are_closed() {
    let mut session = Session::start(Who::Ordinary);
    let mut pty = second(Who::Ordinary, &mark("anew", Who::Ordinary));
    enter(&mut pty, &session, "app3");
    pty.keys("sleep 1000\r");
    session.pty.keys("p");
    session.pty.shows("step 2 of");
    pty.shows("The sandbox is made anew");
    pty.keys("echo left with $?\r");
    pty.shows("left with 129");
    enter(&mut pty, &session, "host");
    pty.keys("exit\r");
}

#[test]
fn what_a_shell_leaves_behind_is_no_zombie() {
    let session = Session::start(Who::Ordinary);
    let script = "set -m; sleep 1000 & echo $!";
    let mut pty = second(Who::Ordinary, &mark("zombie", Who::Ordinary));
    enter(&mut pty, &session, "host");
    pty.keys(&format!("{script}; PS1='pid '$!'> '\r"));
    pty.shows("\npid ");
    pty.keys("disown; kill -0 $! && echo a'live'\r");
    pty.shows("alive");
    pty.keys("exit\r");
    let look = "kill -9 $(pgrep -x sleep); while pgrep -x sleep; do :; done; echo gone";
    let gone = session.run(&["--", "timeout", "10", "sh", "-c", look]);
    assert!(String::from_utf8_lossy(&gone.stdout).ends_with("gone\n"));
}
