//! What has the look of a secret although nobody declared it: passwords in URLs and assignments, authorization headers,
//! cloud keys, web tokens, private keys. Each begins with a fixed word, so that a stream needs little to be held back.

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Look {
    No,
    /// More of the stream is needed to tell.
    More,
    /// `keep` bytes are shown, the next `skip` are masked, and so is what follows while `until` lasts.
    Hit {
        keep: usize,
        skip: usize,
        until: Option<Until>,
    },
    /// The masked stretch ends here.
    Over,
}

/// How far a masked stretch goes when its length is not known beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Until {
    /// White space or punctuation that ends a value.
    ValueEnd,
    Quote(u8),
    LineEnd,
    /// The last character of a token.
    TokenEnd,
    /// `-----END`.
    KeyEnd,
}

/// Words whose value is a secret, when a `=` or `:` follows.
const KEYS: [&[u8]; 10] = [
    b"password",
    b"passwd",
    b"passphrase",
    b"secretaccesskey",
    b"secret",
    b"token",
    b"api_key",
    b"apikey",
    b"access_key",
    b"private_key",
];
const LONGEST_USERINFO: usize = 512;
const LONGEST_TOKEN: usize = 4096;

/// The first two bytes of everything [`at`] looks for.
pub(super) fn beginnings() -> impl Iterator<Item = (u8, u8)> {
    let words = KEYS.into_iter().chain([b"authorization".as_slice(), b"bearer"]);
    let folded = words.flat_map(|word| {
        let (first, second) = (word[0], word[1]);
        [first, first.to_ascii_uppercase()]
            .into_iter()
            .flat_map(move |first| [second, second.to_ascii_uppercase()].map(|second| (first, second)))
    });
    folded.chain([(b':', b'/'), (b'A', b'K'), (b'A', b'S'), (b'e', b'y'), (b'-', b'-')])
}

struct More;

/// The stream from here on.
#[derive(Clone, Copy)]
struct Ahead<'a> {
    rest: &'a [u8],
    at_end: bool,
}

impl Ahead<'_> {
    /// `None` after the end of the stream.
    fn byte(self, at: usize) -> Result<Option<u8>, More> {
        match self.rest.get(at) {
            Some(byte) => Ok(Some(*byte)),
            None if self.at_end => Ok(None),
            None => Err(More),
        }
    }

    fn is(self, at: usize, accept: impl Fn(u8) -> bool) -> Result<bool, More> {
        Ok(self.byte(at)?.is_some_and(accept))
    }

    /// Where `accept` ends, from `at` on, at most `longest` further.
    fn run(self, at: usize, longest: usize, accept: impl Fn(u8) -> bool) -> Result<usize, More> {
        let mut end = at;
        while end < at + longest && self.is(end, &accept)? {
            end += 1;
        }
        Ok(end)
    }

    fn word(self, word: &[u8], fold: bool) -> Result<bool, More> {
        let seen = &self.rest[..word.len().min(self.rest.len())];
        let same = if fold { seen.eq_ignore_ascii_case(&word[..seen.len()]) } else { *seen == word[..seen.len()] };
        if same && seen.len() < word.len() && !self.at_end {
            return Err(More);
        }
        Ok(same && seen.len() == word.len())
    }
}

/// What begins at `rest`; `previous` is the byte before it.
pub(super) fn at(previous: u8, rest: &[u8], at_end: bool) -> Look {
    let ahead = Ahead { rest, at_end };
    let looks = match rest[0] {
        b':' => url(ahead),
        b'-' => private_key(ahead),
        b'e' => web_token(previous, ahead),
        b'A' | b'a' | b'B' | b'b' => cloud_key(previous, ahead).and_then(|look| match look {
            Look::No => header(previous, ahead),
            look => Ok(look),
        }),
        _ => Ok(Look::No),
    };
    let looks = looks.and_then(|look| if look == Look::No { assignment(ahead) } else { Ok(look) });
    looks.unwrap_or(Look::More)
}

/// What a masked stretch does at `rest`.
pub(super) fn within(until: Until, rest: &[u8], at_end: bool) -> Look {
    let ahead = Ahead { rest, at_end };
    let byte = rest[0];
    let over = match until {
        Until::ValueEnd => Ok(byte.is_ascii_whitespace() || b"&;,\"'`)}]<>".contains(&byte)),
        Until::Quote(_) if byte == b'\\' => {
            return match ahead.byte(1) {
                Ok(Some(_)) => Look::Hit { keep: 0, skip: 2, until: None },
                Ok(None) => Look::No,
                Err(More) => Look::More,
            };
        }
        Until::Quote(quote) => Ok(byte == quote || byte == b'\n'),
        Until::LineEnd => Ok(matches!(byte, b'\n' | b'\r')),
        Until::TokenEnd => Ok(!token(byte)),
        Until::KeyEnd => ahead.word(b"-----END", false),
    };
    match over {
        Ok(true) => Look::Over,
        Ok(false) => Look::No,
        Err(More) => Look::More,
    }
}

const fn token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

const fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

const fn quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

