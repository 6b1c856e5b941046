//! One request in `.http` notation: request line, headers, blank line, body; `expect 2xx` says which answers are good.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: reqwest::Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<String>,
    pub(crate) expect: Vec<RangeInclusive<u16>>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("there is no request line, such as `GET https://…`")]
    Empty,
    #[error("`{0}` is not a method")]
    Method(String),
    #[error("`{url}` is not a URL: {why}")]
    Url { url: String, why: String },
    #[error("`{0}` is not a header: write `Name: value`")]
    Header(String),
    #[error("`expect {0}` is not understood: write `expect 2xx`, `expect 200` or `expect 200-299`")]
    Expect(String),
    #[error("one block holds one request: put the next into a step of its own")]
    Several,
}

impl Request {
    /// Secrets stand as `$NAME` or `${NAME}` and are encoded for the place they stand in.
    pub(crate) fn parse(text: &str, secrets: &BTreeMap<String, String>) -> Result<Self, RequestError> {
        let text = text.replace("\r\n", "\n");
        let mut expect = Vec::new();
        let mut request_line = None;
        let mut headers = HeaderMap::new();
        let mut lines = text.lines();
        for line in lines.by_ref() {
            let line = line.trim();
            let comment = line.trim_start_matches(['#', '/']).trim_start();
            let remark = comment.len() < line.len() && (line.starts_with('#') || line.starts_with("//"));
            match (comment.strip_prefix("expect "), &request_line) {
                (Some(wanted), _) => expect = expected(wanted)?,
                _ if remark => {}
                (None, None) if line.is_empty() => {}
                (None, None) => request_line = Some(line.to_owned()),
                (None, Some(_)) if line.is_empty() => break,
                (None, Some(_)) => {
                    let (name, value) = header(line, secrets)?;
                    headers.append(name, value);
                }
            }
        }
        let (method, url) = start(&request_line.ok_or(RequestError::Empty)?, secrets)?;
        let body = lines.collect::<Vec<_>>();
        if body.iter().any(|line| line.starts_with("###")) {
            return Err(RequestError::Several);
        }
        let body = body.join("\n");
        let body = (!body.trim().is_empty()).then(|| encoded_body(body.trim_end(), &headers, secrets));
        if expect.is_empty() {
            expect.push(200..=299);
        }
        Ok(Self { method, url, headers, body, expect })
    }

    pub(crate) fn expects(&self, status: u16) -> bool {
        self.expect.iter().any(|range| range.contains(&status))
    }

    /// Asking twice does no harm, and a redirect may be followed.
    pub(crate) fn is_safe(&self) -> bool {
        self.method.is_safe() && self.body.is_none()
    }
}

fn start(line: &str, secrets: &BTreeMap<String, String>) -> Result<(Method, reqwest::Url), RequestError> {
    let line = match line.rsplit_once(' ') {
        Some((before, version)) if version.starts_with("HTTP/") => before.trim_end(),
        _ => line,
    };
    let (method, url) = line.split_once(char::is_whitespace).unwrap_or(("GET", line));
    let method = Method::from_bytes(method.as_bytes())
        .ok()
        .filter(|method| method.as_str().chars().all(|c| c.is_ascii_uppercase()))
        .ok_or_else(|| RequestError::Method(method.to_owned()))?;
    let url = url.trim();
    // What is wrong with it is said of the text as written, in which no secret stands.
    let parsed = with_secrets(url, secrets, url_encoded).parse::<reqwest::Url>();
    match parsed {
        Ok(parsed) if parsed.has_host() => Ok((method, parsed)),
        Ok(_) => Err(RequestError::Url { url: url.to_owned(), why: "it names no host".to_owned() }),
        Err(error) => Err(RequestError::Url { url: url.to_owned(), why: error.to_string() }),
    }
}

fn header(line: &str, secrets: &BTreeMap<String, String>) -> Result<(HeaderName, HeaderValue), RequestError> {
    let wrong = || RequestError::Header(line.to_owned());
    let (name, value) = line.split_once(':').ok_or_else(wrong)?;
    let value = with_secrets(value.trim(), secrets, str::to_owned);
    Ok((name.trim().parse().map_err(|_| wrong())?, value.parse().map_err(|_| wrong())?))
}

