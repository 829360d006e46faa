//! What was done, as a script: ordinary lines that `tutor play` and a real shell carry out.

use super::Session;
use super::trail::{By, Deed, Ending};
use super::transcript::clean;
use crate::command::netns::{InForm, NsRef};
use crate::command::sysctl::{Form, Sysctl};
use crate::command::{Command, Line, Task, parse};
use crate::lesson::script::UPLINK;
use crate::lesson::skeleton;
use crate::world::Ns;

/// Is a file of this name to be a lesson rather than a script?
pub fn is_lesson(path: &str) -> bool {
    let kind = std::path::Path::new(path).extension();
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("toml"))
}

/// A line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// What the reader should know of what follows.
    Comment(String),
    /// A command.
    Line(String),
}

/// What was done so far, from an empty sandbox on; with no line, if nothing was done.
pub fn written(session: &Session) -> Vec<Written> {
    let lesson = &session.lesson;
    let mut all = Vec::new();
    let way = session.trail.way(lesson);
    if !way.is_empty() {
        all.push(Written::Comment(format!(
            "what comes before, as the lesson {} does it",
            lesson.id
        )));
        all.extend(way.into_iter().filter_map(|(at, command)| {
            let source = command.to_string();
            line(at, &source, command).map(Written::Line)
        }));
    }
    if session.fault().is_some() {
        let broken = "what broke it then is not written here: that is for whoever repairs it";
        all.push(Written::Comment(broken.to_owned()));
    }
    let mut heading = None;
    for deed in &session.trail.deeds {
        let elsewhere = matches!(deed.by, By::Elsewhere(_));
        if heading.replace((deed.step, elsewhere)) != Some((deed.step, elsewhere)) {
            all.extend(head(session, deed, elsewhere).map(Written::Comment));
        }
        all.extend(of(deed));
    }
    all
}

/// What stands over the deeds of a step, and over those that were not typed.
fn head(session: &Session, deed: &Deed, elsewhere: bool) -> Option<String> {
    if elsewhere {
        return Some("done in a shell, told as commands".to_owned());
    }
    let step = session.lesson.steps.get(deed.step)?;
    let title = clean(&step.title).replace('\n', " ");
    (!session.lesson.free).then(|| format!("step {}: {title}", deed.step + 1))
}

/// A deed as a line, or as a comment where it would not do the same again.
fn of(deed: &Deed) -> Option<Written> {
    if matches!(deed.command, Command::Enter { .. } | Command::Exit) {
        return None; // each line says itself where it is carried out
    }
    let text = line(&deed.at, &deed.source, &deed.command);
    let in_background = is_in_background(&deed.source);
    let why = match (&text, deed.ending) {
        (None, _) => Some("it stood in the internet"),
        (_, Ending::Failed) => Some("it failed"),
        (_, Ending::UnderWay | Ending::Done) if !ends(&deed.command, in_background) => {
            Some("it does not end by itself")
        }
        (_, Ending::UnderWay | Ending::Done) => None,
    };
    let text = text.unwrap_or_else(|| deed.source.clone());
    Some(match why {
        Some(why) => Written::Comment(format!("{text}    ({why})")),
        None => Written::Line(text),
    })
}

/// Does it end, or not keep others waiting?
fn ends(command: &Command, in_background: bool) -> bool {
    match command.task() {
        Task::Ping(ping) => ping.count.is_some(),
        Task::Tcpdump(tcpdump) => tcpdump.count.is_some() && in_background,
        Task::Change(_)
        | Task::Show(_)
        | Task::RouteGet(_)
        | Task::Netns(_)
        | Task::Sysctl(_)
        | Task::Iptables(_)
        | Task::Enter(_)
        | Task::Exit => true,
    }
}

fn is_in_background(source: &str) -> bool {
    parse(source).is_ok_and(|line| line.background)
}

/// The command as it is written at the outermost prompt; none where that has no words for it.
fn line(at: &Ns, source: &str, command: &Command) -> Option<String> {
    let ns = match at {
        Ns::Host => None,
        Ns::Named(name) => Some(NsRef::Name(name.clone())),
        Ns::Internet => return None,
    };
    let everywhere = matches!(command, Command::In { .. } | Command::Netns(_));
    let Some(ns) = ns.filter(|_| !everywhere) else {
        return Some(source.trim().to_owned());
    };
    let form = match command {
        Command::Link(_)
        | Command::Addr(_)
        | Command::Route(_)
        | Command::Neigh(_)
        | Command::Policy(_)
        | Command::Bridge(_) => InForm::IpOption,
        Command::In { .. }
        | Command::Enter { .. }
        | Command::Exit
        | Command::Netns(_)
        | Command::NetTools(_)
        | Command::Sysctl(_)
        | Command::Iptables(_)
        | Command::Ping(_)
        | Command::Tcpdump(_) => InForm::NetnsExec,
    };
    let line = Line {
        command: Some(Command::In {
            ns,
            form,
            command: Box::new(outside(command)),
        }),
        background: is_in_background(source),
        comment: None,
    };
    Some(line.to_string())
}

/// What a shell redirects it redirects where it stands itself: settings are written by `sysctl`.
fn outside(command: &Command) -> Command {
    match command {
        Command::Sysctl(sysctl) => Command::Sysctl(Sysctl {
            form: Form::Sysctl,
            ..sysctl.clone()
        }),
        other => other.clone(),
    }
}

/// The file.
pub fn text(session: &Session, written: &[Written]) -> String {
    let mut text = "#!/bin/sh\n\
        # Written by tutor: `tutor play FILE` carries it out in a sandbox.\n\
        # A shell does too, as root: on a real machine it changes that machine's own network.\n"
        .to_owned();
    if session.lesson.uplink {
        text += UPLINK;
        text.push('\n');
    }
    text += "set -e\n";
    for written in written {
        let (before, line) = match written {
            Written::Comment(comment) => ("\n# ", comment),
            Written::Line(line) => ("", line),
        };
        text += &[before, line, "\n"].concat();
    }
    text
}

/// The file of a lesson that begins where this began and leads where this stands.
pub fn lesson(session: &Session, written: &[Written]) -> String {
    let lines = written.iter().map(|written| match written {
        Written::Comment(comment) => format!("# {comment}"),
        Written::Line(line) => line.clone(),
    });
    let lines: Vec<String> = lines.collect();
    skeleton::skeleton(&lines, session.lesson.uplink, &session.world)
}
