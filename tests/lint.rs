//! Lessons that are right pass without a word; what is wrong with the others is said with its
//! place and what to do, as the snapshots show.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tutor::lesson::find::Shelf;
use tutor::lesson::lint::lint;

fn lessons(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new("tests/lessons").join(directory));
    let mut paths: Vec<PathBuf> = entries
        .expect("the corpus is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn rendered(path: &Path) -> String {
    let path = path.to_str().expect("UTF-8").to_owned();
    lint(&Shelf::default(), &[path]).render(false)
}

#[test]
fn the_lessons_of_the_program_are_right() {
    assert_eq!(lint(&Shelf::default(), &[]).render(false), "");
}

#[test]
fn good_lessons_pass_without_a_word() {
    for path in lessons("good") {
        assert_eq!(rendered(&path), "", "{}", path.display());
    }
}

#[test]
fn bad_lessons_are_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("lessons/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in lessons("bad") {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            insta::assert_snapshot!(name, rendered(&path));
        }
    });
}

#[test]
fn every_bad_lesson_is_found_bad() {
    for path in lessons("bad") {
        let report = lint(&Shelf::default(), &[path.to_string_lossy().into_owned()]);
        assert!(!report.findings.is_empty(), "{}", path.display());
        let warns = path.to_string_lossy().contains("warn-");
        assert_eq!(report.errors() == 0, warns, "{}", path.display());
        assert_eq!(report.exit_status(), if warns { 0 } else { 2 });
    }
}

/// The beginning of a character at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    let starts = text.char_indices().map(|(start, _)| start);
    starts.take_while(|start| *start <= at).last().unwrap_or(0)
}

/// Lints a text as if it were a file.
fn lint_text(text: &str) -> String {
    let source = tutor::lesson::report::Source {
        name: "some.toml".to_owned(),
        text: text.to_owned(),
    };
    let opened = tutor::lesson::find::Opened {
        id: "some".to_owned(),
        source: std::sync::Arc::new(source),
        path: None,
    };
    let (_, findings) = tutor::lesson::build::build(&Shelf::default(), &opened);
    tutor::lesson::report::Report { findings }.render(true)
}

const PIECES: [&str; 25] = [
    "format = 1\n",
    "title = \"\u{e9}\u{1f40c}\"\n",
    "minutes = -1\n",
    "[host]\nuplink = true\n",
    "[[step]]\n",
    "[step]\n",
    "run = '''\nip link add a type veth peer name b\n",
    "'''\n",
    "run = \"ip netns add x\\nexit\\n\"\n",
    "at = \"x\"\n",
    "hints = [1, \"\\u001b\"]\n",
    "[[step.check]]\n",
    "link = { ns = \"x\", name = 5, up = true }\n",
    "absent = { absent = { absent = {} } }\n",
    "ping = { from = \"x\", to = \"::1\", code = \"host\" }\n",
    "base = \"some\"\n",
    "needs = [\"vxlan\", \"nothing\"]\n",
    "\r\n",
    "rule = { ns = \"host\", chain = \"A\", out = \"!\" }\n",
    "=",
    "[draw]\na = [\"x\", \"y\"]\nb = { of = [\"x\"], take = 1 }\n",
    "${a} ${b1} ${\u{e9}",
    "[[fault]]\nid = \"x\"\ncause = \"loop\"\n",
    "repair = true\n",
    "probe = { ping = { from = \"${a}\", to = \"::1\" } }\n",
];

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        lint_text(&text);
    }

    #[test]
    fn no_lesson_makes_it_panic(pieces in prop::collection::vec(0..PIECES.len(), 0..16)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        lint_text(&text);
    }

    #[test]
    fn no_damage_makes_it_panic(cut in 0..3000usize, length in 0..40usize, with in "\\PC{0,3}") {
        let mut text = fs::read_to_string("lessons/stack.toml").expect("it is there");
        let start = boundary(&text, cut);
        let end = boundary(&text, start + length).max(start);
        text.replace_range(start..end, &with);
        lint_text(&text);
    }
}
