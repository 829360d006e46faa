//! The entry of the grammar: programs, `sudo`, and what stands around a command.

use super::kit::{Cursor, Key, exact};
use super::lex::{Lexed, lex};
use super::{Command, Explained, Line, ParseError};
use super::{arp, bridge, iptables, netns, ping, sysctl, tcpdump};

/// What begins a command.
#[derive(Clone, Copy)]
enum Program {
    Sudo,
    Ip,
    Bridge,
    Iptables,
    Nsenter,
    Exit,
    Ping,
    Tcpdump,
    Sysctl,
    Echo,
    Cat,
    Arp,
    Route,
}

/// What `sudo` does here.
pub(super) const SUDO: &str =
    "do it as root; in the sandbox you may do everything already, so it changes nothing";

const PROGRAMS: &[Key<Program>] = &[
    exact(
        "ip",
        Program::Ip,
        "the tool for devices, addresses and routes (iproute2)",
    ),
    exact(
        "ping",
        Program::Ping,
        "ask another machine for an answer (ICMP echo)",
    ),
    exact(
        "bridge",
        Program::Bridge,
        "the tool for bridges, the kernel's switches (iproute2)",
    ),
    exact(
        "iptables",
        Program::Iptables,
        "the tool for rules on packets: which may pass, and with which addresses",
    ),
    exact(
        "sysctl",
        Program::Sysctl,
        "read or write a setting of the kernel",
    ),
    exact(
        "tcpdump",
        Program::Tcpdump,
        "show the packets that pass a device",
    ),
    exact("nsenter", Program::Nsenter, "go into a namespace"),
    exact(
        "exit",
        Program::Exit,
        "back to where the prompt stood before",
    ),
    exact("echo", Program::Echo, "write the words that follow"),
    exact("cat", Program::Cat, "show what a file holds"),
    exact(
        "arp",
        Program::Arp,
        "show the hardware addresses of neighbours (the older net-tools)",
    ),
    exact(
        "route",
        Program::Route,
        "show the routes (the older net-tools)",
    ),
    exact("sudo", Program::Sudo, SUDO),
];

/// Other programs that a learner may try, and what does their work here.
const INSTEAD: &[(&str, &str)] = &[
    (
        "brctl",
        "`ip link add … type bridge` and `ip link set … master` do its work",
    ),
    ("curl", "`ping` shows whether another machine answers"),
    (
        "docker",
        "what Docker does with the network is done by hand here, with `ip` and `iptables`",
    ),
    ("ifconfig", "`ip addr` and `ip link` do its work"),
    ("ip6tables", "rules are for IPv4 here, with `iptables`"),
    ("netenter", "did you mean `nsenter`?"),
    ("netstat", "`ip route` shows the routes"),
    ("nft", "`iptables` writes the same rules"),
    ("ping6", "`ping` takes IPv6 addresses too"),
    (
        "traceroute",
        "`ping -t 1` asks the first router, `ping -t 2` the second one",
    ),
    ("unshare", "`ip netns add` makes a namespace"),
];

/// Reads a line.
///
/// # Errors
/// A line that the lessons' language does not hold, with the place and what may stand there.
pub fn parse(line: &str) -> Result<Line, ParseError> {
    let lexed = lex(line)?;
    let (command, _) = read(line, &lexed)?;
    Ok(Line {
        command,
        background: lexed.background.is_some(),
        comment: lexed.comment,
    })
}

/// The meaning of each word of a line, or group of words, in order; together they are the line
/// without its comment.
///
/// # Errors
/// As [`parse`].
pub fn explain(line: &str) -> Result<Vec<Explained>, ParseError> {
    let lexed = lex(line)?;
    let (_, cursor) = read(line, &lexed)?;
    let mut explained = cursor.into_explained();
    if lexed.background.is_some() {
        explained.push(Explained {
            words: "&".to_owned(),
            meaning: "let it run in the background, and go on at once".to_owned(),
        });
    }
    Ok(explained)
}

fn read<'a>(line: &'a str, lexed: &'a Lexed) -> Result<(Option<Command>, Cursor<'a>), ParseError> {
    let mut cursor = Cursor::new(line, &lexed.tokens);
    if cursor.at_end() {
        return Ok((None, cursor));
    }
    let command = command(&mut cursor)?;
    cursor.finish()?;
    Ok((Some(command), cursor))
}

/// A command; behind `ip netns exec NS` and `nsenter` another one follows.
pub(super) fn command(c: &mut Cursor) -> Result<Command, ParseError> {
    loop {
        let program = c.choose(PROGRAMS)?.ok_or_else(|| unknown(c))?;
        return match program {
            Program::Sudo => continue,
            Program::Ip => super::ip::ip(c),
            Program::Bridge => bridge::grammar::bridge(c),
            Program::Iptables => iptables::grammar::iptables(c).map(Command::Iptables),
            Program::Nsenter => netns::grammar::nsenter(c),
            Program::Exit => Ok(Command::Exit),
            Program::Ping => ping::grammar::ping(c).map(Command::Ping),
            Program::Tcpdump => tcpdump::grammar::tcpdump(c).map(Command::Tcpdump),
            Program::Sysctl => sysctl::grammar::sysctl(c).map(Command::Sysctl),
            Program::Echo => sysctl::grammar::echo(c).map(Command::Sysctl),
            Program::Cat => sysctl::grammar::cat(c).map(Command::Sysctl),
            Program::Arp => arp::grammar::arp(c).map(Command::NetTools),
            Program::Route => arp::grammar::route(c).map(Command::NetTools),
        };
    }
}

/// A word that begins no command of ours.
fn unknown(c: &Cursor) -> ParseError {
    let mut error = c.unexpected();
    let Some(word) = c.word() else {
        "a command is missing".clone_into(&mut error.message);
        return error;
    };
    error.message = format!("`{}` is not a command of the lessons", word.text);
    let instead = INSTEAD.iter().find(|(program, _)| *program == word.text);
    if let Some((_, help)) = instead {
        error.help = Some((*help).to_owned());
        return error;
    }
    error.help = error
        .help
        .map(|help| help.replace("here may stand:", "these are:"));
    error
}
