//! What the doctor finds: everything, on a machine that has it; the reason, where it is refused.

#[path = "support/frame.rs"]
mod frame;

use std::fs::File;
use std::process::{Command, ExitCode, Output};

use anyhow::{Context, ensure};
use serde_json::Value;
use tutor::kernel::doctor::{self, Format};
use tutor::lesson::Need;

fn main() -> ExitCode {
    let cases = cases![a_sandbox_misses_nothing_that_we_have];
    let beside = cases![Beside: finds_what_is_there, says_which_limit_refuses];
    let programs = cases![Program: print_json, print_table];
    frame::main(&[&cases[..], &beside[..], &programs[..]].concat())
}

fn print_json() -> anyhow::Result<()> {
    leave(doctor::run(Format::Json)?)
}

fn print_table() -> anyhow::Result<()> {
    leave(doctor::run(Format::Human)?)
}

/// Exits as the program would.
fn leave(status: u8) -> anyhow::Result<()> {
    std::process::exit(status.into())
}

/// Everything that the first lessons need, by its name, is tried and works.
fn finds_what_is_there() -> anyhow::Result<()> {
    let output = frame::this_program("print_json").output()?;
    let found: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    ensure!(found["root"] == nix::unistd::geteuid().is_root());
    let trials = found["trials"].as_array().context("no trials")?;
    for name in [
        "sandbox",
        "settings",
        "veth",
        "bridge",
        "nat",
        "conntrack",
        "icmp",
        "capture",
    ] {
        let trial = trials.iter().find(|trial| trial["name"] == name);
        ensure!(trial.context(name)?["works"] == true, "{trial:?}");
    }
    let all = trials.iter().all(|trial| trial["works"] == true);
    ensure!(
        output.status.code() == Some(i32::from(!all)),
        "{}",
        output.status
    );

    let output = frame::this_program("print_table").output()?;
    let table = String::from_utf8(output.stdout)?;
    for trial in trials {
        let name = trial["name"].as_str().context("no name")?;
        let row = table
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        let verdict = if trial["works"] == true {
            "works"
        } else {
            "MISSING"
        };
        ensure!(row.context("no row")?.contains(verdict), "{table}");
    }
    Ok(())
}

fn a_sandbox_misses_nothing_that_we_have() -> anyhow::Result<()> {
    let missing = doctor::missing(&[Need::Veth, Need::Bridge, Need::Nat, Need::Icmp]);
    ensure!(missing.is_empty(), "{missing:?}");
    Ok(())
}

/// Runs the doctor where `limit` is 0, with or without root's rights, in namespaces that this
/// machine's own limits do not depend on.
fn refused_by(limit: &str, rights: &str) -> anyhow::Result<Output> {
    let script = format!(
        "mount -t proc proc /proc && echo 0 > /proc/sys/user/{limit} &&
         exec setpriv {rights} /proc/self/fd/0"
    );
    let program = frame::this_program("print_table");
    let mut command = Command::new("unshare");
    command.args(["-Urmp", "--fork", "sh", "-c", &script]);
    command.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command.env_remove("TUTOR_TEST_ORDINARY");
    // Reached by its descriptor, whatever the directories on the way allow.
    Ok(command.stdin(File::open("/proc/self/exe")?).output()?)
}

fn says_which_limit_refuses() -> anyhow::Result<()> {
    let no_right = "--bounding-set=-sys_admin --inh-caps=-all";
    for (limit, rights, line) in [
        (
            "max_net_namespaces",
            "",
            "sudo sysctl -w user.max_net_namespaces=15000",
        ),
        (
            "max_pid_namespaces",
            "",
            "sudo sysctl -w user.max_pid_namespaces=15000",
        ),
        (
            "max_user_namespaces",
            no_right,
            "sudo sysctl -w user.max_user_namespaces=15000",
        ),
    ] {
        let output = refused_by(limit, rights)?;
        let table = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.code() == Some(2),
            "{limit}: {}\n{table}{error}",
            output.status
        );
        ensure!(table.contains(line), "{limit}: {table}{error}");
        ensure!(
            table.contains("No space left on device"),
            "{limit}: {table}{error}"
        );
    }
    Ok(())
}
