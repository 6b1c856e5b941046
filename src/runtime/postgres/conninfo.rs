//! Connection strings as libpq reads them: `keyword=value …` and `postgresql://…`, into plain settings.

use std::collections::BTreeMap;

use domain::diagnostic::did_you_mean;

use super::dsn::DsnError;

/// Settings by their libpq keyword.
pub(super) type Settings = BTreeMap<String, String>;

/// Every keyword that has an effect here.
pub(super) const KEYWORDS: &[&str] = &[
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "host",
    "hostaddr",
    "options",
    "passfile",
    "password",
    "port",
    "service",
    "servicefile",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
    "user",
];

/// Keywords of libpq that change nothing about what a probe sees.
const WITHOUT_EFFECT: &[&str] = &[
    "client_encoding",
    "gssdelegation",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "sslcertmode",
    "sslcompression",
    "sslsni",
    "tcp_user_timeout",
];

/// Reads either form. An empty text is an empty set of settings.
pub(super) fn parse(text: &str) -> Result<Settings, DsnError> {
    let text = text.trim();
    match text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://")) {
        Some(rest) => url(rest),
        None => keyword_values(text),
    }
}

/// Takes `keyword`, or says that it is unknown or would be silently weaker than asked.
pub(super) fn accept(settings: &mut Settings, keyword: &str, value: String) -> Result<(), DsnError> {
    if KEYWORDS.contains(&keyword) {
        settings.insert(keyword.to_owned(), value);
        return Ok(());
    }
    if WITHOUT_EFFECT.contains(&keyword) || (keyword == "gssencmode" && value != "require") {
        return Ok(());
    }
    match keyword {
        "sslcrl"
        | "sslcrldir"
        | "gssencmode"
        | "require_auth"
        | "requirepeer"
        | "sslpassword"
        | "replication"
        | "ssl_min_protocol_version"
        | "ssl_max_protocol_version"
        | "sslnegotiation"
        | "scram_client_key"
        | "scram_server_key" => Err(DsnError::Unsupported { keyword: keyword.to_owned() }),
        _ => Err(DsnError::Keyword {
            keyword: keyword.to_owned(),
            help: did_you_mean(keyword, KEYWORDS.iter().copied()).unwrap_or_default(),
        }),
    }
}

/// `host=db port=5432 password='it''s'`: values in single quotes may hold spaces; `\` takes the next character as it is.
fn keyword_values(text: &str) -> Result<Settings, DsnError> {
    let mut settings = Settings::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((keyword, tail)) = rest.split_once('=') else {
            return Err(DsnError::Syntax("a connection string is keyword=value pairs or a postgresql:// URL".into()));
        };
        let keyword = keyword.trim();
        if keyword.is_empty() || keyword.contains(char::is_whitespace) {
            return Err(DsnError::Syntax("`=` is missing between a keyword and its value".into()));
        }
        let (value, tail) = value(tail.trim_start(), keyword)?;
        accept(&mut settings, keyword, value)?;
        rest = tail.trim_start();
    }
    Ok(settings)
}

fn value<'a>(text: &'a str, keyword: &str) -> Result<(String, &'a str), DsnError> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, next)| next)),
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            _ if !quoted && character.is_whitespace() => return Ok((value, &text[at..])),
            _ => value.push(character),
        }
    }
    if quoted {
        return Err(DsnError::Syntax(format!("the quote of `{keyword}` is not closed")));
    }
    Ok((value, ""))
}

