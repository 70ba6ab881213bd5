//! Screening: a question against the index.
//!
//! In three steps. The question's tokens find like tokens of the lists; these find readings of names, each with the weight of what may answer; what could
//! still reach the review band is aligned and scored in full. No token is left out for being common: a common one may not bring up a name by itself, but
//! its whole weight is granted to every name that another token brought up. Where the budget of full comparisons runs out, every hit says so.

use crate::align::{Alignment, Match, View, align_by, views};
use crate::attribute::{Reason, Told};
use crate::block::{Side, keys};
use crate::hash::Map;
use crate::index::{NameRow, ScreenIndex, like, manners};
use crate::listing::{Listing, NameKind};
use crate::name::{MOST_TOKENS, Manner, Name, Reading, Role};
use crate::query::{Band, Found, Hit, Query, Score, ScreenError};
use crate::score::{KINDS, by_chance, ceiling, evidence, log_odds, probability, total};
use catchall_model::Day;
use std::sync::Arc;

/// Most names that are aligned in full for one name of a question.
const BUDGET: usize = 20_000;

/// Most questions' tokens whose like tokens are remembered.
const REMEMBERED: usize = 20_000;

/// What an acronym may answer, in weight: all of a name, whatever it weighs.
const WHOLE_NAME: f32 = 4.0;

/// What is remembered of a token: itself, in bytes.
type TokenKey = (Vec<u8>, Vec<u8>, u8, u32, bool);

/// Working memory that is kept from question to question; one for each thread.
#[derive(Debug, Default)]
pub struct Room {
    weight: Vec<f32>,
    touched: Vec<u32>,
    stamp: Vec<u32>,
    now: u32,
    keys: Vec<u64>,
    known: Map<TokenKey, Arc<Alike>>,
    found: Matches,
}

/// Which tokens of the lists are like which of the question: a table of the question's own.
#[derive(Debug, Default)]
struct Matches {
    slots: Vec<(u32, u8, Match)>,
    held: Vec<u32>,
    mask: usize,
}

/// No token of the lists.
const NOBODY: u32 = u32::MAX;

