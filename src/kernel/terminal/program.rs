//! Which shell is the learner's, and the environment that it finds.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{AccessFlags, access};

use super::{groups, tools};
use crate::world::Ns;

/// What the emulator is, by its name in terminfo(5).
const TERM: &str = "xterm-256color";

/// Shells that every machine has one of, the friendlier first.
const USUAL: [&str; 2] = ["bash", "sh"];

/// Where programs are that an ordinary user's `PATH` may lack: `ip`, `iptables`, `tcpdump`.
const USUAL_PLACES: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
];

/// What another terminal has said of itself; in this one it would be wrong.
const ANOTHER_TERMINAL: &[&str] = &[
    "COLUMNS",
    "LINES",
    "TMUX",
    "TMUX_PANE",
    "STY",
    "WINDOWID",
    "VTE_VERSION",
    "KONSOLE_VERSION",
    "KITTY_WINDOW_ID",
    "KITTY_PID",
    "WEZTERM_PANE",
    "ALACRITTY_WINDOW_ID",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "COLORFGBG",
];

/// The learner's shell.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// The file that is executed.
    pub path: PathBuf,
    /// What has to be said about it: it is not the one that was asked for.
    pub remark: Option<String>,
}

impl Program {
    /// `$SHELL`, else bash, else sh.
    ///
    /// # Errors
    /// When there is none of them: a sentence that says what helps.
    pub fn find() -> Result<Self, String> {
        choose(env::var_os("SHELL").as_deref(), &places())
    }

    /// Its name without the directory.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }
}

fn choose(wanted: Option<&OsStr>, places: &[PathBuf]) -> Result<Program, String> {
    let wanted = wanted.filter(|wanted| !wanted.is_empty());
    if let Some(path) = wanted.map(PathBuf::from).filter(|path| is_program(path)) {
        return Ok(Program { path, remark: None });
    }
    let usual = USUAL.iter().find_map(|name| find_in(name, places));
    match (usual, wanted) {
        (Some(path), None) => Ok(Program { path, remark: None }),
        (Some(path), Some(wanted)) => {
            let remark = format!(
                "SHELL is {}, which cannot be executed; {} stands in for it.",
                wanted.display(),
                path.display()
            );
            let remark = Some(remark);
            Ok(Program { path, remark })
        }
        (None, wanted) => Err(format!(
            "{}and neither bash nor sh is found in PATH. Install one, or name one that there is: SHELL=/path/to/shell tutor …",
            match wanted {
                Some(wanted) =>
                    format!("SHELL is {}, which cannot be executed, ", wanted.display()),
                None => "SHELL is not set, ".to_owned(),
            }
        )),
    }
}

/// Where programs are looked for: `PATH`, and the usual places that it lacks.
fn places() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = env::split_paths(&path).collect();
    for usual in USUAL_PLACES.map(PathBuf::from) {
        if !places.contains(&usual) {
            places.push(usual);
        }
    }
    places
}

/// A program of this name, in the first place that has one.
pub(super) fn find_in(name: &str, places: &[PathBuf]) -> Option<PathBuf> {
    let mut paths = places.iter().map(|place| place.join(name));
    paths.find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    path.is_absolute() && path.is_file() && access(path, AccessFlags::X_OK).is_ok()
}

/// Gives `command` the environment of a shell in the namespace `ns`: ours, with what makes the real
/// tools work in a sandbox. Call it where the sandbox's `/run` is.
///
/// `debian_chroot` is shown by the prompt of Debian's and Ubuntu's bash; `TUTOR_NETNS` is for the
/// learner's own prompt.
pub fn environment(command: &mut Command, ns: &Ns) {
    let places = places();
    let tools = tools::directory(&places);
    let path = tools.iter().cloned().chain(places);
    // One that holds a colon cannot be in PATH, and was not.
    let path = env::join_paths(path).unwrap_or_else(|_| OsString::from(USUAL_PLACES.join(":")));
    command
        .env("PATH", path)
        .env("TUTOR_NETNS", ns.to_string())
        .env("debian_chroot", ns.to_string());
    if let Some(tools) = tools {
        // The machine's own lock belongs to somebody else here.
        command.env("XTABLES_LOCKFILE", tools.with_file_name("xtables.lock"));
        groups::pretend(command);
    }
}

/// Says to what runs in `command` what our emulator is, and nothing of the terminal around us.
pub(super) fn emulated(command: &mut Command, all_colors: bool) {
    for name in ANOTHER_TERMINAL {
        command.env_remove(name);
    }
    command.env("TERM", TERM);
    if all_colors {
        command.env("COLORTERM", "truecolor");
    } else {
        command.env_remove("COLORTERM");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_that_was_asked_for_comes_first() {
        let sh = Some(OsStr::new("/bin/sh"));
        let chosen = choose(sh, &places()).expect("there is an sh");
        assert_eq!(chosen.path, Path::new("/bin/sh"));
        assert_eq!((chosen.name().as_str(), chosen.remark), ("sh", None));
    }

    #[test]
    fn another_shell_stands_in_and_that_is_said() {
        for wrong in ["/no/such/zsh", "/etc/passwd", "sh", "/tmp"] {
            let chosen = choose(Some(OsStr::new(wrong)), &places()).expect("there is an sh");
            let remark = chosen.remark.unwrap_or_default();
            assert!(remark.contains(wrong), "{remark}");
        }
        assert_eq!(choose(None, &places()).expect("an sh").remark, None);
    }

    #[test]
    fn where_there_is_no_shell_it_is_said_what_helps() {
        let why = choose(Some(OsStr::new("/no/zsh")), &[]).expect_err("nothing is there");
        assert!(why.contains("/no/zsh") && why.contains("SHELL="), "{why}");
        let why = choose(None, &[PathBuf::from("/no")]).expect_err("nothing is there");
        assert!(why.contains("SHELL="), "{why}");
    }
}
