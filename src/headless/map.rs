//! `tutor map`: the map of a running session.

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use super::answers::{Followed, Handed};
use super::choose::choose;
use super::say::say;
use crate::cli::MISUSE;
use crate::kernel::rendezvous::Found;
use crate::map::{Look, Map, dot, draw, mermaid, svg};
use crate::session::transcript::clean;
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

/// What is to be printed.
#[derive(Args, Debug)]
pub struct MapWish {
    /// Which session, where several run: its PID (see `tutor ps`)
    #[arg(long, value_name = "PID")]
    session: Option<i32>,
    /// How
    #[arg(long, value_enum, default_value = "text")]
    format: MapFormat,
    /// Draw with ASCII characters only
    #[arg(long)]
    ascii: bool,
    /// Leave out the way of the packet that was followed last
    #[arg(long)]
    no_way: bool,
}

/// Columns of the picture where nobody says how many there are.
const COLUMNS: u16 = 100;
/// Rows of it: paper is long.
const ROWS: u16 = 60;

/// Prints the map of a running session, and on it the way of the packet that was followed last there,
/// numbered cable by cable. The namespace that is chosen there is not marked: that is about the
/// screen, of which nothing else is seen here.
///
/// # Errors
/// If the session has ended or refuses.
pub fn run(wish: &MapWish) -> Result<u8> {
    let found = Found::look()?;
    let Some(session) = choose(&found, wish.session) else {
        return Ok(MISUSE);
    };
    let Handed {
        map,
        seats,
        followed,
    } = serde_json::from_value(session.map()?)
        .context("the session's map is not understood; is it another version?")?;
    let seats: Vec<Option<Ns>> = (seats.into_iter())
        .map(|seat| seat.map(Ns::Named))
        .collect();
    let columns = crossterm::terminal::size().map_or(COLUMNS, |(columns, _)| columns);
    let followed = followed.filter(|followed| !wish.no_way && followed.walk.is_seen());
    let walk = followed.as_ref().map(|followed| &followed.walk);
    let look = Look {
        room: (columns, ROWS),
        seats: &seats,
        unicode: !wish.ascii,
        walk,
        ..Look::default()
    };
    say(&match wish.format {
        MapFormat::Text => {
            let mut lines = draw(&map, &look).text_lines();
            lines.extend(followed.iter().flat_map(|it| way(&map, it, look.unicode)));
            lines.join("\n") + "\n"
        }
        MapFormat::Dot => dot(&map, walk),
        MapFormat::Mermaid => mermaid(&map, walk),
        MapFormat::Svg => svg(&map, &look),
    })?;
    Ok(0)
}

/// What the numbers on the map mean.
fn way(map: &Map, followed: &Followed, unicode: bool) -> Vec<String> {
    let Followed {
        from,
        to,
        walk,
        why,
    } = followed;
    let heading = format!("The packet that was followed last, from {from} to {to}:");
    let mut lines = vec![String::new(), heading];
    lines.extend(walk.lines(map, unicode));
    lines.extend(why.clone());
    lines.iter().map(|line| clean(line)).collect()
}
