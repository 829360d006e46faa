//! Bytes of every kind and filters of every kind: nothing that arrives, and nothing that is typed,
//! makes the reading of packets panic or run on.

#[path = "support/filters.rs"]
mod filters;
#[path = "support/frames.rs"]
mod frames;

mod packet {
    pub mod bytes;
    pub mod language;
}
