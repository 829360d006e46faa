//! `tutor progress`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::pty::Who;
use crate::state::State;

/// A state in which `netns` was finished in format 1 and the lesson's file is at its second step.
fn used(name: &str) -> State {
    let state = State::new(name, Who::Ordinary);
    fs::create_dir_all(state.tutor()).expect("a directory can be made");
    for path in [state.home(), state.tutor()] {
        crate::state::set_mode(&path, 0o777);
    }
    let first = state.tutor().join("progress.json");
    fs::write(&first, r#"{"format":1,"done":["netns"]}"#).expect("it can be written");
    crate::state::set_mode(&first, 0o666);
    let mut pty = state.teach();
    pty.shows("step 1 of 3");
    pty.keys("h");
    pty.keys("n");
    pty.shows("step 2 of 3");
    state.until_at(1, 3);
    pty.keys("q");
    assert_eq!(pty.end().code(), Some(0));
    state
}

/// Does the list of lessons say so?
fn netns_is_done(state: &State) -> bool {
    let list = state.run(&["list"]).out;
    let done = list.lines().filter(|line| line.contains("  done  "));
    done.map(|line| line.split(' ').next()).eq([Some("netns")])
}

fn entry(json: &str, start: &str) -> Value {
    let json: Value = serde_json::from_str(json).expect("standard output is JSON");
    let lessons = json["lessons"].as_array().expect("a list");
    let mut found = lessons.iter().filter(|lesson| {
        let key = lesson["key"].as_str().expect("a key");
        key.starts_with(start)
    });
    found.next().cloned().unwrap_or_default()
}

#[test]
fn it_is_shown_to_people_and_programs() {
    let state = used("show");
    let human = state.run(&["progress"]);
    assert_eq!(
        (human.status, human.err.as_str()),
        (Some(0), ""),
        "{human:#?}"
    );
    let line = |word: &str| {
        let mut lines = human.out.lines();
        lines
            .find(|line| line.contains(word))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(line("netns").contains("yes"), "{human:#?}");
    assert!(line("cable.toml").contains("step 2 of 3"), "{human:#?}");
    assert!(line("bridge").contains('-'), "{human:#?}");
    let json = state.run(&["progress", "--format", "json"]).out;
    let cable = entry(&json, "cable-");
    assert_eq!(
        (&cable["step"], &cable["steps"]),
        (&2.into(), &3.into()),
        "{cable:#}"
    );
    assert_eq!(
        (&cable["hints"], &cable["done"]),
        (&1.into(), &false.into()),
        "{cable:#}"
    );
    assert_eq!(entry(&json, "netns")["done"], true);
}

#[test]
fn it_moves_to_another_machine() {
    let (here, there) = (used("export"), State::new("import", Who::Ordinary));
    let bundle = here.tutor().join("bundle.json");
    let bundle = bundle.to_str().expect("a plain name");
    let ran = here.run(&["progress", "export", bundle]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""), "{ran:#?}");
    let mode = fs::metadata(bundle)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
    let again = here.run(&["progress", "export", bundle]);
    assert_eq!(again.status, Some(2), "{again:#?}");
    assert_eq!(here.run(&["progress", "export"]).status, Some(0));
    for _ in 0..2 {
        let ran = there.run(&["progress", "import", bundle]);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
        assert!(ran.out.contains("netns"), "{ran:#?}");
    }
    let json = |state: &State| state.run(&["progress", "--format", "json"]).out;
    for start in ["netns", "cable-"] {
        assert_eq!(entry(&json(&here), start), entry(&json(&there), start));
    }
    // The same file of the same path is the same lesson.
    assert!(netns_is_done(&there));
}

#[test]
fn what_is_no_export_is_refused() {
    let state = used("refused");
    let bad = state.tutor().join("bad.json");
    let bad = bad.to_str().expect("a plain name");
    for text in [
        "",
        "[[[[",
        r#"{"format":2,"lessons":{"../evil":{"format":2,"lesson":"x"}}}"#,
        r#"{"format":77}"#,
    ] {
        fs::write(bad, text).expect("it can be written");
        crate::state::set_mode(bad.as_ref(), 0o644);
        let ran = state.run(&["progress", "import", bad]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:#?}");
        assert!(ran.err.contains("is not imported"), "{ran:#?}");
    }
    for path in ["/dev/zero", "/", "/nowhere"] {
        let ran = state.run(&["progress", "import", path]);
        assert_eq!(
            (ran.status, ran.err.contains(path)),
            (Some(2), true),
            "{ran:#?}"
        );
    }
}

#[test]
fn forgetting_asks_first() {
    let state = used("reset");
    let lesson = state.lesson();
    let lesson = lesson.to_str().expect("a plain name");
    let ran = state.run(&["progress", "reset", lesson]);
    assert_eq!(
        (ran.status, ran.err.contains("--yes")),
        (Some(2), true),
        "{ran:#?}"
    );
    let mut pty = state.start(&["progress", "reset", lesson]);
    pty.shows("[y/N]");
    pty.keys("\r");
    pty.shows("Nothing is forgotten");
    assert_eq!(pty.end().code(), Some(1));
    assert!(state.record().is_some());
    let mut pty = state.start(&["progress", "reset", lesson]);
    pty.shows("[y/N]");
    pty.keys("y\r");
    pty.shows("Forgotten: cable-");
    assert_eq!(pty.end().code(), Some(0));
    assert!(state.record().is_none());
    assert!(netns_is_done(&state));
    let ran = state.run(&["progress", "reset", "--yes"]);
    assert_eq!(
        (ran.status, ran.out.contains("netns")),
        (Some(0), true),
        "{ran:#?}"
    );
    assert!(!state.run(&["list"]).out.contains("  done  "));
    let ran = state.run(&["progress", "reset"]);
    assert_eq!(
        (ran.status, ran.out.contains("Nothing is known")),
        (Some(0), true),
        "{ran:#?}"
    );
}
