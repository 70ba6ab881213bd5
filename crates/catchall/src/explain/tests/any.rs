//! What must hold for any document: widths, escapes, balance, and nothing that ends the program.

use serde_json::{Value, json};

use super::{DISPUTE, ROCKET, STEEL, document};
use crate::explain::{content_policy, html, measure, svg, text};

#[test]
fn lines_keep_to_the_width() {
    for sample in [STEEL, ROCKET, DISPUTE] {
        for width in [0, 32, 33, 47, 60, 80, 100, 132, 1000] {
            for line in text(&document(sample), width, false).lines() {
                let columns = measure::columns(line);
                assert!(
                    columns <= width.max(32),
                    "{columns} columns of {width}: {line}"
                );
            }
        }
    }
}

#[test]
fn colour_adds_nothing_but_escapes() {
    for sample in [STEEL, ROCKET, DISPUTE] {
        let (plain, coloured) = (
            text(&document(sample), 90, false),
            text(&document(sample), 90, true),
        );
        assert!(!plain.contains('\u{1b}'));
        let mut stripped = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            stripped.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        stripped.push_str(rest);
        assert_eq!(plain, stripped);
        assert_ne!(plain, coloured);
    }
}

/// Every text of the document replaced by something that would do harm if it were taken for markup.
fn poisoned(value: &Value, with: &str) -> Value {
    match value {
        Value::String(text) if words_of_the_contract(text) => value.clone(),
        Value::String(text) => Value::String(format!("{with}{text}")),
        Value::Array(all) => all.iter().map(|each| poisoned(each, with)).collect(),
        Value::Object(all) => all
            .iter()
            .map(|(key, each)| (key.clone(), poisoned(each, with)))
            .collect(),
        other => other.clone(),
    }
}

fn words_of_the_contract(text: &str) -> bool {
    [
        "applies",
        "does_not_apply",
        "not_known",
        "pass",
        "fail",
        "ru",
        "un",
        "eu",
        "refer",
        "prohibited",
    ]
    .contains(&text)
}

#[test]
fn no_value_becomes_markup() {
    let harm = "<script>alert(1)</script>\" onload='x' &amp; \u{0}\u{1b}[31m\u{202E}";
    for sample in [STEEL, ROCKET, DISPUTE] {
        let document = poisoned(&document(sample), harm);
        for shown in [html(&document), svg(&document)] {
            assert!(!shown.contains("<script"), "a script got through");
            assert!(!shown.contains("onload='x'"), "a quote got through");
            assert!(
                !shown.contains("href=\"&lt;script"),
                "an address that is none is followed"
            );
            assert!(shown.contains(
                "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; "
            ));
            assert!(
                !shown
                    .chars()
                    .any(|each| matches!(each, '\u{0}' | '\u{1b}' | '\u{202E}'))
            );
            balanced(&shown);
        }
        let shown = text(&document, 80, false);
        assert!(
            !shown.chars().any(|each| each != '\n' && each.is_control()),
            "a control character reaches the terminal"
        );
    }
}

#[test]
fn only_addresses_of_the_web_are_links() {
    let mut document = document(STEEL);
    document["findings"][0]["source"] = json!("javascript:alert(1)");
    assert!(!html(&document).contains("href=\"javascript"));
}

#[test]
fn names_from_right_to_left_stand_apart_on_page_and_picture() {
    let document = document(DISPUTE);
    assert!(
        html(&document)
            .contains("<b><bdi dir=\"rtl\">شرکت صنایع نمونه</bdi> (Sample Industries)</b>")
    );
    let mut renamed = document.clone();
    renamed["transfer"] = json!("محموله ۲۲ تن x");
    assert!(svg(&renamed).contains("\u{2068}محموله ۲۲ تن\u{2069} x"));
}

