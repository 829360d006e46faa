//! The sandbox as a picture: namespaces as boxes, veth pairs as cables, bridges as switches.
//!
//! Pure: the same world gives the same picture, and the layout stays put when something is added.
