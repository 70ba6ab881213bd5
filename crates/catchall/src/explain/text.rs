//! Text: the tree of reasons for a terminal.
//!
//! The answer and its sentence stand first; then one branch a jurisdiction, strictest first; then what nearly
//! applied, what is missing, and what the answer rests on. Deciding provisions are told in full, others in a
//! few lines; what is cut is counted and named. Words carry the meaning, colour only repeats it.

mod terminal;

use self::terminal::{Node, Row, Sheet, Tone};
use super::measure;
use super::reasons::{Branch, Exception, Finding, Question, Reasons, SURE, Test};
use super::words::{self, Mood};

/// Where values stand behind their labels.
const LABEL: usize = 13;
/// Where the tests of a provision begin.
const TESTS: usize = 2;
/// The widest a column of tests grows; what is longer pushes the next aside.
const FACT: usize = 28;
const VALUE: usize = 24;
/// The most tests of one provision in full; more are counted, and their list entries named.
const MOST_TESTS: usize = 18;
/// The most provisions of one jurisdiction in full; those behind them in a few lines each.
const MOST_IN_FULL: usize = 5;
/// The most questions in full; the others by their facts.
const MOST_QUESTIONS: usize = 6;

/// Draws it all.
pub(super) fn text(reasons: &Reasons, width: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(width, colour);
    header(reasons, &mut sheet);
    let mut nodes: Vec<Node> = reasons.branches.iter().map(|branch| jurisdiction(reasons, branch)).collect();
    let sections = [
        elsewhere(reasons),
        nearly(reasons),
        missing(reasons),
        hits(reasons),
        flags(reasons),
        near(reasons),
        would_change(reasons),
        not_checked(reasons),
        basis(reasons),
        section("also in the document", pairs(&reasons.further)),
    ];
    nodes.extend(sections.into_iter().flatten());
    sheet.branches(&nodes, "", true);
    sheet.finish()
}

fn header(reasons: &Reasons, sheet: &mut Sheet) {
    let outcome = words::outcome(&reasons.outcome);
    let transfer = if reasons.transfer.is_empty() { "transfer without an id" } else { &reasons.transfer };
    sheet.row(&Row::new().then(tone(outcome.mood), &outcome.words.to_uppercase()).then(Tone::Strong, transfer), "", "");
    sheet.row(&Row::new().then(Tone::Plain, &reasons.summary), "", "");
    sheet.blank("");
    let as_of = if reasons.as_of.is_empty() { "the transfer's own date, which is not known" } else { &reasons.as_of };
    let mut rows = vec![labelled("law as of", as_of)];
    rows.push(labelled("known by", if reasons.known_by.is_empty() { "not stated" } else { &reasons.known_by }));
    let bounds = reasons.bounds_words();
    if !bounds.is_empty() {
        rows.push(labelled("the answer", &bounds));
    }
    if reasons.other_schema() {
        rows.push(labelled("schema", &format!("{}; this program knows {}", reasons.schema, catchall_model::SCHEMA)));
    }
    for row in &rows {
        sheet.row(row, "", "");
    }
}

