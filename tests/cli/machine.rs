//! What the machine or the kernel refuses.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use serde_json::Value;

use super::{assert_refused, program, ran};
use crate::program::{Program, Ran};
use crate::pty::{Pty, Who, command};
use crate::seccomp::refuse_packet_sockets;

/// Runs the program where `user.max_KIND_namespaces` is 0: within a user namespace of which it is
/// not root, and in which this can be said.
fn without(kind: &str, arguments: &[&str]) -> Ran {
    let program = program();
    // As standard input, since the shell that is between closes all other descriptors.
    let tutor = File::open(env!("CARGO_BIN_EXE_tutor")).expect("the binary has been built");
    let limit =
        format!("echo 0 >/proc/sys/user/max_{kind}_namespaces && exec /proc/self/fd/0 \"$@\"");
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-current-user", "--keep-caps"])
        .args(["sh", "-c", &limit, "sh"])
        .args(arguments)
        .stdin(tutor)
        .current_dir(program.home());
    if nix::unistd::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    ran(&mut command)
}

#[test]
fn refused_namespaces_are_explained() {
    for arguments in [&["test", "netns"][..], &["doctor"]] {
        for kind in ["user", "net"] {
            let ran = without(kind, arguments);
            let said = format!("{}{}", ran.out, ran.err);
            assert_eq!(ran.status, Some(2), "{kind}: {ran:#?}");
            let setting = format!("user.max_{kind}_namespaces");
            assert!(said.contains(&setting), "{kind}: {ran:#?}");
            assert!(said.contains("sysctl -w"), "no line that helps: {ran:#?}");
            assert!(!said.contains("panicked"), "{ran:#?}");
        }
    }
}

/// The program on a kernel without packet sockets: a seccomp filter answers for it.
fn without_packet_sockets(program: &Program, arguments: &[&str]) -> Ran {
    let mut command = program.command(arguments);
    // As where the kernel has none.
    refuse_packet_sockets(&mut command, Errno::EAFNOSUPPORT);
    ran(&mut command)
}

#[test]
fn a_lesson_that_needs_what_the_kernel_lacks_is_skipped_loudly() {
    let program = program();
    program.trial("capture").trial("holds");
    let tried = |format| {
        let arguments = ["test", "--format", format, "capture.toml", "holds.toml"];
        without_packet_sockets(&program, &arguments)
    };
    let human = tried("human");
    assert_eq!(human.status, Some(0), "{human:#?}");
    let skipped = "capture … SKIPPED: this kernel lacks what it needs: capture: ";
    assert!(human.out.starts_with(skipped), "{human:#?}");
    assert!(
        human.out.ends_with("1 passed, 0 failed, 1 skipped\n"),
        "{human:#?}"
    );

    let json: Value = serde_json::from_str(&tried("json").out).expect("JSON");
    assert!(json["lessons"][0]["skipped"].is_string(), "{json:#}");
    assert_eq!(json["lessons"][1]["skipped"], Value::Null);

    let junit = tried("junit").out;
    quick_junit::Report::deserialize_from_str(&junit).expect("JUnit's XML");
    assert_eq!(junit.matches("<skipped ").count(), 1, "{junit}");
    assert!(junit.contains("this kernel lacks what it needs"), "{junit}");
}

#[test]
fn a_lesson_that_needs_what_the_kernel_lacks_says_so_on_the_screen() {
    let files = program();
    files.trial("capture");
    let (mut command, home) = command(Who::Ordinary, &["--lesson", "capture.toml"]);
    refuse_packet_sockets(&mut command, Errno::EAFNOSUPPORT);
    let mut pty = Pty::of(command, home, (120, 36));
    pty.shows("This kernel lacks what the lesson needs: capture: ");
    pty.keys("q");
    assert!(pty.end().success());
}

#[test]
fn the_doctor_says_what_is_missing() {
    let program = program();
    let ran = program.run(&["doctor"]);
    assert!(matches!(ran.status, Some(0 | 1)), "{ran:#?}");
    let ran = without_packet_sockets(&program, &["doctor", "--format", "json"]);
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    let trials = json["trials"].as_array().expect("a list of trials");
    let capture = trials.iter().find(|trial| trial["name"] == "capture");
    let capture = capture.expect("captures are tried");
    assert_eq!(capture["works"], false);
    assert!(capture["help"].is_string(), "{capture:#}");
    assert_refused(&program.run(&["doctor", "--format", "xml"]), &["xml"]);
}

#[test]
fn what_the_kernel_refuses_is_shown_and_the_lesson_goes_on() {
    let files = program();
    files.trial("refused");
    let lesson = files.home().join("refused.toml");
    let lesson = lesson.to_str().expect("UTF-8");
    let mut pty = Pty::start(Who::Ordinary, (120, 36), &["--lesson", lesson]);
    pty.shows("ip link add lo type bridge");
    pty.keys("a");
    pty.shows("RTNETLINK answers: File exists");
    pty.keys("\r");
    pty.shows("What the kernel refuses");
    pty.keys("q");
    assert!(pty.end().success());
}
