//! Packs: files to instruments, provisions, control lists, sets and cases, with every name resolved.
//!
//! The roof hands over paths and texts; nothing here touches a disk. Three passes: the vocabulary, then
//! what conditions may name (sets, party lists, control lists), then the conditions themselves.
//! Everything that is wrong is collected: one run shows all of it.

mod load;
mod markdown;
mod raw;
mod samples;
mod suppliers;

use catchall_model::{Country, Day, Effect, Force, Number};

use crate::commitments::{Record, StandingCase};
use crate::diagnostic::{At, Diagnostic, Source};
use crate::language::Cond;
use crate::period::Period;
use crate::state::{Facts, Value};
use crate::vocabulary::{FactId, Vocabulary};

pub(crate) use load::load;

/// One file of the packs, as the roof read it.
#[derive(Clone, Debug)]
pub struct PackFile {
    /// Path below the packs' folder, with `/`: `ru-57-1998/decree.md`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A regulation, a regime's annex, an understanding, a bill.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// The folder's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whose law.
    pub jurisdiction: String,
    /// What sort of rule.
    pub force: Force,
    /// Who published it.
    pub publisher: String,
    /// Where it was read.
    pub address: String,
    /// Which edition.
    pub edition: String,
    /// Whether it can have an effect: bills, proposals and what never entered into force cannot.
    pub in_effect: bool,
    /// What was read of it, and what only recalled.
    pub read: String,
    /// What was only recalled.
    pub recalled: String,
    /// What is modelled, in part, or only pointed to.
    pub coverage: Vec<Coverage>,
    /// Where its `pack.toml` begins.
    pub at: At,
}

/// How much of a part of an instrument the pack holds.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// As a lawyer would cite it.
    pub part: String,
    /// `modelled`, `partial` or `pointer`.
    pub state: CoverageState,
    /// What is missing.
    pub note: String,
    /// When it may bear on a transfer; `None` whenever the jurisdiction reaches it.
    pub scope: Option<Cond>,
    /// Where it stands.
    pub at: At,
}

/// How much is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageState {
    /// All of it.
    Modelled,
    /// Part of it.
    Partial,
    /// Only that it exists.
    Pointer,
}

/// When a jurisdiction reaches a transfer.
#[derive(Clone, Debug)]
pub struct NexusRule {
    /// Whose law.
    pub jurisdiction: String,
    /// Citation.
    pub cite: String,
    /// When.
    pub when: Cond,
    /// Where it stands.
    pub at: At,
}

/// A paragraph that does something to a transfer.
#[derive(Clone, Debug)]
pub struct Provision {
    /// `<pack>/<name>`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Instrument, article and paragraph.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// Place of its instrument.
    pub instrument: usize,
    /// Whose law.
    pub jurisdiction: String,
    /// What sort of rule.
    pub force: Force,
    /// Whether it was read, and not only recalled.
    pub read: bool,
    /// Whether it is a catch-all.
    pub catch_all: bool,
    /// Labels that an exception may name.
    pub groups: Vec<String>,
    /// Provisions it is an exception to, by place.
    pub excepts: Vec<usize>,
    /// How close to a threshold counts as near, in parts per million of it.
    pub near_ppm: i128,
    /// Its versions.
    pub versions: Vec<Version>,
    /// Its cases.
    pub cases: Vec<Case>,
    /// Where its id stands.
    pub at: At,
    /// What the prose above the block says, for the checker's wording lint.
    pub prose: String,
}

/// A provision as it stood between two days, as recorded between two days.
#[derive(Clone, Debug)]
pub struct Version {
    /// When it is in force.
    pub in_force: Period,
    /// Which date of the transfer is tested.
    pub tested_on: FactId,
    /// When it was entered.
    pub recorded: Day,
    /// When a later reading replaced it.
    pub superseded: Option<Day>,
    /// What it does.
    pub effect: Effect,
    /// When.
    pub when: Cond,
    /// Words for the reader.
    pub note: String,
    /// Other readings.
    pub disputed: Vec<Dispute>,
    /// Where it stands.
    pub at: At,
}