#[test]
fn the_page_asks_for_nothing_and_its_policy_allows_its_style() {
    let page = html(&document(STEEL));
    for word in [
        "src=",
        "url(",
        "@import",
        "<script",
        "<link",
        " style=",
        "http-equiv=\"refresh",
    ] {
        assert!(!page.contains(word), "`{word}` on the page");
    }
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(content_policy().starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(page.contains(&content_policy().replace('\'', "&#39;")));
    let headings: Vec<usize> = page
        .match_indices("<h")
        .filter_map(|(place, _)| page[place + 2..].chars().next()?.to_digit(10))
        .map(|level| level as usize)
        .collect();
    assert_eq!(headings.iter().filter(|level| **level == 1).count(), 1);
    assert!(
        headings.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "a level of headings is left out: {headings:?}"
    );
}

#[test]
fn what_is_cut_short_or_of_a_later_version_shows_what_is_there() {
    let mut documents = vec![
        json!(null),
        json!("text"),
        json!([1, 2]),
        json!({}),
        json!({ "outcome": "deferred_to_council", "jurisdictions": [{}], "findings": [{}, null, 3], "missing": [], "hits": [{}], "flags": ["x"] }),
        json!({ "outcome": 7, "summary": null, "jurisdictions": "none", "bounds": { "least": "prohibited" }, "near": [{}], "not_checked": ["all"], "would_change": {} }),
        json!({ "outcome": "refer", "flags": [{ "flag": "an odd route", "open": true }], "missing": { "essential": ["item.kind"] } }),
        json!({ "outcome": "not_screened", "schema": "catchall.determination/9", "later": { "a": [1, true, null] } }),
    ];
    // Each sample with one key taken away, or put to another type, at every place.
    for sample in [STEEL, ROCKET, DISPUTE] {
        let whole = document(sample);
        for key in whole.as_object().unwrap().keys() {
            for other in [
                json!(null),
                json!([]),
                json!({}),
                json!("x"),
                json!([{}]),
                json!(3),
            ] {
                let mut changed = whole.clone();
                changed[key] = other;
                documents.push(changed);
            }
        }
        for place in [
            "/findings/0",
            "/jurisdictions/0",
            "/findings/0/because/0",
            "/missing",
        ] {
            let keys: Vec<String> = whole
                .pointer(place)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            for key in keys {
                let mut changed = whole.clone();
                changed.pointer_mut(place).unwrap()[key] = json!([{ "x": 1 }]);
                documents.push(changed);
            }
        }
    }
    for document in &documents {
        assert!(text(document, 60, true).ends_with('\n'));
        balanced(&svg(document));
        balanced(&html(document));
    }
    let later = text(&documents[7], 80, false);
    assert!(
        later.contains("catchall.determination/9; this program knows"),
        "{later}"
    );
    assert!(later.contains("a: 1; yes;"), "{later}");
    assert!(text(&documents[4], 80, false).contains("DEFERRED TO COUNCIL"));
    assert!(
        text(&documents[6], 80, false).contains("to be judged"),
        "{}",
        text(&documents[6], 80, false)
    );
    assert!(svg(&documents[6]).contains("an odd route"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for sample in [STEEL, ROCKET, DISPUTE] {
        let document = document(sample);
        assert_eq!(html(&document), html(&document));
        assert_eq!(svg(&document), svg(&document));
    }
}

#[test]
fn text_of_the_picture_stays_inside_its_boxes() {
    let mut long = document(STEEL);
    long["transfer"] = json!(
        "an-identifier-of-more-than-a-hundred-characters-without-any-room-to-break-in-it-and-then-some-more-of-the-same-kind"
    );
    long["findings"][0]["title"] = json!(
        "ein Titel mit Ausfuhrgenehmigungsverfahrensvorschriftensammlungsverzeichnis und 中文字符中文字符中文字符中文字符中文字符中文字符"
    );
    for document in [long, document(ROCKET), document(DISPUTE)] {
        let picture = svg(&document);
        let number = |part: &str, name: &str| -> f64 {
            part.split(&format!(" {name}=\""))
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .parse()
                .unwrap()
        };
        let groups = picture
            .split("<g ")
            .skip(1)
            .filter_map(|group| group.split("</g>").next());
        for group in groups.filter(|group| group.contains("<rect class=\"box")) {
            let rect = group.split("<rect ").nth(1).unwrap();
            let right = number(rect, "x") + number(rect, "width");
            let bottom = number(rect, "y") + number(rect, "height");
            for line in group
                .split("<text ")
                .skip(1)
                .filter(|line| !line.contains("t-tag") && !line.contains("t-result"))
            {
                let face = if line.contains("t-head")
                    || line.contains("t-value")
                    || line.contains("t-word")
                {
                    measure::Face::Bold
                } else {
                    measure::Face::Plain
                };
                let words = line.split('>').nth(1).unwrap().split('<').next().unwrap();
                assert!(
                    number(line, "x") + measure::units(words, 12.0, face) <= right,
                    "too wide: {words}"
                );
                assert!(number(line, "y") < bottom, "too low: {words}");
            }
        }
    }
}

/// Every tag that is opened is closed, in order.
fn balanced(markup: &str) {
    const VOID: [&str; 3] = ["meta", "br", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    // What stands in a style element is no markup.
    let (before, rest) = markup.split_once("<style>").unwrap_or((markup, "</style>"));
    let markup = format!("{before}{}", rest.split_once("</style>").unwrap().1);
    for tag in markup
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
    {
        if tag.starts_with('?') || tag.ends_with('/') {
            continue;
        }
        let name = tag.split([' ', '\n']).next().unwrap();
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed out of order");
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}
