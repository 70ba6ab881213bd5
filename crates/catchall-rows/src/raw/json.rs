//! JSON as a sequence of records: one a line, or the elements of a list, or one object after another.
//!
//! A line that is broken costs that line. In a list, an element with a broken outline costs itself and
//! what stands beside it on its line; reading goes on at the next line that begins as the element's own
//! line did (same indent, then `{`), which is where the next element stands in every file that a program
//! wrote over several lines. Commas between elements are not insisted upon: nothing could be misread.

use std::sync::Arc;

use catchall_model::Reject;
use memchr::{memchr, memmem};

use super::elements::{Element, Outline, Skip, find};
use super::rows::line_end;
use super::window::{Scope, Window};
use super::{Limits, Raw, RawRecord};
use crate::complaint::{Complaint, Fault, Record, show};

/// How the records of a file lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One a line.
    Lines,
    /// In a list.
    List,
    /// One after another, over as many lines as each likes.
    Loose,
}

/// Records of a JSON file.
pub(crate) struct JsonRecords {
    window: Window,
    file: Arc<str>,
    limits: Limits,
    layout: Layout,
    row: u64,
    line: u64,
    /// Spaces before the first element on its line; where they stand again, an element begins.
    indent: Vec<u8>,
    /// Bytes passed since the last line end, as long as they are spaces.
    margin: Option<Vec<u8>>,
    opened: bool,
    ended: bool,
}

impl JsonRecords {
    pub(crate) fn new(
        file: Arc<str>,
        window: Window,
        limits: Limits,
        layout: Layout,
    ) -> JsonRecords {
        JsonRecords {
            window,
            file,
            limits,
            layout,
            row: 0,
            line: 1,
            indent: Vec::new(),
            margin: Some(Vec::new()),
            opened: layout != Layout::List,
            ended: false,
        }
    }

    pub(crate) fn next_raw(&mut self) -> Option<Result<Raw, Reject>> {
        while !self.ended {
            let next = match self.layout {
                Layout::Lines => self.line_record(),
                Layout::List | Layout::Loose => self.element(),
            };
            if next.is_some() {
                return next;
            }
        }
        None
    }

    /// One step by lines; `None` when there is nothing to hand out yet, or no more.
    fn line_record(&mut self) -> Option<Result<Raw, Reject>> {
        let Scope { bytes, last, full } = self.window.scope(self.limits.record);
        match line_end(bytes, last) {
            Some((_, 0)) => {
                self.ended = true;
                None
            }
            Some((length, next)) => {
                let line = bytes.get(..length).unwrap_or_default();
                let raw = if line.iter().all(u8::is_ascii_whitespace) {
                    None
                } else if length > self.limits.record {
                    self.row += 1;
                    Some(Err(self.reject(super::too_long(&self.limits))))
                } else {
                    let record = RawRecord::Json(line.to_vec());
                    self.row += 1;
                    Some(Ok(self.raw(record)))
                };
                self.window.pass(next);
                self.line += 1;
                raw
            }
            None if full => {
                self.row += 1;
                let reject = self.reject(super::too_long(&self.limits));
                self.skip_line();
                Some(Err(reject))
            }
            None => self.grow(),
        }
    }

    /// One step by elements.
    fn element(&mut self) -> Option<Result<Raw, Reject>> {
        if self.skip_spaces() {
            return self.grow_or_end();
        }
        let first = self.window.bytes().first().copied();
        match (first, self.layout) {
            (Some(b'['), Layout::List) if !self.opened => {
                self.opened = true;
                self.pass_in_line(1);
                return None;
            }
            (Some(b','), _) => {
                self.pass_in_line(1);
                return None;
            }
            (Some(b']'), Layout::List) => {
                self.pass_in_line(1);
                return self.behind_the_list();
            }
            _ => {}
        }
        let Scope { bytes, last, full } = self.window.scope(self.limits.record);
        match find(bytes, last) {
            Element::Value(length) if length > self.limits.record => Some(Err(self.too_long())),
            Element::Value(length) => {
                let record = RawRecord::Json(bytes.get(..length).unwrap_or_default().to_vec());
                self.note_indent();
                self.row += 1;
                let raw = self.raw(record);
                self.pass_lines(length);
                Some(Ok(raw))
            }
            Element::Broken(why @ Outline::Bracket(_), 0) => {
                self.row += 1;
                let reject = self.reject(Fault::new(
                    "a closing bracket stands here that closes nothing",
                    self.cure(why),
                ));
                self.pass_in_line(1);
                Some(Err(reject))
            }
            Element::Broken(why, seen) => {
                // No more than was looked at: what else is in memory depends on how the bytes came.
                let bytes = bytes.get(..seen).unwrap_or(bytes);
                let length = line_end(bytes, true).map_or(bytes.len(), |(length, _)| length);
                let shown = show(
                    &String::from_utf8_lossy(bytes.get(..length.min(400)).unwrap_or_default()),
                    80,
                );
                self.row += 1;
                let reject = self.reject(Fault::new(self.describe(why, &shown), self.cure(why)));
                self.note_indent();
                self.resume();
                Some(Err(reject))
            }
            Element::Unfinished if full => Some(Err(self.too_long())),
            Element::Unfinished => self.grow(),
        }
    }

    fn describe(&self, why: Outline, shown: &str) -> String {
        match why {
            Outline::String => format!(
                "a text goes over the end of its line; the record begins `{shown}`, and the rest of that line was not read"
            ),
            Outline::Bracket(close) => format!(
                "`{}` closes another bracket than was opened; the record begins `{shown}`, and the rest of that line \
                 was not read",
                char::from(close)
            ),
            Outline::End => format!("the file ends inside this record, which begins `{shown}`"),
        }
    }

