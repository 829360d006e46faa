//! What makes real tools feel at home where one user is all there is.
//!
//! In a sandbox of an ordinary user no other user has a number (`user_namespaces(7)`). `tcpdump`
//! wants to become the user of its name once it has opened its socket, and gives up where it
//! cannot; told `-Z root` it stays who it is (`tcpdump(1)`), see [`super::groups`]. `sudo` finds itself owned by nobody.
//! So a directory of the sandbox's own `/run`, first in `PATH`, holds a few lines for each.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::program::find_in;

/// Where they are kept: gone with the sandbox.
const DIRECTORY: &str = "/run/tutor/bin";

/// `sudo`, for whoever is root already. Its options that take a word, those that ask for a shell,
/// and the others (`sudo(8)`).
const SUDO: &str = r#"#!/bin/sh
# In this sandbox you are root already, so this only runs what follows it.
shell=
while [ $# -gt 0 ]; do
    case $1 in
        --) shift; break ;;
        -[CDRTUghpu]) [ $# -gt 1 ] && shift; shift ;;
        -i | -s | --login | --shell) shell=1; shift ;;
        -*) shift ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] && exec env "$@"
[ -n "$shell" ] && exec "${SHELL:-/bin/sh}"
echo "sudo: in this sandbox you are root already; write the command alone or behind sudo" >&2
exit 1
"#;

/// The directory to be put before `places` in `PATH`, if this sandbox needs one and can have it.
/// Root's own sandbox needs it where the machine has no `sudo`: articles write it all the same.
pub fn directory(places: &[PathBuf]) -> Option<PathBuf> {
    let directory = Path::new(DIRECTORY);
    let others: Vec<PathBuf> = (places.iter().filter(|place| *place != directory))
        .cloned()
        .collect();
    let alone = alone();
    let without_sudo = alone || find_in("sudo", &others).is_none();
    if !without_sudo || fs::create_dir_all(directory).is_err() {
        return None;
    }
    // A tool that cannot be wrapped is there as it is.
    if let Some(tcpdump) = find_in("tcpdump", &others).filter(|_| alone) {
        let quoted = tcpdump.to_string_lossy().replace('\'', r"'\''");
        let script = format!("#!/bin/sh\nexec '{quoted}' -Z root \"$@\"\n");
        place(directory, "tcpdump", &script).ok();
    }
    place(directory, "sudo", SUDO).ok();
    Some(directory.to_owned())
}

/// Is there one user only? Each line of the map is the first number within, the first outside, and
/// how many.
fn alone() -> bool {
    // Who has come in from outside is not seen in this /proc himself.
    let map = fs::read_to_string("/proc/self/uid_map");
    let map = map.or_else(|_| fs::read_to_string("/proc/1/uid_map"));
    let map = map.unwrap_or_default();
    let counts = map
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2));
    counts.eq(["1"])
}

/// Puts a script there. By renaming: one that is being written cannot be executed.
fn place(directory: &Path, name: &str, script: &str) -> io::Result<()> {
    let path = directory.join(name);
    if path.exists() {
        return Ok(());
    }
    let draft = directory.join(format!(".{name}.{}", std::process::id()));
    fs::write(&draft, script)?;
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755))?;
    fs::rename(draft, path)
}
