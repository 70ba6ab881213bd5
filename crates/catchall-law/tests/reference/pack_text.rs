//! Small packs at random, as text in the language of packs, so that the parser is asked too.

use catchall_law::{Law, PackFile};
use catchall_model::{Day, Places};

use super::random::Random;

/// A law made at random.
pub struct Made {
    pub law: Law,
    pub known_by: Day,
    pub files: Vec<PackFile>,
}

/// What a random law may use.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Days and disputes that the law itself leaves open.
    pub law_open: bool,
    /// Tests of one date against another.
    pub relative: bool,
    /// Facts in its conditions, at most.
    pub palette: usize,
    /// Provisions of a pack, at most.
    pub provisions: usize,
}

pub fn places() -> Places {
    let mut places = Places::default();
    for (code, name) in [
        ("CN", "China"),
        ("DE", "Germany"),
        ("IN", "India"),
        ("IR", "Iran"),
        ("RU", "Russia"),
        ("US", "United States"),
    ] {
        places.add(code, name, &[]).unwrap();
    }
    places
}

const COUNTRIES: [&str; 6] = ["CN", "DE", "IN", "IR", "RU", "US"];
const USES: [&str; 4] = ["missile", "nuclear", "chemical", "civil"];
const KINDS: [&str; 8] = [
    "rocket",
    "big-rocket",
    "huge-rocket",
    "small-rocket",
    "gyro",
    "ring-gyro",
    "steel",
    "gyro-stand",
];
const DAYS: [&str; 6] = [
    "1998-01-22",
    "1998-03-01",
    "1999-07-28",
    "1999-12-31",
    "2000-02-29",
    "2000-11-30",
];
const PERIODS: [&str; 6] = [
    "../..",
    "1998-01-22/..",
    "../1999-12-31",
    "1998-03-01/1999-07-28",
    "1999-07-29/..",
    "2000-02-29/2000-11-30",
];
const OPEN_PERIODS: [&str; 4] = [
    "1998/..",
    "[1998-01-22..1998-03-01]/1999-12-31",
    "1998-01-22/1999-12",
    "../2000-11",
];
const EFFECTS: [&str; 6] = [
    "no_licence_required",
    "covered_by_licence",
    "notify",
    "licence_required",
    "presumption_of_denial",
    "prohibited",
];

const WORDS: &str = r#"
[[words]]
name = "act"
values = ["export", "reexport", "transit"]
[[words]]
name = "form"
values = ["goods", "software", "technology"]
[[words]]
name = "use"
values = ["missile", "nuclear", "chemical", "civil"]
[[words]]
name = "party_type"
values = ["company", "military", "person"]
[[words]]
name = "authority"
values = ["us", "ru"]
[[words]]
name = "field_of_study"
values = ["physics"]
"#;

const VOCABULARY: &str = r#"
[[kind]]
path = "rocket"
[[kind]]
path = "rocket.big-rocket"
[[kind]]
path = "rocket.big-rocket.huge-rocket"
[[kind]]
path = "rocket.small-rocket"
[[kind]]
path = "gyro"
[[kind]]
path = "gyro.ring-gyro"
[[kind]]
path = "steel"
[[kind]]
path = "gyro-stand"

[[property]]
name = "length"
type = "quantity"
unit = "mm"
question = "How long is it?"
cost = 2
[[property]]
name = "drift"
type = "quantity"
unit = "deg/h"
question = "How far does it drift?"
[[property]]
name = "coated"
type = "yes_no"
question = "Is it coated?"
[[property]]
name = "grade"
type = "word"
values = ["low", "middle", "high"]
question = "Which grade?"

[[fact]]
key = "contract.listed"
type = "yes_no"
question = "Is it on the list?"
[[fact]]
key = "licence.share"
type = "quantity"
unit = ""
question = "How many?"
cost = 4
"#;

struct Writer<'a> {
    random: &'a mut Random,
    recipe: Recipe,
    palette: Vec<&'static str>,
    /// What conditions may name so far.
    sets: Vec<String>,
    parties: Vec<String>,
    /// Lists with their codes.
    lists: Vec<(String, Vec<&'static str>)>,
}

