//! Candidates: which names of the lists a question could meet at all.
//!
//! The question's tokens find like tokens of the lists by their keys; these find readings of names, each with the weight of what may answer. What could
//! still reach the floor goes on to be aligned in full; nothing else is left out. No token is dropped for being common: a common one may not bring up a
//! name by itself, but its whole weight is granted to every name that another token brought up. Nothing is scored here.

use crate::alike::{Match, View};
use crate::attribute::Floor;
use crate::block::{Side, keys, letter_keys, share_key};
use crate::builder::MOST_INITIALS;
use crate::ceiling::{Ceiling, Granted, Seen, is_same, worth, worth_letter, worth_made};
use crate::evidence::total;
use crate::index::{ScreenIndex, begins_with, like};
use crate::made::{WHOLE_NAME, acronyms, glued};
use crate::name::{MOST_TOKENS, Manner, Role, Script};
use crate::room::{Alike, Found, REMEMBERED, Room, TokenKey, token_key};
use std::sync::Arc;

/// The most that a letter standing alone weighs.
const INITIAL: f32 = 0.2;

/// Sums are rounded, and in another order.
const SLACK: f32 = 1e-3;

/// A token of a question with what it is like.
pub(crate) struct Asked {
    alike: Arc<Alike>,
    weight: f32,
    /// What it can answer at most: itself, or the rarest that it is like.
    most: f32,
    /// What a unit of its agreement is worth at best.
    worth: f32,
    /// It stands in the question; not two words made one, nor first letters.
    stands: bool,
    /// It is not one word of the question, or some of what it is like is not one of the lists.
    made: bool,
}

/// What tokens too common to be looked through may answer of any reading; `more` is how much more than their own weight.
#[derive(Default)]
struct Unseen {
    agreed: f32,
    more: f32,
    worth: f32,
    pairs: u16,
    same: bool,
    made: bool,
}

/// What agreement with a question is worth at best: the tokens that are worth most are answered first.
struct Best {
    /// Weight, and what a unit of it is worth; the greatest worth first.
    tokens: Vec<(f32, f32)>,
}

impl Best {
    fn of(asked: &[Asked], letters: f32, letter: f32) -> Best {
        let asked = asked.iter().filter(|a| a.alike.readings > 0);
        let mut tokens: Vec<(f32, f32)> = asked.map(|a| (a.weight, a.worth)).collect();
        tokens.push((letters, letter));
        tokens.sort_by(|a, b| b.1.total_cmp(&a.1));
        Best { tokens }
    }

    fn of_agreement(&self, agreed: f32) -> f32 {
        let mut left = agreed;
        let mut sum = 0.0;
        for (weight, worth) in &self.tokens {
            let own = weight.min(left);
            sum += own * worth;
            left -= own;
        }
        sum
    }
}

/// What must agree for a reading to be looked at: in any way, and where a letter answers a word.
#[derive(Clone, Copy)]
struct Needed {
    any: f32,
    by_letter: f32,
}

/// What of a question's reading decides which names it can meet.
pub(crate) struct Sought<'a> {
    pub(crate) tokens: &'a [View<'a>],
    pub(crate) letters: &'a [(u8, u8)],
    pub(crate) manner: Manner,
}

