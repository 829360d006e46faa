//! What the kernel refused, in the C library's words.

use std::io;

/// A call that the kernel refused while a socket was made ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// errno, where there is one.
    pub errno: Option<i32>,
    /// The call, and why.
    pub text: String,
}

impl Refused {
    /// A refusal of this call.
    pub fn of(call: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let call = call.into();
        move |error| Self {
            errno: error.raw_os_error(),
            text: format!("{call}: {}", reason(&error)),
        }
    }

    /// A refusal without an errno.
    pub fn plain(text: String) -> Self {
        Self { errno: None, text }
    }
}

/// The C library's words for an errno, without the number that Rust adds.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}