/// What follows `postgresql://`: `user:password@host:port,host:port/dbname?keyword=value`.
fn url(text: &str) -> Result<Settings, DsnError> {
    let mut settings = Settings::new();
    let (text, query) = text.split_once('?').map_or((text, None), |(text, query)| (text, Some(query)));
    let (authority, path) = text.split_once('/').map_or((text, None), |(authority, path)| (authority, Some(path)));
    let hosts = match authority.rsplit_once('@') {
        Some((account, hosts)) => {
            let (user, password) = account.split_once(':').map_or((account, None), |(user, pw)| (user, Some(pw)));
            set_decoded(&mut settings, "user", user)?;
            set_decoded(&mut settings, "password", password.unwrap_or_default())?;
            hosts
        }
        None => authority,
    };
    set_hosts(&mut settings, hosts)?;
    set_decoded(&mut settings, "dbname", path.unwrap_or_default())?;
    for pair in query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty()) {
        let Some((keyword, value)) = pair.split_once('=') else {
            return Err(DsnError::Syntax("a parameter of the URL has no value".into()));
        };
        let (keyword, value) = (decode(keyword)?, decode(value)?);
        match (keyword.as_str(), value.as_str()) {
            ("ssl", "true") => accept(&mut settings, "sslmode", "require".into())?,
            _ => accept(&mut settings, &keyword, value)?,
        }
    }
    Ok(settings)
}

fn set_hosts(settings: &mut Settings, hosts: &str) -> Result<(), DsnError> {
    let mut names = Vec::new();
    let mut ports = Vec::new();
    for entry in hosts.split(',') {
        let (name, port) = match entry.strip_prefix('[').and_then(|entry| entry.split_once(']')) {
            Some((address, tail)) => (address, tail.strip_prefix(':').unwrap_or_default()),
            None => entry.rsplit_once(':').unwrap_or((entry, "")),
        };
        names.push(decode(name)?);
        ports.push(decode(port)?);
    }
    if names.iter().any(|name| !name.is_empty()) {
        settings.insert("host".into(), names.join(","));
    }
    if ports.iter().any(|port| !port.is_empty()) {
        settings.insert("port".into(), ports.join(","));
    }
    Ok(())
}

fn set_decoded(settings: &mut Settings, keyword: &str, text: &str) -> Result<(), DsnError> {
    if !text.is_empty() {
        settings.insert(keyword.into(), decode(text)?);
    }
    Ok(())
}

fn decode(text: &str) -> Result<String, DsnError> {
    let wrong = || DsnError::Syntax("a `%` in the URL is not followed by two hexadecimal digits".into());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or_else(wrong);
        let (high, low) = (digit()?, digit()?);
        bytes.extend(u8::try_from(high * 16 + low));
    }
    String::from_utf8(bytes).map_err(|_| DsnError::Syntax("the URL does not decode to UTF-8".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        parse(text).unwrap().into_iter().collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn keyword_values_take_quotes_escapes_and_spaces_around_the_equals_sign() {
        assert_eq!(
            of(r"host = db.example  dbname='orders db' password='it\'s \\ ok' user=a\ b"),
            pairs(&[("dbname", "orders db"), ("host", "db.example"), ("password", r"it's \ ok"), ("user", "a b")])
        );
        assert_eq!(of(""), []);
    }

    #[test]
    fn urls_take_percent_escapes_several_hosts_and_parameters() {
        assert_eq!(
            of("postgresql://m%40ra:p%3Aw@a:5433,[::1]:5434/or%20ders?sslmode=verify-full&application_name=x"),
            pairs(&[
                ("application_name", "x"),
                ("dbname", "or ders"),
                ("host", "a,::1"),
                ("password", "p:w"),
                ("port", "5433,5434"),
                ("sslmode", "verify-full"),
                ("user", "m@ra"),
            ])
        );
        assert_eq!(of("postgres:///orders?host=/run/pg"), pairs(&[("dbname", "orders"), ("host", "/run/pg")]));
    }

    #[test]
    fn a_slip_is_named_with_its_remedy() {
        assert!(parse("hots=db").unwrap_err().to_string().contains("did you mean `host`?"));
        assert!(parse("host=db sslcrl=x").unwrap_err().to_string().contains("not supported"));
        assert!(parse("host='db").unwrap_err().to_string().contains("not closed"));
        assert!(parse("postgresql://%zz").is_err());
    }

    #[test]
    fn an_error_never_repeats_what_may_be_a_password() {
        for text in
            ["password='hunter2", "password=a hunter2 host=b", "postgresql://u:hunter2%@a", "postgres://u:x?hunter2@a"]
        {
            let error = parse(text).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
