//! The floors of the house hold: no module imports from a floor above its own.
//!
//! Read from the sources themselves: every path that begins with `crate::` in a file of a floor
//! must name a floor that it may stand on. See the table in `src/lib.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each floor and what it may import.
const FLOORS: &[(&str, &[&str])] = &[
    ("world", &[]),
    ("command", &["world"]),
    ("lesson", &["world", "command"]),
    ("session", &["world", "command", "lesson"]),
    ("menu", &["world", "command", "lesson", "session"]),
    ("keys", &["world", "command", "lesson", "session", "menu"]),
    ("theme", &["world", "command", "lesson", "session"]),
    (
        "ui",
        &[
            "world", "command", "lesson", "session", "keys", "theme", "menu",
        ],
    ),
    ("kernel", &["world", "command", "lesson", "session"]),
];

/// The ground floor, which ties the others together and may import anything.
const GROUND: &[&str] = &["app", "cli", "headless", "lib", "main", "progress"];

/// What no floor above `kernel` may know: sockets, clocks, terminals, the runtime.
const OUTSIDE: &[&str] = &[
    "tokio::",
    "std::net::TcpStream",
    "std::net::UdpSocket",
    "std::fs::",
    "std::process::",
    "Instant::now",
    "SystemTime::now",
    "nix::",
    "socket2::",
    "netlink_proto::",
    "rtnetlink::",
    "crossterm::terminal",
];

/// The floors without effects.
const PURE: &[&str] = &["world", "command", "session", "keys", "theme", "menu", "ui"];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// The floor that a file belongs to: the first part of its path, without `.rs`.
fn floor(path: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = path
        .strip_prefix(root)
        .expect("below src")
        .iter()
        .next()
        .expect("a file");
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// Code lines: comments and what stands behind `//` left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default()))
}

/// The floors that a line names by `crate::floor`, also as `crate::{a, b}`.
fn named(line: &str) -> Vec<String> {
    let parts = line
        .match_indices("crate::")
        .map(|(at, word)| &line[at + word.len()..]);
    parts
        .flat_map(|rest| {
            let group = rest
                .strip_prefix('{')
                .map(|group| group.split('}').next().unwrap_or(group));
            group
                .unwrap_or(rest)
                .split(',')
                .take(if group.is_some() { usize::MAX } else { 1 })
        })
        .map(|name| {
            name.trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .filter(|name: &String| !name.is_empty())
        .collect()
}

#[test]
fn no_arrow_runs_up() {
    let rules: BTreeMap<&str, &[&str]> = FLOORS.iter().copied().collect();
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 20, "only {} files found", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let from = floor(&path);
        if GROUND.contains(&from.as_str()) {
            continue;
        }
        let Some(may) = rules.get(from.as_str()) else {
            wrong.push(format!(
                "{}: {from} is on no floor; give it one in tests/floors.rs",
                path.display()
            ));
            continue;
        };
        let text = fs::read_to_string(&path).expect("sources are UTF-8");
        for (number, line) in code(&text) {
            for to in named(line) {
                if to != from && !may.contains(&to.as_str()) {
                    wrong.push(format!("{}:{number}: {from} imports {to}", path.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that run up:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn pure_floors_know_no_effects() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let mut wrong = Vec::new();
    for path in files
        .iter()
        .filter(|path| PURE.contains(&floor(path).as_str()))
    {
        let text = fs::read_to_string(path).expect("sources are UTF-8");
        for (number, line) in code(&text) {
            for word in OUTSIDE.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: {word}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "effects on a pure floor:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn unsafe_stands_in_the_kernel_floor_only() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    for path in files.iter().filter(|path| floor(path) != "kernel") {
        let text = fs::read_to_string(path).expect("sources are UTF-8");
        for (number, line) in code(&text) {
            assert!(
                !line.contains("unsafe "),
                "{}:{number}: unsafe outside kernel",
                path.display()
            );
        }
    }
}

#[test]
fn files_stay_short() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let long: Vec<String> = files
        .iter()
        .map(|path| {
            (
                path,
                fs::read_to_string(path)
                    .expect("sources are UTF-8")
                    .lines()
                    .count(),
            )
        })
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert!(
        long.is_empty(),
        "files over 400 lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn the_guard_itself_sees_an_arrow() {
    assert_eq!(named("use crate::kernel::icmp;"), ["kernel"]);
    assert_eq!(named("use crate::{ui, app::run};"), ["ui", "app"]);
    assert!(named("use std::fmt;").is_empty());
}
