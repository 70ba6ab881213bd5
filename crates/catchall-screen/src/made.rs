//! Made words: neighbours as one word, and the first letters of all words.
//!
//! Both sides make them, so that a name is found however it was written; what they answer is settled when two names are aligned.

use crate::alike::View;
use crate::name::Role;

/// What an acronym may answer, in weight: all of a name, whatever it weighs.
pub(crate) const WHOLE_NAME: f32 = 4.0;

/// Neighbours as one word.
pub(crate) fn glued<'a>(views: &[View<'a>]) -> Vec<(Vec<u8>, Vec<u8>, f32, View<'a>)> {
    let parts = views
        .windows(2)
        .filter(|pair| pair.iter().all(|v| v.role != Role::Number));
    parts
        .map(|pair| {
            let mut sounds = [pair[0].sounds, pair[1].sounds].concat();
            sounds.dedup();
            let like = View {
                role: Role::Word,
                number: 0,
                variants: [0; 4],
                certain: pair[0].certain.saturating_add(pair[1].certain),
                aside: false,
                ..pair[0]
            };
            // What one word answers of two leaves neither over, so that the bound grants the weight of both.
            let weight = pair[0].weight + pair[1].weight;
            (
                [pair[0].text, pair[1].text].concat(),
                sounds,
                (weight * 1000.0).round() / 1000.0,
                like,
            )
        })
        .collect()
}

/// The first letters of all words as one word, with the small words and without them.
pub(crate) fn acronyms<'a>(
    letters: &[(u8, u8)],
    views: &[View<'a>],
) -> Vec<(Vec<u8>, Vec<u8>, f32, View<'a>)> {
    let Some(first) = views.first() else {
        return Vec::new();
    };
    let like = View {
        role: Role::Word,
        number: 0,
        variants: [0; 4],
        aside: false,
        unwritten: false,
        ..*first
    };
    let mut all: Vec<Vec<u8>> = [true, false]
        .iter()
        .map(|small| {
            letters
                .iter()
                .filter(|(_, token)| *small || *token != 255)
                .map(|(letter, _)| *letter)
                .collect()
        })
        .collect();
    all.dedup();
    all.retain(|word| (3..=8).contains(&word.len()));
    all.into_iter()
        .map(|word| (word.clone(), word, WHOLE_NAME, like))
        .collect()
}
