//! `sysctl …`, `echo V > /proc/sys/…`, `echo V | sudo tee /proc/sys/…`, `cat /proc/sys/…`

use super::words;
use super::{Action, Form, Sysctl};
use crate::command::kit::{Bad, Cursor, Flag, Key, Slot, exact, flag};
use crate::command::lex::Sign;
use crate::command::{ParseError, grammar};

#[derive(Clone, Copy)]
enum Opt {
    Write,
    Value,
}

const OPTIONS: &[Flag<Opt>] = &[
    flag(&["-w", "--write"], Opt::Write, "write rather than read"),
    flag(&["-n", "--values"], Opt::Value, "show the value alone"),
    Flag::without(&["-a", "--all"]),
    Flag::without(&["-b", "--binary"]),
    Flag::without(&["-e", "--ignore"]),
    Flag::without(&["-N", "--names"]),
    Flag::without(&["-p", "--load"]),
    Flag::without(&["-q", "--quiet"]),
    Flag::without(&["-r", "--pattern"]),
];

/// What stands behind `sysctl`.
pub(in crate::command) fn sysctl(c: &mut Cursor) -> Result<Sysctl, ParseError> {
    let (mut write, mut form, mut read) = (None, Form::Sysctl, None);
    loop {
        let here = c.place();
        let Some(given) = c.flag(OPTIONS)? else {
            if read.is_some() || !c.offers(Slot::Setting) {
                break;
            }
            read = Some((setting(c)?, here));
            continue;
        };
        match given.to {
            Opt::Write => write = Some(given.at),
            Opt::Value => form = Form::SysctlValue,
        }
    }
    c.finish().map_err(|error| ParseError {
        help: Some("one setting a line".to_owned()),
        ..error
    })?;
    match read {
        None => Err(c.missing(Slot::Setting)),
        Some(((_, Action::Read), at)) if write.is_some() => Err(ParseError {
            at: at.end..at.end,
            message: "the value is missing".to_owned(),
            help: Some("`NAME=VALUE`, without blanks".to_owned()),
        }),
        Some(((name, action), _)) => Ok(Sysctl { name, action, form }),
    }
}

/// `NAME` or `NAME=VALUE`.
fn setting(c: &mut Cursor) -> Result<(String, Action), ParseError> {
    c.note("the setting {}");
    let word = c.word();
    let read = c.value(Slot::Setting, |text| {
        let (name, action) = match text.split_once('=') {
            None => (text, Action::Read),
            Some((name, value)) => (name, Action::Write(value.to_owned())),
        };
        Ok((dotted(name)?, action))
    })?;
    if let Some(meaning) = words::meaning(&read.0) {
        c.renote(meaning);
    }
    if let Some(word) = word.filter(|word| word.text.len() == word.at.len())
        && let Some(equals) = word.text.find('=')
    {
        let at = word.at.start + equals;
        c.note_at(at, at + 1, "is to be {}");
    }
    Ok(read)
}

/// What stands behind `cat`.
pub(in crate::command) fn cat(c: &mut Cursor) -> Result<Sysctl, ParseError> {
    let name = path(c)?;
    Ok(Sysctl {
        name,
        action: Action::Read,
        form: Form::File,
    })
}

const NO_LINE_END: &[Key<()>] = &[exact(
    "-n",
    (),
    "without a line end, which makes no difference to a setting",
)];
const TEE: &[Key<()>] = &[exact(
    "tee",
    (),
    "which writes it into a file, and shows it",
)];
const SUDO: &[Key<()>] = &[exact("sudo", (), grammar::SUDO)];

