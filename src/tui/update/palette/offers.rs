//! What stands in the palette: what was taken lately, actions that answer the query, or what the action in it can be given.

use std::cmp::Reverse;

use super::choices::choices;
use super::rank::{Rank, Ranking};
use crate::action::{self, Id, argument, enabled};
use crate::model::{Given, Model, Offer};

/// So many lines of lately stand before everything else.
const LATELY: usize = 5;

/// The rows for what is typed, and the action whose argument it is.
pub(super) fn offers(model: &Model, query: &str) -> (Option<Id>, Vec<Offer>) {
    if query.trim().is_empty() {
        return (None, lately(model).into_iter().chain(actions(model, "")).collect());
    }
    let found = actions(model, query);
    match being_given(model, query, &found) {
        Some((id, text)) => (Some(id), given(model, id, text)),
        None => (None, found),
    }
}

fn lately(model: &Model) -> Vec<Offer> {
    let lines = model.ui.taken.lines().iter().take(LATELY);
    let offer = |line: &crate::model::TakenLine| Offer {
        action: line.action,
        given: line.choice.clone().map(|value| Given::Choice { value, words: String::new() }),
        why_not: enabled(model, line.action).err(),
        lit: Vec::new(),
        lately: true,
    };
    lines.map(offer).collect()
}

/// Actions that answer the query: the nearest first, and of those that are equally near what can be taken.
fn actions(model: &Model, query: &str) -> Vec<Offer> {
    let mut ranking = Ranking::new(query);
    let offered = action::TABLE.iter().filter(|action| !matches!(action.id, Id::Palette | Id::Up | Id::Down));
    let mut found: Vec<(Rank, Offer)> = Vec::new();
    for action in offered {
        let key = model.own_key(action.id);
        let names: Vec<&str> = [action.id.name()].into_iter().chain(key.as_deref()).collect();
        let Some(mut rank) = ranking.rank(action.title, &names, action.help) else { continue };
        let lit = std::mem::take(&mut rank.lit);
        let why_not = enabled(model, action.id).err();
        found.push((rank, Offer { action: action.id, given: None, why_not, lit, lately: false }));
    }
    found.sort_by_key(|(rank, offer)| (rank.nearness, offer.why_not.is_some(), Reverse(rank.score)));
    found.into_iter().map(|(_, offer)| offer).collect()
}

/// The action that the first word names, when what follows is its argument: by its very name, or, where nothing else
/// answers the whole query, as the first of those that answer the word.
fn being_given<'q>(model: &Model, query: &'q str, found: &[Offer]) -> Option<(Id, &'q str)> {
    let (name, text) = query.trim_start().split_once(char::is_whitespace)?;
    let id = match Id::named(name) {
        Some(id) => Some(id),
        None if found.is_empty() => actions(model, name).first().map(|offer| offer.action),
        None => None,
    }?;
    // `abort the run` is what the action is called.
    let called = action::row(id).title.to_lowercase().starts_with(query.trim().to_lowercase().as_str());
    (argument(id).is_some() && (!called || text.is_empty())).then_some((id, text.trim_start()))
}

fn given(model: &Model, id: Id, text: &str) -> Vec<Offer> {
    let why_not = enabled(model, id).err();
    let offer = |given, lit| Offer { action: id, given, why_not: why_not.clone(), lit, lately: false };
    if !argument(id).is_some_and(action::Argument::is_choice) {
        let words = text.trim();
        let given = (!words.is_empty()).then(|| Given::Words(words.to_owned()));
        return vec![offer(given, Vec::new())];
    }
    let mut ranking = Ranking::new(text);
    let mut found: Vec<(Rank, Offer)> = Vec::new();
    for choice in choices(model, id) {
        let Some(mut rank) = ranking.rank(&choice.value, &[], &choice.words) else { continue };
        let lit = std::mem::take(&mut rank.lit);
        found.push((rank, offer(Some(Given::Choice { value: choice.value, words: choice.words }), lit)));
    }
    found.sort_by_key(|(rank, _)| (rank.nearness, Reverse(rank.score)));
    found.into_iter().map(|(_, offer)| offer).collect()
}
