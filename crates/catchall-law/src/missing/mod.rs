//! What is missing: the exact answer to which unknown facts still matter, what settles the case, what to
//! ask first.
//!
//! The rules that are still open become a formula over the facts that are not known; each such fact's values
//! are cut into cells, within which no test can tell them apart; a decision diagram over cells gives every
//! outcome that is still possible. Its support is the unique smallest set of facts that settles the case
//! whatever the answers are. Beyond [`NODE_CAP`] nodes the answer is Kleene's, labelled as not exact.

mod cells;
mod completion;
mod curve;
mod diagram;
mod formula;
mod items;
mod lift;
mod questions;
mod searched;
mod witness;

use catchall_model::Effect;

use crate::program::{NodeId, Program, Scratch, Tri};
use crate::state::Facts;
use crate::vocabulary::{FactId, Vocabulary};

pub use cells::CellAnswer;
use cells::{Cells, Cutter, Variable, Words};
use diagram::{Diagram, MOST_VARIABLES, Question, Roots, places, settle};
use formula::{Formulas, Given, Literal, NO, Read};
use items::{Items, items, kinds};
use searched::from_search;

/// Most nodes of a diagram; beyond, completions are searched for one question at a time.
pub const NODE_CAP: usize = 20_000;

/// Most formulas that a diagram may look at while it is built.
const MOST_WORK: usize = 30_000;
/// While the kind of the item is open, so many figures of it are listed and no more: beyond, they wait for the kind.
const MOST_FIGURES: usize = 12;
/// The most deciding sets that are listed.
const MOST_SETS: usize = 12;

