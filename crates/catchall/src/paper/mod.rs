//! Paper: text on pages, as a PDF: headings, paragraphs, tables, page numbers, tagged for screen readers, and a file that goes along.
//!
//! Knows nothing of cases. One font is built in, which has the letters of Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic; what it
//! has not is written as code points (`script.rs`), and [`Paper::spelt`] tells that it happened. Holds no clock: same calls, same bytes.
//! `pdf.rs` writes the file.

mod font;
mod pdf;
mod script;
mod tags;

use self::font::{FILE, Font};
use self::script::Line;
use self::tags::{Leaf, Tags};
use pdf_writer::types::StructRole;

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 48.0;
/// The lowest line, above the number of the page.
const BOTTOM: f32 = 60.0;
/// Between two columns of a table.
const GAP: f32 = 8.0;
/// From one line to the next, in sizes.
const LEADING: f32 = 1.35;

/// How text stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    size: f32,
    heavy: bool,
}

/// The title of it all.
pub(crate) const TITLE: Style = Style {
    size: 16.0,
    heavy: true,
};
/// The title of a part.
pub(crate) const HEADING: Style = Style {
    size: 11.5,
    heavy: true,
};
/// What is read.
pub(crate) const TEXT: Style = Style {
    size: 9.0,
    heavy: false,
};
/// What is looked up.
pub(crate) const SMALL: Style = Style {
    size: 7.0,
    heavy: false,
};

/// A line where it stands.
struct Placed {
    line: Line,
    /// What it belongs to; none for what is read to nobody.
    leaf: Option<Leaf>,
    style: Style,
    left: f32,
    base: f32,
}

/// Pages that are being written.
pub(crate) struct Paper {
    font: Font,
    pages: Vec<Vec<Placed>>,
    tags: Tags,
    /// Titles of parts, with the page each begins on, and its height there.
    parts: Vec<(String, usize, f32)>,
    /// Where the last line stands, from the bottom.
    at: f32,
    spelt: bool,
}

/// A file that goes along.
pub(crate) struct Along<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its type.
    pub(crate) media: &'a str,
    /// What it is.
    pub(crate) about: &'a str,
    /// The file.
    pub(crate) bytes: &'a [u8],
}

impl Paper {
    /// Empty pages. None when the font that is built in is damaged, which tests exclude.
    pub(crate) fn begin() -> Option<Paper> {
        Some(Paper {
            font: Font::read(FILE)?,
            pages: vec![Vec::new()],
            tags: Tags::default(),
            parts: Vec::new(),
            at: PAGE.1 - MARGIN,
            spelt: false,
        })
    }

    /// Whether letters were written as code points, since the font has none for them.
    pub(crate) fn spelt(&self) -> bool {
        self.spelt
    }

    /// A new page, unless this one is empty.
    pub(crate) fn page(&mut self) {
        if self.pages.last().is_some_and(|page| !page.is_empty()) {
            self.pages.push(Vec::new());
            self.at = PAGE.1 - MARGIN;
        }
    }

    /// The title of it all, or of a part; a part's is found in the list that a reader shows beside the pages.
    pub(crate) fn heading(&mut self, style: Style, text: &str) {
        // Not the last line of a page.
        if self.at - style.size * LEADING * 3.0 < BOTTOM {
            self.page();
        }
        self.at -= style.size * 0.8;
        if style == HEADING {
            let page = self.pages.len().saturating_sub(1);
            self.parts.push((text.to_owned(), page, self.at));
        }
        let role = if style == HEADING {
            StructRole::H2
        } else {
            StructRole::H1
        };
        let leaf = self.tags.block(role, text);
        self.row(style, &[1.0], &[text.to_owned()], 0.0, &[leaf]);
        self.at -= style.size * 0.3;
    }

    /// A paragraph over the whole width.
    pub(crate) fn text(&mut self, style: Style, text: &str) {
        self.indented_by(style, text, 0.0);
    }

    /// A line of a tree: what stands before its first letter is how far it is moved in.
    pub(crate) fn indented(&mut self, style: Style, text: &str) {
        let inside = text.trim_start_matches(' ');
        let spaces = u8::try_from(text.len() - inside.len()).unwrap_or(u8::MAX);
        let most = (PAGE.0 - 2.0 * MARGIN) / 2.0;
        let indent = (f32::from(spaces) * style.size * 0.5).min(most);
        self.indented_by(style, inside, indent);
    }

    fn indented_by(&mut self, style: Style, text: &str, indent: f32) {
        // An empty line parts others; there is nothing to read in it.
        let leaf = (!text.is_empty()).then(|| self.tags.block(StructRole::P, text));
        self.row(style, &[1.0], &[text.to_owned()], indent, leaf.as_slice());
    }