/// A condition before it is written down.
enum Tree {
    Test(String),
    Not(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    None(Vec<Tree>),
    AtLeast(usize, Vec<Tree>),
}

impl Tree {
    /// On one line, where it can stand on one.
    fn inline(&self) -> Option<String> {
        let join = |parts: &[Tree], word: &str| -> Option<String> {
            let parts: Vec<String> = parts.iter().map(Tree::inline).collect::<Option<_>>()?;
            Some(if parts.len() == 1 {
                parts[0].clone()
            } else {
                format!("({})", parts.join(word))
            })
        };
        match self {
            Tree::Test(text) => Some(text.clone()),
            Tree::Not(inner) => Some(format!("not {}", inner.inline()?)),
            Tree::All(parts) => join(parts, " and "),
            Tree::Any(parts) => join(parts, " or "),
            Tree::None(_) | Tree::AtLeast(..) => None,
        }
    }

    fn lines(&self, indent: usize, random: &mut Random, into: &mut Vec<String>) {
        if random.chance(1, 2)
            && let Some(line) = self.inline()
        {
            into.push(format!("{}{line}", " ".repeat(indent)));
            return;
        }
        let (head, parts): (String, &[Tree]) = match self {
            Tree::Test(text) => {
                into.push(format!("{}{text}", " ".repeat(indent)));
                return;
            }
            Tree::Not(inner) => {
                let from = into.len();
                inner.lines(indent, random, into);
                let line = into[from].trim_start().to_owned();
                into[from] = format!("{}not {line}", " ".repeat(indent));
                return;
            }
            Tree::All(parts) => ("all of:".to_owned(), parts),
            Tree::Any(parts) => ("any of:".to_owned(), parts),
            Tree::None(parts) => ("none of:".to_owned(), parts),
            Tree::AtLeast(needed, parts) => (format!("at least {needed} of:"), parts),
        };
        into.push(format!("{}{head}", " ".repeat(indent)));
        for part in parts {
            part.lines(indent + 2, random, into);
        }
    }
}

impl Writer<'_> {
    fn condition(&mut self, depth: usize, item: bool) -> String {
        let tree = self.tree(depth, item);
        let mut lines = Vec::new();
        tree.lines(0, self.random, &mut lines);
        if self.random.chance(1, 4) {
            // A second part in a line of its own.
            let more = self.test(item);
            lines.push(format!(
                "{} {more}",
                if self.random.chance(1, 2) {
                    "and"
                } else {
                    "or"
                }
            ));
        }
        format!("'''\n{}\n'''", lines.join("\n"))
    }

    fn tree(&mut self, depth: usize, item: bool) -> Tree {
        if depth == 0 || self.random.chance(1, 3) {
            return Tree::Test(self.test(item));
        }
        let count = 2 + self.random.below(2);
        if self.random.chance(1, 10) {
            return Tree::Not(Box::new(self.tree(depth - 1, item)));
        }
        let parts = (0..count)
            .map(|_| self.tree(depth - 1, item))
            .collect::<Vec<_>>();
        match self.random.below(8) {
            0..4 => Tree::All(parts),
            4..6 => Tree::Any(parts),
            6 => Tree::None(parts),
            _ => Tree::AtLeast(1 + self.random.below(parts.len()), parts),
        }
    }

    fn words(&mut self, among: &[&str]) -> String {
        self.random.some(among).join(", ")
    }

