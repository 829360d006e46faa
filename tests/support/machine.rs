//! What a machine looks like, to show that nothing of a sandbox is left on it.
#![allow(dead_code)] // Each test binary uses its part of this.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;

/// Says whose a process is; inherited by everything that it starts.
pub const MARK: &str = "TUTOR_TEST_MARK";
/// How long the kernel may take to be done with a killed process.
const PATIENCE: Duration = Duration::from_secs(10);
/// Settings that are not set by anyone.
const COUNTERS: [&str; 1] = ["nf_conntrack_count"];

/// The machine's own network, as the real tools and the kernel show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    tables: BTreeMap<&'static str, String>,
    settings: BTreeMap<String, String>,
}

impl Machine {
    /// As it is now. Call it outside of any sandbox.
    pub fn snapshot() -> anyhow::Result<Self> {
        let names = fs::read_dir("/run/netns").map(|names| {
            let mut names: Vec<_> = names.flatten().map(|name| name.file_name()).collect();
            names.sort();
            names
        });
        let tables = BTreeMap::from([
            ("ip addr", lasting("ip -j addr")?),
            ("ip route", lasting("ip -j route show table all")?),
            ("ip -6 route", lasting("ip -j -6 route show table all")?),
            ("ip rule", lasting("ip -j rule")?),
            ("nft list ruleset", ruleset()?),
            ("/run/netns", format!("{:?}", names.ok())),
            ("mounts", fs::read_to_string("/proc/self/mountinfo")?),
        ]);
        let mut settings = BTreeMap::new();
        read_settings(Path::new("/proc/sys/net"), &mut settings)?;
        Ok(Self { tables, settings })
    }

    /// Is the machine still as it was? Settings that came with a kernel module loaded meanwhile
    /// are nobody's doing.
    pub fn ensure_unchanged(&self) -> anyhow::Result<()> {
        let now = Self::snapshot()?;
        for (table, before) in &self.tables {
            let now = now.tables.get(table);
            ensure!(now == Some(before), "{table}: {before} became {now:?}");
        }
        for (setting, before) in &self.settings {
            let now = now.settings.get(setting);
            ensure!(now == Some(before), "{setting}: {before:?} became {now:?}");
        }
        Ok(())
    }
}

/// Marks a command and all that it starts with `mark`, which should be unique.
pub fn mark<'a>(command: &'a mut Command, mark: &str) -> &'a mut Command {
    command.env(MARK, mark)
}

/// Processes that live and are marked, each with its command line.
pub fn marked(mark: &str) -> anyhow::Result<Vec<(i32, String)>> {
    let wanted = format!("{MARK}={mark}");
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        // Another's, or gone: not ours, or not there.
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment
            .split(|byte| *byte == 0)
            .any(|one| one == wanted.as_bytes())
        {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            found.push((pid, String::from_utf8_lossy(&line).replace('\0', " ")));
        }
    }
    Ok(found)
}

/// Waits until no marked process lives.
pub fn ensure_gone(mark: &str) -> anyhow::Result<()> {
    let start = Instant::now();
    loop {
        let left = marked(mark)?;
        if left.is_empty() {
            return Ok(());
        }
        ensure!(start.elapsed() < PATIENCE, "still there: {left:?}");
        std::thread::yield_now();
    }
}

/// A table without what runs down by itself.
fn lasting(line: &str) -> anyhow::Result<String> {
    const RUNNING_DOWN: [&str; 3] = ["valid_life_time", "preferred_life_time", "expires"];
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| !RUNNING_DOWN.contains(&name.as_str()));
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut words = line.split_whitespace();
    let output = Command::new(words.next().context("no program")?)
        .args(words)
        .output()?;
    // iproute2 prints nothing at all for an empty table.
    let mut value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    strip(&mut value);
    Ok(value.to_string())
}

/// Rules without counters. An ordinary user may not list them, and changes them as little.
fn ruleset() -> anyhow::Result<String> {
    let output = Command::new("nft")
        .args(["-s", "list", "ruleset"])
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn read_settings(path: &Path, found: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for entry in fs::read_dir(path)?.flatten() {
        let path = entry.path();
        let name = path.display().to_string();
        if path.is_dir() {
            read_settings(&path, found)?;
        } else if !COUNTERS.iter().any(|counter| name.ends_with(counter)) {
            // Some are only for writing, some only for root.
            let value = fs::read_to_string(&path);
            found.insert(name, value.unwrap_or_default());
        }
    }
    Ok(())
}
