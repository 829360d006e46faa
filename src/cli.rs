//! argv -> what to do.

mod teach;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use crate::headless::map::MapWish;
use crate::headless::say::complain;
use crate::kernel::capture::record::NewFile;
use crate::kernel::rendezvous::Door;
use crate::lesson::Lesson;
use crate::progress::Start;
use crate::session::Manner;
use crate::{app, headless, kernel};
use teach::Teach;

/// Exit status for misuse: a lesson that does not exist, a line that cannot be read, no terminal.
pub const MISUSE: u8 = 2;

/// Learn Linux container networking on the real kernel, without root and without risk.
///
/// Without --lesson a menu lets you choose. Everything happens in namespaces of the program's own,
/// which vanish with it.
#[derive(Parser, Debug)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    teach: Teach,
}

/// The terminal's background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Background {
    /// Ask the terminal.
    Auto,
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For CI systems.
    Junit,
}

#[derive(Subcommand, Debug)]
enum What {
    /// List the lessons
    List {
        /// How
        #[arg(long, value_enum, default_value_t = ListFormat::Human)]
        format: ListFormat,
    },
    /// Run lessons without a screen and check every step
    Test {
        /// Lessons or files; all lessons where none is named
        #[arg(value_name = "LESSON|FILE")]
        lessons: Vec<String>,
        /// How the report is written
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Look for mistakes in lessons, without running them
    Lint {
        /// Files, or lessons by name; all lessons where none is named
        #[arg(value_name = "FILE")]
        files: Vec<String>,
    },
    /// Show how far you are with each lesson
    #[command(args_conflicts_with_subcommands = true)]
    Progress {
        #[command(subcommand)]
        what: Option<ProgressWhat>,
        /// How
        #[arg(long, value_enum, default_value_t = ListFormat::Human)]
        format: ListFormat,
    },
    /// List your running sessions
    Ps {
        /// How
        #[arg(long, value_enum, default_value_t = ListFormat::Human)]
        format: ListFormat,
    },
    /// Open a shell, or run a command, in a namespace of a running session
    Shell {
        /// The namespace: host, one that the lesson has made, or internet
        #[arg(value_name = "NS", default_value = "host")]
        ns: String,
        /// Which session, where several run: its PID (see `tutor ps`)
        #[arg(long, value_name = "PID")]
        session: Option<i32>,
        /// Instead of a shell
        #[arg(last = true, value_name = "CMD")]
        command: Vec<OsString>,
    },
    /// Print the map of a running session
    Map(MapWish),
    /// Send a packet in a running session, and tell its way and why it got no answer
    Why {
        /// From this namespace: host, one that the lesson has made, or internet
        #[arg(value_name = "SRC")]
        from: String,
        /// To this address, or to the first one of this namespace
        #[arg(value_name = "DST")]
        to: String,
        /// Which session, where several run: its PID (see `tutor ps`)
        #[arg(long, value_name = "PID")]
        session: Option<i32>,
    },
    /// Play in a sandbox without a lesson, or carry out a file of lines there
    Play {
        /// A file of lines such as `ip link add br0 type bridge`; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Give the host a way out: enp0s1, behind which 8.8.8.8 and 1.1.1.1 answer
        #[arg(long)]
        uplink: bool,
        /// Without a screen: carry out every line of FILE and print what a terminal would show
        #[arg(long)]
        plain: bool,
        /// Go on after a line that fails
        #[arg(long, requires_all = ["plain", "file"])]
        keep_going: bool,
        /// Write every packet that passes anywhere into this new file, as pcapng
        #[arg(long, value_name = "PCAPNG")]
        capture: Option<PathBuf>,
    },
    /// Try what lessons need of this machine's kernel, in a throw-away sandbox
    Doctor {
        /// How
        #[arg(long, value_enum, default_value_t)]
        format: kernel::doctor::Format,
    },
}

#[derive(Subcommand, Debug)]
enum ProgressWhat {
    /// Forget how far you are with a lesson, or with all; asks first
    Reset {
        /// The lesson's name or file; all lessons where none is named
        #[arg(value_name = "LESSON|FILE")]
        lesson: Option<String>,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Write it into a file, for another machine
    Export {
        /// A new file; - is standard output
        #[arg(value_name = "FILE", default_value = "-")]
        file: PathBuf,
    },
    /// Add what another machine has exported
    Import {
        /// The file; - is standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// What the screen is to be.
#[derive(Clone, Debug)]
pub struct ScreenOptions {
    /// Are commands shown?
    pub manner: Manner,
    /// Background.
    pub background: Background,
    /// Picture to write.
    pub screenshot: Option<PathBuf>,
    /// Everything that passes goes there.
    pub capture: Option<NewFile>,
}

impl Cli {
    /// The command line of this process; clap says what is wrong with it and leaves with status 2.
    pub fn parse_arguments() -> Self {
        Self::parse()
    }
}

/// Does what the command line asks for; the exit status.
///
/// # Errors
/// Whatever could not be done, with its context.
pub fn run(cli: Cli) -> Result<u8> {
    match cli.what {
        None => teach::run(cli.teach),
        Some(What::List { format }) => headless::list::run(format),
        Some(What::Test { lessons, format }) => headless::test::run(&lessons, format),
        Some(What::Lint { files }) => headless::lint::run(&files),
        Some(What::Progress { what, format }) => match what {
            None => headless::progress::show(format),
            Some(ProgressWhat::Reset { lesson, yes }) => {
                headless::progress::reset(lesson.as_deref(), yes)
            }
            Some(ProgressWhat::Export { file }) => headless::progress::export(&file),
            Some(ProgressWhat::Import { file }) => headless::progress::import(&file),
        },
        Some(What::Ps { format }) => headless::ps::run(format),
        Some(What::Shell {
            ns,
            session,
            command,
        }) => headless::shell::run(&ns, session, command),
        Some(What::Map(wish)) => headless::map::run(&wish),
        Some(What::Why { from, to, session }) => headless::why::run(&from, &to, session),
        Some(What::Play {
            file,
            uplink,
            plain,
            keep_going,
            capture,
        }) => match capture_file(capture.as_deref()) {
            Ok(capture) => headless::play::run(file.as_deref(), uplink, plain, keep_going, capture),
            Err(status) => Ok(status),
        },
        Some(What::Doctor { format }) => kernel::doctor::run(format),
    }
}

/// Makes the file for `--capture`, before a sandbox is entered that sees other files. Where it cannot
/// be made that is said, and the exit status is the error.
fn capture_file(path: Option<&Path>) -> Result<Option<NewFile>, u8> {
    path.map(NewFile::create).transpose().map_err(|why| {
        complain(&format!("tutor: {why}\n"));
        MISUSE
    })
}

/// Shows a lesson, or the menu, on the terminal; where there is none, `instead` says what helps.
///
/// # Errors
/// Whatever could not be done, with its context.
pub fn on_screen(
    lesson: Option<Lesson>,
    start: Start,
    options: ScreenOptions,
    instead: &str,
) -> Result<u8> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        complain(&format!(
            "tutor: a lesson needs a terminal for its screen, and standard input or output is none.\n\
             {instead}\n"
        ));
        return Ok(MISUSE);
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        complain(
            "tutor: this terminal calls itself dumb; `--plain` teaches without a full screen.\n",
        );
    }
    // A session that cannot be met from a second terminal is a session all the same.
    let door = Door::open().ok();
    kernel::sandbox::guard(move || app::run(lesson, start, &options, door))
}
