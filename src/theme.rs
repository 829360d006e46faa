//! Colours and signs by meaning.
