//! The terminal itself: raw mode, the alternate screen, the mouse; all given back on every way out.

use std::io::{self, Stdout};
use std::time::Duration;

use anyhow::{Context, Result};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::screen::Screen;
use crate::cli::{Background, ScreenOptions};
use crate::kernel::terminal::Look;
use crate::session::Area;
use crate::theme::{self, Theme};
use crate::ui;

/// A terminal that is asked for its background gets so long; most answer within a millisecond.
const ANSWER: Duration = Duration::from_millis(100);

/// Colours that a terminal mostly has: of text on a dark background, and of the backgrounds. Which of
/// the two it is was asked for; more is not known.
const LIGHT: (u8, u8, u8) = (0xd0, 0xd0, 0xd0);
const BLACK: (u8, u8, u8) = (0, 0, 0);
const WHITE: (u8, u8, u8) = (0xff, 0xff, 0xff);

/// The terminal while it is ours.
pub struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<Stdout>>,
    theme: Theme,
    screenshot: Option<std::path::PathBuf>,
    picture: Option<String>,
}

impl Terminal {
    /// Takes the terminal.
    ///
    /// # Errors
    /// If it refuses raw mode.
    pub fn open(options: &ScreenOptions) -> Result<Self> {
        let theme = detect(options.background);
        restore_on_panic();
        enable_raw_mode().context("setting the terminal to raw mode")?;
        let mut out = io::stdout();
        execute!(
            out,
            EnterAlternateScreen,
            EnableMouseCapture,
            EnableBracketedPaste,
            cursor::Hide
        )
        .context("taking the screen")?;
        let inner =
            ratatui::Terminal::new(CrosstermBackend::new(out)).context("taking the screen")?;
        Ok(Self {
            inner,
            theme,
            screenshot: options.screenshot.clone(),
            picture: None,
        })
    }

    /// How it looks, for programs that run in it.
    pub fn look(&self) -> Look {
        let (ink, paper) = match self.theme.background {
            theme::Background::Dark => (LIGHT, BLACK),
            theme::Background::Light => (BLACK, WHITE),
        };
        Look {
            ink,
            paper,
            all_colors: self.theme.depth == theme::Depth::True,
        }
    }

    /// Draws one frame; where the panes are.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn draw(&mut self, screen: &mut Screen) -> Result<Vec<Area>> {
        let mut areas = Vec::new();
        let frame = self
            .inner
            .draw(|frame| areas = screen.draw(self.theme, frame))
            .context("drawing")?;
        if self.screenshot.is_some() {
            self.picture = Some(ui::svg::svg(frame.buffer, self.theme.background));
        }
        Ok(areas)
    }

    /// Forgets what was drawn, so that the next frame is drawn whole. A terminal that was made
    /// smaller and larger again has lost part of it, though its size is what it was.
    ///
    /// # Errors
    /// If the terminal does not tell its size or cannot be written to.
    pub fn redraw(&mut self) -> Result<()> {
        let size = self
            .inner
            .size()
            .context("asking for the terminal's size")?;
        self.inner
            .resize(Rect::from((Position::ORIGIN, size)))
            .context("clearing the screen")
    }

    /// Gives the terminal back, and writes the picture if one was asked for.
    ///
    /// # Errors
    /// If either cannot be written.
    pub fn close(mut self) -> Result<()> {
        give_back();
        match (self.screenshot.take(), self.picture.take()) {
            (Some(path), Some(svg)) => super::save_picture(&path, &svg),
            _ => Ok(()),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Puts everything back. On the way out there is nobody left to tell of an error.
fn give_back() {
    let _ = disable_raw_mode();
    let _ = execute!(
        io::stdout(),
        DisableBracketedPaste,
        DisableMouseCapture,
        LeaveAlternateScreen,
        cursor::Show
    );
}

/// A panic's message must not be lost on the alternate screen.
fn restore_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        before(info);
    }));
}

/// Listens for SIGWINCH, which also comes when the program goes on after a stop: either way what
/// stood on the screen may be lost.
///
/// # Errors
/// If the kernel refuses a handler.
pub fn resizes() -> Result<Signal> {
    signal(SignalKind::window_change()).context("listening for SIGWINCH")
}

fn detect(background: Background) -> Theme {
    let env = |name: &str| std::env::var(name).ok();
    let theme = Theme::detect(env, None);
    let asked = match background {
        Background::Dark => Some(theme::Background::Dark),
        Background::Light => Some(theme::Background::Light),
        Background::Auto if env("COLORFGBG").is_some() => None,
        Background::Auto => ask_background(),
    };
    Theme {
        background: asked.unwrap_or(theme.background),
        ..theme
    }
}

/// Asks the terminal for its background (OSC 11); `None` where it does not say.
fn ask_background() -> Option<theme::Background> {
    let mut options = QueryOptions::default();
    options.timeout = ANSWER;
    match theme_mode(options).ok()? {
        ThemeMode::Dark => Some(theme::Background::Dark),
        ThemeMode::Light => Some(theme::Background::Light),
    }
}
