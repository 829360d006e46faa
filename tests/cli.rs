//! The command line: what it says of bad input, and how it ends. The real binary, as an ordinary
//! user, also when root runs the tests.

#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/lessons.rs"]
mod lessons;
#[path = "cli/machine.rs"]
mod machine;
#[path = "support/program.rs"]
mod program;
#[allow(dead_code)] // Not every key and screen is wanted here.
#[path = "support/pty.rs"]
mod pty;

#[path = "support/seccomp.rs"]
mod seccomp;

use std::process::Stdio;

use program::{Program, Ran, ran};
use pty::Who;
use serde_json::Value;

fn program() -> Program {
    Program::new(Who::Ordinary)
}

/// Was it refused as it should be: status 2, nothing but a message on standard error, which names
/// all of `told` and sends nothing that a terminal would obey?
#[track_caller]
fn assert_refused(ran: &Ran, told: &[&str]) {
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
    for text in told {
        assert!(ran.err.contains(text), "{text} is not told: {ran:#?}");
    }
    assert_plain(&ran.err);
    assert!(!ran.err.contains("panicked"), "{ran:#?}");
}

/// Only lines of visible characters, in the order in which they stand.
#[track_caller]
fn assert_plain(text: &str) {
    let obeyed = |c: &char| {
        c.is_control() && *c != '\n'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.chars().find(obeyed), None, "{text:?}");
}

#[test]
fn what_is_no_command_line_is_refused() {
    for (arguments, told) in [
        (&["--quick"][..], &["--quick", "--help"][..]),
        (&["teach"], &["teach", "--help"]),
        (&["lists"], &["lists", "similar", "list"]),
        (&["test", "--format", "xml"], &["xml", "human", "junit"]),
        (&["list", "--format", "junit"], &["junit", "human", "json"]),
        (&["--lesson"], &["--lesson <NAME|FILE>", "--help"]),
        (&["--lesson", "nat", "--step", "0"], &["0 is not in 1"]),
        (&["--lesson", "nat", "--step", "-1"], &["-1"]),
        (&["--lesson", "nat", "--step", "x"], &["'x'", "--step"]),
        (&["--lesson", "nat", "--step", "70000"], &["70000"]),
        (
            &["--lesson", "nat", "--step", "99"],
            &["99", "nat", "7 steps"],
        ),
        (&["--step", "2"], &["--lesson <NAME|FILE>"]),
        (&["--lesson", "nat", "list"], &["list"]),
        (
            &["--background", "pink"],
            &["pink", "auto", "dark", "light"],
        ),
    ] {
        assert_refused(&program().run(arguments), told);
    }
}

#[test]
fn arguments_that_are_not_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let program = program();
    let mut command = program.command(&["--lesson"]);
    command.arg(OsStr::from_bytes(b"\xff\x1b[2J"));
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!output.stderr.contains(&0x1b), "{output:?}");
}

#[test]
fn a_screen_needs_a_terminal() {
    for arguments in [&[][..], &["--lesson", "bridge"]] {
        let ran = program().run(arguments);
        assert_refused(&ran, &["a terminal", "`tutor list`", "`tutor test LESSON`"]);
    }
}

#[test]
fn help_and_version_are_given() {
    let ran = program().run(&["--help"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    for word in [
        "Usage: tutor",
        "--lesson",
        "--step",
        "list",
        "test",
        "lint",
        "doctor",
    ] {
        assert!(ran.out.contains(word), "{word} is not there: {ran:#?}");
    }
    let ran = program().run(&["--version"]);
    let version = concat!("tutor ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), version));
}

#[test]
fn lessons_are_listed() {
    let names = tutor::lesson::find::Shelf::default().names();
    let ran = program().run(&["list"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let listed: Vec<String> = ran.out.lines().map_while(first).collect();
    assert_eq!(listed, names);
    assert!(ran.out.contains("tutor --lesson NAME"), "{ran:#?}");
    assert_plain(&ran.out);

    let ran = program().run(&["list", "--format", "json"]);
    let list: Value = serde_json::from_str(&ran.out).expect("standard output is JSON");
    let listed: Vec<&Value> = list.as_array().expect("a list").iter().collect();
    assert_eq!(listed.len(), names.len());
    for (entry, name) in listed.into_iter().zip(names) {
        assert_eq!(entry["id"], name);
        assert!(entry["title"].is_string() && entry["summary"].is_string());
        assert!(entry["minutes"].as_u64().is_some_and(|minutes| minutes > 0));
        assert_eq!(
            (&entry["done"], &entry["problem"]),
            (&false.into(), &Value::Null)
        );
    }
}

#[test]
fn what_was_done_before_is_listed_as_done() {
    let program = program();
    std::fs::create_dir_all(program.home().join("state/tutor")).expect("a directory can be made");
    program.file(
        "state/tutor/progress.json",
        r#"{"format":1,"done":["netns"]}"#,
    );
    let out = program.run(&["list"]).out;
    let done: Vec<&str> = out
        .lines()
        .filter(|line| line.contains("  done  "))
        .collect();
    assert!(
        matches!(done[..], [line] if line.starts_with("netns ")),
        "{out}"
    );
    // What cannot be read counts as nothing done, and stops nobody.
    program.file("state/tutor/progress.json", "{\"format\":");
    let ran = program.run(&["list"]);
    assert_eq!((ran.status, ran.out.contains("  done  ")), (Some(0), false));
}

#[test]
fn lessons_of_a_directory_are_listed_with_what_is_wrong_with_them() {
    let program = program();
    program
        .trial("holds")
        .file("broken.toml", "format = 1\ntitle = \"\\u001b[2J\"\n");
    let listed = |format| {
        let mut command = program.command(&["list", "--format", format]);
        ran(command.env("TUTOR_LESSONS", program.home()))
    };
    let human = listed("human");
    assert_eq!(human.status, Some(0), "{human:#?}");
    assert!(human.out.contains("Everything holds"), "{human:#?}");
    assert!(human.out.contains("broken.toml:2:10"), "{human:#?}");
    assert_plain(&human.out);
    let json: Value = serde_json::from_str(&listed("json").out).expect("JSON");
    let entry = |id: &str| {
        let mut entries = json.as_array().expect("a list").iter();
        entries
            .find(|entry| entry["id"] == id)
            .expect("it is listed")
    };
    assert_eq!(entry("holds")["problem"], Value::Null);
    let problem = entry("broken")["problem"].as_str().expect("a problem");
    assert!(
        problem.contains("a control character in a text"),
        "{problem}"
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for arguments in [
        &["list"][..],
        &["lint", "nowhere"],
        &["list", "--format", "json"],
    ] {
        let program = program();
        let (reads, writes) = std::io::pipe().expect("a pipe can be made");
        drop(reads);
        let mut command = program.command(arguments);
        let child = command.stdout(writes).stderr(Stdio::piped()).spawn();
        drop(command); // with its end of the pipe
        let output = child.and_then(std::process::Child::wait_with_output);
        let output = output.expect("the program runs");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), &*err),
            (Some(141), ""),
            "{arguments:?}"
        );
    }
}
