//! `http` blocks, in the notation of `.http` files: request line, headers, a blank line, the body. A line
//! `expect 2xx` (or `expect 200, 404`, `expect 200-299`) before the blank line says which answers are right.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::check_line::references;

/// A request as it will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// Inclusive ranges of right answers; `2xx` unless written.
    pub expect: Vec<(u16, u16)>,
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// What is wrong, and the offset of the line it is about.
pub(crate) type Wrong = (usize, String);

impl HttpRequest {
    /// Reads a request whose values stand in it already.
    ///
    /// # Errors
    /// A sentence saying what is missing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let request = Self::read(text).map_err(|(_, why)| why)?;
        let host = request.url.strip_prefix("http://").or_else(|| request.url.strip_prefix("https://"));
        match host {
            Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(request),
            _ => Err(format!("`{}` is not an http or https address", request.url)),
        }
    }

    /// Reads a request in which `$NAME` may stand.
    pub(crate) fn read(text: &str) -> Result<Self, Wrong> {
        let (head, body) = split(text);
        let mut request =
            Self { method: String::new(), url: String::new(), headers: Vec::new(), body: None, expect: Vec::new() };
        let mut start = 0;
        for line in head.split('\n') {
            let at = start;
            start += line.len() + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
                continue;
            }
            if let Some(codes) = line.strip_prefix("expect ") {
                request.expect = expect(codes).map_err(|why| (at, why))?;
            } else if request.method.is_empty() {
                request.start(line).map_err(|why| (at, why))?;
            } else {
                request.headers.push(header(line).map_err(|why| (at, why))?);
            }
        }
        if request.method.is_empty() {
            return Err((0, "a request line is missing: write `POST https://…`".to_owned()));
        }
        if request.expect.is_empty() {
            request.expect = vec![(200, 299)];
        }
        if let Some(line) = body.lines().find(|line| line.starts_with("###")) {
            let at = head.len() + body.find(line).unwrap_or_default();
            return Err((
                at.min(text.len()),
                "one block holds one request: put the next into a step of its own".to_owned(),
            ));
        }
        request.body = Some(body.trim_end().to_owned()).filter(|body| !body.is_empty());
        Ok(request)
    }

    fn start(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace();
        let (method, url) = match (words.next(), words.next()) {
            (Some(method), Some(url)) => (method, url),
            (Some(url), None) if url.contains("://") => ("GET", url),
            _ => return Err(format!("`{line}` is not a request line: write `POST https://…`")),
        };
        if !METHODS.contains(&method) {
            return Err(format!("`{method}` is not a method: use {}", METHODS.join(", ")));
        }
        match (words.next(), words.next()) {
            (None, _) => {}
            (Some(version), None) if version.starts_with("HTTP/") => {}
            _ => return Err("an address may not hold spaces: write %20".to_owned()),
        }
        let base = url.starts_with("http://") || url.starts_with("https://") || url.starts_with('$');
        if !base {
            return Err(format!("`{url}` must start with http://, https:// or a variable"));
        }
        (self.method, self.url) = (method.to_owned(), url.to_owned());
        Ok(())
    }

    fn content_type(&self) -> Content {
        let written = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let body = self.body.as_deref().unwrap_or_default().trim_start();
        match written.map(|(_, value)| value.to_lowercase()) {
            Some(value) if value.contains("json") => Content::Json,
            Some(value) if value.contains("x-www-form-urlencoded") => Content::Form,
            None if body.starts_with(['{', '[']) => Content::Json,
            _ => Content::Text,
        }
    }
}

enum Content {
    Json,
    Form,
    Text,
}

/// Head and body: what stands before and after the first blank line below the request line.
fn split(text: &str) -> (&str, &str) {
    let mut start = 0;
    let mut begun = false;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() && begun {
            return (&text[..start], &text[start + line.len()..]);
        }
        let said = line.trim_start();
        begun |= !(said.is_empty() || said.starts_with(['#', '/']) || said.starts_with("expect "));
        start += line.len();
    }
    (text, "")
}

