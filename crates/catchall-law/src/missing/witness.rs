//! Witness: a search for completions, where a diagram of all of them would be too large.
//!
//! Two things are asked: can these formulas come out so; and does the outcome turn on this variable, that is, are
//! there two completions that differ in it alone and in their outcome. Every variable keeps the set of cells it
//! may still lie in; a literal is settled when all of them agree. A decision puts one literal so or so, its
//! consequences run upward, and what cannot succeed any more is taken back. Both ways are tried in the end, so
//! that "no" is as exact as "yes"; a search that costs too much says so.

#![allow(
    clippy::needless_range_loop,
    clippy::collapsible_match,
    reason = "places are walked in order beside several tables"
)]

use catchall_model::Effect;

use super::cells::Variable;
use super::completion::{Completion, Links};
use super::diagram::Roots;
use super::formula::{Formula, Formulas, NO, YES};

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Yes,
    No,
    /// It gave up.
    Unclear,
}

const OPEN: u8 = 2;

/// What is searched for.
#[derive(Clone, Copy)]
enum Goal<'g> {
    /// These formulas so.
    Force(&'g [(u32, bool)]),
    /// An outcome that turns on this variable.
    Turns(u32),
}

/// How a goal stands.
enum Status {
    Reached,
    Lost,
    /// To put this literal's formula so brings it nearer.
    Decide(u32, bool),
}

struct Decision {
    formulas: usize,
    domains: usize,
    /// A formula that is a plain literal, and the value tried.
    formula: u32,
    value: bool,
    second: bool,
}

/// The search over one question.
pub(super) struct Search<'a> {
    formulas: &'a Formulas,
    variables: &'a [Variable],
    roots: &'a [u32],
    effects: &'a [Effect],
    sure: Effect,
    value: Vec<u8>,
    /// How many parts of a formula are not settled.
    open: Vec<u32>,
    /// The formulas that the roots reach, ascending.
    used: Vec<u32>,
    parents: Vec<u32>,
    parents_at: Vec<u32>,
    /// For each literal its variable and its place there; its plain formula and the opposite one, where used.
    literals: Vec<(u32, u32)>,
    formula_of: Vec<[u32; 2]>,
    /// The cells left to each variable.
    domain: Vec<u64>,
    domain_at: Vec<usize>,
    settled: Vec<u32>,
    narrowed: Vec<(usize, u64)>,
    queue: Vec<u32>,
    /// Formulas above the variable that is asked for, and formulas seen, by round.
    above: Vec<u32>,
    seen: Vec<u32>,
    round: u32,
    seen_round: u32,
    completion: Completion,
    /// For each variable whether a completion showed that the outcome turns on it.
    turning: Vec<bool>,
    /// Decisions left.
    pub budget: usize,
}