    /// A table: how much of the width each column takes, its heads, and its rows.
    pub(crate) fn table(
        &mut self,
        columns: &[f32],
        heads: &[&str],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let heavy = Style {
            size: 8.0,
            heavy: true,
        };
        let mut page = None;
        self.tags.table();
        for row in rows {
            // Its heads again on each page.
            if page != Some(self.pages.len()) && !heads.is_empty() {
                if self.at - TEXT.size * LEADING * 3.0 < BOTTOM {
                    self.page();
                }
                let leaves = if page.is_none() {
                    self.tags.heads(&heads)
                } else {
                    Vec::new()
                };
                self.row(heavy, columns, &heads, 0.0, &leaves);
                page = Some(self.pages.len());
            }
            let leaves = self.tags.cells(&row, !heads.is_empty());
            self.row(TEXT, columns, &row, 0.0, &leaves);
            self.at -= TEXT.size * 0.25;
        }
    }

    /// Sets cells side by side; `leaves` says what each belongs to, and those that it has nothing for are read to nobody.
    fn row(
        &mut self,
        style: Style,
        columns: &[f32],
        cells: &[String],
        indent: f32,
        leaves: &[Leaf],
    ) {
        let whole = PAGE.0 - 2.0 * MARGIN - indent;
        let mut left = MARGIN + indent;
        let mut lines = Vec::new();
        for (place, (share, cell)) in columns.iter().zip(cells).enumerate() {
            let wide = whole * share;
            let room = if columns.len() > 1 { wide - GAP } else { wide };
            let (set, spelt) = script::lines(&self.font, cell, thousandths(room, style.size));
            self.spelt |= spelt;
            let leaf = leaves.get(place).copied();
            if let Some(leaf) = leaf
                && !matches!(set.as_slice(), [line] if line.letters.iter().copied().eq(cell.chars()))
            {
                self.tags.differs(leaf);
            }
            lines.push((left, room, leaf, set.into_iter()));
            left += wide;
        }
        loop {
            let next: Vec<(f32, f32, Option<Leaf>, Option<Line>)> = lines
                .iter_mut()
                .map(|(left, room, leaf, cell)| (*left, *room, *leaf, cell.next()))
                .collect();
            if next.iter().all(|(.., line)| line.is_none()) {
                return;
            }
            if self.at - style.size * LEADING < BOTTOM {
                self.page();
            }
            self.at -= style.size * LEADING;
            for (left, room, leaf, line) in next {
                let Some(line) = line else { continue };
                self.place(style, left, room, line, leaf);
            }
        }
    }

    fn place(&mut self, style: Style, left: f32, room: f32, line: Line, leaf: Option<Leaf>) {
        let wide = points(self.wide(&line), style.size);
        let left = if line.from_right {
            left + (room - wide).max(0.0)
        } else {
            left
        };
        let base = self.at;
        if let Some(page) = self.pages.last_mut() {
            page.push(Placed {
                line,
                leaf,
                style,
                left,
                base,
            });
        }
    }

    fn wide(&self, line: &Line) -> u32 {
        line.letters.iter().map(|c| self.font.width(*c)).sum()
    }

    /// The file. `foot` stands at the bottom of each page, beside its number.
    pub(crate) fn end(mut self, title: &str, foot: &str, along: &Along<'_>) -> Vec<u8> {
        let count = self.pages.len();
        let most = thousandths(PAGE.0 - 2.0 * MARGIN - 60.0, SMALL.size);
        for number in 1..=count {
            let page = format!("{number} / {count}");
            for (text, right) in [(foot, false), (page.as_str(), true)] {
                let (lines, _) = script::lines(&self.font, text, most);
                let Some(mut line) = lines.into_iter().next() else {
                    continue;
                };
                line.from_right = false;
                let wide = points(self.wide(&line), SMALL.size);
                let left = if right {
                    PAGE.0 - MARGIN - wide
                } else {
                    MARGIN
                };
                if let Some(own) = self.pages.get_mut(number - 1) {
                    own.push(Placed {
                        line,
                        leaf: None,
                        style: SMALL,
                        left,
                        base: BOTTOM - 24.0,
                    });
                }
            }
        }
        pdf::written(&self, title, along)
    }
}

/// A width in thousandths of a size.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "widths of a page are small and positive"
)]
fn thousandths(points: f32, size: f32) -> u32 {
    (points.max(1.0) / size * 1000.0) as u32
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a line is far narrower than 2^24 thousandths"
)]
fn points(thousandths: u32, size: f32) -> f32 {
    thousandths as f32 * size / 1000.0
}
