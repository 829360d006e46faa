//! What every verb's grammar is written with.
//!
//! A grammar is a function that walks a [`Cursor`] along the words of a line, choosing among
//! tables of [`Key`]s and reading [`Slot`]s. One walk yields three things: the command, the
//! explanation of each word (every key and slot carries its meaning), and, where the words end or
//! make no sense, what could have stood there.

mod cursor;
mod flags;
mod help;
mod key;
mod named;
mod prefix;
mod slot;
mod value;

pub(crate) use cursor::{Cursor, Seen};
pub(crate) use flags::{Flag, Given, flag};
pub(crate) use key::{Key, exact, foreign, foreign_exact, prefix};
pub use named::Named;
pub(crate) use prefix::{Net, bits, family, net, of_family};
pub use slot::{Candidate, Slot};
pub(crate) use value::Bad;
pub(crate) use value::{device, host_address, mac, namespace, number};