fn jurisdiction(reasons: &Reasons, branch: &Branch) -> Node {
    let outcome = words::outcome(&branch.outcome);
    let mut head = Row::new()
        .then(Tone::Strong, &words::jurisdiction(&branch.id))
        .then(tone(outcome.mood), &outcome.words.to_uppercase());
    if branch.decides {
        head = head.then(Tone::Strong, &format!("({})", reasons.label()));
    } else if branch.sure {
        head = head.then(Tone::Strong, &format!("({SURE})"));
    }
    let mut node = Node::new(head);
    if branch.least != branch.most {
        let bounds = format!("at best {}, at worst {}", words::outcome(&branch.least).words, words::outcome(&branch.most).words);
        node.rows.push(labelled("range", &bounds));
    }
    if !branch.force.is_empty() {
        node.rows.push(labelled("force", &words::force(&branch.force)));
    }
    let reached = match (branch.nexus.as_str(), branch.nexus_tests.is_empty()) {
        ("applies", true) => "yes; it reaches every transfer like this",
        ("applies", false) => "yes:",
        ("not_known", _) => "not known:",
        ("", true) => "not stated",
        _ => "",
    };
    node.rows.push(labelled("reached", reached));
    node.rows.extend(tests(branch.nexus_tests.iter()));
    for (held_by, outcome) in &branch.readings {
        let outcome = words::outcome(outcome);
        node.rows.push(labelled("reading", held_by).then(tone(outcome.mood), &format!("=> {}", outcome.words.to_uppercase())));
    }
    if !branch.missing.is_empty() {
        node.rows.push(labelled("turns on", &some_of(&branch.missing, 12)));
    }
    for id in &branch.absent {
        node.rows.push(labelled("decided by", &format!("{id} (no finding of it in this document)")));
    }
    node.rows.extend(pairs(&branch.further));
    let (first, others) = branch.deciding.split_at(branch.deciding.len().min(MOST_IN_FULL));
    let mut told = Vec::new();
    node.kids.extend(first.iter().map(|finding| in_full(finding, reasons.label_of(branch, finding), &mut told)));
    node.kids.extend(others.iter().map(|finding| in_short(finding, reasons.label_of(branch, finding))));
    node.kids.extend(branch.applying.iter().chain(&branch.open).chain(&branch.lifted).map(|finding| in_short(finding, "")));
    if node.kids.is_empty() && branch.absent.is_empty() {
        node.rows.push(labelled("provisions", "none applies, and none is open"));
    }
    node
}

fn provision_head(finding: &Finding, label: &str) -> Row {
    let verdict = words::verdict(&finding.verdict);
    let lifted = finding.exceptions.iter().any(|exception| exception.verdict == "applies");
    let word = if lifted { "lifted" } else { &verdict.words };
    let said = if label.is_empty() { word.to_owned() } else { format!("{word}, {label}") };
    let name = if finding.line.is_empty() { finding.name().to_owned() } else { format!("line {}: {}", finding.line, finding.name()) };
    Row::new().then(if label.is_empty() { tone(verdict.mood) } else { Tone::Strong }, &format!("[{said}]")).then(Tone::Strong, &name)
}

/// A provision with all that an explanation must cite.
///
/// Exceptions that were `told` under an earlier provision, with the same answer, are only named.
fn in_full<'a>(finding: &'a Finding, label: &str, told: &mut Vec<&'a Exception>) -> Node {
    let mut node = Node::new(provision_head(finding, label));
    let read = if finding.confidence.is_empty() { String::new() } else { format!(" ({})", finding.confidence) };
    let rows = [
        ("provision", format!("{} ({})", finding.provision, finding.nature())),
        ("citation", format!("{}{read}", finding.cite)),
        ("source", finding.source.clone()),
        ("in force", finding.dates()),
    ];
    node.rows.extend(rows.iter().filter(|(_, said)| !said.is_empty()).map(|(label, said)| labelled(label, said)));
    if !finding.tests.is_empty() {
        node.rows.push(Row::new().then(Tone::Quiet, finding.because()));
        node.rows.extend(grouped_tests(finding));
    }
    if !finding.exceptions.is_empty() {
        node.rows.push(Row::new().then(Tone::Quiet, "exceptions tried"));
        let (before, new): (Vec<&Exception>, Vec<&Exception>) = finding.exceptions.iter().partition(|each| told.contains(each));
        node.rows.extend(new.iter().flat_map(|each| exception(each)));
        told.extend(new);
        if !before.is_empty() {
            let names: Vec<String> = before.iter().map(|each| format!("{} ({})", each.provision, each.standing())).collect();
            node.rows.push(Row::new().at(TESTS, Tone::Quiet, "as above").at(LABEL, Tone::Quiet, &names.join(", ")));
        }
    }
    node.rows.extend(finding.notes.iter().map(|note| labelled("note", note)));
    node.rows.extend(pairs(&finding.further));
    node
}

