//! Sections of `key = value` lines, as libpq and the `aws` command write them. Lines that are neither are passed over, as
//! those tools' nested settings are.

use crate::untrusted::sanitise_line;

pub(super) struct Section {
    pub(super) name: String,
    /// From 1.
    pub(super) line: usize,
    /// Name, value, line.
    pub(super) keys: Vec<(String, String, usize)>,
}

impl Section {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.keys.iter().find(|(key, ..)| key == name);
        found.map(|(_, value, _)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// In the order of the file. Values of keys that hold secrets are not taken.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name) {
            sections.push(Section { name: sanitise_line(name.trim()), line: at + 1, keys: Vec::new() });
        } else if let (Some(section), Some((key, value))) = (sections.last_mut(), trimmed.split_once('=')) {
            let key = key.trim();
            if !key.starts_with(['#', ';']) && !secret(key) {
                section.keys.push((sanitise_line(key), sanitise_line(value.trim()), at + 1));
            }
        }
    }
    sections
}

fn secret(key: &str) -> bool {
    let key = key.to_lowercase();
    ["password", "secret", "token", "key", "credential"].iter().any(|word| key.contains(word))
}
