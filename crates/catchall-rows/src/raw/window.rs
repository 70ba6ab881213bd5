//! A window on a stream: the bytes from the record being read onwards, and no others.
//!
//! Both text readers (rows, elements) and the sheet reader look for the end of a record here. The window
//! grows while a record goes on, up to the limit that its owner keeps, and slides when the record is
//! taken: memory stays flat whatever the length of the file.

use std::io::Read;

use super::encoding::Stream;

/// Room for this much is asked for at once; small enough to stay in the processor's cache.
const CHUNK: usize = 128 * 1024;

/// The part of a stream that is in memory.
pub(crate) struct Window {
    from: Stream,
    held: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes that have left the window.
    gone: u64,
    finished: bool,
    failed: Option<String>,
}

/// What a decision on a record may look at: then it is the same in whatever pieces the stream comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) bytes: &'a [u8],
    /// Nothing follows.
    pub(crate) last: bool,
    /// There is more than a record may have: waiting for the rest is no use.
    pub(crate) full: bool,
}

impl Window {
    pub(crate) fn new(from: Stream) -> Window {
        Window {
            from,
            held: Vec::new(),
            start: 0,
            end: 0,
            gone: 0,
            finished: false,
            failed: None,
        }
    }

    /// What is in memory.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.held[self.start..self.end]
    }

    /// As much of it as a record of at most `record` bytes and its line end need.
    pub(crate) fn scope(&self, record: usize) -> Scope<'_> {
        let all = self.bytes();
        let bytes = all.get(..record.saturating_add(2)).unwrap_or(all);
        let full = bytes.len() < all.len();
        Scope {
            bytes,
            last: self.finished() && !full,
            full,
        }
    }

    /// Whether nothing follows what is in memory, since the stream has come to its end. Not when it has
    /// failed: half a record is no record.
    pub(crate) fn finished(&self) -> bool {
        self.finished && self.failed.is_none()
    }

    /// Place of the window's first byte in the stream, from 0.
    pub(crate) fn offset(&self) -> u64 {
        self.gone
    }

    /// Why the stream stopped before its end, said once.
    pub(crate) fn failure(&mut self) -> Option<String> {
        self.failed.take()
    }

    /// Lets go of the first `count` bytes.
    pub(crate) fn pass(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.gone += count as u64;
    }

    /// Reads on; `false` when nothing came, because the stream has ended. Of a record that is already
    /// long it reads half as much again, however small the pieces in which the stream comes.
    pub(crate) fn grow(&mut self) -> bool {
        if self.finished {
            return false;
        }
        if self.start > 0 {
            self.held.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        // As much again as is held: a record that spans many reads is looked at a bounded number of times.
        let room = self.end.max(CHUNK);
        if self.held.len() < self.end + room {
            self.held.resize(self.end + room, 0);
        } else if self.held.len() > 8 * (self.end + room) {
            self.held.truncate(self.end + room);
            self.held.shrink_to_fit();
        }
        let wanted = self.end + self.end / 2;
        let before = self.end;
        loop {
            match self.from.read(&mut self.held[self.end..]) {
                Ok(0) => {
                    self.finished = true;
                    return self.end > before;
                }
                Ok(count) => {
                    self.end += count.min(self.held.len() - self.end);
                    if self.end >= wanted || self.end == self.held.len() {
                        return true;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = Some(error.to_string());
                    self.finished = true;
                    return self.end > before;
                }
            }
        }
    }
}
