//! The sandbox as a picture: namespaces as boxes, veth pairs as cables, bridges as switches.
//!
//! Pure: the same world gives the same picture, and the layout stays put when something is added.
//! [`model()`] says what there is and how it is plugged; `plan` gives every box and every row its
//! place, `route` leads the cables through the channels between them, and [`draw()`] puts all of it
//! on a [`Canvas`] of cells. The other formats ([`dot`], [`mermaid`], [`svg`]) are written from the
//! same model, and none of them trusts a name.

mod cables;
mod canvas;
mod draw;
mod format;
mod model;
mod plan;
mod route;
mod rows;
mod summary;
#[cfg(test)]
mod tests;
mod walk;

pub use canvas::{Canvas, Ink, Run};
pub use draw::{Look, draw};

pub use format::{dot, mermaid, svg};
pub use model::{Cable, Device, End, Kind, Map, Port, Role, Space, State, model};
pub use plan::Detail;
pub use walk::{Crossing, Walk, number, walk};

/// More named namespaces than this are listed, not drawn: no screen holds so many boxes.
pub const MOST: usize = 12;
