//! Nodes: conditions in negation normal form, shared where they are equal, and how they are answered.

use super::{Program, Scratch, Sifted, Tri};
use crate::language::code_within;
use crate::pack::ControlList;
use crate::state::{Facts, Value};
use crate::vocabulary::Bits;

/// A node, by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub u32);

/// A condition, or part of one. Negation stands at atoms and list tests only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Yes,
    No,
    Atom { atom: u32, negated: bool },
    List { test: u32, negated: bool },
    All { first: u32, count: u32 },
    Any { first: u32, count: u32 },
    AtLeast { needed: u32, first: u32, count: u32 },
}

/// "The item is on this list", within a code or under a label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListTest {
    pub list: usize,
    pub within: String,
    pub tag: Option<String>,
    /// Entries that fit, by place among the program's entries, ascending.
    pub entries: Vec<u32>,
    /// The same as a set.
    pub asked: Bits,
    /// Of these, those that figures can meet.
    pub tested: Tested,
    /// The words of the test, for reasons.
    pub operator: String,
    pub threshold: String,
}

/// Entries that figures can meet: those that have a test.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tested {
    /// All of them, ascending.
    pub all: Vec<u32>,
    /// By kind of item those whose test needs a kind that includes it.
    pub by_kind: Vec<Vec<u32>>,
    /// Those whose test needs no kind.
    pub any_kind: Vec<u32>,
}

impl Tested {
    /// Those that an item of a kind can meet, in two runs.
    pub fn of_kind(&self, kind: u32) -> (&[u32], &[u32]) {
        let own = self.by_kind.get(kind as usize);
        (own.map_or(&[], Vec::as_slice), &self.any_kind)
    }
}

/// How a list test is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListPath {
    /// No code is claimed: by the tests of these entries.
    Figures,
    /// A claimed code settles it, unless figures surely meet an entry.
    Claim(ClaimAnswer),
}

/// What the numbers of a list are: what one says that no entry bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// Some of a nomenclature's: it stands on no entry.
    Selected,
    /// Some entries are not held: it may be one of those, and stands apart from the entries held; its labels are not known.
    HeldInPart,
    /// Every entry is held: it is a slip, and may have been meant for any.
    AllHeld,
}

impl Numbers {
    pub fn of(list: &ControlList) -> Numbers {
        match (list.selects, list.complete) {
            (true, _) => Numbers::Selected,
            (false, true) => Numbers::AllHeld,
            (false, false) => Numbers::HeldInPart,
        }
    }
}

/// What a claimed code says of a list test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClaimAnswer {
    /// The code is apart from everything asked.
    No,
    /// The code says so by itself.
    Yes,
    /// As far as these entries stand on the list on the day (`false`), or their whole test holds (`true`).
    Entries(Vec<(u32, bool)>),
    /// The packs do not hold the code: a person must look it up.
    NotHeld,
}

impl Program {
    pub(crate) fn kids(&self, first: u32, count: u32) -> &[NodeId] {
        &self.kids[first as usize..(first + count) as usize]
    }

    /// The answer of a condition; of one with parts, worked out once a transfer.
    pub(crate) fn node(&self, node: NodeId, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let place = node.0 as usize;
        let own = self.nodes[place];
        if matches!(
            own,
            Node::Yes | Node::No | Node::Atom { .. } | Node::List { .. }
        ) {
            return self.node_anew(own, facts, scratch);
        }
        if let Some((stamp, known)) = scratch.nodes.get(place)
            && *stamp == scratch.stamp
        {
            return *known;
        }
        let answer = self.node_anew(own, facts, scratch);
        if scratch.nodes.len() <= place {
            scratch.nodes.resize(self.nodes.len(), (0, Tri::No));
        }
        scratch.nodes[place] = (scratch.stamp, answer);
        answer
    }

    fn node_anew(&self, node: Node, facts: &Facts, scratch: &mut Scratch) -> Tri {
        match node {
            Node::Yes => Tri::Yes,
            Node::No => Tri::No,
            Node::Atom { atom, negated } => {
                let answer = self.atom(atom, facts, scratch);
                if negated { answer.not() } else { answer }
            }
            Node::List { test, negated } => {
                let answer = self.listed(test, facts, scratch);
                if negated { answer.not() } else { answer }
            }
            Node::All { first, count } => {
                let mut all = Tri::Yes;
                for kid in self.kids(first, count) {
                    all = all.min(self.node(*kid, facts, scratch));
                    if all == Tri::No {
                        break;
                    }
                }
                all
            }
            Node::Any { first, count } => {
                let mut any = Tri::No;
                for kid in self.kids(first, count) {
                    any = any.max(self.node(*kid, facts, scratch));
                    if any == Tri::Yes {
                        break;
                    }
                }
                any
            }
            Node::AtLeast {
                needed,
                first,
                count,
            } => {
                let (mut sure, mut possible) = (0, 0);
                for kid in self.kids(first, count) {
                    match self.node(*kid, facts, scratch) {
                        Tri::Yes => {
                            sure += 1;
                            possible += 1;
                        }
                        Tri::Open => possible += 1,
                        Tri::No => {}
                    }
                }
                if sure >= needed {
                    Tri::Yes
                } else if possible >= needed {
                    Tri::Open
                } else {
                    Tri::No
                }
            }
        }
    }

