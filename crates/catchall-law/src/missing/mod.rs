//! What is missing: the exact answer to which unknown facts still matter, what settles the case, what to
//! ask first.
//!
//! The rules that are still open become a formula over the facts that are not known; each such fact's values
//! are cut into cells, within which no test can tell them apart; a decision diagram over cells gives every
//! outcome that is still possible. Its support is the unique smallest set of facts that settles the case
//! whatever the answers are. Beyond [`NODE_CAP`] nodes the answer is Kleene's, labelled as not exact.

mod cells;
mod diagram;
mod formula;
mod questions;
mod table;
mod witness;

use catchall_model::Effect;

use crate::program::{NodeId, Program, Scratch, Tri};
use crate::state::Facts;
use crate::vocabulary::{FactId, Vocabulary};

pub use cells::CellAnswer;
use cells::{Cells, Cutter, Variable, Words};
use diagram::{Diagram, MOST_VARIABLES, Question, Roots, places, settle};
use formula::{Formulas, Given, NO, Read};
use witness::{Found, Search};

/// Most nodes of a diagram; beyond, completions are searched for one question at a time.
pub const NODE_CAP: usize = 20_000;

/// Most formulas that a diagram may look at while it is built.
const MOST_WORK: usize = 60_000;
/// Most decisions of a search for one variable, and of all searches of a question.
const MOST_DECISIONS: (usize, usize) = (2_000, 40_000);
/// The most facts that are looked at for an answer that settles everything at once.
const MOST_LOOKED_AT: usize = 16;
/// The most deciding sets that are listed.
const MOST_SETS: usize = 12;

/// Room to work in, kept from one question to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    formulas: Formulas,
    diagram: Diagram,
    /// Never to draw a diagram.
    search_only: bool,
}

impl Scratch {
    /// Room in which completions are always searched for, one question at a time, as if every diagram were too large:
    /// the answers are the same, but for deciding sets of more than one fact and the choice of the next question.
    pub fn searching() -> Scratch {
        Scratch {
            missing: Room {
                search_only: true,
                ..Room::default()
            },
            ..Scratch::default()
        }
    }
}

/// What can still come out, and on what it depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The outcome if the missing facts turn out well.
    pub least: Effect,
    /// The outcome if they turn out badly.
    pub most: Effect,
    /// Facts that still matter, in the order of the vocabulary.
    pub essential: Vec<FactId>,
    /// Whether the law itself leaves it open: a dispute, a day that the pack does not know.
    pub reading: bool,
    /// The outcomes with the disputed provisions applied, and without, when nothing but the reading is open.
    pub readings: Option<(Effect, Effect)>,
    /// Smallest sets of answers that settle it.
    pub deciding: Vec<Deciding>,
    /// The fact to ask first.
    pub next: Option<FactId>,
    /// Whether all this is exact.
    pub exact: bool,
}

/// Answers that settle a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// Fact and what it must turn out to be.
    pub answers: Vec<(FactId, CellAnswer)>,
    /// The outcome then.
    pub outcome: Effect,
}

/// What to work out beyond the bounds and the facts that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Bounds and essential facts.
    Essential,
    /// Deciding sets and the next question too.
    Questions,
}

impl Program {
    /// Completes what is open in these jurisdictions, taken together (places as in [`Program::reach`]).
    pub fn open(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        jurisdictions: &[usize],
        depth: Depth,
        scratch: &mut Scratch,
    ) -> Open {
        let mut room = std::mem::take(&mut scratch.missing);
        let open = self.open_in(&mut room, vocabulary, facts, jurisdictions, depth, scratch);
        scratch.missing = room;
        open
    }

