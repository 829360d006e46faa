//! Settings, against the real tools: each line is carried out by us in one namespace and by the
//! real tool in another, and what is printed, the status and what the setting then is are the same.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::os::fd::AsFd;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use tutor::command::sysctl::{Action, Form, Sysctl};
use tutor::kernel::sandbox::{Spaces, inside};
use tutor::kernel::sysctl;
use tutor::world::Ns;

fn main() -> ExitCode {
    frame::main(&cases![as_the_real_tools, only_the_network])
}

/// The line that a shell would be given.
fn line(command: &Sysctl) -> String {
    let name = &command.name;
    let turned: String = name
        .chars()
        .map(|c| match c {
            '.' => '/',
            '/' => '.',
            c => c,
        })
        .collect();
    match (&command.action, command.form) {
        (Action::Read, Form::Sysctl) => format!("sysctl {name}"),
        (Action::Read, Form::SysctlValue) => format!("sysctl -n {name}"),
        (Action::Read, Form::File | Form::Tee) => format!("cat /proc/sys/{turned}"),
        (Action::Write(value), Form::Sysctl) => format!("sysctl -w '{name}={value}'"),
        (Action::Write(value), Form::SysctlValue) => format!("sysctl -n -w '{name}={value}'"),
        (Action::Write(value), Form::File) => format!("echo '{value}' > /proc/sys/{turned}"),
        (Action::Write(value), Form::Tee) => format!("echo '{value}' | tee /proc/sys/{turned}"),
    }
}

fn as_the_real_tools() -> anyhow::Result<()> {
    let spaces = Spaces::new()?;
    spaces.add("ours")?;
    spaces.add("real")?;
    for ns in ["ours", "real"] {
        tools::run(&format!(
            "ip -n {ns} link add veth1.7 type veth peer name veth2"
        ))?;
    }
    let ours = spaces.fd(&Ns::Named("ours".to_owned()))?;
    let real = spaces.fd(&Ns::Named("real".to_owned()))?;
    let names = [
        "net.ipv4.ip_forward",
        "net.ipv4.conf.veth1/7.rp_filter",
        "net.ipv4.conf.all",
        "net.ipv4.conf.lo.forwarding",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_available_congestion_control",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.route.flush",
        "net.ipv4.nothing",
        "net.nothing.at.all",
        "net.ipv6.conf.all",
        "net.ipv6.conf.all.stable_secret",
    ];
    let actions = [
        Action::Read,
        Action::Write("1".to_owned()),
        Action::Read,
        Action::Write("0 0".to_owned()),
        Action::Write("nonsense".to_owned()),
        Action::Write(String::new()),
        Action::Read,
    ];
    for name in names {
        for action in &actions {
            for form in [Form::Sysctl, Form::SysctlValue, Form::File, Form::Tee] {
                let command = Sysctl {
                    name: name.to_owned(),
                    action: action.clone(),
                    form,
                };
                let script = line(&command);
                let printed = sysctl::perform(ours.as_fd(), &command)?;
                let wanted = inside(real.as_fd(), || {
                    Command::new("bash").args(["-c", &script]).output()
                })??;
                // A script's shell says in which line it is; one at a prompt does not.
                let err = String::from_utf8(wanted.stderr)?.replace("bash: line 1: ", "bash: ");
                ensure!(
                    printed.err == err,
                    "{script}: {:?} but {err:?}",
                    printed.err
                );
                let out = String::from_utf8(wanted.stdout)?;
                ensure!(
                    printed.out == out,
                    "{script}: {:?} but {out:?}",
                    printed.out
                );
                // A pipe's status is tee's.
                let status = wanted.status.code().context("killed")?;
                ensure!(
                    i32::from(printed.status) == status,
                    "{script}: {}",
                    printed.status
                );
            }
        }
    }
    Ok(())
}

/// Whatever the name, no file elsewhere is opened.
fn only_the_network() -> anyhow::Result<()> {
    let spaces = Spaces::new()?;
    let host = spaces.fd(&Ns::Host)?;
    for name in [
        "kernel.hostname",
        "net.//.kernel.hostname",
        "net.ipv4.//.//.kernel.hostname",
        "net..ipv4",
        "net",
        "",
    ] {
        let read = sysctl::read(host.as_fd(), name);
        ensure!(read.is_err() || name == "net", "{name}: {read:?}");
        ensure!(sysctl::write(host.as_fd(), name, "1").is_err(), "{name}");
    }
    sysctl::write(host.as_fd(), "net.ipv4.ip_forward", "1")?;
    ensure!(sysctl::read(host.as_fd(), "net.ipv4.ip_forward")? == "1");
    Ok(())
}