fn expect(codes: &str) -> Result<Vec<(u16, u16)>, String> {
    let code = |text: &str| text.trim().parse::<u16>().ok().filter(|code| (100..600).contains(code));
    codes
        .split(',')
        .map(|part| {
            let part = part.trim();
            let class = part
                .strip_suffix("xx")
                .and_then(|class| class.parse::<u16>().ok())
                .filter(|class| (1..6).contains(class));
            match (class, part.split_once('-')) {
                (Some(class), _) => Some((class * 100, class * 100 + 99)),
                (None, Some((low, high))) => code(low).zip(code(high)).filter(|(low, high)| low <= high),
                (None, None) => code(part).map(|code| (code, code)),
            }
            .ok_or_else(|| format!("`{part}` is not an answer to expect: write 2xx, 204 or 200-299"))
        })
        .collect()
}

fn header(line: &str) -> Result<(String, String), String> {
    match line.split_once(':') {
        Some((name, value))
            if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) =>
        {
            Ok((name.to_owned(), value.trim().to_owned()))
        }
        _ => Err(format!("`{line}` is not a header: write `Name: value`, and a blank line before the body")),
    }
}

/// Puts values into a request, each encoded for the place it stands in. What comes out is a request again. Names of
/// `secrets` stay: they are filled when it is sent.
///
/// # Errors
/// Names a variable without a value, or one whose value cannot stand where it is written.
pub fn substitute(text: &str, values: &BTreeMap<String, String>, secrets: &[&str]) -> Result<String, String> {
    let request = HttpRequest::read(text).map_err(|(_, why)| why)?;
    let filling = Filling { values, secrets };
    let mut out = format!("{} {}\n", request.method, filling.put(&request.url, url)?);
    if request.expect != [(200, 299)] {
        let codes: Vec<String> = request.expect.iter().map(|(low, high)| format!("{low}-{high}")).collect();
        let _ = writeln!(out, "expect {}", codes.join(", "));
    }
    for (name, value) in &request.headers {
        let value = filling.put(value, |_, name, value| filling.verbatim(name, value))?;
        let _ = writeln!(out, "{name}: {value}");
    }
    if let Some(body) = &request.body {
        let body = match request.content_type() {
            Content::Json => filling.put(body, json)?,
            Content::Form => filling.put(body, |_, _, value| Ok(percent(value)))?,
            Content::Text => filling.put(body, |_, name, value| filling.verbatim(name, value))?,
        };
        let _ = write!(out, "\n{body}\n");
    }
    HttpRequest::parse(&out).map(|_| out)
}

struct Filling<'a> {
    values: &'a BTreeMap<String, String>,
    secrets: &'a [&'a str],
}

impl Filling<'_> {
    /// Replaces each `$NAME` by what `encode` makes of its value, given the text before it.
    fn put(&self, text: &str, encode: impl Fn(&str, &str, &str) -> Result<String, String>) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (at, len, name) in references(text).into_iter().filter(|(_, _, name)| !self.secrets.contains(name)) {
            let value = self.values.get(name).filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| format!("${name} has no value yet"))?;
            out.push_str(&text[from..at]);
            let encoded = encode(&out, name, value)?;
            out.push_str(&encoded);
            from = at + len;
        }
        out.push_str(&text[from..]);
        Ok(out)
    }

    /// Where nothing can be encoded. A `$` in a value would name a secret when the request is sent.
    fn verbatim(&self, name: &str, value: &str) -> Result<String, String> {
        if value.chars().any(char::is_control) || value.contains('$') && !self.secrets.is_empty() {
            return Err(format!("${name} holds what cannot stand in a header or a plain body"));
        }
        Ok(value.to_owned())
    }
}

fn url(before: &str, name: &str, value: &str) -> Result<String, String> {
    let plain = |allowed: &[u8]| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || allowed.contains(&byte));
    let authority = before.split_once("://").is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']));
    if before.is_empty() {
        let scheme = value.starts_with("http://") || value.starts_with("https://");
        let whole = scheme && plain(b"-._~:/?#[]@!&()*+,;=%");
        return if whole {
            Ok(value.trim_end_matches('/').to_owned())
        } else {
            Err(format!("${name} must be an http or https address"))
        };
    }
    if !authority {
        return Ok(percent(value));
    }
    if plain(b"-.:[]") { Ok(value.to_owned()) } else { Err(format!("${name} cannot stand in the name of a host")) }
}

