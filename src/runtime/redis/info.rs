//! The answer of INFO: lines of `key:value`.

use std::collections::BTreeMap;

/// Its fields, as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info(BTreeMap<String, String>);

impl Info {
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        Self(
            lines
                .filter_map(|line| line.split_once(':'))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// A whole number; `None` also where a negative one is not expected.
    #[must_use]
    pub fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.text(key)?.parse().ok()
    }

    /// `1` and `0`.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.text(key)? {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        }
    }

    /// `slave0`, `slave1`, …: each `ip=…,port=…,state=…`.
    pub fn replicas(&self) -> impl Iterator<Item = BTreeMap<&str, &str>> {
        let numbered = |key: &str| key.strip_prefix("slave").is_some_and(|rest| rest.parse::<u32>().is_ok());
        self.0
            .iter()
            .filter(move |(key, _)| numbered(key))
            .map(|(_, value)| value.split(',').filter_map(|part| part.split_once('=')).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_replicas_are_read_and_nothing_else_is_taken_for_one() {
        let text = "# Replication\r\nrole:master\r\nslave0:ip=10.0.0.2,port=6379,state=online,offset=98,lag=1\r\nslave_priority:100\r\nmaster_link_down_since_seconds:-1\r\nempty\r\n";
        let info = Info::parse(text);
        assert_eq!(
            (info.text("role"), info.number::<i64>("master_link_down_since_seconds")),
            (Some("master"), Some(-1))
        );
        assert_eq!(info.number::<u64>("master_link_down_since_seconds"), None);
        let replicas: Vec<_> = info.replicas().collect();
        assert_eq!((replicas.len(), replicas[0]["state"], replicas[0]["offset"]), (1, "online", "98"));
    }
}