/// Another reading of a provision, held by some states on some days.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// On which days.
    pub interval: Period,
    /// By whom, by places of countries.
    pub by: Vec<u32>,
    /// What it says.
    pub reading: String,
}

/// A worked case of a provision.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// What is known.
    pub facts: Facts,
    /// What must come out.
    pub expect: Expect,
    /// Where it stands.
    pub at: At,
}

/// What must come out of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// Of the provision: `applies`, `does_not_apply`, `not_known`, `excepted`, `disputed`.
    pub verdict: Option<String>,
    /// Of its jurisdiction.
    pub outcome: Option<String>,
    /// The facts that can still change it, exactly.
    pub essential: Option<Vec<String>>,
}

/// A control list.
#[derive(Clone, Debug)]
pub struct ControlList {
    /// `<jurisdiction>:<name>`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Citation.
    pub cite: String,
    /// Whether every entry is held.
    pub complete: bool,
    /// Whether its numbers are those of a nomenclature of which it takes some, as the tariff's are: one that no entry bears is then a real one, and
    /// on no entry. Elsewhere such a number is a slip, and says nothing of where the item stands.
    pub selects: bool,
    /// Names under which a transfer may state its code for it.
    pub accepts: Vec<String>,
    /// Those of them that are another list's own: a number under such a name may be one of this list, and `none` says nothing of it.
    pub shared: Vec<String>,
    /// Lists, by id, that hold nothing of this one: a code claimed on one of them says that the item is not on this.
    pub apart_from: Vec<String>,
    /// Lists that carry every entry of this one.
    pub carried_by: Vec<Carrier>,
    /// Labels of a heading that hold for some of its paragraphs only: of a claimed paragraph with a row of its own that row alone speaks.
    pub narrowed: Vec<String>,
    /// What form of item its numbers are of, by how they begin; the first that fits counts.
    pub forms: Vec<CodeForm>,
    /// Place of the instrument.
    pub instrument: usize,
    /// Its entries, in the order of the files.
    pub entries: Vec<Entry>,
    /// Where it stands.
    pub at: At,
}

/// The form of the items that the numbers of one shape are of.
#[derive(Clone, Debug)]
pub struct CodeForm {
    /// How such a number begins, `#` for a row of digits.
    pub codes: Vec<String>,
    /// Places of the words of forms.
    pub forms: Vec<u32>,
}

impl ControlList {
    /// The forms, by the places of their words, of which an item of this number can be. Empty where the number does not say.
    #[must_use]
    pub fn forms_of(&self, code: &str) -> &[u32] {
        let begins = |row: &&CodeForm| row.codes.iter().any(|shape| begins(code, shape));
        self.forms.iter().find(begins).map_or(&[], |row| &row.forms)
    }
}

/// Whether a number begins as a shape does in which `#` stands for a row of digits.
fn begins(code: &str, shape: &str) -> bool {
    let mut rest = code;
    for own in shape.chars() {
        let after = if own == '#' {
            rest.trim_start_matches(|letter: char| letter.is_ascii_digit())
        } else {
            rest.strip_prefix(own).unwrap_or(rest)
        };
        if after.len() == rest.len() {
            return false;
        }
        rest = after;
    }
    true
}

/// A list that carries every entry of another.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// The carrying list, by id.
    pub list: String,
    /// The label of the entries that do: `MT` stands for `MT 1` too.
    pub label: String,
    /// Where it is named.
    pub at: At,
}

/// An entry of a control list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Labels: category, reasons for control.
    pub tags: Vec<String>,
    /// The test of the item; `None` for a reserved number, or one that only a claimed code reaches.
    pub when: Option<Cond>,
    /// Its editions.
    pub editions: Vec<Edition>,
    /// Where it was read.
    pub source: String,
    /// Items just inside, just outside, and that cannot be known.
    pub samples: Vec<Sample>,
    /// Where its code stands.
    pub at: At,
}

