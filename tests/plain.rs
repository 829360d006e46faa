//! `--plain`: every lesson read from top to bottom as a snapshot, and the real binary with a
//! terminal, a pipe and a file for its input.

#[path = "support/calm.rs"]
mod calm;
#[path = "support/program.rs"]
mod program;
#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;

use std::fs::File;
use std::io::Write;
use std::process::{ExitCode, Stdio};

use calm::calm;
use libtest_mimic::{Arguments, Failed, Trial};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use program::{Program, Ran};
use pty::{Pty, Who};
use tutor::lesson::Lesson;

/// Most of a lesson's time is spent waiting for the kernel, so many can be taught at once.
const AT_ONCE: usize = 16;

/// More Enters than any lesson takes.
const ENTERS: usize = 500;

/// A terminal in which a short lesson is seen whole.
const TALL: (u16, u16) = (100, 200);

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    let root = nix::unistd::geteuid().is_root();
    let mut trials = Vec::new();
    for lesson in tutor::lesson::find::Shelf::default().names() {
        let name = lesson.clone();
        let ordinary = move || reads_as_before(Who::Ordinary, &lesson);
        trials.push(Trial::test(format!("{name}::user"), ordinary));
        let lesson = name.clone();
        let as_root = move || reads_as_before(Who::Myself, &lesson);
        trials.push(Trial::test(format!("{name}::root"), as_root).with_ignored_flag(!root));
    }
    let cases: [(&str, fn()); 13] = [
        ("nothing_acts_upon_a_terminal", nothing_acts_upon_a_terminal),
        ("lines_of_a_pipe_are_shown", lines_of_a_pipe_are_shown),
        ("lines_of_a_file_are_taken", lines_of_a_file_are_taken),
        (
            "a_wrong_line_is_told_in_words",
            a_wrong_line_is_told_in_words,
        ),
        ("what_may_come_next_is_told", what_may_come_next_is_told),
        ("what_is_no_line_is_left_out", what_is_no_line_is_left_out),
        ("packets_are_spoken_of", packets_are_spoken_of),
        ("the_menu_asks", the_menu_asks),
        ("a_reader_that_goes_ends_it", a_reader_that_goes_ends_it),
        ("practice_counts_any_way", practice_counts_any_way),
        ("a_terminal_is_typed_into", a_terminal_is_typed_into),
        ("ctrl_c_stops_a_ping", ctrl_c_stops_a_ping),
        (
            "a_signal_leaves_in_good_order",
            a_signal_leaves_in_good_order,
        ),
    ];
    for (name, case) in cases {
        trials.push(Trial::test(name, move || {
            case();
            Ok(())
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Runs `--plain` with more arguments, and these bytes for its input.
fn plain(who: Who, arguments: &[&str], input: &[u8]) -> Ran {
    let program = Program::new(who);
    let arguments = [&["--plain"], arguments].concat();
    let mut command = program.command(&arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("a pipe was asked for");
    let input = input.to_vec();
    // Who has seen enough reads no further, and that is no fault.
    let writer = std::thread::spawn(move || pipe.write_all(&input).ok());
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ran {
        status: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn typed(lesson: &str, lines: &[&str]) -> Ran {
    let mut input = lines.join("\n");
    input.push('\n');
    plain(Who::Ordinary, &["--lesson", lesson], input.as_bytes())
}

/// The lesson, by Enter alone, says what it said before.
fn reads_as_before(who: Who, lesson: &str) -> Result<(), Failed> {
    let read = tutor::lesson::find::Shelf::default().load(lesson);
    let read = read.map_err(|report| report.to_string())?;
    if read.steps.iter().any(|step| step.repair) {
        return is_repaired(who, &read);
    }
    let ran = plain(who, &["--lesson", lesson], &[b'\n'; ENTERS]);
    if ran.status != Some(0) || !ran.err.is_empty() {
        return Err(format!("{:?}\n{}{}", ran.status, ran.out, ran.err).into());
    }
    insta::assert_snapshot!(lesson, calm(&ran.out));
    Ok(())
}

/// A lesson with something to repair, by Enter and by typing each repair. What is told of the packets
/// is the kernel's, and not the same each time.
fn is_repaired(who: Who, lesson: &Lesson) -> Result<(), Failed> {
    let mut input = String::new();
    for step in &lesson.steps {
        for line in &step.run {
            input += if step.repair { &line.source } else { "" };
            input += "\n";
        }
        input += "\n";
    }
    let ran = plain(who, &["--lesson", &lesson.id], input.as_bytes());
    let repairs = lesson.steps.iter().filter(|step| step.repair).count();
    let told = [
        format!("{repairs} of {repairs} repaired: "),
        "The lesson is done: ".to_owned(),
    ];
    let repaired = ran.out.matches("Repaired with ").count() == repairs;
    if ran.status == Some(0) && repaired && told.iter().all(|told| ran.out.contains(told)) {
        return Ok(());
    }
    Err(format!("{:?}\n{}{}", ran.status, ran.out, ran.err).into())
}

fn nothing_acts_upon_a_terminal() {
    let mut pty = Pty::start(Who::Ordinary, (80, 24), &["--plain", "--lesson", "netns"]);
    pty.shows("Command 1 of 2");
    pty.keys("\n");
    pty.shows("Command 2 of 2");
    pty.keys(":quit\n");
    assert_eq!(pty.end().code(), Some(0));
    assert!(!pty.raw.contains(&0x1b), "{}", pty.text());
    let text = String::from_utf8(pty.raw.clone()).expect("the program writes UTF-8");
    let longest = text
        .lines()
        .map(|line| line.trim_end().chars().count())
        .max();
    // Words are wrapped; what a command prints is not.
    assert!(longest.is_some_and(|longest| longest <= 80), "{text}");
}

fn lines_of_a_pipe_are_shown() {
    let ran = typed("netns", &["ip netns add app1", "", ":quit"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    let shown = "root@host:~# ip netns add app1\nThe check holds: namespace app1 is there";
    assert!(ran.out.contains(shown), "{}", ran.out);
    assert!(ran.out.contains("\nStep 1 is done.\n"), "{}", ran.out);
    assert!(
        ran.out.contains("\nStep 2 of 6: Step inside\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("root@host:~# :quit\n"), "{}", ran.out);
}

fn lines_of_a_file_are_taken() {
    let program = Program::new(Who::Ordinary);
    program.file("lines", "ip netns add app1");
    let mut command = program.command(&["--plain", "--lesson", "netns"]);
    let file = File::open(program.home().join("lines")).expect("it was written");
    let ran = program::ran(command.stdin(file));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    assert!(ran.out.contains("\nStep 1 is done.\n"), "{}", ran.out);
    assert!(ran.out.ends_with("\nLeft at step 1 of 6.\n"), "{}", ran.out);
}

fn a_wrong_line_is_told_in_words() {
    let ran = typed("netns", &["ip lnk", "ip netns del app1", ":bogus"]);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    for told in [
        "At column 4, `lnk`: ",
        "Did you mean `link`?",
        "\ntutor: This command ended with an error.\n",
        "`:bogus`",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {}", ran.out);
    }
}

fn what_may_come_next_is_told() {
    let ran = typed("veth", &["?", "ip link set dev ?", ":tables", ":checks"]);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    for told in [
        "\n  `h`: ",
        "\n`:undo`: ",
        "\n`:tables [NS]`: ",
        "\n  `enp0s1`: ",
        "\nRoutes, `ip route`:\ndefault via 192.168.64.1 ",
        "another namespace: app1, internet.\n",
        "\nThe check does not hold: ",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {}", ran.out);
    }
}

fn what_is_no_line_is_left_out() {
    let mut input = vec![b'x'; 10_000_000];
    input.extend_from_slice(b"\nip \xff\nip netns add app1\n");
    let ran = plain(Who::Ordinary, &["--lesson", "netns"], &input);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    for told in [
        "\ntutor: That line has 10000000 bytes, ",
        "\ntutor: That line is no text: its byte 4 is not UTF-8.",
        "\nStep 1 is done.\n",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {}", ran.out);
    }
    assert!(ran.out.len() < 10_000, "nothing of it is said again");
}

fn packets_are_spoken_of() {
    let ping = "ping -c 1 192.168.64.1";
    let lines = [
        ":map",
        ":packets icmp",
        ping,
        ":packets",
        ":trace app4 8.8.8.8",
        "w",
    ];
    let ran = typed("nat", &lines);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    for told in [
        "\n- hlink4, up, plugged into br0, its cable leads to clink4 in app4.\n",
        "\nFrom now on what passes any device is kept. ",
        "\nThe way of the ping from app4 to 8.8.8.8:\n1. The request, app4: routed: default via ",
        "forwarding is off here. Here it ends.\nWhy the ping from app4 to 8.8.8.8 got no answer: ",
        "\nThe cause is forwarding-off, layer 3 (packets).\n",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {}", ran.out);
    }
    assert_eq!(ran.out.matches("The cause is forwarding-off").count(), 2);
}

fn the_menu_asks() {
    let ran = plain(Who::Ordinary, &[], b"nowhere\nnetns\n:quit\n:quit\n");
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    for told in [
        "\n1. What a network stack is made of (`stack`, ",
        "\nlesson: nowhere\nThere is no such lesson",
        "\nlesson: netns\n\nA network of its own: namespaces\n",
        "\nStep 1 of 6: ",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {}", ran.out);
    }
    assert!(ran.out.ends_with("lesson: :quit\n"), "{}", ran.out);
}

fn a_reader_that_goes_ends_it() {
    let program = Program::new(Who::Ordinary);
    let mut command = program.command(&["--plain", "--lesson", "netns"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    // 128 and SIGPIPE, in silence.
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

fn practice_counts_any_way() {
    let input = b":hint\nip link add q0 type bridge\nip netns add app1\n:quit\n";
    let ran = plain(Who::Ordinary, &["--practice", "--lesson", "netns"], input);
    assert_eq!(ran.status, Some(0), "{ran:#?}");
    assert!(!ran.out.contains("Command 1 of 2"), "{}", ran.out);
    for told in [
        "\nThe commands are hidden: ",
        "\nHint 1 of ",
        "\nThe check does not hold: there is no namespace app1",
        "\nThe check holds: namespace app1 is there",
        "\nStep 1 is done.\n",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {}", ran.out);
    }
}

fn a_terminal_is_typed_into() {
    let mut pty = Pty::start(Who::Ordinary, TALL, &["--plain", "--lesson", "netns"]);
    pty.shows("Command 1 of 2");
    pty.shows("root@host:~#");
    pty.keys("ip netns add app1\n");
    pty.shows("Step 1 is done.");
    // The terminal has shown what was typed, so it is not said again.
    assert_eq!(
        pty.text().matches("# ip netns add app1").count(),
        1,
        "{}",
        pty.text()
    );
    pty.keys("ip netns del app1\n");
    pty.shows("The check no longer holds: there is no namespace app1");
    pty.keys("u\n");
    pty.shows("tutor: Undone: ip netns del app1");
    pty.until("the step is done again", |screen| {
        screen.matches("Step 1 is done.").count() == 2
    });
    pty.keys("\x04");
    pty.shows("Left at step 1 of 6.");
    assert_eq!(pty.end().code(), Some(0));
}

fn ctrl_c_stops_a_ping() {
    let mut pty = Pty::start(Who::Ordinary, TALL, &["--plain", "--lesson", "stack"]);
    pty.shows("Command 1 of 1");
    pty.shows("root@host:~#");
    pty.keys("ping 8.8.8.8\n");
    pty.shows("icmp_seq=1");
    pty.keys("\x03");
    pty.shows("ping statistics");
    pty.shows("0% packet loss");
    pty.until("the prompt is back", |screen| {
        screen.trim_end().ends_with("root@host:~#")
    });
    pty.keys("\x03");
    pty.shows("Nothing is under way. Ctrl-D or `:quit` leaves.");
    pty.keys("\x04");
    pty.shows("Left at step 1 of");
    assert_eq!(pty.end().code(), Some(0));
}

fn a_signal_leaves_in_good_order() {
    let mut pty = Pty::start(Who::Ordinary, TALL, &["--plain", "--lesson", "netns"]);
    pty.shows("root@host:~#");
    let pid = i32::try_from(pty.pid()).expect("a process's number");
    kill(Pid::from_raw(pid), Signal::SIGTERM).expect("it lives");
    assert_eq!(pty.end().code(), Some(128 + 15));
}
