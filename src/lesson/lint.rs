//! What the types of a lesson cannot say.
