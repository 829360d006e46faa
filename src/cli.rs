//! argv -> what to do.
