//! Two texts, line by line: what stays, what goes, what comes.

use similar::{Algorithm, DiffOp, DiffTag};

/// From this many pairs of lines on no common ones are looked for: all of the old goes, all of the new comes.
const PAIRS: usize = 25_000_000;
/// Lines that stay are shown this far around those that do not.
const AROUND: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Stays,
    Goes,
    Comes,
    /// Stands for lines that stay and are not shown.
    LeftOut,
}

/// A line of a difference, safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub sign: Sign,
    pub text: String,
    /// Why it comes, where that is not plain.
    pub because: Option<String>,
}

/// `because` is asked for every line that comes, by its number from 0.
pub(super) fn lines(old: &str, new: &str, because: impl Fn(usize) -> Option<String>) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let show = |sign, text: &str| Line { sign, text: crate::untrusted::sanitise_line(text), because: None };
    let comes = |at: usize| Line { because: because(at), ..show(Sign::Comes, new[at]) };
    let mut lines = Vec::new();
    let mut shown = 0;
    for op in similar::group_diff_ops(ops(&old, &new), AROUND).into_iter().flatten() {
        let (tag, was, is) = op.as_tag_tuple();
        if was.start > shown {
            lines.push(left_out(was.start - shown));
        }
        shown = was.end;
        match tag {
            DiffTag::Equal => lines.extend(was.map(|at| show(Sign::Stays, old[at]))),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                lines.extend(was.map(|at| show(Sign::Goes, old[at])));
                lines.extend(is.map(comes));
            }
        }
    }
    if old.len() > shown {
        lines.push(left_out(old.len() - shown));
    }
    lines
}

fn ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    if old.len().saturating_mul(new.len()) > PAIRS {
        return vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }];
    }
    similar::capture_diff_slices(Algorithm::Patience, old, new)
}

fn left_out(count: usize) -> Line {
    let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    Line { sign: Sign::LeftOut, text: format!("{lines} the same"), because: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(old: &str, new: &str) -> Vec<String> {
        let lines = lines(old, new, |at| (at == 0).then(|| "first".to_owned()));
        let sign = |sign| match sign {
            Sign::Stays => ' ',
            Sign::Goes => '-',
            Sign::Comes => '+',
            Sign::LeftOut => '~',
        };
        let because = |line: &Line| line.because.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
        lines.iter().map(|line| format!("{}{}{}", sign(line.sign), line.text, because(line))).collect()
    }

    #[test]
    fn what_goes_and_comes_is_told_with_what_is_around_it() {
        assert_eq!(drawn("a\nb\nc", "x\na\nc\n"), ["+x (first)", " a", "-b", " c"]);
        let old: Vec<String> = (0..20).map(|line| line.to_string()).collect();
        let new = old.join("\n").replace("\n10\n", "\nten\n");
        let drawn = drawn(&old.join("\n"), &new);
        assert_eq!(drawn[0], "~7 lines the same");
        assert_eq!(drawn[1..5], [" 7", " 8", " 9", "-10"]);
        assert_eq!(drawn.last().map(String::as_str), Some("~6 lines the same"));
    }

    #[test]
    fn the_same_text_has_no_difference_and_huge_ones_are_not_compared() {
        assert_eq!(drawn("a\nb", "a\nb"), ["~2 lines the same"]);
        let long = "a\n".repeat(6_000);
        assert_eq!(drawn(&long, &format!("{long}b")).len(), 12_001);
    }

    /// Taking the lines that come and stay, and those left out, gives the new text.
    #[test]
    fn a_difference_holds_all_of_both() {
        let (old, new) = ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\nx\n5\n6\n7\n8\n9\ny\n");
        let lines = lines(old, new, |_| None);
        let count = |signs: &[Sign]| lines.iter().filter(|line| signs.contains(&line.sign)).count();
        assert_eq!(count(&[Sign::Stays, Sign::Goes]), 9);
        assert_eq!(count(&[Sign::Stays, Sign::Comes]), 10);
    }
}
