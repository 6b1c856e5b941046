//! A terminal that is drawn to in memory: nothing here waits for a real one, or asks it anything.

use std::io;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Bytes of the frames drawn since they were last taken. Drawing what is already there leaves none.
#[derive(Debug)]
pub(crate) struct Memory {
    bytes: Vec<u8>,
    size: Size,
    /// The terminal shows its cursor.
    visible: bool,
    /// Where, once it was put somewhere since it became visible or cells were written.
    at: Option<Position>,
}

impl Memory {
    pub(crate) const fn new(columns: u16, rows: u16) -> Self {
        Self { bytes: Vec::new(), size: Size::new(columns, rows), visible: false, at: None }
    }

    pub(crate) const fn resize(&mut self, columns: u16, rows: u16) {
        self.size = Size::new(columns, rows);
    }

    /// The frame, to be written in one go; `None` when nothing changed.
    pub(crate) fn take(&mut self) -> Option<Vec<u8>> {
        (!self.bytes.is_empty()).then(|| std::mem::take(&mut self.bytes))
    }

    fn with<T>(&mut self, write: impl FnOnce(&mut CrosstermBackend<&mut Vec<u8>>) -> T) -> T {
        write(&mut CrosstermBackend::new(&mut self.bytes))
    }
}

impl Backend for Memory {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_some() {
            self.with(|backend| backend.draw(content))?;
            // Writing cells moved it.
            self.at = None;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.visible) {
            self.with(|backend| backend.hide_cursor())?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.visible, true) {
            self.at = None;
            self.with(|backend| backend.show_cursor())?;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        // Where an invisible cursor stands is nobody's business.
        if self.visible && self.at != Some(position) {
            self.with(|backend| backend.set_cursor_position(position))?;
            self.at = Some(position);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.with(|backend| backend.clear_region(clear_type))
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::text::Line;

    use super::*;

    fn drawn(terminal: &mut Terminal<Memory>, text: &str, cursor: Option<(u16, u16)>) -> Option<String> {
        let frame = |frame: &mut ratatui::Frame<'_>| {
            frame.render_widget(Line::from(text), frame.area());
            if let Some(cursor) = cursor {
                frame.set_cursor_position(cursor);
            }
        };
        terminal.draw(frame).unwrap();
        terminal.backend_mut().take().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn the_same_picture_twice_writes_nothing() {
        let mut terminal = Terminal::new(Memory::new(20, 2)).unwrap();
        assert!(drawn(&mut terminal, "hello", None).unwrap().contains("hello"));
        assert_eq!(drawn(&mut terminal, "hello", None), None);
        assert!(drawn(&mut terminal, "hello", Some((2, 0))).unwrap().contains("\u{1b}[1;3H"));
        assert_eq!(drawn(&mut terminal, "hello", Some((2, 0))), None);
        let changed = drawn(&mut terminal, "hallo", Some((2, 0))).unwrap();
        assert!(changed.ends_with("\u{1b}[1;3H"), "the cursor goes back: {changed:?}");
        assert!(drawn(&mut terminal, "hallo", None).unwrap().contains("\u{1b}[?25l"));
    }

    #[test]
    fn a_terminal_is_never_asked_where_its_cursor_is() {
        let mut terminal = Terminal::new(Memory::new(20, 2)).unwrap();
        drawn(&mut terminal, "hello", None);
        terminal.clear().unwrap();
        terminal.backend_mut().resize(10, 2);
        let again = drawn(&mut terminal, "hello", None).unwrap();
        assert!(again.contains("hello") && !again.contains("\u{1b}[6n"));
    }
}
