//! Those who should not get in, and those who talk nonsense.

use std::io::{Read, Write};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

use nix::libc;
use nix::unistd::geteuid;

use crate::pty::{PATIENCE, Who};
use crate::{Session, ps};

/// Where a session listens.
fn address(session: &Session) -> SocketAddr {
    let pid = session.pty.pid();
    let sockets = std::fs::read_to_string("/proc/net/unix").expect("sockets are listed");
    let mut names = sockets.lines().filter_map(|line| line.split('@').nth(1));
    let name = names.find(|name| name.starts_with("tutor/") && name.contains(&format!("/{pid}/")));
    SocketAddr::from_abstract_name(name.expect("it listens")).expect("a name")
}

fn connect(session: &Session) -> UnixStream {
    let stream = UnixStream::connect_addr(&address(session)).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// Everything that is answered to `said`.
fn answer(mut stream: UnixStream, said: &[u8]) -> String {
    // Who is not heard may find the other end closed already.
    let _ = stream.write_all(said);
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard);
    String::from_utf8(heard).expect("UTF-8")
}

/// Runs `f` as another user: rights belong to a thread.
fn as_user<T: Send>(uid: libc::uid_t, f: impl Fn() -> T + Sync) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // SAFETY: the system call itself changes this thread only, which ends with `f`.
            let changed = unsafe { libc::syscall(libc::SYS_setresuid, uid, uid, uid) };
            assert_eq!(changed, 0, "root may become anybody");
            f()
        });
        thread.join().expect("it does not panic")
    })
}

#[test]
fn another_user_is_not_heard() {
    if !geteuid().is_root() {
        return; // nobody else can be played
    }
    let status = b"{\"ask\":\"status\"}\n";
    for (who, owner, others) in [
        (Who::Ordinary, 65_534, [0, 65_533]),
        (Who::Myself, 0, [65_534, 65_533]),
    ] {
        let session = Session::start(who);
        for other in others {
            assert_eq!(
                as_user(other, || answer(connect(&session), status)),
                "",
                "{other}"
            );
        }
        let own = as_user(owner, || answer(connect(&session), status));
        assert!(own.starts_with("{\"status\":"), "{own}");
    }
}

#[test]
fn nobody_can_pose_as_a_session() {
    if !geteuid().is_root() {
        return;
    }
    // Root listens under an ordinary user's name.
    let name = "tutor/65534/1/0123456789abcdef";
    let address = SocketAddr::from_abstract_name(name).expect("a name");
    let listener = std::os::unix::net::UnixListener::bind_addr(&address).expect("the name is free");
    let session = Session::start(Who::Ordinary);
    let pids: Vec<_> = ps(Who::Ordinary)
        .into_iter()
        .map(|one| one["pid"].clone())
        .collect();
    assert!(pids.contains(&session.pty.pid().into()));
    assert!(!pids.contains(&std::process::id().into()), "{pids:?}");
    let (mut stream, _) = listener.accept().expect("it was looked at");
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).expect("it can be read");
    assert_eq!(heard, b"", "and told nothing");
}

#[test]
fn nonsense_is_an_error_and_does_no_harm() {
    for said in [
        &b"\n"[..],
        b"hello\n",
        b"\xff\xfe\x00\n",
        b"{\"ask\":\"format_disk\"}\n",
        b"{\"ask\":\"enter\"}\n",
        b"{\"ask\":\"enter\",\"ns\":\"host\",\"more\":1}\n",
        &vec![b'['; 100_000],
    ] {
        let session = Session::start(Who::Ordinary);
        let heard = as_owner(|| answer(connect(&session), said));
        assert!(heard.starts_with("{\"refused\":"), "{heard}");
    }
}

/// As the user that `Who::Ordinary` is.
fn as_owner<T: Send>(f: impl Fn() -> T + Sync) -> T {
    if geteuid().is_root() {
        as_user(65_534, f)
    } else {
        f()
    }
}

#[test]
fn neither_silence_nor_a_flood_hurts() {
    let mut session = Session::start(Who::Ordinary);
    let streams = as_owner(|| {
        let silent: Vec<UnixStream> = (0..100).map(|_| connect(&session)).collect();
        for mut stream in &silent {
            stream.write_all(b"{\"ask\":").expect("it listens");
        }
        silent
    });
    // The screen answers all the same.
    session.pty.keys("?");
    session.pty.shows("the step anew");
    session.pty.keys("?");
    // Whoever has gone is forgotten at once, so the others' turn comes.
    drop(streams);
    assert!(session.run(&["--", "true"]).status.success());
    // Each that stays silent is sent away after a moment.
    let mut silent = as_owner(|| connect(&session));
    silent
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    assert_eq!(silent.read(&mut [0]).expect("it is told to go"), 0);
    // Nobody is within: all places are free.
    let inside = as_owner(|| {
        let mut inside = Vec::new();
        for _ in 0..64 {
            let mut stream = connect(&session);
            stream
                .write_all(b"{\"ask\":\"enter\",\"ns\":\"app3\"}\n")
                .expect("it listens");
            let mut heard = [0; 8];
            stream.read_exact(&mut heard).expect("it answers");
            assert_eq!(&heard, b"\"enter\"\n");
            inside.push(stream);
        }
        inside
    });
    let full = session.run(&["--", "true"]);
    assert!(
        crate::errors(&full).contains("64 shells"),
        "{}",
        crate::errors(&full)
    );
    drop(inside);
    session.pty.keys("?");
    session.pty.shows("the step anew");
}
