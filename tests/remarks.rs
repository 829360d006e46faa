//! Remarks on refusals: each line of `tests/remarks` is carried out with the real kernel, and what
//! is said of it (the line below it, or nothing) is right.

#[path = "support/frame.rs"]
mod frame;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use tutor::headless::stage::Stage;
use tutor::lesson::find::Shelf;
use tutor::session::{Phase, Place, TranscriptKind};

/// The longest command waits some three seconds for ARP.
const PATIENCE: Duration = Duration::from_secs(15);

fn main() -> ExitCode {
    frame::main(&cases![
        names, devices, addresses, routes, settings, pings, silence
    ])
}

/// Namespaces that are not there, or are there already.
fn names() -> Result<()> {
    told(include_str!("remarks/names.txt"))
}

/// Devices: in another namespace, misspelled, taken, of the wrong kind.
fn devices() -> Result<()> {
    told(include_str!("remarks/devices.txt"))
}

/// Addresses: twice, not there, without a prefix length.
fn addresses() -> Result<()> {
    told(include_str!("remarks/addresses.txt"))
}

/// Routes: twice, by a router out of reach, by a device that is down, not there.
fn routes() -> Result<()> {
    told(include_str!("remarks/routes.txt"))
}

/// Chains, rules and settings that are not there.
fn settings() -> Result<()> {
    told(include_str!("remarks/settings.txt"))
}

/// Pings that fail although the tool says next to nothing.
fn pings() -> Result<()> {
    told(include_str!("remarks/pings.txt"))
}

/// Silence: no way back, and a host that is no router.
fn silence() -> Result<()> {
    told(include_str!("remarks/silence.txt"))
}

/// Carries out a script in the state that its lesson begins with.
fn told(script: &str) -> Result<()> {
    frame::block_on(async {
        let local = tokio::task::LocalSet::new();
        local.run_until(carried_out(script)).await
    })
}

async fn carried_out(script: &str) -> Result<()> {
    let (head, lines) = script.split_once("\n$ ").context("a script has lines")?;
    let lesson = (head.lines())
        .find_map(|line| line.strip_prefix("lesson "))
        .context("a script names its lesson")?;
    let lesson = Shelf::default()
        .load(lesson)
        .map_err(|report| anyhow!("{report}"))?;
    let mut stage = Stage::new(Arc::new(lesson), Place::default())?;
    stage
        .until("the sandbox", PATIENCE, |it| it.phase == Phase::Idle)
        .await?;
    for entry in lines.split("\n$ ") {
        let (line, said) = entry.split_once('\n').unwrap_or((entry, ""));
        remarked(&mut stage, line, said.trim()).await?;
    }
    Ok(())
}

/// Types a line; exactly this is remarked, or nothing.
async fn remarked(stage: &mut Stage, line: &str, wanted: &str) -> Result<()> {
    let (_, seen) = stage.session().transcript_since(usize::MAX);
    stage
        .take_line(line)
        .map_err(|error| anyhow!("{line}: {error:?}"))?;
    stage
        .until(line, PATIENCE, |it| it.phase == Phase::Idle)
        .await?;
    let (new, _) = stage.session().transcript_since(seen);
    let notes: Vec<&str> = (new.iter())
        .filter(|line| line.kind == TranscriptKind::Note)
        .map(|line| line.text.as_str())
        // Of a packet that got no answer it is said why, which is no remark (`tests/why.rs`).
        .filter(|note| !note.starts_with("Why: "))
        .collect();
    ensure!(
        notes.join("\n") == wanted,
        "{line}\nsaid: {notes:#?}\nwanted: {wanted}\nprinted: {new:#?}"
    );
    Ok(())
}
