//! Secrets that were written into the file. They are errors, and they are masked in the text that is kept, shown in
//! diagnostics and pinned in logs: masking keeps every byte offset.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

/// Where secrets stand in one value of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Dsn,
    Url,
    /// An address that lets everybody post who knows it is a secret as a whole.
    Hook,
    Argv,
}

/// Over bytes: what ends a secret is ASCII, so matches end between characters; and classes of Unicode would take longer
/// to compile than everything else before the first frame.
fn pattern(text: &str) -> Regex {
    #[allow(clippy::expect_used)]
    Regex::new(text).expect("the pattern is a constant that a test compiles")
}

/// `//user:secret@` of a URL, and `?password=secret`.
static IN_URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?-u)://[^/\s"'@:]*:(?P<secret>[^/\s"'@]+)@|[?&](?i:password|token|secret|key)=(?P<query>[^&\s"'#]+)"#)
});

/// `password=secret` of a connection string, quoted or not.
static KEYWORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i-u)(?:^|[^a-z])(?:password|passwd|pgpassword|sslpassword)\s*=\s*(?P<quoted>'(?:[^'\\]|\\.)*'?|[^\s'"&,\]]+)"#,
    )
});

/// Addresses of Slack, Discord, Teams, Mattermost and Google Chat that need no other credential.
static HOOK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u)//(?:hooks\.slack\.com/|discord(?:app)?\.com/api/webhooks/|chat\.googleapis\.com/|[^/]*\.webhook\.office\.com/|[^/]+/hooks/[a-z0-9]{20,})",
    )
});

/// Headers that carry credentials.
pub(super) const SECRET_HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token", "api-key"];

/// Whether the text of a value holds a secret of this sort.
pub(super) fn holds(place: Where, text: &str) -> bool {
    let text = text.as_bytes();
    match place {
        Where::Dsn => IN_URL.is_match(text) || KEYWORD.is_match(text),
        Where::Url => IN_URL.is_match(text),
        Where::Hook => IN_URL.is_match(text) || HOOK.is_match(text),
        Where::Argv => {
            KEYWORD
                .captures_iter(text)
                .any(|found| found.name("quoted").is_some_and(|value| !value.as_bytes().starts_with(b"$")))
                || IN_URL.is_match(text)
        }
    }
}

/// The text with every secret replaced by as many bytes of `*`: those that are recognised anywhere in it, and the
/// `whole` ranges, which are the contents of values found to be secret.
pub(super) fn mask(source: &str, whole: &[Range<usize>]) -> String {
    let mut masked = source.to_owned();
    for pattern in [&*IN_URL, &*KEYWORD] {
        let secrets =
            recognised(pattern, source).into_iter().filter(|range| !names_a_source(&source.as_bytes()[range.clone()]));
        for secret in secrets {
            cover(&mut masked, secret, |_| false);
        }
    }
    for range in whole {
        cover(&mut masked, range.clone(), |byte| matches!(byte, b'"' | b'\'' | b'\n'));
    }
    masked
}

fn recognised(pattern: &Regex, text: &str) -> Vec<Range<usize>> {
    let secret = |found: regex::bytes::Captures<'_>| {
        ["secret", "query", "quoted"].iter().find_map(|name| Some(found.name(name)?.range()))
    };
    pattern.captures_iter(text.as_bytes()).filter_map(secret).collect()
}

/// `'env:NAME'` says where a secret is, and is none.
fn names_a_source(quoted: &[u8]) -> bool {
    quoted.starts_with(b"'env:") || quoted.starts_with(b"'file:/")
}

/// As many stars as there were bytes, except for those to `keep`.
fn cover(text: &mut String, range: Range<usize>, keep: impl Fn(u8) -> bool) {
    if let Some(covered) = text.get(range.clone()) {
        let stars: String = covered.bytes().map(|byte| if keep(byte) { char::from(byte) } else { '*' }).collect();
        text.replace_range(range, &stars);
    }
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
    fn secrets_of_many_alphabets_are_masked_whole() {
        for source in
            ["é password='sécrèt \\’ x' é", "postgresql://ana:пароль@db/é", "http://x/?token=秘密&a=b", "épassword=é"]
        {
            let masked = mask(source, &[]);
            assert_eq!(masked.len(), source.len(), "{masked}");
            assert!(masked.contains('*') && !masked.contains("crèt") && !masked.contains('п'), "{masked}");
            assert!(!masked.contains('密') && !masked.ends_with("=é"), "{masked}");
        }
    }

    #[test]
    fn where_a_secret_is_found_is_none() {
        let source = "[notify.mail]\npassword = 'env:SMTP_PASSWORD'\n";
        assert_eq!(mask(source, &[]), source);
    }

    #[test]
    fn an_address_that_lets_everybody_post_is_a_secret() {
        for hook in [
            "https://hooks.slack.com/services/T0/B0/x",
            "https://chat.example.com/hooks/abcdefghijklmnopqrstuvwxyz",
            "https://discord.com/api/webhooks/1/x",
        ] {
            assert!(holds(Where::Hook, hook) && !holds(Where::Url, hook), "{hook}");
        }
        assert!(!holds(Where::Hook, "https://ops.example.com/hooks/switchback"));
    }

    #[test]
    fn connection_strings_without_a_password_are_no_secrets() {
        for fine in ["service=orders", "postgresql://ana@db:5432/orders?sslmode=verify-full", "host=db passfile=/x"] {
            assert!(!holds(Where::Dsn, fine), "{fine}");
            assert_eq!(mask(fine, &[]), fine);
        }
    }
}
