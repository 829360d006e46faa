//! Lessons that cannot be taught: what is said, and where.

use super::{assert_refused, program};
use crate::program::Program;

/// The beginning of a lesson, six lines long.
const HEAD: &str = "format = 1
title = \"A lesson\"
summary = \"For the tests.\"
minutes = 1

[[step]]
";

/// A step's remaining keys, from line 7 on.
const STEP: &str = "title = \"A step\"\ntext = \"Text.\"\n";

/// A lesson whose only step holds `more`, from line 9 on.
fn with(more: &str) -> String {
    format!("{HEAD}{STEP}{more}\n")
}

/// Refused in the same way by whatever would teach it, and by lint.
#[track_caller]
fn refuses(program: &Program, file: &str, told: &[&str]) {
    assert_refused(&program.run(&["test", file]), told);
    assert_refused(&program.run(&["--lesson", file]), told);
    let mut lint = program.run(&["lint", file]);
    std::mem::swap(&mut lint.out, &mut lint.err);
    assert_refused(&lint, told);
}

#[track_caller]
fn refuses_text(text: &str, told: &[&str]) {
    let program = program();
    program.file("x.toml", text);
    refuses(&program, "x.toml", told);
}

#[test]
fn what_is_not_toml() {
    let text = format!("{HEAD}title = \"A step\n");
    refuses_text(&text, &["x.toml:7:", "this is not TOML", "7 | title"]);
}

#[test]
fn an_unknown_key() {
    let told = [
        "x.toml:9:1",
        "there is no key `hint`",
        "did you mean `hints`?",
    ];
    refuses_text(&with("hint = [\"a\"]"), &told);
}

#[test]
fn an_unknown_command() {
    let told = ["x.toml:9:8", "`ipp` is not a command", "did you mean `ip`?"];
    refuses_text(&with("run = \"ipp link show\""), &told);
}

#[test]
fn an_unknown_option() {
    let told = ["x.toml:9:13", "`-w`", "not part of the lessons", "help:"];
    refuses_text(&with("run = \"ping -w 1 10.0.0.1\""), &told);
}

#[test]
fn a_wrong_address() {
    let told = ["x.toml:9:27", "`256` is too large", "from 0 to 255"];
    refuses_text(&with("run = \"ip addr add 10.0.0.256/24 dev lo\""), &told);
}

#[test]
fn a_wrong_prefix() {
    let told = ["x.toml:9:", "33", "help:"];
    refuses_text(&with("run = \"ip addr add 10.0.0.1/33 dev lo\""), &told);
}

#[test]
fn a_name_that_is_too_long() {
    let told = ["x.toml:9:20", "15", "averyveryverylong"];
    refuses_text(
        &with("run = \"ip link add averyveryverylong type bridge\""),
        &told,
    );
}

#[test]
fn a_check_on_a_namespace_that_no_step_makes() {
    let told = ["x.toml:10:", "app9", "help:"];
    refuses_text(
        &with("[[step.check]]\nlink = { ns = \"app9\", name = \"lo\", up = true }"),
        &told,
    );
}

#[test]
fn a_circle_of_bases() {
    let lesson = |base| with("").replace("minutes", &format!("base = \"{base}\"\nminutes"));
    let program = program();
    program.file("one.toml", lesson("two"));
    program.file("two.toml", lesson("one"));
    let told = [
        "one.toml",
        "two.toml",
        "in a circle",
        "leave out the `base`",
    ];
    refuses(&program, "one.toml", &told);
}

#[test]
fn what_is_not_utf8() {
    let program = program();
    program.file("x.toml", b"format = 1\ntitle = \"\xff\"\n");
    let told = ["x.toml is not UTF-8", "line 2", "save it as UTF-8"];
    refuses(&program, "x.toml", &told);
}

#[test]
fn what_is_huge() {
    let program = program();
    let mut text = with("");
    text.push_str(&"# more\n".repeat(1 << 18));
    program.file("x.toml", text);
    refuses(
        &program,
        "x.toml",
        &["x.toml is larger than", "1 MiB", "help:"],
    );
}

#[test]
fn what_is_not_there() {
    let program = program();
    refuses(
        &program,
        "x.toml",
        &["there is no file x.toml", "`tutor list`"],
    );
    refuses(
        &program,
        "bridg",
        &["no lesson `bridg`", "did you mean `bridge`?"],
    );
    refuses(
        &program,
        "zzz",
        &["no lesson `zzz`", "the lessons are stack, netns"],
    );
    refuses(&program, "", &["help:"]);
}

#[test]
fn what_is_no_file() {
    let program = program();
    refuses(&program, "./", &["is a directory", "TUTOR_LESSONS"]);
    refuses(
        &program,
        "/dev/zero",
        &["/dev/zero is no plain file", "help:"],
    );
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    refuses(&program(), "\u{1b}[2J", &["there is no lesson"]);
    refuses(&program(), "\u{1b}[2J/\u{202e}.toml", &["there is no file"]);
}

#[test]
fn several_mistakes_are_told_at_once() {
    let lesson = with("hint = 1\nrun = \"\"\"\nipp\nip adr\n\"\"\"");
    let told = ["x.toml:9:1", "x.toml:11:1", "x.toml:12:4", "3 errors"];
    refuses_text(&lesson, &told);
}

#[test]
fn a_directory_of_lessons_that_is_none() {
    let program = program();
    for directory in ["nowhere", "/dev/null"] {
        let mut command = program.command(&["test", "bridge"]);
        let ran = crate::ran(command.env("TUTOR_LESSONS", directory));
        assert_refused(&ran, &["TUTOR_LESSONS", directory, "no directory", "unset"]);
    }
}
