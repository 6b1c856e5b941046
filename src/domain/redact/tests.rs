use proptest::prelude::*;

use super::*;

fn redact(text: &str) -> String {
    Redactor::new(["hunter2-hunter2"]).redact(text)
}

#[test]
fn a_known_value_is_masked_in_every_form() {
    let redactor = Redactor::new(["p@ss \"w/rd\""]);
    for printed in [
        "p@ss \"w/rd\"",
        "p%40ss%20%22w%2Frd%22",
        "p%40ss%20%22w%2frd%22",
        "p%40ss+%22w%2Frd%22",
        r#"p@ss \"w/rd\""#,
        r#"p@ss \"w\/rd\""#,
        "cEBzcyAidy9yZC",
    ] {
        assert_eq!(redactor.redact(&format!("<{printed}>")), "<[redacted]>", "{printed}");
        assert!(redactor.reveals(printed));
    }
    let redactor = Redactor::new([r"it's \ here"]);
    for printed in [r"it''s \ here", r"it''s \\ here", r"it'\''s \ here"] {
        assert_eq!(redactor.redact(printed), "[redacted]", "{printed}");
    }
    assert!(!redactor.reveals("nothing"));
}

#[test]
fn each_line_of_a_long_value_is_masked_but_short_words_are_not() {
    let redactor = Redactor::new(["first line\nsecond line\nend\n", "abc"]);
    assert_eq!(redactor.redact("x second line y"), "x [redacted] y");
    assert_eq!(redactor.redact("abc end"), "abc end");
    assert_eq!(redactor.redact("first line\nsecond line\nend"), "[redacted]");
}

#[test]
fn what_looks_like_a_secret_is_masked() {
    for (text, masked) in [
        ("postgres://app:s3cret@db:5432/orders", "postgres://app:[redacted]@db:5432/orders"),
        ("http://db:5432/health", "http://db:5432/health"),
        ("Authorization: Basic dXNlcjpwYXNz\nnext", "Authorization: [redacted]\nnext"),
        ("curl -H 'Authorization: Bearer abc' http://x", "curl -H 'Authorization: [redacted]' http://x"),
        ("bearer 0123456789abcdef.x end", "bearer [redacted] end"),
        ("the bearer of news", "the bearer of news"),
        ("id AKIAIOSFODNN7EXAMPLE end", "id [redacted] end"),
        ("AKIATOOSHORT", "AKIATOOSHORT"),
        ("jwt eyJhbGciOi.eyJzdWIiOiI.SflKxwRJSM end", "jwt [redacted] end"),
        ("PGPASSWORD=abc psql", "PGPASSWORD=[redacted] psql"),
        ("password='a b' host=x", "password='[redacted]' host=x"),
        (r#"{"api_key": "a\"b", "n": 1}"#, r#"{"api_key": "[redacted]", "n": 1}"#),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = [redacted]"),
        ("password authentication failed", "password authentication failed"),
        ("Password: \n", "Password: \n"),
        ("arn:aws:secretsmanager:us-east-1:1:x", "arn:aws:secretsmanager:us-east-1:1:x"),
        ("a=1&token=xyz&b=2", "a=1&token=[redacted]&b=2"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY[redacted]-----END RSA PRIVATE KEY-----\n",
        ),
        ("-----BEGIN CERTIFICATE-----\nMIIE\n", "-----BEGIN CERTIFICATE-----\nMIIE\n"),
    ] {
        assert_eq!(redact(text), masked, "{text}");
    }
}

#[test]
fn a_known_value_is_taken_whole_even_where_a_pattern_would_end() {
    let redactor = Redactor::new(["one two three"]);
    assert_eq!(redactor.redact("password=one two three."), "password=[redacted]");
}

#[test]
fn plain_lines_are_passed_on_at_once() {
    let mut stream = Redactor::new(["hunter2-hunter2"]).stream();
    assert_eq!(stream.push(b"waiting for standby ..."), b"waiting for standby ...");
    assert_eq!(stream.push(b" token"), b" ");
    assert_eq!(stream.push(b"s left\n"), b"tokens left\n");
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[ -~\\n]{0,12}".prop_map(String::into_bytes),
        any::<Vec<u8>>(),
        prop::sample::select(vec![
            "://user:pass@",
            "Authorization: ",
            "\"authorization\": \"",
            "Bearer ",
            "AKIAIOSFODNN7EXAMPLE",
            "eyJhbGciOi.eyJzdWIiOiI.",
            "password=",
            "secret_key: '",
            "-----BEGIN PRIVATE KEY-----",
            "-----END",
            "hunter2-",
            "hunter2-hunter2",
            "aHVudGVyMi1odW50ZXIy",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn streamed(pieces: &[&[u8]]) -> Vec<u8> {
    let mut stream = Redactor::new(["hunter2-hunter2"]).stream();
    let mut masked: Vec<u8> = pieces.iter().flat_map(|piece| stream.push(piece)).collect();
    masked.extend(stream.finish());
    masked
}

proptest! {
    #[test]
    fn a_secret_split_at_every_offset_never_appears(
        secret in "[ -~]{6,20}", before in "[ -~\\n]{0,20}", after in "[ -~\\n]{0,20}",
    ) {
        let redactor = Redactor::new([&secret]);
        let whole = format!("{before}{secret}{after}");
        for cut in 0..=whole.len() {
            let mut stream = redactor.stream();
            let mut masked = stream.push(&whole.as_bytes()[..cut]);
            masked.extend(stream.push(&whole.as_bytes()[cut..]));
            masked.extend(stream.finish());
            let masked = String::from_utf8(masked).unwrap().replace(MASK, "\0");
            prop_assert!(!masked.contains(secret.trim_end_matches(['\r', '\n'])), "{masked:?}");
        }
    }

    #[test]
    fn where_the_stream_is_cut_makes_no_difference(
        raw in text(), first in any::<prop::sample::Index>(), second in any::<prop::sample::Index>(),
    ) {
        let (a, b) = (first.index(raw.len() + 1), second.index(raw.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        let cut = streamed(&[&raw[..a], &raw[a..b], &raw[b..]]);
        let whole = streamed(&[&raw]);
        prop_assert_eq!(String::from_utf8_lossy(&cut), String::from_utf8_lossy(&whole));
    }
}
