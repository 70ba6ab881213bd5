//! Cards: what stands in each box of the picture, from the transfer to the tests that decide.
//!
//! Only what bears on the answer: the jurisdictions that decide are shown with their provisions and tests,
//! the others with their provisions. What is left out is counted; the page and the text hold it all.

use crate::explain::reasons::{Branch, Finding, Reasons, SURE, Test};
use crate::explain::words::{self, Mood};

/// The most provisions of a jurisdiction that does not decide.
const MOST_OTHER: usize = 2;
/// The most open questions.
const MOST_FLAGS: usize = 4;

/// How much of what decides is shown.
#[derive(Clone, Copy)]
struct Most {
    /// Provisions of a jurisdiction.
    provisions: usize,
    /// Tests of a provision.
    tests: usize,
}

impl Most {
    /// Less of each where much is open, so that the whole stays a picture.
    fn of(reasons: &Reasons) -> Most {
        let deciding: usize = reasons
            .branches
            .iter()
            .filter(|branch| branch.decides)
            .map(|branch| branch.deciding.len())
            .sum();
        if deciding > 5 {
            Most {
                provisions: 2,
                tests: 3,
            }
        } else {
            Most {
                provisions: 4,
                tests: 5,
            }
        }
    }
}

/// How a line of a card is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A name.
    Head,
    /// A status word, in its mood.
    Word,
    /// A value.
    Value,
    /// Plain words.
    Plain,
    /// Secondary words.
    Quiet,
    /// A fact's key.
    Fact,
}

/// A box of the picture before it has a place.
#[derive(Clone, Debug)]
pub(super) struct Card {
    /// The column, from 0.
    pub(super) column: usize,
    pub(super) mark: &'static str,
    pub(super) mood: Mood,
    /// Whether it lies on the deciding path.
    pub(super) path: bool,
    /// Whether nobody has said what it needs.
    pub(super) broken: bool,
    /// A label on the border.
    pub(super) tag: &'static str,
    /// A word at the right of the first line.
    pub(super) result: String,
    /// Texts, each with its style and the most lines it may take.
    pub(super) lines: Vec<(Style, String, usize)>,
    /// Words without a box: how much was left out.
    pub(super) bare: bool,
    pub(super) kids: Vec<Card>,
}

impl Card {
    fn new(column: usize, mark: &'static str, mood: Mood) -> Card {
        Card {
            column,
            mark,
            mood,
            path: false,
            broken: false,
            tag: "",
            result: String::new(),
            lines: Vec::new(),
            bare: false,
            kids: Vec::new(),
        }
    }

    fn line(mut self, style: Style, text: &str, most: usize) -> Card {
        if !text.is_empty() {
            self.lines.push((style, text.to_owned(), most));
        }
        self
    }

    fn more(column: usize, text: &str) -> Card {
        let mut card = Card::new(column, "", Mood::Plain).line(Style::Quiet, text, 2);
        card.bare = true;
        card
    }
}

/// The whole tree.
pub(super) fn tree(reasons: &Reasons) -> Card {
    let outcome = words::outcome(&reasons.outcome);
    let transfer = if reasons.transfer.is_empty() {
        "transfer without an id"
    } else {
        &reasons.transfer
    };
    let mut root = Card::new(0, outcome.mark, outcome.mood)
        .line(Style::Head, transfer, 3)
        .line(Style::Word, &words::capital(&outcome.words), 2);
    if !reasons.as_of.is_empty() {
        root = root.line(Style::Quiet, &format!("Law as of {}", reasons.as_of), 2);
    }
    if !reasons.known_by.is_empty() {
        root = root.line(Style::Quiet, &format!("Known by {}", reasons.known_by), 2);
    }
    root.path = reasons.flags_decide() || reasons.branches.iter().any(|branch| branch.decides);
    root.broken = reasons.outcome == "not_known";
    if reasons.flags_decide() {
        let open = reasons
            .flags
            .iter()
            .filter(|flag| flag.open)
            .take(MOST_FLAGS);
        root.kids.extend(open.map(|flag| {
            let mut card = Card::new(1, "i-bang", Mood::Refer)
                .line(Style::Head, "Open question", 1)
                .line(Style::Plain, &flag.flag, 4);
            card.path = true;
            card.tag = reasons.label();
            card
        }));
    }
    let most = Most::of(reasons);
    root.kids.extend(
        reasons
            .branches
            .iter()
            .map(|branch| jurisdiction(reasons, branch, most)),
    );
    root
}