/// What stands behind `echo`.
pub(in crate::command) fn echo(c: &mut Cursor) -> Result<Sysctl, ParseError> {
    while c.choose(NO_LINE_END)?.is_some() {}
    c.note("the value {}");
    let mut value = c.value(Slot::Value, |text| Ok(text.to_owned()))?;
    while c.word().is_some() {
        let more = c.value(Slot::Value, |text| Ok(text.to_owned()))?;
        value.push(' ');
        value.push_str(&more);
    }
    let at = c.place();
    let form = match c.sign() {
        Some(Sign::Write) => {
            c.note("put it into a file:");
            c.advance();
            Form::File
        }
        Some(Sign::Pipe) => {
            c.note("hand it to the next program,");
            c.advance();
            while c.choose(SUDO)?.is_some() {}
            c.require(TEE)?;
            Form::Tee
        }
        Some(Sign::Append) | None => {
            return Err(ParseError {
                at,
                message: "only a setting can be written with `echo`".to_owned(),
                help: Some("`echo 1 > /proc/sys/net/…`".to_owned()),
            });
        }
    };
    let name = path(c)?;
    Ok(Sysctl {
        name,
        action: Action::Write(value),
        form,
    })
}

fn path(c: &mut Cursor) -> Result<String, ParseError> {
    c.note("the setting, as the kernel shows it among its files");
    let name = c.value(Slot::SettingPath, from_path)?;
    if let Some(meaning) = words::meaning(&name) {
        c.renote(meaning);
    }
    Ok(name)
}

fn from_path(text: &str) -> Result<String, Bad> {
    let Some(name) = text.strip_prefix("/proc/sys/") else {
        return Err(Bad::new(format!("`{text}` is not the file of a setting"))
            .help("those are below /proc/sys/net, such as /proc/sys/net/ipv4/ip_forward"));
    };
    let parts: Vec<String> = name.split('/').map(str::to_owned).collect();
    checked(&parts)
}

/// A name as sysctl(8) takes it: with dots, or with slashes where the first of both is a slash;
/// the other of the two stands for itself.
fn dotted(text: &str) -> Result<String, Bad> {
    let slashes = text
        .find(['.', '/'])
        .is_some_and(|at| text[at..].starts_with('/'));
    let parts: Vec<String> = if slashes {
        text.split('/').map(str::to_owned).collect()
    } else {
        text.split('.').map(|part| part.replace('/', ".")).collect()
    };
    checked(&parts)
}

/// Parts of a path below `/proc/sys` as a dotted name.
fn checked(parts: &[String]) -> Result<String, Bad> {
    if parts.first().is_none_or(|first| first != "net") {
        return Err(
            Bad::new("only settings of the network can be read and written here")
                .help("their names begin with `net.`, such as net.ipv4.ip_forward"),
        );
    }
    let bad = |part: &String| {
        part.is_empty() || part == "." || part == ".." || part.contains(char::is_whitespace)
    };
    if parts.len() < 2 || parts.iter().any(bad) {
        return Err(
            Bad::new("this is not the name of a setting").help("such as net.ipv4.ip_forward")
        );
    }
    let dotted: Vec<String> = parts.iter().map(|part| part.replace('.', "/")).collect();
    Ok(dotted.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_agree() {
        for (written, name) in [
            ("net.ipv4.ip_forward", "net.ipv4.ip_forward"),
            (
                "net/ipv4/conf/eth0.1/forwarding",
                "net.ipv4.conf.eth0/1.forwarding",
            ),
            (
                "net.ipv4.conf.eth0/1.forwarding",
                "net.ipv4.conf.eth0/1.forwarding",
            ),
        ] {
            assert_eq!(dotted(written).as_deref(), Ok(name));
        }
        let path = "/proc/sys/net/ipv4/conf/eth0.1/forwarding";
        assert_eq!(
            from_path(path).as_deref(),
            Ok("net.ipv4.conf.eth0/1.forwarding")
        );
    }

    #[test]
    fn nothing_leads_out_of_the_network() {
        for bad in [
            "kernel.hostname",
            "net",
            "net.",
            "net.//.kernel",
            "net/../kernel/hostname",
            "",
            "net..x",
        ] {
            assert!(dotted(bad).is_err(), "{bad}");
        }
        for bad in [
            "/proc/sys/kernel/x",
            "/proc/sys/net/../kernel",
            "/etc/passwd",
            "/proc/sys/net//x",
        ] {
            assert!(from_path(bad).is_err(), "{bad}");
        }
    }
}