    fn test(&mut self, item: bool) -> String {
        let is_item = |key: &&str| key.starts_with("item.") && *key != "item.listed";
        let own: Vec<&str> = self
            .palette
            .iter()
            .copied()
            .filter(|key| !item || is_item(key))
            .collect();
        let key = if own.is_empty() {
            "item.kind"
        } else {
            self.random.pick(&own)
        };
        let not = if self.random.chance(1, 4) { "not " } else { "" };
        match key {
            "act" | "item.form" | "item.grade" | "end_user.type" => {
                let words: &[&str] = match key {
                    "act" => &["export", "reexport", "transit"],
                    "item.form" => &["goods", "software", "technology"],
                    "item.grade" => &["low", "middle", "high"],
                    _ => &["company", "military", "person"],
                };
                if self.random.chance(1, 2) {
                    format!("{key} is {not}{}", self.random.pick(words))
                } else {
                    format!("{key} is {not}one of ({})", self.words(words))
                }
            }
            "item.kind" => match self.random.below(3) {
                0 => format!("item.kind is {not}within {}", self.random.pick(&KINDS)),
                1 => format!(
                    "item.kind is {not}within any of ({})",
                    self.words(&KINDS[..5])
                ),
                _ => format!("item.kind is {not}{}", self.random.pick(&KINDS)),
            },
            "from" | "to" | "item.origin" => {
                if !self.sets.is_empty() && self.random.chance(1, 2) {
                    let set = self.random.pick(&self.sets);
                    return format!("{key} is {not}in \"{set}\"");
                }
                if self.random.chance(1, 2) {
                    format!("{key} is {not}{}", self.random.pick(&COUNTRIES))
                } else {
                    format!("{key} is {not}one of ({})", self.words(&COUNTRIES))
                }
            }
            "via" | "exporter.knows" | "end_use.uses" => {
                let words: &[&str] = if key == "via" { &COUNTRIES } else { &USES };
                if key == "via" && !self.sets.is_empty() && self.random.chance(1, 2) {
                    let set = self.random.pick(&self.sets);
                    return format!("via includes any in \"{set}\"");
                }
                match self.random.below(4) {
                    0 => format!("{key} includes {}", self.random.pick(words)),
                    1 => format!("{key} includes any of ({})", self.words(words)),
                    2 => format!("{key} includes none of ({})", self.words(words)),
                    _ => format!("{key} does not include {}", self.random.pick(words)),
                }
            }
            "exporter.informed" | "item.coated" | "contract.listed" => match self.random.below(3) {
                0 => key.to_owned(),
                1 => format!("{key} is {not}true"),
                _ => format!("{key} is no"),
            },
            "item.length" | "item.drift" | "licence.share" | "item.us_content" => {
                self.compare(key, not)
            }
            "date" | "contract.signed" | "delivery" => self.dates(key, not),
            "item.delivers" => {
                let payload = ["500 kg", "0.3 t", "1000 kg"];
                let range = ["300 km", "150000 m", "500 km"];
                let can = if not.is_empty() { "can" } else { "cannot" };
                format!(
                    "item {can} deliver at least {} to at least {}",
                    self.random.pick(&payload),
                    self.random.pick(&range)
                )
            }
            "item.listed" if !self.lists.is_empty() => {
                let (list, codes) = self.random.pick(&self.lists);
                match self.random.below(3) {
                    0 => format!("item is {not}listed in \"{list}\""),
                    1 => format!("item is {not}listed in \"{list}\" under \"T1\""),
                    _ => {
                        let code = self.random.pick(&codes);
                        let code = if self.random.chance(1, 2) {
                            code.split('.').next().unwrap()
                        } else {
                            code
                        };
                        format!("item is {not}within \"{list}/{code}\"")
                    }
                }
            }
            "parties" if !self.parties.is_empty() => {
                let list = self.random.pick(&self.parties);
                format!(
                    "{} party is listed in \"{list}\"",
                    if not.is_empty() { "any" } else { "no" }
                )
            }
            _ => "exporter.informed".to_owned(),
        }
    }

    fn compare(&mut self, key: &str, not: &str) -> String {
        let amounts: &[&str] = match key {
            "item.length" => &["12 mm", "5 cm", "0.05 m", "100 mm"],
            "item.drift" => &["0.5 deg/h", "1 deg/h"],
            "licence.share" => &["3", "10"],
            _ => &["10 %", "25 %"],
        };
        let amount = self.random.pick(amounts);
        if self.random.chance(1, 5) {
            let (low, high) = (amounts[0], amounts[amounts.len() - 1]);
            return format!("{key} is {not}between {low} and {high}");
        }
        if self.random.chance(1, 4) {
            return format!(
                "{key} {} {amount}",
                self.random.pick(&[">=", ">", "<=", "<", "="])
            );
        }
        format!(
            "{key} is {not}{} {amount}",
            self.random
                .pick(&["at least", "more than", "at most", "less than", "exactly"])
        )
    }

