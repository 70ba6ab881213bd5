//! Room: working memory that is kept from question to question.
//!
//! What every reading of the lists may answer of the question at hand, which tokens are like which, and what was found for tokens asked before. Nothing is
//! decided here.

use crate::alike::{Match, View};
use crate::ceiling::Granted;
use crate::hash::Map;
use crate::name::Manner;
use std::sync::Arc;

/// Most questions' tokens whose like tokens are remembered.
pub(crate) const REMEMBERED: usize = 20_000;

/// No token of the lists.
pub(crate) const NOBODY: u32 = u32::MAX;

/// What is remembered of a token: itself, in bytes.
pub(crate) type TokenKey = Vec<u8>;

/// Working memory that is kept from question to question; one for each thread, and for one index.
#[derive(Debug, Default)]
pub struct Room {
    /// For each reading, what of it may be answered.
    pub(crate) granted: Vec<Granted>,
    pub(crate) touched: Vec<u32>,
    /// Which readings have letters that stand alone, one bit each; empty until it is asked for.
    pub(crate) lettered: Vec<u64>,
    /// Tokens were not looked through among which may be neighbours made one, or first letters.
    pub(crate) made_unseen: bool,
    pub(crate) keys: Vec<u64>,
    pub(crate) numbers: Vec<u32>,
    pub(crate) key: TokenKey,
    pub(crate) known: Map<TokenKey, Arc<Alike>>,
    pub(crate) known_of_all: Map<TokenKey, Arc<Alike>>,
    pub(crate) found: Matches,
}

/// Which tokens of the lists are like which of the question: a table of the question's own.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    pub(crate) slots: Vec<(u32, u8, Match)>,
    pub(crate) held: Vec<u32>,
    pub(crate) mask: usize,
}

/// The tokens of the lists that are like one of a question.
#[derive(Debug)]
pub(crate) struct Alike {
    pub(crate) tokens: Vec<Found>,
    pub(crate) readings: usize,
    /// What a unit of agreement with the best of them is worth.
    pub(crate) worth: f32,
}

/// A token of the lists that is like one of a question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) token: u32,
    pub(crate) found: Match,
    /// How much it tells.
    pub(crate) weight: f32,
    /// It is neighbours made one, or first letters.
    pub(crate) made: bool,
}

impl Matches {
    /// Lays out the table for the tokens of one reading.
    pub(crate) fn fill(&mut self, alike: &[(u8, Arc<Alike>)]) {
        let count: usize = alike.iter().map(|(_, a)| a.tokens.len()).sum();
        let size = (count * 2).next_power_of_two().max(16);
        let empty = (
            NOBODY,
            0,
            Match {
                means: crate::alike::Means::Literal,
                quality: 0.0,
            },
        );
        if self.slots.len() < size {
            self.slots = vec![empty; size];
            self.held.clear();
        }
        for slot in self.held.drain(..) {
            self.slots[slot as usize] = empty;
        }
        self.mask = self.slots.len() - 1;
        for (own, alike) in alike {
            for Found { token, found, .. } in &alike.tokens {
                let mut at = Self::begin(*token) & self.mask;
                while self.slots[at].0 != NOBODY {
                    at = (at + 1) & self.mask;
                }
                self.slots[at] = (*token, *own, *found);
                self.held.push(at as u32);
            }
        }
    }

    pub(crate) fn begin(token: u32) -> usize {
        (token.wrapping_mul(0x9e37_79b1) >> 7) as usize
    }

    /// Calls with every token of the question that is like this one.
    pub(crate) fn each(&self, token: u32, mut call: impl FnMut(u8, Match)) {
        if self.slots.is_empty() {
            return;
        }
        let mut at = Self::begin(token) & self.mask;
        while self.slots[at].0 != NOBODY {
            if self.slots[at].0 == token {
                call(self.slots[at].1, self.slots[at].2);
            }
            at = (at + 1) & self.mask;
        }
    }
}

impl Room {
    /// Room to work in.
    pub fn new() -> Room {
        Room::default()
    }

    pub(crate) fn begin(&mut self, readings: usize) {
        if self.granted.len() != readings {
            self.granted = vec![Granted::default(); readings];
            self.touched.clear();
            self.lettered.clear();
            self.known.clear();
            self.known_of_all.clear();
        }
        for reading in self.touched.drain(..) {
            self.granted[reading as usize] = Granted::default();
        }
    }

    /// Keeps the candidates of the greatest weight; ties by number.
    pub(crate) fn best(&self, candidates: &mut Vec<u32>, count: usize) {
        candidates.sort_by(|a, b| {
            let weight = |reading: &u32| self.granted[*reading as usize].agreed;
            weight(b).total_cmp(&weight(a)).then(a.cmp(b))
        });
        candidates.truncate(count);
    }

    /// Whether neighbours may be one word in a reading that was brought up, or a word first letters.
    pub(crate) fn may_join(&self, reading: u32) -> bool {
        let held = self.granted.get(reading as usize);
        self.made_unseen || held.is_none_or(|held| held.made)
    }

    /// Brings up readings, with nothing granted.
    pub(crate) fn touch(&mut self, readings: impl Iterator<Item = u32>) {
        let nothing = Granted {
            agreed: f32::MIN_POSITIVE,
            measure: f32::MIN_POSITIVE,
            ..Granted::default()
        };
        for reading in readings {
            self.add(reading, nothing, true);
        }
    }

    /// A reading with several words like one of the question is granted the weight of all: too much, never too little.
    pub(crate) fn add(&mut self, reading: u32, granted: Granted, brings: bool) {
        let Some(held) = self.granted.get_mut(reading as usize) else {
            return;
        };
        if held.agreed == 0.0 {
            if !brings {
                return;
            }
            self.touched.push(reading);
        }
        held.agreed += granted.agreed;
        held.measure += granted.measure;
        held.worth += granted.worth;
        held.pairs = held.pairs.saturating_add(granted.pairs);
        held.same |= granted.same;
        held.made |= granted.made;
    }
}

pub(crate) fn token_key(token: &View<'_>, manner: Manner, key: &mut TokenKey) {
    key.clear();
    let length = token.text.len() as u32;
    let marks = [token.role as u8, token.script as u8, manner as u8];
    key.extend_from_slice(&marks);
    key.push(u8::from(token.unwritten));
    key.extend_from_slice(&length.to_le_bytes());
    key.extend_from_slice(&token.number.to_le_bytes());
    key.extend_from_slice(token.text);
    key.extend_from_slice(token.sounds);
}
