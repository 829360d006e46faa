//! The TOML of a lesson, as serde reads it.
