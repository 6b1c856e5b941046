//! What an answer is compared with: bytes, regular expressions.

use regex::Regex;
use toml::de::DeValue;

use super::super::schema::Kind;
use super::{Read, text, wrong, wrong_type};

/// Text in which `\\r \\n \\t \\0 \\\\ \\xHH` stand for bytes, in whichever quotes it is written.
pub(in crate::estate) fn bytes(value: &DeValue<'_>) -> Read<Vec<u8>> {
    let Some(text) = value.as_str() else { return wrong_type(&Kind::Bytes, value) };
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escaped = &rest[at + 1..];
        let (byte, length) = match escaped.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b't', ..] => (b'\t', 1),
            [b'0', ..] => (0, 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', ..] => match escaped.get(1..3).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(byte) => (byte, 3),
                None => return wrong("`\\x` is followed by two hexadecimal digits", None),
            },
            _ => {
                let help = "write \\r \\n \\t \\0 \\\\ or \\xHH; in \"…\" each backslash is doubled".to_owned();
                return wrong("this backslash stands for nothing", Some(help));
            }
        };
        bytes.push(byte);
        rest = &escaped[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    if bytes.is_empty() { wrong("this is empty", Some("leave the key out".to_owned())) } else { Ok(bytes) }
}

pub(in crate::estate) fn regex(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::Regex, value)?;
    match Regex::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            wrong(
                format!("this regular expression does not work: {why}"),
                Some("escape special characters, such as `\\(`; a text in '…' needs no doubled backslash".to_owned()),
            )
        }
    }
}
