//! Ours: the measured law as packs, and transfers as facts.

use catchall_law::{Depth, FactId, Facts, Law, PackFile, Program, Reached, Scratch, Tri, Value};
use catchall_model::{Country, Effect, Number, Places, Unit};

use crate::further::{self, Further};
use crate::transfer::Plain;

/// The measured law, compiled, with the facts that a transfer fills.
pub struct Ours {
    pub law: Law,
    pub program: Program,
    pub ids: Ids,
}

/// The facts of the measured law, its word lists and the units its transfers are stated in.
pub struct Ids {
    pub from: FactId,
    pub to: FactId,
    pub act: FactId,
    pub kind: FactId,
    pub uses: FactId,
    pub informed: FactId,
    pub range: FactId,
    pub payload: FactId,
    pub us_content: FactId,
    pub date: FactId,
    pub acts: usize,
    pub use_words: usize,
    pub km: Unit,
    pub kg: Unit,
    pub percent: Unit,
}

impl Ours {
    /// The twelve provisions and these further ones.
    pub fn new(more: &[Further]) -> Ours {
        let file = |path: &str, text: String| PackFile {
            path: path.to_owned(),
            text,
        };
        let (ru, us) = further::pack_text(more);
        let files = [
            file(
                "vocabulary/kinds.toml",
                include_str!("../law/vocabulary.toml").to_owned() + &further::kinds_text(),
            ),
            file(
                "vocabulary/words.toml",
                include_str!("../law/words.toml").to_owned(),
            ),
            file(
                "bench-ru/pack.toml",
                include_str!("../law/bench-ru.toml").to_owned(),
            ),
            file(
                "bench-ru/law.md",
                include_str!("../law/bench-ru.md").to_owned(),
            ),
            file("bench-ru/more.md", ru),
            file(
                "bench-us/pack.toml",
                include_str!("../law/bench-us.toml").to_owned(),
            ),
            file(
                "bench-us/law.md",
                include_str!("../law/bench-us.md").to_owned(),
            ),
            file("bench-us/more.md", us),
        ];
        let mut places = Places::default();
        for code in further::COUNTRIES {
            places
                .add(code, &format!("country {code}"), &[])
                .expect("codes of the program's own");
        }
        let law = match Law::from_packs(&files, &places) {
            Ok(law) => law,
            Err(problems) => {
                let shown: Vec<String> = problems
                    .iter()
                    .take(5)
                    .map(|problem| format!("{problem:?}"))
                    .collect();
                panic!("the measured law does not load:\n{}", shown.join("\n"))
            }
        };
        let program = Program::compile(
            &law,
            law.newest_recorded
                .expect("the measured law has a day of record"),
        );
        let fact = |key: &str| {
            law.vocabulary
                .fact(key)
                .expect("a fact of the measured law")
        };
        let list = |name: &str| {
            law.vocabulary
                .lists
                .iter()
                .position(|list| list.name == name)
                .expect("a word list of the measured law")
        };
        let unit = |name: &str| Unit::find(name).expect("a unit");
        let ids = Ids {
            from: fact("from"),
            to: fact("to"),
            act: fact("act"),
            kind: fact("item.kind"),
            uses: fact("end_use.uses"),
            informed: fact("exporter.informed"),
            range: fact("item.flight_range"),
            payload: fact("item.flight_payload"),
            us_content: fact("item.us_content"),
            date: fact("date"),
            acts: list("act"),
            use_words: list("use"),
            km: unit("km"),
            kg: unit("kg"),
            percent: unit("%"),
        };
        Ours { law, program, ids }
    }

    /// Fills the facts of a transfer, looking words up as the assessor does.
    pub fn fill(&self, plain: &Plain, facts: &mut Facts) {
        let (ids, vocabulary) = (&self.ids, &self.law.vocabulary);
        facts.clear();
        let country = |code: &str| {
            Country::from_code(code)
                .and_then(|country| vocabulary.country(country))
                .map(Value::One)
        };
        let figure = |amount: i64, unit: Unit| {
            unit.to_base(Number::whole(amount))
                .map(|(low, high)| Value::Between(low, high))
        };
        let mut set = |fact: FactId, value: Option<Value>| {
            if let Some(value) = value {
                facts.set(fact, value);
            }
        };
        set(ids.from, plain.from.and_then(country));
        set(ids.to, plain.to.and_then(country));
        set(
            ids.act,
            plain
                .act
                .and_then(|act| vocabulary.word(ids.acts, act))
                .map(Value::One),
        );
        set(
            ids.kind,
            plain
                .kind
                .and_then(|kind| vocabulary.kind(kind))
                .map(Value::One),
        );
        if let Some(uses) = &plain.uses {
            let mut sure: Vec<u32> = uses
                .iter()
                .filter_map(|each| vocabulary.word(ids.use_words, each))
                .collect();
            sure.sort_unstable();
            set(ids.uses, Some(Value::Set { sure, more: false }));
        }
        set(ids.informed, plain.informed.map(Value::YesNo));
        set(ids.range, plain.range.and_then(|km| figure(km, ids.km)));
        set(ids.payload, plain.payload.and_then(|kg| figure(kg, ids.kg)));
        set(
            ids.us_content,
            plain
                .us_content
                .and_then(|percent| figure(percent, ids.percent)),
        );
        set(
            ids.date,
            plain
                .date
                .map(|date| Number::from_grid(i128::from(date.day.number())))
                .map(|day| Value::Between(day, day)),
        );
    }

    pub fn facts(&self, plain: &Plain) -> Facts {
        let mut facts = Facts::default();
        self.fill(plain, &mut facts);
        facts
    }

    /// The strongest effect for sure, and the strongest that may be, completed exactly.
    pub fn exact(&self, facts: &Facts, scratch: &mut Scratch) -> (Effect, Effect) {
        let all: Vec<usize> = (0..self.program.jurisdictions().count()).collect();
        let open = self
            .program
            .open(&self.law.vocabulary, facts, &all, Depth::Essential, scratch);
        (open.least, open.most)
    }
}

/// The strongest effect for sure over all jurisdictions, and the strongest that may be.
pub fn overall(reached: &[Reached]) -> (Effect, Effect) {
    let mut sure = Effect::NoLicenceRequired;
    let mut most = Effect::NoLicenceRequired;
    for each in reached {
        if each.nexus == Tri::Yes {
            sure = sure.max(each.sure);
        }
        if each.nexus != Tri::No {
            most = most.max(each.most);
        }
    }
    (sure, most)
}