    fn open_in(
        &self,
        room: &mut Room,
        vocabulary: &Vocabulary,
        facts: &Facts,
        jurisdictions: &[usize],
        depth: Depth,
        scratch: &mut Scratch,
    ) -> Open {
        self.begin(scratch);
        scratch.nexus.clear();
        scratch.nexus.resize(self.jurisdictions.len(), Tri::No);
        for place in jurisdictions {
            scratch.nexus[*place] = self.nexus(&self.jurisdictions[*place], facts, scratch);
        }
        let mut candidates = std::mem::take(&mut scratch.candidates);
        self.index.candidates(self, facts, scratch, &mut candidates);
        // Strongest first, so that what a sure rule covers is never unfolded.
        candidates.sort_by_key(|rule| std::cmp::Reverse(self.rules[*rule as usize].effect));
        let mut sure = Effect::NoLicenceRequired;
        let mut open: Vec<u32> = Vec::new();
        for rule in &candidates {
            let place = *rule as usize;
            let effect = self.rules[place].effect;
            if effect <= sure {
                break;
            }
            match self
                .contributes(place, facts, scratch)
                .min(scratch.nexus[self.rules[place].jurisdiction])
            {
                Tri::No => {}
                Tri::Yes => sure = effect,
                Tri::Open => open.push(*rule),
            }
        }
        scratch.candidates = candidates;
        open.retain(|rule| self.rules[*rule as usize].effect > sure);
        if open.is_empty() {
            return settled(sure);
        }
        let given = Given {
            program: self,
            facts,
        };
        let formulas = &mut room.formulas;
        formulas.begin(self);
        // One root for each effect above what is sure, strongest first.
        let mut levels: Vec<(Effect, u32)> = Vec::new();
        for same in
            open.chunk_by(|a, b| self.rules[*a as usize].effect == self.rules[*b as usize].effect)
        {
            let mut parts = Vec::with_capacity(same.len());
            for rule in same {
                let place = *rule as usize;
                let nexus = formulas.nexus(given, self.rules[place].jurisdiction, scratch);
                let own = formulas.contribution(given, place, scratch);
                parts.push(formulas.and(nexus, own));
            }
            levels.push((self.rules[same[0] as usize].effect, formulas.or(&parts)));
        }
        solve(
            room,
            Words {
                program: self,
                vocabulary,
            },
            facts,
            &levels,
            sure,
            depth,
        )
    }

    /// Which facts decide whether one rule applies, exceptions included: its own verdict, completed exactly.
    pub fn open_rule(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        provision: usize,
        scratch: &mut Scratch,
    ) -> Open {
        self.verdict(
            vocabulary,
            facts,
            scratch,
            &mut |formulas, given, scratch| {
                let parts: Vec<u32> = self
                    .rules_of(provision)
                    .map(|rule| formulas.effective(given, rule, Read::For, scratch))
                    .collect();
                formulas.or(&parts)
            },
        )
    }

    /// The same without its exceptions: whether its own condition and dates hold.
    pub(crate) fn open_own(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        provision: usize,
        scratch: &mut Scratch,
    ) -> Open {
        self.verdict(
            vocabulary,
            facts,
            scratch,
            &mut |formulas, given, scratch| {
                let parts: Vec<u32> = self
                    .rules_of(provision)
                    .map(|rule| formulas.full(given, rule, Read::For, scratch))
                    .collect();
                formulas.or(&parts)
            },
        )
    }

    /// The same for one condition: an entry's test, a part of a rule.
    pub(crate) fn open_node(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        node: NodeId,
        scratch: &mut Scratch,
    ) -> Open {
        self.verdict(
            vocabulary,
            facts,
            scratch,
            &mut |formulas, given, scratch| formulas.node(given, node, Read::For, scratch),
        )
    }

    fn rules_of(&self, provision: usize) -> impl Iterator<Item = usize> {
        (0..self.rules.len()).filter(move |rule| self.rules[*rule].provision == provision)
    }

