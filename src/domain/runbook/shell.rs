//! Which variables a shell script uses, and which it sets itself. Not a shell: only quotes, comments, substitutions,
//! here-documents and assignments are understood, which is what telling `$NAME` from `'$NAME'` takes.

use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use<'a> {
    pub(crate) name: &'a str,
    pub(crate) at: usize,
    /// In double quotes, a here-document, `[[ … ]]`, arithmetic or an assignment: not split into words.
    pub(crate) quoted: bool,
    /// `${NAME:-…}` and the like: no value is needed.
    pub(crate) has_default: bool,
    /// An argument of a program: others on the machine can read it.
    pub(crate) in_arguments: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Script<'a> {
    pub(crate) uses: Vec<Use<'a>>,
    /// Names it sets: assignments, `for`, `read`, `local` and their kin.
    pub(crate) sets: BTreeSet<&'a str>,
    /// Words that stand where a command does, as far as they are plain: keywords, functions and builtins among them.
    pub(crate) commands: BTreeSet<&'a str>,
}

/// Uses of variables in a script.
pub(crate) fn uses(text: &str) -> Vec<Use<'_>> {
    read(text).uses
}

/// Reads a script.
pub(crate) fn read(text: &str) -> Script<'_> {
    let mut scanner = Scanner {
        text,
        at: 0,
        nest: Vec::new(),
        script: Script::default(),
        here: Vec::new(),
        word_start: true,
        command: Command::default(),
        assigning: false,
        in_test: false,
        builtin: false,
        named: false,
        redirected: false,
        array: None,
    };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.script
}

/// What a quote or bracket inside of which we stand waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nest {
    Double,
    Paren,
    Arithmetic,
    Brace { quoted: bool },
    Backtick,
}

/// What the words after a command's name mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Command {
    /// The next word names the command, or sets a variable.
    #[default]
    Name,
    Arguments,
    /// `for NAME`, `select NAME`: the next word is set.
    SetsOne,
    /// `read A B`, `local A=1 B`: every plain word is set.
    SetsAll,
}

struct Here<'a> {
    delimiter: &'a str,
    strip_tabs: bool,
    literal: bool,
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    nest: Vec<Nest>,
    script: Script<'a>,
    /// Here-documents whose text starts on the next line.
    here: Vec<Here<'a>>,
    word_start: bool,
    command: Command,
    /// The word that is being read is `NAME=…`.
    assigning: bool,
    in_test: bool,
    /// The command is one of the shell's own: its arguments stay inside.
    builtin: bool,
    /// What stands where the command does has begun: a value, a quoted word.
    named: bool,
    /// The next word is a file, not a command.
    redirected: bool,
    /// Inside of `NAME=(…)`: how deep its bracket stands.
    array: Option<usize>,
}

