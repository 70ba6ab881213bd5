//! Terminal: a tree of branches and rows, drawn with lines, wrapped at a width, aligned at stops.
//!
//! Knows nothing of determinations. Colour is an addition: with it off, not one escape is written.

use crate::explain::measure;

/// The least width that is worth drawing for; a narrower terminal gets lines of this width.
const LEAST: usize = 32;

/// How a piece of text stands out, where there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Quiet,
    Go,
    Need,
    Stop,
    Refer,
    Unknown,
}

impl Tone {
    /// The number of the terminal's own colour or face; the terminal's theme keeps it legible.
    fn code(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Strong => "1",
            Tone::Quiet => "2",
            Tone::Go => "1;32",
            Tone::Need => "1;33",
            Tone::Stop => "1;31",
            Tone::Refer => "1;35",
            Tone::Unknown => "1;36",
        }
    }
}

/// A stretch of text that begins at a stop, or two columns behind what stands before it.
#[derive(Clone, Debug)]
struct Segment {
    stop: usize,
    tone: Tone,
    text: String,
}

/// One logical line: segments at stops; what does not fit goes on under the last stop.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    segments: Vec<Segment>,
}

impl Row {
    pub(super) fn new() -> Row {
        Row::default()
    }

    /// Adds text at a stop; nothing for an empty text.
    pub(super) fn at(mut self, stop: usize, tone: Tone, text: &str) -> Row {
        if !text.trim().is_empty() {
            self.segments.push(Segment {
                stop,
                tone,
                text: text.to_owned(),
            });
        }
        self
    }

    /// Adds text behind what stands there.
    pub(super) fn then(self, tone: Tone, text: &str) -> Row {
        self.at(0, tone, text)
    }
}

/// A branch of the tree: a head, rows beneath it, and further branches.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) head: Row,
    pub(super) rows: Vec<Row>,
    pub(super) kids: Vec<Node>,
}

impl Node {
    pub(super) fn new(head: Row) -> Node {
        Node {
            head,
            ..Node::default()
        }
    }
}

/// What is drawn so far.
pub(super) struct Sheet {
    width: usize,
    colour: bool,
    out: String,
}

impl Sheet {
    pub(super) fn new(width: usize, colour: bool) -> Sheet {
        Sheet {
            width: width.max(LEAST),
            colour,
            out: String::new(),
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self, lead: &str) {
        self.out.push_str(lead.trim_end());
        self.out.push('\n');
    }

    /// Draws branches; with `airy`, a line of room before each.
    pub(super) fn branches(&mut self, nodes: &[Node], lead: &str, airy: bool) {
        for (place, node) in nodes.iter().enumerate() {
            let last = place + 1 == nodes.len();
            if airy {
                self.blank(&format!("{lead}│"));
            }
            let (first, rest) = if last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let below = format!("{lead}{rest}");
            let stem = if node.kids.is_empty() { "" } else { "│  " };
            self.row(
                &node.head,
                &format!("{lead}{first}"),
                &format!("{below}{stem}"),
            );
            for row in &node.rows {
                self.row(row, &format!("{below}{stem}"), &format!("{below}{stem}"));
            }
            self.branches(&node.kids, &below, false);
        }
    }

    /// Draws one row, wrapped, behind its leads.
    pub(super) fn row(&mut self, row: &Row, first: &str, rest: &str) {
        let room = self
            .width
            .saturating_sub(measure::columns(first).max(measure::columns(rest)))
            .max(8);
        let mut line = Line::new(first, self.colour);
        // What goes on, goes on under the last stop that leaves half the line.
        let hang = row
            .segments
            .iter()
            .map(|segment| segment.stop)
            .filter(|stop| *stop * 2 <= room)
            .max()
            .unwrap_or(0);
        for segment in &row.segments {
            let begins = if line.column == 0 || segment.stop > line.column {
                segment.stop
            } else {
                line.column + 2
            };
            let mut begins = begins.min(room);
            // A column's text that a line of its own would hold whole is not torn.
            let whole = measure::columns(&segment.text);
            if segment.stop > 0 && line.column > 0 && begins + whole > room && whole <= room - hang
            {
                self.out.push_str(&line.close());
                line = Line::new(rest, self.colour);
                begins = hang;
            }
            for (turned, stretch) in measure::stretches(&segment.text) {
                for word in stretch.split(' ').filter(|word| !word.is_empty()) {
                    let wide = measure::columns(word);
                    if begins + wide > room
                        && line.column > 0
                        && (wide <= room - hang || begins + 4 > room)
                    {
                        self.out.push_str(&line.close());
                        line = Line::new(rest, self.colour);
                        begins = hang;
                    }
                    let mut left = word;
                    while begins + measure::columns(left) > room {
                        let cut = cut_at(left, room.saturating_sub(begins).max(1));
                        let (head, tail) = left.split_at(cut);
                        line.put(begins, segment.tone, turned, head);
                        self.out.push_str(&line.close());
                        line = Line::new(rest, self.colour);
                        begins = hang;
                        left = tail;
                    }
                    line.put(begins, segment.tone, turned, left);
                    begins = line.column + 1;
                }
            }
            line.end_turned();
        }
        self.out.push_str(&line.close());
    }
}

/// The byte at which a word is cut to fit `room` columns: behind a joint where there is one, at least one character.
fn cut_at(word: &str, room: usize) -> usize {
    let (mut used, mut hard, mut soft) = (0, 0, 0);
    for (place, each) in word.char_indices() {
        used += measure::columns_of(each);
        if used > room && hard > 0 {
            break;
        }
        hard = place + each.len_utf8();
        if matches!(each, '/' | '-' | '_' | '.' | ',' | '=' | '&' | '?') {
            soft = hard;
        }
    }
    if soft * 2 > hard { soft } else { hard }
}

/// A line being written.
struct Line {
    out: String,
    column: usize,
    colour: bool,
    tone: Tone,
    turned: bool,
}

impl Line {
    fn new(lead: &str, colour: bool) -> Line {
        Line {
            out: lead.to_owned(),
            column: 0,
            colour,
            tone: Tone::Plain,
            turned: false,
        }
    }

    /// Puts a piece at a column. Words from right to left are isolated, so that they turn nothing around them.
    fn put(&mut self, column: usize, tone: Tone, turned: bool, piece: &str) {
        if piece.is_empty() {
            return;
        }
        if !turned {
            self.end_turned();
        }
        if tone != self.tone {
            self.tone(Tone::Plain);
        }
        self.out
            .extend(std::iter::repeat_n(' ', column.saturating_sub(self.column)));
        self.tone(tone);
        if turned && !self.turned {
            self.out.push('\u{2068}');
            self.turned = true;
        }
        self.out.push_str(piece);
        self.column = self.column.max(column) + measure::columns(piece);
    }

    /// Ends what runs from right to left.
    fn end_turned(&mut self) {
        if self.turned {
            self.out.push('\u{2069}');
            self.turned = false;
        }
    }

    fn tone(&mut self, tone: Tone) {
        if !self.colour || tone == self.tone {
            self.tone = tone;
            return;
        }
        if self.tone != Tone::Plain {
            self.out.push_str("\u{1b}[0m");
        }
        if tone != Tone::Plain {
            self.out.push_str("\u{1b}[");
            self.out.push_str(tone.code());
            self.out.push('m');
        }
        self.tone = tone;
    }

    fn close(&mut self) -> String {
        self.end_turned();
        self.tone(Tone::Plain);
        let mut line = std::mem::take(&mut self.out);
        line.truncate(line.trim_end_matches(' ').len());
        line.push('\n');
        line
    }
}
