//! `tutor progress`: what is known of what the learner has done; forgetting it, and moving it to
//! another machine.

mod carry;
mod table;

use std::io::{self, BufRead, IsTerminal, Read};

use anyhow::{Context, Result};

use super::say::{complain, say};
use crate::cli::{ListFormat, MISUSE};
use crate::progress::{Key, Store};

pub use carry::{export, import};

/// An answer of more bytes is none.
const ANSWER: u64 = 100;

/// The learner's state directory.
fn store() -> Result<Store> {
    Store::find().context("there is no progress: neither XDG_STATE_HOME nor HOME names a directory")
}

/// Shows it.
///
/// # Errors
/// If it cannot be written to standard output.
pub fn show(format: ListFormat) -> Result<u8> {
    let store = store()?;
    let overview = store.overview();
    let known = table::known(&overview.records);
    say(&match format {
        ListFormat::Human => table::human(&known),
        ListFormat::Json => {
            let json = table::json(&store, &known, &overview.troubles);
            serde_json::to_string_pretty(&json)? + "\n"
        }
    })?;
    for trouble in overview.troubles {
        complain(&format!("tutor: {trouble}\n"));
    }
    Ok(0)
}

/// Forgets a lesson, or all, once the learner has said yes. The prompt's history stays.
///
/// # Errors
/// If something cannot be removed.
pub fn reset(lesson: Option<&str>, sure: bool) -> Result<u8> {
    let store = store()?;
    let known = store.known();
    let keys: Vec<Key> = match lesson {
        None => known.into_iter().collect(),
        Some(name) => {
            let key = Key::of_argument(name).filter(|key| known.contains(key));
            key.into_iter().collect()
        }
    };
    if keys.is_empty() {
        say(&match lesson {
            None => "Nothing is known of any lesson.\n".to_owned(),
            Some(name) => format!("Nothing is known of a lesson `{}`.\n", name.escape_debug()),
        })?;
        return Ok(0);
    }
    let names: Vec<&str> = keys.iter().map(Key::as_str).collect();
    let names = names.join(", ");
    if !sure {
        if !io::stdin().is_terminal() {
            complain("tutor: there is no terminal to ask at; with --yes it is not asked\n");
            return Ok(MISUSE);
        }
        say(&format!("Forget how far you are with {names}? [y/N] "))?;
        if !says_yes()? {
            say("Nothing is forgotten.\n")?;
            return Ok(1);
        }
    }
    for key in &keys {
        store.forget(key)?;
    }
    say(&format!("Forgotten: {names}.\n"))?;
    Ok(0)
}

fn says_yes() -> Result<bool> {
    let mut answer = Vec::new();
    io::stdin()
        .lock()
        .take(ANSWER)
        .read_until(b'\n', &mut answer)
        .context("reading the answer")?;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim();
    Ok(answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"))
}
