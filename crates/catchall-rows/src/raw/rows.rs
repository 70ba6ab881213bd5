//! Where a row of delimited text begins and ends, and which cells it holds.
//!
//! Rows are found by the reader, one after the other; the cells of a row are taken apart by whoever
//! decodes it. Both follow one grammar: a cell is either written in quotes, with `""` for a quote inside,
//! or it is not, and then a quote is a character like any other (`5" pipe`). Spaces around quotes do not
//! count. A line ends at LF, CR LF or CR, whichever comes.
//!
//! A quote that is opened and never closed must not swallow the good rows behind it. When what looks
//! like one row over several lines turns out to be none, only its first line is given up, and reading
//! goes on with the second; on the lines that it would have covered, a loose quote is an error too,
//! since it may be the end of a cell whose beginning was given up. So it is in a row over several lines,
//! and in every row behind one.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

/// How the cells of a file are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Between cells.
    pub(crate) delimiter: u8,
    /// How many cells a row over several lines must have to be taken for one; 0 when that is not known.
    pub(crate) cells: usize,
    /// Whether a quote within an unquoted cell is an error.
    pub(crate) strict: bool,
}

/// What stands at the start of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A row of `length` bytes without its line end; the next begins `next` bytes on, `lines` lines below.
    Row {
        length: usize,
        next: usize,
        lines: u64,
    },
    /// A line that cannot be a row, nor the beginning of one, as was clear `seen` bytes on. The next line
    /// begins at `next`.
    Broken {
        why: Broken,
        length: usize,
        next: usize,
        seen: usize,
    },
    /// The bytes end before the row does.
    Unfinished,
    /// Nothing but the end of the file.
    End,
}

/// Why a line is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Something stands between the closing quote of this cell (from 0) and the delimiter.
    AfterQuote { cell: usize },
    /// The quote that opens this cell is never closed.
    Unclosed { cell: usize },
    /// A quote in an unquoted cell, where that cannot be trusted.
    Loose { cell: usize },
    /// The quote that opens this cell is closed on a later line, and each line up to there would be a row.
    Swallows { cell: usize },
    /// With the line breaks inside its quotes, the row has this many cells.
    Ragged { cell: usize, cells: usize },
}

/// Finds the row at the start of `bytes`. `last` says that nothing follows them.
pub(crate) fn find(bytes: &[u8], last: bool, grammar: Grammar) -> Found {
    if bytes.is_empty() {
        return if last { Found::End } else { Found::Unfinished };
    }
    // Nearly every row is one line without a quote: two searches, no look at single bytes.
    let end = line_end(bytes, last);
    let line = &bytes[..end.map_or(bytes.len(), |(length, _)| length)];
    match memchr(b'"', line) {
        None => match end {
            Some((length, next)) => Found::Row {
                length,
                next,
                lines: 1,
            },
            None => Found::Unfinished,
        },
        Some(_) => Scan::new(bytes, last, grammar).run(),
    }
}

/// Length of the first line and where the next begins; `None` when the line is not all there. A CR that
/// ends the bytes waits for the LF that may follow.
pub(crate) fn line_end(bytes: &[u8], last: bool) -> Option<(usize, usize)> {
    match memchr2(b'\n', b'\r', bytes) {
        Some(place) if bytes[place] == b'\n' => Some((place, place + 1)),
        Some(place) => match bytes.get(place + 1) {
            Some(b'\n') => Some((place, place + 2)),
            Some(_) => Some((place, place + 1)),
            None if last => Some((place, place + 1)),
            None => None,
        },
        None if last => Some((bytes.len(), bytes.len())),
        None => None,
    }
}

/// A careful walk over a row that has quotes.
struct Scan<'a> {
    bytes: &'a [u8],
    last: bool,
    grammar: Grammar,
    at: usize,
    cell: usize,
    lines: u64,
    /// The cell whose quotes hold a line break, if one does.
    broad: Option<usize>,
    /// The unquoted cell that holds a quote, if one does.
    loose: Option<usize>,
}

/// How one step of the walk went.
enum Step {
    NextCell,
    RowEnds,
    Stop(Found),
}

