//! Kernel settings of a namespace: the files below `/proc/sys/net`, read and written on a thread
//! that stands there (which namespace's file is opened is decided by who opens it).

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::libc;

use super::sandbox::inside;
use crate::command::Printed;
use crate::command::request::meaning;
use crate::command::sysctl::{Action, Form, Sysctl};

/// Where settings are.
const ROOT: &str = "/proc/sys";

/// The value of a setting, without its line end.
///
/// # Errors
/// When there is no such setting, or it cannot be read.
pub fn read(ns: BorrowedFd<'_>, dotted: &str) -> anyhow::Result<String> {
    let path = path_of(dotted)?;
    let value = inside(ns, || fs::read_to_string(path))??;
    Ok(value.trim_end_matches('\n').to_owned())
}

/// Sets a setting.
///
/// # Errors
/// When there is no such setting, or the kernel refuses the value.
pub fn write(ns: BorrowedFd<'_>, dotted: &str, value: &str) -> anyhow::Result<()> {
    let path = path_of(dotted)?;
    Ok(inside(ns, || set(&path, value))??)
}

/// Carries the command out, and prints what the real tool prints: procps' sysctl 4.0, coreutils'
/// cat and tee, or bash.
///
/// # Errors
/// When the namespace cannot be entered.
pub fn perform(ns: BorrowedFd<'_>, command: &Sysctl) -> anyhow::Result<Printed> {
    let path = path_of(&command.name);
    inside(ns, || match (&command.action, command.form) {
        (Action::Read, Form::Sysctl | Form::SysctlValue) => show(command, path),
        (Action::Read, Form::File | Form::Tee) => cat(command, path),
        (Action::Write(value), Form::Sysctl | Form::SysctlValue) => assign(command, value, path),
        (Action::Write(value), Form::File) => echo(command, value, path),
        (Action::Write(value), Form::Tee) => tee(command, value, path),
    })
}

/// `sysctl NAME`; a directory shows all below it.
fn show(command: &Sysctl, path: io::Result<PathBuf>) -> Printed {
    let mut printed = Printed::default();
    match path.and_then(|path| Ok((fs::metadata(&path)?, path))) {
        Ok((kind, path)) if kind.is_dir() => show_all(command.form, &path, &mut printed),
        Ok((_, path)) => show_one(command.form, &command.name, &path, &mut printed),
        Err(error) => return no_such(command, &error),
    }
    printed
}

/// Every setting below a directory, in its order.
fn show_all(form: Form, directory: &Path, printed: &mut Printed) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            show_all(form, &path, printed);
        } else {
            show_one(form, &dotted(&path), &path, printed);
        }
    }
}

/// One setting; one that is only for writing shows nothing.
fn show_one(form: Form, name: &str, path: &Path, printed: &mut Printed) {
    const READABLE: u32 = 0o400;
    if fs::metadata(path).is_ok_and(|found| found.permissions().mode() & READABLE == 0) {
        return;
    }
    match fs::read_to_string(path) {
        Ok(value) => {
            for line in value.lines() {
                let shown = match form {
                    Form::SysctlValue => format!("{line}\n"),
                    Form::Sysctl | Form::File | Form::Tee => format!("{name} = {line}\n"),
                };
                printed.out += &shown;
            }
        }
        Err(error) => {
            printed.status = 1;
            let complaint = match error.raw_os_error() {
                // A secret that was never set (`stable_secret`), about which sysctl is silent.
                Some(libc::EIO) => String::new(),
                Some(libc::EACCES) => format!("sysctl: permission denied on key '{name}'\n"),
                _ => format!("sysctl: reading key \"{name}\": {}\n", said(&error)),
            };
            printed.err += &complaint;
        }
    }
}

