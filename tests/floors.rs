//! The floors of the house hold: no module imports from a floor above its own.
//!
//! Read from the sources themselves: every path that begins with `crate::`, or climbs to the crate
//! by `super::`, in a file of a floor must name a floor that it may stand on. See the table in
//! `src/lib.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each floor and what it may import.
const FLOORS: &[(&str, &[&str])] = &[
    ("world", &[]),
    ("packet", &["world"]),
    ("command", &["world", "packet"]),
    ("trace", &["world", "packet", "command"]),
    ("lesson", &["world", "packet", "command", "trace"]),
    (
        "session",
        &["world", "packet", "command", "trace", "lesson"],
    ),
    ("map", &["world", "packet", "trace"]),
    (
        "theme",
        &["world", "packet", "command", "trace", "lesson", "session"],
    ),
    (
        "menu",
        &["world", "packet", "command", "trace", "lesson", "session"],
    ),
    (
        "keys",
        &[
            "world", "packet", "command", "trace", "lesson", "session", "menu",
        ],
    ),
    (
        "ui",
        &[
            "world", "packet", "command", "trace", "lesson", "session", "map", "keys", "theme",
            "menu",
        ],
    ),
    (
        "kernel",
        &["world", "packet", "command", "trace", "lesson", "session"],
    ),
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
const PURE: &[&str] = &[
    "world", "packet", "command", "trace", "session", "map", "keys", "theme", "menu", "ui",
];

/// No file is longer, lines.
const LONGEST: usize = 400;

/// Half of the files of `src` are no longer, lines.
const MEDIAN: usize = 150;

/// A source file.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The floor that it belongs to: the first part of its path below `src`, without `.rs`.
    fn floor(&self) -> String {
        let first = self.path.iter().nth(1).expect("a file below src");
        first.to_string_lossy().trim_end_matches(".rs").to_owned()
    }

    /// How many `super::` lead from it to the crate.
    fn depth(&self) -> usize {
        self.path.iter().count() - 1
    }

    /// Its text without comments.
    fn code(&self) -> String {
        let lines = self.text.lines();
        let bare = lines.map(|line| line.split("//").next().unwrap_or_default());
        bare.collect::<Vec<_>>().join("\n")
    }

    fn length(&self) -> usize {
        self.text.lines().count()
    }

    /// Line of byte `at` of its code, from 1.
    fn shown(&self, code: &str, at: usize) -> String {
        let line = code[..at].matches('\n').count() + 1;
        format!("{}:{line}", self.path.display())
    }
}

/// The Rust files below a directory of the package.
fn sources(directory: &str) -> Vec<Source> {
    let mut found = Vec::new();
    gather(Path::new(directory), &mut found);
    assert!(found.len() > 5, "{} files below {directory}", found.len());
    found
}

fn gather(directory: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).expect("sources are readable") {
        let path = entry.expect("sources are readable").path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            found.push(Source { path, text });
        }
    }
}

/// What code names directly below the crate, by `crate::name`, `crate::{name, …}`, or as many
/// `super::` as `depth`; and where.
fn named(code: &str, depth: usize) -> Vec<(usize, String)> {
    let climb = "super::".repeat(depth);
    let absolute = code.match_indices("crate::");
    let climbing = code.match_indices(&climb).filter(|_| depth > 0);
    let mut names = Vec::new();
    for (at, word) in absolute.chain(climbing) {
        let rest = &code[at + word.len()..];
        let parts = match rest.strip_prefix('{') {
            Some(group) => members(group),
            None => vec![rest],
        };
        names.extend(parts.into_iter().map(|part| (at, first_name(part))));
    }
    names.retain(|(_, name)| !name.is_empty());
    names
}

