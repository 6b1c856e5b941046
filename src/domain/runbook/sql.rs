//! Values in SQL, as psql writes them: `:'NAME'` becomes a quoted literal, `:"NAME"` a quoted identifier.

use std::collections::BTreeMap;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoting {
    Literal,
    Identifier,
    /// `:NAME` as it stands: spliced, so never allowed.
    Bare,
    /// `$NAME`: a slip from another language; nothing replaces it.
    Dollar,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder<'a> {
    pub(crate) at: Range<usize>,
    pub(crate) name: &'a str,
    pub(crate) quoting: Quoting,
}

/// Places where values go; not inside strings, quoted names, dollar quotes and comments.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut brackets = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        at += match bytes[at] {
            b'\'' => {
                let escapes = at > 0 && matches!(bytes[at - 1], b'E' | b'e') && (at < 2 || !is_word(bytes[at - 2]));
                quoted(rest, b'\'', escapes)
            }
            b'"' => quoted(rest, b'"', false),
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => comment(rest),
            b'$' if at == 0 || !is_word(bytes[at - 1]) => dollar(rest, at, &mut found),
            b'[' => {
                brackets += 1;
                1
            }
            b']' => {
                brackets = brackets.saturating_sub(1);
                1
            }
            b':' if rest.starts_with("::") => 2,
            b':' => colon(rest, at, brackets > 0, &mut found),
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    found
}

/// Replaces every placeholder by its quoted value. Those of `secrets` stay: they are filled when it runs.
///
/// # Errors
/// Names the first variable without a value, or what cannot be quoted.
pub fn substitute(text: &str, values: &BTreeMap<String, String>, secrets: &[&str]) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for Placeholder { at, name, quoting } in placeholders(text) {
        if secrets.contains(&name) && matches!(quoting, Quoting::Literal | Quoting::Identifier) {
            continue;
        }
        let value = values.get(name).ok_or_else(|| format!("${name} has no value yet"))?;
        if value.contains('\0') {
            return Err(format!("${name} holds a character that SQL cannot"));
        }
        out.push_str(&text[from..at.start]);
        match quoting {
            Quoting::Literal if value.contains('\\') => {
                out.push_str(&format!(" E'{}'", value.replace('\\', "\\\\").replace('\'', "''")));
            }
            Quoting::Literal => out.push_str(&format!("'{}'", value.replace('\'', "''"))),
            Quoting::Identifier => out.push_str(&format!("\"{}\"", value.replace('"', "\"\""))),
            Quoting::Bare | Quoting::Dollar => {
                return Err(format!("`{name}` is not quoted: write :'{name}' or :\"{name}\""));
            }
        }
        from = at.end;
    }
    out.push_str(&text[from..]);
    Ok(out)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Length of the name at the start of a text, if one is there.
fn name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0 && !text.starts_with(|c: char| c.is_ascii_digit())).then(|| &text[..end])
}

/// Length of what stands in quotes, the quotes included; a doubled quote does not end it.
fn quoted(text: &str, quote: u8, escapes: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        let doubled = bytes[at] == quote && bytes.get(at + 1) == Some(&quote);
        if doubled || escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// A dollar quote is skipped whole; `$1` is a parameter; `$NAME` a slip.
fn dollar<'a>(text: &'a str, at: usize, found: &mut Vec<Placeholder<'a>>) -> usize {
    let tag = name(&text[1..]);
    let opening = 1 + tag.map_or(0, str::len);
    if text[opening..].starts_with('$') {
        let mark = &text[..=opening];
        let body = &text[opening + 1..];
        return body.find(mark).map_or(text.len(), |end| opening + 1 + end + mark.len());
    }
    if let Some(tag) = tag {
        found.push(Placeholder { at: at..at + opening, name: tag, quoting: Quoting::Dollar });
    }
    opening
}

fn colon<'a>(text: &'a str, at: usize, in_brackets: bool, found: &mut Vec<Placeholder<'a>>) -> usize {
    let rest = &text[1..];
    for (quote, quoting) in [('\'', Quoting::Literal), ('"', Quoting::Identifier)] {
        if let Some(name) = rest.strip_prefix(quote).and_then(name)
            && rest[1 + name.len()..].starts_with(quote)
        {
            let len = name.len() + 3;
            found.push(Placeholder { at: at..at + len, name, quoting });
            return len;
        }
    }
    match name(rest) {
        // `a[low:high]` is a slice.
        Some(name) if !in_brackets => {
            found.push(Placeholder { at: at..at + 1 + name.len(), name, quoting: Quoting::Bare });
            1 + name.len()
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substituted(text: &str, value: &str) -> Result<String, String> {
        substitute(text, &BTreeMap::from([("X".to_owned(), value.to_owned())]), &["PW"])
    }

    #[test]
    fn values_are_quoted_so_that_they_stay_values() {
        assert_eq!(substituted("select :'X'", "o'clock; drop").unwrap(), "select 'o''clock; drop'");
        assert_eq!(substituted("select :'X'", "a\\'b").unwrap(), "select  E'a\\\\''b'");
        assert_eq!(substituted("drop table :\"X\"", "a\"b").unwrap(), "drop table \"a\"\"b\"");
        assert_eq!(substituted("select :'PW', :'X'", "1").unwrap(), "select :'PW', '1'");
        assert!(substituted("select :'Y'", "").unwrap_err().contains("$Y has no value"));
        assert!(substituted("select :X", "1").unwrap_err().contains("not quoted"));
        assert!(substituted("select $X", "1").is_err());
    }

    #[test]
    fn only_code_holds_placeholders() {
        for text in [
            "select ':''X''', now()::text, a[1:x] -- :X\n",
            "/* :X /* :X */ :X */ select $$ :X $$, $q$ $X $q$, $1",
            "select E'\\':X', \":X\"",
            "x := 1; select 'é:X'",
        ] {
            assert_eq!(placeholders(text), [], "{text}");
        }
        for text in ["'", "\"", "/*", "$$", "$a$", ":", ":'", ":'X", "$", "E'\\", "--"] {
            let _ = placeholders(text);
        }
    }
}
