//! The forms in which programs print a value: raw, by line, base64 at its three alignments, URL-encoded, quoted.

use std::collections::BTreeSet;

const SHORTEST: usize = 6;
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// All forms of these secrets, longest first.
pub(super) fn of(secrets: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<Vec<u8>> {
    let mut forms = BTreeSet::new();
    for secret in secrets {
        let secret = secret.as_ref().trim_end_matches(['\r', '\n']);
        add(&mut forms, secret);
        if secret.contains('\n') {
            for line in secret.lines() {
                add(&mut forms, line.trim());
            }
        }
    }
    let mut forms: Vec<Vec<u8>> = forms.into_iter().filter(|form| form.len() >= SHORTEST).collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms
}

fn add(forms: &mut BTreeSet<Vec<u8>>, value: &str) {
    if value.len() < SHORTEST {
        return;
    }
    forms.insert(value.as_bytes().to_vec());
    for alignment in 0..3 {
        forms.insert(base64(value.as_bytes(), alignment, STANDARD));
        forms.insert(base64(value.as_bytes(), alignment, URL_SAFE));
    }
    for (hex, space) in [(b"0123456789ABCDEF", "%20"), (b"0123456789abcdef", "%20"), (b"0123456789ABCDEF", "+")] {
        forms.insert(url_encoded(value, hex, space));
    }
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = json.trim_start_matches('"').strip_suffix('"').unwrap_or_default();
    forms.insert(json.as_bytes().to_vec());
    forms.insert(json.replace('/', "\\/").into_bytes());
    // As a literal of SQL, and as a shell that traces its commands quotes it.
    let doubled = value.replace('\'', "''");
    forms.insert(doubled.replace('\\', "\\\\").into_bytes());
    forms.insert(doubled.into_bytes());
    forms.insert(value.replace('\'', r"'\''").into_bytes());
}

/// The digits that `value` alone decides when `alignment` bytes stand before it in its group of three.
fn base64(value: &[u8], alignment: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let bit = |index: usize| value[index / 8] >> (7 - index % 8) & 1;
    let first = match alignment {
        0 => 0,
        1 => 4,
        _ => 2,
    };
    (first..value.len() * 8)
        .step_by(6)
        .filter(|start| start + 6 <= value.len() * 8)
        .map(|start| alphabet[usize::from((start..start + 6).fold(0, |digit, index| digit << 1 | bit(index)))])
        .collect()
}

fn url_encoded(value: &str, hex: &[u8; 16], space: &str) -> Vec<u8> {
    let mut form = Vec::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => form.push(byte),
            b' ' => form.extend_from_slice(space.as_bytes()),
            _ => form.extend([b'%', hex[usize::from(byte >> 4)], hex[usize::from(byte & 15)]]),
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_at_every_alignment() {
        // What `printf 'hunter22'`, `printf 'xhunter22'` and `printf 'xyhunter22'` give through `base64`.
        for (alignment, printed) in ["aHVudGVyMjI=", "eGh1bnRlcjIy", "eHlodW50ZXIyMg=="].iter().enumerate() {
            let form = String::from_utf8(base64(b"hunter22", alignment, STANDARD)).unwrap();
            assert!(printed.contains(&form), "{form} in {printed}");
            assert!(form.len() >= 9);
        }
    }
}