impl ScreenIndex {
    /// Finds what the tokens of a reading are like, and lays out the table of matches.
    pub(crate) fn likes(&self, tokens: &[View<'_>], manner: Manner, room: &mut Room) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::with_capacity(tokens.len() * 2);
        let mut alike = Vec::with_capacity(tokens.len());
        for (own, token) in tokens
            .iter()
            .enumerate()
            .take(MOST_TOKENS)
            .filter(|(_, t)| t.role != Role::Initial)
        {
            let one = self.asked(token, token.weight, (manner, false), room);
            alike.push((own as u8, Arc::clone(&one.alike)));
            asked.push(one);
        }
        room.found.fill(&alike);
        asked
    }

    /// The same by comparing with every token of the lists, without the tables of keys: what the slow twin asks.
    pub(crate) fn likes_of_all(&self, tokens: &[View<'_>], manner: Manner, room: &mut Room) {
        let mut alike = Vec::with_capacity(tokens.len());
        for (own, token) in tokens
            .iter()
            .enumerate()
            .take(MOST_TOKENS)
            .filter(|(_, t)| t.role != Role::Initial)
        {
            let mut key = TokenKey::new();
            token_key(token, manner, &mut key);
            if !room.known_of_all.contains_key(&key) {
                let found = self.tokens_of(manner).filter_map(|number| {
                    let listed = self.token(number)?;
                    let found = like(token, &listed, &self.names)?;
                    share_key(token, &listed, manner).then_some(self.found(number, found))
                });
                let tokens: Vec<Found> = found.collect();
                let all = Alike {
                    tokens,
                    readings: 0,
                    worth: 0.0,
                };
                if room.known_of_all.len() >= REMEMBERED {
                    room.known_of_all.clear();
                }
                room.known_of_all.insert(key.clone(), Arc::new(all));
            }
            if let Some(all) = room.known_of_all.get(&key) {
                alike.push((own as u8, Arc::clone(all)));
            }
        }
        room.found.fill(&alike);
    }

    /// Readings that could reach the floor, by what of them is like the question's tokens; in order.
    pub(crate) fn candidates(
        &self,
        sought: &Sought<'_>,
        mut asked: Vec<Asked>,
        floor: &Floor,
        room: &mut Room,
    ) -> Vec<u32> {
        let tokens = sought.tokens;
        let mut made = glued(tokens);
        made.extend(acronyms(sought.letters, tokens));
        for (text, sounds, weight, like) in &made {
            let view = View {
                text,
                sounds,
                weight: *weight,
                ..*like
            };
            let made = self.asked(&view, *weight, (sought.manner, true), room);
            asked.push(Asked {
                stands: false,
                made: true,
                worth: made
                    .worth
                    .max(worth_made(self.names.weights.of(sought.manner))),
                ..made
            });
        }
        let single = tokens.iter().filter(|t| t.role == Role::Initial);
        let letters = single.clone().count() as f32;
        let begun: Vec<(u32, f32)> = single.clone().map(|t| (begins_with(t), t.weight)).collect();
        let begins = tokens.iter().fold(0, |all, t| all | begins_with(t));
        let initials: f32 = single.map(|t| t.weight).sum();
        let ceiling = Ceiling::of(sought.manner, &self.names.weights);
        let letter = worth_letter(self.names.weights.of(sought.manner));
        let all = total(tokens);
        let needed = {
            let best = Best::of(&asked, initials + tokens.len() as f32 * INITIAL, letter);
            let seen = Seen {
                pairs: tokens.len(),
                one_word: (tokens.len() <= 1).then_some(true),
                other_script: None,
                same: true,
            };
            let needed = |word: bool| {
                ceiling.needed((all, seen), floor.least(), (letters, word), |agreed| {
                    best.of_agreement(agreed)
                })
            };
            Needed {
                any: needed(false),
                by_letter: needed(true),
            }
        };
        let unseen = self.bring(sought, asked, initials, needed, room);
        room.made_unseen = unseen.made;
        let whole = (tokens.len() as f32).max(WHOLE_NAME);
        let script = tokens.first().map_or(Script::Latin, |t| t.script) as u8;
        self.mark_lettered(room);
        let alone = |reading: u32| {
            let bits = room.lettered.get(reading as usize / 64);
            bits.is_none_or(|bits| bits >> (reading % 64) & 1 == 1)
        };
        let reaches = |reading: &u32| {
            // Most that a question touches is met by too little, and is left without its head being read.
            let met = room.granted[*reading as usize].agreed + unseen.agreed;
            if begun.is_empty() && met < needed.any && !alone(*reading) {
                return false;
            }
            let head = self.reading_head(*reading);
            // One letter of the lists may answer any word that begins with it.
            let theirs = match usize::from(head.initials) {
                _ if head.letters & begins == 0 => 0.0,
                MOST_INITIALS => MOST_TOKENS as f32,
                some => some as f32,
            };
            let answered = begun.iter().filter(|(bits, _)| bits & head.letters != 0);
            let (letters, initials) = answered.fold((0.0, 0.0), |(count, sum), (_, weight)| {
                (count + 1.0, sum + weight)
            });
            let held = room.granted[*reading as usize];
            let by_letters = initials + theirs * INITIAL;
            let more = unseen.agreed + by_letters;
            let agreed = (held.agreed + more).min(whole);
            if agreed < needed.any {
                return false;
            }
            let granted = Granted {
                agreed,
                measure: (held.measure + more).min(agreed),
                worth: held.worth + unseen.worth + by_letters * letter,
                ..held
            };
            let pairs = match by_letters > 0.0 {
                true => tokens.len(),
                false => tokens.len().min(usize::from(held.pairs + unseen.pairs)),
            };
            let seen = Seen {
                pairs: if head.one_word { pairs.min(1) } else { pairs },
                one_word: Some(head.one_word || tokens.len() <= 1),
                other_script: Some(head.script != script),
                same: held.same || unseen.same || letters > 0.0 && theirs > 0.0,
            };
            let weight = f32::from(head.weight) / 1000.0;
            let left_b = (weight - agreed - unseen.more).max(0.0);
            let left = ((all - agreed).max(0.0), left_b);
            let most = ceiling.at(granted, left, (theirs, letters), seen) + SLACK;
            most >= floor.under(head.told)
        };
        let mut candidates: Vec<u32> = room.touched.iter().copied().filter(reaches).collect();
        candidates.sort_unstable();
        candidates
    }

    /// Notes once for all questions which readings have letters that stand alone.
    fn mark_lettered(&self, room: &mut Room) {
        let readings = self.readings();
        if room.lettered.len() * 64 >= readings {
            return;
        }
        room.lettered = vec![0; readings.div_ceil(64)];
        for reading in 0..readings {
            let alone = self.reading_head(reading as u32).initials > 0;
            room.lettered[reading / 64] |= u64::from(alone) << (reading % 64);
        }
    }

    /// Brings up the readings that have a like token; gives what tokens too common to be looked through may answer of any of them.
    fn bring(
        &self,
        sought: &Sought<'_>,
        mut asked: Vec<Asked>,
        initials: f32,
        needed: Needed,
        room: &mut Room,
    ) -> Unseen {
        asked.retain(|a| a.alike.readings > 0);
        asked.sort_by(|a, b| {
            b.weight
                .total_cmp(&a.weight)
                .then(a.alike.readings.cmp(&b.alike.readings))
        });
        let rest = |at: usize| asked[at..].iter().map(|a| a.weight).sum::<f32>();
        let bringing = (0..asked.len()).take_while(|at| rest(*at) + initials >= needed.any);
        let bringing = bringing.count();
        let mut unseen = Unseen::default();
        self.bring_by_letters(sought, &asked[bringing..], initials, needed, room);
        let of = self.names.weights.of(sought.manner);
        for (at, own) in asked.iter().enumerate() {
            let brings = at < bringing;
            if !brings && own.alike.readings > 4 * room.touched.len() + 64 {
                unseen.agreed += own.weight;
                unseen.more += own.most - own.weight;
                unseen.worth += own.most * own.worth;
                unseen.pairs += 1;
                unseen.same = true;
                unseen.made |= own.made;
                continue;
            }
            for Found {
                token,
                found,
                weight,
                made,
            } in &own.alike.tokens
            {
                let weight = weight.max(own.weight).max(0.05);
                let made = *made || !own.stands;
                let granted = Granted {
                    agreed: weight,
                    measure: self.names.weights.measure(weight, found.quality),
                    worth: match made {
                        true => weight.min(1.0) * worth_made(of),
                        false => weight * worth(of, found),
                    },
                    pairs: 1,
                    same: made || is_same(found),
                    made,
                };
                for reading in self.postings(*token).iter() {
                    room.add(reading, granted, brings);
                }
            }
        }
        unseen
    }

    /// Brings up the readings that single letters, of either side, could lift over what is needed though no word that brings up names is met: `others`
    /// are the words that bring up none.
    fn bring_by_letters(
        &self,
        sought: &Sought<'_>,
        others: &[Asked],
        initials: f32,
        needed: Needed,
        room: &mut Room,
    ) {
        let rest: f32 = others.iter().map(|a| a.weight).sum::<f32>() + initials;
        // Letters of the question may answer words of the lists, and a letter begins too many words to be looked for by them.
        if initials > 0.0 && rest >= needed.by_letter {
            room.touch(0..self.readings() as u32);
            return;
        }
        let single = |token: &&View<'_>| token.role == Role::Initial;
        let words = sought.tokens.len() - sought.tokens.iter().filter(single).count();
        // A word that is counted among the others is not answered by a letter besides.
        let answered = words.saturating_sub(others.iter().filter(|a| a.stands).count());
        let by_word = answered > 0 && rest + answered as f32 * INITIAL >= needed.by_letter;
        let by_letter = initials > 0.0 && rest >= needed.any;
        let asks = |token: &&View<'_>| {
            let initial = token.role == Role::Initial;
            by_word || initial && by_letter
        };
        for token in sought.tokens.iter().take(MOST_TOKENS).filter(asks) {
            room.keys.clear();
            letter_keys(token, sought.manner, &mut room.keys);
            for key in std::mem::take(&mut room.keys) {
                for letter in self.under(key) {
                    room.touch(self.postings(letter).iter());
                }
            }
        }
    }

    /// A token of the question with the tokens of the lists that are like it.
    fn asked(
        &self,
        token: &View<'_>,
        weight: f32,
        (manner, brief): (Manner, bool),
        room: &mut Room,
    ) -> Asked {
        token_key(token, manner, &mut room.key);
        if !brief && let Some(alike) = room.known.get(&room.key) {
            return self.as_asked(Arc::clone(alike), weight, manner);
        }
        keys(token, (Side::Question, manner), brief, &mut room.keys);
        room.numbers.clear();
        self.under_all(&room.keys, &mut room.numbers);
        room.numbers.sort_unstable();
        room.numbers.dedup();
        let tokens = self.like_of(token, &room.numbers);
        let postings = tokens.iter().map(|own| self.postings(own.token).len());
        let readings = postings.sum();
        let of = self.names.weights.of(manner);
        let worth = tokens.iter().map(|own| worth(of, &own.found));
        let alike = Arc::new(Alike {
            worth: worth.fold(0.0, f32::max),
            tokens,
            readings,
        });
        if !brief {
            if room.known.len() >= REMEMBERED {
                room.known.clear();
            }
            room.known.insert(room.key.clone(), Arc::clone(&alike));
        }
        self.as_asked(alike, weight, manner)
    }

    /// Which of these tokens of the lists are like one of the question.
    fn like_of(&self, token: &View<'_>, numbers: &[u32]) -> Vec<Found> {
        const AT_ONCE: usize = 32;
        let mut tokens = Vec::with_capacity(numbers.len());
        let mut views = [View::NOTHING; AT_ONCE];
        for some in numbers.chunks(AT_ONCE) {
            // All are fetched before the first is compared, so that one does not wait for the memory of another.
            for (view, number) in views.iter_mut().zip(some) {
                *view = self.token(*number).unwrap_or(View::NOTHING);
            }
            let first = |bytes: &[u8]| bytes.first().copied().unwrap_or(0);
            let own = views.iter().take(some.len());
            let fetched = own.fold(0, |all, view| all ^ first(view.text) ^ first(view.sounds));
            std::hint::black_box(fetched);
            let found = views.iter().zip(some).filter_map(|(view, number)| {
                Some(self.found(*number, like(token, view, &self.names)?))
            });
            tokens.extend(found);
        }
        let first = tokens
            .iter()
            .map(|own| self.postings(own.token).iter().next());
        std::hint::black_box(first.fold(0, |all, reading| all ^ reading.unwrap_or(0)));
        tokens
    }

    fn found(&self, token: u32, found: Match) -> Found {
        let (weight, made) = self.token_weight(token);
        Found {
            token,
            found,
            weight,
            made,
        }
    }

    fn as_asked(&self, alike: Arc<Alike>, weight: f32, manner: Manner) -> Asked {
        let weights = alike.tokens.iter().map(|own| own.weight);
        let most = weights.fold(0.0, f32::max);
        let made = alike.tokens.iter().any(|own| own.made);
        let worth = match made {
            true => worth_made(self.names.weights.of(manner)),
            false => 0.0,
        };
        Asked {
            worth: alike.worth.max(worth),
            made,
            alike,
            weight,
            most: most.max(weight),
            stands: true,
        }
    }
}