/// A provision that does not decide, in a few lines.
fn in_short(finding: &Finding, label: &str) -> Node {
    let mut node = Node::new(provision_head(finding, label));
    node.rows.push(labelled("provision", &format!("{} ({})", finding.provision, finding.nature())));
    if finding.name() != finding.cite {
        node.rows.push(labelled("citation", &finding.cite));
    }
    node.rows.push(labelled("in force", &finding.dates()));
    let lifting: Vec<Row> = finding.exceptions.iter().filter(|each| each.verdict == "applies").flat_map(exception).collect();
    if lifting.is_empty() {
        node.rows.extend(grouped_tests(finding).into_iter().take(MOST_TESTS / 2));
    } else {
        node.rows.extend(lifting);
    }
    node
}

fn exception(exception: &Exception) -> Vec<Row> {
    let name = if exception.cite.is_empty() { &exception.provision } else { &exception.cite };
    let id = if exception.provision.is_empty() || exception.cite.is_empty() { String::new() } else { format!(" ({})", exception.provision) };
    let mut rows = vec![Row::new().at(TESTS, Tone::Strong, &exception.standing()).at(LABEL, Tone::Plain, &format!("{name}{id}"))];
    if let Some(test) = exception.turns_on() {
        let lead = match exception.verdict.as_str() {
            "applies" => "holds",
            "does_not_apply" => "fails on",
            _ => "open on",
        };
        let more = exception.tests.iter().filter(|each| each.result == test.result).count().saturating_sub(1);
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        rows.push(Row::new().at(LABEL, Tone::Quiet, &format!("{lead} {}{more}", test.clause())));
    }
    rows
}

/// Tests by list entry, as many as can be read; the rest is counted and its entries named.
fn grouped_tests(finding: &Finding) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut shown, mut hidden, mut entries) = (0, 0, Vec::new());
    for (entry, group) in finding.groups() {
        if shown > 0 && shown + group.len() > MOST_TESTS {
            hidden += group.len();
            if !entry.is_empty() && !entries.contains(&entry) {
                entries.push(entry);
            }
            continue;
        }
        shown += group.len();
        if !entry.is_empty() {
            let title = finding.entry_title(entry).map_or(String::new(), |title| format!(": {title}"));
            rows.push(Row::new().at(TESTS, Tone::Quiet, "list entry").then(Tone::Strong, &format!("{entry}{title}")));
        }
        rows.extend(tests(group.iter()));
    }
    if hidden > 0 {
        let named = if entries.is_empty() { String::new() } else { format!(", of {}", entries.join(", ")) };
        rows.push(Row::new().at(TESTS, Tone::Quiet, &format!("and {}{named}", words::count(hidden, "more test", "more tests"))));
    }
    rows
}

/// Tests in columns: result, fact, value, what is asked, evidence.
fn tests<'a>(tests: impl Iterator<Item = &'a Test> + Clone) -> Vec<Row> {
    let widest = |of: fn(&Test) -> &str, cap: usize| {
        tests.clone().map(|test| measure::columns(of(test))).filter(|columns| *columns <= cap).max().unwrap_or(0)
    };
    let result = TESTS;
    let fact = result + "not known".len() + 2;
    let value = fact + widest(|test| &test.fact, FACT) + 2;
    let asks = value + widest(|test| &test.value, VALUE) + 2;
    let row = |test: &Test| {
        let answer = words::answer(&test.result);
        let evidence = if test.evidence.is_empty() { String::new() } else { format!("({})", test.evidence) };
        Row::new()
            .at(result, tone(answer.mood), &answer.words)
            .at(fact, Tone::Plain, &test.fact)
            .at(value, Tone::Strong, if test.value.is_empty() { "not stated" } else { &test.value })
            .at(asks, Tone::Plain, &test.asks)
            .then(Tone::Quiet, &evidence)
    };
    tests.clone().map(row).collect()
}

/// Findings that belong to no jurisdiction of the document.
fn elsewhere(reasons: &Reasons) -> Option<Node> {
    let mut node = Node::new(Row::new().then(Tone::Strong, "findings without a jurisdiction of their own"));
    let others = reasons.elsewhere.iter().filter(|finding| finding.verdict != "does_not_apply");
    node.kids = others.map(|finding| in_short(finding, "")).collect();
    (!node.kids.is_empty()).then_some(node)
}