    fn cure(&self, why: Outline) -> &'static str {
        match why {
            Outline::String => "close the text with `\"`; a line break inside it is written `\\n`",
            Outline::Bracket(_) => "give every `{` its `}` and every `[` its `]`",
            Outline::End => {
                "check that the file was copied to its end, and that every bracket is closed"
            }
        }
    }

    /// Behind the list there may be spaces, and nothing else.
    fn behind_the_list(&mut self) -> Option<Result<Raw, Reject>> {
        self.ended = true;
        loop {
            if !self.skip_spaces() {
                self.row += 1;
                return Some(Err(self.reject(Fault::new(
                    "something stands behind the end of the list; it was not read",
                    "put every record into one list, or write one record a line without a list (JSON Lines)",
                ))));
            }
            if !self.window.grow() {
                return self.failure();
            }
        }
    }

    /// Steps over a record beyond the limit: to the next line that begins as an element's line does, since a
    /// bracket may be missing; to its end where there is no such line in sight.
    fn too_long(&mut self) -> Reject {
        self.row += 1;
        let reject = self.reject(super::too_long(&self.limits));
        self.note_indent();
        let next = [b"\n", &self.indent[..], b"{"].concat();
        if memmem::find(self.window.scope(self.limits.record).bytes, &next).is_some() {
            self.resume();
            return reject;
        }
        let mut skip = Skip::default();
        loop {
            let held = self.window.bytes().len();
            match skip.over(self.window.bytes()) {
                Some(end) => {
                    self.pass_lines(end);
                    break;
                }
                None => self.pass_lines(held),
            }
            if !self.window.grow() {
                break;
            }
        }
        self.margin = None;
        reject
    }

    /// Goes on at the next line that begins as an element's line does.
    fn resume(&mut self) {
        loop {
            self.skip_line();
            loop {
                let bytes = self.window.bytes();
                let wanted = self.indent.len() + 1;
                if bytes.len() >= wanted || !self.window.grow() {
                    break;
                }
            }
            let bytes = self.window.bytes();
            let begins = bytes
                .strip_prefix(&self.indent[..])
                .is_some_and(|rest| rest.first() == Some(&b'{'));
            let closes = self.layout == Layout::List && bytes.first() == Some(&b']');
            if begins || closes || bytes.is_empty() {
                return;
            }
        }
    }

    /// Passes the rest of the line.
    fn skip_line(&mut self) {
        loop {
            match memchr(b'\n', self.window.bytes()) {
                Some(place) => {
                    self.window.pass(place + 1);
                    break;
                }
                None => {
                    let held = self.window.bytes().len();
                    self.window.pass(held);
                    if !self.window.grow() {
                        break;
                    }
                }
            }
        }
        self.line += 1;
        self.margin = Some(Vec::new());
    }

    /// Passes spaces; whether nothing else is in memory.
    fn skip_spaces(&mut self) -> bool {
        let bytes = self.window.bytes();
        let spaces = bytes
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            .unwrap_or(bytes.len());
        self.pass_lines(spaces);
        self.window.bytes().is_empty()
    }

    /// Passes bytes, counting lines and keeping the margin.
    fn pass_lines(&mut self, count: usize) {
        let bytes = self.window.bytes().get(..count).unwrap_or_default();
        let breaks = memchr::memchr_iter(b'\n', bytes);
        let mut lines = 0;
        let mut tail = bytes;
        for place in breaks {
            lines += 1;
            tail = bytes.get(place + 1..).unwrap_or_default();
        }
        let tail_is_space =
            tail.iter().all(|byte| matches!(byte, b' ' | b'\t')) && tail.len() < 256;
        let tail = tail_is_space.then(|| tail.to_vec());
        if lines > 0 {
            self.margin = tail;
        } else if count > 0 {
            self.margin = match (self.margin.take(), tail) {
                (Some(mut margin), Some(tail)) if margin.len() < 256 => {
                    margin.extend(tail);
                    Some(margin)
                }
                _ => None,
            };
        }
        self.line += lines;
        self.window.pass(count);
    }

    fn pass_in_line(&mut self, count: usize) {
        self.margin = None;
        self.window.pass(count);
    }

    /// Remembers how far in the first element's line begins.
    fn note_indent(&mut self) {
        if self.row <= 1
            && let Some(margin) = &self.margin
        {
            self.indent.clone_from(margin);
        }
    }

    fn grow(&mut self) -> Option<Result<Raw, Reject>> {
        if self.window.grow() {
            None
        } else {
            self.failure()
        }
    }

    fn grow_or_end(&mut self) -> Option<Result<Raw, Reject>> {
        if self.window.grow() {
            return None;
        }
        if let Some(failed) = self.failure() {
            return Some(failed);
        }
        self.ended = true;
        if self.layout == Layout::List {
            self.row += 1;
            return Some(Err(self.reject(Fault::new(
                "the list is not closed; what stood behind this place is lost",
                "check that the file was copied to its end, and close the list with `]`",
            ))));
        }
        None
    }

    fn failure(&mut self) -> Option<Result<Raw, Reject>> {
        let why = self.window.failure()?;
        self.ended = true;
        self.row += 1;
        Some(Err(self.reject(super::stopped(&why))))
    }

    fn raw(&self, record: RawRecord) -> Raw {
        Raw {
            row: self.row,
            line: Some(self.line),
            record,
        }
    }

    fn reject(&self, fault: Fault) -> Reject {
        let complaint: Complaint = fault.of_all();
        let record = Record {
            file: &self.file,
            row: self.row,
            line: Some(self.line),
        };
        record.reject(None, complaint)
    }
}