    fn dates(&mut self, key: &str, not: &str) -> String {
        let others: Vec<&str> = ["date", "contract.signed", "delivery"]
            .into_iter()
            .filter(|other| *other != key && self.palette.contains(other))
            .collect();
        if self.recipe.relative && !others.is_empty() && self.random.chance(1, 2) {
            let other = self.random.pick(&others);
            return match self.random.below(3) {
                0 => format!(
                    "{key} is {not}within {} days after {other}",
                    1 + self.random.below(60)
                ),
                1 => format!(
                    "{key} is {not}within {} months before {other}",
                    1 + self.random.below(6)
                ),
                _ => format!(
                    "{key} is {not}{} {other}",
                    self.random
                        .pick(&["before", "after", "on or before", "on or after"])
                ),
            };
        }
        format!(
            "{key} is {not}{} {}",
            self.random
                .pick(&["before", "after", "on or before", "on or after"]),
            self.random.pick(&DAYS)
        )
    }

    fn period(&mut self) -> &'static str {
        if self.recipe.law_open && self.random.chance(1, 4) {
            self.random.pick(&OPEN_PERIODS)
        } else {
            self.random.pick(&PERIODS)
        }
    }
}

const ALL_FACTS: [&str; 22] = [
    "act",
    "item.form",
    "item.grade",
    "end_user.type",
    "item.kind",
    "from",
    "to",
    "item.origin",
    "via",
    "exporter.knows",
    "end_use.uses",
    "exporter.informed",
    "item.coated",
    "contract.listed",
    "item.length",
    "item.drift",
    "licence.share",
    "date",
    "contract.signed",
    "item.delivers",
    "item.listed",
    "parties",
];

/// A law at random.
pub fn make(random: &mut Random, recipe: Recipe) -> Made {
    let files = texts(random, recipe);
    let known_by = Day::parse(random.pick(&["2026-11-22", "2026-11-30", "2026-12-15"])).unwrap();
    match Law::from_packs(&files, &places()) {
        Ok(law) => Made {
            law,
            known_by,
            files,
        },
        Err(problems) => {
            let texts: Vec<String> = files
                .iter()
                .map(|file| format!("==== {}\n{}", file.path, file.text))
                .collect();
            let problems: Vec<String> = problems
                .iter()
                .map(|problem| format!("{problem:?}"))
                .collect();
            panic!("{}\n{}", texts.join("\n"), problems.join("\n"))
        }
    }
}

