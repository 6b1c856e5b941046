//! Rows as aligned text, as psql shows them.

/// Rows that decide the widths of the columns; later ones are only as aligned as these make them.
const SAMPLE: usize = 200;

/// Collects the rows of one statement and prints them as they come.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<String>,
    widths: Vec<usize>,
    waiting: Vec<Vec<String>>,
    begun: bool,
    rows: u64,
}

impl Table {
    pub(super) fn columns(&mut self, columns: Vec<String>) {
        *self = Self { widths: columns.iter().map(|name| width(name)).collect(), columns, ..Self::default() };
    }

    /// A row, NULL as nothing; gives what is to be printed now.
    pub(super) fn row(&mut self, row: Vec<String>) -> String {
        self.rows += 1;
        if self.begun {
            return self.line(&row);
        }
        for (widest, field) in self.widths.iter_mut().zip(&row) {
            *widest = (*widest).max(width(field));
        }
        self.waiting.push(row);
        if self.waiting.len() < SAMPLE { String::new() } else { self.flush() }
    }

    /// The end of the statement. `affected` is what the server counted.
    pub(super) fn end(&mut self, affected: u64) -> String {
        let mut text = self.flush();
        if self.columns.is_empty() {
            text.push_str(&format!("ok, {}\n", counted(affected)));
        } else {
            text.push_str(&format!("({})\n", counted(self.rows)));
        }
        *self = Self::default();
        text
    }

    fn flush(&mut self) -> String {
        let mut text = String::new();
        if !self.begun && !self.columns.is_empty() {
            text.push_str(&self.line(&self.columns));
            let rules: Vec<String> = self.widths.iter().map(|width| "-".repeat(width + 2)).collect();
            text.push_str(&rules.join("+"));
            text.push('\n');
        }
        self.begun = true;
        for row in std::mem::take(&mut self.waiting) {
            text.push_str(&self.line(&row));
        }
        text
    }

    fn line(&self, row: &[String]) -> String {
        let fields: Vec<String> =
            row.iter().zip(&self.widths).map(|(field, width)| format!(" {field:<width$} ")).collect();
        format!("{}\n", fields.join("|").trim_end())
    }
}

fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_under_their_columns() {
        let mut table = Table::default();
        table.columns(vec!["name".to_owned(), "lag".to_owned()]);
        let mut text = table.row(vec!["orders-db".to_owned(), "1.2s".to_owned()]);
        text += &table.row(vec!["x".to_owned(), String::new()]);
        text += &table.end(2);
        assert_eq!(text, " name      | lag\n-----------+------\n orders-db | 1.2s\n x         |\n(2 rows)\n");
        assert_eq!(Table::default().end(1), "ok, 1 row\n");
    }
}
