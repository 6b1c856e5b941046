//! How well a text answers what was typed: letters in their order, the closer together the better.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// How far a match is from what was meant, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// It is what was typed.
    Same,
    /// Every word of it stands there.
    Whole,
    /// Its letters do, apart from each other.
    Scattered,
}

/// A match, and which characters of the first text were hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rank {
    pub nearness: Nearness,
    pub score: u32,
    pub lit: Vec<usize>,
}

/// What is looked for: words, each of which has to be found. A capital letter asks for exactly that.
pub(super) struct Ranking {
    query: String,
    words: Vec<Word>,
    matcher: Matcher,
}

struct Word {
    scattered: Atom,
    whole: Atom,
}

/// So much less what is said about a thing counts than what it is called.
const SAID: u32 = 4;

impl Ranking {
    pub(super) fn new(query: &str) -> Self {
        let atom = |word: &str, kind| Atom::new(word, CaseMatching::Smart, Normalization::Smart, kind, false);
        let word = |word| Word { scattered: atom(word, AtomKind::Fuzzy), whole: atom(word, AtomKind::Substring) };
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        let words = query.split_whitespace().map(word).collect();
        Self { query: query.trim().to_owned(), words, matcher: Matcher::new(config) }
    }

    /// Of something that is shown as `title`, may be typed as one of `names`, and of which `about` is said.
    /// `None`: a word is not found.
    pub(super) fn rank(&mut self, title: &str, names: &[&str], about: &str) -> Option<Rank> {
        let same = title == self.query || names.contains(&self.query.as_str());
        let nearest = if same { Nearness::Same } else { Nearness::Whole };
        let mut rank = Rank { nearness: nearest, score: 0, lit: Vec::new() };
        for word in &self.words {
            let matcher = &mut self.matcher;
            let mut found = of_word(&word.whole, matcher, title, names, &mut rank.lit);
            if found.is_none() {
                found = of_text(&word.whole, matcher, about).map(|score| score / SAID);
            }
            if found.is_none() {
                rank.nearness = Nearness::Scattered;
                found = of_word(&word.scattered, matcher, title, names, &mut rank.lit);
            }
            rank.score += found?;
        }
        rank.lit.sort_unstable();
        rank.lit.dedup();
        Some(rank)
    }
}

/// The best score in the title, whose letters are lit, and in the other names.
fn of_word(atom: &Atom, matcher: &mut Matcher, title: &str, names: &[&str], lit: &mut Vec<usize>) -> Option<u32> {
    let mut found = Vec::new();
    let mut buffer = Vec::new();
    let in_title = atom.indices(Utf32Str::new(title, &mut buffer), matcher, &mut found).map(u32::from);
    lit.extend(found.into_iter().filter_map(|at| usize::try_from(at).ok()));
    names.iter().filter_map(|name| of_text(atom, matcher, name)).chain(in_title).max()
}

fn of_text(atom: &Atom, matcher: &mut Matcher, text: &str) -> Option<u32> {
    let mut buffer = Vec::new();
    atom.score(Utf32Str::new(text, &mut buffer), matcher).map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(query: &str, title: &str) -> Option<Rank> {
        Ranking::new(query).rank(title, &[], "")
    }

    #[test]
    fn letters_are_found_in_order_and_lit() {
        let found = rank("rtp", "retry the step").unwrap();
        assert_eq!((found.nearness, found.lit.len()), (Nearness::Scattered, 3));
        assert_eq!(rank("run", "abort the run").unwrap().lit, [10, 11, 12]);
        assert_eq!(rank("nur", "abort the run"), None);
    }

    #[test]
    fn words_come_before_scattered_letters_and_the_very_name_before_both() {
        let nearness = |query, title| rank(query, title).map(|rank| rank.nearness);
        assert_eq!(nearness("abort", "abort the run"), Some(Nearness::Whole));
        assert_eq!(nearness("run abort", "abort the run"), Some(Nearness::Whole));
        assert_eq!(nearness("Log", "log"), None, "a capital letter asks for exactly that");
        assert_eq!(nearness("log", "log"), Some(Nearness::Same));
        let score = |query, title| rank(query, title).map(|rank| rank.score);
        assert!(score("ab", "abort the run") > score("ab", "a tab"));
        assert!(
            score("end the exercise", "end the exercise (EndEx)")
                > score("end the exercise", "REAL WORLD: end the exercise")
        );
    }

    #[test]
    fn what_is_said_about_a_thing_counts_less_than_its_name() {
        let mut ranking = Ranking::new("lag");
        let named = ranking.rank("lag", &[], "").unwrap().score;
        let said = ranking.rank("replication", &[], "how large the lag is").unwrap();
        assert!(said.score < named && said.lit.is_empty());
        assert_eq!(Ranking::new("lga").rank("replication", &[], "how large the lag is"), None);
    }
}
