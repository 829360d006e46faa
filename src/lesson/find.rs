//! Where lessons are found: embedded, a path, or the directory `TUTOR_LESSONS`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::report::{Finding, Report, Source, meant};
use super::{Lesson, Need, Seed, build, file};

/// The lessons within the program, in the order in which they are taught.
const EMBEDDED: &[(&str, &str)] = &[
    ("stack", include_str!("../../lessons/stack.toml")),
    ("netns", include_str!("../../lessons/netns.toml")),
    ("veth", include_str!("../../lessons/veth.toml")),
    ("subnet", include_str!("../../lessons/subnet.toml")),
    ("bridge", include_str!("../../lessons/bridge.toml")),
    ("gateway", include_str!("../../lessons/gateway.toml")),
    ("nat", include_str!("../../lessons/nat.toml")),
    ("faults", include_str!("../../lessons/faults.toml")),
];

pub use file::LARGEST;

/// The environment variable that names a directory of lessons.
pub const DIRECTORY: &str = "TUTOR_LESSONS";

/// What a lesson is, for the menu.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What `--lesson` calls it.
    pub id: String,
    /// Title; its name where it cannot be read.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// How long it takes, minutes.
    pub minutes: u16,
    /// Tags.
    pub tags: Vec<String>,
    /// Kernel features that it needs.
    pub needs: Vec<Need>,
    /// Its file; none for one within the program.
    pub path: Option<PathBuf>,
    /// Why it cannot be taught, if so.
    pub problem: Option<Report>,
}

/// The lessons that can be named, from the program and from a directory.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    directory: Option<PathBuf>,
    seed: Option<u64>,
}

/// A lesson's text, and where it was found.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What `--lesson` calls it.
    pub id: String,
    /// Its text.
    pub source: Arc<Source>,
    /// Its file; none for one within the program.
    pub path: Option<PathBuf>,
}

/// The lessons of the program and of `TUTOR_LESSONS`.
pub fn list() -> Vec<Summary> {
    Shelf::from_environment().list()
}

/// The lesson of that name or path.
///
/// # Errors
/// What is wrong with it, if it cannot be taught.
pub fn load(name_or_path: &str) -> Result<Lesson, Report> {
    Shelf::from_environment().load(name_or_path)
}

/// As [`load`]; what is drawn in it is drawn by `seed`.
///
/// # Errors
/// As [`load`].
pub fn load_drawn(name_or_path: &str, seed: u64) -> Result<Lesson, Report> {
    Shelf::from_environment().drawn_by(seed).load(name_or_path)
}

