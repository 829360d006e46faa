//! Where lessons are found, and what is said of a file that cannot be one.

use std::fs;
use std::path::{Path, PathBuf};

use tutor::command::Command;
use tutor::lesson::Lesson;
use tutor::lesson::find::{LARGEST, Shelf};
use tutor::lesson::lint::lint;
use tutor::world::Ns;

/// An empty directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("it can be emptied");
    }
    fs::create_dir_all(&path).expect("it can be made");
    path
}

fn text(title: &str, more: &str) -> String {
    format!(
        r#"
format = 1
title = "{title}"
summary = "x"
minutes = 1
{more}
[[step.check]]
link = {{ ns = "host", name = "lo" }}
"#
    )
}

const STEP: &str = r#"
[[step]]
title = "a"
text = "b"
hints = ["a", "b", "c"]
"#;

fn refusal(shelf: &Shelf, name: &str) -> String {
    let report = shelf.load(name).expect_err("it is no lesson");
    assert_eq!(report.exit_status(), 2);
    report.to_string()
}

#[test]
fn names_are_suggested() {
    let shelf = Shelf::default();
    let said = refusal(&shelf, "stakc");
    assert!(said.contains("there is no lesson `stakc`"), "{said}");
    assert!(said.contains("did you mean `stack`?"), "{said}");
    let said = refusal(&shelf, "quite-another");
    assert!(said.contains("the lessons are stack"), "{said}");
}

#[test]
fn what_is_no_file_of_text_is_refused() {
    let place = directory("no-lessons");
    let path = |name: &str| place.join(name).to_string_lossy().into_owned();
    let shelf = Shelf::default();
    let said = refusal(&shelf, &path("nothing.toml"));
    assert!(said.contains("there is no file"), "{said}");
    fs::create_dir(place.join("directory.toml")).expect("it can be made");
    let said = refusal(&shelf, &path("directory.toml"));
    assert!(said.contains("is a directory"), "{said}");
    fs::write(place.join("latin.toml"), b"a = 1\nb = \"\xe9\"\n").expect("it can be written");
    let said = refusal(&shelf, &path("latin.toml"));
    assert!(said.contains("not UTF-8 text: byte 12 on line 2"), "{said}");
    let said = refusal(&shelf, "/dev/zero/");
    assert!(said.contains("cannot be read"), "{said}");
    let said = refusal(&shelf, "/dev/zero");
    assert!(said.contains("is no plain file"), "{said}");
}

#[test]
fn a_huge_file_is_not_read_whole() {
    let place = directory("huge");
    let path = place.join("huge.toml");
    let file = fs::File::create(&path).expect("it can be made");
    file.set_len(LARGEST).expect("it can grow");
    let name = path.to_string_lossy().into_owned();
    let said = refusal(&Shelf::default(), &name);
    assert!(said.contains("not TOML"), "{said}");
    file.set_len(1 << 40).expect("it can grow");
    let said = refusal(&Shelf::default(), &name);
    assert!(said.contains("larger than 1048576 bytes"), "{said}");
}

#[test]
fn a_directory_overrides_and_adds() {
    let place = directory("overrides");
    fs::write(place.join("stack.toml"), text("Mine", STEP)).expect("it can be written");
    fs::write(place.join("zebra.toml"), text("Zebra", STEP)).expect("it can be written");
    fs::write(place.join("apple.toml"), "=").expect("it can be written");
    fs::write(place.join("notes.txt"), "no lesson").expect("it can be written");
    let shelf = Shelf::new(Some(place));
    let all = shelf.list();
    let first = &all[0];
    assert_eq!((&*first.id, &*first.title), ("stack", "Mine"));
    let last: Vec<&str> = all.iter().rev().take(2).map(|it| &*it.id).collect();
    assert_eq!(last, ["zebra", "apple"]);
    let broken = all.iter().find(|it| it.problem.is_some()).expect("apple");
    assert_eq!(broken.id, "apple");
    let report = lint(&shelf, &[]);
    assert!(report.errors() > 0);
}

#[test]
fn a_directory_that_is_none_is_said() {
    let shelf = Shelf::new(Some(PathBuf::from("/nowhere/at/all")));
    let said = refusal(&shelf, "stack");
    assert!(said.contains("TUTOR_LESSONS is /nowhere/at/all"), "{said}");
}

fn based() -> Lesson {
    let place = directory("based");
    let first = r#"
needs = ["veth"]
[host]
uplink = true
[[step]]
title = "a"
text = "b"
hints = ["a", "b", "c"]
run = '''
ip netns add app1
# Two ends
ip link add h1 type veth \
   peer name c1 netns app1     # of one cable.
'''
[[step]]
title = "c"
text = "b"
at = "app1"
hints = ["a", "b", "c"]
run = '''
ip link set c1 up   # up
'''
"#;
    let second = r#"
base = "first"
[[step]]
title = "a"
text = "b"
hints = ["a", "b", "c"]
run = '''
ip link show
nsenter --net=/run/netns/app1 bash
ip link show
exit
ip link set h1 up
'''
"#;
    fs::write(place.join("first.toml"), text("First", first)).expect("it can be written");
    fs::write(place.join("second.toml"), text("Second", second)).expect("it can be written");
    let path = place.join("second.toml");
    let loaded = Shelf::default().load(&path.to_string_lossy());
    loaded.unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn a_base_s_lines_come_first_each_in_its_place() {
    let lesson = based();
    assert_eq!(lesson.id, "second");
    assert!(lesson.uplink, "the base has an uplink");
    let before: Vec<(&str, &str)> = lesson
        .before
        .iter()
        .map(|line| (line.at.name(), &*line.source))
        .collect();
    assert_eq!(
        before,
        [
            ("host", "ip netns add app1"),
            ("host", "ip link add h1 type veth peer name c1 netns app1"),
            ("app1", "ip link set c1 up"),
        ]
    );
    let comment = lesson.before[1].line.comment.as_deref();
    assert_eq!(comment, Some("Two ends of one cable."));
}

#[test]
fn lines_follow_the_prompt() {
    let lesson = based();
    let run = &lesson.steps[0].run;
    let places: Vec<&Ns> = run.iter().map(|line| &line.at).collect();
    let app1 = Ns::Named("app1".to_owned());
    assert_eq!(places, [&Ns::Host, &Ns::Host, &app1, &app1, &Ns::Host]);
    assert_eq!(run[3].line.command, Some(Command::Exit));
    assert!(lesson.steps[0].changes());
}
