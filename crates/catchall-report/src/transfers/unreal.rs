//! What is only supposed, wished for or looked into: no transfer is told there.
//!
//! `would consider sanctions if Ruritania sold tanks`, `hope to sell`, `was looking into how the tanks had been sold`. To grow: words in
//! `data/reports/cues.toml` (`supposing`, `wishing`).

use crate::statements::Ground;
use crate::tokens::Stretch;
use crate::undertakings::lower;

/// How far an "if" reaches, in tokens.
const REACH: usize = 14;

/// Whether the word at a token stands in such a clause.
pub(super) fn unreal(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    supposed(ground, sentence, at) || wished(ground, sentence, at) || hangs(ground, sentence, at)
}

/// Behind "if", "whether" or "how", in the same clause.
fn supposed(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let low = at.saturating_sub(REACH).max(sentence.from);
    let opener = (low..at)
        .rev()
        .take_while(|own| !matches!(lower(ground, *own), ";" | ":" | "that" | "but"))
        .find(|own| tokens.is(words, *own, "grammar", "supposing"));
    let Some(opener) = opener else { return false };
    // `even if`, `with or without`: an aside; a comma ends the clause that the word opens.
    !(opener..at).any(|own| lower(ground, own) == ",")
}

/// `hopes to sell`, `will seek to buy`.
fn wished(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    at > sentence.from + 1
        && lower(ground, at - 1) == "to"
        && tokens.is(words, at - 2, "grammar", "wishing")
}

/// `might resume its sales if`: what depends on something has not been told.
fn hangs(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let low = at.saturating_sub(6).max(sentence.from);
    let modal =
        (low..at).any(|own| matches!(lower(ground, own), "could" | "might" | "may" | "would"));
    modal && (at..sentence.to).any(|own| matches!(lower(ground, own), "if" | "unless"))
}
