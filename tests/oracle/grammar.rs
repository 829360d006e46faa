//! What we read, the real tools read too, and cut short words mean the same to both.

use std::process::Output;

use anyhow::{Context, ensure};
use tutor::command::parse;

use crate::frame::Case;
use crate::tools::{attempt, shell};

pub const CASES: &[Case] = &crate::cases![
    lines_that_we_read_are_read_by_the_tools,
    objects_cut_short_are_the_tools,
    verbs_cut_short_are_the_tools,
];

const GOOD: &str = include_str!("../commands/good.txt");

/// Words by which the tools refuse a line for its grammar, not for what it asks.
const REFUSALS: &[&str] = &[
    "Usage",
    "is unknown",
    "garbage",
    "is invalid",
    "not a valid",
    "nvalid argument",
    "unknown option",
    "nrecognized option",
    "Bad argument",
    "for more information",
    "requires",
    "is expected",
    "No such file or directory: ",
];

fn lines_that_we_read_are_read_by_the_tools() -> anyhow::Result<()> {
    let mut tried = 0;
    for line in GOOD.lines().filter(|line| ends_by_itself(line)) {
        parse(line).with_context(|| line.to_owned())?;
        shell(WORLD)?;
        let output = attempt_in_shell(line)?;
        let err = String::from_utf8_lossy(&output.stderr);
        let refused = REFUSALS.iter().any(|refusal| err.contains(refusal));
        ensure!(
            !refused || err.contains("RTNETLINK answers"),
            "{line}: {err}"
        );
        tried += 1;
    }
    ensure!(tried > 100, "only {tried} lines were tried");
    Ok(())
}

/// A fresh start for each line: whatever the one before did is gone.
const WORLD: &str = "
    ip link del eth0 2>/dev/null || true
    ip link add eth0 type veth peer name peer0
    ip link set eth0 up
    iptables -F
    iptables -N MYCHAIN 2>/dev/null || true
";

/// Captures and pings wait, and a shell would read our input.
fn ends_by_itself(line: &str) -> bool {
    let tools = ["ip", "bridge", "arp", "route", "iptables", "nsenter"];
    let program = line.trim_start_matches("sudo ").split(' ').next();
    let shell = ["bash", "sh", "$SHELL"]
        .iter()
        .any(|shell| line.ends_with(&format!(" {shell}")));
    let waits =
        line.contains("ping") || (line.starts_with("nsenter") && line.split(' ').count() == 2);
    program.is_some_and(|program| tools.contains(&program)) && !shell && !waits
}

fn attempt_in_shell(line: &str) -> anyhow::Result<Output> {
    let line = line.replace("sudo ", "");
    Ok(std::process::Command::new("sh")
        .args(["-c", &line])
        .output()?)
}

/// The tool's usage names the object that it took a word for; ours names it in the command's line
/// or in the refusal.
fn objects_cut_short_are_the_tools() -> anyhow::Result<()> {
    let objects = [
        "address",
        "route",
        "rule",
        "neighbour",
        "neighbor",
        "link",
        "netns",
        "tunnel",
        "maddress",
        "monitor",
    ];
    for word in objects.iter().flat_map(|word| prefixes(word)) {
        let theirs = attempt(&format!("ip {word} help"))?;
        let usage = String::from_utf8_lossy(&theirs.stderr).into_owned();
        let theirs = usage
            .split_whitespace()
            .skip_while(|word| *word != "ip")
            .nth(1)
            .unwrap_or_default();
        let ours = match parse(&format!("ip {word}")) {
            Ok(line) => line
                .to_string()
                .split(' ')
                .nth(1)
                .unwrap_or_default()
                .to_owned(),
            Err(error) => error.message.trim_start_matches('`').to_owned(),
        };
        let same = |a: &str, b: &str| a.get(..4).is_some_and(|start| b.starts_with(start));
        ensure!(
            same(theirs, &ours),
            "ip {word} is {theirs} to ip, {ours} to us"
        );
    }
    Ok(())
}

/// A verb is known to both or to neither.
fn verbs_cut_short_are_the_tools() -> anyhow::Result<()> {
    let verbs = [
        "add", "set", "delete", "show", "list", "lst", "flush", "replace", "change", "get", "exec",
        "xyz",
    ];
    for object in ["link", "address", "route", "neighbour", "netns", "rule"] {
        for verb in verbs.iter().flat_map(|verb| prefixes(verb)) {
            let line = format!("ip {object} {verb}");
            let theirs = attempt(&line)?;
            let theirs = !String::from_utf8_lossy(&theirs.stderr).contains("is unknown");
            let ours = !parse(&line).is_err_and(|error| {
                error.at.start == object.len() + 4 && error.message.contains("not understood")
            });
            ensure!(
                theirs == ours,
                "{line}: known to ip: {theirs}, to us: {ours}"
            );
        }
    }
    Ok(())
}

fn prefixes(word: &str) -> impl Iterator<Item = &str> {
    (1..=word.len()).filter_map(|end| word.get(..end))
}
