//! Drawing: `draw(&Session, &Theme, &mut Frame)`, one file a pane.
