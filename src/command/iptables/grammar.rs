//! `iptables …`

use super::Iptables;
use crate::command::ParseError;
use crate::command::kit::Cursor;

/// What stands behind `iptables`.
pub(in crate::command) fn iptables(c: &mut Cursor) -> Result<Iptables, ParseError> {
    Err(c.unexpected())
}
