//! Svg: the tree of reasons as a picture; boxes from the transfer to the tests that decide.
//!
//! The deciding path carries a heavy line and a label, so that it is seen without colour; what nobody has said
//! stands in a broken frame. The picture never stands alone: its description tells the finding, and the page
//! and the text hold all that it leaves out.

mod cards;
mod layout;

use self::cards::Style;
use self::layout::{MARGIN, Placed, Plan, Shape, Way};
use super::markup::Markup;
use super::measure::{self, Face};
use super::reasons::Reasons;
use super::words;

/// The picture's own styles; the page holds the same.
pub(super) const STYLE: &str = include_str!("svg/picture.css");
/// The marks, as symbols to be used by name.
pub(super) const MARKS: &str = include_str!("svg/marks.svg");
/// Height of the key below the tree.
const KEY: f64 = 34.0;
/// Height of one more line of it.
const KEY_LINE: f64 = 20.0;

/// The picture as a document of its own.
pub(super) fn document(reasons: &Reasons) -> String {
    let mut made = Markup::new();
    made.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg class=\"why\" xmlns=\"http://www.w3.org/2000/svg\"");
    picture(reasons, Shape::Across, "", true, &mut made);
    made.finish()
}

/// The picture to stand in a page that holds the styles and the marks.
pub(super) fn in_page(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    made.raw("<svg class=\"why\"");
    picture(reasons, Shape::Across, "", false, &mut made);
    made
}

/// The same from top to bottom, for a page too narrow for the other.
pub(super) fn in_narrow_page(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    made.raw("<svg class=\"why narrow\"");
    picture(reasons, Shape::Down, "-n", false, &mut made);
    made
}

/// How many columns the picture has.
pub(super) fn columns(reasons: &Reasons) -> usize {
    fn depth(card: &cards::Card) -> usize {
        1 + card.kids.iter().map(depth).max().unwrap_or(0)
    }
    depth(&cards::tree(reasons))
}

/// Goes on behind the opening of the `svg` element; `suffix` keeps the ids of two pictures apart.
fn picture(reasons: &Reasons, shape: Shape, suffix: &'static str, alone: bool, made: &mut Markup) {
    let root = cards::tree(reasons);
    let plan = layout::plan(&root, shape);
    let (least, key_height) = if shape == Shape::Across {
        (460.0, KEY)
    } else {
        (0.0, KEY + KEY_LINE)
    };
    let (width, height) = (plan.width.max(least), plan.height + key_height);
    made.raw(" role=\"img\" aria-labelledby=\"why-t")
        .raw(suffix)
        .raw(" why-d")
        .raw(suffix)
        .raw("\" viewBox=\"0 0 ")
        .number(width)
        .raw(" ")
        .number(height);
    if alone {
        made.raw("\" width=\"")
            .number(width)
            .raw("\" height=\"")
            .number(height);
    }
    made.raw("\">\n<title id=\"why-t")
        .raw(suffix)
        .raw("\">")
        .letters(&title(reasons))
        .raw("</title>\n<desc id=\"why-d")
        .raw(suffix)
        .raw("\">");
    made.letters(&description(reasons)).raw("</desc>\n");
    if alone {
        made.raw("<style>\n")
            .raw(STYLE)
            .raw("</style>\n<defs>\n")
            .raw(MARKS)
            .raw("</defs>\n");
        made.raw("<rect class=\"ground\" width=\"")
            .number(width)
            .raw("\" height=\"")
            .number(height)
            .raw("\"/>\n");
    }
    draw(&plan, shape, made);
    key(reasons, plan.height, width, made);
    made.raw("</svg>\n");
}

fn draw(plan: &Plan<'_>, shape: Shape, made: &mut Markup) {
    for each in &plan.ways {
        way(each, shape, made);
    }
    for each in &plan.cards {
        card(each, made);
    }
}

/// A way turns at right angles, with its corners rounded.
fn way(way: &Way, shape: Shape, made: &mut Markup) {
    let ((x, y), bend, (to_x, to_y)) = (way.from, way.bend, way.to);
    made.raw("<path class=\"way")
        .raw(if way.path { " path" } else { "" })
        .raw("\" d=\"M")
        .number(x)
        .raw(" ")
        .number(y);
    if shape == Shape::Down {
        made.raw("V").number(to_y - 6.0).raw("q0 6 6 6");
    } else if to_y - y > 12.0 {
        made.raw("H")
            .number(bend - 6.0)
            .raw("q6 0 6 6V")
            .number(to_y - 6.0)
            .raw("q0 6 6 6");
    } else if (to_y - y).abs() > 0.5 {
        made.raw("H").number(bend).raw("V").number(to_y);
    }
    made.raw("H").number(to_x).raw("\"/>\n");
}

