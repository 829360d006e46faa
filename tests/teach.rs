//! `tutor test`: the program's own lessons pass as root and as an ordinary user, and lessons that
//! are wrong do not.

#[path = "support/program.rs"]
mod program;
#[allow(dead_code)] // Only who runs the program, and how.
#[path = "support/pty.rs"]
mod pty;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use program::{Program, Ran};
use pty::Who;
use serde_json::Value;

/// Most of a lesson's time is spent waiting for the kernel, so many can be tried at once.
const AT_ONCE: usize = 16;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    let root = nix::unistd::geteuid().is_root();
    let mut trials = Vec::new();
    for lesson in tutor::lesson::find::Shelf::default().names() {
        let name = lesson.clone();
        let ordinary = move || passes(Who::Ordinary, &lesson);
        trials.push(Trial::test(format!("{name}::user"), ordinary));
        let lesson = name.clone();
        let as_root = Trial::test(format!("{name}::root"), move || {
            passes(Who::Myself, &lesson)
        });
        trials.push(as_root.with_ignored_flag(!root));
    }
    let cases: [(&str, fn()); 7] = [
        ("reports_for_people", reports_for_people),
        ("reports_as_json", reports_as_json),
        ("reports_as_junit", reports_as_junit),
        ("a_wrong_check_is_told", a_wrong_check_is_told),
        ("a_check_must_fail_first", a_check_must_fail_first),
        ("a_change_must_be_checked", a_change_must_be_checked),
        ("misuse_is_no_failure", misuse_is_no_failure),
    ];
    for (name, case) in cases {
        trials.push(Trial::test(name, move || {
            case();
            Ok(())
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The lesson holds, step by step, and leaves nothing.
fn passes(who: Who, lesson: &str) -> Result<(), Failed> {
    let ran = Program::new(who).run(&["test", lesson]);
    if ran.status == Some(0) && ran.out.ends_with("1 passed, 0 failed, 0 skipped\n") {
        return Ok(());
    }
    Err(format!("{:?}\n{}{}", ran.status, ran.out, ran.err).into())
}

/// Tries lessons of `tests/lessons/trial`.
fn tried(lessons: &[&str], format: &str) -> Ran {
    let program = Program::new(Who::Ordinary);
    let mut arguments = vec!["test", "--format", format];
    let files: Vec<String> = lessons.iter().map(|name| format!("{name}.toml")).collect();
    for (name, file) in lessons.iter().zip(&files) {
        program.trial(name);
        arguments.push(file);
    }
    program.run(&arguments)
}

fn reports_for_people() {
    let ran = tried(&["holds", "before"], "human");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].starts_with("holds … ok (2 steps, "), "{ran:#?}");
    assert!(
        lines[1].starts_with("before … FAILED (1 steps, "),
        "{ran:#?}"
    );
    assert_eq!(lines[2], "  step 1 “Nothing new”");
    let end = ["left behind: nothing", "1 passed, 1 failed, 0 skipped"];
    assert_eq!(lines[4..], end, "{ran:#?}");
    assert_eq!(ran.err, "");
}

fn reports_as_json() {
    let ran = tried(&["holds", "before"], "json");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let report: Value = serde_json::from_str(&ran.out).expect("standard output is JSON alone");
    let lessons = report["lessons"].as_array().expect("a list of lessons");
    assert_eq!(lessons.len(), 2);
    let [holds, before] = &lessons[..] else {
        panic!("two lessons: {report:#}");
    };
    assert_eq!(holds["lesson"], "holds");
    assert_eq!(holds["replay"], serde_json::json!([]));
    assert_eq!(holds["steps"][1]["title"], "Up");
    assert_eq!(holds["steps"][1]["held"], 1);
    assert_eq!(holds["steps"][1]["faults"], serde_json::json!([]));
    assert!(holds["took"].as_f64().is_some_and(|took| took > 0.0));
    assert_eq!(before["steps"][0]["number"], 1);
    assert_eq!(
        before["steps"][0]["faults"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(report["leftovers"], serde_json::json!([]));
}

fn reports_as_junit() {
    let ran = tried(&["holds", "before"], "junit");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let report = quick_junit::Report::deserialize_from_str(&ran.out).expect("JUnit's XML");
    let counts: Vec<_> = report
        .test_suites
        .iter()
        .map(|suite| (suite.name.as_str(), suite.tests, suite.failures))
        .collect();
    // A case for each step, and one for the replay.
    assert_eq!(
        counts,
        [("holds", 3, 0), ("before", 2, 1), ("machine", 1, 0)]
    );
    assert_eq!((report.tests, report.failures, report.errors), (6, 1, 0));
}

fn a_wrong_check_is_told() {
    let ran = tried(&["wrong"], "human");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    for told in [
        "step 2 “The wrong one”",
        "lo in host has 10.0.0.2/24",
        "found 10.0.0.1/24",
        "wanted 10.0.0.2/24",
        "0 passed, 1 failed",
    ] {
        assert!(ran.out.contains(told), "{told} is not told: {ran:#?}");
    }
    assert!(!ran.out.contains("The right one"), "{ran:#?}");
}

fn a_check_must_fail_first() {
    let ran = tried(&["before"], "human");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let told = "every check holds before the step has changed anything";
    assert!(ran.out.contains(told), "{ran:#?}");
}

fn a_change_must_be_checked() {
    let ran = tried(&["silent"], "human");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    assert!(ran.out.contains("no check tells whether"), "{ran:#?}");
}

fn misuse_is_no_failure() {
    let program = Program::new(Who::Ordinary);
    for arguments in [
        &["test", "nowhere"][..],
        &["test", "nowhere.toml"],
        &["test", "--format", "xml"],
        &["test", "--quick"],
        &["test", "netns", "nowhere"],
    ] {
        let ran = program.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
        assert!(!ran.err.is_empty(), "{arguments:?} is refused in silence");
    }
}