fn texts(random: &mut Random, recipe: Recipe) -> Vec<PackFile> {
    let mut palette: Vec<&'static str> = Vec::new();
    while palette.len() < recipe.palette {
        let fact = random.pick(&ALL_FACTS);
        if !palette.contains(&fact) {
            palette.push(fact);
        }
    }
    if recipe.relative {
        palette.extend(["date", "contract.signed"]);
        palette.sort_unstable();
        palette.dedup();
    }
    let mut files = vec![
        PackFile {
            path: "vocabulary/words.toml".to_owned(),
            text: WORDS.to_owned(),
        },
        PackFile {
            path: "vocabulary/other.toml".to_owned(),
            text: VOCABULARY.to_owned(),
        },
    ];
    let mut writer = Writer {
        random,
        recipe,
        palette,
        sets: Vec::new(),
        parties: Vec::new(),
        lists: Vec::new(),
    };
    let mut sets = String::new();
    for number in 0..1 + writer.random.below(2) {
        let id = format!("aa:set{number}");
        sets.push_str(&format!("```toml set\nid = \"{id}\"\ntitle = \"a set\"\ncite = \"here\"\nconfidence = \"read\"\nmembers = [\n"));
        for country in COUNTRIES {
            for _ in 0..writer.random.below(3) {
                let period = writer.period();
                sets.push_str(&format!(
                    "  {{ in = \"{country}\", interval = \"{period}\" }},\n"
                ));
            }
        }
        sets.push_str("]\n```\n\n");
        writer.sets.push(id);
    }
    for number in 0..1 + writer.random.below(2) {
        let id = format!("aa:parties{number}");
        sets.push_str(&format!("```toml parties\nid = \"{id}\"\ntitle = \"parties\"\ncite = \"here\"\nconfidence = \"read\"\nparties = [\n"));
        for party in 0..1 + writer.random.below(2) {
            let period = writer.period();
            sets.push_str(&format!(
                "  {{ name = \"Firm {number} {party}\", interval = \"{period}\" }},\n"
            ));
        }
        sets.push_str("]\n```\n\n");
        writer.parties.push(id);
    }
    for number in 0..1 + writer.random.below(2) {
        let (id, codes, text) = list(&mut writer, number);
        files.push(PackFile {
            path: format!("aa-one/list/{number}.toml"),
            text,
        });
        writer.lists.push((id, codes));
    }
    for (jurisdiction, packs) in [("aa", ["aa-one", "aa-two"]), ("bb", ["bb-one", "bb-two"])] {
        let mut known: Vec<String> = Vec::new();
        for (place, pack) in packs.iter().enumerate() {
            if place == 1 && writer.random.chance(1, 2) {
                continue;
            }
            let dead = place == 1 && writer.random.chance(1, 4);
            let mut text = format!(
                "id = \"{pack}\"\ntitle = \"{pack}\"\njurisdiction = \"{jurisdiction}\"\nforce = \"{}\"\nedition = \"1998-01-01\"\nstatus = \"{}\"\nread = \"all\"\naddress = \"https://example.org\"\n",
                if dead && writer.random.chance(1, 2) {
                    "bill"
                } else {
                    "statute"
                },
                if dead { "never_in_force" } else { "in_force" },
            );
            if place == 0 {
                let when = if writer.random.chance(1, 3) {
                    "'always'".to_owned()
                } else {
                    writer.condition(1, false)
                };
                text.push_str(&format!("\n[[nexus]]\njurisdiction = \"{jurisdiction}\"\ncite = \"here\"\nwhen = {when}\n"));
            }
            files.push(PackFile {
                path: format!("{pack}/pack.toml"),
                text,
            });
            let mut article = if *pack == "aa-one" {
                sets.clone()
            } else {
                String::new()
            };
            for number in 0..1 + writer.random.below(recipe.provisions) {
                article.push_str(&provision(&mut writer, pack, number, &mut known));
            }
            files.push(PackFile {
                path: format!("{pack}/art.md"),
                text: article,
            });
        }
    }
    files
}