/// The days on which an entry stands so on the list.
#[derive(Clone, Debug)]
pub struct Edition {
    /// When.
    pub period: Period,
    /// Whether it was read, and not only recalled.
    pub read: bool,
    /// Words for the reader.
    pub note: String,
}

/// An item that shows where an entry ends.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Whether the entry holds; `None` for not known.
    pub expect: Option<bool>,
    /// The item.
    pub facts: Facts,
    /// Where it stands.
    pub at: At,
}

/// A dated set of countries, or a dated list of parties.
#[derive(Clone, Debug)]
pub struct DatedSet {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// Whether it was read, and not only recalled.
    pub read: bool,
    /// Members by place (of a country, or of a row of [`Law::parties`]), ascending, each with its days.
    pub members: Vec<(u32, Period)>,
    /// Where it stands.
    pub at: At,
}

impl DatedSet {
    /// The days on which something is a member.
    pub fn member(&self, place: u32) -> impl Iterator<Item = &Period> {
        let first = self.members.partition_point(|(each, _)| *each < place);
        self.members[first..]
            .iter()
            .take_while(move |(each, _)| *each == place)
            .map(|(_, period)| period)
    }
}

/// A party named by a measure.
#[derive(Clone, Debug)]
pub struct ListedParty {
    /// The list, by place among the sets.
    pub set: usize,
    /// Its name.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// Folded name and aliases.
    pub folded: Vec<String>,
    /// Since when, until when.
    pub period: Period,
    /// Citation.
    pub cite: String,
    /// The imported lists, where this row stands for any party of them: `LIST`, or `LIST: PROGRAMME` for a part of one.
    pub imported: Vec<String>,
}

impl ListedParty {
    /// Whether it stands for a listing of an imported list with these programmes.
    pub fn stands_for(&self, list: &str, programmes: &[String]) -> bool {
        self.imported
            .iter()
            .any(|named| match named.split_once(':') {
                None => named == list,
                Some((own, part)) => {
                    let part = part.trim();
                    own.trim() == list && programmes.iter().any(|each| each.starts_with(part))
                }
            })
    }
}

/// A share that follows from who owns a party.
#[derive(Clone, Debug)]
pub struct OwnershipFact {
    /// The fact that it fills.
    pub fact: FactId,
    /// Lists of parties whose members count, by id.
    pub listed_in: Vec<String>,
    /// What is counted.
    pub count: ShareCount,
    /// The fact by which somebody may say, without the owners, whether the share is half or more.
    pub half_said_by: Option<FactId>,
}

/// A state or territory that is no more: nothing goes to it after its last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedState {
    /// The state.
    pub country: Country,
    /// Its last day.
    pub until: Day,
    /// Those that came after it.
    pub successors: Vec<Country>,
    /// What is to be known of its code, where there is anything.
    pub note: String,
}

/// What is counted of the shares of listed owners. A share held through a firm counts where the firm is itself owned to half or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareCount {
    /// All of them, added up.
    Sum,
    /// The largest that one owner holds.
    Largest,
    /// What listed owners hold that somebody has stated; nothing where nobody stated an owner or a sum.
    Stated,
    /// Whether there is a listed owner whose share nobody knows.
    Unknown,
}

/// What another fact says of a fact that nobody stated.
#[derive(Clone, Debug)]
pub struct FollowingFact {
    /// The fact, one of yes or no.
    pub fact: FactId,
    /// What holds then.
    pub value: bool,
    /// From what it follows.
    pub ground: Ground,
}