fn nearly(reasons: &Reasons) -> Option<Node> {
    let all = reasons.nearly();
    let kids: Vec<Node> = all.chunk_by(|a, b| a.provision == b.provision && a.line == b.line).filter_map(nearly_one).collect();
    let head = format!("nearly applied, and why not ({})", kids.len());
    (!kids.is_empty()).then(|| Node { head: Row::new().then(Tone::Strong, &head), kids, ..Node::default() })
}

/// The versions of one provision that nearly applied.
fn nearly_one(versions: &[&Finding]) -> Option<Node> {
    let finding = versions.first()?;
    let line = if finding.line.is_empty() { String::new() } else { format!("line {}: ", finding.line) };
    let head = Row::new().then(Tone::Plain, &words::jurisdiction(&finding.jurisdiction));
    let mut node = Node::new(head.then(Tone::Plain, &format!("{line}{}", finding.name())));
    let cite = if finding.name() == finding.cite || finding.cite.is_empty() { String::new() } else { format!("; {}", finding.cite) };
    node.rows.push(Row::new().then(Tone::Quiet, &format!("{}{cite}", finding.provision)));
    for version in versions {
        node.rows.extend(grouped_tests(version).into_iter().take(MOST_TESTS / 2));
        if version.passed_over_by_date() {
            let said = format!("passed over by its dates: in force {}", words::interval(&version.interval));
            node.rows.push(Row::new().at(TESTS, Tone::Plain, &said));
        }
    }
    Some(node)
}

fn missing(reasons: &Reasons) -> Option<Node> {
    let missing = &reasons.missing;
    if missing.is_empty() {
        return None;
    }
    let short = if missing.at_least { "; at least these" } else { "" };
    let mut node = Node::new(Row::new().then(Tone::Strong, &format!("missing{short}")));
    if let Some(next) = &missing.next {
        let mut first = Node::new(Row::new().then(Tone::Unknown, "ask first:").then(Tone::Strong, &next.asked()));
        first.rows = whom(next);
        node.kids.push(first);
    }
    let (shown, by_fact) = missing.others.split_at(missing.others.len().min(MOST_QUESTIONS));
    for question in shown {
        let mut other = Node::new(Row::new().then(Tone::Plain, &question.asked()));
        other.rows = whom(question);
        node.kids.push(other);
    }
    if !by_fact.is_empty() {
        let facts: Vec<String> = by_fact.iter().map(|question| question.fact.clone()).collect();
        let head = format!("and {}:", words::count(facts.len(), "fact more", "facts more"));
        let mut more = Node::new(Row::new().then(Tone::Plain, &head));
        more.rows.push(Row::new().at(TESTS, Tone::Quiet, &facts.join(", ")));
        node.kids.push(more);
    }
    if !missing.deciding.is_empty() {
        let mut sets = Node::new(Row::new().then(Tone::Strong, "what would settle it"));
        for set in &missing.deciding {
            let given: Vec<String> = set.given.iter().map(|(fact, is)| format!("{fact} is {is}")).collect();
            let outcome = words::outcome(&set.outcome);
            let row = Row::new().at(TESTS, Tone::Quiet, "if").at(TESTS + 3, Tone::Plain, &given.join(" and "));
            sets.rows.push(row.then(Tone::Quiet, "then").then(tone(outcome.mood), &outcome.words.to_uppercase()));
        }
        node.kids.push(sets);
    }
    Some(node)
}

fn whom(question: &Question) -> Vec<Row> {
    let mut rows = vec![labelled("fact", &question.fact)];
    rows.extend([("ask", &question.ask), ("shown by", &question.evidence)].iter().filter(|(_, said)| !said.is_empty()).map(|(label, said)| labelled(label, said)));
    rows
}

fn hits(reasons: &Reasons) -> Option<Node> {
    let hits = reasons.hits.as_ref()?;
    if hits.is_empty() {
        let said = "no party met a name of the lists held; that is not a clearance";
        return section("possible matches with listed parties", vec![Row::new().then(Tone::Plain, said)]);
    }
    let mut node = Node::new(Row::new().then(Tone::Strong, "possible matches with listed parties"));
    for hit in hits {
        let mut one = Node::new(Row::new().then(Tone::Strong, &hit.party).then(Tone::Quiet, &format!("({})", words::opened(&hit.role))));
        one.rows.push(labelled("listed as", &hit.name).then(Tone::Quiet, &format!("({})", hit.basis)));
        one.rows.push(labelled("list", &hit.list));
        one.rows.push(labelled("listed", &words::interval(&hit.listed)));
        one.rows.push(labelled("citation", &hit.cite));
        one.rows.extend(pairs(&hit.further));
        node.kids.push(one);
    }
    Some(node)
}

