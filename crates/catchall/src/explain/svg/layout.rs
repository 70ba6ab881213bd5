//! Layout: where each card stands, how large it is, and the ways between them.
//!
//! Across: four columns from left to right. A card stands level with its first child, so that the first way,
//! which is the strictest, runs straight; below it the others, in order. Down, for a narrow page: one card
//! below the other, each level a little further in.

use super::cards::{Card, Style};
use crate::explain::measure::{self, Face};

/// Widths of the columns: transfer, jurisdiction, provision, test.
const WIDTHS: [f64; 4] = [188.0, 198.0, 288.0, 304.0];
/// Between columns.
const GAP_ACROSS: f64 = 42.0;
/// Between cards of a column, with room for the label on a border; between tests, which have none.
const GAP_DOWN: f64 = 20.0;
const GAP_TESTS: f64 = 8.0;
/// Width of the whole when it runs down, and how far in each level stands.
const NARROW: f64 = 340.0;
const STEP: f64 = 18.0;
/// Around the whole.
pub(super) const MARGIN: f64 = 12.0;
/// Inside a card: above and below, left of the text (the mark stands there), right of it.
const PAD: f64 = 10.0;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 11.0;
/// Where ways meet a card, below its top.
const KNEE: f64 = 19.0;
/// Room for the result at the right of a test's first line.
const RESULT: f64 = 78.0;

/// A line of text with its place.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) style: Style,
    pub(super) text: String,
}

/// A card with its place.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a> {
    pub(super) card: &'a Card,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) lines: Vec<Line>,
}

/// Which way the tree grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Across,
    Down,
}

/// A way from a card to one of its children.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) from: (f64, f64),
    pub(super) to: (f64, f64),
    /// Where it turns.
    pub(super) bend: f64,
    pub(super) path: bool,
}

/// The picture with all its places.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) cards: Vec<Placed<'a>>,
    pub(super) ways: Vec<Way>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Places a tree.
pub(super) fn plan(root: &Card, shape: Shape) -> Plan<'_> {
    let mut plan = Plan::default();
    let bottom = match shape {
        Shape::Across => across(root, MARGIN, &mut plan),
        Shape::Down => down(root, MARGIN, &mut plan),
    };
    plan.width = plan
        .cards
        .iter()
        .map(|placed| placed.x + placed.width)
        .fold(0.0, f64::max)
        + MARGIN;
    plan.height = bottom + MARGIN;
    // What decides is drawn over what does not.
    plan.ways.sort_by_key(|way| way.path);
    plan
}

/// Places a card and all that follows from it from `top` on; gives the lowest edge of them.
fn across<'a>(card: &'a Card, top: f64, plan: &mut Plan<'a>) -> f64 {
    let width = WIDTHS.get(card.column).copied().unwrap_or(200.0);
    let x = MARGIN
        + WIDTHS
            .iter()
            .take(card.column)
            .map(|width| width + GAP_ACROSS)
            .sum::<f64>();
    let (lines, height) = set(card, x, top, width);
    plan.cards.push(Placed {
        card,
        x,
        y: top,
        width,
        height,
        lines,
    });
    let (mut below, mut lowest) = (top, top);
    for kid in &card.kids {
        let to_x = x + width + GAP_ACROSS;
        let knee = if kid.bare { KNEE - 8.0 } else { KNEE };
        plan.ways.push(Way {
            from: (x + width, top + KNEE),
            bend: x + width + GAP_ACROSS / 2.0,
            to: (to_x, below + knee),
            path: card.path && kid.path,
        });
        lowest = across(kid, below, plan);
        below = lowest + gap_before(kid);
    }
    (top + height).max(lowest)
}

/// The same in one column.
fn down<'a>(card: &'a Card, top: f64, plan: &mut Plan<'a>) -> f64 {
    let indent = |column: usize| STEP * f64::from(u8::try_from(column).unwrap_or(u8::MAX));
    let x = MARGIN + indent(card.column);
    let width = NARROW - MARGIN - x;
    let (lines, height) = set(card, x, top, width);
    plan.cards.push(Placed {
        card,
        x,
        y: top,
        width,
        height,
        lines,
    });
    let mut lowest = top + height;
    for kid in &card.kids {
        let below = lowest + gap_before(kid);
        let knee = if kid.bare { KNEE - 8.0 } else { KNEE };
        let bend = x + STEP / 2.0;
        plan.ways.push(Way {
            from: (bend, top + height),
            bend,
            to: (MARGIN + indent(kid.column), below + knee),
            path: card.path && kid.path,
        });
        lowest = down(kid, below, plan);
    }
    lowest
}

/// Room above a card; tests stand close, for they are told apart by their frames alone.
fn gap_before(card: &Card) -> f64 {
    if card.column + 1 == WIDTHS.len() || card.bare {
        GAP_TESTS
    } else {
        GAP_DOWN
    }
}

/// Sets the text of a card; gives its lines and its height.
fn set(card: &Card, x: f64, top: f64, width: f64) -> (Vec<Line>, f64) {
    let left = if card.bare { 6.0 } else { LEFT };
    let mut y = top + if card.bare { 2.0 } else { PAD };
    let mut lines = Vec::new();
    for (place, (style, text, most)) in card.lines.iter().enumerate() {
        let result = if place == 0 && !card.result.is_empty() {
            RESULT
        } else {
            0.0
        };
        let (size, face, leading) = measures(*style);
        for text in measure::wrap(text, width - left - RIGHT - result, size, face, *most) {
            lines.push(Line {
                x: x + left,
                y: y + size,
                style: *style,
                text,
            });
            y += leading;
        }
    }
    let least = if card.bare { 0.0 } else { 38.0 };
    (lines, (y + PAD - 2.0 - top).max(least))
}

/// Size, face and line height of a style.
fn measures(style: Style) -> (f64, Face, f64) {
    match style {
        Style::Head => (13.0, Face::Bold, 17.0),
        Style::Word => (12.5, Face::Bold, 17.0),
        Style::Value => (12.0, Face::Bold, 16.0),
        Style::Plain | Style::Quiet => (12.0, Face::Plain, 16.0),
        Style::Fact => (12.0, Face::Mono, 17.0),
    }
}
