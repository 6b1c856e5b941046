//! Secrets that were written into the file. They are errors, and they are masked in the text that is kept, shown in
//! diagnostics and pinned in logs: masking keeps every byte offset.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Where secrets stand in one value of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Dsn,
    Url,
    Argv,
}

fn pattern(text: &str) -> Regex {
    #[allow(clippy::expect_used)]
    Regex::new(text).expect("the pattern is a constant that a test compiles")
}

/// `//user:secret@` of a URL, and `?password=secret`.
static IN_URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"://[^/\s"'@:]*:(?P<secret>[^/\s"'@]+)@|[?&](?i:password|token|secret|key)=(?P<query>[^&\s"'#]+)"#)
});

/// `password=secret` of a connection string, quoted or not.
static KEYWORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(?:^|[^a-z])(?:password|passwd|pgpassword|sslpassword)\s*=\s*(?P<quoted>'(?:[^'\\]|\\.)*'?|[^\s'"&,\]]+)"#,
    )
});

/// Headers that carry credentials.
pub(super) const SECRET_HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token", "api-key"];

/// Whether the text of a value holds a secret of this sort.
pub(super) fn holds(place: Where, text: &str) -> bool {
    match place {
        Where::Dsn => IN_URL.is_match(text) || KEYWORD.is_match(text),
        Where::Url => IN_URL.is_match(text),
        Where::Argv => {
            KEYWORD
                .captures_iter(text)
                .any(|found| found.name("quoted").is_some_and(|value| !value.as_str().starts_with('$')))
                || IN_URL.is_match(text)
        }
    }
}

/// The text with every secret replaced by as many bytes of `*`: those that are recognised anywhere in it, and the
/// `whole` ranges, which are the contents of values found to be secret.
pub(super) fn mask(source: &str, whole: &[Range<usize>]) -> String {
    let mut masked = source.to_owned();
    for pattern in [&*IN_URL, &*KEYWORD] {
        masked = pattern.replace_all(&masked, |found: &Captures<'_>| stars(found)).into_owned();
    }
    for range in whole {
        if let Some(text) = masked.get(range.clone()) {
            let stars: String = text
                .bytes()
                .map(|byte| if byte == b'"' || byte == b'\'' || byte == b'\n' { char::from(byte) } else { '*' })
                .collect();
            masked.replace_range(range.clone(), &stars);
        }
    }
    masked
}

fn stars(found: &Captures<'_>) -> String {
    let whole = found.get(0).map_or(0..0, |all| all.range());
    let secret = ["secret", "query", "quoted"].iter().find_map(|name| found.name(name));
    let Some(secret) = secret else { return found[0].to_owned() };
    let text = &found[0];
    let (start, end) = (secret.start() - whole.start, secret.end() - whole.start);
    format!("{}{}{}", &text[..start], "*".repeat(end - start), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognised_and_masked_in_place() {
        let source =
            "a = \"postgresql://ana:s3cret@db/orders\"\nb = \"host=x password='p w' user=y\"\nc = \"password=z\"";
        let masked = mask(source, &[]);
        assert_eq!(masked.len(), source.len());
        assert!(masked.contains("://ana:******@db/orders"), "{masked}");
        for secret in ["s3cret", "p w", "=z"] {
            assert!(!masked.contains(secret), "{masked}");
        }
        assert!(masked.contains("user=y"));
    }

    #[test]
    fn connection_strings_without_a_password_are_no_secrets() {
        for fine in ["service=orders", "postgresql://ana@db:5432/orders?sslmode=verify-full", "host=db passfile=/x"] {
            assert!(!holds(Where::Dsn, fine), "{fine}");
            assert_eq!(mask(fine, &[]), fine);
        }
    }
}
