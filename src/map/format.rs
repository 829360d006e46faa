//! The map in the languages of other programs.
