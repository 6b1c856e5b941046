//! A line of text being typed.

/// One line and its cursor. Control characters never get in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
    /// In bytes, on a character boundary.
    cursor: usize,
}

impl Field {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text }
    }
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    /// What stands before and after the cursor.
    #[must_use]
    pub fn split(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }
    pub fn set(&mut self, text: impl Into<String>) {
        *self = Self::new(text);
    }
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn insert(&mut self, c: char) {
        if !c.is_control() {
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }
    /// Line breaks become spaces: what is pasted is text.
    pub fn insert_text(&mut self, text: &str) {
        for c in text.trim_end_matches(['\r', '\n']).chars() {
            self.insert(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
        }
    }
    pub fn backspace(&mut self) {
        if let Some(before) = self.text[..self.cursor].chars().next_back() {
            self.cursor -= before.len_utf8();
            self.text.remove(self.cursor);
        }
    }
    pub fn delete(&mut self) {
        if self.cursor < self.text.len() {
            self.text.remove(self.cursor);
        }
    }
    /// Ends before the word the cursor stands after.
    pub fn delete_word(&mut self) {
        let head = self.text[..self.cursor].trim_end();
        let start = head.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }
    pub fn left(&mut self) {
        if let Some(before) = self.text[..self.cursor].chars().next_back() {
            self.cursor -= before.len_utf8();
        }
    }
    pub fn right(&mut self) {
        if let Some(after) = self.text[self.cursor..].chars().next() {
            self.cursor += after.len_utf8();
        }
    }
    pub const fn home(&mut self) {
        self.cursor = 0;
    }
    pub const fn end(&mut self) {
        self.cursor = self.text.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_and_deleting_keep_to_characters() {
        let mut field = Field::new("zürich");
        field.left();
        field.backspace();
        field.insert('X');
        assert_eq!(field.split(), ("züriX", "h"));
        field.home();
        field.delete();
        field.right();
        field.delete_word();
        assert_eq!(field.text(), "riXh");
        field.end();
        field.insert('\n');
        assert_eq!(field.split(), ("riXh", ""));
    }

    #[test]
    fn pasted_line_breaks_are_spaces() {
        let mut field = Field::default();
        field.insert_text("a\r\nb\tc\u{1b}[31m\n");
        assert_eq!(field.text(), "a  b c[31m");
    }
}
