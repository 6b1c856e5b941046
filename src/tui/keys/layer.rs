//! The chords of one place and what each stands for there.

use super::{Chord, Key};

/// In the order of the table, what a person bound first; `None` is a chord that does nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layer<T>(Vec<(Chord, Option<T>)>);

/// What keys pressed one after the other come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<T> {
    Bound(T),
    /// More has to follow.
    Begun,
    Nothing,
}

impl<T: Copy + PartialEq> Layer<T> {
    pub(super) const fn of(chords: Vec<(Chord, Option<T>)>) -> Self {
        Self(chords)
    }

    pub(super) fn chords(&self) -> impl Iterator<Item = (&Chord, T)> {
        self.0.iter().filter_map(|(chord, does)| Some((chord, (*does)?)))
    }

    /// `None` where this layer has no say in these keys, and the next one is asked.
    fn find(&self, keys: &[Key]) -> Option<Found<T>> {
        let within = |chord: &Chord| chord.after(keys).is_some_and(|rest| !rest.is_empty());
        if let Some((chord, does)) = self.0.iter().find(|(chord, _)| keys.starts_with(chord.keys())) {
            let whole = does.filter(|_| chord.keys() == keys);
            return Some(whole.map_or(Found::Nothing, Found::Bound));
        }
        self.0.iter().any(|(chord, does)| does.is_some() && within(chord)).then_some(Found::Begun)
    }

    /// The one key in front of `chord` that stands for something here, so that `chord` would never be heard out.
    pub(super) fn before(&self, chord: &Chord) -> Option<(&Chord, T)> {
        self.chords().find(|(other, _)| *other != chord && chord.after(other.keys()).is_some())
    }

    /// Puts `chord` at `at` in the place of what it stood for, and of every longer one that began with it.
    pub(super) fn bind(&mut self, at: usize, chord: Chord, does: Option<T>) {
        if self.0.iter().any(|(other, was)| *other == chord && *was == does) {
            return;
        }
        self.0.retain(|(other, was)| {
            other.after(chord.keys()).is_none() && !(was.is_none() && chord.after(other.keys()).is_some())
        });
        self.0.insert(at.min(self.0.len()), (chord, does));
    }
}

/// Asks the layers one after the other, the nearest first.
pub(super) fn find<'l, T: Copy + PartialEq + 'l>(
    layers: impl IntoIterator<Item = &'l Layer<T>>,
    keys: &[Key],
) -> Found<T> {
    layers.into_iter().find_map(|layer| layer.find(keys)).unwrap_or(Found::Nothing)
}
