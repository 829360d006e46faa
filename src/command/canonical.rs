//! A command as one line that reads back as the same command.
//!
//! Keywords are written in full and names behind their keyword (`dev DEV`), so that no name can be
//! taken for a word of the language.

use std::fmt::{self, Display};

use super::netns::{InForm, NsRef};
use super::{Command, Family, Line, View, arp, lex};

/// A line under way.
pub(super) struct Words {
    line: String,
    /// Namespaces of `ip -n`, which are written behind the next program.
    spaces: Vec<String>,
}

impl Words {
    fn new() -> Self {
        Self {
            line: String::new(),
            spaces: Vec::new(),
        }
    }

    /// A word of the language, or several.
    pub(super) fn word(&mut self, word: &str) -> &mut Self {
        if !self.line.is_empty() {
            self.line.push(' ');
        }
        self.line.push_str(word);
        self
    }

    /// A value, quoted where it must be.
    pub(super) fn value(&mut self, value: impl Display) -> &mut Self {
        let quoted = lex::quote(&value.to_string());
        self.word(&quoted)
    }

    /// A keyword and its value.
    pub(super) fn pair(&mut self, key: &str, value: impl Display) -> &mut Self {
        self.word(key).value(value)
    }

    /// A keyword and its value, if there is one.
    pub(super) fn option(&mut self, key: &str, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.pair(key, value),
            None => self,
        }
    }

    /// A word of the language, where it applies.
    pub(super) fn flag(&mut self, word: &str, applies: bool) -> &mut Self {
        if applies { self.word(word) } else { self }
    }

    /// `ip` or `bridge`, with its options.
    pub(super) fn program(&mut self, program: &str, view: View) -> &mut Self {
        self.word(program);
        for space in std::mem::take(&mut self.spaces) {
            self.pair("-n", space);
        }
        self.flag("-4", view.family == Some(Family::V4))
            .flag("-6", view.family == Some(Family::V6))
            .flag("-br", view.brief)
            .flag("-d", view.details)
            .flag("-s", view.stats)
    }
}

/// A namespace as a file.
fn path(ns: &NsRef) -> String {
    match ns {
        NsRef::Name(name) => format!("/run/netns/{name}"),
        NsRef::Pid(id) => format!("/proc/{id}/ns/net"),
    }
}

/// A namespace by its name, or as a file where it has none.
pub(super) fn name(ns: &NsRef) -> String {
    match ns {
        NsRef::Name(name) => name.clone(),
        NsRef::Pid(_) => path(ns),
    }
}

fn inside(words: &mut Words, ns: &NsRef, form: InForm) {
    match form {
        InForm::IpOption => words.spaces.push(name(ns)),
        InForm::NetnsExec => {
            words
                .program("ip", View::default())
                .word("netns exec")
                .value(name(ns));
        }
        InForm::Nsenter => {
            words.word("nsenter").value(format!("--net={}", path(ns)));
        }
    }
}

fn write(words: &mut Words, command: &Command) {
    match command {
        Command::In { ns, form, command } => {
            inside(words, ns, *form);
            write(words, command);
        }
        Command::Enter { ns, form } => {
            inside(words, ns, *form);
            words.word("bash");
        }
        Command::Exit => {
            words.word("exit");
        }
        Command::Netns(netns) => netns.write(words),
        Command::Link(link) => link.write(words),
        Command::Addr(addr) => addr.write(words),
        Command::Route(route) => route.write(words),
        Command::Neigh(neigh) => neigh.write(words),
        Command::Policy(policy) => {
            words.program("ip", policy.view).word("rule show");
        }
        Command::Bridge(bridge) => bridge.write(words),
        Command::NetTools(arp::NetTools::Arp { dev }) => {
            words.word("arp -n").option("-i", dev.as_ref());
        }
        Command::NetTools(arp::NetTools::Route { numeric }) => {
            words.word("route").flag("-n", *numeric);
        }
        Command::Sysctl(sysctl) => sysctl.write(words),
        Command::Iptables(iptables) => iptables.write(words),
        Command::Ping(ping) => ping.write(words),
        Command::Tcpdump(tcpdump) => tcpdump.write(words),
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Words::new();
        write(&mut words, self);
        f.write_str(&words.line)
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.command.as_ref().map(ToString::to_string));
        parts.extend(self.background.then(|| "&".to_owned()));
        parts.extend(self.comment.as_ref().map(|comment| format!("# {comment}")));
        f.write_str(&parts.join(" "))
    }
}
