//! What a learner has done, kept in `$XDG_STATE_HOME/tutor` from one run to the next.
//!
//! Nothing here stops a lesson. What cannot be read counts as nothing done, a damaged file is set
//! aside, what a later version has written is left alone, and what cannot be written is said once.

pub mod bundle;
pub mod course;
pub mod desk;
pub mod disk;
mod history;
pub mod keeper;
pub mod place;
pub mod record;
#[cfg(test)]
mod scratch;
pub mod store;

pub use course::{Continued, Course};
pub use desk::{Desk, Start};
pub use keeper::Keeper;
pub use place::Key;
pub use record::Record;
pub use store::{Found, Overview, Store};
