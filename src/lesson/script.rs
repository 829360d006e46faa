//! Scripts: files of ordinary lines, as they stand in an article or as `:save` writes them.
//!
//! Each line is one of our language, as in a lesson's `run`: comments, blank lines, `sudo`, lines
//! joined by `\`. A first line `#! …`, a byte order mark and line ends of other systems are taken as
//! they come, a line [`UPLINK`] asks for an uplink, and a `$ ` that was copied with its line is left out. Some lines of shell scripts
//! change nothing here and are passed over: see `is_idle`. Whatever else a shell would do
//! (variables, loops, other programs) is refused before anything is carried out.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::file::{self, Kind};
use super::model::run;
use super::model::text::Mapped;
use super::report::{Notes, Report, Source};
use super::{Lesson, RunLine, free};
use crate::world::Ns;

/// Most lines of a script.
pub const MOST_LINES: usize = 1_000;

/// A line of a script that asks for an uplink, as `--uplink` does.
pub const UPLINK: &str = "# tutor: uplink";

const KIND: Kind = Kind {
    missing: "name a file of lines such as `ip link add br0 type bridge`, or `-` for standard input",
    directory: "name a file in it",
    other: "a script is a text file; `-` reads standard input",
    large: "a script is text, a line for each command",
};

/// A script that can be carried out.
#[derive(Clone, Debug)]
pub struct Script {
    /// As a lesson with one step, of which it is the commands.
    pub lesson: Lesson,
    /// The line of the file on which each command begins, from 1.
    pub lines: Vec<usize>,
}

/// Reads the script in a file.
///
/// # Errors
/// Why it cannot be read, or everything in it that cannot be carried out.
pub fn open(path: &Path, uplink: bool) -> Result<Script, Report> {
    let text = file::text(path, &KIND)?;
    read(&path.display().to_string(), text, uplink)
}

/// As [`open`], from a stream; `name` is what it is called.
///
/// # Errors
/// As [`open`].
pub fn from_stream(stream: impl Read, name: &str, uplink: bool) -> Result<Script, Report> {
    let text = file::read(stream, name, &KIND)?;
    read(name, text, uplink)
}

fn read(name: &str, mut text: String, uplink: bool) -> Result<Script, Report> {
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    let source = Source {
        name: name.to_owned(),
        text,
    };
    let mut notes = Notes::new(Arc::new(source));
    let lines = lines(&mut notes);
    if !notes.findings.is_empty() {
        return Err(Report {
            findings: notes.into_findings(),
        });
    }
    let starts = notes.source.text.match_indices('\n').map(|(at, _)| at);
    let starts: Vec<usize> = starts.collect();
    let number = |line: &RunLine| starts.partition_point(|end| *end < line.place.start) + 1;
    Ok(Script {
        lines: lines.iter().map(number).collect(),
        lesson: free::of_script(name, lines, uplink || asks_for_uplink(&notes.source.text)),
    })
}

/// Its commands, with the namespaces that they are carried out in; notes what cannot be read.
fn lines(notes: &mut Notes) -> Vec<RunLine> {
    let source = Arc::clone(&notes.source);
    let mut whole = Mapped::whole(&source.text);
    let text = &source.text;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let code = line.trim();
        let shebang = start == 0 && code.starts_with("#!");
        if shebang || is_idle(code) {
            whole.blank(start..end);
        }
        let indent = end - line.trim_start().len();
        if code.starts_with("$ ") {
            whole.blank(indent..indent + 1);
        }
        start = end;
    }
    run::lines_up_to(MOST_LINES, &whole, &Ns::Host, notes)
}

fn asks_for_uplink(text: &str) -> bool {
    text.lines().any(|line| line.trim() == UPLINK)
}

/// Does a shell's line change nothing here? How a shell goes on after an error (`set -e`) is said to
/// this program by its own options; waiting (`sleep`) is not needed, since each command is waited
/// for; `true`, `:` and `clear` do nothing.
fn is_idle(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["true" | ":" | "clear"] => true,
        ["sleep", time] => {
            let number = time.trim_end_matches(['s', 'm']);
            number.parse::<f64>().is_ok()
        }
        ["set", ref options @ ..] if !options.is_empty() => {
            let mut options = options.iter();
            options.all(|option| {
                let flags = option.strip_prefix(['-', '+']).unwrap_or("");
                let known = !flags.is_empty() && flags.chars().all(|flag| "euxvo".contains(flag));
                known || *option == "pipefail"
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let script = super::read("try.sh", text.to_owned(), false);
        let lines = |script: Script| {
            let run = script.lesson.steps[0].run.iter();
            run.map(|line| format!("{}: {}", line.at, line.source))
                .collect()
        };
        script.map(lines).map_err(|report| report.render(false))
    }

    #[test]
    fn what_an_article_holds_is_read() {
        let text = "\u{feff}#!/bin/sh -e\r\nset -euo pipefail\r\n\r\n# a bridge\r\nsudo ip link add br0 \\\r\n    type bridge\r\n\
                    sleep 0.5\r\n$ ip link set br0 up # on\r\nip netns add app1\r\nnsenter --net=/run/netns/app1 bash\r\nip link\r\nexit\r\n";
        let lines = read(text).expect("it can be read");
        assert_eq!(
            lines,
            [
                "host: sudo ip link add br0 type bridge",
                "host: ip link set br0 up",
                "host: ip netns add app1",
                "host: nsenter --net=/run/netns/app1 bash",
                "app1: ip link",
                "app1: exit",
            ]
        );
    }

    #[test]
    fn comments_explain_the_next_command() {
        let script = super::read("x", "#!/bin/sh\n# why\nip link\n".to_owned(), false);
        let script = script.expect("it can be read");
        assert_eq!(script.lines, [3]);
        let comment = &script.lesson.steps[0].run[0].line.comment;
        assert_eq!(comment.as_deref(), Some("why"));
    }

    #[test]
    fn everything_that_cannot_be_done_is_said_at_its_place() {
        let text = "\u{feff}ip link ad br0\nfor i in 1 2; do\n  set -- a\nip link\nip addr add \\\n  10.0.0.1/33 dev lo\nexit\n";
        let said = read(text).expect_err("it cannot be read");
        for place in [
            "try.sh:1:15",
            "try.sh:2:13",
            "try.sh:3:3",
            "try.sh:6:12",
            "try.sh:7:1",
        ] {
            assert!(said.contains(place), "{place}: {said}");
        }
    }

    #[test]
    fn a_script_has_an_end() {
        let text = "ip link\n".repeat(MOST_LINES + 1);
        let said = read(&text).expect_err("it is too long");
        assert!(said.contains("try.sh:1001:1"), "{said}");
        assert!(read(&"ip link\n".repeat(MOST_LINES)).is_ok());
    }

    #[test]
    fn only_what_changes_nothing_is_passed_over() {
        for line in [
            "set -e",
            "set -euxo pipefail",
            "sleep 1",
            "sleep 2s",
            "true",
            ":",
            "clear # x",
        ] {
            assert!(is_idle(line), "{line}");
        }
        for line in [
            "set",
            "set a",
            "set -- a",
            "sleep",
            "sleep x",
            "sleep 1; reboot",
            "false",
            "set -e; rm",
        ] {
            assert!(!is_idle(line), "{line}");
        }
    }
}