/// Room to work in, kept from one question to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    formulas: Formulas,
    diagram: Diagram,
    /// Never to draw a diagram.
    search_only: bool,
    /// To let figures wait for the kind, however few they are.
    kind_first: bool,
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

    /// Room in which figures of the item always wait for its kind, however few they are.
    pub fn kind_first() -> Scratch {
        Scratch {
            missing: Room {
                kind_first: true,
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
    /// Facts that still matter, in the order of the vocabulary; but for figures that follow the kind of the item.
    pub essential: Vec<FactId>,
    /// Whether figures of the item matter too that entries of lists ask for. They are not listed: the kind is open, and
    /// which of them matter only the kind can say.
    pub figures_follow: bool,
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

impl Open {
    /// Nothing is open.
    #[must_use]
    pub fn settled(outcome: Effect) -> Open {
        Open {
            least: outcome,
            most: outcome,
            essential: Vec::new(),
            figures_follow: false,
            reading: false,
            readings: None,
            deciding: Vec::new(),
            next: None,
            exact: true,
        }
    }
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
        self.begin(scratch);
        self.open_further(vocabulary, facts, jurisdictions, depth, scratch)
    }

    /// The same, where the last that was asked in this room was asked of this program and these facts: what is known from
    /// there is not worked out again.
    pub fn open_further(
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
            return Open::settled(sure);
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
        self.any_rule(vocabulary, facts, provision, scratch, Formulas::effective)
    }

    /// The same without its exceptions: whether its own condition and dates hold.
    pub(crate) fn open_own(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        provision: usize,
        scratch: &mut Scratch,
    ) -> Open {
        self.any_rule(vocabulary, facts, provision, scratch, Formulas::full)
    }

    /// Whether any version of a provision holds, each as `of_rule` reads it.
    fn any_rule(
        &self,
        vocabulary: &Vocabulary,
        facts: &Facts,
        provision: usize,
        scratch: &mut Scratch,
        of_rule: fn(&mut Formulas, Given<'_>, usize, Read, &mut Scratch) -> u32,
    ) -> Open {
        self.verdict(
            vocabulary,
            facts,
            scratch,
            &mut |formulas, given, scratch| {
                let parts: Vec<u32> = self
                    .rules_of(provision)
                    .map(|rule| of_rule(formulas, given, rule, Read::For, scratch))
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
        return Open::settled(outcome);
    }
    let cutter = Cutter {
        program: words.program,
        vocabulary: words.vocabulary,
        facts,
    };
    let case = Case {
        effects: &effects,
        sure,
        words,
        depth,
    };
    if !room.search_only
        && let Some(open) = by_item(room, case, cutter, roots)
    {
        return open;
    }
    let variables = cutter.variables(&mut room.formulas, &mut roots);
    if let Some(outcome) = settle(&mut roots, &effects, sure) {
        return Open::settled(outcome);
    }
    let mut masks = vec![0; room.formulas.literals.len()];
    say_whose(&mut masks, &variables, 0);
    room.formulas.assign(masks);
    if let Some(root) = draw(room, &variables, case, roots, 0) {
        return from_diagram(&mut room.diagram, root, &variables, case);
    }
    from_search(&room.formulas, &variables, &roots, case)
}

/// What is asked of a completion, beside its formulas.
#[derive(Clone, Copy)]
struct Case<'a> {
    /// The effect of each root, strongest first.
    effects: &'a [Effect],
    /// The outcome when none holds.
    sure: Effect,
    words: Words<'a>,
    depth: Depth,
}

/// Says for each literal which variable answers it, the first of them by this place.
fn say_whose(masks: &mut [u64], variables: &[Variable], first: usize) {
    for (place, variable) in (first..).zip(variables) {
        for literal in &variable.literals {
            masks[*literal as usize] = 1 << (place % 64);
        }
    }
}

/// The diagram of all of it; `None` where it would be too large.
fn draw(
    room: &mut Room,
    variables: &[Variable],
    case: Case,
    roots: Roots,
    above: u32,
) -> Option<diagram::NodeRef> {
    if variables.len() > MOST_VARIABLES.0 || room.search_only {
        return None;
    }
    let mut question = Question {
        formulas: &mut room.formulas,
        variables,
        effects: case.effects,
        sure: case.sure,
        above,
        nodes: NODE_CAP,
        work: MOST_WORK,
    };
    room.diagram.build(&mut question, roots)
}

/// The same where the item is open: what it may be is worked out first, apart from all else. `None` where nothing of the
/// item is open, or that comes to too much.
fn by_item(room: &mut Room, case: Case, cutter: Cutter, plain: Roots) -> Option<Open> {
    let (program, formulas) = (cutter.program, &mut room.formulas);
    let own = |fact: FactId| program.item_facts.get(usize::from(fact.0)) == Some(&true);
    let mut roots = plain;
    let literals = formulas.lift(&mut roots, program, own);
    if literals.is_empty() {
        return None;
    }
    let mut parts: Vec<u32> = literals
        .iter()
        .map(|literal| match formulas.literals[*literal as usize] {
            Literal::Item(part) => part,
            _ => NO,
        })
        .collect();
    let figures = cutter.variables(formulas, &mut parts);
    let rest = cutter.variables(formulas, &mut roots);
    let mut masks = vec![0; formulas.literals.len()];
    say_whose(&mut masks, &figures, 0);
    say_whose(&mut masks, &rest, 1);
    literals.iter().for_each(|each| masks[*each as usize] = 1);
    formulas.assign(masks);
    let listed = figures.len();
    let mut variables = Vec::with_capacity(rest.len() + listed + 1);
    if let Some(kind) = program.kind_fact
        && cutter.facts.get(kind).is_none()
        && (room.kind_first || listed > MOST_FIGURES + 1)
        && let Some(item) = kinds(formulas, &figures, literals.clone(), &parts, kind)
    {
        variables.push(item);
        variables.extend(rest);
        return Some(match draw(room, &variables, case, roots, 0) {
            Some(root) => from_diagram(&mut room.diagram, root, &variables, case),
            None => from_search(&room.formulas, &variables, &roots, case),
        });
    }
    if listed + rest.len() + 1 > MOST_VARIABLES.1 {
        return None;
    }
    let items = items(formulas, figures, literals, &parts, program.kind_fact)?;
    variables.push(items.whole.clone());
    variables.extend(rest);
    let above = u32::try_from(listed).unwrap_or(u32::MAX);
    let root = draw(room, &variables, case, roots, above)?;
    let root = room.diagram.above(root, &items);
    let Items {
        variables: mut all, ..
    } = items;
    all.extend(variables);
    Some(from_diagram(&mut room.diagram, root, &all, case))
}

fn from_diagram(
    diagram: &mut Diagram,
    root: diagram::NodeRef,
    variables: &[Variable],
    case: Case,
) -> Open {
    let (words, depth) = (case.words, case.depth);
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
    let figures_follow = places(support).any(|place| match &of(place).cells {
        Cells::Items(kinds) => diagram.figures_follow(root, place, kinds),
        _ => false,
    });
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
        figures_follow,
        reading,
        readings,
        deciding,
        next,
        exact,
    }
}

fn sorted(mut facts: Vec<FactId>) -> Vec<FactId> {
    facts.sort_unstable();
    facts.dedup();
    facts
}