/// From what a fact follows.
#[derive(Clone, Debug)]
pub enum Ground {
    /// The other fact has one of these values, in order; of a fact that holds several, any of them.
    Among(FactId, Vec<u32>),
    /// Any figure of the other fact is stated, or a yes.
    Stated(FactId),
    /// The other figure is surely below this one.
    Below(FactId, Number),
    /// The other figure is surely this one or more.
    AtLeast(FactId, Number),
    /// The exporter claims a number of this list that begins in one of these ways, `#` for a row of digits; empty: any number. `none`
    /// stands for the claim that no number of the list is the item's.
    Claimed {
        /// The place of the list.
        list: usize,
        /// The beginnings.
        codes: Vec<String>,
    },
}

impl Ground {
    /// The other fact, where it is one.
    #[must_use]
    pub fn fact(&self) -> Option<FactId> {
        match self {
            Ground::Among(from, _)
            | Ground::Stated(from)
            | Ground::Below(from, _)
            | Ground::AtLeast(from, _) => Some(*from),
            Ground::Claimed { .. } => None,
        }
    }

    /// Whether what is known says so.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Ground::Among(from, among) => {
                let within = |place: &u32| among.binary_search(place).is_ok();
                match facts.get(*from) {
                    Some(Value::One(place)) => within(place),
                    Some(Value::OneOf(places)) => !places.is_empty() && places.iter().all(within),
                    Some(Value::Set { sure, .. }) => sure.iter().any(within),
                    _ => false,
                }
            }
            Ground::Stated(from) => matches!(
                facts.get(*from),
                Some(Value::Between(..) | Value::YesNo(true))
            ),
            Ground::Below(from, limit) => match facts.get(*from) {
                Some(Value::Between(_, high)) => high < limit,
                Some(Value::Spans(spans)) => spans.iter().all(|(_, high)| high < limit),
                _ => false,
            },
            Ground::AtLeast(from, limit) => match facts.get(*from) {
                Some(Value::Between(low, _)) => low >= limit,
                Some(Value::Spans(spans)) => spans.iter().all(|(low, _)| low >= limit),
                _ => false,
            },
            Ground::Claimed { list, codes } => {
                // Who says that an item is on no list says so of each list for which nothing else is claimed.
                let own = facts.claims.iter().any(|claim| claim.list == Some(*list));
                let told = own.then_some(*list);
                let mut claims = facts.claims.iter().filter(|claim| claim.list == told);
                claims.any(|claim| match &claim.code {
                    Some(code) => codes.is_empty() || codes.iter().any(|shape| begins(code, shape)),
                    None => codes.iter().any(|shape| shape == "none"),
                })
            }
        }
    }
}

/// The packs' whole content, resolved.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// Every word.
    pub vocabulary: Vocabulary,
    /// Every file.
    pub sources: Vec<Source>,
    /// Every instrument, by id.
    pub instruments: Vec<Instrument>,
    /// Every provision, in the order of instruments and files.
    pub provisions: Vec<Provision>,
    /// Every control list.
    pub lists: Vec<ControlList>,
    /// Country sets and party lists.
    pub sets: Vec<DatedSet>,
    /// Every listed party.
    pub parties: Vec<ListedParty>,
    /// When each jurisdiction reaches a transfer.
    pub nexus: Vec<NexusRule>,
    /// SHA-256 over all files, in order of their paths.
    pub digest: String,
    /// The newest day on which something was entered.
    pub newest_recorded: Option<Day>,
    /// The oldest such day.
    pub oldest_recorded: Option<Day>,
    /// Warnings of the load.
    pub warnings: Vec<Diagnostic>,
    /// Shares that follow from who owns a party.
    pub ownership: Vec<OwnershipFact>,
    /// States that are no more.
    pub ended_states: Vec<EndedState>,
    /// Facts that follow from others where nobody states them, in the order of the vocabulary.
    pub follows: Vec<FollowingFact>,
    /// Figures that the value of the line fills, each with its currency.
    pub line_values: Vec<(FactId, String)>,
    /// Laws on suppliers, apart from the law on transfers.
    pub sanctions: Vec<Sanction>,
    /// Facts of those laws that count as no when nobody states them.
    pub unstated_no: Vec<FactId>,
    /// Undertakings, and the acts that bear on them.
    pub record: Record,
    /// Their worked cases.
    pub standing_cases: Vec<StandingCase>,
}