/// The members of a group behind its `{`, each from its beginning.
fn members(group: &str) -> Vec<&str> {
    let mut nested = 0_u32;
    let mut start = 0;
    let mut members = Vec::new();
    for (at, char) in group.char_indices() {
        match char {
            '{' => nested += 1,
            '}' if nested == 0 => {
                members.push(&group[start..at]);
                break;
            }
            '}' => nested -= 1,
            ',' if nested == 0 => {
                members.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    members
}

fn first_name(path: &str) -> String {
    let path = path.trim_start().chars();
    path.take_while(|char| char.is_alphanumeric() || *char == '_')
        .collect()
}

fn none(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn no_arrow_runs_up() {
    let rules: BTreeMap<&str, &[&str]> = FLOORS.iter().copied().collect();
    let known = |name: &str| rules.contains_key(name) || GROUND.contains(&name);
    let mut wrong = Vec::new();
    for source in sources("src") {
        let from = source.floor();
        if GROUND.contains(&from.as_str()) {
            continue;
        }
        let Some(may) = rules.get(from.as_str()) else {
            let path = source.path.display();
            wrong.push(format!(
                "{path}: {from} is on no floor; give it one in tests/floors.rs"
            ));
            continue;
        };
        let code = source.code();
        for (at, to) in named(&code, source.depth()) {
            let climbed = code[at..].starts_with("super::");
            if climbed && !known(&to) {
                continue; // within the file, from a module written in it
            }
            if to != from && !may.contains(&to.as_str()) {
                wrong.push(format!("{}: {from} imports {to}", source.shown(&code, at)));
            }
        }
    }
    none("arrows that run up", &wrong);
}

#[test]
fn pure_floors_know_no_effects() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        if !PURE.contains(&source.floor().as_str()) {
            continue;
        }
        let code = source.code();
        for word in OUTSIDE {
            let places = code.match_indices(word);
            wrong.extend(places.map(|(at, _)| format!("{}: {word}", source.shown(&code, at))));
        }
    }
    none("effects on a pure floor", &wrong);
}

#[test]
fn unsafe_stands_in_the_kernel_floor_only() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        if source.floor() == "kernel" {
            continue;
        }
        let code = source.code();
        let places = code.match_indices("unsafe ");
        wrong.extend(places.map(|(at, _)| source.shown(&code, at)));
    }
    none("unsafe outside kernel", &wrong);
}

#[test]
fn the_session_names_every_case() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        if source.floor() != "session" {
            continue;
        }
        let code = source.code();
        wrong.extend(catch_alls(&code).map(|at| source.shown(&code, at)));
    }
    none("catch-all arms, which hide a forgotten event", &wrong);
}

/// Where an arm takes whatever is left.
fn catch_alls(code: &str) -> impl Iterator<Item = usize> {
    let arms = code.match_indices("=>").map(|(at, _)| at);
    arms.filter(|at| {
        let line = code[..*at].rsplit('\n').next().unwrap_or_default();
        let pattern = line.split(" if ").next().unwrap_or_default();
        let words: Vec<&str> = pattern.split(['(', ')', ',', ' ']).collect();
        words.contains(&"_") && words.iter().all(|word| matches!(*word, "" | "_"))
    })
}

#[test]
fn files_stay_short() {
    let mut wrong = Vec::new();
    for source in ["src", "tests"].into_iter().flat_map(sources) {
        let (path, lines) = (source.path.display(), source.length());
        if lines > LONGEST {
            wrong.push(format!("{path} has {lines} lines"));
        }
    }
    none("files that are too long", &wrong);
    let mut lengths: Vec<usize> = sources("src").iter().map(Source::length).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= MEDIAN, "half of the files have {median} lines");
}

#[test]
fn a_module_stands_beside_its_directory() {
    let all = ["src", "tests"].into_iter().flat_map(sources);
    let wrong: Vec<String> = all
        .filter(|source| source.path.ends_with("mod.rs"))
        .map(|source| source.path.display().to_string())
        .collect();
    none("foo.rs and foo/ are wanted, not foo/mod.rs", &wrong);
}

#[test]
fn the_guard_itself_sees_an_arrow() {
    let names = |code: &str, depth| -> Vec<String> {
        let named = named(code, depth).into_iter();
        named.map(|(_, name)| name).collect()
    };
    assert_eq!(names("use crate::kernel::icmp;", 1), ["kernel"]);
    assert_eq!(
        names("use crate::{\n ui,\n app::{a, b},\n};", 1),
        ["ui", "app"]
    );
    assert_eq!(names("use super::super::ui::draw;", 2), ["ui"]);
    assert!(names("use super::ui::draw;", 2).is_empty());
    assert!(names("use std::fmt;", 1).is_empty());
}

#[test]
fn the_guard_itself_sees_a_catch_all() {
    let arms = |code: &str| catch_alls(code).count();
    assert_eq!(arms("  _ => {}\n _ if a => {}\n (_, _) => {}"), 3);
    assert_eq!(
        arms("Some(_) => {}\n Phase::Idle => {}\n (a, _) => {}\n |_| {}"),
        0
    );
}
