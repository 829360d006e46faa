//! The real tools, as oracles.
#![allow(dead_code)] // Each test binary uses its part of this.

use std::process::{Command, Output};

use anyhow::{Context, ensure};

/// Runs a line in the calling thread's namespaces and returns its standard output; another status
/// than 0 is an error that quotes what it wrote.
pub fn run(line: &str) -> anyhow::Result<String> {
    let output = attempt(line)?;
    let err = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{line}: {}: {err}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a line in the calling thread's namespaces. Words are parted by blanks; there is no shell.
pub fn attempt(line: &str) -> anyhow::Result<Output> {
    let mut words = line.split_whitespace();
    Command::new(words.next().context("a line without a command")?)
        .args(words)
        .output()
        .with_context(|| format!("{line}: is the program installed?"))
}

/// Runs a script in `sh` and returns its standard output.
pub fn shell(script: &str) -> anyhow::Result<String> {
    let output = Command::new("sh").args(["-e", "-c", script]).output()?;
    let err = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{script}: {}: {err}",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a line that prints JSON, such as `ip -j addr`.
pub fn json(line: &str) -> anyhow::Result<serde_json::Value> {
    let out = run(line)?;
    serde_json::from_str(&out).with_context(|| format!("{line}: not JSON: {out}"))
}
