//! Fields: the sections and controls of the form of a transfer, each with its label and hint.
//!
//! A control writes one column of the table form. "Nobody has said" is a choice everywhere, and the first one. To add a
//! control: one row in [`SECTIONS`]; what has no row still shows under "Further facts" once it is said.

use maud::{Markup, html};

use catchall_law::Vocabulary;

use super::marks;
use super::sheet::{Control, Fault, Sheet};

/// How a column is asked.
#[derive(Clone, Copy)]
enum Ask {
    /// A line of text.
    Line,
    /// Words of somebody's own.
    Prose,
    /// A day.
    Day,
    /// A country.
    Country,
    /// Countries.
    Countries,
    /// A kind of item.
    Kind,
    /// Yes, no, not known.
    Tri,
    /// One of these: word and label.
    One(&'static [(&'static str, &'static str)]),
    /// Any of these, or none of them.
    Many(&'static [(&'static str, &'static str)]),
}

/// One control: column, label, hint, how it is asked, whether it takes the whole width.
struct Row(&'static str, &'static str, &'static str, Ask, bool);

/// One card of the form.
struct Section {
    id: &'static str,
    title: &'static str,
    says: &'static str,
    rows: &'static [Row],
    /// Seldom needed: folded while empty.
    more: (&'static str, &'static [Row]),
}

const ACTS: &[(&str, &str)] = &[
    ("export", "Export"),
    ("import", "Import"),
    ("reexport", "Re-export"),
    ("transfer_in_country", "Transfer within a country"),
    ("transit", "Transit"),
    ("brokering", "Brokering"),
    ("technical_assistance", "Technical assistance"),
    ("technology_release", "Release of technology to a person"),
    ("contract", "Signing a contract"),
    ("payment", "Payment"),
];

const FORMS: &[(&str, &str)] = &[
    ("goods", "Goods"),
    ("software", "Software"),
    ("technology", "Technology, teaching included"),
    ("service", "Service"),
    ("arms", "Arms"),
];

const USES: &[(&str, &str)] = &[
    ("missile", "missile"),
    ("nuclear", "nuclear"),
    ("chemical", "chemical weapons"),
    ("biological", "biological weapons"),
    ("military", "military"),
    ("military_intelligence", "military intelligence"),
    ("space_launch", "space launch"),
    ("repression", "repression"),
    ("cyber_surveillance", "cyber-surveillance"),
    ("advanced_chips", "advanced chips"),
    ("civil", "civil"),
];

const TYPES: &[(&str, &str)] = &[
    ("person", "Person"),
    ("company", "Company"),
    ("government", "Government"),
    ("military", "Military"),
    ("university", "University"),
    ("research_institute", "Research institute"),
    ("vessel", "Vessel"),
    ("other", "Other"),
];

const SOURCES: &[(&str, &str)] = &[
    ("exporter", "the exporter"),
    ("manufacturer", "the manufacturer"),
    ("authority", "an authority"),
];

const SECTIONS: &[Section] = &[
    Section {
        id: "s-act",
        title: "The act and the route",
        says: "Leave a field empty for “nobody has said”. Say “no” or “none” when that is the answer.",
        rows: &[
            Row("kind", "What kind of act", "", Ask::One(ACTS), false),
            Row(
                "date",
                "On which day",
                "the day of the act: the law of that day is applied",
                Ask::Day,
                false,
            ),
            Row("from", "From", "", Ask::Country, false),
            Row(
                "to",
                "To",
                "for a release: leave empty, say the nationality below",
                Ask::Country,
                false,
            ),
            Row(
                "via",
                "Through",
                "countries passed, or none",
                Ask::Countries,
                false,
            ),
        ],
        more: (
            "Other days, own key",
            &[
                Row("contract_signed", "Contract signed", "", Ask::Day, false),
                Row("licence_issued", "Licence issued", "", Ask::Day, false),
                Row("departure", "Departure", "", Ask::Day, false),
                Row("delivery", "Delivery", "", Ask::Day, false),
                Row("id", "Your own key", "an order number", Ask::Line, false),
            ],
        ),
    },
    Section {
        id: "s-item",
        title: "The item",
        says: "Figures with their units: “5.4 mm”, “at least 300 km”.",
        rows: &[
            Row("item", "In words", "as the papers have it", Ask::Line, true),
            Row("form", "Form", "", Ask::One(FORMS), false),
            Row(
                "item_kind",
                "Kind of item",
                "suggestions as you type",
                Ask::Kind,
                false,
            ),
            Row(
                "code",
                "Control list entry",
                "none when classified and on no list; empty when nobody has classified it",
                Ask::Line,
                false,
            ),
            Row("quantity", "Quantity", "22 t", Ask::Line, false),
            Row("value", "Value", "17.3 million USD", Ask::Line, false),
            Row("origin", "Made in", "", Ask::Country, false),
        ],
        more: (
            "US content, publication, tariff",
            &[
                Row(
                    "us_content",
                    "US content, by value",
                    "24 %",
                    Ask::Line,
                    false,
                ),
                Row(
                    "made_with.us_technology",
                    "Made with US technology?",
                    "",
                    Ask::Tri,
                    false,
                ),
                Row("published", "Is it published?", "", Ask::Tri, false),
                Row(
                    "fundamental_research",
                    "Fundamental research?",
                    "",
                    Ask::Tri,
                    false,
                ),
                Row(
                    "code_list",
                    "Entry of which list",
                    "us:ccl, eu:annex-i …",
                    Ask::Line,
                    false,
                ),
                Row(
                    "code_source",
                    "Who classified it",
                    "",
                    Ask::One(SOURCES),
                    false,
                ),
                Row("hs_code", "Tariff heading", "", Ask::Line, false),
            ],
        ),
    },
    Section {
        id: "s-parties",
        title: "Parties",
        says: "Every name is screened, whatever its role.",
        rows: &[
            Row("exporter", "Exporter", "", Ask::Line, false),
            Row("exporter.country", "its country", "", Ask::Country, false),
            Row("exporter.type", "what it is", "", Ask::One(TYPES), false),
            Row("consignee", "Consignee", "", Ask::Line, false),
            Row("consignee.country", "its country", "", Ask::Country, false),
            Row("consignee.type", "what it is", "", Ask::One(TYPES), false),
            Row("end_user", "End user", "", Ask::Line, false),
            Row("end_user.country", "its country", "", Ask::Country, false),
            Row("end_user.type", "what it is", "", Ask::One(TYPES), false),
        ],
        more: (
            "Buyer, broker, carrier, bank, owners",
            &[
                Row("purchaser", "Purchaser", "", Ask::Line, false),
                Row(
                    "intermediate_consignee",
                    "Intermediate consignee",
                    "",
                    Ask::Line,
                    false,
                ),
                Row("broker", "Broker", "", Ask::Line, false),
                Row("carrier", "Carrier", "", Ask::Line, false),
                Row("forwarder", "Forwarder", "", Ask::Line, false),
                Row("bank", "Bank", "", Ask::Line, false),
                Row(
                    "end_user.owners",
                    "Owners of the end user",
                    "First Holding (60 %); Second Holding (at least 25 %)",
                    Ask::Line,
                    false,
                ),
                Row(
                    "consignee.owners",
                    "Owners of the consignee",
                    "",
                    Ask::Line,
                    false,
                ),
            ],
        ),
    },
    Section {
        id: "s-use",
        title: "Use and knowledge",
        says: "What the goods are for, and what the exporter knows of it.",
        rows: &[
            Row("end_use", "End use, in their words", "", Ask::Prose, true),
            Row("uses", "Stated uses", "", Ask::Many(USES), true),
            Row(
                "informed_by_authority",
                "Has an authority written to the exporter?",
                "",
                Ask::Tri,
                false,
            ),
            Row(
                "red_flags",
                "Red flags seen",
                "none, or what was noticed",
                Ask::Line,
                false,
            ),
        ],
        more: (
            "What the exporter knows, or has grounds to suspect",
            &[
                Row("exporter_knows", "Knows of", "", Ask::Many(USES), true),
                Row(
                    "grounds_to_suspect",
                    "Has grounds to suspect",
                    "",
                    Ask::Many(USES),
                    true,
                ),
                Row("site", "Site", "", Ask::Line, false),
                Row("project", "Project or programme", "", Ask::Line, false),
            ],
        ),
    },
    Section {
        id: "s-people",
        title: "People and technology",
        says: "For teaching, visits, remote access, consulting: who receives it.",
        rows: &[
            Row("recipient", "Recipient", "", Ask::Line, false),
            Row(
                "recipient.nationalities",
                "Nationalities",
                "all of them, separated by ;",
                Ask::Countries,
                false,
            ),
            Row(
                "recipient.field_of_study",
                "Field of study",
                "",
                Ask::Line,
                false,
            ),
        ],
        more: (
            "Residence, institution, supervisor",
            &[
                Row(
                    "recipient.permanent_resident_of",
                    "Permanent resident of",
                    "countries, or none",
                    Ask::Countries,
                    false,
                ),
                Row(
                    "recipient.institution",
                    "Institution at home",
                    "",
                    Ask::Line,
                    false,
                ),
                Row("recipient.born", "Born", "", Ask::Line, false),
                Row("supervisor", "Supervisor", "", Ask::Line, false),
                Row(
                    "licence_id",
                    "Licence relied on",
                    "its number",
                    Ask::Line,
                    false,
                ),
                Row("licence_authority", "Issued by", "", Ask::Line, false),
                Row("licence_expires", "Expires", "", Ask::Day, false),
            ],
        ),
    },
];

/// Whether the form has a control for a column.
fn has(column: &str) -> bool {
    SECTIONS.iter().any(|section| {
        section
            .rows
            .iter()
            .chain(section.more.1)
            .any(|row| row.0 == column)
    })
}

/// The id of a column's control, for links to it.
pub(crate) fn id_of(column: &str) -> String {
    let tame: String = column
        .chars()
        .map(|each| {
            if each.is_ascii_alphanumeric() {
                each
            } else {
                '-'
            }
        })
        .collect();
    format!("f-{tame}")
}

/// All sections, filled from a sheet; faults stand at their fields.
pub(crate) fn sections(sheet: &Sheet, faults: &[Fault], vocabulary: &Vocabulary) -> Markup {
    html! {
        div.stack #fields data-part="fields" {
            @for section in SECTIONS {
                section.card aria-labelledby=(section.id) {
                    header { h2 id=(section.id) { (section.title) } p { (section.says) } }
                    div.fields { @for row in section.rows { (control(row, sheet, faults)) } }
                    @if !section.more.1.is_empty() {
                        @let said = section.more.1.iter().any(|row| !sheet.get(row.0).is_empty());
                        details.more open[said] {
                            summary { (section.more.0) }
                            div.fields { @for row in section.more.1 { (control(row, sheet, faults)) } }
                        }
                    }
                }
            }
            (further(sheet, faults, vocabulary))
        }
    }
}

/// What was said and has no control of its own, and room for one more.
fn further(sheet: &Sheet, faults: &[Fault], vocabulary: &Vocabulary) -> Markup {
    html! {
        section.card aria-labelledby="s-more" {
            header { h2 #s-more { "Further facts" } p { "Figures of the item and whatever else a provision asks; answers to questions land here." } }
            div.fields {
                @for (column, value) in sheet.columns().filter(|(column, _)| !has(column)) {
                    @let fact = column.strip_prefix("fact.").unwrap_or(column);
                    @let asked = asked(vocabulary, column);
                    @let fault = faults.iter().find(|fault| fault.column == column);
                    div class=(if fault.is_some() { "field err" } else { "field" }) {
                        label for=(id_of(column)) { @if asked.is_empty() { code { (fact) } } @else { (asked) } }
                        input id=(id_of(column)) name=(column) value=(value) dir="auto" autocomplete="off" aria-invalid=[fault.map(|_| "true")];
                        span.hint { code { (column) } }
                        @if let Some(fault) = fault { (complaint(fault)) }
                    }
                }
                div.field {
                    label for="new-key" { "One more fact" }
                    input #new-key name="new.key" autocomplete="off" placeholder="property.range";
                    span.hint { "its name; " a href="/law/words" { "all names" } }
                }
                div.field {
                    label for="new-value" { "is" }
                    input #new-value name="new.value" autocomplete="off" placeholder="320 km";
                }
            }
        }
    }
}

/// The question behind a column, where the vocabulary has one.
fn asked(vocabulary: &Vocabulary, column: &str) -> String {
    let key = match column.split_once('.') {
        Some(("property", name)) => format!("item.{name}"),
        Some(("fact", key)) => key.to_owned(),
        _ => return String::new(),
    };
    let fact = vocabulary.fact(&key).map(|fact| vocabulary.get(fact));
    fact.map_or_else(String::new, |fact| fact.question.clone())
}

fn complaint(fault: &Fault) -> Markup {
    html! {
        span.msg {
            (marks::said(&fault.problem)) @if !fault.cure.is_empty() { ": " (marks::said(&fault.cure)) } "."
        }
    }
}

fn control(row: &Row, sheet: &Sheet, faults: &[Fault]) -> Markup {
    let Row(column, label, hint, ask, wide) = row;
    let fault = faults.iter().find(|fault| fault.column == *column);
    let class = format!(
        "field{}{}",
        if *wide { " span-2" } else { "" },
        if fault.is_some() { " err" } else { "" }
    );
    let tail = html! {
        @if !hint.is_empty() { span.hint id={ (id_of(column)) "-h" } { (hint) } }
        @if let Some(fault) = fault { (complaint(fault)) }
    };
    let input = Input {
        id: &id_of(column),
        name: column,
        form: None,
    };
    match ask {
        Ask::Tri => {
            html! { fieldset class=(class) { legend { (label) } (tri(&input, sheet)) (tail) } }
        }
        Ask::Many(words) => html! {
            fieldset class=(class) { legend { (label) } (many(&input, words.iter().copied(), sheet)) (tail) }
        },
        Ask::One(words) => html! {
            div class=(class) { label for=(input.id) { (label) } (one(&input, words.iter().copied(), sheet)) (tail) }
        },
        Ask::Prose => html! {
            div class=(class) {
                label for=(input.id) { (label) }
                textarea id=(input.id) name=(column) dir="auto" { (sheet.get(column)) }
                (tail)
            }
        },
        Ask::Line | Ask::Day | Ask::Country | Ask::Countries | Ask::Kind => {
            let list = match ask {
                Ask::Country | Ask::Countries => Some("countries"),
                Ask::Kind => Some("kinds"),
                _ => None,
            };
            let placeholder = matches!(ask, Ask::Day).then_some("1998-03-25");
            html! {
                div class=(class) {
                    label for=(input.id) { (label) }
                    input id=(input.id) name=(column) value=(sheet.get(column)) list=[list] placeholder=[placeholder] dir="auto" autocomplete="off"
                        aria-invalid=[fault.map(|_| "true")] aria-describedby=[(!hint.is_empty()).then(|| format!("{}-h", input.id))];
                    (tail)
                }
            }
        }
    }
}

/// Where a control writes to.
struct Input<'a> {
    id: &'a str,
    name: &'a str,
    /// The form, where the control stands outside it.
    form: Option<&'a str>,
}

/// Yes, no, not known; "not known" is a choice, and the default.
fn tri(input: &Input<'_>, sheet: &Sheet) -> Markup {
    let now = sheet.get(input.name).to_lowercase();
    let yes = ["yes", "y", "true"].contains(&now.as_str());
    let no = ["no", "n", "false"].contains(&now.as_str());
    let other = !now.is_empty() && !yes && !no;
    html! {
        div.tri id=(input.id) {
            @for (value, word, class, on) in [("yes", "Yes", "", yes), ("no", "No", "", no), ("", "Not known", "nk", !yes && !no && !other)] {
                label class=[(!class.is_empty()).then_some(class)] {
                    input type="radio" name=(input.name) value=(value) form=[input.form] checked[on];
                    (word)
                }
            }
            @if other {
                label { input type="radio" name=(input.name) value=(sheet.get(input.name)) form=[input.form] checked; (sheet.get(input.name)) }
            }
        }
    }
}

fn one<'a>(
    input: &Input<'_>,
    words: impl Iterator<Item = (&'a str, &'a str)>,
    sheet: &Sheet,
) -> Markup {
    let now = sheet
        .get(input.name)
        .to_lowercase()
        .replace(['-', ' '], "_");
    let words: Vec<(&str, &str)> = words.collect();
    let known = words.iter().any(|(word, _)| *word == now);
    html! {
        select id=(input.id) name=(input.name) form=[input.form] {
            option value="" selected[now.is_empty()] { "nobody has said" }
            @for (word, label) in words { option value=(word) selected[word == now] { (label) } }
            @if !known && !now.is_empty() { option value=(sheet.get(input.name)) selected { (sheet.get(input.name)) } }
        }
    }
}

fn many<'a>(
    input: &Input<'_>,
    words: impl Iterator<Item = (&'a str, &'a str)>,
    sheet: &Sheet,
) -> Markup {
    html! {
        div.ticks id=(input.id) {
            @for (word, label) in words {
                label { input type="checkbox" name=(input.name) value=(word) form=[input.form] checked[sheet.holds(input.name, word)]; (label) }
            }
            label.none { input type="checkbox" name=(input.name) value="none" form=[input.form] checked[sheet.holds(input.name, "none")]; "none of these" }
        }
    }
}

