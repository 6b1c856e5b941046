//! Plain questions on plain lines: they work over any connection, in any terminal, and for a screen reader.

use std::io::{self, BufRead, Write};

use domain::untrusted::sanitise_line;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error("the input ended")]
    Input,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What came of a question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<T> {
    /// Enter: what stood in the brackets.
    Same,
    /// A lone `-`.
    Nothing,
    Is(T),
}

/// Somebody who asks.
pub(super) struct Asker<'a> {
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
}

impl<'a> Asker<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead, out: &'a mut dyn Write) -> Self {
        Self { input, out }
    }

    /// Words between questions.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Ended> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// Asks until the answer is one: what `read` refuses is said, and asked again.
    pub(super) fn ask<T>(
        &mut self,
        question: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Answer<T>, Ended> {
        loop {
            let brackets = if default.is_empty() { String::new() } else { format!(" [{}]", sanitise_line(default)) };
            write!(self.out, "{question}{brackets}: ")?;
            self.out.flush()?;
            let mut line = String::new();
            match self.input.read_line(&mut line) {
                Ok(0) => return Err(Ended::Input),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    self.say("  That is not UTF-8 text.")?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            let answer = sanitise_line(line.trim());
            match answer.as_str() {
                "" => return Ok(Answer::Same),
                "-" => return Ok(Answer::Nothing),
                answer => match read(answer) {
                    Ok(value) => return Ok(Answer::Is(value)),
                    Err(why) => self.say(&format!("  {}", sanitise_line(&why)))?,
                },
            }
        }
    }
}