fn expected(wanted: &str) -> Result<Vec<RangeInclusive<u16>>, RequestError> {
    let one = |word: &str| match word.split_once('-') {
        Some((low, high)) => Some(low.parse().ok()?..=high.parse().ok()?),
        None => match word.strip_suffix("xx") {
            Some(class) => {
                class.parse().ok().filter(|class| (1..=5).contains(class)).map(|c: u16| c * 100..=c * 100 + 99)
            }
            None => word.parse().ok().map(|status| status..=status),
        },
    };
    wanted
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| one(word).ok_or_else(|| RequestError::Expect(wanted.to_owned())))
        .collect()
}

fn encoded_body(body: &str, headers: &HeaderMap, secrets: &BTreeMap<String, String>) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.contains("x-www-form-urlencoded") {
        with_secrets(body, secrets, url_encoded)
    } else if kind.contains("json") || kind.is_empty() && body.starts_with(['{', '[']) {
        with_secrets(body, secrets, json_encoded)
    } else {
        with_secrets(body, secrets, str::to_owned)
    }
}

fn with_secrets(text: &str, secrets: &BTreeMap<String, String>, encode: fn(&str) -> String) -> String {
    let mut rest = text;
    let mut bound = String::new();
    while let Some(at) = rest.find('$') {
        let (before, reference) = rest.split_at(at);
        bound.push_str(before);
        let braced = reference.strip_prefix("${").and_then(|inner| inner.split_once('}')).map(|(name, _)| name);
        let bare = || {
            let name = &reference[1..];
            &name[..name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len())]
        };
        let (name, length) = braced.map_or_else(|| (bare(), bare().len() + 1), |name| (name, name.len() + 3));
        if let Some(value) = secrets.get(name) {
            bound.push_str(&encode(value));
            rest = &reference[length..];
        } else {
            bound.push('$');
            rest = &reference[1..];
        }
    }
    bound + rest
}

fn url_encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn json_encoded(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Request, RequestError> {
        let secrets = BTreeMap::from([("TOKEN".to_owned(), "a b\"c".to_owned())]);
        Request::parse(text, &secrets)
    }

    #[test]
    fn a_request_is_read_as_it_is_written() {
        let request = parse(
            "# switch the edge\nexpect 200-204, 3xx\n\nPOST http://127.0.0.1:8080/active HTTP/1.1\n\
             Content-Type: application/json\nAuthorization: Bearer $TOKEN\n\n{\"region\": \"us-west-2\",\n\"k\": \"${TOKEN}\"}\n",
        );
        let Err(RequestError::Header(header)) = parse("GET http://x/\nAuthorization: a\u{7}") else { panic!() };
        assert_eq!(header, "Authorization: a\u{7}");
        let request = request.unwrap();
        assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/active"));
        assert_eq!(request.headers["authorization"], "Bearer a b\"c");
        assert_eq!(request.body.as_deref(), Some("{\"region\": \"us-west-2\",\n\"k\": \"a b\\\"c\"}"));
        assert!(request.expects(204) && request.expects(302) && !request.expects(205));
    }

    #[test]
    fn a_bare_address_is_a_get_that_expects_success() {
        let request = parse("http://localhost/?t=$TOKEN&u=$USER").unwrap();
        assert_eq!(request.url.query(), Some("t=a%20b%22c&u=$USER"));
        assert!(request.is_safe() && request.expects(299) && !request.expects(301));
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        assert_eq!(parse("# nothing\n"), Err(RequestError::Empty));
        assert_eq!(parse("get http://x/"), Err(RequestError::Method("get".to_owned())));
        assert!(matches!(parse("GET /path"), Err(RequestError::Url { .. })));
        assert!(matches!(parse("GET http://x/\nno header"), Err(RequestError::Header(_))));
        assert!(matches!(parse("expect good\nGET http://x/"), Err(RequestError::Expect(_))));
        assert_eq!(parse("GET http://x/\n\nbody\n###\nGET http://y/"), Err(RequestError::Several));
    }
}
