//! Screening: a question against the index.
//!
//! In three steps. The question's tokens find like tokens of the lists; these find readings of names, each with the weight of what may answer; what could
//! still reach the review band is aligned and scored in full. No token is left out for being common: a common one may not bring up a name by itself, but
//! its whole weight is granted to every name that another token brought up. Where the budget of full comparisons runs out, every hit says so.

use crate::align::{Alignment, Table, align_by, align_plainly};
use crate::alike::{View, views};
use crate::attribute::{Floor, Reason, Told};
use crate::candidates::Sought;
use crate::ceiling::Ceiling;
use crate::evidence::{KINDS, evidence, observe, observed_at_most, sums};
use crate::hash::Map;
use crate::index::{NameRow, Rest, ScreenIndex, like, manners};
use crate::join::joins;
use crate::listing::{Listing, NameKind};
use crate::name::{MOST_TOKENS, Manner, Name, Reading, Role};
use crate::query::{Band, Found, Hit, Query, Score, ScreenError};
use crate::room::{Matches, Room};
use crate::score::{by_chance, log_odds, probability};
use catchall_model::Day;

/// Most names that are aligned in full for one name of a question.
const BUDGET: usize = 20_000;

/// Sums are rounded, and in another order.
const SLACK: f32 = 1e-3;

/// What holds for every name of a question.
struct Asking {
    dates: Dates,
    floor: Floor,
    /// Every name is compared: the slow twin.
    all: bool,
}

/// One reading of the lists, laid out to be compared; used again for the next.
pub(crate) struct Bench<'i> {
    pub(crate) listed: Vec<View<'i>>,
    pub(crate) rest: Rest<'i>,
    pub(crate) table: Box<Table>,
    pub(crate) alignment: Alignment,
    /// Nothing is cut short: the slow twin.
    slow: bool,
}