/// `://user:pass@`.
fn url(ahead: Ahead<'_>) -> Result<Look, More> {
    if !ahead.word(b"://", false)? {
        return Ok(Look::No);
    }
    let part = |byte: u8| !byte.is_ascii_whitespace() && !b"/@:?#\"'<>".contains(&byte);
    let user = ahead.run(3, LONGEST_USERINFO, part)?;
    if !ahead.is(user, |byte| byte == b':')? {
        return Ok(Look::No);
    }
    let end = ahead.run(user + 1, LONGEST_USERINFO, |byte| part(byte) || byte == b':')?;
    if end > user + 1 && ahead.is(end, |byte| byte == b'@')? {
        return Ok(Look::Hit { keep: user + 1, skip: end - user - 1, until: None });
    }
    Ok(Look::No)
}

/// `-----BEGIN … PRIVATE KEY-----`.
fn private_key(ahead: Ahead<'_>) -> Result<Look, More> {
    if !ahead.word(b"-----BEGIN ", false)? {
        return Ok(Look::No);
    }
    let label = ahead.run(11, 40, |byte| byte != b'-' && byte != b'\n')?;
    let private = ahead.rest[11..label].windows(11).any(|words| words == b"PRIVATE KEY");
    Ok(if private { Look::Hit { keep: label, skip: 0, until: Some(Until::KeyEnd) } } else { Look::No })
}

/// Three parts in base64url, the first an object.
fn web_token(previous: u8, ahead: Ahead<'_>) -> Result<Look, More> {
    if token(previous) && previous != b'=' || !ahead.word(b"eyJ", false)? {
        return Ok(Look::No);
    }
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let mut end = 0;
    for _ in 0..2 {
        let from = end;
        end = ahead.run(from, LONGEST_TOKEN, part)?;
        if end < from + 4 || !ahead.is(end, |byte| byte == b'.')? {
            return Ok(Look::No);
        }
        end += 1;
    }
    Ok(Look::Hit { keep: 0, skip: end, until: Some(Until::TokenEnd) })
}

/// `AKIA…`, `ASIA…`: sixteen capitals and digits follow.
fn cloud_key(previous: u8, ahead: Ahead<'_>) -> Result<Look, More> {
    if previous.is_ascii_alphanumeric() || !(ahead.word(b"AKIA", false)? || ahead.word(b"ASIA", false)?) {
        return Ok(Look::No);
    }
    let end = ahead.run(4, 17, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
    Ok(if end == 20 { Look::Hit { keep: 0, skip: 20, until: None } } else { Look::No })
}

/// `Authorization: …` to the end of the line or of its quotes, `Bearer …` to the end of the token.
fn header(previous: u8, ahead: Ahead<'_>) -> Result<Look, More> {
    if previous.is_ascii_alphanumeric() {
        return Ok(Look::No);
    }
    if ahead.word(b"authorization", true)? {
        let at = ahead.run(13, 1, quote)?;
        let at = ahead.run(at, 4, blank)?;
        if !ahead.is(at, |byte| byte == b':' || byte == b'=')? {
            return Ok(Look::No);
        }
        let at = ahead.run(at + 1, 4, blank)?;
        let (keep, until) = match ahead.byte(at)? {
            Some(open) if quote(open) => (at + 1, Until::Quote(open)),
            // The quotes stand around the whole header, as in `curl -H '…'`.
            Some(byte) if byte != b'\n' => (at, if quote(previous) { Until::Quote(previous) } else { Until::LineEnd }),
            _ => return Ok(Look::No),
        };
        return Ok(Look::Hit { keep, skip: 0, until: Some(until) });
    }
    if ahead.word(b"bearer", true)? {
        let at = ahead.run(6, 4, blank)?;
        if at > 6 && ahead.run(at, 8, token)? == at + 8 {
            return Ok(Look::Hit { keep: at, skip: 8, until: Some(Until::TokenEnd) });
        }
    }
    Ok(Look::No)
}

/// `password=…`, `"api_key": "…"`, `SECRET_NAME: …`.
fn assignment(ahead: Ahead<'_>) -> Result<Look, More> {
    for key in KEYS {
        if !ahead.word(key, true)? {
            continue;
        }
        let mut at = key.len();
        if ahead.is(at, |byte| byte == b'_' || byte == b'-')? {
            at = ahead.run(at, 32, |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')?;
        }
        at = ahead.run(at, 1, quote)?;
        at = ahead.run(at, 4, blank)?;
        if !ahead.is(at, |byte| byte == b':' || byte == b'=')? {
            continue;
        }
        at = ahead.run(at + 1, 4, blank)?;
        return Ok(match ahead.byte(at)? {
            Some(open) if quote(open) => Look::Hit { keep: at + 1, skip: 0, until: Some(Until::Quote(open)) },
            Some(byte) if !byte.is_ascii_whitespace() && byte != b':' && byte != b'=' => {
                Look::Hit { keep: at, skip: 0, until: Some(Until::ValueEnd) }
            }
            _ => Look::No,
        });
    }
    Ok(Look::No)
}
