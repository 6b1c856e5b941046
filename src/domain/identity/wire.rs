//! The encoding of SSH (RFC 4251, section 5): lengths and bytes. What is cut short is `None`, never a panic.

/// What is left to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

impl<'a> Wire<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// Four bytes of length, and so many bytes.
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        self.string().and_then(|text| std::str::from_utf8(text).ok())
    }

    /// A positive number without its leading zeros; a negative one is `None`.
    pub(super) fn positive(&mut self) -> Option<&'a [u8]> {
        let number = self.string()?;
        if number.first().is_some_and(|first| first & 0x80 != 0) {
            return None;
        }
        let zeros = number.iter().take_while(|&&byte| byte == 0).count();
        Some(&number[zeros..])
    }

    /// `Some` once everything was read.
    pub(super) const fn end(self) -> Option<()> {
        if self.0.is_empty() { Some(()) } else { None }
    }
}

/// Appends `bytes` behind their length.
pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}
