//! The words of SQL, as far as a statement's end depends on them: quotes of all kinds, comments, names, brackets.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `'…'`, `E'…'`, `"…"`, `$tag$…$tag$`.
    Quoted,
    Comment,
    Name,
    Semicolon,
    Open,
    Close,
    /// `\` outside quotes: a command to psql, not to the server.
    Backslash,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// What was opened and never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unclosed {
    #[error("a quoted text is not closed")]
    Quote,
    #[error("a dollar-quoted text is not closed")]
    Dollar,
    #[error("a comment is not closed")]
    Comment,
}

/// White space is left out.
pub(super) fn tokens(sql: &str) -> Result<Vec<Token>, Unclosed> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        let (kind, length) = token(&sql[at..], first)?;
        if !first.is_whitespace() {
            found.push(Token { kind, range: at..at + length });
        }
        at += length;
    }
    Ok(found)
}

fn token(rest: &str, first: char) -> Result<(Kind, usize), Unclosed> {
    let second = rest.as_bytes().get(1).copied();
    Ok(match first {
        '\'' => (Kind::Quoted, quoted(rest, 0, false)?),
        '"' => (Kind::Quoted, quoted(rest, 0, false)?),
        'e' | 'E' if second == Some(b'\'') => (Kind::Quoted, quoted(rest, 1, true)?),
        '$' => match dollar_tag(rest) {
            Some(tag) => {
                let body = &rest[tag.len()..];
                let end = body.find(tag).ok_or(Unclosed::Dollar)?;
                (Kind::Quoted, tag.len() + end + tag.len())
            }
            None => (Kind::Other, 1),
        },
        '-' if second == Some(b'-') => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if second == Some(b'*') => (Kind::Comment, block_comment(rest)?),
        ';' => (Kind::Semicolon, 1),
        '(' => (Kind::Open, 1),
        ')' => (Kind::Close, 1),
        '\\' => (Kind::Backslash, 1),
        c if c.is_alphabetic() || c == '_' => {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
            (Kind::Name, end.unwrap_or(rest.len()))
        }
        c if c.is_ascii_digit() => {
            (Kind::Other, rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()))
        }
        c => (Kind::Other, c.len_utf8()),
    })
}

/// A doubled quote is one of the text; after `E` a backslash takes the next character with it.
fn quoted(rest: &str, prefix: usize, escapes: bool) -> Result<usize, Unclosed> {
    let bytes = rest.as_bytes();
    let quote = bytes[prefix];
    let mut at = prefix + 1;
    loop {
        match bytes.get(at) {
            None => return Err(Unclosed::Quote),
            Some(b'\\') if escapes => at += 2,
            Some(byte) if *byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            Some(byte) if *byte == quote => return Ok(at + 1),
            Some(_) => at += 1,
        }
    }
}

/// `$$` or `$name$`; `$1` is a parameter.
fn dollar_tag(rest: &str) -> Option<&str> {
    let end = rest[1..].find('$')? + 2;
    let name = &rest[1..end - 1];
    let starts_well = !name.starts_with(|c: char| c.is_ascii_digit());
    (starts_well && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then(|| &rest[..end])
}

/// They nest.
fn block_comment(rest: &str) -> Result<usize, Unclosed> {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Ok(at);
        }
    }
    Err(Unclosed::Comment)
}