fn provision(writer: &mut Writer, pack: &str, number: usize, known: &mut Vec<String>) -> String {
    let id = format!("{pack}/p{number}");
    let mut excepts: Vec<String> = Vec::new();
    if !known.is_empty() && writer.random.chance(2, 5) {
        excepts.push(writer.random.pick(known));
        if writer.random.chance(1, 4) {
            excepts.push(writer.random.pick(known));
        }
    }
    let jurisdiction = &pack[..2];
    let group = format!("{jurisdiction}/group");
    // Only the first provision of a pack bears the label, so that no circle arises.
    let labelled = number == 0 && excepts.is_empty();
    if !labelled && known.contains(&format!("{jurisdiction}-one/p0")) && writer.random.chance(1, 6)
    {
        excepts = vec![group.clone()];
    }
    let quoted = |all: &[String]| {
        all.iter()
            .map(|each| format!("\"{each}\""))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = format!(
        "## A provision\n\nSays so.\n\n```toml provision\nid = \"{id}\"\ntitle = \"t\"\ncite = \"here\"\nconfidence = \"read\"\n"
    );
    text.push_str(&format!("effect = \"{}\"\n", writer.random.pick(&EFFECTS)));
    if labelled && known.is_empty() {
        text.push_str(&format!("group = [\"{group}\"]\n"));
    } else if excepts.iter().any(|each| *each == group) && pack.ends_with("two") && number == 0 {
        excepts.clear();
    }
    if !excepts.is_empty() {
        text.push_str(&format!("excepts = [{}]\n", quoted(&excepts)));
    }
    if writer.random.chance(1, 12) {
        text.push_str("force = \"proposal\"\n");
    }
    text.push_str(&format!("when = {}\n", writer.condition(2, false)));
    for version in 0..1 + usize::from(writer.random.chance(1, 4)) {
        let date = writer.random.pick(&["date", "date", "contract.signed"]);
        let date = if writer.palette.contains(&"contract.signed") {
            date
        } else {
            "date"
        };
        let period = writer.period();
        text.push_str(&format!(
            "\n[[version]]\nin_force = \"{period}\"\ntested_on = \"{date}\"\n"
        ));
        let recorded = if version == 0 {
            "2026-11-22"
        } else {
            "2026-11-28"
        };
        text.push_str(&format!("recorded = \"{recorded}\"\n"));
        if version == 0 && writer.random.chance(1, 6) {
            text.push_str("superseded = \"2026-12-01\"\n");
        }
        if writer.random.chance(1, 8) {
            text.push_str("suspended = [\"1999-01-01/1999-07-28\"]\n");
        }
        if version == 1 && writer.random.chance(1, 2) {
            let when = writer.condition(1, false);
            text.push_str(&format!(
                "when = {when}\neffect = \"{}\"\n",
                writer.random.pick(&EFFECTS)
            ));
        }
        if writer.recipe.law_open && writer.random.chance(1, 4) {
            let by = writer.random.some(&COUNTRIES);
            let by: Vec<String> = by.iter().map(|code| format!("\"{code}\"")).collect();
            text.push_str(&format!(
                "\n[[version.disputed]]\ninterval = \"{}\"\nby = [{}]\nreading = \"other\"\n",
                writer.random.pick(&PERIODS[1..]),
                by.join(", ")
            ));
        }
    }
    text.push_str("```\n\n");
    known.push(id);
    text
}

fn list(writer: &mut Writer, number: usize) -> (String, Vec<&'static str>, String) {
    let id = format!("aa:list{number}");
    let complete = writer.random.chance(1, 2);
    let selects = writer.random.chance(1, 4);
    let mut text = format!(
        "[list]\nid = \"{id}\"\ntitle = \"a list\"\ncite = \"here\"\ncomplete = {complete}\nselects = {selects}\naccepts = [\"l{number}\"]\n"
    );
    let all = ["1.A", "1.A.1", "1.B", "2.A.x", "2.B"];
    let mut codes: Vec<&'static str> = writer.random.some(&all);
    codes.truncate(4);
    // Somebody must bear the label that conditions ask for.
    let labelled = writer.random.below(codes.len());
    for (place, code) in codes.iter().enumerate() {
        let tags = if place == labelled || writer.random.chance(1, 3) {
            "\"T1\""
        } else {
            "\"T2\""
        };
        text.push_str(&format!("\n[[entry]]\ncode = \"{code}\"\ntitle = \"e\"\ntags = [{tags}]\nsource = \"here\"\nconfidence = \"read\"\n"));
        if writer.random.chance(7, 8) {
            // A test of the item; the second list may ask for the first.
            let held = writer.palette.iter().position(|key| *key == "item.listed");
            let ask = number == 1 && writer.random.chance(1, 5);
            let when = if ask {
                format!("'item is listed in \"{}\"'", writer.lists[0].0)
            } else {
                let when = writer.condition(1, true);
                debug_assert!(held.is_none() || !when.contains("listed in"));
                when
            };
            text.push_str(&format!("when = {when}\n"));
        }
        match writer.random.below(3) {
            0 => {}
            1 => text.push_str(&format!("in_force = \"{}\"\n", writer.period())),
            _ => text.push_str(&format!(
                "in_force = [{{ interval = \"{}\" }}, {{ interval = \"{}\" }}]\n",
                writer.period(),
                writer.period()
            )),
        }
    }
    (id, codes, text)
}
