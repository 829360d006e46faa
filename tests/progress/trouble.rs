//! Files and disks that are not as they should be. The lesson goes on.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::geteuid;

use crate::pty::{Pty, Who, command};
use crate::state::{State, WIDE, set_mode};

/// Text without its line ends and spaces, wherever it was wrapped, and without the panes' edges.
fn squeezed(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '│' | '█');
    text.chars().filter(kept).collect()
}

/// It says that nothing is saved, once, and the lesson can be taken on; on the way out it says so
/// again, where it stays to be read.
fn goes_on_unsaved(mut pty: Pty, why: &str) {
    pty.shows("step 1 of 3");
    pty.keys("\r");
    pty.shows(" 1/3");
    pty.until("it says that nothing is saved", |screen| {
        let screen = squeezed(screen);
        let said = [
            "Progress cannot be saved:",
            why,
            "The lesson goes on without.",
        ];
        said.iter().all(|said| screen.contains(&squeezed(said)))
    });
    pty.keys("a");
    pty.shows("step done");
    pty.keys("n");
    pty.shows("step 2 of 3");
    let said = squeezed(&pty.text());
    let times = said.matches(&squeezed("Progress cannot be saved")).count();
    assert_eq!(times, 1, "{}", pty.text());
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    pty.shows("tutor: progress could not be saved: ");
}

#[test]
fn a_directory_that_cannot_be_written_to() {
    let state = State::new("unwritable", Who::Ordinary);
    fs::create_dir_all(state.home()).expect("a directory can be made");
    set_mode(&state.home(), 0o555);
    goes_on_unsaved(state.teach(), "Permission denied");
    set_mode(&state.home(), 0o755);
}

#[test]
fn a_file_in_place_of_the_directory() {
    for who in [Who::Ordinary, Who::Myself] {
        let state = State::new("file", who);
        fs::write(state.home(), "").expect("a file can be made");
        set_mode(&state.home(), 0o666);
        goes_on_unsaved(state.teach(), "cannot be made");
    }
}

#[test]
fn a_symlink_that_leads_to_itself() {
    let state = State::new("loop", Who::Ordinary);
    symlink("state", state.home()).expect("a link can be made");
    goes_on_unsaved(state.teach(), "cannot be made");
}

#[test]
fn a_limit_on_the_size_of_files() {
    let state = State::new("limit", Who::Ordinary);
    let lesson = state.lesson();
    let (mut command, home) = command(
        Who::Ordinary,
        &["--lesson", lesson.to_str().expect("plain")],
    );
    command.env("XDG_STATE_HOME", state.home());
    // SAFETY: setrlimit(2) is a system call alone, so it may stand between fork and exec.
    unsafe {
        command.pre_exec(|| Ok(setrlimit(Resource::RLIMIT_FSIZE, 100, 100)?));
    }
    goes_on_unsaved(Pty::of(command, home, WIDE), "File too large");
}

#[test]
fn a_disk_that_is_full() {
    if !geteuid().is_root() {
        // An ordinary user's mounts would need a user namespace, which a process with threads
        // cannot enter. `a_limit_on_the_size_of_files` goes the same way.
        return;
    }
    let state = State::new("full", Who::Ordinary);
    let disk = state.home();
    fs::create_dir_all(&disk).expect("a directory can be made");
    // Of this thread alone, and of what it starts.
    unshare(CloneFlags::CLONE_NEWNS).expect("root may have mounts of its own");
    let mounted = |source, path: &Path, flags, options| {
        mount(source, path, source, flags, options).expect("root may mount");
    };
    let none: Option<&str> = None;
    mounted(
        none,
        Path::new("/"),
        MsFlags::MS_REC | MsFlags::MS_PRIVATE,
        none,
    );
    let size = Some("size=64k,mode=777");
    mounted(Some("tmpfs"), &disk, MsFlags::empty(), size);
    // All of it; directories have room all the same.
    fs::write(disk.join("fill"), vec![0; 65_536]).expect("there is room for it");
    goes_on_unsaved(state.teach(), "No space left on device");
    // Once there is room again, the lesson is kept.
    fs::remove_file(disk.join("fill")).expect("it is there");
    let mut pty = state.teach();
    pty.shows("step 1 of 3");
    pty.keys("\r");
    state.until_at(0, 1);
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    // So that the directory below it can be removed.
    umount2(&disk, MntFlags::MNT_DETACH).expect("root may unmount");
}

#[test]
fn a_damaged_file_is_set_aside_and_that_is_said() {
    let state = State::new("damaged", Who::Ordinary);
    let mut pty = state.teach();
    pty.shows("step 1 of 3");
    pty.keys("n");
    state.until_at(1, 3);
    pty.keys("q");
    pty.end();
    let record = state.records("cable-").remove(0);
    fs::write(&record, "{\"format\": 2, \"les").expect("it can be written");
    let mut pty = state.teach();
    pty.until("it says where it is kept", |screen| {
        let screen = squeezed(screen);
        screen.contains(&squeezed("is damaged")) && screen.contains("damaged-1")
    });
    pty.shows("step 1 of 3");
    let mut aside = record.into_os_string();
    aside.push(".damaged-1");
    assert_eq!(
        fs::read_to_string(aside).expect("it is kept"),
        "{\"format\": 2, \"les"
    );
    pty.keys("\r");
    state.until_at(0, 1);
}

#[test]
fn a_file_of_a_later_version_is_not_overwritten() {
    let state = State::new("newer", Who::Ordinary);
    let mut pty = state.teach();
    pty.shows("step 1 of 3");
    pty.keys("\r");
    state.until_at(0, 1);
    pty.keys("q");
    pty.end();
    let record = state.records("cable-").remove(0);
    let newer = r#"{"format":3,"all":"different"}"#;
    fs::write(&record, newer).expect("it can be written");
    goes_on_unsaved(state.teach(), "later version");
    assert_eq!(fs::read_to_string(&record).expect("it is there"), newer);
}

#[test]
fn without_a_home_it_says_so_and_goes_on() {
    let state = State::new("homeless", Who::Ordinary);
    let lesson = state.lesson();
    let (mut command, home) = command(
        Who::Ordinary,
        &["--lesson", lesson.to_str().expect("plain")],
    );
    command.env_remove("XDG_STATE_HOME").env_remove("HOME");
    let mut pty = Pty::of(command, home, WIDE);
    pty.shows("step 1 of 3");
    pty.keys("\r");
    pty.shows("Progress is not saved: neither XDG_STATE_HOME nor HOME names a directory.");
    pty.keys("a");
    pty.shows("step done");
}

#[test]
fn what_root_writes_into_a_learners_home_is_the_learners() {
    const LEARNER: u32 = 65_534;
    if !geteuid().is_root() {
        return; // it is root's files that this is about
    }
    let state = State::new("sudo", Who::Myself);
    fs::create_dir_all(state.home()).expect("a directory can be made");
    chown(state.home(), Some(LEARNER), Some(LEARNER)).expect("root may give it away");
    let mut pty = state.teach();
    pty.shows("step 1 of 3");
    pty.keys("\r");
    state.until_at(0, 1);
    let lessons = state.tutor().join("lessons");
    let record = state.records("cable-").remove(0);
    for path in [state.tutor(), lessons, state.tutor().join("lock"), record] {
        let metadata = fs::metadata(&path).expect("it is there");
        let is = (metadata.uid(), metadata.gid(), metadata.mode() & 0o077);
        assert_eq!(is, (LEARNER, LEARNER, 0), "{}", path.display());
    }
}
