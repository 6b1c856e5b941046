//! Secrets kept out of the screen, the log, exports and files: known values in the forms programs print them in, and
//! text that has the look of a secret. Best effort, and said to be so: a value cut or re-encoded by hand passes.

mod forms;
mod patterns;

use std::sync::Arc;

use patterns::{Look, Until};

/// What stands where a secret stood.
pub const MASK: &str = "[redacted]";

/// Knows the secrets of one attempt. Cheap to clone.
#[derive(Clone)]
pub struct Redactor {
    known: Arc<Known>,
}

struct Known {
    /// Longest first, so that the first that matches hides the most.
    forms: Vec<Vec<u8>>,
    /// Pairs of bytes that a form or a pattern begins with: almost no text gets past this table.
    pairs: Vec<bool>,
    firsts: [bool; 256],
}

impl Default for Redactor {
    /// Knows no value, only the looks of secrets.
    fn default() -> Self {
        Self::new(std::iter::empty::<&str>())
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} forms)", self.known.forms.len())
    }
}

impl Redactor {
    /// Values shorter than six bytes are not looked for: they would mask ordinary words.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let forms = forms::of(secrets);
        let mut pairs = vec![false; 1 << 16];
        let mut firsts = [false; 256];
        let literal = forms.iter().map(|form| (form[0], form[1]));
        for (first, second) in literal.chain(patterns::beginnings()) {
            pairs[usize::from(first) << 8 | usize::from(second)] = true;
            firsts[usize::from(first)] = true;
        }
        Self { known: Arc::new(Known { forms, pairs, firsts }) }
    }

    /// `text` with every secret masked.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let mut stream = self.stream();
        let mut masked = stream.push(text.as_bytes());
        masked.extend(stream.finish());
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// Whether `text` holds one of the known values, in any of its forms.
    #[must_use]
    pub fn reveals(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|at| matches!(self.known.literal(&bytes[at..], true), Look::Hit { .. }))
    }

    /// For text that arrives in pieces.
    #[must_use]
    pub fn stream(&self) -> RedactStream {
        RedactStream { redactor: self.clone(), held: Vec::new(), masking: None, previous: b'\n' }
    }
}

impl Known {
    fn begins(&self, rest: &[u8], at_end: bool) -> bool {
        match *rest {
            [first, second, ..] => self.pairs[usize::from(first) << 8 | usize::from(second)],
            [first] => !at_end && self.firsts[usize::from(first)],
            [] => false,
        }
    }

    fn literal(&self, rest: &[u8], at_end: bool) -> Look {
        for form in &self.forms {
            if rest.starts_with(form) {
                return Look::Hit { keep: 0, skip: form.len(), until: None };
            }
            if !at_end && form.starts_with(rest) {
                return Look::More;
            }
        }
        Look::No
    }
}

/// Redacts a stream, cut anywhere; what might be the beginning of a secret is held back until it is known.
#[derive(Clone, Debug)]
pub struct RedactStream {
    redactor: Redactor,
    held: Vec<u8>,
    /// Within a secret that goes on until something ends it.
    masking: Option<Until>,
    /// The byte before `held`.
    previous: u8,
}

impl RedactStream {
    /// Takes the next piece; gives what is safe to pass on.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        self.scan(false)
    }

    /// The end of the stream: what was held back.
    pub fn finish(&mut self) -> Vec<u8> {
        let rest = self.scan(true);
        self.masking = None;
        rest
    }

    fn scan(&mut self, at_end: bool) -> Vec<u8> {
        let text = std::mem::take(&mut self.held);
        let known = Arc::clone(&self.redactor.known);
        let mut safe = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let look = match self.masking {
                Some(until) => masked(&known, until, rest, at_end),
                None => {
                    let plain = (0..rest.len()).position(|from| known.begins(&rest[from..], at_end));
                    let plain = plain.unwrap_or(rest.len());
                    if plain > 0 {
                        safe.extend_from_slice(&rest[..plain]);
                        at += plain;
                        self.previous = rest[plain - 1];
                        continue;
                    }
                    match known.literal(rest, at_end) {
                        Look::No => patterns::at(self.previous, rest, at_end),
                        look => look,
                    }
                }
            };
            let passed = match look {
                Look::More => {
                    self.held = rest.to_vec();
                    break;
                }
                Look::Hit { keep, skip, until } => {
                    safe.extend_from_slice(&rest[..keep]);
                    if self.masking.is_none() {
                        safe.extend_from_slice(MASK.as_bytes());
                    }
                    self.masking = self.masking.or(until);
                    keep + skip
                }
                Look::Over => {
                    self.masking = None;
                    continue;
                }
                Look::No => {
                    if self.masking.is_none() {
                        safe.push(rest[0]);
                    }
                    1
                }
            };
            at += passed;
            self.previous = text[at - 1];
        }
        safe
    }
}

/// Within a masked stretch a known value is still taken whole, whatever in it looks like the end.
fn masked(known: &Known, until: Until, rest: &[u8], at_end: bool) -> Look {
    match known.literal(rest, at_end) {
        Look::No => patterns::within(until, rest, at_end),
        look => look,
    }
}

#[cfg(test)]
mod tests;