impl<'a> Scan<'a> {
    fn new(bytes: &'a [u8], last: bool, grammar: Grammar) -> Scan<'a> {
        Scan {
            bytes,
            last,
            grammar,
            at: 0,
            cell: 0,
            lines: 1,
            broad: None,
            loose: None,
        }
    }

    fn run(mut self) -> Found {
        loop {
            match self.cell_from_here() {
                Step::NextCell => self.cell += 1,
                Step::RowEnds => return self.row(),
                Step::Stop(found) => return found,
            }
        }
    }

    fn row(&self) -> Found {
        let cells = self.cell + 1;
        // A row over several lines is taken only when every quote in it has its place.
        if let (Some(_), Some(cell)) = (self.broad, self.loose) {
            return self.broken(Broken::Loose { cell });
        }
        if let Some(cell) = self.broad
            && self.grammar.cells > 0
            && cells != self.grammar.cells
        {
            return self.broken(Broken::Ragged { cell, cells });
        }
        if let Some(cell) = self.broad
            && self.swallows()
        {
            return self.broken(Broken::Swallows { cell });
        }
        match line_end(&self.bytes[self.at..], self.last) {
            Some((_, next)) => Found::Row {
                length: self.at,
                next: self.at + next,
                lines: self.lines,
            },
            None => Found::Unfinished,
        }
    }

    /// Whether each line of a row over several lines has as many cells as a row, quotes aside. That is what
    /// a forgotten quote looks like that a later loose one closes; transfers would be lost in its cell.
    fn swallows(&self) -> bool {
        if self.grammar.cells < 3 {
            return false;
        }
        let mut rest = self.bytes.get(..self.at).unwrap_or_default();
        while let Some((length, next)) = line_end(rest, true).filter(|(_, next)| *next > 0) {
            let line = rest.get(..length).unwrap_or_default();
            if memchr_iter(self.grammar.delimiter, line).count() + 1 != self.grammar.cells {
                return false;
            }
            rest = rest.get(next..).unwrap_or_default();
        }
        true
    }

    fn cell_from_here(&mut self) -> Step {
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| self.is_space(*byte))
        {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'"') {
            self.at += 1;
            self.quoted()
        } else {
            self.unquoted()
        }
    }

    fn unquoted(&mut self) -> Step {
        let rest = &self.bytes[self.at..];
        let stop = memchr3(self.grammar.delimiter, b'\n', b'\r', rest);
        let text = &rest[..stop.unwrap_or(rest.len())];
        if memchr(b'"', text).is_some() {
            if self.grammar.strict {
                return Step::Stop(self.broken(Broken::Loose { cell: self.cell }));
            }
            self.loose.get_or_insert(self.cell);
        }
        match stop {
            Some(stop) if rest[stop] == self.grammar.delimiter => {
                self.at += stop + 1;
                Step::NextCell
            }
            Some(stop) => {
                self.at += stop;
                Step::RowEnds
            }
            None => self.at_the_end(),
        }
    }

    /// From behind the opening quote.
    fn quoted(&mut self) -> Step {
        loop {
            let rest = &self.bytes[self.at..];
            let Some(quote) = memchr(b'"', rest) else {
                if !self.last {
                    return Step::Stop(Found::Unfinished);
                }
                self.at = self.bytes.len();
                return Step::Stop(self.broken(Broken::Unclosed { cell: self.cell }));
            };
            self.count_lines(quote);
            self.at += quote + 1;
            if self.bytes.get(self.at) == Some(&b'"') {
                self.at += 1;
            } else {
                return self.closed();
            }
        }
    }

    /// From behind the closing quote.
    fn closed(&mut self) -> Step {
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| self.is_space(*byte))
        {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(byte) if *byte == self.grammar.delimiter => {
                self.at += 1;
                Step::NextCell
            }
            Some(b'\n' | b'\r') => Step::RowEnds,
            Some(_) => Step::Stop(self.broken(Broken::AfterQuote { cell: self.cell })),
            None => self.at_the_end(),
        }
    }

    fn at_the_end(&mut self) -> Step {
        if self.last {
            self.at = self.bytes.len();
            Step::RowEnds
        } else {
            Step::Stop(Found::Unfinished)
        }
    }

    /// Counts the lines that end in the next `length` bytes, which stand in quotes.
    fn count_lines(&mut self, length: usize) {
        let mut from = self.at;
        let to = self.at + length;
        while from < to {
            match line_end(&self.bytes[from..to], true) {
                Some((line, next)) if next > line => {
                    self.lines += 1;
                    self.broad.get_or_insert(self.cell);
                    from += next;
                }
                _ => break,
            }
        }
    }

    fn broken(&self, why: Broken) -> Found {
        match line_end(self.bytes, self.last) {
            Some((length, next)) => Found::Broken {
                why,
                length,
                next,
                seen: self.at,
            },
            None => Found::Unfinished,
        }
    }

    fn is_space(&self, byte: u8) -> bool {
        byte == b' ' || (byte == b'\t' && self.grammar.delimiter != b'\t')
    }
}

/// Whether a row says nothing: delimiters, spaces and empty quotes only.
pub(crate) fn is_blank(row: &[u8], delimiter: u8) -> bool {
    row.iter()
        .all(|byte| *byte == delimiter || matches!(byte, b' ' | b'\t' | b'"'))
}

