//! `ip netns …`, `nsenter …`: namespaces made, left and entered.

use super::{InForm, Netns, NsRef};
use crate::command::kit::{
    Bad, Cursor, Flag, Key, Slot, exact, flag, foreign, namespace, number, prefix,
};
use crate::command::{Command, ParseError, grammar};

#[derive(Clone, Copy)]
enum Verb {
    Add,
    Delete,
    List,
    Exec,
}

// The order of ipnetns.c.
const VERBS: &[Key<Verb>] = &[
    prefix("list", Verb::List, "list the namespaces that have a name"),
    prefix("show", Verb::List, "list the namespaces that have a name"),
    prefix("lst", Verb::List, "list the namespaces that have a name"),
    foreign("list-id"),
    prefix(
        "add",
        Verb::Add,
        "make the namespace {}, a network stack of its own that holds only a loopback device",
    ),
    foreign("set"),
    prefix(
        "delete",
        Verb::Delete,
        "delete the namespace {}, and what stands in it",
    ),
    foreign("identify"),
    foreign("pids"),
    prefix("exec", Verb::Exec, "do what follows in the namespace {}"),
    foreign("monitor"),
    foreign("attach"),
];

/// What stands behind `ip netns`.
pub(in crate::command) fn netns(c: &mut Cursor) -> Result<Command, ParseError> {
    let verb = c.choose(VERBS)?;
    if verb.is_none() && !c.at_end() {
        return Err(c.unexpected());
    }
    Ok(match verb {
        None | Some(Verb::List) => Command::Netns(Netns::List),
        Some(Verb::Add) => Command::Netns(Netns::Add(c.value(Slot::NewNamespace, new_name)?)),
        Some(Verb::Delete) => Command::Netns(Netns::Del(c.value(Slot::Namespace, namespace)?)),
        Some(Verb::Exec) => {
            let ns = NsRef::Name(c.value(Slot::Namespace, namespace)?);
            if c.at_end() {
                return Err(c.unexpected());
            }
            inside(c, ns, InForm::NetnsExec)?
        }
    })
}

const SHELLS: &[Key<()>] = &[
    exact("bash", (), SHELL),
    exact("sh", (), SHELL),
    exact("$SHELL", (), SHELL),
    exact("/bin/bash", (), SHELL),
    exact("/bin/sh", (), SHELL),
    exact("/usr/bin/bash", (), SHELL),
];
const SHELL: &str = "a shell: the prompt stands there until `exit`";

const SUDO: &[Key<()>] = &[exact("sudo", (), grammar::SUDO)];

/// A command or a shell, in another namespace.
fn inside(c: &mut Cursor, ns: NsRef, form: InForm) -> Result<Command, ParseError> {
    c.enter(&ns);
    while c.choose(SUDO)?.is_some() {}
    if c.choose(SHELLS)?.is_some() {
        if let Some(word) = c.word() {
            return Err(ParseError {
                at: word.at.clone(),
                message: "a shell takes no words here".to_owned(),
                help: Some("write the command itself in the shell's place".to_owned()),
            });
        }
        return Ok(Command::Enter { ns, form });
    }
    let command = Box::new(grammar::command(c)?);
    Ok(Command::In { ns, form, command })
}

#[derive(Clone, Copy)]
enum Opt {
    Net,
    Target,
}

const OPTIONS: &[Flag<Opt>] = &[
    flag(&["-n", "--net"], Opt::Net, "into the network namespace {}").attached(),
    flag(
        &["-t", "--target"],
        Opt::Target,
        "with namespaces of process {}:",
    )
    .value(Slot::Number("a process id")),
    Flag::without(&["-a", "--all"]),
    Flag::without(&["-m", "--mount"]),
    Flag::without(&["-u", "--uts"]),
    Flag::without(&["-i", "--ipc"]),
    Flag::without(&["-p", "--pid"]),
    Flag::without(&["-C", "--cgroup"]),
    Flag::without(&["-U", "--user"]),
    Flag::without(&["-T", "--time"]),
];

/// What stands behind `nsenter`.
pub(in crate::command) fn nsenter(c: &mut Cursor) -> Result<Command, ParseError> {
    let mut path = None;
    let mut target = None;
    let mut bare = None;
    while let Some(given) = c.flag(OPTIONS)? {
        match given.to {
            Opt::Target => {
                target = Some(given.need(|text| first_process(number(text, 1, u32::MAX)?))?);
            }
            Opt::Net => {
                path = path.or(given.read(from_path)?);
                if path.is_none() {
                    c.renote("into its network namespace");
                    bare = Some(given.at);
                }
            }
        }
    }
    let ns = match (path, target, bare) {
        (Some(ns), _, _) | (None, Some(ns), Some(_)) => ns,
        (None, None, Some(at)) => {
            return Err(ParseError {
                at,
                message: "which namespace is not said".to_owned(),
                help: Some("write it in one word: `--net=/run/netns/app1`".to_owned()),
            });
        }
        (None, _, None) => {
            let mut error = c.missing(Slot::NamespacePath);
            error.at = c.place();
            "`--net=` is missing".clone_into(&mut error.message);
            error.help = Some("such as `nsenter --net=/run/netns/app1`".to_owned());
            return Err(error);
        }
    };
    if c.at_end() {
        return Ok(Command::Enter {
            ns,
            form: InForm::Nsenter,
        });
    }
    inside(c, ns, InForm::Nsenter)
}

/// A name for a new namespace.
fn new_name(text: &str) -> Result<String, Bad> {
    let name = namespace(text)?;
    if name == "host" || name == "internet" {
        return Err(
            Bad::new(format!("a namespace of yours cannot be called `{name}`"))
                .help("the lessons call one of their own so"),
        );
    }
    Ok(name)
}

/// `ip -n` takes a name, or a file where there is a `/`.
pub(in crate::command) fn name_or_path(text: &str) -> Result<NsRef, Bad> {
    if text.contains('/') {
        from_path(text)
    } else {
        namespace(text).map(NsRef::Name)
    }
}

/// `ip link set … netns` takes a process id too.
pub(in crate::command) fn any(text: &str) -> Result<NsRef, Bad> {
    if text == "1" {
        Ok(NsRef::Pid(1))
    } else {
        name_or_path(text)
    }
}

fn from_path(text: &str) -> Result<NsRef, Bad> {
    let named = text
        .strip_prefix("/run/netns/")
        .or_else(|| text.strip_prefix("/var/run/netns/"));
    if let Some(name) = named {
        let start = text.len() - name.len();
        return namespace(name)
            .map(NsRef::Name)
            .map_err(|bad| bad.within(start..text.len()));
    }
    let process = text
        .strip_prefix("/proc/")
        .and_then(|rest| rest.strip_suffix("/ns/net"));
    match process {
        Some(id) => first_process(number(id, 1, u32::MAX)?),
        None => Err(Bad::new(format!("`{text}` is not the file of a namespace"))
            .help("a namespace that `ip netns add` has made stands in /run/netns, such as /run/netns/app1")),
    }
}

fn first_process(id: u32) -> Result<NsRef, Bad> {
    match id {
        1 => Ok(NsRef::Pid(1)),
        _ => Err(Bad::new(format!("process {id} is not one of the lessons'"))
            .help("the only process that a lesson can name is 1, which stands in `host`")),
    }
}
