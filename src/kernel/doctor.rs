//! What this machine can do, found out by really doing it in a throw-away sandbox.

pub mod cure;
mod refusal;
mod trial;

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::Context;
use serde::Serialize;

use super::sandbox::{Refused, guard};
use crate::lesson::Need;

pub use refusal::explain_refusal;

/// How the table is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// Exit status when all was tried and something is missing.
const MISSING: u8 = 1;
/// Exit status when no sandbox can be made.
const REFUSED: u8 = 2;

/// Everything that a lesson may need, in the order of the table.
const NEEDS: [Need; 8] = [
    Need::Veth,
    Need::Bridge,
    Need::Nat,
    Need::Conntrack,
    Need::Icmp,
    Need::Capture,
    Need::Vxlan,
    Need::Macvlan,
];

/// One thing tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Trial {
    /// What a lesson calls it.
    name: &'static str,
    /// What it is for.
    what: &'static str,
    /// Does it work?
    works: bool,
    /// Why not, or what is to be known though it does.
    note: Option<String>,
    /// The line that helps.
    help: Option<String>,
}

/// What the JSON holds.
#[derive(Serialize)]
struct Findings<'a> {
    /// Its release, as `uname -r` says it.
    kernel: &'a str,
    /// Was the program started by root?
    root: bool,
    trials: &'a [Trial],
}

/// Tries everything and prints a table. Call it while the process has one thread.
///
/// The status is 0 when everything works, 1 when something that lessons may need is missing, and 2
/// when no sandbox can be made here.
///
/// # Errors
/// When nothing can be printed, or the sandbox fails for another reason than a refusal.
pub fn run(format: Format) -> anyhow::Result<u8> {
    // Within the sandbox everybody is root.
    let root = nix::unistd::geteuid().is_root();
    match guard(|| report(format, root, &all())) {
        Err(error) => match error.downcast_ref::<Refused>() {
            Some(refused) => report(format, root, &[no_sandbox(refused)]).map(|_| REFUSED),
            None => Err(error),
        },
        done => done,
    }
}

/// Which of these the kernel lacks or refuses, each with a sentence. To be called in a sandbox.
pub fn missing(needs: &[Need]) -> Vec<(Need, String)> {
    let failed = |need: &Need| trial::attempt(*need).err().map(|why| (*need, why));
    needs
        .iter()
        .filter_map(failed)
        .map(|(need, why)| {
            let help = cure::cure(need, &why);
            (need, format!("{}: {why}. {help}", need.name()))
        })
        .collect()
}

/// What it is for.
fn what(need: Need) -> &'static str {
    match need {
        Need::Veth => "virtual cables",
        Need::Bridge => "virtual switches",
        Need::Nat => "address translation by nf_tables",
        Need::Conntrack => "following connections",
        Need::Icmp => "pings",
        Need::Capture => "captures",
        Need::Vxlan => "Ethernet over UDP tunnels",
        Need::Macvlan => "more hardware addresses on one device",
    }
}

/// Everything, tried in this sandbox. That we are in one is the first finding.
fn all() -> Vec<Trial> {
    let mut trials = vec![
        Trial {
            name: "sandbox",
            what: "namespaces of our own: user, mount, process, network",
            works: true,
            note: None,
            help: None,
        },
        settings(),
    ];
    trials.extend(NEEDS.map(|need| {
        let tried = trial::attempt(need);
        Trial {
            name: need.name(),
            what: what(need),
            works: tried.is_ok(),
            help: tried.as_ref().err().map(|why| cure::cure(need, why)),
            note: tried.unwrap_or_else(Some),
        }
    }));
    trials
}

/// Settings are not a lesson's `needs`, since any kernel has them; a container may close them.
fn settings() -> Trial {
    let note = trial::settings().err();
    Trial {
        name: "settings",
        what: "sysctls of a network namespace",
        works: note.is_none(),
        help: note.as_ref().map(|_| cure::OPEN_PROC.to_owned()),
        note,
    }
}

fn no_sandbox(refused: &Refused) -> Trial {
    let refusal = refusal::now(refused.errno);
    Trial {
        name: "sandbox",
        what: "namespaces of our own: user, mount, process, network",
        works: false,
        note: Some(format!("{refused:#}\n{}", refusal.cause)),
        help: Some(refusal.help),
    }
}

/// Prints the table; 0 if everything works.
fn report(format: Format, root: bool, trials: &[Trial]) -> anyhow::Result<u8> {
    let uname = nix::sys::utsname::uname().context("the kernel does not say what it is")?;
    let kernel = uname.release().to_string_lossy();
    let text = match format {
        Format::Human => table(&kernel, trials),
        Format::Json => {
            let findings = Findings {
                kernel: &kernel,
                root,
                trials,
            };
            serde_json::to_string_pretty(&findings)? + "\n"
        }
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("the table cannot be printed")?;
    let works = trials.iter().all(|trial| trial.works);
    Ok(if works { 0 } else { MISSING })
}

/// The table for people.
fn table(kernel: &str, trials: &[Trial]) -> String {
    let mut text = format!("Linux {kernel}: what lessons need, tried in a sandbox\n\n");
    for trial in trials {
        let verdict = if trial.works { "works" } else { "MISSING" };
        // Writing to a string does not fail.
        writeln!(text, "  {:<10} {verdict:<8} {}", trial.name, trial.what).ok();
        let notes = trial.note.iter().chain(&trial.help);
        for line in notes.flat_map(|note| note.lines()) {
            writeln!(text, "  {:19} {line}", "").ok();
        }
    }
    let missing = trials.iter().filter(|trial| !trial.works).count();
    let summary = match missing {
        0 => "Every lesson can be taught here.".to_owned(),
        _ if trials.len() == 1 => "No lesson can be taught here as it stands.".to_owned(),
        _ => format!(
            "{missing} of {} is missing; lessons that need it say so.",
            trials.len()
        ),
    };
    text + "\n" + &summary + "\n"
}