/// The cells of a row, in order, without the spaces around them. At least one.
pub(crate) struct Cells<'a> {
    rest: Option<&'a str>,
    delimiter: u8,
}

impl<'a> Cells<'a> {
    pub(crate) fn of(row: &'a str, delimiter: u8) -> Cells<'a> {
        Cells {
            rest: Some(row),
            delimiter,
        }
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        let row = self.rest?;
        let text = match row.as_bytes().first() {
            Some(b' ' | b'\t') => {
                let spaces: &[char] = if self.delimiter == b'\t' {
                    &[' ']
                } else {
                    &[' ', '\t']
                };
                row.trim_start_matches(spaces)
            }
            _ => row,
        };
        // One byte, not a prefix: asked of every cell of every row.
        if text.as_bytes().first() == Some(&b'"')
            && let Some(quoted) = text.get(1..)
        {
            let (cell, rest) = quoted_cell(quoted);
            self.rest =
                memchr(self.delimiter, rest.as_bytes()).and_then(|place| rest.get(place + 1..));
            return Some(cell);
        }
        match memchr(self.delimiter, text.as_bytes()) {
            Some(place) => {
                self.rest = text.get(place + 1..);
                Some(Cow::Borrowed(trimmed(text.get(..place).unwrap_or(text))))
            }
            None => {
                self.rest = None;
                Some(Cow::Borrowed(trimmed(text)))
            }
        }
    }
}

/// Without the spaces around it; nearly no cell has any, and that is seen by two bytes.
fn trimmed(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(b'!'..=b'~'), Some(b'!'..=b'~')) => cell,
        _ => cell.trim(),
    }
}

/// The text up to the closing quote, and what stands behind it.
fn quoted_cell(text: &str) -> (Cow<'_, str>, &str) {
    let mut from = 0;
    let mut doubled = false;
    while let Some(place) = text
        .get(from..)
        .and_then(|rest| memchr(b'"', rest.as_bytes()))
    {
        let quote = from + place;
        if text.as_bytes().get(quote + 1) == Some(&b'"') {
            doubled = true;
            from = quote + 2;
            continue;
        }
        let cell = text.get(..quote).unwrap_or(text).trim();
        let rest = text.get(quote + 1..).unwrap_or("");
        return (undoubled(cell, doubled), rest);
    }
    (undoubled(text.trim(), doubled), "")
}

fn undoubled(cell: &str, doubled: bool) -> Cow<'_, str> {
    if doubled {
        Cow::Owned(cell.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Grammar = Grammar {
        delimiter: b',',
        cells: 0,
        strict: false,
    };

    fn cells(row: &str) -> Vec<String> {
        Cells::of(row, b',').map(Cow::into_owned).collect()
    }

    #[test]
    fn quotes_are_taken_off_and_doubled_ones_halved() {
        assert_eq!(
            cells(r#"1, "valve, 5"" bore" ,IR"#),
            ["1", "valve, 5\" bore", "IR"]
        );
        assert_eq!(cells(r#"5" pipe,"",x"#), ["5\" pipe", "", "x"]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("a,"), ["a", ""]);
        assert_eq!(cells(r#""a","#), ["a", ""]);
    }

    #[test]
    fn a_row_ends_at_any_line_end_outside_quotes() {
        for (text, length, next, lines) in [
            ("a,b\nc", 3, 4, 1),
            ("a,b\r\nc", 3, 5, 1),
            ("a,b\rc", 3, 4, 1),
            ("\"a\r\nb\",c\n", 8, 9, 2),
            ("\"a\rb\nc\"\n", 7, 8, 3),
            ("a", 1, 1, 1),
        ] {
            assert_eq!(
                find(text.as_bytes(), true, COMMA),
                Found::Row {
                    length,
                    next,
                    lines
                },
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_row_that_is_not_all_there_waits() {
        for text in [
            "a,b", "a,b\r", "\"a", "\"a\"", "\"a\" ", "\"a\"\"", "\"a\"\r",
        ] {
            assert_eq!(
                find(text.as_bytes(), false, COMMA),
                Found::Unfinished,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_its_own_line_only() {
        let found = find(b"1,\"valve,IR\n2,pump,IQ\n", true, COMMA);
        let why = Broken::Unclosed { cell: 1 };
        assert_eq!(
            found,
            Found::Broken {
                why,
                length: 11,
                next: 12,
                seen: 22
            }
        );
        let found = find(b"1,\"valve,IR\n2,\"pump\",IQ\n", true, COMMA);
        let why = Broken::AfterQuote { cell: 1 };
        assert_eq!(
            found,
            Found::Broken {
                why,
                length: 11,
                next: 12,
                seen: 15
            }
        );
    }
}