    /// The answer of an atom, worked out once a transfer.
    pub(crate) fn atom(&self, atom: u32, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let place = atom as usize;
        let (stamp, known) = scratch.atoms[place];
        if stamp == scratch.stamp {
            return known;
        }
        let answer = self.atoms[place].test.answer(facts, &self.sets);
        scratch.atoms[place] = (scratch.stamp, answer);
        answer
    }

    /// Whether an entry's test holds, worked out once a transfer.
    pub(crate) fn entry(&self, entry: u32, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let place = entry as usize;
        let (stamp, known) = scratch.entries[place];
        if stamp == scratch.stamp {
            return known;
        }
        let answer = self.node(self.entries[place].full, facts, scratch);
        scratch.entries[place] = (scratch.stamp, answer);
        answer
    }

    /// Looks at every entry of a list, once a transfer: for where the kind of the item does not choose among them. False where that is
    /// under way: an entry of the list asks another list, of which an entry asks this one, and not all of it has been looked at.
    fn sift(&self, list: usize, facts: &Facts, scratch: &mut Scratch) -> bool {
        if scratch.sifted[list] == (scratch.stamp, Sifted::Whole) {
            return true;
        }
        if scratch.sifted[list] == (scratch.stamp, Sifted::Begun) {
            return false;
        }
        scratch.sifted[list] = (scratch.stamp, Sifted::Begun);
        let tested = &self.tested[list];
        let see = |entries: &[u32], scratch: &mut Scratch| {
            for entry in entries {
                let answer = self.entry(*entry, facts, scratch);
                if answer >= Tri::Open {
                    scratch.possible.insert(*entry);
                }
                if answer == Tri::Yes {
                    scratch.sure.insert(*entry);
                }
            }
        };
        // An entry for other kinds than may be meant is not met, whatever else it asks.
        match self.item_kind(facts) {
            Some(Value::OneOf(kinds)) => {
                see(&tested.any_kind, scratch);
                for kind in kinds {
                    see(tested.of_kind(*kind).0, scratch);
                }
            }
            _ => see(&tested.all, scratch),
        }
        scratch.sifted[list] = (scratch.stamp, Sifted::Whole);
        true
    }

