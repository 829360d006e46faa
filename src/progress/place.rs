//! Where the learner's state lies, and what each lesson's file is called.

use std::fmt;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use siphasher::sip::SipHasher13;

use crate::lesson::Lesson;
use crate::lesson::find::{Opened, Shelf, Summary};

/// So many characters of a lesson's name stand in the name of its file.
const NAME: usize = 64;

/// The longest key that is believed, bytes: a file name has at most 255, and marks are added.
const LONGEST: usize = 200;

/// The program's directory below the state directory of the XDG base directory specification:
/// `$XDG_STATE_HOME/tutor`, else `~/.local/state/tutor`. A variable that names no absolute path
/// counts as unset, as the specification wants it; `None` if that leaves nothing.
pub fn root() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path: &PathBuf| path.is_absolute())
    };
    let state = absolute("XDG_STATE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("tutor"))
}

/// What a lesson's file is called, without `.json`.
///
/// A lesson within the program has its name. One from a file has its name and a hash of the file's
/// canonical path, so that two files called `nat.toml`, or one that is called as a lesson of the
/// program is, do not get into each other's way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of a lesson.
    pub fn of(lesson: &Lesson) -> Self {
        Self::from_parts(&lesson.id, lesson.file.as_deref())
    }

    /// The key of a lesson in the list.
    pub fn of_summary(summary: &Summary) -> Self {
        let path = summary.path.as_ref();
        let file = path.map(|path| path.canonicalize().unwrap_or_else(|_| path.clone()));
        Self::from_parts(&summary.id, file.as_deref())
    }

    /// The key of a lesson within the program.
    pub fn of_name(name: &str) -> Self {
        Self::from_parts(name, None)
    }

    /// The key of the lesson that a command line names: by its name, its file, or its key.
    pub fn of_argument(name: &str) -> Option<Self> {
        match Shelf::from_environment().open(name) {
            Ok(Opened { id, path, .. }) => {
                let file = path.map(|path| path.canonicalize().unwrap_or(path));
                Some(Self::from_parts(&id, file.as_deref()))
            }
            // What is gone can still be known.
            Err(_) => Self::read(name),
        }
    }

    /// A key that was read somewhere; `None` if no lesson could have it. What is accepted is a file
    /// name that is not hidden and leads nowhere else.
    pub fn read(text: &str) -> Option<Self> {
        let fits = (1..=LONGEST).contains(&text.len());
        let plain = text.chars().all(is_plain) && !text.starts_with('.');
        (fits && plain).then(|| Self(text.to_owned()))
    }

    fn from_parts(id: &str, file: Option<&Path>) -> Self {
        let name = id.chars().take(NAME);
        let name: String = name.map(|c| if is_plain(c) { c } else { '_' }).collect();
        let name = name.trim_start_matches('.');
        Self(match file {
            None => name.to_owned(),
            Some(path) => format!(
                "{name}-{:016x}",
                hash(&[path.as_os_str().as_encoded_bytes()])
            ),
        })
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// A hash that is the same in every build of the program (that of the standard library may change).
fn hash(parts: &[&[u8]]) -> u64 {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write(part);
        hasher.write(b"\0"); // stands in no path and no line
    }
    hasher.finish()
}

/// What the state of a lesson's sandbox is made of, in short: its uplink, the lines before it and
/// the lines and places of its steps. Another wording, hint or check leaves it as it is, since a
/// learner can go on with those; another line does not, since the replay would no longer fit.
pub fn fingerprint(lesson: &Lesson) -> String {
    let mut parts: Vec<&[u8]> = vec![if lesson.uplink { b"uplink" } else { b"" }];
    let lines = |run: &crate::lesson::RunLine| (run.at.name().to_owned(), run.source.clone());
    let before: Vec<_> = lesson.before.iter().map(lines).collect();
    let steps: Vec<Vec<_>> = lesson
        .steps
        .iter()
        .map(|step| {
            let broken = step.fault.iter().flat_map(|fault| &fault.breaks);
            broken.chain(&step.run).map(lines).collect()
        })
        .collect();
    for group in std::iter::once(&before).chain(&steps) {
        parts.push(b"step");
        for (at, source) in group {
            parts.extend([at.as_bytes(), source.as_bytes()]);
        }
    }
    for step in &lesson.steps {
        parts.push(step.at.name().as_bytes());
    }
    format!("{:016x}", hash(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::find;

    #[test]
    fn a_key_is_a_harmless_file_name() {
        for bad in [
            "",
            ".",
            "..",
            ".hidden",
            "a/b",
            "a b",
            "a\0",
            "é",
            &"x".repeat(300),
        ] {
            assert_eq!(Key::read(bad), None, "{bad:?}");
        }
        for id in ["../../etc/passwd", "ein Kurs", "…", ".x"] {
            let key = Key::from_parts(id, Some(Path::new("/x/y.toml")));
            assert_eq!(
                Key::read(key.as_str()),
                Some(key.clone()),
                "{id:?} gave {key}"
            );
        }
    }

    #[test]
    fn lessons_of_one_name_have_files_of_their_own() {
        let [own, one, other] = [None, Some("/a/nat.toml"), Some("/b/nat.toml")]
            .map(|path| Key::from_parts("nat", path.map(Path::new)));
        assert_eq!(own.as_str(), "nat");
        assert!(one != own && one != other);
        // It is written into a file's name, so no later build may find another.
        assert_eq!(one.as_str(), "nat-c07341d8af30e4a0");
    }

    #[test]
    fn another_line_is_another_lesson_and_another_wording_is_not() {
        let Ok(lesson) = find::load("veth") else {
            panic!("the lesson is there");
        };
        let before = fingerprint(&lesson);
        let mut worded = lesson.clone();
        worded.steps[0].text.push_str("More.");
        worded.steps[0].checks.clear();
        assert_eq!(fingerprint(&worded), before);
        let mut other = lesson.clone();
        other.steps[0].run[0].source.push('x');
        assert_ne!(fingerprint(&other), before);
        let mut shifted = lesson;
        let moved = shifted.steps[1].run.remove(0);
        shifted.steps[0].run.push(moved);
        assert_ne!(fingerprint(&shifted), before);
    }
}
