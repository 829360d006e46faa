//! What a key or the mouse asks the program for.

use crate::session::Action;

/// A wish of the learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Nothing that the program knows.
    Nothing,
    /// Leave the program.
    Quit,
    /// Something of the lesson under way.
    Do(Action),
    /// Another lesson, by its id.
    Teach(String),
    /// The menu.
    Menu,
}
