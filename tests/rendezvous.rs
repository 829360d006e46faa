//! A second terminal and a running session: `tutor shell` and `tutor ps`, the real binary.
//!
//! Other tests' sessions of the same user run at the same time, so each names its own by `--session`
//! unless it is about how one is found.

#[path = "support/machine.rs"]
mod machine;
#[allow(dead_code)] // Each test binary uses its part of this.
#[path = "support/pty.rs"]
mod pty;

#[path = "rendezvous/asks.rs"]
mod asks;
#[path = "rendezvous/jobs.rs"]
mod jobs;
#[path = "rendezvous/strangers.rs"]
mod strangers;

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use nix::libc;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use pty::{PATIENCE, Pty, Who, command};
use serde_json::Value;

const WIDE: (u16, u16) = (200, 50);

/// Both ways in which the program is used.
const EVERYBODY: [Who; 2] = [Who::Ordinary, Who::Myself];

/// A session of the bridge lesson, where two containers hang on their cables.
struct Session {
    who: Who,
    pty: Pty,
}

impl Session {
    fn start(who: Who) -> Self {
        let mut pty = Pty::start(who, WIDE, &["--lesson", "bridge", "--step", "3"]);
        pty.shows("step 3 of");
        // The step brings the trace forward; the tables are there once the sandbox stands.
        pty.shows(" Trace ");
        pty.keys("t");
        pty.shows("links");
        let session = Self { who, pty };
        let start = Instant::now();
        while !session.run(&["app4", "--", "true"]).status.success() {
            assert!(
                start.elapsed() < PATIENCE,
                "its sandbox does not come to be"
            );
        }
        session
    }

    /// `tutor shell` into it, to be run.
    fn shell(&self, rest: &[&str]) -> Command {
        let pid = self.pty.pid().to_string();
        let arguments = [&["shell", "--session", &pid], rest].concat();
        second_terminal(self.who, &arguments)
    }

    fn run(&self, rest: &[&str]) -> Output {
        self.shell(rest).output().expect("the binary starts")
    }

    fn json(&self, ns: &str, line: &str) -> Value {
        let words: Vec<&str> = [ns, "--"].into_iter().chain(line.split(' ')).collect();
        let output = self.run(&words);
        assert!(output.status.success(), "{line}: {}", errors(&output));
        serde_json::from_slice(&output.stdout).expect("the tool writes JSON")
    }

    fn guardian(&self) -> Pid {
        Pid::from_raw(self.pty.pid().cast_signed())
    }
}

/// The binary without a terminal. It writes nothing into its home, which is removed at once.
fn second_terminal(who: Who, arguments: &[&str]) -> Command {
    let (mut command, home) = command(who, arguments);
    command.env("SHELL", "/bin/sh").stdin(Stdio::null());
    command.current_dir("/").env("HOME", "/nowhere");
    drop(Home(home));
    command
}

/// The binary, for programs started by a command that was given to [`pass_on`].
const PASSED_ON: &str = "/proc/self/fd/9";

/// Lets what `command` starts find the binary too.
fn pass_on(command: &mut Command) {
    let binary = File::open(env!("CARGO_BIN_EXE_tutor")).expect("the binary has been built");
    command.current_dir("/");
    // SAFETY: both calls are async-signal-safe, as what runs between fork and exec must be.
    unsafe {
        command.pre_exec(move || {
            // It may have that number already: then dup2(2) does nothing, and it would be closed.
            let kept =
                libc::dup2(binary.as_raw_fd(), 9) == 9 && libc::fcntl(9, libc::F_SETFD, 0) == 0;
            if kept {
                Ok(())
            } else {
                Err(std::io::Error::last_os_error())
            }
        });
    }
}