fn flags(reasons: &Reasons) -> Option<Node> {
    let one = |flag: &super::reasons::Flag| {
        let (word, tone) = if flag.open { ("[open]", Tone::Refer) } else { ("[answered]", Tone::Plain) };
        let mut node = Node::new(Row::new().then(tone, word).then(Tone::Plain, &flag.flag));
        node.rows.push(labelled("question", &flag.question));
        node.rows.push(labelled("noticed in", &flag.evidence));
        node
    };
    let label = if reasons.flags_decide() { " (to be judged: the answer waits for these)" } else { "" };
    let kids: Vec<Node> = reasons.flags.iter().map(one).collect();
    (!kids.is_empty()).then(|| Node { head: Row::new().then(Tone::Strong, &format!("flags{label}")), kids, ..Node::default() })
}

fn near(reasons: &Reasons) -> Option<Node> {
    let rows = reasons.near.iter().map(|near| {
        let off = if near.off_by.is_empty() { String::new() } else { format!("off by {}", near.off_by) };
        labelled(&near.fact, &format!("{}, listed: {}", near.value, near.threshold)).then(Tone::Strong, &off).then(Tone::Quiet, &format!("({})", near.provision))
    });
    section("figures close to a threshold, on the permitted side", rows.collect())
}

fn would_change(reasons: &Reasons) -> Option<Node> {
    let change = reasons.would_change.as_ref()?;
    let outcome = words::outcome(&change.outcome);
    let said = format!("if {} were {} instead of {}:", change.fact, change.to, change.from);
    let by = if change.provision.is_empty() { String::new() } else { format!("({})", change.provision) };
    let row = Row::new().then(Tone::Plain, &said).then(tone(outcome.mood), &outcome.words.to_uppercase()).then(Tone::Quiet, &by);
    section("what would change it", vec![row])
}

fn not_checked(reasons: &Reasons) -> Option<Node> {
    let mut rows = Vec::new();
    for (instrument, parts) in reasons.not_checked_by_instrument() {
        rows.push(Row::new().then(Tone::Plain, instrument));
        for (part, why) in parts {
            let gap = if part.is_empty() || why.is_empty() { "" } else { ": " };
            rows.push(Row::new().at(TESTS, Tone::Quiet, "-").at(TESTS + 2, Tone::Quiet, &format!("{part}{gap}{why}")));
        }
    }
    section("not checked", rows)
}

fn basis(reasons: &Reasons) -> Option<Node> {
    let mut rows: Vec<Row> = reasons.basis.iter().map(|(what, digest)| labelled(what, &words::digest(digest))).collect();
    if !reasons.id.is_empty() {
        rows.push(labelled("this answer", &words::digest(&reasons.id)));
    }
    section("rests on", rows)
}

fn section(title: &str, rows: Vec<Row>) -> Option<Node> {
    (!rows.is_empty()).then(|| Node { head: Row::new().then(Tone::Strong, title), rows, ..Node::default() })
}

fn pairs(all: &[(String, String)]) -> Vec<Row> {
    all.iter().map(|(key, value)| labelled(&words::opened(key), value)).collect()
}

fn labelled(label: &str, said: &str) -> Row {
    Row::new().then(Tone::Quiet, label).at(LABEL, Tone::Plain, said)
}

/// The first few, and how many more.
fn some_of(all: &[String], most: usize) -> String {
    let (shown, more) = all.split_at(all.len().min(most));
    let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
    format!("{}{more}", shown.join(", "))
}

fn tone(mood: Mood) -> Tone {
    match mood {
        Mood::Go => Tone::Go,
        Mood::Need => Tone::Need,
        Mood::Stop => Tone::Stop,
        Mood::Refer => Tone::Refer,
        Mood::Unknown => Tone::Unknown,
        Mood::Plain => Tone::Plain,
    }
}