/// A provision on suppliers: who is named and sanctioned for a transfer that was made.
///
/// Its effect is a step of the scale that [`catchall_model::Sanctionable::effect`] gives, so that the same evaluator weighs it.
#[derive(Clone, Debug)]
pub struct Sanction {
    /// The rule, with its versions and cases.
    pub provision: Provision,
    /// The measures that follow, in words.
    pub measures: Vec<String>,
    /// For how many months.
    pub months: Option<u32>,
    /// The list of parties on which measures were put, by place among the sets.
    pub named_in: Option<usize>,
    /// When reports are due.
    pub report: Option<ReportCalendar>,
    /// What is owed where measures are not taken.
    pub if_not_acted: String,
}

/// The days by which a law wants reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportCalendar {
    /// To whom.
    pub to: String,
    /// Citation.
    pub cite: String,
    /// The day from which it is counted.
    pub from: Day,
    /// The first report, in days from then.
    pub first_days: u32,
    /// Then one by the end of every so many months, counted from the same day.
    pub every_months: u32,
}

impl ReportCalendar {
    /// The first day by which a report is due that falls on or after `day`.
    pub fn due_on_or_after(&self, day: Day) -> Day {
        let first = Day::from_number(self.from.number() + i64::from(self.first_days));
        if day <= first || self.every_months == 0 {
            return first;
        }
        let mut months = 0;
        loop {
            months += i32::try_from(self.every_months).unwrap_or(i32::MAX);
            let due = self.from.plus_months(months);
            if due >= day && due > first || due == Day::MAX {
                return due;
            }
        }
    }
}

/// A name as lists compare it: case, diacritics, punctuation and spaces folded.
pub fn fold_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    if name.is_ascii() {
        // The same in fewer steps, for most names there are.
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() {
                folded.push(char::from(byte.to_ascii_lowercase()));
            } else if !matches!(byte, b'\'' | b'`') && !folded.is_empty() && !folded.ends_with(' ')
            {
                folded.push(' ');
            }
        }
        if folded.ends_with(' ') {
            folded.pop();
        }
        return folded;
    }
    for c in name.chars().flat_map(char::to_lowercase) {
        // Combining marks (and the dot of a lowered capital İ) fall away; precomposed Latin letters lose their marks.
        if ('\u{300}'..='\u{36f}').contains(&c)
            || matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\'' | '’' | 'ʼ' | '`'
            )
        {
            continue;
        }
        let plain = match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
            'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => 'c',
            'ď' | 'đ' => 'd',
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
            'ğ' | 'ĝ' | 'ġ' | 'ģ' => 'g',
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
            'ł' | 'ľ' | 'ĺ' | 'ļ' => 'l',
            'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
            'ř' | 'ŕ' => 'r',
            'ś' | 'š' | 'ş' | 'ș' => 's',
            'ť' | 'ţ' | 'ț' => 't',
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
            'ý' | 'ÿ' => 'y',
            'ź' | 'ž' | 'ż' => 'z',
            'ё' => 'е',
            other => other,
        };
        if plain.is_alphanumeric() {
            folded.push(plain);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

impl Law {
    /// Leaves out the rows that stand for imported lists, but for lists that are held: what nobody has imported is on no list
    /// that could be asked.
    pub fn keep_imported(&mut self, held: &[&str]) {
        let parties = &self.parties;
        let stays = |place: u32| {
            let row = &parties[place as usize];
            let named = |named: &String| {
                let list = named.split(':').next().unwrap_or(named).trim();
                held.contains(&list)
            };
            row.imported.is_empty() || row.imported.iter().any(named)
        };
        let sets: std::collections::BTreeSet<usize> = parties.iter().map(|row| row.set).collect();
        for set in sets {
            self.sets[set].members.retain(|(place, _)| stays(*place));
        }
    }
}