/// A directory of `pty::command`'s that is not wanted.
struct Home(PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        // Another terminal of this test may still stand there.
        let _ = std::fs::remove_dir(&self.0);
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn ps(who: Who) -> Vec<Value> {
    let output = second_terminal(who, &["ps", "--format", "json"]).output();
    let output = output.expect("the binary starts");
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    listed.as_array().expect("a list").clone()
}

#[test]
fn a_second_terminal_sees_what_the_panes_show() {
    for who in EVERYBODY {
        let mut session = Session::start(who);
        let links = session.json("host", "ip -j link");
        let names = links.as_array().expect("a list").iter();
        let names: Vec<&str> = names.filter_map(|link| link["ifname"].as_str()).collect();
        assert!(
            names.contains(&"hlink3") && names.contains(&"enp0s1"),
            "{names:?}"
        );
        for name in names {
            session.pty.shows(name);
        }
        let mac = links[1]["address"]
            .as_str()
            .expect("a device has an address");
        session.pty.shows(mac);
        let addresses = session.json("app3", "ip -j addr show clink3");
        assert_eq!(addresses[0]["addr_info"][0]["local"], "172.16.0.30");
        session.pty.keys("2");
        session.pty.shows("172.16.0.30/16");
        // What is done there is seen here.
        let done = session.run(&[
            "app3",
            "--",
            "ip",
            "addr",
            "add",
            "10.9.8.7/24",
            "dev",
            "clink3",
        ]);
        assert!(done.status.success(), "{}", errors(&done));
        session.pty.shows("10.9.8.7/24");
    }
}

#[test]
fn the_internet_can_be_entered_and_real_tools_work() {
    for who in EVERYBODY {
        let session = Session::start(who);
        let routes = session.json("internet", "ip -j addr show router0");
        assert_eq!(routes[0]["addr_info"][0]["local"], "192.168.64.1");
        let names = session.run(&["--", "ip", "netns", "list"]);
        let names = String::from_utf8_lossy(&names.stdout).into_owned();
        assert!(names.contains("app3") && names.contains("app4"), "{names}");
        let capture = "ping -i 0.2 8.8.8.8 >/dev/null & \
                       timeout 20 tcpdump -c 1 -n -i enp0s1 icmp; kill $!";
        let captured = session.run(&["host", "--", "sh", "-c", capture]);
        let seen = String::from_utf8_lossy(&captured.stdout);
        assert!(
            seen.contains("ICMP echo request"),
            "{seen}{}",
            errors(&captured)
        );
    }
}

#[test]
fn the_status_is_the_commands_own() {
    for who in EVERYBODY {
        let session = Session::start(who);
        for (words, wanted) in [
            (&["true"][..], 0),
            (&["sh", "-c", "exit 7"], 7),
            (&["sh", "-c", "kill -TERM $$"], 143),
            (&["no-such-program"], 127),
            (&["/etc/passwd"], 126),
        ] {
            let output = session.run(&[&["app3", "--"], words].concat());
            assert_eq!(
                output.status.code(),
                Some(wanted),
                "{words:?}: {}",
                errors(&output)
            );
        }
        let mut told = session
            .shell(&[
                "--",
                "sh",
                "-c",
                "trap 'exit 9' USR1 TERM; echo ready; while :; do sleep 1; done",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut ready = [0; 6];
        let mut out = told.stdout.take().expect("a pipe");
        std::io::Read::read_exact(&mut out, &mut ready).expect("it says that it is ready");
        kill(Pid::from_raw(told.id().cast_signed()), Signal::SIGTERM).expect("it lives");
        assert_eq!(told.wait().expect("it ends").code(), Some(9));
    }
}

#[test]
fn what_is_run_there_is_told_where_it_is() {
    for who in EVERYBODY {
        let session = Session::start(who);
        let script =
            "id -u; pwd; echo $TUTOR_NETNS; [ /proc/1/ns/pid -ef /proc/self/ns/pid ] && echo home";
        let output = session.run(&["app4", "--", "sh", "-c", script]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(said, "0\n/\napp4\nhome\n", "{}", errors(&output));
    }
}

#[test]
fn what_does_not_exist_is_said_with_what_does() {
    let session = Session::start(Who::Ordinary);
    let output = session.run(&["app9"]);
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    assert!(
        said.contains("app9") && said.contains("host, app3, app4, internet"),
        "{said}"
    );
    let mut nobody = second_terminal(Who::Ordinary, &["shell", "--session", "1"]);
    let output = nobody.output().expect("the binary starts");
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    assert!(
        said.contains("no session 1") && said.contains("bridge"),
        "{said}"
    );
}

#[test]
fn without_a_session_it_is_said_how_to_start_one() {
    // A network of its own, in which no session can be met.
    let mut unshare = Command::new("unshare");
    unshare.args(["-Urn", "--", PASSED_ON, "shell"]);
    pass_on(&mut unshare);
    if geteuid().is_root() {
        unshare.uid(65_534).gid(65_534);
    }
    let output = unshare.output().expect("unshare is installed");
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    let said = errors(&output);
    assert!(
        said.contains("no session is running") && said.contains("`tutor`"),
        "{said}"
    );
}

#[test]
fn sessions_are_listed_with_what_they_do() {
    for who in EVERYBODY {
        let mut session = Session::start(who);
        let pid = session.pty.pid();
        let mine = |sessions: Vec<Value>| sessions.into_iter().find(|one| one["pid"] == pid);
        let listed = mine(ps(who)).expect("it is listed");
        assert_eq!(listed["lesson"]["id"], "bridge");
        assert_eq!(listed["lesson"]["step"], 3);
        assert_eq!(listed["namespaces"].as_array().map(Vec::len), Some(4));
        let since = listed["since"].as_str().expect("when it began");
        assert!(since.ends_with('Z') && since.len() == 20, "{since}");
        let table = second_terminal(who, &["ps"])
            .output()
            .expect("the binary starts");
        let table = String::from_utf8_lossy(&table.stdout).into_owned();
        assert!(table.starts_with("PID "), "{table}");
        let row = table.lines().find(|row| row.starts_with(&pid.to_string()));
        assert!(
            row.is_some_and(|row| row.contains("bridge") && row.contains("3/")),
            "{table}"
        );
        session.pty.keys("n");
        session.pty.shows("step 4 of");
        assert_eq!(mine(ps(who)).expect("it is listed")["lesson"]["step"], 4);
        session.pty.keys("q");
        session.pty.end();
        assert_eq!(mine(ps(who)), None, "it has ended");
    }
}

#[test]
fn a_stopped_session_is_told_apart() {
    let session = Session::start(Who::Ordinary);
    kill(session.guardian(), Signal::SIGTSTP).expect("it lives");
    let stopped = nix::sys::wait::waitpid(
        session.guardian(),
        Some(nix::sys::wait::WaitPidFlag::WUNTRACED),
    );
    stopped.expect("it stops");
    let output = session.run(&["--", "true"]);
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    let pid = session.pty.pid();
    assert!(
        said.contains(&format!("session {pid} does not answer")),
        "{said}"
    );
    kill(session.guardian(), Signal::SIGCONT).expect("it lives");
}

#[test]
fn of_several_sessions_one_has_to_be_chosen() {
    let first = Session::start(Who::Ordinary);
    let second = Session::start(Who::Ordinary);
    let pids = [first.pty.pid().to_string(), second.pty.pid().to_string()];
    let output = second_terminal(Who::Ordinary, &["shell", "--", "true"]).output();
    let output = output.expect("the binary starts");
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    assert!(
        pids.iter().all(|pid| said.contains(pid)) && said.contains("--session"),
        "{said}"
    );
    // On a terminal it asks, and asks again until it is told a number of its list.
    let asked = [
        "shell",
        "app3",
        "--",
        "sh",
        "-c",
        "ip link set clink3 alias chosen; echo d$((1))ne",
    ];
    let mut pty = Pty::start(Who::Ordinary, WIDE, &asked);
    pty.shows("Which session");
    pty.keys("0\r");
    pty.until("it asks again", |screen| {
        screen.matches("Which session").count() == 2
    });
    let list = pty.text();
    let row = list
        .lines()
        .find(|row| row.split_whitespace().nth(1) == Some(&pids[1]));
    let number = row
        .and_then(|row| row.split_whitespace().next())
        .expect("it is listed");
    pty.keys(&format!("{number}\r"));
    pty.shows("d1ne");
    assert_eq!(pty.end().code(), Some(0));
    let alias =
        |session: &Session| session.json("app3", "ip -j link show clink3")[0]["ifalias"].clone();
    assert_eq!(
        (alias(&first), alias(&second)),
        (Value::Null, "chosen".into())
    );
}

#[test]
fn testing_lessons_opens_no_door() {
    let mut testing = second_terminal(Who::Ordinary, &["test", "netns"]);
    let mut testing = testing
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let door = format!("/{}/", testing.id());
    let mut looks = 0;
    while testing.try_wait().expect("it can be waited for").is_none() {
        let sockets = std::fs::read("/proc/net/unix").expect("sockets are listed");
        assert!(!String::from_utf8_lossy(&sockets).contains(&door));
        looks += 1;
        std::thread::yield_now();
    }
    assert!(looks > 1, "it ran");
}