impl<'a> Search<'a> {
    pub fn new(
        formulas: &'a Formulas,
        variables: &'a [Variable],
        roots: &'a Roots,
        effects: &'a [Effect],
        sure: Effect,
    ) -> Search<'a> {
        let count = formulas.all.len();
        let roots = &roots[..effects.len()];
        let mut search = Search {
            formulas,
            variables,
            roots,
            effects,
            sure,
            value: vec![OPEN; count],
            open: vec![0; count],
            used: Vec::new(),
            parents: Vec::new(),
            parents_at: vec![0; count + 1],
            literals: vec![(u32::MAX, 0); formulas.literals.len()],
            formula_of: vec![[u32::MAX; 2]; formulas.literals.len()],
            domain: Vec::new(),
            domain_at: Vec::with_capacity(variables.len()),
            settled: Vec::new(),
            narrowed: Vec::new(),
            queue: Vec::new(),
            above: vec![0; count],
            seen: vec![0; count],
            round: 0,
            seen_round: 0,
            completion: Completion::default(),
            turning: vec![false; variables.len()],
            budget: 0,
        };
        search.value[NO as usize] = 0;
        search.value[YES as usize] = 1;
        search.link();
        for (number, variable) in (0u32..).zip(variables) {
            for (place, literal) in (0u32..).zip(&variable.literals) {
                search.literals[*literal as usize] = (number, place);
            }
            search.domain_at.push(search.domain.len());
            for word in 0..variable.words {
                let cells = variable.size.saturating_sub(word * 64).min(64);
                search.domain.push(if cells == 64 {
                    u64::MAX
                } else {
                    (1u64 << cells) - 1
                });
            }
        }
        // What holds in every cell of a variable is settled from the start, for good.
        for variable in 0..search.variables.len() {
            search.agree(variable);
        }
        search.spread();
        search.settled.clear();
        search
    }

    /// Who stands above whom, among what the roots reach.
    fn link(&mut self) {
        let count = self.formulas.all.len();
        let mut used = vec![false; count];
        let mut left: Vec<u32> = self.roots.to_vec();
        while let Some(formula) = left.pop() {
            if std::mem::replace(&mut used[formula as usize], true) {
                continue;
            }
            match self.formulas.all[formula as usize] {
                Formula::And { first, count } | Formula::Or { first, count } => {
                    for part in self.formulas.parts(first, count) {
                        self.parents_at[*part as usize + 1] += 1;
                        left.push(*part);
                    }
                    self.open[formula as usize] = count;
                }
                Formula::Literal { literal, negated } => {
                    self.formula_of[literal as usize][usize::from(negated)] = formula
                }
                Formula::No | Formula::Yes => {}
            }
        }
        for place in 0..count {
            self.parents_at[place + 1] += self.parents_at[place];
        }
        self.used = (0u32..)
            .zip(&used)
            .filter_map(|(formula, used)| used.then_some(formula))
            .collect();
        self.parents = vec![0; self.parents_at[count] as usize];
        let mut next = self.parents_at.clone();
        for formula in 0..count {
            if let (true, Formula::And { first, count } | Formula::Or { first, count }) =
                (used[formula], self.formulas.all[formula])
            {
                for part in self.formulas.parts(first, count) {
                    self.parents[next[*part as usize] as usize] =
                        u32::try_from(formula).unwrap_or(u32::MAX);
                    next[*part as usize] += 1;
                }
            }
        }
    }

    // ---- consequences ------------------------------------------------------------------------------

    fn set(&mut self, formula: u32, yes: bool) {
        if self.value[formula as usize] == OPEN {
            self.value[formula as usize] = u8::from(yes);
            self.settled.push(formula);
            self.queue.push(formula);
        }
    }

    /// Settles the literals of a variable on which all its remaining cells agree.
    fn agree(&mut self, variable: usize) {
        let own = &self.variables[variable];
        let at = self.domain_at[variable];
        for (place, literal) in own.literals.iter().enumerate() {
            let [plain, opposite] = self.formula_of[*literal as usize];
            let known = |formula: u32| formula == u32::MAX || self.value[formula as usize] != OPEN;
            if known(plain) && known(opposite) {
                continue;
            }
            let domain = &self.domain[at..at + own.words];
            let (mut yes, mut no) = (0, 0);
            for (cells, mask) in domain.iter().zip(own.mask(place)) {
                yes |= cells & mask;
                no |= cells & !mask;
            }
            if yes == 0 || no == 0 {
                if plain != u32::MAX {
                    self.set(plain, yes != 0);
                }
                if opposite != u32::MAX {
                    self.set(opposite, yes == 0);
                }
            }
        }
    }

    /// Carries what was settled upward.
    fn spread(&mut self) {
        while let Some(formula) = self.queue.pop() {
            let yes = self.value[formula as usize] == 1;
            for at in self.parents_at[formula as usize]..self.parents_at[formula as usize + 1] {
                let parent = self.parents[at as usize];
                self.open[parent as usize] -= 1;
                let all = matches!(self.formulas.all[parent as usize], Formula::And { .. });
                if yes != all {
                    self.set(parent, yes);
                } else if self.open[parent as usize] == 0 {
                    self.set(parent, all);
                }
            }
        }
    }

    fn narrow(&mut self, variable: usize, keep: impl Fn(usize) -> u64) {
        let at = self.domain_at[variable];
        for word in 0..self.variables[variable].words {
            let before = self.domain[at + word];
            let after = before & keep(word);
            if after != before {
                self.narrowed.push((at + word, before));
                self.domain[at + word] = after;
            }
        }
        self.agree(variable);
        self.spread();
    }

    /// Puts a plain literal's formula so.
    fn decide(&mut self, formula: u32, yes: bool) {
        if let Formula::Literal { literal, negated } = self.formulas.all[formula as usize] {
            let (variable, place) = self.literals[literal as usize];
            let (yes, variables) = (yes != negated, self.variables);
            let mask = variables[variable as usize].mask(place as usize);
            self.narrow(variable as usize, |word| {
                if yes { mask[word] } else { !mask[word] }
            });
        }
    }

    fn undo(&mut self, formulas: usize, domains: usize) {
        while self.settled.len() > formulas {
            if let Some(formula) = self.settled.pop() {
                self.value[formula as usize] = OPEN;
                for at in self.parents_at[formula as usize]..self.parents_at[formula as usize + 1] {
                    self.open[self.parents[at as usize] as usize] += 1;
                }
            }
        }
        while self.narrowed.len() > domains {
            if let Some((at, before)) = self.narrowed.pop() {
                self.domain[at] = before;
            }
        }
    }

    /// The outcome as far as it is settled.
    pub fn outcome(&self) -> Option<Effect> {
        for (root, effect) in self.roots.iter().zip(self.effects) {
            match self.value[*root as usize] {
                0 => {}
                1 => return Some(*effect),
                _ => return None,
            }
        }
        Some(self.sure)
    }

    // ---- the search --------------------------------------------------------------------------------

    /// Whether some completion makes these formulas come out so.
    pub fn can(&mut self, wanted: &[(u32, bool)]) -> Found {
        self.search(Goal::Force(wanted))
    }

    /// Whether the outcome turns on a variable.
    pub fn turns_on(&mut self, variable: u32) -> Found {
        if self.turning[variable as usize] {
            return Found::Yes;
        }
        self.round += 1;
        let mut left: Vec<u32> = Vec::new();
        for literal in &self.variables[variable as usize].literals {
            left.extend(
                self.formula_of[*literal as usize]
                    .iter()
                    .filter(|formula| **formula != u32::MAX),
            );
        }
        while let Some(formula) = left.pop() {
            if std::mem::replace(&mut self.above[formula as usize], self.round) == self.round {
                continue;
            }
            let (from, to) = (
                self.parents_at[formula as usize] as usize,
                self.parents_at[formula as usize + 1] as usize,
            );
            left.extend(&self.parents[from..to]);
        }
        self.search(Goal::Turns(variable))
    }

    fn search(&mut self, goal: Goal) -> Found {
        let mut decisions: Vec<Decision> = Vec::new();
        let found = loop {
            match self.status(goal) {
                Status::Reached => break Found::Yes,
                Status::Decide(formula, value) => {
                    if self.budget == 0 {
                        break Found::Unclear;
                    }
                    self.budget -= 1;
                    decisions.push(Decision {
                        formulas: self.settled.len(),
                        domains: self.narrowed.len(),
                        formula,
                        value,
                        second: false,
                    });
                    self.decide(formula, value);
                }
                Status::Lost => {
                    // Back to the last decision whose other way was not tried.
                    while let Some(last) = decisions.last()
                        && last.second
                    {
                        decisions.pop();
                    }
                    let Some(last) = decisions.last_mut() else {
                        break Found::No;
                    };
                    last.second = true;
                    let (formulas, domains, formula, value) =
                        (last.formulas, last.domains, last.formula, !last.value);
                    self.undo(formulas, domains);
                    self.decide(formula, value);
                }
            }
        };
        if let (Found::Yes, Goal::Turns(variable)) = (found, goal) {
            self.learn(variable as usize);
        }
        self.undo(0, 0);
        found
    }

    /// What else the outcome turns on in the completions that a search for a variable ended in.
    fn learn(&mut self, variable: usize) {
        let mut completion = std::mem::take(&mut self.completion);
        let mut turning = std::mem::take(&mut self.turning);
        turning[variable] = true;
        let links = Links {
            formulas: self.formulas,
            variables: self.variables,
            roots: self.roots,
            used: &self.used,
            parents: &self.parents,
            parents_at: &self.parents_at,
            formula_of: &self.formula_of,
            variable_of: &self.literals,
        };
        let (domain, domain_at, variables) = (&self.domain, &self.domain_at, self.variables);
        let left = |of: usize| {
            let at = domain_at[of];
            (0..variables[of].size)
                .filter(move |cell| domain[at + cell / 64] >> (cell % 64) & 1 == 1)
        };
        completion.fill(&links, |of| left(of).next().unwrap_or(0));
        completion.mark(&links, &mut turning);
        let here = completion.strongest(self.roots);
        for cell in left(variable).skip(1) {
            completion.move_to(&links, variable, cell);
            if completion.strongest(self.roots) != here {
                completion.mark(&links, &mut turning);
                break;
            }
        }
        (self.completion, self.turning) = (completion, turning);
    }

    fn status(&mut self, goal: Goal) -> Status {
        match goal {
            Goal::Force(wanted) => {
                let mut first = None;
                for (formula, yes) in wanted {
                    match self.value[*formula as usize] {
                        OPEN => first = first.or(Some((*formula, *yes))),
                        value if (value == 1) != *yes => return Status::Lost,
                        _ => {}
                    }
                }
                match first.map(|(formula, yes)| self.toward(formula, yes, None)) {
                    None => Status::Reached,
                    Some(Some((formula, value))) => Status::Decide(formula, value),
                    Some(None) => Status::Lost,
                }
            }
            Goal::Turns(variable) => self.turning(variable),
        }
    }

    fn turning(&mut self, variable: u32) -> Status {
        if self.outcome().is_some() {
            return Status::Lost;
        }
        self.seen_round += 1;
        let mut through = None;
        for place in 0..self.roots.len() {
            let root = self.roots[place];
            match self.value[root as usize] {
                OPEN => {
                    if self.reaches(root) {
                        through = Some(place);
                        break;
                    }
                }
                1 => break,
                _ => {}
            }
        }
        let Some(through) = through else {
            return Status::Lost;
        };
        // First along the way from the outcome to the variable, then what stands above it.
        if let Some((formula, value)) = self.along(self.roots[through], variable) {
            return Status::Decide(formula, value);
        }
        for place in 0..through {
            if self.value[self.roots[place] as usize] == OPEN
                && let Some((formula, value)) =
                    self.toward(self.roots[place], false, Some(variable))
            {
                return Status::Decide(formula, value);
            }
        }
        // Whatever else is open.
        for place in 0..self.roots.len() {
            match self.value[self.roots[place] as usize] {
                OPEN => {
                    if let Some((formula, value)) =
                        self.toward(self.roots[place], true, Some(variable))
                    {
                        return Status::Decide(formula, value);
                    }
                }
                1 => break,
                _ => {}
            }
        }
        // Nothing but the variable is left: its own cells decide.
        let mut outcomes: Option<Effect> = None;
        let (formulas, domains) = (self.settled.len(), self.narrowed.len());
        for cell in 0..self.variables[variable as usize].size {
            let at = self.domain_at[variable as usize] + cell / 64;
            if self.domain[at] >> (cell % 64) & 1 == 0 {
                continue;
            }
            self.narrow(variable as usize, |word| {
                if word == cell / 64 {
                    1 << (cell % 64)
                } else {
                    0
                }
            });
            let outcome = self.outcome();
            self.undo(formulas, domains);
            match (outcome, outcomes) {
                (None, _) => {}
                (found, None) => outcomes = found,
                (Some(found), Some(known)) if found != known => return Status::Reached,
                _ => {}
            }
        }
        Status::Lost
    }

    /// Whether an open way leads from a formula down to the variable asked for.
    fn reaches(&mut self, formula: u32) -> bool {
        if self.value[formula as usize] != OPEN || self.above[formula as usize] != self.round {
            return false;
        }
        let (first, count) = match self.formulas.all[formula as usize] {
            Formula::And { first, count } | Formula::Or { first, count } => (first, count),
            _ => return true,
        };
        if std::mem::replace(&mut self.seen[formula as usize], self.seen_round) == self.seen_round {
            return false;
        }
        let formulas = self.formulas;
        formulas
            .parts(first, count)
            .iter()
            .any(|part| self.reaches(*part))
    }

    /// What opens the way from a formula down to the variable: its neighbours put so that they do not decide.
    fn along(&mut self, formula: u32, variable: u32) -> Option<(u32, bool)> {
        let (first, count, all) = match self.formulas.all[formula as usize] {
            Formula::And { first, count } => (first, count, true),
            Formula::Or { first, count } => (first, count, false),
            _ => return None,
        };
        let formulas = self.formulas;
        let parts = formulas.parts(first, count);
        self.seen_round += 1;
        let way = parts.iter().copied().find(|part| self.reaches(*part))?;
        if let Some(decision) = self.along(way, variable) {
            return Some(decision);
        }
        parts
            .iter()
            .filter(|part| **part != way)
            .find_map(|part| self.toward(*part, all, Some(variable)))
    }

    /// A literal that brings an open formula nearer to a value; not one of the variable left out.
    fn toward(&self, formula: u32, yes: bool, without: Option<u32>) -> Option<(u32, bool)> {
        if self.value[formula as usize] != OPEN {
            return None;
        }
        match self.formulas.all[formula as usize] {
            Formula::No | Formula::Yes => None,
            Formula::Literal { literal, .. } => {
                (Some(self.literals[literal as usize].0) != without).then_some((formula, yes))
            }
            Formula::And { first, count } | Formula::Or { first, count } => self
                .formulas
                .parts(first, count)
                .iter()
                .find_map(|part| self.toward(*part, yes, without)),
        }
    }

    /// Looks at one cell of a variable: the outcome, where that settles it.
    pub fn look(&mut self, variable: u32, cell: usize) -> Option<Effect> {
        self.narrow(variable as usize, |word| {
            if word == cell / 64 {
                1 << (cell % 64)
            } else {
                0
            }
        });
        let outcome = self.outcome();
        self.undo(0, 0);
        outcome
    }

    /// The outcome of a completion in which a variable lies in a cell, for when nothing else matters.
    pub fn complete(&mut self, variable: u32, cell: usize) -> Option<Effect> {
        self.narrow(variable as usize, |word| {
            if word == cell / 64 {
                1 << (cell % 64)
            } else {
                0
            }
        });
        for other in 0..self.variables.len() {
            let at = self.domain_at[other];
            let Some(word) =
                (0..self.variables[other].words).find(|word| self.domain[at + word] != 0)
            else {
                continue;
            };
            let first = self.domain[at + word] & self.domain[at + word].wrapping_neg();
            self.narrow(other, |each| if each == word { first } else { 0 });
        }
        let outcome = self.outcome();
        self.undo(0, 0);
        outcome
    }

    /// How many formulas stand above the literals of a variable.
    pub fn weight(&self, variable: u32) -> usize {
        let own = self.variables[variable as usize]
            .literals
            .iter()
            .flat_map(|literal| self.formula_of[*literal as usize]);
        let parents = |formula: u32| {
            (self.parents_at[formula as usize + 1] - self.parents_at[formula as usize]) as usize
        };
        own.filter(|formula| *formula != u32::MAX)
            .map(parents)
            .sum()
    }
}