/// `sysctl -w NAME=V`
fn assign(command: &Sysctl, value: &str, path: io::Result<PathBuf>) -> Printed {
    const WRITABLE: u32 = 0o200;
    let name = &command.name;
    let refused = |error: &str, status| Printed {
        err: format!("sysctl: setting key \"{name}\": {error}\n"),
        status,
        ..Printed::default()
    };
    let (kind, path) = match path.and_then(|path| Ok((fs::metadata(&path)?, path))) {
        Ok(found) => found,
        Err(error) => return no_such(command, &error),
    };
    // sysctl does not try these, names an error left over from before, and exits with 0.
    if kind.is_dir() || kind.permissions().mode() & WRITABLE == 0 {
        return refused("Invalid argument", 0);
    }
    match set(&path, value) {
        Ok(()) => Printed {
            out: match command.form {
                Form::SysctlValue => format!("{value}\n"),
                Form::Sysctl | Form::File | Form::Tee => format!("{name} = {value}\n"),
            },
            ..Printed::default()
        },
        Err(error) => refused(&said(&error), 1),
    }
}

/// `cat /proc/sys/…`
fn cat(command: &Sysctl, path: io::Result<PathBuf>) -> Printed {
    match path.and_then(fs::read_to_string) {
        Ok(out) => Printed {
            out,
            ..Printed::default()
        },
        Err(error) => Printed {
            err: format!("cat: {}: {}\n", shown_path(&command.name), said(&error)),
            status: 1,
            ..Printed::default()
        },
    }
}

/// `echo V > /proc/sys/…`, in which the shell opens the file and echo writes it.
fn echo(command: &Sysctl, value: &str, path: io::Result<PathBuf>) -> Printed {
    let opened = path.and_then(|path| fs::File::options().write(true).open(path));
    let err = match opened {
        Err(error) => format!("bash: {}: {}\n", shown_path(&command.name), said(&error)),
        Ok(mut file) => match file.write_all(format!("{value}\n").as_bytes()) {
            Ok(()) => return Printed::default(),
            Err(error) => format!("bash: echo: write error: {}\n", said(&error)),
        },
    };
    Printed {
        err,
        status: 1,
        ..Printed::default()
    }
}

/// `echo V | sudo tee /proc/sys/…`, which writes V to standard output whatever happens.
fn tee(command: &Sysctl, value: &str, path: io::Result<PathBuf>) -> Printed {
    let written = path.and_then(|path| set(&path, value));
    let err = written
        .err()
        .map(|error| format!("tee: {}: {}\n", shown_path(&command.name), said(&error)));
    Printed {
        out: format!("{value}\n"),
        status: u8::from(err.is_some()),
        err: err.unwrap_or_default(),
    }
}

/// One `write(2)`, since each is a value of its own.
fn set(path: &Path, value: &str) -> io::Result<()> {
    let mut file = fs::File::options().write(true).open(path)?;
    file.write_all(format!("{value}\n").as_bytes())
}

fn no_such(command: &Sysctl, error: &io::Error) -> Printed {
    let path = shown_path(&command.name);
    Printed {
        err: format!("sysctl: cannot stat {path}: {}\n", said(error)),
        status: 1,
        ..Printed::default()
    }
}

/// What `strerror(3)` says; an error that is not the kernel's is a file that we do not open.
fn said(error: &io::Error) -> String {
    meaning(error.raw_os_error().unwrap_or(libc::ENOENT))
}

/// The file behind a name, which is always one below `/proc/sys/net`.
fn path_of(dotted: &str) -> io::Result<PathBuf> {
    let path = turned(dotted);
    let mut parts = path.split('/');
    let astray = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains('\0');
    if parts.next() != Some("net") || parts.any(astray) {
        return Err(ErrorKind::NotFound.into());
    }
    Ok(Path::new(ROOT).join(path))
}

/// The file as a learner would write it.
fn shown_path(dotted: &str) -> String {
    format!("{ROOT}/{}", turned(dotted))
}

/// The name of a file.
fn dotted(path: &Path) -> String {
    let below = path.strip_prefix(ROOT).unwrap_or(path);
    turned(&below.to_string_lossy())
}

/// Dots become slashes and slashes dots: a device's name may have dots (`sysctl(8)`).
fn turned(name: &str) -> String {
    name.chars()
        .map(|letter| match letter {
            '.' => '/',
            '/' => '.',
            other => other,
        })
        .collect()
}