    /// Whether one formula holds: `prohibited` for yes, `no_licence_required` for no.
    fn verdict(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        scratch: &mut Scratch,
        make: &mut dyn FnMut(&mut Formulas, Given, &mut Scratch) -> u32,
    ) -> Open {
        self.begin(scratch);
        let mut room = std::mem::take(&mut scratch.missing);
        room.formulas.begin(self);
        let root = make(
            &mut room.formulas,
            Given {
                program: self,
                facts,
            },
            scratch,
        );
        let open = solve(
            &mut room,
            Words {
                program: self,
                vocabulary,
            },
            facts,
            &[(Effect::Prohibited, root)],
            Effect::NoLicenceRequired,
            Depth::Essential,
        );
        scratch.missing = room;
        open
    }
}

/// Nothing is open.
fn settled(outcome: Effect) -> Open {
    Open {
        least: outcome,
        most: outcome,
        essential: Vec::new(),
        reading: false,
        readings: None,
        deciding: Vec::new(),
        next: None,
        exact: true,
    }
}

/// Completes the strongest effect whose formula holds, or `sure`.
fn solve(
    room: &mut Room,
    words: Words,
    facts: &Facts,
    levels: &[(Effect, u32)],
    sure: Effect,
    depth: Depth,
) -> Open {
    let mut roots: Roots = [NO; Effect::ALL.len()];
    let mut effects: Vec<Effect> = Vec::with_capacity(levels.len());
    for (place, (effect, root)) in levels.iter().enumerate() {
        roots[place] = *root;
        effects.push(*effect);
    }
    if let Some(outcome) = settle(&mut roots, &effects, sure) {
        return settled(outcome);
    }
    let cutter = Cutter {
        program: words.program,
        vocabulary: words.vocabulary,
        facts,
    };
    let variables = cutter.variables(&mut room.formulas, &mut roots);
    if let Some(outcome) = settle(&mut roots, &effects, sure) {
        return settled(outcome);
    }
    let mut masks = vec![0; room.formulas.literals.len()];
    for (place, variable) in variables.iter().enumerate() {
        for literal in &variable.literals {
            masks[*literal as usize] = 1u64
                .checked_shl(u32::try_from(place % 64).unwrap_or(0))
                .unwrap_or(0);
        }
    }
    room.formulas.assign(masks);
    let mut built = None;
    if variables.len() <= MOST_VARIABLES && !room.search_only {
        let mut question = Question {
            formulas: &mut room.formulas,
            variables: &variables,
            effects: &effects,
            sure,
            nodes: NODE_CAP,
            work: MOST_WORK,
        };
        built = room.diagram.build(&mut question, roots);
    }
    match built {
        Some(root) => from_diagram(&mut room.diagram, root, &variables, words, depth),
        None => from_search(
            &room.formulas,
            &variables,
            &roots,
            &effects,
            sure,
            words,
            depth,
        ),
    }
}

fn from_diagram(
    diagram: &mut Diagram,
    root: diagram::NodeRef,
    variables: &[Variable],
    words: Words,
    depth: Depth,
) -> Open {
    let (least, most) = diagram.bounds(root);
    let support = diagram.support(root);
    let of = |place: u32| &variables[place as usize];
    let reading = places(support).any(|place| of(place).cells == Cells::Reading);
    let exact = places(support).all(|place| of(place).exact);
    let essential = sorted(
        places(support)
            .flat_map(|place| of(place).facts.iter().copied())
            .collect(),
    );
    let mut readings = None;
    if reading && support.count_ones() == 1 {
        let place = support.trailing_zeros();
        let (without, with) = (
            diagram.restrict(root, place, 0),
            diagram.restrict(root, place, 1),
        );
        readings = Some((diagram.bounds(with).1, diagram.bounds(without).1));
    }
    let (mut deciding, mut next) = (Vec::new(), None);
    if depth == Depth::Questions && !essential.is_empty() {
        deciding = questions::deciding(diagram, root, variables, words);
        next = questions::next(diagram, root, variables, words.vocabulary);
    }
    Open {
        least,
        most,
        essential,
        reading,
        readings,
        deciding,
        next,
        exact,
    }
}

