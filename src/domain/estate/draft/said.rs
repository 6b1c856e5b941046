//! What a person may say: each answer is held against the very reader of the estate's file, so that a question refuses what
//! the file would.

use super::super::parse;
use super::block::quoted;
use crate::time::parse_duration;

/// A connection string.
///
/// # Errors
/// What is wrong with it, and what to write.
pub fn server(text: &str) -> Result<String, String> {
    let file = format!("name = \"x\"\n[regions.a]\n[databases.d.servers]\na = {}\n", quoted(text));
    in_file(text, &file)
}

/// An address of the web.
///
/// # Errors
/// As [`server`].
pub fn address(text: &str) -> Result<String, String> {
    let file = format!("name = \"x\"\n[regions.a]\n[services.s.health]\na = {}\n", quoted(text));
    in_file(text, &file)
}

/// A recovery objective: a duration, 0 or n/a.
///
/// # Errors
/// As [`server`].
pub fn objective(text: &str) -> Result<String, String> {
    match text.trim() {
        "n/a" => Ok("n/a".to_owned()),
        other => parse_duration(other).map(|_| other.to_owned()),
    }
}

/// A name of a region, a service or a database.
///
/// # Errors
/// As [`server`].
pub fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let fine = text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain);
    if fine {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` cannot be a name: write letters, digits, `-` and `_`, 64 at most"))
    }
}

fn in_file(text: &str, file: &str) -> Result<String, String> {
    match parse(file).errors().next() {
        None => Ok(text.trim().to_owned()),
        Some(error) => Err(match &error.help {
            Some(help) => format!("{}: {help}", error.message),
            None => error.message.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_the_file_would_refuse_is_refused_with_the_same_words() {
        assert_eq!(server("service=orders-east").as_deref(), Ok("service=orders-east"));
        assert!(server("orders-east").unwrap_err().contains("service=NAME"));
        let secret = server("postgresql://ana:s3cret@db/orders").unwrap_err();
        assert!(secret.contains("a secret is written here") && !secret.contains("s3cret"), "{secret}");
        assert!(address("www.example.com").unwrap_err().contains("https://www.example.com"));
        assert!(address("https://www.example.com/health").is_ok());
        assert_eq!((objective("90s").is_ok(), objective("0").is_ok(), objective("n/a").is_ok()), (true, true, true));
        assert!(objective("5").unwrap_err().contains("5m"));
        assert!(name("us-east-1").is_ok() && name("us east").is_err() && name("").is_err());
    }
}