impl Default for Bench<'_> {
    fn default() -> Self {
        Bench {
            listed: Vec::with_capacity(MOST_TOKENS),
            rest: Rest::default(),
            table: Box::new([[None; MOST_TOKENS]; MOST_TOKENS]),
            alignment: Alignment::default(),
            slow: false,
        }
    }
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
        let mut hits = self.screen_numbered(query, on, known, room)?;
        hits.truncate(limit);
        Ok(hits.into_iter().map(|(_, hit)| hit).collect())
    }

    /// The same, without a limit, each hit with the number of its listing in this index.
    ///
    /// # Errors
    /// As [`ScreenIndex::screen`].
    pub fn screen_numbered(
        &self,
        query: &Query,
        on: Day,
        known: Option<Day>,
        room: &mut Room,
    ) -> Result<Vec<(u32, Hit)>, ScreenError> {
        self.ask(query, on, known, room, false)
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
        let mut hits = self.ask(query, on, known, room, true)?;
        hits.truncate(limit);
        Ok(hits.into_iter().map(|(_, hit)| hit).collect())
    }

    fn ask(
        &self,
        query: &Query,
        on: Day,
        known: Option<Day>,
        room: &mut Room,
        all: bool,
    ) -> Result<Vec<(u32, Hit)>, ScreenError> {
        if query.names.iter().all(|n| n.trim().is_empty()) && query.identifiers.is_empty() {
            return Err(ScreenError::Nameless {
                party: query.party.clone(),
            });
        }
        let asked: Vec<(Manner, Name)> = [Manner::Person, Manner::Body]
            .iter()
            .flat_map(|manner| {
                let names = query.names.iter();
                names
                    .filter(|text| manners(query.kind, text, &self.names).contains(manner))
                    .map(|text| (*manner, Name::read(text, *manner, &self.names)))
            })
            .collect();
        let asking = Asking {
            dates: Dates::of(on, known),
            floor: Floor::of(crate::attribute::asked(query), &self.names),
            all,
        };
        let mut best: Map<u32, Best> = Map::default();
        let mut truncated = false;
        for (number, (manner, name)) in asked.iter().enumerate() {
            for (way, reading) in name.readings.iter().enumerate() {
                let at = (number, way);
                truncated |= self.meet(&asking, (reading, *manner), at, room, &mut best);
            }
        }
        for id in crate::attribute::usable(&query.identifiers) {
            for bearer in self.bearing(&id.value) {
                best.entry(bearer).or_insert(Best {
                    log_odds: -4.0,
                    reading: u32::MAX,
                    asked: (usize::MAX, 0),
                });
            }
        }
        let mut hits: Vec<(u32, Hit)> = best
            .into_iter()
            .filter_map(|(listing, best)| {
                let party = (query, asked.as_slice());
                let hit = self.hit(party, (listing, &best), &asking, truncated, room)?;
                Some((listing, hit))
            })
            .collect();
        hits.sort_by(|(x, a), (y, b)| {
            let key = |hit: &Hit| (hit.listing.list.clone(), hit.listing.source_id.clone());
            b.score
                .cmp(&a.score)
                .then_with(|| key(a).cmp(&key(b)))
                .then(x.cmp(y))
        });
        Ok(hits)
    }

    /// Finds and scores the names that one reading may meet; says whether the budget ran out.
    fn meet(
        &self,
        asking: &Asking,
        (reading, manner): (&Reading, Manner),
        asked: (usize, usize),
        room: &mut Room,
        best: &mut Map<u32, Best>,
    ) -> bool {
        let tokens = views(reading, &self.names.sounds);
        room.begin(self.readings());
        let mut candidates = if asking.all {
            self.likes_of_all(&tokens, manner, room);
            (0..self.readings() as u32).collect()
        } else {
            let asked_tokens = self.likes(&tokens, manner, room);
            let sought = Sought {
                tokens: &tokens,
                letters: &reading.letters,
                manner,
            };
            self.candidates(&sought, asked_tokens, &asking.floor, room)
        };
        let truncated = candidates.len() > BUDGET && !asking.all;
        if truncated {
            room.best(&mut candidates, BUDGET);
        }
        let mut bench = Bench {
            slow: asking.all,
            ..Bench::default()
        };
        let ceiling = Ceiling::of(manner, &self.names.weights);
        for candidate in &candidates {
            let head = self.reading_head(*candidate);
            let name = self.name(head.name);
            if name.manner != manner || !asking.dates.hold(&name) {
                continue;
            }
            let least = asking.floor.under(head.told);
            let asked_of = (reading, tokens.as_slice());
            self.lay_words(asked_of.1, *candidate, &room.found, &mut bench);
            let short = !asking.all
                && ceiling.by_table(asked_of.1, &bench.listed, &bench.table) + SLACK < least;
            if short && !room.may_join(*candidate) {
                continue;
            }
            self.reading_rest(*candidate, &mut bench.rest);
            let ours = || crate::pair::reading_view(reading, asked_of.1);
            if short && !joins(&ours(), &bench.rest.with(&bench.listed)) {
                continue;
            }
            let Some(figures) = self.weigh(asked_of, manner, least, &mut bench) else {
                continue;
            };
            let sum = self.list_odds(&figures, manner);
            if sum < least {
                continue;
            }
            let better = |held: &Best| {
                sum > held.log_odds || (sum == held.log_odds && *candidate < held.reading)
            };
            if best.get(&name.listing).is_none_or(better) {
                let own = Best {
                    log_odds: sum,
                    reading: *candidate,
                    asked,
                };
                best.insert(name.listing, own);
            }
        }
        truncated
    }

    /// Pair evidence on a list: what tells little may meet by chance.
    pub(crate) fn list_odds(&self, figures: &[f32; KINDS], manner: Manner) -> f32 {
        let weights = &self.names.weights;
        log_odds(figures, weights.of(manner)) + by_chance(figures, manner, weights)
    }

    /// Lays the words of one reading of the lists beside the question's, with what each answers.
    fn lay_words<'i>(
        &'i self,
        tokens: &[View<'_>],
        candidate: u32,
        matches: &Matches,
        bench: &mut Bench<'i>,
    ) {
        self.lay_out(candidate, bench);
        for row in bench.table.iter_mut().take(tokens.len()) {
            row[..bench.listed.len()].fill(None);
        }
        for (column, number) in self.reading_tokens(candidate).enumerate() {
            matches.each(number, |own, found| {
                bench.table[usize::from(own)][column] = Some(found)
            });
        }
        for (column, token) in bench.listed.iter().enumerate() {
            for (row, ours) in bench.table.iter_mut().zip(tokens.iter().take(MOST_TOKENS)) {
                if token.role == Role::Initial || ours.role == Role::Initial {
                    row[column] = like(ours, token, &self.names);
                }
            }
        }
    }

    /// The figures of what lies on the bench; nothing where they cannot reach `least`. The alignment stays on the bench.
    fn weigh(
        &self,
        (reading, tokens): (&Reading, &[View<'_>]),
        manner: Manner,
        least: f32,
        bench: &mut Bench<'_>,
    ) -> Option<[f32; KINDS]> {
        let weights = self.names.weights.of(manner);
        let Bench {
            listed,
            rest,
            table,
            alignment,
            slow,
        } = bench;
        let ours = crate::pair::reading_view(reading, tokens);
        let theirs = rest.with(listed);
        let legal = || crate::pair::legal(&reading.legal, &rest.legal, &self.names);
        if *slow || !align_plainly(&ours, &theirs, table, alignment) {
            align_by(&ours, &theirs, &self.names.sounds, table, alignment);
        }
        if *slow {
            return Some(evidence(&ours, &theirs, legal(), alignment));
        }
        let mut figures = sums(&ours, &theirs, alignment);
        let most = self.list_odds(&figures, manner) + observed_at_most(weights) + SLACK;
        if most < least {
            return None;
        }
        observe(&ours, &theirs, legal(), alignment, &mut figures);
        Some(figures)
    }

    /// Lays the words of a reading of the lists on the bench.
    pub(crate) fn lay_out<'i>(&'i self, candidate: u32, bench: &mut Bench<'i>) {
        bench.listed.clear();
        for number in self.reading_tokens(candidate) {
            // A damaged file gives an empty token here, never another column.
            bench
                .listed
                .push(self.token(number).unwrap_or(View::NOTHING));
        }
    }

    /// The document of a hit; `None` where attributes take it below the review band.
    fn hit(
        &self,
        (query, asked): (&Query, &[(Manner, Name)]),
        (number, best): (u32, &Best),
        asking: &Asking,
        truncated: bool,
        room: &mut Room,
    ) -> Option<Hit> {
        let listing = self.listing(number)?;
        if !asking.dates.hold_listing(&listing) {
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
        let band = self.names.thresholds.of(&listing.list);
        if f32::from(score.0) < band.review * 1000.0 {
            return None;
        }
        let row =
            (best.reading != u32::MAX).then(|| self.name(self.reading_head(best.reading).name));
        let listed = row.and_then(|row| listing.names.get(usize::from(row.number)));
        let weak = listed.is_some_and(|name| name.kind == NameKind::Weak) && !told.agreed;
        let band = match () {
            () if weak => Band::WeakAlias,
            () if f32::from(score.0) >= band.strong * 1000.0 => Band::Strong,
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
            let manner = asked[best.asked.0].0;
            self.explain(&mut hit, (reading, manner), best.reading, asking.all, room);
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
        (reading, manner): (&Reading, Manner),
        candidate: u32,
        all: bool,
        room: &mut Room,
    ) {
        let tokens = views(reading, &self.names.sounds);
        if all {
            self.likes_of_all(&tokens, manner, room);
        } else {
            self.likes(&tokens, manner, room);
        }
        let mut bench = Bench::default();
        let asked_of = (reading, tokens.as_slice());
        self.lay_words(asked_of.1, candidate, &room.found, &mut bench);
        self.reading_rest(candidate, &mut bench.rest);
        let figures = self.weigh(asked_of, manner, f32::NEG_INFINITY, &mut bench);
        let figures = figures.unwrap_or([0.0; KINDS]);
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
            hit.alignment = crate::pair::told(reading, other, &bench.alignment);
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
        listing.stands(self.day) && self.known_day.is_none_or(|known| listing.seen.hold(known))
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
