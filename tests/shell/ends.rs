//! How shells end, and what does not.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Taught;
use crate::machine::{self, Machine};
use crate::pty::Who;

#[test]
fn a_shell_that_ends_says_with_what() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("exit 7");
    taught
        .pty
        .shows("The shell in app1 has ended with status 7.");
    taught.open();
    taught.line("kill -KILL $$");
    taught.pty.shows("The shell in app1 was ended by SIGKILL.");
    taught.open();
}

#[test]
fn a_shell_that_is_not_there_is_said_and_another_stands_in() {
    let mut taught = Taught::start(Who::Ordinary, &[("SHELL", "/no/such/shell")]);
    taught.open();
    taught.line("echo $SHELL");
    taught.pty.shows("/bash");
    taught.leave();
    taught
        .pty
        .shows("SHELL is /no/such/shell, which cannot be executed");
}

#[test]
fn a_shell_that_cannot_be_executed_is_said() {
    // A file that may be executed, and what is to execute it is not there.
    let mut taught = Taught::start(Who::Ordinary, &[]);
    let path = taught.pty.home().join("shell");
    drop(taught);
    std::fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
    std::fs::write(&path, "#!/no/such/interpreter\n").expect("it can be written");
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, all).expect("it can be made executable");
    let shell = path.to_string_lossy().into_owned();
    taught = Taught::start(Who::Ordinary, &[("SHELL", &shell)]);
    taught.pty.keys("s");
    taught.pty.shows("could not be started");
    taught.pty.shows("SHELL=");
    taught.leave();
}

#[test]
fn a_shell_that_hangs_holds_nobody() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("kill -STOP $$");
    taught.line("nobody reads this");
    taught.leave();
    taught.pty.keys("S");
    taught.pty.shows("The shell in app1 was ended.");
    taught.open();
}

#[test]
fn a_shell_that_closes_its_terminal_can_open_it_again() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("exec 1>&- 2>&-");
    taught.line("exec 1>/dev/tty 2>/dev/tty; echo back-$((1 + 1))");
    taught.pty.shows("back-2");
}

#[test]
fn a_rebuild_closes_the_shells_and_says_so() {
    let mut taught = Taught::in_shell(Who::Ordinary);
    taught.line("ip link add mi''ne0 type bridge");
    taught.pty.shows("mine0");
    taught.leave();
    taught.pty.keys("p");
    taught.pty.shows("the shell in app1 was closed");
    taught.pty.shows("step 1 of 2");
    taught.pty.keys("n");
    taught.pty.shows("step 2 of 2");
    taught
        .pty
        .until("what was made is gone", |screen| !screen.contains("mine0"));
    taught.open();
}

/// Kills the guardian, or process 1 of the sandbox, while a shell and what it has left in the
/// background live.
fn killed_with_a_shell(first_process: bool) {
    let before = Machine::snapshot().expect("the machine can be looked at");
    let mark = format!("shell-{}-{first_process}", std::process::id());
    let env = [("SHELL", "/bin/bash"), ("TUTOR_TEST_MARK", mark.as_str())];
    let mut taught = Taught::start(Who::Ordinary, &env);
    taught.open();
    taught.line(
        "setsid sleep 1000 & nohup sleep 1000 >/dev/null 2>&1 & ip link add mi''ne0 type bridge",
    );
    taught.pty.shows("mine0");
    taught.answers();
    let guardian = i32::try_from(taught.pty.pid()).expect("a process id");
    let victim = if first_process {
        child_of(guardian)
    } else {
        guardian
    };
    kill(Pid::from_raw(victim), Signal::SIGKILL).expect("it can be killed");
    assert!(!taught.pty.end().success());
    machine::ensure_gone(&mark).expect("no process is left");
    before.ensure_unchanged().expect("the machine is as it was");
}

fn child_of(process: i32) -> i32 {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(path).expect("children are listed");
    let first = children.split_whitespace().next();
    first
        .and_then(|pid| pid.parse().ok())
        .expect("the guardian has a child")
}

#[test]
fn killing_the_guardian_ends_the_shells() {
    killed_with_a_shell(false);
}

#[test]
fn killing_the_first_process_ends_the_shells() {
    killed_with_a_shell(true);
}
