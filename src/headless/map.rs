//! `tutor map`: the map of a running session.

use anyhow::{Context, Result};
use clap::ValueEnum;

use super::answers::Handed;
use super::choose::choose;
use super::say::say;
use crate::cli::MISUSE;
use crate::kernel::rendezvous::Found;
use crate::map::{Look, dot, draw, mermaid, svg};
use crate::world::Ns;

/// How a map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MapFormat {
    /// A picture of characters.
    Text,
    /// For graphviz.
    Dot,
    /// For Markdown with Mermaid.
    Mermaid,
    /// A picture for slides.
    Svg,
}

/// Columns of the picture where nobody says how many there are.
const COLUMNS: u16 = 100;
/// Rows of it: paper is long.
const ROWS: u16 = 60;

/// Prints the map of the session `pid`, or of the one that runs.
///
/// # Errors
/// If the session has ended or refuses.
pub fn run(pid: Option<i32>, format: MapFormat, ascii: bool) -> Result<u8> {
    let found = Found::look()?;
    let Some(session) = choose(&found, pid) else {
        return Ok(MISUSE);
    };
    let Handed { map, seats } = serde_json::from_value(session.map()?)
        .context("the session's map is not understood; is it another version?")?;
    let seats: Vec<Option<Ns>> = (seats.into_iter())
        .map(|seat| seat.map(Ns::Named))
        .collect();
    let columns = crossterm::terminal::size().map_or(COLUMNS, |(columns, _)| columns);
    let look = Look {
        room: (columns, ROWS),
        seats: &seats,
        unicode: !ascii,
        ..Look::default()
    };
    say(&match format {
        MapFormat::Text => draw(&map, &look).text_lines().join("\n") + "\n",
        MapFormat::Dot => dot(&map),
        MapFormat::Mermaid => mermaid(&map),
        MapFormat::Svg => svg(&map, &look),
    })?;
    Ok(0)
}
