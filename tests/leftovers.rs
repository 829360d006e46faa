//! Nothing is left of a sandbox, however it ends, and the machine is as it was.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/tools.rs"]
mod tools;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, ensure};
use machine::{Machine, ensure_gone, marked};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tutor::kernel::sandbox::{Spaces, uplink};

fn main() -> ExitCode {
    let beside = cases![Beside:
        after_an_ordinary_end,
        after_the_guardian_is_killed,
        after_the_first_process_is_killed,
        after_signals_that_end_programs,
        after_being_killed_at_any_moment,
    ];
    let parts = cases![Part: live_on, end_at_once];
    frame::main(&[&beside[..], &parts[..]].concat())
}

/// A sandbox with all that can be in one: names, an uplink, rules, settings, processes in other
/// sessions and in other namespaces. Says that it is ready, and waits.
fn live_on() -> anyhow::Result<()> {
    fill()?;
    println!("ready");
    std::io::stdout().flush()?;
    loop {
        std::thread::park();
    }
}

fn end_at_once() -> anyhow::Result<()> {
    fill()?;
    println!("ready");
    Ok(())
}

fn fill() -> anyhow::Result<()> {
    let mut spaces = Spaces::new()?;
    spaces.add("app1")?;
    uplink(&mut spaces)?.wait()?;
    tools::run("ip link add veth1 type veth peer name veth2 netns app1")?;
    tools::run("sysctl -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2")?;
    tools::run("iptables -t nat -A POSTROUTING -s 172.16.0.0/16 -j MASQUERADE")?;
    tools::shell(
        "exec >/dev/null 2>&1
         setsid sleep 1000 &
         ip netns exec app1 setsid sh -c 'sleep 1000 & sleep 1000' &",
    )?;
    Ok(())
}

/// A guardian with its sandbox, and what the machine was before.
struct Victim {
    before: Machine,
    guardian: Child,
    mark: String,
}

impl Victim {
    fn start(part: &str) -> anyhow::Result<Self> {
        let before = Machine::snapshot()?;
        let mark = format!("{part}-{}", std::process::id());
        let mut command: Command = frame::this_program(part);
        machine::mark(&mut command, &mark);
        command.stdin(Stdio::null());
        let guardian = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self {
            before,
            guardian,
            mark,
        })
    }

    /// Starts one that lives on, and waits until it is ready.
    fn ready() -> anyhow::Result<Self> {
        let mut victim = Self::start("live_on")?;
        let mut line = String::new();
        let out = victim.guardian.stdout.as_mut().context("piped")?;
        BufReader::new(out).read_line(&mut line)?;
        if line != "ready\n" {
            let mut error = String::new();
            victim
                .guardian
                .stderr
                .as_mut()
                .context("piped")?
                .read_to_string(&mut error)?;
            anyhow::bail!("not ready: {line}{error}");
        }
        // Guardian, first process, and what it has started so far.
        ensure!(
            marked(&victim.mark)?.len() >= 3,
            "{:?}",
            marked(&victim.mark)?
        );
        Ok(victim)
    }

    fn guardian(&self) -> anyhow::Result<Pid> {
        Ok(Pid::from_raw(self.guardian.id().try_into()?))
    }

    /// The first process of its sandbox: the guardian's only child.
    fn first_process(&self) -> anyhow::Result<Pid> {
        let wanted = self.guardian.id().to_string();
        for (pid, _) in marked(&self.mark)? {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
            if parent.map(str::trim) == Some(&wanted) {
                return Ok(Pid::from_raw(pid));
            }
        }
        anyhow::bail!("no first process")
    }

    /// Waits for its end, and until everything that it started is gone; the machine must then be
    /// as it was.
    fn ensure_nothing_left(mut self) -> anyhow::Result<(ExitStatus, String)> {
        let status = self.guardian.wait()?;
        let mut error = String::new();
        self.guardian
            .stderr
            .take()
            .context("piped")?
            .read_to_string(&mut error)?;
        ensure_gone(&self.mark)?;
        self.before.ensure_unchanged()?;
        Ok((status, error))
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        self.guardian.kill().ok();
        self.guardian.wait().ok();
    }
}

fn after_an_ordinary_end() -> anyhow::Result<()> {
    let (status, error) = Victim::start("end_at_once")?.ensure_nothing_left()?;
    ensure!(status.success(), "{status}: {error}");
    Ok(())
}

fn after_the_guardian_is_killed() -> anyhow::Result<()> {
    let victim = Victim::ready()?;
    kill(victim.guardian()?, Signal::SIGKILL)?;
    let (status, _) = victim.ensure_nothing_left()?;
    ensure!(status.signal() == Some(Signal::SIGKILL as i32));
    Ok(())
}

fn after_the_first_process_is_killed() -> anyhow::Result<()> {
    let victim = Victim::ready()?;
    kill(victim.first_process()?, Signal::SIGKILL)?;
    let (status, error) = victim.ensure_nothing_left()?;
    ensure!(status.code() == Some(128 + 9), "{status}");
    ensure!(error.contains("killed by SIGKILL"), "{error}");
    Ok(())
}

fn after_signals_that_end_programs() -> anyhow::Result<()> {
    for signal in [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ] {
        let victim = Victim::ready()?;
        kill(victim.guardian()?, signal)?;
        let (status, error) = victim.ensure_nothing_left()?;
        ensure!(
            status.code() == Some(128 + signal as i32),
            "{signal}: {status}"
        );
        ensure!(error.is_empty(), "{error}");
    }
    Ok(())
}

/// Killed while the sandbox is being made, whatever has been done by then.
fn after_being_killed_at_any_moment() -> anyhow::Result<()> {
    for moment in (0..30).step_by(3) {
        let victim = Victim::start("live_on")?;
        // Each look at the process list takes a moment.
        for _ in 0..moment {
            marked(&victim.mark)?;
        }
        kill(victim.guardian()?, Signal::SIGKILL)?;
        victim.ensure_nothing_left()?;
    }
    Ok(())
}