    fn item_kind<'f>(&self, facts: &'f Facts) -> Option<&'f Value> {
        self.kind_fact.and_then(|fact| facts.get(fact))
    }

    /// Whether the kind of the item is known, so that it chooses among the entries of a list.
    pub(crate) fn kind_known(&self, facts: &Facts) -> bool {
        matches!(self.item_kind(facts), Some(Value::One(_)))
    }

    /// The entries, of those that figures can meet, that the item's kind leaves possible, in two runs.
    pub(crate) fn possible_entries<'a>(
        &self,
        tested: &'a Tested,
        facts: &Facts,
    ) -> (&'a [u32], &'a [u32]) {
        match self.item_kind(facts) {
            Some(Value::One(kind)) => tested.of_kind(*kind),
            _ => (&tested.all, &[]),
        }
    }

    /// Whether the item is on a list, worked out once a transfer.
    fn listed(&self, test: u32, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let place = test as usize;
        if let Some((stamp, known)) = scratch.lists.get(place)
            && *stamp == scratch.stamp
        {
            return *known;
        }
        let answer = self.listed_anew(test, facts, scratch);
        if scratch.lists.len() <= place {
            scratch.lists.resize(self.list_tests.len(), (0, Tri::No));
        }
        scratch.lists[place] = (scratch.stamp, answer);
        answer
    }

    fn listed_anew(&self, test: u32, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let test = &self.list_tests[test as usize];
        let path = self.list_path(test, facts);
        let wanted = if path == ListPath::Figures {
            Tri::Open
        } else {
            Tri::Yes
        };
        let mut found = Tri::No;
        if self.kind_known(facts) || !self.sift(test.list, facts, scratch) {
            let (first, second) = self.possible_entries(&test.tested, facts);
            for entry in first.iter().chain(second) {
                let answer = self.entry(*entry, facts, scratch);
                // Beside a claimed code only figures that surely meet an entry count.
                if answer >= wanted {
                    found = found.max(answer);
                    if found == Tri::Yes {
                        return Tri::Yes;
                    }
                }
            }
        } else {
            if test.asked.both(&scratch.sure).next().is_some() {
                return Tri::Yes;
            }
            if wanted == Tri::Open && test.asked.both(&scratch.possible).next().is_some() {
                found = Tri::Open;
            }
        }
        match path {
            ListPath::Figures => found,
            ListPath::Claim(ClaimAnswer::No) => Tri::No,
            ListPath::Claim(ClaimAnswer::Yes) => Tri::Yes,
            ListPath::Claim(ClaimAnswer::NotHeld) => Tri::Open,
            ListPath::Claim(ClaimAnswer::Entries(entries)) => entries
                .iter()
                .map(|(entry, whole)| {
                    if *whole {
                        self.entry(*entry, facts, scratch)
                    } else {
                        self.node(self.entries[*entry as usize].in_force, facts, scratch)
                    }
                })
                .max()
                .unwrap_or(Tri::No),
        }
    }

    /// Which way a list test is answered.
    pub(crate) fn list_path(&self, test: &ListTest, facts: &Facts) -> ListPath {
        match facts.claim(test.list) {
            None => ListPath::Figures,
            Some(code) => ListPath::Claim(self.claim_path(test, code)),
        }
    }

    /// What a claimed code says of a list test; `None` says that the item is on no entry. Capitals do not matter.
    pub(crate) fn claim_path(&self, test: &ListTest, code: Option<&str>) -> ClaimAnswer {
        let Some(code) = code else {
            return ClaimAnswer::No;
        };
        let code = code.to_lowercase();
        let (above, below) = self.code_index[test.list].around(&code);
        if above.is_empty() && below.is_empty() {
            // A code that no entry of ours bears: on the list all the same.
            let whole = test.within.is_empty() && test.tag.is_none();
            let inside = !test.within.is_empty() && code_within(&code, &test.within.to_lowercase());
            let open = match self.numbers[test.list] {
                Numbers::Selected => false,
                Numbers::HeldInPart => test.tag.is_some(),
                Numbers::AllHeld => true,
            };
            return match (whole || inside, open) {
                (true, _) => ClaimAnswer::Yes,
                (false, true) => ClaimAnswer::NotHeld,
                (false, false) => ClaimAnswer::No,
            };
        }
        let asked = |entry: &u32| test.entries.binary_search(entry).is_ok();
        // Of a label that holds for some paragraphs of a heading the paragraph's own row says whether it does, or the rows below it.
        let narrowed = test
            .tag
            .as_ref()
            .is_some_and(|tag| self.narrowed[test.list].contains(tag));
        let deepest = above.iter().map(|(depth, _)| *depth).max().unwrap_or(0);
        // Of the entries below a heading that is claimed, only figures can say which it is, unless all are asked for and the heading
        // has no row of its own, which would speak for what they leave out.
        let own = deepest == code.len();
        let heading = !narrowed || own || below.is_empty();
        let whole = own || !below.iter().all(|(_, entry)| asked(entry));
        let mut fitting: Vec<(u32, bool)> = above
            .into_iter()
            .filter(|(depth, entry)| heading && asked(entry) && (!narrowed || *depth == deepest))
            .map(|(_, entry)| (entry, false))
            .collect();
        fitting.extend(
            below
                .iter()
                .map(|(_, entry)| *entry)
                .filter(asked)
                .map(|entry| (entry, whole)),
        );
        if fitting.is_empty() {
            return ClaimAnswer::No;
        }
        fitting.sort_unstable();
        ClaimAnswer::Entries(fitting)
    }
}

/// The codes of a list in lower case, in order, each with its entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeIndex(Vec<(String, u32)>);

impl CodeIndex {
    pub fn of(codes: impl Iterator<Item = (String, u32)>) -> CodeIndex {
        let mut all: Vec<(String, u32)> = codes
            .map(|(code, entry)| (code.to_lowercase(), entry))
            .collect();
        all.sort_unstable();
        CodeIndex(all)
    }

    /// The entries that a code is, or lies below, each with the length of its code; and those that lie below it.
    fn around(&self, code: &str) -> (Vec<(usize, u32)>, &[(String, u32)]) {
        let mut above = Vec::new();
        let ends = code
            .match_indices('.')
            .map(|(at, _)| at)
            .chain([code.len()]);
        for end in ends {
            let heading = &code[..end];
            let first = self
                .0
                .partition_point(|(known, _)| known.as_str() < heading);
            let same = self.0[first..]
                .iter()
                .take_while(|(known, _)| known == heading);
            above.extend(same.map(|(_, entry)| (end, *entry)));
        }
        let heading = format!("{code}.");
        let first = self.0.partition_point(|(known, _)| *known < heading);
        let count = self.0[first..].partition_point(|(known, _)| known.starts_with(&heading));
        (above, &self.0[first..first + count])
    }
}