impl<'a> Scanner<'a> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let Some(c) = rest.chars().next() else { return };
        let top = self.nest.last().copied();
        let in_double = matches!(top, Some(Nest::Double | Nest::Brace { quoted: true }));
        self.named |= matches!(c, '"' | '\'' | '$' | '`') && !self.assigning;
        match c {
            '\\' => self.at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '$' => self.dollar(rest),
            '`' => self.backtick(),
            '"' if top == Some(Nest::Double) => self.pop(),
            '"' if !matches!(top, Some(Nest::Brace { quoted: true })) => self.push(Nest::Double, 1),
            '}' if matches!(top, Some(Nest::Brace { .. })) => self.pop(),
            _ if in_double => self.at += c.len_utf8(),
            '\'' => self.at += 1 + rest[1..].find('\'').map_or(rest.len() - 1, |end| end + 1),
            _ if top == Some(Nest::Arithmetic) => self.arithmetic(rest, c),
            '#' if self.word_start => self.at += rest.find('\n').unwrap_or(rest.len()),
            '\n' => self.newline(),
            ' ' | '\t' => self.gap(1),
            ';' | '|' | '&' => {
                self.gap(1);
                self.begin();
            }
            '(' if rest.starts_with("((") => self.push(Nest::Arithmetic, 2),
            '(' => {
                self.push(Nest::Paren, 1);
                if self.assigning {
                    self.array = Some(self.nest.len());
                }
                self.begin();
            }
            ')' => {
                if top == Some(Nest::Paren) {
                    self.nest.pop();
                    self.array = self.array.filter(|depth| *depth <= self.nest.len());
                    self.command = Command::Arguments;
                } else {
                    // The end of a pattern in `case`.
                    self.begin();
                }
                self.at += 1;
            }
            '<' if rest.starts_with("<<<") => {
                self.at += rest.len() - rest[3..].trim_start_matches(' ').len();
                // One word that is neither split nor an argument, like what is assigned.
                self.assigning = true;
            }
            '<' if rest.starts_with("<<") => self.here_document(rest),
            '<' | '>' => {
                self.redirected = true;
                self.gap(1);
            }
            _ if self.word_start => self.word(rest),
            _ => self.at += c.len_utf8(),
        }
    }

    fn push(&mut self, nest: Nest, len: usize) {
        self.nest.push(nest);
        self.at += len;
        self.word_start = false;
    }

    fn pop(&mut self) {
        self.nest.pop();
        self.at += 1;
        self.word_start = false;
    }

    /// White space: a word ends.
    fn gap(&mut self, len: usize) {
        self.at += len;
        self.word_start = true;
        self.assigning = false;
    }

    /// A command begins.
    fn begin(&mut self) {
        self.word_start = true;
        self.assigning = false;
        self.in_test = false;
        self.builtin = false;
        self.named = false;
        self.redirected = false;
        self.command = Command::Name;
    }

    /// Takes the word in that `rest` begins with, if it is one whole plain word where a command stands.
    fn note_command(&mut self, rest: &'a str) {
        let file = std::mem::take(&mut self.redirected);
        if self.command != Command::Name || self.named || file || self.array.is_some() {
            return;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/');
        let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let ends = after.is_empty() || after.starts_with([' ', '\t', '\n', '\r', ';', '&', '>', '<']);
        // What a bracket closes is a pattern of `case`, what one opens is a function.
        let bracket = after.trim_start_matches([' ', '\t']).starts_with(['(', ')']);
        if ends && !bracket && word.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '.')) {
            self.script.commands.insert(word);
        }
    }

    fn backtick(&mut self) {
        if self.nest.contains(&Nest::Backtick) {
            while self.nest.pop().is_some_and(|nest| nest != Nest::Backtick) {}
            self.at += 1;
            self.word_start = false;
        } else {
            self.push(Nest::Backtick, 1);
            self.begin();
        }
    }

    fn newline(&mut self) {
        self.at += 1;
        for here in std::mem::take(&mut self.here) {
            self.skip_here(&here);
        }
        self.begin();
    }

    /// Reads a word: an assignment, a keyword, a command, an argument.
    fn word(&mut self, rest: &'a str) {
        self.note_command(rest);
        self.word_start = false;
        let name = name(rest);
        let after = &rest[name.len()..];
        let subscript =
            after.strip_prefix('[').and_then(|inside| inside.split_once(']')).map_or(after, |(_, tail)| tail);
        let assigns = subscript.starts_with('=') && !subscript.starts_with("==") || subscript.starts_with("+=");
        if name.is_empty() {
            let end = rest
                .find(|c: char| !matches!(c, '[' | ']' | '{' | '!' | '-' | '.' | '/' | '=' | ':'))
                .unwrap_or(rest.len());
            match rest.split(char::is_whitespace).next() {
                Some("[[") => self.in_test = true,
                Some("]]") => self.in_test = false,
                Some("{" | "!") if self.command == Command::Name => {
                    self.at += 1;
                    return self.begin();
                }
                _ => {}
            }
            if self.command == Command::Name {
                self.command = Command::Arguments;
            }
            self.at += end.max(rest.chars().next().map_or(1, char::len_utf8));
            return;
        }
        self.at += name.len();
        if assigns && matches!(self.command, Command::Name | Command::SetsAll) {
            self.script.sets.insert(name);
            self.assigning = true;
            self.at += after.len() - subscript.len() + 1 + usize::from(subscript.starts_with('+'));
            return;
        }
        match self.command {
            Command::Name => {
                self.builtin = ["printf", "echo", "read", "export", "local", "test", "return", "unset"].contains(&name);
                self.command = match name {
                    "if" | "then" | "else" | "elif" | "while" | "until" | "do" | "time" | "exec" | "fi" | "done" => {
                        Command::Name
                    }
                    "for" | "select" => Command::SetsOne,
                    "read" | "local" | "declare" | "typeset" | "export" | "readonly" | "mapfile" | "readarray"
                    | "getopts" | "printf" | "unset" => Command::SetsAll,
                    _ => Command::Arguments,
                };
            }
            Command::SetsOne => {
                self.script.sets.insert(name);
                self.command = Command::Arguments;
            }
            Command::SetsAll => {
                if after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == ';') {
                    self.script.sets.insert(name);
                }
            }
            Command::Arguments => {}
        }
    }

    fn arithmetic(&mut self, rest: &'a str, c: char) {
        if rest.starts_with("))") {
            self.nest.pop();
            self.at += 2;
            self.word_start = false;
            return;
        }
        let name = name(rest);
        if !name.is_empty() {
            self.script.sets.insert(name);
        }
        self.at += name.len().max(c.len_utf8());
    }

    fn dollar(&mut self, rest: &'a str) {
        self.word_start = false;
        let inside = &rest[1..];
        if inside.starts_with("((") {
            return self.push(Nest::Arithmetic, 3);
        }
        if inside.starts_with('(') {
            self.push(Nest::Paren, 2);
            return self.begin();
        }
        if inside.starts_with('\'') && !matches!(self.nest.last(), Some(Nest::Double)) {
            self.at += 2 + ansi_quoted(&inside[1..]);
            return;
        }
        let quoted = self.assigning
            || self.in_test
            || matches!(self.nest.last(), Some(Nest::Double | Nest::Arithmetic | Nest::Brace { quoted: true }));
        if let Some(body) = inside.strip_prefix('{') {
            let prefix = usize::from(body.starts_with(['#', '!']) && !body[1..].starts_with('}'));
            let name = name(&body[prefix..]);
            let after = &body[prefix + name.len()..];
            let after =
                after.strip_prefix('[').and_then(|inside| inside.split_once(']')).map_or(after, |(_, tail)| tail);
            let has_default = [":-", "-", ":+", "+", ":=", "="].iter().any(|operator| after.starts_with(operator));
            self.record(name, quoted || body.starts_with('#'), has_default, self.exposed());
            return self.push(Nest::Brace { quoted }, 2 + prefix + name.len());
        }
        let name = name(inside);
        self.record(name, quoted, false, self.exposed());
        self.at += 1 + name.len();
    }

    fn record(&mut self, name: &'a str, quoted: bool, has_default: bool, in_arguments: bool) {
        if !name.is_empty() {
            self.script.uses.push(Use { name, at: self.at, quoted, has_default, in_arguments });
        }
    }

    /// What stands here goes to a program as an argument.
    fn exposed(&self) -> bool {
        self.command != Command::Name && !(self.builtin || self.assigning || self.in_test)
    }

    /// `<<EOF`, `<<-'EOF'`: its text starts on the next line.
    fn here_document(&mut self, rest: &'a str) {
        let body = &rest[2..];
        let strip_tabs = body.starts_with('-');
        let word = body[usize::from(strip_tabs)..].trim_start_matches([' ', '\t']);
        let quote = word.chars().next().filter(|c| matches!(c, '\'' | '"' | '\\'));
        let word = word.strip_prefix(['\'', '"', '\\']).unwrap_or(word);
        let delimiter = name(word);
        if delimiter.is_empty() {
            return self.gap(2);
        }
        let closing = quote.is_some_and(|quote| quote != '\\' && word[delimiter.len()..].starts_with(quote));
        self.here.push(Here { delimiter, strip_tabs, literal: quote.is_some() });
        self.at += rest.len() - word.len() + delimiter.len() + usize::from(closing);
    }

    fn skip_here(&mut self, here: &Here<'a>) {
        while self.at < self.text.len() {
            let line = self.text[self.at..].split_inclusive('\n').next().unwrap_or_default();
            let said = if here.strip_tabs { line.trim_start_matches('\t') } else { line };
            let end = self.at + line.len();
            if said.trim_end_matches(['\n', '\r']) == here.delimiter {
                self.at = end;
                return;
            }
            if !here.literal {
                self.here_line(line);
            }
            self.at = end;
        }
    }

    /// Uses in a line of a here-document; a command in it is scanned as text.
    fn here_line(&mut self, line: &'a str) {
        let base = self.at;
        for (offset, _) in line.match_indices('$') {
            if line[..offset].ends_with('\\') {
                continue;
            }
            let body = &line[offset + 1..];
            let braced = body.starts_with('{');
            let name = name(&body[usize::from(braced)..]);
            let after = &body[usize::from(braced) + name.len()..];
            let has_default = braced && (after.starts_with(":-") || after.starts_with('-'));
            self.at = base + offset;
            self.record(name, true, has_default, false);
        }
    }
}

/// The name at the start of a text; empty when there is none.
fn name(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return "";
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// Length of what is left of `$'…'`, its closing quote included.
fn ansi_quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\'' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
