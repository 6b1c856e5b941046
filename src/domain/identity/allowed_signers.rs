//! The file by which OpenSSH says whose signatures count (`ALLOWED SIGNERS` of ssh-keygen(1)).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::public_key::PublicKey;
use super::statement::NAMESPACE;
use crate::time::Timestamp;

/// Lines that say whose key a key is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedSigners {
    lines: Vec<Signer>,
}

/// A line that says nothing here, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// From 1.
    pub line: usize,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signer {
    principals: Vec<String>,
    key: PublicKey,
    after: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl AllowedSigners {
    /// Times without a `Z` are of `zone`, as OpenSSH has it. Lines for other namespaces say nothing here and are not
    /// told of.
    #[must_use]
    pub fn parse(text: &str, zone: &TimeZone) -> (Self, Vec<Skipped>) {
        let (mut signers, mut skipped) = (Self::default(), Vec::new());
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match signer(line, zone) {
                Ok(signer) => signers.lines.extend(signer),
                Err(why) => skipped.push(Skipped { line: at + 1, why }),
            }
        }
        (signers, skipped)
    }

    pub(super) fn allow(&self, name: &str, key: &PublicKey, at: Timestamp) -> bool {
        self.lines.iter().any(|signer| {
            signer.key == *key
                && signer.after.is_none_or(|after| at >= after)
                && signer.before.is_none_or(|before| at <= before)
                && listed(&signer.principals, name)
        })
    }
}

/// `None` where it is for another namespace.
fn signer(line: &str, zone: &TimeZone) -> Result<Option<Signer>, String> {
    let (principals, rest) = line.split_once([' ', '\t']).ok_or("it has no key")?;
    let principals = principals.trim_matches('"').split(',').map(str::to_owned).collect();
    let rest = rest.trim_start();
    // Options are one word, whose quotes may hold spaces.
    let (options, key) = match PublicKey::parse(rest) {
        Ok(key) => ("", Ok(key)),
        Err(_) => {
            let end = word_end(rest);
            (&rest[..end], PublicKey::parse(rest[end..].trim_start()))
        }
    };
    let mut signer = Signer { principals, key: key.map_err(|error| error.to_string())?, after: None, before: None };
    for option in split_options(options) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "" => {}
            "namespaces" => {
                let all: Vec<_> = value.split(',').map(str::to_owned).collect();
                if !listed(&all, NAMESPACE) {
                    return Ok(None);
                }
            }
            "valid-after" => signer.after = Some(time(value, zone)?),
            "valid-before" => signer.before = Some(time(value, zone)?),
            "cert-authority" => return Err("certificates are not read".to_owned()),
            other => return Err(format!("`{}` is not known", other.escape_debug())),
        }
    }
    Ok(Some(signer))
}

/// Where the first word ends; spaces inside quotes are part of it.
fn word_end(text: &str) -> usize {
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c.is_ascii_whitespace()
    });
    end.unwrap_or(text.len())
}

fn split_options(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        !quoted && c == ','
    })
}

/// `20261120`, `202611200214`, `20261120021437`, each with or without `Z`.
fn time(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let wrong = || format!("`{}` is not a time: write 20261120 or 20261120021437Z", text.escape_debug());
    let (digits, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, &TimeZone::UTC),
        None => (text, zone),
    };
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let whole = format!("{digits:0<14}");
    let at = DateTime::strptime("%Y%m%d%H%M%S", &whole).map_err(|_| wrong())?;
    at.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| wrong())
}

/// A list of patterns: one has to fit, and none that begins with `!`.
fn listed(patterns: &[String], name: &str) -> bool {
    let fits = |pattern: &str| glob(pattern.as_bytes(), name.as_bytes());
    !patterns.iter().filter_map(|pattern| pattern.strip_prefix('!')).any(fits)
        && patterns.iter().filter(|pattern| !pattern.starts_with('!')).any(|pattern| fits(pattern))
}

/// `*` and `?`.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(of) {
            Some(b'*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[at] => (at, of) = (at + 1, of + 1),
            _ => match star {
                Some((back, taken)) => {
                    star = Some((back, taken + 1));
                    (at, of) = (taken + 1, back + 1);
                }
                None => return false,
            },
        }
    }
    pattern[of..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtaKBG0qGSBgwGbH1fYg9xCrQEnKDYaGrxn7fs52IyC";

    fn allows(line: &str, name: &str, at: &str) -> bool {
        let (signers, skipped) = AllowedSigners::parse(line, &TimeZone::UTC);
        assert_eq!(skipped, []);
        signers.allow(name, &PublicKey::parse(KEY).unwrap(), at.parse().unwrap())
    }

    #[test]
    fn a_line_counts_for_whom_when_and_for_what_it_says() {
        let now = "2026-11-20T02:14:37Z";
        for (line, name, expected) in [
            ("mara KEY comment", "mara", true),
            ("mara KEY", "raj", false),
            ("*@example.com,raj KEY", "mara@example.com", true),
            ("*@example.com,!eve@example.com KEY", "eve@example.com", false),
            ("mara namespaces=\"file,switchback-*\" KEY", "mara", true),
            ("mara namespaces=\"git\" KEY", "mara", false),
            ("mara valid-after=\"20261120\",valid-before=\"20261120021437Z\" KEY", "mara", true),
            ("mara valid-after=\"20261121\" KEY", "mara", false),
            ("mara valid-before=\"202611200200Z\" KEY", "mara", false),
        ] {
            assert_eq!(allows(&line.replace("KEY", KEY), name, now), expected, "{line}");
        }
    }

    #[test]
    fn a_time_without_zone_is_of_the_machines() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let text = format!("mara valid-after=\"202611200300\" {KEY}");
        let (signers, _) = AllowedSigners::parse(&text, &zone);
        let key = PublicKey::parse(KEY).unwrap();
        let allow = |at: &str| signers.allow("mara", &key, at.parse().unwrap());
        assert!(allow("2026-11-20T01:00:00Z") && !allow("2026-11-20T00:59:59Z"));
    }

    #[test]
    fn what_says_nothing_here_is_told_by_its_line() {
        let text =
            format!("# ours\n\nmara cert-authority {KEY}\nraj\nana frobnicate {KEY}\nbob valid-after=soon {KEY}\n");
        let (_, skipped) = AllowedSigners::parse(&text, &TimeZone::UTC);
        assert_eq!(skipped.iter().map(|skipped| skipped.line).collect::<Vec<_>>(), [3, 4, 5, 6]);
    }
}
