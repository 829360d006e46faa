//! Why no answer came: the first thing that is wrong on the way.

use super::hop::Hop;
use super::{Diagnosis, Evidence};

/// The earliest cause; nothing where an answer came.
pub(super) fn diagnose(_evidence: &Evidence, _way: &[Hop]) -> Option<Diagnosis> {
    None
}
