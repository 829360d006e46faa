//! Where lessons are found: embedded, a path, or `TUTOR_LESSONS`.
