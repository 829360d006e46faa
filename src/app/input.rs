//! What a key or the mouse asks the program for.

use crate::progress::Start;
use crate::session::Action;
use crate::session::shell::input::Input;

/// A wish of the learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Nothing that the program knows.
    Nothing,
    /// Leave the program.
    Quit,
    /// Something of the lesson under way.
    Do(Action),
    /// Something for the learner's shell.
    Type(Input),
    /// Text for its prompt.
    Paste(String),
    /// Another lesson, by its id.
    Teach(String, Start),
    /// The menu.
    Menu,
}