fn percent(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Inside a JSON string the value is escaped; outside it must itself be a number, true, false or null.
fn json(before: &str, name: &str, value: &str) -> Result<String, String> {
    let mut inside = false;
    let mut bytes = before.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if inside => {
                bytes.next();
            }
            b'"' => inside = !inside,
            _ => {}
        }
    }
    if inside {
        let quoted = serde_json::Value::from(value).to_string();
        return Ok(quoted[1..quoted.len() - 1].replace('$', "\\u0024"));
    }
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(serde_json::Value::Number(_) | serde_json::Value::Bool(_) | serde_json::Value::Null) => Ok(value.to_owned()),
        _ => Err(format!("${name} is not a number: put it in quotes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_x(text: &str, value: &str) -> Result<String, String> {
        substitute(text, &BTreeMap::from([("X".to_owned(), value.to_owned())]), &["TOKEN"])
    }

    #[test]
    fn a_value_is_encoded_for_the_place_it_stands_in() {
        let text = put_x(
            "POST http://edge/a/$X?b=$X\nX-To: $X\nContent-Type: application/json\n\n{\"to\": \"$X\"}",
            "a b\"/&",
        )
        .unwrap();
        let request = HttpRequest::parse(&text).unwrap();
        assert_eq!(request.url, "http://edge/a/a%20b%22%2F%26?b=a%20b%22%2F%26");
        assert_eq!(request.headers[0].1, "a b\"/&");
        assert_eq!(request.body.as_deref(), Some("{\"to\": \"a b\\\"/&\"}"));
        assert_eq!(request.expect, [(200, 299)]);
    }

    #[test]
    fn an_address_may_start_with_a_variable_and_nothing_else_may_change_it() {
        assert!(
            put_x("GET $X/status", "http://127.0.0.1:8080/").unwrap().starts_with("GET http://127.0.0.1:8080/status\n")
        );
        assert!(put_x("GET http://127.0.0.1:$X/status", "8080").unwrap().contains(":8080/status"));
        assert!(put_x("GET http://127.0.0.1:$X/status", "1@evil").unwrap_err().contains("host"));
        assert!(put_x("GET $X/status", "ftp://x").unwrap_err().contains("must be an http"));
        assert!(put_x("GET $X/status", "http://x HTTP/1.1\r\nA: b").is_err());
        assert!(put_x("GET http://h/\nA: $X", "b\r\nC: d").unwrap_err().contains("header"));
        assert!(put_x("POST http://h/\n\n{\"n\": $X}", "5").unwrap().contains("{\"n\": 5}"));
        assert!(put_x("POST http://h/\n\n{\"n\": $X}", "5, \"m\": 6").unwrap_err().contains("put it in quotes"));
        assert!(put_x("POST http://h/\n\n{\"n\": \"$Y\"}", "5").unwrap_err().contains("$Y has no value"));
    }

    #[test]
    fn a_secret_stays_a_name_and_no_value_can_become_one() {
        let text = put_x("POST http://h/$TOKEN\nA: $TOKEN\n\n{\"a\": \"$X\", \"b\": \"$TOKEN\"}", "$TOKEN").unwrap();
        assert_eq!(text, "POST http://h/$TOKEN\nA: $TOKEN\n\n{\"a\": \"\\u0024TOKEN\", \"b\": \"$TOKEN\"}\n");
        assert!(put_x("GET http://h/\nA: $X", "$TOKEN").unwrap_err().contains("cannot stand"));
    }

    #[test]
    fn expected_answers_survive_and_mistakes_are_named() {
        let text = put_x("expect 204, 3xx, 400-404\nDELETE http://h/$X HTTP/1.1", "1").unwrap();
        assert_eq!(HttpRequest::parse(&text).unwrap().expect, [(204, 204), (300, 399), (400, 404)]);
        for (text, why) in [
            ("", "request line is missing"),
            ("FETCH http://h", "not a method"),
            ("GET /path", "must start with"),
            ("GET http://h/a b c", "may not hold spaces"),
            ("GET http://h\n{\"a\": 1}", "not a header"),
            ("GET http://h\n\nx\n### next\nGET http://i", "one block holds one request"),
            ("expect 2yx\nGET http://h", "not an answer"),
            ("GET http:///x", "not an http or https address"),
        ] {
            assert!(HttpRequest::parse(text).unwrap_err().contains(why), "{text}");
        }
    }
}