impl Matches {
    /// Lays out the table for the tokens of one reading.
    fn fill(&mut self, alike: &[(u8, Arc<Alike>)]) {
        let count: usize = alike.iter().map(|(_, a)| a.tokens.len()).sum();
        let size = (count * 2).next_power_of_two().max(16);
        let empty = (
            NOBODY,
            0,
            Match {
                means: crate::align::Means::Literal,
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
            for (token, found) in &alike.tokens {
                let mut at = Self::begin(*token) & self.mask;
                while self.slots[at].0 != NOBODY {
                    at = (at + 1) & self.mask;
                }
                self.slots[at] = (*token, *own, *found);
                self.held.push(at as u32);
            }
        }
    }

    fn begin(token: u32) -> usize {
        (token.wrapping_mul(0x9e37_79b1) >> 7) as usize
    }

    /// Calls with every token of the question that is like this one.
    fn each(&self, token: u32, mut call: impl FnMut(u8, Match)) {
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

/// The tokens of the lists that are like one of a question.
#[derive(Debug)]
struct Alike {
    tokens: Vec<(u32, Match)>,
    readings: usize,
}

/// A token of a question with what it is like.
struct Asked {
    alike: Arc<Alike>,
    weight: f32,
}

/// A listing's best name so far.
struct Best {
    log_odds: f32,
    reading: u32,
    asked: (usize, usize),
}

impl ScreenIndex {
    /// Screens one party against every listing in force on `on`, as our copies of the lists held it on `known` (all copies where that is left out).
    ///
    /// At most `limit` hits, best first, ties by list and key: same index and party, same hits. An empty answer means that nothing passed the review
    /// band, not that the party is cleared.
    ///
    /// # Errors
    /// [`ScreenError::Nameless`] when the party has neither a name nor an identifier.
    pub fn screen(
        &self,
        query: &Query,
        on: Day,
        known: Option<Day>,
        limit: usize,
        room: &mut Room,
    ) -> Result<Vec<Hit>, ScreenError> {
        self.ask(query, on, known, limit, room, false)
    }

    /// The same by comparing every name with every name: the slow twin that tests hold [`ScreenIndex::screen`] against.
    ///
    /// # Errors
    /// As [`ScreenIndex::screen`].
    pub fn screen_all(
        &self,
        query: &Query,
        on: Day,
        known: Option<Day>,
        limit: usize,
        room: &mut Room,
    ) -> Result<Vec<Hit>, ScreenError> {
        self.ask(query, on, known, limit, room, true)
    }

    fn ask(
        &self,
        query: &Query,
        on: Day,
        known: Option<Day>,
        limit: usize,
        room: &mut Room,
        all: bool,
    ) -> Result<Vec<Hit>, ScreenError> {
        if query.names.iter().all(|n| n.trim().is_empty()) && query.identifiers.is_empty() {
            return Err(ScreenError::Nameless {
                party: query.party.clone(),
            });
        }
        let asked: Vec<(Manner, Name)> = manners(query.kind)
            .iter()
            .flat_map(|manner| {
                query
                    .names
                    .iter()
                    .map(|text| (*manner, Name::read(text, *manner, &self.names)))
            })
            .collect();
        let dates = Dates::of(on, known);
        let mut best: Map<u32, Best> = Map::default();
        let mut truncated = false;
        for (number, (manner, name)) in asked.iter().enumerate() {
            for (way, reading) in name.readings.iter().enumerate() {
                truncated |= self.meet(
                    query,
                    reading,
                    *manner,
                    (number, way),
                    &dates,
                    room,
                    all,
                    &mut best,
                );
            }
        }
        for id in crate::attribute::usable(&query.identifiers) {
            let bearers = self.bearing(&id.value);
            for at in 0..bearers.len() {
                best.entry(bearers.get(at)).or_insert(Best {
                    log_odds: -4.0,
                    reading: u32::MAX,
                    asked: (usize::MAX, 0),
                });
            }
        }
        let mut hits: Vec<Hit> = best
            .into_iter()
            .filter_map(|(listing, best)| {
                self.hit(query, &asked, (listing, &best), &dates, truncated, room)
            })
            .collect();
        hits.sort_by(|a, b| {
            b.score.cmp(&a.score).then_with(|| {
                (&a.listing.list, &a.listing.source_id)
                    .cmp(&(&b.listing.list, &b.listing.source_id))
            })
        });
        hits.truncate(limit);
        Ok(hits)
    }

    /// Finds and scores the names that one reading may meet; says whether the budget ran out.
    #[expect(
        clippy::too_many_arguments,
        reason = "the three steps share what the question fixed"
    )]
    fn meet(
        &self,
        query: &Query,
        reading: &Reading,
        manner: Manner,
        asked: (usize, usize),
        dates: &Dates,
        room: &mut Room,
        all: bool,
        best: &mut Map<u32, Best>,
    ) -> bool {
        let tokens = views(reading, &self.names.sounds);
        let weights = &self.names.weights;
        let least = logit(weights.review) - crate::attribute::most(query, weights);
        room.begin(self.readings());
        let asked_tokens = self.likes(&tokens, room);
        let mut candidates = if all {
            (0..self.readings() as u32).collect()
        } else {
            self.candidates(&reading.letters, &tokens, asked_tokens, manner, least, room)
        };
        let truncated = candidates.len() > BUDGET && !all;
        if truncated {
            let weight = &room.weight;
            candidates.sort_by(|a, b| {
                weight[*b as usize]
                    .total_cmp(&weight[*a as usize])
                    .then(a.cmp(b))
            });
            candidates.truncate(BUDGET);
        }
        let mut scored = Vec::with_capacity(candidates.len().min(64));
        for candidate in &candidates {
            let name = self.name(self.reading_head(*candidate).0);
            if name.manner != manner || !dates.hold(&name) {
                continue;
            }
            let (figures, _) = self.compare(reading, &tokens, *candidate, &room.found);
            let sum = self.list_odds(&figures, manner);
            if sum >= least {
                scored.push((name.listing, sum, *candidate));
            }
        }
        for (listing, sum, candidate) in scored {
            let better = |held: &Best| {
                sum > held.log_odds || (sum == held.log_odds && candidate < held.reading)
            };
            if best.get(&listing).is_none_or(better) {
                best.insert(
                    listing,
                    Best {
                        log_odds: sum,
                        reading: candidate,
                        asked,
                    },
                );
            }
        }
        truncated
    }

    /// Pair evidence on a list: what tells little may meet by chance.
    fn list_odds(&self, figures: &[f32; KINDS], manner: Manner) -> f32 {
        let weights = &self.names.weights;
        log_odds(figures, weights.of(manner)) + by_chance(figures, manner, weights)
    }

    /// Aligns a question's reading with one of the lists.
    fn compare(
        &self,
        reading: &Reading,
        tokens: &[View<'_>],
        candidate: u32,
        matches: &Matches,
    ) -> ([f32; KINDS], Alignment) {
        let mut table = [[None; MOST_TOKENS]; MOST_TOKENS];
        let mut listed: Vec<View<'_>> = Vec::with_capacity(8);
        for number in self.reading_tokens(candidate) {
            let Some(token) = self.token(number) else {
                continue;
            };
            let column = listed.len();
            matches.each(number, |own, found| {
                table[usize::from(own)][column] = Some(found)
            });
            for (row, ours) in table.iter_mut().zip(tokens.iter().take(MOST_TOKENS)) {
                if token.role == Role::Initial || ours.role == Role::Initial {
                    row[column] = like(ours, &token, &self.names);
                }
            }
            listed.push(token);
        }
        let rest = self.reading_rest(candidate);
        let theirs = rest.with(&listed);
        let ours = crate::pair::reading_view(reading, tokens);
        let alignment = align_by(&ours, &theirs, &self.names.sounds, &table);
        let legal = crate::pair::legal(&reading.legal, &rest.legal, &self.names);
        (evidence(&ours, &theirs, legal, &alignment), alignment)
    }

    /// Finds what the tokens of a reading are like, and lays out the table of matches.
    fn likes(&self, tokens: &[View<'_>], room: &mut Room) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        let mut alike = Vec::new();
        for (own, token) in tokens
            .iter()
            .enumerate()
            .take(MOST_TOKENS)
            .filter(|(_, t)| t.role != Role::Initial)
        {
            let one = self.asked(token, token.weight, false, room);
            alike.push((own as u8, Arc::clone(&one.alike)));
            asked.push(one);
        }
        room.found.fill(&alike);
        asked
    }

    /// Readings that could reach the least log-odds, by what of them is like the question's tokens.
    fn candidates(
        &self,
        letters: &[(u8, u8)],
        tokens: &[View<'_>],
        mut asked: Vec<Asked>,
        manner: Manner,
        least: f32,
        room: &mut Room,
    ) -> Vec<u32> {
        let mut made = glued(tokens);
        made.extend(acronyms(letters, tokens));
        for (text, sounds, weight, like) in &made {
            let view = View {
                text,
                sounds,
                weight: *weight,
                ..*like
            };
            asked.push(self.asked(&view, *weight, true, room));
        }
        let initials: f32 = tokens
            .iter()
            .filter(|t| t.role == Role::Initial)
            .map(|t| t.weight)
            .sum();
        self.gather(
            asked,
            (total(tokens), tokens.iter().map(|t| t.weight).sum()),
            initials,
            manner,
            least,
            room,
        )
    }

    fn gather(
        &self,
        mut asked: Vec<Asked>,
        (all, whole): (f32, f32),
        initials: f32,
        manner: Manner,
        least: f32,
        room: &mut Room,
    ) -> Vec<u32> {
        let weights = &self.names.weights;
        let needed = (0..=40)
            .map(|step| step as f32 * 0.05)
            .find(|agreed| ceiling(*agreed, all.max(*agreed), *agreed, manner, weights) >= least)
            .unwrap_or(f32::INFINITY);
        asked.retain(|a| a.alike.readings > 0);
        asked.sort_by(|a, b| {
            b.weight
                .total_cmp(&a.weight)
                .then(a.alike.readings.cmp(&b.alike.readings))
        });
        let mut granted = initials;
        for at in 0..asked.len() {
            let rest: f32 = asked[at..].iter().map(|a| a.weight).sum::<f32>() + initials;
            let brings = rest >= needed;
            if !brings && asked[at].alike.readings > 4 * room.touched.len() + 64 {
                granted += asked[at].weight;
                continue;
            }
            room.next_token();
            for (token, _) in &asked[at].alike.tokens {
                let weight = self
                    .token(*token)
                    .map_or(0.0, |t| t.weight)
                    .max(asked[at].weight)
                    .max(0.05);
                let postings = self.postings(*token);
                for place in 0..postings.len() {
                    room.add(postings.get(place), weight, brings);
                }
            }
        }
        let mut candidates: Vec<u32> = room
            .touched
            .iter()
            .copied()
            .filter(|reading| {
                let agreed = (room.weight[*reading as usize] + granted).min(whole.max(WHOLE_NAME));
                if agreed < needed {
                    return false;
                }
                let listed = self.reading_head(*reading).1;
                ceiling(agreed, all.max(agreed), listed.max(agreed), manner, weights) >= least
            })
            .collect();
        candidates.sort_unstable();
        candidates
    }

    /// A token of the question with the tokens of the lists that are like it.
    fn asked(&self, token: &View<'_>, weight: f32, brief: bool, room: &mut Room) -> Asked {
        let key = (
            token.text.to_vec(),
            token.sounds.to_vec(),
            token.role as u8,
            token.number,
            token.unwritten,
        );
        if !brief && let Some(alike) = room.known.get(&key) {
            return Asked {
                alike: Arc::clone(alike),
                weight,
            };
        }
        let mut found = std::mem::take(&mut room.keys);
        keys(token, Side::Question, brief, &mut found);
        let mut numbers: Vec<u32> = Vec::new();
        for key in &found {
            let under = self.under(*key);
            numbers.extend((0..under.len()).map(|at| under.get(at)));
        }
        room.keys = found;
        numbers.sort_unstable();
        numbers.dedup();
        let tokens: Vec<(u32, Match)> = numbers
            .into_iter()
            .filter_map(|number| Some((number, like(token, &self.token(number)?, &self.names)?)))
            .collect();
        let readings = tokens
            .iter()
            .map(|(token, _)| self.postings(*token).len())
            .sum();
        let alike = Arc::new(Alike { tokens, readings });
        if !brief {
            if room.known.len() >= REMEMBERED {
                room.known.clear();
            }
            room.known.insert(key, Arc::clone(&alike));
        }
        Asked { alike, weight }
    }

    /// The document of a hit; `None` where attributes take it below the review band.
    fn hit(
        &self,
        query: &Query,
        asked: &[(Manner, Name)],
        (number, best): (u32, &Best),
        dates: &Dates,
        truncated: bool,
        room: &mut Room,
    ) -> Option<Hit> {
        let listing = self.listing(number)?;
        if !dates.hold_listing(&listing) {
            return None;
        }
        let weights = &self.names.weights;
        let told = crate::attribute::compare(query, &listing, weights);
        let sum = best.log_odds + told.log_odds;
        let score = Score(
            ((probability(sum) * 1000.0).round() as u16).min(if told.identified {
                1000
            } else {
                999
            }),
        );
        if f32::from(score.0) < weights.review * 1000.0 {
            return None;
        }
        let row = (best.reading != u32::MAX).then(|| self.name(self.reading_head(best.reading).0));
        let listed = row.and_then(|row| listing.names.get(usize::from(row.number)));
        let weak = listed.is_some_and(|name| name.kind == NameKind::Weak) && !told.agreed;
        let band = match () {
            () if weak => Band::WeakAlias,
            () if f32::from(score.0) >= weights.strong * 1000.0 => Band::Strong,
            () => Band::Review,
        };
        let mut hit = Hit {
            party: query.party.clone(),
            score,
            band,
            alignment: Vec::new(),
            reasons_for: Vec::new(),
            reasons_against: Vec::new(),
            unknown: told.unknown.clone(),
            truncated,
            listing: found(&listing, listed.map_or("", |name| name.text.as_str())),
        };
        if let Some(reading) = asked
            .get(best.asked.0)
            .and_then(|(_, name)| name.readings.get(best.asked.1))
        {
            self.explain(&mut hit, reading, asked[best.asked.0].0, best.reading, room);
        }
        let Told { reasons, .. } = told;
        for reason in reasons {
            let side = if reason.weight >= 0 {
                &mut hit.reasons_for
            } else {
                &mut hit.reasons_against
            };
            side.push(reason);
        }
        crate::attribute::order(&mut hit.reasons_for);
        crate::attribute::order(&mut hit.reasons_against);
        Some(hit)
    }

    fn explain(
        &self,
        hit: &mut Hit,
        reading: &Reading,
        manner: Manner,
        candidate: u32,
        room: &mut Room,
    ) {
        let tokens = views(reading, &self.names.sounds);
        self.likes(&tokens, room);
        let (figures, alignment) = self.compare(reading, &tokens, candidate, &room.found);
        let listed = Name::read(&hit.listing.matched, manner, &self.names);
        let numbers: Vec<u32> = self.reading_tokens(candidate).collect();
        let same = |other: &&Reading| {
            other.tokens.len() == numbers.len()
                && other.tokens.iter().zip(&numbers).all(|(t, n)| {
                    self.token(*n)
                        .is_some_and(|held| held.text == t.text.as_bytes())
                })
        };
        if let Some(other) = listed
            .readings
            .iter()
            .find(same)
            .or(listed.readings.first())
        {
            hit.alignment = crate::pair::told(reading, other, &alignment);
        }
        let weights = self.names.weights.of(manner);
        for reason in crate::explain::reasons(
            &hit.alignment,
            &figures,
            weights,
            by_chance(&figures, manner, &self.names.weights),
        ) {
            let side: &mut Vec<Reason> = if reason.weight >= 0 {
                &mut hit.reasons_for
            } else {
                &mut hit.reasons_against
            };
            side.push(reason);
        }
    }
}

impl Room {
    /// Room to work in.
    pub fn new() -> Room {
        Room::default()
    }

    fn begin(&mut self, readings: usize) {
        if self.weight.len() != readings {
            self.weight = vec![0.0; readings];
            self.stamp = vec![0; readings];
            self.known.clear();
        }
        for reading in self.touched.drain(..) {
            self.weight[reading as usize] = 0.0;
        }
        self.next_token();
    }

    /// Within one token a reading is granted its best weight once.
    fn next_token(&mut self) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.stamp.fill(0);
            self.now = 1;
        }
    }

    fn add(&mut self, reading: u32, weight: f32, brings: bool) {
        let at = reading as usize;
        let Some(held) = self.weight.get_mut(at) else {
            return;
        };
        if *held == 0.0 {
            if !brings {
                return;
            }
            self.touched.push(reading);
        }
        if self.stamp[at] != self.now {
            self.stamp[at] = self.now;
            *held += weight;
        }
    }
}

/// The days a question asks about.
struct Dates {
    on: i32,
    known: Option<i32>,
    day: Day,
    known_day: Option<Day>,
}

impl Dates {
    fn of(on: Day, known: Option<Day>) -> Dates {
        Dates {
            on: on.number() as i32,
            known: known.map(|d| d.number() as i32),
            day: on,
            known_day: known,
        }
    }

    fn hold(&self, name: &NameRow) -> bool {
        (name.from..=name.to).contains(&self.on)
            && self
                .known
                .is_none_or(|known| (name.seen_from..=name.seen_to).contains(&known))
    }

    fn hold_listing(&self, listing: &Listing) -> bool {
        listing.valid.hold(self.day) && self.known_day.is_none_or(|known| listing.seen.hold(known))
    }
}

fn found(listing: &Listing, matched: &str) -> Found {
    Found {
        list: listing.list.clone(),
        source_id: listing.source_id.clone(),
        name: listing
            .names
            .first()
            .map_or(String::new(), |n| n.text.clone()),
        matched: matched.to_owned(),
        kind: listing.kind,
        programmes: listing.programmes.clone(),
        listed: listing.valid.from,
        delisted: listing.valid.to,
        citation: listing.citation.clone(),
    }
}

fn logit(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

/// Neighbours as one word.
pub(crate) fn glued<'a>(views: &[View<'a>]) -> Vec<(Vec<u8>, Vec<u8>, f32, View<'a>)> {
    let parts = views.windows(2).filter(|pair| {
        pair.iter()
            .all(|v| v.role != Role::Number && v.role != Role::Initial)
    });
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
            let weight = (pair[0].weight + pair[1].weight).min(1.0);
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