fn card(placed: &Placed<'_>, made: &mut Markup) {
    let card = placed.card;
    made.raw("<g class=\"").raw(card.mood.class()).raw("\">");
    if !card.bare {
        // What the box cuts short is told whole when it is pointed at.
        let whole: Vec<&str> = card
            .lines
            .iter()
            .map(|(_, text, _)| text.as_str())
            .collect();
        made.raw("<title>")
            .letters(&whole.join("; "))
            .raw("</title>");
        made.raw("<rect class=\"box")
            .raw(if card.path { " path" } else { "" })
            .raw(if card.path && !card.tag.is_empty() {
                " soft"
            } else {
                ""
            });
        made.raw(if card.broken { " broken" } else { "" })
            .raw("\" rx=\"4\" x=\"")
            .number(placed.x)
            .raw("\" y=\"")
            .number(placed.y);
        made.raw("\" width=\"")
            .number(placed.width)
            .raw("\" height=\"")
            .number(placed.height)
            .raw("\"/>");
        made.raw("<use href=\"#")
            .raw(card.mark)
            .raw("\" x=\"")
            .number(placed.x + 9.0)
            .raw("\" y=\"")
            .number(placed.y + 10.0)
            .raw("\" width=\"18\" height=\"18\"/>");
    }
    for line in &placed.lines {
        made.raw("<text class=\"")
            .raw(class(line.style))
            .raw("\" x=\"")
            .number(line.x)
            .raw("\" y=\"")
            .number(line.y)
            .raw("\">")
            .letters(&line.text)
            .raw("</text>");
    }
    if !card.result.is_empty() {
        made.raw("<text class=\"t-result\" x=\"")
            .number(placed.x + placed.width - 10.0)
            .raw("\" y=\"")
            .number(placed.y + 22.0)
            .raw("\">")
            .letters(&card.result)
            .raw("</text>");
    }
    if !card.tag.is_empty() {
        tag(placed, made);
    }
    made.raw("</g>\n");
}

/// The label that says in words what the heavy line says, on the upper edge of the box.
fn tag(placed: &Placed<'_>, made: &mut Markup) {
    let width = measure::units(placed.card.tag, 11.0, Face::Bold) + 16.0;
    let x = placed.x + placed.width - width - 8.0;
    let sure = if placed.card.path { "" } else { " sure" };
    made.raw("<rect class=\"pill")
        .raw(sure)
        .raw("\" rx=\"8\" x=\"")
        .number(x)
        .raw("\" y=\"")
        .number(placed.y - 8.0)
        .raw("\" width=\"")
        .number(width)
        .raw("\" height=\"16\"/>");
    made.raw("<text class=\"t-tag")
        .raw(sure)
        .raw("\" x=\"")
        .number(x + width / 2.0)
        .raw("\" y=\"")
        .number(placed.y + 4.0)
        .raw("\">")
        .raw(placed.card.tag)
        .raw("</text>");
}

fn class(style: Style) -> &'static str {
    match style {
        Style::Head => "t-head",
        Style::Word => "t-word",
        Style::Value => "t-value",
        Style::Plain => "t-plain",
        Style::Quiet => "t-quiet",
        Style::Fact => "t-fact",
    }
}

/// What lines and frames mean.
fn key(reasons: &Reasons, top: f64, width: f64, made: &mut Markup) {
    let (mut x, mut y) = (MARGIN, top + 12.0);
    for (class, words) in [
        ("way path", reasons.label()),
        ("way", "beside it"),
        ("box broken", "not known yet"),
    ] {
        let wide = 38.0 + measure::units(words, 12.0, Face::Plain);
        if x + wide > width {
            (x, y) = (MARGIN, y + KEY_LINE);
        }
        if class.starts_with("way") {
            made.raw("<path class=\"")
                .raw(class)
                .raw("\" d=\"M")
                .number(x)
                .raw(" ")
                .number(y)
                .raw("h30\"/>");
        } else {
            made.raw("<rect class=\"")
                .raw(class)
                .raw("\" rx=\"3\" x=\"")
                .number(x)
                .raw("\" y=\"")
                .number(y - 7.0)
                .raw("\" width=\"30\" height=\"14\"/>");
        }
        made.raw("<text class=\"t-quiet\" x=\"")
            .number(x + 38.0)
            .raw("\" y=\"")
            .number(y + 4.0)
            .raw("\">")
            .raw(words)
            .raw("</text>\n");
        x += wide + 24.0;
    }
}

fn title(reasons: &Reasons) -> String {
    let transfer = if reasons.transfer.is_empty() {
        "the transfer"
    } else {
        &reasons.transfer
    };
    format!(
        "Reasons for {transfer}: {}",
        words::outcome(&reasons.outcome).words
    )
}

/// The finding in sentences, for whoever does not see the picture.
fn description(reasons: &Reasons) -> String {
    let mut said = vec![format!(
        "{}.",
        words::capital(&words::outcome(&reasons.outcome).words)
    )];
    if !reasons.as_of.is_empty() {
        said.push(format!("By the law of {}.", words::day(&reasons.as_of)));
    }
    for branch in &reasons.branches {
        let outcome = words::outcome(&branch.outcome).words;
        let what = if branch.decides {
            format!(" ({})", reasons.label())
        } else {
            String::new()
        };
        let by: Vec<&str> = branch
            .deciding
            .iter()
            .take(3)
            .map(|finding| {
                if finding.cite.is_empty() {
                    finding.name()
                } else {
                    &finding.cite
                }
            })
            .collect();
        let by = if by.is_empty() {
            String::new()
        } else {
            format!(", by {}", by.join("; "))
        };
        said.push(format!(
            "{}: {outcome}{what}{by}.",
            words::jurisdiction(&branch.id)
        ));
        let tests = branch
            .deciding
            .iter()
            .filter(|_| branch.decides)
            .take(1)
            .flat_map(|finding| &finding.tests)
            .take(4);
        let tests: Vec<String> = tests
            .map(|test| format!("{}, {}", test.clause(), words::answer(&test.result).words))
            .collect();
        if !tests.is_empty() {
            said.push(format!("Tests: {}.", tests.join(" / ")));
        }
    }
    if reasons.flags_decide() {
        said.extend(
            reasons
                .flags
                .iter()
                .filter(|flag| flag.open)
                .take(3)
                .map(|flag| format!("Open question: {}.", flag.flag)),
        );
    }
    said.join(" ")
}
