//! The wire: commands out, answers in, of protocol versions 2 and 3. An answer has an end, whatever is sent.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

use super::Error;

/// Of one answer, all its parts together.
const MOST_BYTES: usize = 1024 * 1024;
const MOST_PARTS: usize = 16 * 1024;
const DEEPEST: u32 = 8;

/// What an answer may be. Maps are lists of keys and values in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Text(String),
    Number(i64),
    List(Vec<Value>),
    Error(String),
}

impl Value {
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The pairs of a map, or of a list of keys and values in turn.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.list().unwrap_or_default().chunks_exact(2);
        pairs.filter_map(|pair| Some((pair[0].text()?, pair[1].text()?)))
    }
}

/// A command as Redis reads it.
pub(super) fn command(words: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend_from_slice(format!("${}\r\n{word}\r\n", word.len()).as_bytes());
    }
    bytes
}

/// Reads one answer.
pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin + Send)) -> Result<Value, Error> {
    let mut room = Room { bytes: MOST_BYTES, parts: MOST_PARTS };
    part(from, &mut room, 0).await
}

struct Room {
    bytes: usize,
    parts: usize,
}

const TOO_LONG: Error = Error::Protocol("it is too long");

fn part<'a, R: AsyncBufRead + Unpin + Send>(
    from: &'a mut R,
    room: &'a mut Room,
    depth: u32,
) -> std::pin::Pin<Box<dyn Future<Output = Result<Value, Error>> + Send + 'a>> {
    Box::pin(async move {
        room.parts = room.parts.checked_sub(1).ok_or(TOO_LONG)?;
        let line = line(from, room).await?;
        let Some((sort, rest)) = line.split_at_checked(1) else {
            return Err(Error::Protocol("a line is empty"));
        };
        let number = || rest.parse::<i64>().map_err(|_| Error::Protocol("a number is none"));
        match sort {
            "+" | "," | "(" | "#" => Ok(Value::Text(rest.to_owned())),
            "-" => Ok(Value::Error(rest.to_owned())),
            ":" => Ok(Value::Number(number()?)),
            "_" => Ok(Value::Null),
            "$" | "=" | "!" => {
                let Ok(length) = usize::try_from(number()?) else { return Ok(Value::Null) };
                let text = bulk(from, room, length).await?;
                Ok(match sort {
                    "!" => Value::Error(text),
                    // `txt:` and such stand before the text.
                    "=" => Value::Text(text.get(4..).unwrap_or_default().to_owned()),
                    _ => Value::Text(text),
                })
            }
            "*" | "~" | ">" | "%" => {
                let Ok(many) = usize::try_from(number()?) else { return Ok(Value::Null) };
                let many = if sort == "%" { many.saturating_mul(2) } else { many };
                if many > room.parts || depth >= DEEPEST {
                    return Err(TOO_LONG);
                }
                let mut items = Vec::new();
                for _ in 0..many {
                    items.push(part(from, room, depth + 1).await?);
                }
                Ok(Value::List(items))
            }
            _ => Err(Error::Protocol("it begins with another sign")),
        }
    })
}

async fn line(from: &mut (impl AsyncBufRead + Unpin), room: &mut Room) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(room.bytes).unwrap_or(u64::MAX);
    from.take(limit).read_until(b'\n', &mut bytes).await.map_err(Error::Broken)?;
    room.bytes -= bytes.len();
    match bytes.strip_suffix(b"\r\n") {
        Some(line) => Ok(String::from_utf8_lossy(line).into_owned()),
        None if room.bytes == 0 => Err(TOO_LONG),
        None if bytes.is_empty() => Err(Error::Broken(std::io::ErrorKind::UnexpectedEof.into())),
        None => Err(Error::Protocol("a line has no end")),
    }
}

async fn bulk(from: &mut (impl AsyncBufRead + Unpin), room: &mut Room, length: usize) -> Result<String, Error> {
    let whole = length.checked_add(2).filter(|whole| *whole <= room.bytes).ok_or(TOO_LONG)?;
    room.bytes -= whole;
    let mut bytes = vec![0; whole];
    from.read_exact(&mut bytes).await.map_err(Error::Broken)?;
    match bytes.strip_suffix(b"\r\n") {
        Some(text) => Ok(String::from_utf8_lossy(text).into_owned()),
        None => Err(Error::Protocol("a text has no end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn of(bytes: &str) -> Result<Value, Error> {
        read(&mut bytes.as_bytes()).await
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[tokio::test]
    async fn answers_of_both_versions_are_read() {
        assert_eq!(of("+PONG\r\n").await.unwrap(), text("PONG"));
        assert_eq!(of("$-1\r\n").await.unwrap(), Value::Null);
        assert_eq!(
            of("*3\r\n$5\r\nslave\r\n:6379\r\n*0\r\n").await.unwrap(),
            Value::List(vec![text("slave"), Value::Number(6379), Value::List(vec![])])
        );
        let map = of("%1\r\n$4\r\nname\r\n=8\r\ntxt:mine\r\n").await.unwrap();
        assert_eq!(map.pairs().collect::<Vec<_>>(), [("name", "mine")]);
        assert_eq!(of("-LOADING x\r\n").await.unwrap(), Value::Error("LOADING x".to_owned()));
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error_and_has_an_end() {
        let deep = "*1\r\n".repeat(100);
        let long = format!("+{}", "x".repeat(2 * MOST_BYTES));
        for (bytes, said) in [
            ("HTTP/1.1 400 Bad Request\r\n", "another sign"),
            ("$999999999\r\n", "too long"),
            ("*999999999\r\n", "too long"),
            (deep.as_str(), "too long"),
            (long.as_str(), "too long"),
            ("$3\r\nabcdef", "no end"),
            ("", "broke"),
        ] {
            let error = of(bytes).await.unwrap_err().to_string();
            assert!(error.contains(said), "{said}: {error}");
        }
    }
}