fn jurisdiction(reasons: &Reasons, branch: &Branch, most: Most) -> Card {
    let outcome = words::outcome(&branch.outcome);
    let mut card = Card::new(1, outcome.mark, outcome.mood)
        .line(Style::Head, &words::jurisdiction(&branch.id), 2)
        .line(Style::Word, &words::capital(&outcome.words), 2)
        .line(
            Style::Quiet,
            &words::capital(&words::force(&branch.force)),
            1,
        );
    let reach = match (branch.nexus.as_str(), branch.nexus_tests.first()) {
        ("not_known", _) => "Whether it reaches is not known".to_owned(),
        (_, Some(test)) => format!("Reached: {} is {}", test.fact, test.value),
        _ => String::new(),
    };
    card = card.line(Style::Quiet, &reach, 3);
    for (held_by, outcome) in branch.readings.iter().take(3) {
        card = card.line(
            Style::Plain,
            &format!(
                "{}: {held_by}",
                words::capital(&words::outcome(outcome).words)
            ),
            7,
        );
    }
    card.path = branch.decides;
    card.broken = branch.outcome == "not_known";
    card.tag = match (branch.decides, branch.sure) {
        (true, _) => reasons.label(),
        (_, true) => SURE,
        _ => "",
    };
    let shown_at_most = if branch.decides {
        most.provisions
    } else {
        MOST_OTHER
    };
    let mut shown: Vec<&Finding> = branch.deciding.iter().collect();
    if shown.is_empty() {
        shown.extend(
            branch
                .applying
                .iter()
                .chain(&branch.open)
                .chain(&branch.lifted),
        );
    }
    card.kids.extend(
        shown
            .iter()
            .take(shown_at_most)
            .map(|finding| provision(reasons, branch, finding, most)),
    );
    for id in &branch.absent {
        let mut absent = Card::new(2, "i-law", Mood::Plain)
            .line(Style::Fact, id, 2)
            .line(Style::Quiet, "No finding of it in this document", 2);
        absent.path = branch.decides;
        card.kids.push(absent);
    }
    if shown.len() > shown_at_most {
        card.kids.push(Card::more(
            2,
            &format!(
                "and {}",
                words::count(
                    shown.len() - shown_at_most,
                    "more provision",
                    "more provisions"
                )
            ),
        ));
    }
    if card.kids.is_empty() {
        card = card.line(Style::Quiet, "No provision applies", 2);
    }
    card
}

fn provision(reasons: &Reasons, branch: &Branch, finding: &Finding, most: Most) -> Card {
    let listed = branch
        .deciding
        .iter()
        .any(|each| std::ptr::eq(each, finding));
    let label = if listed {
        reasons.label_of(branch, finding)
    } else {
        ""
    };
    let decides = !label.is_empty() && label != SURE;
    let verdict = words::verdict(&finding.verdict);
    let line = if finding.line.is_empty() {
        String::new()
    } else {
        format!("Line {}: ", finding.line)
    };
    let effect = words::outcome(&finding.effect).words;
    let says = match finding.verdict.as_str() {
        "applies" => format!("Applies: {effect}"),
        "does_not_apply" => "Does not apply".to_owned(),
        _ => format!("Not known; where it applies: {effect}"),
    };
    let mut card = Card::new(2, verdict.mark, verdict.mood)
        .line(
            Style::Head,
            &format!("{line}{}", words::capital(finding.name())),
            4,
        )
        .line(Style::Value, &says, 2)
        .line(
            Style::Quiet,
            if finding.name() == finding.cite {
                ""
            } else {
                &finding.cite
            },
            3,
        );
    let lifted = finding
        .exceptions
        .iter()
        .find(|exception| exception.verdict == "applies");
    if let Some(exception) = lifted {
        card = card.line(Style::Plain, &format!("Lifted by {}", exception.cite), 3);
    }
    card.path = decides;
    card.broken = finding.verdict == "not_known";
    card.tag = label;
    if !decides {
        return card;
    }
    card.kids.extend(
        finding
            .tests
            .iter()
            .take(most.tests)
            .map(|each| test(each, decides)),
    );
    if finding.tests.len() > most.tests {
        let more = words::count(finding.tests.len() - most.tests, "more test", "more tests");
        card.kids.push(Card::more(3, &format!("and {more}")));
    }
    card
}

fn test(test: &Test, path: bool) -> Card {
    let answer = words::answer(&test.result);
    let value = if test.value.is_empty() {
        "not stated"
    } else {
        &test.value
    };
    let mut card = Card::new(3, answer.mark, answer.mood)
        .line(Style::Fact, &test.fact, 2)
        .line(
            Style::Value,
            if test.result == "not_known" && test.value == "not known" {
                ""
            } else {
                value
            },
            2,
        )
        .line(Style::Plain, &test.asks, 3)
        .line(Style::Quiet, &test.entry, 2)
        .line(Style::Quiet, &test.evidence, 2);
    card.result = answer.words.to_uppercase();
    card.path = path;
    card.broken = answer.mood == Mood::Unknown;
    card
}
