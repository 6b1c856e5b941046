//! Numbers of bytes as people read them.

/// `16 kB`, `1.4 GB`: two digits are enough to decide by.
#[allow(clippy::cast_precision_loss)]
#[must_use]
pub fn size(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut value = count as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(value < 9.95 && value.fract() >= 0.05);
    format!("{value:.digits$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_two_digits() {
        for (count, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (16_000, "16 kB"),
            (1_440_000, "1.4 MB"),
            (9_999_999, "10 MB"),
            (2_000_000_000, "2 GB"),
        ] {
            assert_eq!(size(count), text);
        }
    }
}
