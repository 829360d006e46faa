//! `ip rule …`

use super::Policy;
use crate::command::kit::{Cursor, Key, foreign, prefix};
use crate::command::{ParseError, View};

// The order of iprule.c.
const VERBS: &[Key<()>] = &[
    prefix("list", (), "show them"),
    prefix("lst", (), "show them"),
    prefix("show", (), "show them"),
    foreign("save"),
    foreign("restore"),
    foreign("add"),
    foreign("delete"),
    foreign("flush"),
];

/// What stands behind `ip rule`.
pub(in crate::command) fn rule(c: &mut Cursor, view: View) -> Result<Policy, ParseError> {
    if c.choose(VERBS)?.is_none() && !c.at_end() {
        return Err(c.unexpected());
    }
    c.finish()?;
    Ok(Policy { view })
}
