//! A block of SQL as its statements, sent one after the other so that each has its own answer.

use super::lex::{Kind, Token, Unclosed, tokens};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SplitError {
    #[error(transparent)]
    Unclosed(#[from] Unclosed),
    #[error("`\\{0}` is a command of psql, not SQL")]
    Psql(String),
    #[error("there is no statement in it")]
    Empty,
}

/// The statements of a block, without their semicolons and without comments between them.
pub(crate) fn split(sql: &str) -> Result<Vec<&str>, SplitError> {
    let mut statements = Vec::new();
    let mut current = Statement::default();
    for token in tokens(sql)? {
        match token.kind {
            Kind::Comment => {}
            Kind::Backslash => {
                let command = sql[token.range.end..].split(char::is_whitespace).next().unwrap_or_default();
                return Err(SplitError::Psql(command.to_owned()));
            }
            Kind::Semicolon if current.complete() => {
                statements.extend(current.text(sql));
                current = Statement::default();
            }
            _ => current.add(&token, &sql[token.range.clone()]),
        }
    }
    statements.extend(current.text(sql));
    if statements.is_empty() { Err(SplitError::Empty) } else { Ok(statements) }
}

#[derive(Default)]
struct Statement {
    start: Option<usize>,
    end: usize,
    brackets: usize,
    names: usize,
    /// `CREATE FUNCTION` or `PROCEDURE`: its body may be statements between `BEGIN ATOMIC` and `END`.
    creates: bool,
    routine: bool,
    blocks: usize,
}

impl Statement {
    fn complete(&self) -> bool {
        self.brackets == 0 && self.blocks == 0
    }

    fn text<'a>(&self, sql: &'a str) -> Option<&'a str> {
        self.start.map(|start| &sql[start..self.end])
    }

    fn add(&mut self, token: &Token, text: &str) {
        self.start.get_or_insert(token.range.start);
        self.end = token.range.end;
        match token.kind {
            Kind::Open => self.brackets += 1,
            Kind::Close => self.brackets = self.brackets.saturating_sub(1),
            Kind::Name => self.name(&text.to_ascii_lowercase()),
            _ => {}
        }
    }

    fn name(&mut self, name: &str) {
        self.names += 1;
        match name {
            "create" if self.names == 1 => self.creates = true,
            // `CREATE OR REPLACE FUNCTION` has it fourth.
            "function" | "procedure" if self.creates && self.names <= 4 => self.routine = true,
            "begin" if self.routine => self.blocks += 1,
            "case" if self.blocks > 0 => self.blocks += 1,
            "end" => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_where_the_server_says_they_do() {
        for (sql, statements) in [
            ("SELECT 1; SELECT 2;", vec!["SELECT 1", "SELECT 2"]),
            ("SELECT ';''x', \"a;b\"; SELECT 2", vec!["SELECT ';''x', \"a;b\"", "SELECT 2"]),
            (r"SELECT E'\';'; SELECT '\'; SELECT 3", vec![r"SELECT E'\';'", r"SELECT '\'", "SELECT 3"]),
            ("DO $$ BEGIN; END $$; SELECT $a$ $$;$b$ $a$", vec!["DO $$ BEGIN; END $$", "SELECT $a$ $$;$b$ $a$"]),
            ("SELECT $1; SELECT a$b$c; SELECT 2", vec!["SELECT $1", "SELECT a$b$c", "SELECT 2"]),
            ("-- a; b\nSELECT 1 -- c;\n; /* x; /* y; */ ; */ SELECT 2", vec!["SELECT 1", "SELECT 2"]),
            ("CREATE RULE r AS ON INSERT TO t DO (a; b); c", vec!["CREATE RULE r AS ON INSERT TO t DO (a; b)", "c"]),
            (
                "CREATE OR REPLACE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; SELECT 2; END; SELECT 3",
                vec![
                    "CREATE OR REPLACE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; SELECT 2; END",
                    "SELECT 3",
                ],
            ),
            ("BEGIN; UPDATE t SET a = 1; END;", vec!["BEGIN", "UPDATE t SET a = 1", "END"]),
            (";; SELECT 'é' ;", vec!["SELECT 'é'"]),
        ] {
            assert_eq!(split(sql).unwrap(), statements, "{sql}");
        }
    }

    #[test]
    fn what_is_not_whole_is_refused_before_anything_is_sent() {
        assert_eq!(split("SELECT 'a"), Err(Unclosed::Quote.into()));
        assert_eq!(split("SELECT $x$ a $$"), Err(Unclosed::Dollar.into()));
        assert_eq!(split("/* /* */ SELECT 1"), Err(Unclosed::Comment.into()));
        assert_eq!(split("\\echo hi"), Err(SplitError::Psql("echo".to_owned())));
        assert_eq!(split(" -- nothing\n;"), Err(SplitError::Empty));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_split_or_refused(sql in r#"([;'$"()\\/*-]|--|\$\$|\$a\$|E'|BEGIN |\PC){0,40}"#) {
            let mut rest = sql.as_str();
            for statement in split(&sql).unwrap_or_default() {
                let at = rest.find(statement).unwrap();
                rest = &rest[at + statement.len()..];
            }
        }
    }
}