impl Shelf {
    /// The program's lessons, with those of `directory` before them.
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self {
            directory,
            seed: None,
        }
    }

    /// The same lessons; what is drawn in them is drawn by this seed.
    #[must_use]
    pub fn drawn_by(self, seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// What is drawn by: 0 where nobody has asked for a seed.
    pub fn seed(&self) -> Seed {
        Seed {
            number: self.seed.unwrap_or(0),
            asked_for: self.seed.is_some(),
        }
    }

    /// The program's lessons, with those of the directory `TUTOR_LESSONS`, if it is set.
    pub fn from_environment() -> Self {
        let named = std::env::var_os(DIRECTORY).filter(|value| !value.is_empty());
        Self::new(named.map(PathBuf::from))
    }

    /// Names, in the order of the menu: the program's own first.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = EMBEDDED
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let mut more: Vec<String> = self.files().filter(|name| !names.contains(name)).collect();
        more.sort();
        names.append(&mut more);
        names
    }

    fn files(&self) -> impl Iterator<Item = String> {
        let entries = self
            .directory
            .iter()
            .filter_map(|directory| fs::read_dir(directory).ok());
        entries.flatten().filter_map(|entry| {
            let path = entry.ok()?.path();
            let named = path.extension() == Some(OsStr::new("toml"));
            named.then(|| id_of(&path)).flatten()
        })
    }

    /// Every lesson, those that cannot be read with why.
    pub fn list(&self) -> Vec<Summary> {
        self.names().iter().map(|name| self.summary(name)).collect()
    }

    fn summary(&self, name: &str) -> Summary {
        let path = self.open(name).ok().and_then(|opened| opened.path);
        match self.load(name) {
            Ok(lesson) => Summary {
                id: lesson.id,
                title: lesson.title,
                summary: lesson.summary,
                minutes: lesson.minutes,
                tags: lesson.tags,
                needs: lesson.needs,
                path,
                problem: None,
            },
            Err(report) => Summary {
                id: name.to_owned(),
                title: name.to_owned(),
                summary: String::new(),
                minutes: 0,
                tags: Vec::new(),
                needs: Vec::new(),
                path,
                problem: Some(report),
            },
        }
    }

    /// The lesson of that name or path.
    ///
    /// # Errors
    /// What is wrong with it, if it cannot be taught.
    pub fn load(&self, name_or_path: &str) -> Result<Lesson, Report> {
        let opened = self.open(name_or_path)?;
        let (lesson, findings) = build::build(self, &opened);
        let report = Report { findings };
        match lesson {
            Some(mut lesson) if report.errors() == 0 => {
                let canonical = |path: PathBuf| path.canonicalize().unwrap_or(path);
                lesson.file = opened.path.map(canonical);
                Ok(lesson)
            }
            Some(_) | None => Err(report),
        }
    }

    /// Reads the lesson of that name or path. What holds a `/` or ends in `.toml` is a path.
    ///
    /// # Errors
    /// Why it cannot be read, and what to do.
    pub fn open(&self, name_or_path: &str) -> Result<Opened, Finding> {
        let path = Path::new(name_or_path);
        if name_or_path.contains('/') || path.extension() == Some(OsStr::new("toml")) {
            return open_file(path);
        }
        let file = format!("{name_or_path}.toml");
        if let Some(directory) = &self.directory {
            if !directory.is_dir() {
                let text = format!(
                    "{DIRECTORY} is {}, and that is no directory",
                    directory.display()
                );
                let mut finding = Finding::of_file(text);
                finding.help(format!("name a directory of lessons, or unset {DIRECTORY}"));
                return Err(finding);
            }
            let path = directory.join(&file);
            if path.exists() {
                return open_file(&path);
            }
        }
        match EMBEDDED.iter().find(|(name, _)| *name == name_or_path) {
            Some((name, text)) => Ok(Opened {
                id: (*name).to_owned(),
                source: Arc::new(Source {
                    name: format!("lessons/{file}"),
                    text: (*text).to_owned(),
                }),
                path: None,
            }),
            None => Err(self.unknown(name_or_path)),
        }
    }

    /// The lesson that another one, `from`, starts from: beside it, or by name.
    ///
    /// # Errors
    /// Why it cannot be read, and what to do.
    pub fn open_base(&self, from: &Opened, name: &str) -> Result<Opened, Finding> {
        if name.contains('/') {
            let mut finding = Finding::of_file(format!("`{name}` is no lesson's name"));
            finding.help("a base is named without its directory and without `.toml`");
            return Err(finding);
        }
        let beside = from.path.as_deref().and_then(Path::parent);
        match beside.map(|directory| directory.join(format!("{name}.toml"))) {
            Some(path) if path.exists() => open_file(&path),
            Some(_) | None => self.open(name),
        }
    }

    fn unknown(&self, name: &str) -> Finding {
        let mut finding = Finding::of_file(format!("there is no lesson `{name}`"));
        let names = self.names();
        if let Some(near) = meant(name, names.iter().map(String::as_str)) {
            finding.help(format!("did you mean `{near}`?"));
        } else {
            finding.help(format!("the lessons are {}", names.join(", ")));
        }
        if Path::new(name).exists() {
            finding.help(format!("for the file of that name write `./{name}`"));
        }
        finding
    }
}

/// `bridge` of `lessons/bridge.toml`.
fn id_of(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_str()?.to_owned())
}

/// Reads a lesson's file.
fn open_file(path: &Path) -> Result<Opened, Finding> {
    let text = file::text(
        path,
        &file::Kind {
            missing: "`tutor list` shows the lessons that can be named without a path",
            directory: &format!("name a file in it, or set {DIRECTORY} to it and name the lesson"),
            other: "a lesson is a text file",
            large: "a lesson is text; the largest of the program's own has some 20 KiB",
        },
    )?;
    let id = id_of(path).ok_or_else(|| {
        let mut finding = Finding::of_file(format!("{} has no name in UTF-8", path.display()));
        finding.help("rename the file");
        finding
    })?;
    Ok(Opened {
        id,
        source: Arc::new(Source {
            name: path.display().to_string(),
            text,
        }),
        path: Some(path.to_owned()),
    })
}
