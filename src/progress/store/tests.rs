//! Files that are as they should be, and files that are not.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::progress::scratch::Scratch;

fn nat() -> Key {
    Key::of_name("nat")
}

fn spend(store: &Store, seconds: u64) -> Result<Option<String>> {
    store.change(&nat(), "nat", |record| record.spent += seconds)
}

/// What the record says, if it can be read.
fn spent(store: &Store) -> Option<u64> {
    match store.read(&nat()) {
        Ok(Found::Good(record)) => Some(record.spent),
        Ok(Found::Nothing | Found::Damaged(_) | Found::Newer(_)) | Err(_) => None,
    }
}

fn mode(path: &Path) -> u32 {
    let metadata = fs::metadata(path).expect("it is there");
    metadata.permissions().mode() & 0o777
}

#[test]
fn what_is_written_is_read_back_and_nobody_elses_business() {
    let scratch = Scratch::new("store");
    let store = scratch.store();
    assert_eq!(spent(&store), None);
    assert_eq!(spend(&store, 5).expect("it is written"), None);
    assert_eq!(spend(&store, 7).expect("it is written"), None);
    assert_eq!(spent(&store), Some(12));
    assert_eq!(mode(&store.path(&nat())), 0o600);
    assert_eq!(mode(&store.root.join("lock")), 0o600);
    assert_eq!(mode(&store.lessons()), 0o700);
    assert_eq!(mode(&store.root), 0o700);
    let left = fs::read_dir(store.lessons()).expect("it can be read");
    assert_eq!(left.count(), 1, "only the file itself is left");
    assert!(store.forget(&nat()).expect("it is removed"));
    assert!(!store.forget(&nat()).expect("it is gone"));
    assert_eq!(spent(&store), None);
}

#[test]
fn many_at_once_lose_nothing() {
    let scratch = Scratch::new("store-many");
    let store = scratch.store();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    spend(&store, 1).expect("it is written");
                }
            });
        }
    });
    assert_eq!(spent(&store), Some(80));
}

#[test]
fn a_damaged_file_is_set_aside() {
    let scratch = Scratch::new("store-damaged");
    let store = scratch.store();
    spend(&store, 5).expect("it is written");
    let path = store.path(&nat());
    let damages: [&[u8]; 6] = [
        b"",
        b"{\"format\":2,",
        b"\xff\xfe",
        b"[]",
        b"{\"format\":2,\"lesson\":7}",
        b"{\"format\":0}",
    ];
    for (number, damage) in (1..).zip(damages) {
        fs::write(&path, damage).expect("it can be written");
        assert!(matches!(store.read(&nat()), Ok(Found::Damaged(_))));
        assert_eq!(store.overview().troubles.len(), 1);
        let said = spend(&store, 1)
            .expect("it is written")
            .expect("it is said");
        let aside = format!("{}.damaged-{number}", path.display());
        assert!(said.contains(&aside), "{said}");
        assert_eq!(fs::read(aside).expect("it is kept"), damage);
        assert_eq!(spent(&store), Some(1));
    }
    assert!(store.overview().troubles.is_empty());
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let scratch = Scratch::new("store-newer");
    let store = scratch.store();
    spend(&store, 5).expect("it is written");
    let newer = r#"{"format":3,"lesson":{"name":"nat"}}"#;
    fs::write(store.path(&nat()), newer).expect("it can be written");
    assert!(matches!(store.read(&nat()), Ok(Found::Newer(3))));
    let why = spend(&store, 1)
        .expect_err("it is not overwritten")
        .to_string();
    assert!(why.contains("later version"), "{why}");
    let now = fs::read_to_string(store.path(&nat()));
    assert_eq!(now.expect("it is there"), newer);
}

#[test]
fn the_first_format_is_taken_over() {
    let scratch = Scratch::new("store-first");
    let store = scratch.store();
    fs::create_dir_all(&store.root).expect("a directory can be made");
    let first = r#"{"format":1,"done":["netns","../../evil","veth"]}"#;
    fs::write(store.old(), first).expect("it can be written");
    let done = |store: &Store| -> Vec<String> {
        let records = store.overview().records.into_iter();
        let done = records.filter(|(_, record)| record.done);
        done.map(|(key, _)| key.to_string()).collect()
    };
    assert_eq!(
        done(&store),
        ["netns", "veth"],
        "before anything is written"
    );
    assert!(matches!(
        store.read(&Key::of_name("veth")),
        Ok(Found::Good(_))
    ));
    spend(&store, 1).expect("it is written");
    assert_eq!(done(&store), ["netns", "veth"]);
    assert!(!store.old().exists());
    store.forget(&Key::of_name("veth")).expect("it is removed");
    assert_eq!(done(&store), ["netns"]);
}

#[test]
fn what_stands_in_the_way_is_said() {
    let scratch = Scratch::new("store-way");
    let store = scratch.store();
    spend(&store, 1).expect("it is written");
    let path = store.path(&nat());
    fs::remove_file(&path).expect("it is there");
    // A directory, a pipe that nobody writes to, and a link that leads to itself.
    fs::create_dir(&path).expect("a directory can be made");
    let why = format!("{:#}", spend(&store, 1).expect_err("a directory"));
    assert!(why.contains("nat.json"), "{why}");
    assert_eq!(store.overview().troubles.len(), 1);
    fs::remove_dir(&path).expect("it is empty");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe can be made");
    let why = format!("{:#}", spend(&store, 1).expect_err("a pipe"));
    assert!(why.contains("no plain file"), "{why}");
    fs::remove_file(&path).expect("it is there");
    symlink("nat.json", &path).expect("a link can be made");
    let why = format!("{:#}", spend(&store, 1).expect_err("a loop"));
    assert!(why.contains("nat.json"), "{why}");
    // A file where the directory should be.
    let blocked = Store::at(store.root.join("lock"));
    let why = format!("{:#}", spend(&blocked, 1).expect_err("a file"));
    assert!(why.contains("lock"), "{why}");
}

#[test]
fn what_a_killed_program_left_is_removed() {
    let scratch = Scratch::new("store-sweep");
    let store = scratch.store();
    spend(&store, 1).expect("it is written");
    let left = store.lessons().join(".unfinished.abcdef");
    fs::write(&left, "{").expect("it can be written");
    store.sweep().expect("it is swept");
    assert!(!left.exists());
    assert_eq!(spent(&store), Some(1));
}