/// The same, one question at a time, where a diagram would be too large.
fn from_search(
    formulas: &Formulas,
    variables: &[Variable],
    roots: &Roots,
    effects: &[Effect],
    sure: Effect,
    words: Words,
    depth: Depth,
) -> Open {
    let mut search = Search::new(formulas, variables, roots, effects, sure);
    let mut left = MOST_DECISIONS.1;
    let mut exact = true;
    let mut ask = |search: &mut Search, question: &mut dyn FnMut(&mut Search) -> Found| {
        let given = left.min(MOST_DECISIONS.0);
        search.budget = given;
        let found = question(search);
        left -= given - search.budget;
        found
    };
    // The strongest effect that can come out, and the weakest: no stronger root than its own holds.
    let mut most = sure;
    for (root, effect) in roots.iter().zip(effects) {
        match ask(&mut search, &mut |search| search.can(&[(*root, true)])) {
            Found::No => continue,
            Found::Yes => {}
            Found::Unclear => exact = false,
        }
        most = *effect;
        break;
    }
    let mut least = most;
    for count in (0..=effects.len()).rev() {
        let wanted: Vec<(u32, bool)> = roots[..count].iter().map(|root| (*root, false)).collect();
        let weakest = effects.get(count).copied().unwrap_or(sure);
        match ask(&mut search, &mut |search| search.can(&wanted)) {
            Found::No => continue,
            Found::Yes => {}
            Found::Unclear => exact = false,
        }
        least = least.min(weakest);
        break;
    }
    let mut turning: Vec<u32> = Vec::new();
    let mut essential: Vec<FactId> = Vec::new();
    let mut reading = false;
    for (place, variable) in (0u32..).zip(variables) {
        if variable
            .fact()
            .is_some_and(|fact| essential.contains(&fact))
        {
            continue;
        }
        match ask(&mut search, &mut |search| search.turns_on(place)) {
            Found::No => continue,
            Found::Yes => exact &= variable.exact,
            Found::Unclear => exact = false,
        }
        turning.push(place);
        essential.extend(&variable.facts);
        reading |= variable.cells == Cells::Reading;
    }
    let mut readings = None;
    if let (true, [place]) = (reading, turning.as_slice())
        && exact
    {
        readings = search.complete(*place, 1).zip(search.complete(*place, 0));
    }
    let (mut deciding, mut next) = (Vec::new(), None);
    if depth == Depth::Questions && !essential.is_empty() {
        deciding = settling(&mut search, &turning, variables, words);
        let rank = |place: &u32| {
            let fact = variables[*place as usize].fact()?;
            Some((
                words.vocabulary.get(fact).cost,
                std::cmp::Reverse(search.weight(*place)),
                *place,
                fact,
            ))
        };
        next = turning.iter().filter_map(rank).min().map(|(.., fact)| fact);
    }
    Open {
        least,
        most,
        essential: sorted(essential),
        reading,
        readings,
        deciding,
        next,
        exact,
    }
}

/// Single answers that settle everything.
fn settling(
    search: &mut Search,
    turning: &[u32],
    variables: &[Variable],
    words: Words,
) -> Vec<Deciding> {
    let mut found = Vec::new();
    let asked = turning
        .iter()
        .filter(|place| variables[**place as usize].cells != Cells::Reading)
        .take(MOST_LOOKED_AT);
    for place in asked {
        let variable = &variables[*place as usize];
        let mut by_outcome: Vec<(Effect, Vec<usize>)> = Vec::new();
        for cell in 0..variable.size {
            let Some(outcome) = search.look(*place, cell) else {
                continue;
            };
            match by_outcome.iter_mut().find(|(each, _)| *each == outcome) {
                Some((_, cells)) => cells.push(cell),
                None => by_outcome.push((outcome, vec![cell])),
            }
        }
        for (outcome, cells) in by_outcome {
            found.push(Deciding {
                answers: variable.answer(&cells, words).into_iter().collect(),
                outcome,
            });
        }
    }
    found.truncate(MOST_SETS);
    found
}

fn sorted(mut facts: Vec<FactId>) -> Vec<FactId> {
    facts.sort_unstable();
    facts.dedup();
    facts
}
