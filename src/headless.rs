//! Without a screen: lists, tests and lint, for terminals, pipes and CI.

pub mod answers;
mod choose;
mod columns;
pub mod footprint;
pub mod lint;
pub mod list;
pub mod map;
pub mod plain;
pub mod play;
pub mod progress;
pub mod ps;
pub mod report;
pub mod say;
pub mod shell;
pub mod stage;
pub mod test;
pub mod trial;
pub mod why;