/// The control that answers a question, beside the form that it belongs to.
pub(crate) fn answer(
    fact: &str,
    column: &str,
    question: &str,
    control: &Control,
    form: &str,
) -> Markup {
    let name = format!("answer.{column}");
    let id = format!("a-{}", id_of(column));
    let blank = Sheet::default();
    let input = Input {
        id: &id,
        name: &name,
        form: Some(form),
    };
    match control {
        Control::YesNo => html! {
            fieldset.field { legend.vh { (question) } (tri(&input, &blank)) }
        },
        Control::Many(words) => html! {
            fieldset.field { legend.vh { (question) } (many(&input, pairs(words), &blank)) }
        },
        Control::One(words) => html! {
            div.field { label.vh for=(id) { (question) } (one(&input, pairs(words), &blank)) }
        },
        Control::Text { hint, list } => html! {
            div.field {
                label.vh for=(id) { (question) }
                input id=(id) name=(name) form=(form) list=[(!list.is_empty()).then_some(list)] dir="auto" autocomplete="off" data-fact=(fact)
                    aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-h"))];
                @if !hint.is_empty() { span.hint id={ (id) "-h" } { (hint) } }
            }
        },
    }
}

fn pairs(words: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    words
        .iter()
        .map(|(word, label)| (word.as_str(), label.as_str()))
}

/// Suggestions for countries, kinds and facts; once a page.
pub(crate) fn suggestions(vocabulary: &Vocabulary) -> Markup {
    html! {
        datalist #countries { @for name in &vocabulary.country_names { option value=(name) {} } }
        datalist #kinds { @for kind in &vocabulary.kinds { option value=(kind.word) { (kind.label) } } }
    }
}
